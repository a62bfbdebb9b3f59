"""What `invoice.typ` prints, as text: every amount, date and word is settled here, the template only places them."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate

from cartero.documents import columns, dates
from cartero.documents.countries.country import Country, Paper
from cartero.documents.glyphs import breakable, drawable
from cartero.documents.look import Look
from cartero.invoices import kinds
from cartero.invoices.data import AddressData, InvoiceData, PartyData
from cartero.platform import formats

Json = dict[str, object]
Row = tuple[str, str]

DUE = "Vencimiento"
LONGEST_IN_LINE = 48
LONGEST_IN_TOTALS = 24
LONGEST_NUMBER = 14
NUMBER_SIZE = 15.75
BOTTOM, BOTTOM_WITH_QR = 22, 53


def sheet(data: InvoiceData, look: Look, country: Country, paper: Paper) -> Json:
    """The whole of one document. Amounts are those of the document as they stand; only sums of lines are reckoned."""
    number = drawable(data.number)
    columns_shown = columns.shown(data, country)
    issuer = drawable(data.supplier.name or look.legal_name)
    return {
        "meta": meta(data, paper, issuer),
        "title": drawable(paper.title),
        "number": breakable(number, LONGEST_NUMBER * 2),
        "number_size": NUMBER_SIZE if len(number) <= LONGEST_NUMBER else NUMBER_SIZE / 2,
        "subtitle": _lines(paper.subtitle),
        "running": breakable(f"{issuer} · {drawable(paper.title)} {number}", LONGEST_IN_LINE),
        "color": look.color,
        "on_color": readable_on(look.color),
        "initial": (drawable(look.trade_name) or issuer)[:1].upper(),
        "issuer": {"name": breakable(issuer, LONGEST_IN_LINE), "lines": _issuer_lines(data.supplier, look, country)},
        "buyer": {
            "label": paper.buyer,
            "name": breakable(drawable(data.customer.name), LONGEST_IN_LINE),
            "lines": _lines(_party_lines(data.customer, country)),
        },
        "facts": [[name, shown, name == DUE] for name, value in _facts(data, paper) for shown in _lines([value])],
        "columns": [{"name": column.name, "width": column.width, "right": column.right} for column in columns_shown],
        "rows": list(zip(*(column.cells for column in columns_shown), strict=True)),
        "carried": [formats.money(total, data.currency) for total in accumulate(line.amount for line in data.lines)],
        "notes": _notes(data),
        "totals": _rows(_totals(data, country), data.currency),
        "grand": list(_grand(data)),
        "after": _rows(_after(data), data.currency),
        "uuid_label": paper.uuid_label,
        "uuid": drawable(data.uuid),
        "fiscal": _lines(paper.fiscal),
        "bottom": BOTTOM_WITH_QR if paper.qr else BOTTOM,
    }


def meta(data: InvoiceData, paper: Paper, issuer: str) -> Json:
    """What the PDF says of itself; `enclosing` finds a document's number and CUFE there."""
    title = drawable(f"{paper.title} {data.number}")
    return {"title": title, "author": issuer, "description": drawable(f"{title} {data.uuid}")}


def _issuer_lines(supplier: PartyData, look: Look, country: Country) -> list[str]:
    """As the document has it, and the company's own data where it is silent."""
    address = _address(supplier.address) or ", ".join(filter(None, (look.address, look.city)))
    email = supplier.emails[0] if supplier.emails else look.email
    contact = " · ".join(filter(None, (email, supplier.phone or look.phone)))
    trade_name = supplier.trade_name or look.trade_name
    return _lines((trade_name if trade_name != supplier.name else "", country.identity(supplier), address, contact))


def _party_lines(party: PartyData, country: Country) -> Iterable[str]:
    contact = " · ".join(filter(None, (*party.emails[:1], party.phone)))
    trade_name = party.trade_name if party.trade_name != party.name else ""
    return trade_name, country.identity(party), _address(party.address), contact


def _address(address: AddressData) -> str:
    return ", ".join(filter(None, (address.street, address.city, address.region)))


def _facts(data: InvoiceData, paper: Paper) -> Iterable[Row]:
    issued = dates.long(data.issue_date)
    if data.issue_time:
        issued = f"{issued}, {formats.clock(data.issue_time, seconds=True)}"
    yield "Fecha de generación" if data.uuid else "Fecha", issued
    yield DUE, dates.long(data.due_date) if data.due_date else ""
    yield from paper.facts
    if data.period_start and data.period_end:
        yield "Período", f"{dates.short(data.period_start)} a {dates.short(data.period_end)}"
    yield "Orden de compra", data.order_reference
    if data.correction:
        yield "Corrige a" if kinds.of(data.kind).is_note else "Se refiere a", data.correction.number
    if data.exchange_rate is not None:
        rate = formats.money(data.exchange_rate, most_decimals=4)
        day = f" ({dates.short(data.exchange_date)})" if data.exchange_date else ""
        yield "Tasa de cambio", f"1 {data.currency} = {rate}{day}"
    elif data.currency not in ("COP", ""):
        yield "Moneda", data.currency


def _notes(data: InvoiceData) -> list[tuple[str, list[str]]]:
    correction = data.correction
    told: list[tuple[str, list[str]]] = []
    if correction:
        reference = " ".join(filter(None, (correction.number, correction.uuid)))
        told += [("Documento al que se refiere", [reference]), ("Motivo de la nota", [correction.reason])]
    told.append(("Observaciones", [line for note in data.notes for line in note.splitlines()]))
    shown = [(heading, _lines(paragraphs)) for heading, paragraphs in told]
    return [(heading, paragraphs) for heading, paragraphs in shown if paragraphs]


def _totals(data: InvoiceData, country: Country) -> Iterable[tuple[str, Decimal]]:
    totals = data.totals
    if totals.line_extension is not None:
        yield "Subtotal", totals.line_extension
    yield from _without_tax(data, country)
    for tax in data.taxes:
        if tax.base and tax.percent is not None:
            yield f"Base {columns.tax_name(tax)}", tax.base
        if tax.amount or tax.base:
            yield columns.tax_name(tax), tax.amount
    if data.allowances:
        yield from ((columns.allowance_name(allowance), columns.signed(allowance)) for allowance in data.allowances)
    else:
        yield from _told(
            (("Descuentos", -totals.allowances if totals.allowances else None), ("Cargos", totals.charges))
        )
    yield from _told((("Anticipos", totals.prepaid), ("Redondeo", totals.rounding)))


def _without_tax(data: InvoiceData, country: Country) -> Iterable[tuple[str, Decimal]]:
    """Lines that bear no tax among others that do: what the law calls excluded."""
    if any(line.taxes for line in data.lines):
        untaxed = (line.amount for line in data.lines if not line.taxes)
        yield from _told([(country.untaxed_total, sum(untaxed, Decimal(0)))])


def _grand(data: InvoiceData) -> Row:
    return kinds.of(data.kind).grand, formats.money(data.totals.payable, data.currency)


def _after(data: InvoiceData) -> Iterable[tuple[str, Decimal]]:
    """Withholdings inform the buyer, and are no part of the total (annex 1.9, 11.9.1)."""
    for tax in data.withholdings:
        if tax.amount:
            yield f"Retención informada: {columns.tax_name(tax)}", tax.amount
    if data.balance is not None and data.balance != data.totals.payable:
        yield "Saldo por pagar", data.balance


def _told(rows: Iterable[tuple[str, Decimal | None]]) -> Iterable[tuple[str, Decimal]]:
    return ((name, amount) for name, amount in rows if amount)


def _rows(rows: Iterable[tuple[str, Decimal]], currency: str) -> list[Row]:
    return [(breakable(drawable(name), LONGEST_IN_TOTALS), formats.money(amount, currency)) for name, amount in rows]


def _lines(texts: Iterable[str]) -> list[str]:
    return [breakable(text, LONGEST_IN_LINE) for text in map(drawable, texts) if text]


def readable_on(color: str) -> str:
    """Black or white, whichever reads better on `#rrggbb` (WCAG's luminance, without its gamma)."""
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else "#ffffff"
