"""What each comodín becomes in one mail."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from cartero.composing import sums
from cartero.composing.letter import LetterDocument, Recipient, Sender
from cartero.invoices import kinds
from cartero.platform import formats


def values_for(
    documents: Sequence[LetterDocument], *, recipient: Recipient, sender: Sender, period: str = ""
) -> dict[str, str]:
    """Every comodín of `fields.FIELDS` with its text; empty where there is nothing to say. `period` is the mailing's.

    Where several documents share the mail, `factura.*` speaks of them together: numbers listed, totals by currency, the
    earliest due date. A balance is given only where all of a currency are known.
    """
    total = sums.written(sums.totals(documents))
    return {
        "tercero.nombre": recipient.name,
        "tercero.nit": recipient.tax_id,
        "tercero.ciudad": recipient.city,
        "factura.numero": sums.listed([document.number for document in documents]),
        "factura.tipo": _kind(documents),
        "factura.total": total,
        "factura.saldo": sums.written(sums.balances(documents)),
        "factura.fecha": _issued(documents),
        "factura.vencimiento": _due(documents),
        "factura.periodo": sums.listed(_distinct(documents)),
        "documentos.cantidad": formats.number(len(documents)),
        "documentos.total": total,
        "empresa.nombre": sender.trade_name or sender.name,
        "empresa.nit": sender.tax_id,
        "empresa.telefono": sender.phone,
        "empresa.correo": sender.reply_to or sender.from_address,
        "envio.periodo": period,
    }


def _kind(documents: Sequence[LetterDocument]) -> str:
    if len(documents) == 1:
        return documents[0].kind_label
    found = {document.kind for document in documents}
    return str(kinds.of(found.pop()).plural if len(found) == 1 else _("Documentos"))


def _issued(documents: Sequence[LetterDocument]) -> str:
    days = sorted({document.issue_date for document in documents})
    if len(days) > 1:
        return _("%(first)s a %(last)s") % {"first": formats.date_long(days[0]), "last": formats.date_long(days[-1])}
    return formats.date_long(days[0]) if days else ""


def _due(documents: Sequence[LetterDocument]) -> str:
    days = [document.due_date for document in documents if document.due_date]
    return formats.date_long(min(days)) if days else ""


def _distinct(documents: Sequence[LetterDocument]) -> list[str]:
    return list(dict.fromkeys(document.period for document in documents if document.period))
