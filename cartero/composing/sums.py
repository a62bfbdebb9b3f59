"""What several documents come to. Currencies are never added to each other; a credit note lowers what others ask."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from cartero.composing.letter import LetterDocument
from cartero.invoices import kinds
from cartero.platform import formats


def lowering(documents: Sequence[LetterDocument]) -> bool:
    """Credit notes stand beside documents that ask for money, so they are shown and summed as less."""
    summed = counted(documents)
    notes = sum(document.kind in kinds.LOWERING for document in summed)
    return 0 < notes < len(summed)


def amount(document: LetterDocument, *, lowers: bool) -> Decimal:
    """The total of `document`, negative for a credit note where these lower."""
    return -document.total if lowers and document.kind in kinds.LOWERING else document.total


def counted(documents: Sequence[LetterDocument]) -> Sequence[LetterDocument]:
    """Those that are summed: a certificate or a receipt beside invoices says nothing of what these come to."""
    asking = [document for document in documents if document.kind not in kinds.INFORMING]
    return asking or [document for document in documents if document.total]


def totals(documents: Sequence[LetterDocument]) -> dict[str, Decimal]:
    """The total by currency, in the order of the documents."""
    lowers = lowering(documents)
    found: dict[str, Decimal] = {}
    for document in counted(documents):
        found[document.currency] = found.get(document.currency, Decimal()) + amount(document, lowers=lowers)
    return found


def balances(documents: Sequence[LetterDocument]) -> dict[str, Decimal]:
    """What is owed by currency; only where the balance of all that asks for money in it is known.

    A credit note lowers it by what is left of it, and by nothing where that is unknown: it has been used then.
    """
    found: dict[str, Decimal] = {}
    unknown = set()
    for document in documents:
        if document.kind in kinds.INFORMING:
            continue
        is_note = document.kind in kinds.LOWERING
        if document.balance is not None:
            change = -document.balance if is_note else document.balance
            found[document.currency] = found.get(document.currency, Decimal()) + change
        elif not is_note:
            unknown.add(document.currency)
    return {currency: balance for currency, balance in found.items() if currency not in unknown}


def written(sums: dict[str, Decimal]) -> str:
    """`$ 1.250.000,00 y USD 20,00`."""
    return listed([formats.money(value, currency) for currency, value in sums.items()])


def listed(items: Sequence[str], most: int = 5) -> str:
    """`FE1, FE2 y FE3`; of more than `most`, the first and how many more: `FE1, FE2, FE3, FE4 y 9 más`."""
    if len(items) > most:
        shown = ", ".join(items[: most - 1])
        return _("%(items)s y %(count)d más") % {"items": shown, "count": len(items) - most + 1}
    if len(items) < 2:
        return "".join(items)
    return _("%(items)s y %(last)s") % {"items": ", ".join(items[:-1]), "last": items[-1]}
