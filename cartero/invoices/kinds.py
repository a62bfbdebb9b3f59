"""What Cartero knows of each kind of document: one row a kind. A new kind is a new row here, and nothing elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.invoices.states import InvoiceKind

K = InvoiceKind


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A row of the table.

    `effect` is what it does to what its tercero owes: 1 asks for money, -1 lowers, 0 informs. `title` heads a paper
    that Cartero draws and that is not an electronic document, and `grand` stands before its total; without a title it
    is not drawn, and goes only with a PDF of its own. `words` are those of a sheet's column *Tipo*, as `headings.key`
    splits them; a kind without words does not come in sheets.
    """

    plural: Promise
    effect: int
    words: frozenset[str] = frozenset()
    title: str = ""
    grand: str = ""
    is_note: bool = False
    prefix: str = ""  # what its numbers begin with in a sheet that does not say what they are
    is_payment: bool = (
        False  # what it says was paid is in the balances already, so it asks for nothing and lowers nothing
    )
    by_party: bool = False  # a PDF of it finds its tercero by the NIT, or a document's number, in its name


# In the order in which a sheet's words are tried: "nota crédito de la factura" is a note.
KINDS: Mapping[InvoiceKind, Kind] = {
    K.CREDIT_NOTE: Kind(
        plural=_("Notas crédito"),
        effect=-1,
        words=frozenset({"credito", "credit", "nc", "91", "94", "notacredito"}),
        title="Nota crédito",
        grand="Total de la nota",
        is_note=True,
        prefix="NC",
    ),
    K.DEBIT_NOTE: Kind(
        plural=_("Notas débito"),
        effect=1,
        words=frozenset({"debito", "debit", "nd", "92", "93", "notadebito"}),
        title="Nota débito",
        grand="Total de la nota",
        is_note=True,
        prefix="ND",
    ),
    K.RECEIPT: Kind(
        plural=_("Recibos de caja"),
        effect=0,
        words=frozenset({"recibo", "receipt", "rc"}),
        title="Recibo de caja",
        grand="Total recibido",
        is_payment=True,
        by_party=True,
    ),
    K.STATEMENT: Kind(plural=_("Estados de cuenta"), effect=0, by_party=True),
    K.CERTIFICATE: Kind(plural=_("Certificados"), effect=0, by_party=True),
    K.EQUIVALENT: Kind(
        plural=_("Documentos equivalentes"),
        effect=1,
        words=frozenset({"pos", "tiquete", "equivalente", "20", "ticket", "deq"}),
        title="Documento",
        grand="Total a pagar",
    ),
    K.INVOICE: Kind(
        plural=_("Facturas de venta"),
        effect=1,
        words=frozenset(
            {"factura", "invoice", "fv", "fe", "fev", "fve", "venta", "01", "02", "03", "04", "1", "fc", "fac"}
        ),
        title="Factura",
        grand="Total a pagar",
    ),
    K.OTHER: Kind(plural=_("Otros documentos"), effect=0, by_party=True),
}
USUAL = K.INVOICE  # what a document is where nothing says so; lists and buttons need not name it
ASKING = tuple(kind for kind, row in KINDS.items() if row.effect > 0)
LOWERING = tuple(kind for kind, row in KINDS.items() if row.effect < 0)
INFORMING = tuple(kind for kind, row in KINDS.items() if row.effect == 0)
PAYING = tuple(kind for kind, row in KINDS.items() if row.is_payment)
BY_PREFIX = {row.prefix: kind for kind, row in KINDS.items() if row.prefix}
BY_PARTY = tuple(kind for kind, row in KINDS.items() if row.by_party)


def of(kind: str) -> Kind:
    return KINDS[InvoiceKind(kind)]


def read(words: frozenset[str]) -> InvoiceKind | None:
    """The kind that the words of a cell mean; None for what is none."""
    return next((kind for kind, row in KINDS.items() if words & row.words), None)
