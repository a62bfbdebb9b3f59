"""Documents as the files that a provider hands over: container and PDF, loose or in a ZIP."""

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from cartero.cli.demonstration import papers, ubl
from cartero.cli.demonstration.sales import Month, Sale
from cartero.documents import dian
from cartero.invoices.data import InvoiceData

_EPOCH = (2026, 1, 1, 0, 0, 0)


def files_of(month: Month) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a month, one document after the other. A third have no PDF: Cartero draws it."""
    for position, sale in enumerate(month.sales):
        if sale.is_electronic:
            yield from _files(sale, position).items()


def _files(sale: Sale, position: int) -> dict[str, bytes]:
    data = sale.data
    container = ubl.container(data)
    name = container_name(data)
    pdf = papers.print_out(data) if position % 3 else None
    if position % 2:
        inside = {name: container} | ({f"FES-{data.number}.pdf": pdf} if pdf else {})
        return {dian.zip_name(data, name): zipped(inside)}
    return {name: container} | ({f"{data.number}.pdf": pdf} if pdf else {})


def container_name(data: InvoiceData) -> str:
    """By the annex (6.5.7); notes and exports count from numbers of their own, as all share one consecutive."""
    counters = {"FEV": 0, "NC": 0x100000, "ND": 0x200000, "EXP": 0x300000}
    counter = counters[data.prefix] + (data.sequence or 0)
    return f"ad{data.supplier.tax_id:0>10}000{data.issue_date:%y}{counter:08x}.xml"


def zipped(files: Mapping[str, bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
