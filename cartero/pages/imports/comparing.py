"""PURE. Two versions of one document side by side: what each says, and where they differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cartero.invoices.data import InvoiceData, LineData
from cartero.platform import formats

MOST_LINES = 50


@dataclass(frozen=True, kw_only=True)
class Pair:
    label: str | Promise
    here: str
    came: str

    @property
    def differs(self) -> bool:
        return self.here != self.came


def pairs(here: InvoiceData, came: InvoiceData) -> list[Pair]:
    """Every fact that one of the two tells, in the order in which a document is read."""
    told = [
        Pair(label=label, here=ours, came=theirs)
        for (label, ours), (_l, theirs) in zip(_facts(here), _facts(came), strict=True)
    ]
    return [pair for pair in (*told, *_lines(here.lines, came.lines)) if pair.here or pair.came]


def _facts(data: InvoiceData) -> Iterator[tuple[str, str]]:
    customer, totals, currency = data.customer, data.totals, data.currency
    yield _("Fecha"), formats.date_short(data.issue_date)
    yield _("Vencimiento"), formats.date_short(data.due_date) if data.due_date else ""
    yield _("Tercero"), customer.name
    yield _("NIT o cédula"), formats.nit(customer.tax_id, customer.check_digit)
    yield _("Correos"), ", ".join(customer.emails)
    yield _("Teléfono"), customer.phone
    yield _("Dirección"), ", ".join(filter(None, (customer.address.street, customer.address.city)))
    yield _("Moneda"), currency
    yield _("Subtotal"), formats.money(totals.line_extension, currency) if totals.line_extension is not None else ""
    taxes = (f"{tax.name or tax.code} {formats.money(tax.amount, currency)}" for tax in data.taxes)
    yield _("Impuestos"), " · ".join(taxes)
    yield _("Total"), formats.money(totals.payable, currency)
    yield _("Saldo"), formats.money(data.balance, currency) if data.balance is not None else ""
    yield "CUFE", data.uuid
    yield _("Respuesta de la DIAN"), data.validation.code if data.validation else ""
    yield _("Observaciones"), " · ".join(data.notes)
    yield _("Renglones"), formats.number(len(data.lines)) if data.lines else ""


def _lines(here: Sequence[LineData], came: Sequence[LineData]) -> Iterator[Pair]:
    both = zip_longest(here[:MOST_LINES], came[:MOST_LINES])
    for position, (ours, theirs) in enumerate(both, 1):
        label = _("Renglón %(position)s") % {"position": position}
        yield Pair(label=label, here=_line(ours), came=_line(theirs))


def _line(line: LineData | None) -> str:
    if line is None:
        return ""
    quantity = f"{formats.number(line.quantity)} × " if line.quantity is not None else ""
    return f"{quantity}{line.description} · {formats.number(line.amount, 2)}"
