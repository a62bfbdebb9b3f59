"""What a mail says beside the clerk's message, once for HTML and plain text alike, so that the two cannot disagree."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cartero.composing import headers, sums
from cartero.composing.letter import Frame, Letter, LetterDocument
from cartero.composing.slots import Values
from cartero.invoices import kinds
from cartero.invoices.data import Document
from cartero.platform import formats


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The sentences letters are made of, in the language that was active when the mailing was prepared.

    Looked up once: a letter may be composed in a thread that has no language, and a look-up costs 4 microseconds.
    """

    until: str
    due: str
    several: str
    balance: str
    balance_due: str
    total: str
    total_due: str
    button: str
    button_invoice: str
    button_several: str
    attachment: str


def phrases(frame: Frame) -> Phrases:
    """The sentences of `frame`'s letters."""
    return Phrases(
        until=_("%(total)s, vence el %(due)s."),
        due=_("%(kind)s, vence el %(due)s"),
        several=_("%(count)d documentos: %(total)s."),
        balance=_("Saldo: %(amount)s"),
        balance_due=_("Saldo por pagar"),
        total=_("Total"),
        total_due=_("Total a pagar"),
        button=_("Ver el documento"),
        button_invoice=_("Ver y pagar la factura") if frame.payable else _("Ver la factura"),
        button_several=_("Ver y pagar los documentos") if frame.payable else _("Ver los documentos"),
        attachment=_("Adjunto: %(name)s, %(size)s"),
    )


def of_frame(frame: Frame) -> dict[str, str]:
    """The texts all mails of a mailing share, each on one line. An empty one drops its section."""
    return {name: headers.tidy(text) for name, text in _shared(frame).items()}


def _shared(frame: Frame) -> dict[str, str]:
    sender = frame.sender
    reply_to = sender.reply_to or sender.from_address
    if frame.legal:
        reply = _("Acuse de recibo, aceptación o reclamo: responda a este correo o escriba a %(address)s.")
    else:
        reply = _("Si tiene preguntas, responda a este correo o escriba a %(address)s.")
    place = ", ".join(part for part in (sender.address, sender.city) if part)
    return {
        "company": sender.trade_name or sender.name,
        "issuer": " · ".join(part for part in (sender.name, f"NIT {sender.tax_id}", place, sender.phone) if part),
        "reply": reply % {"address": reply_to},
        "column_document": _("Documento"),
        "column_total": _("Total"),
        "not_mine": _("Si este correo no es para usted, avísenos aquí"),
        "unsubscribe_words": _("Si no quiere recibir recordatorios, dese de baja aquí"),
        "unsubscribe": "yes" if frame.unsubscribe else "",
    }


def of_letter(words: Phrases, letter: Letter) -> Values:
    """The texts of one mail: rows, totals, links, attachments. Raises BadLink."""
    documents = letter.documents
    lowers = sums.lowering(documents)
    return {
        "preheader": _preheader(words, documents),
        "documents": [_row(words, document, lowers=lowers) for document in documents],
        "totals": _totals(words, documents),
        "view_url": headers.link(letter.view_url),
        "button": _button(words, documents),
        "attachments": [{"attachment": _attachment(words, document)} for document in letter.attachments],
        "not_mine_url": headers.link(letter.not_mine_url),
        "unsubscribe_url": headers.link(letter.unsubscribe_url),
        "pixel_url": headers.link(letter.pixel_url),
    }


def _row(words: Phrases, document: LetterDocument, *, lowers: bool) -> dict[str, str]:
    return {
        "number": document.number,
        "about": _about(words, document),
        "total": _amount(document, lowers=lowers),
        "balance": _owed(words, document),
    }


def _amount(document: LetterDocument, *, lowers: bool) -> str:
    """Nothing of a certificate, which is not about money."""
    if not document.total and document.kind in kinds.INFORMING:
        return ""
    return formats.money(sums.amount(document, lowers=lowers), document.currency)


def _about(words: Phrases, document: LetterDocument) -> str:
    """What it is and until when it is to be paid; only what asks for money falls due."""
    if not document.due_date or document.kind not in kinds.ASKING:
        return document.kind_label
    return words.due % {"kind": document.kind_label, "due": formats.date_short(document.due_date)}


def _owed(words: Phrases, document: LetterDocument) -> str:
    """The balance, where it is known and tells something that the total does not."""
    if document.balance is None or document.balance == document.total or document.kind not in kinds.ASKING:
        return ""
    return words.balance % {"amount": formats.money(document.balance, document.currency)}


def _totals(words: Phrases, documents: Sequence[LetterDocument]) -> list[dict[str, str]]:
    """A line a currency, and where not all of it is owed any more, one for the balance."""
    asked = all(document.kind in kinds.ASKING for document in sums.counted(documents))
    found = sums.totals(documents)
    owed = {currency: owed for currency, owed in sums.balances(documents).items() if owed != found[currency]}
    label = words.total_due if asked and not owed else words.total
    lines = [{"label": label, "amount": formats.money(value, currency)} for currency, value in found.items()]
    lines += [
        {"label": words.balance_due, "amount": formats.money(value, currency)} for currency, value in owed.items()
    ]
    return lines


def _preheader(words: Phrases, documents: Sequence[LetterDocument]) -> str:
    """What a list of mails shows beside the subject: the amount, and until when."""
    total = sums.written(sums.totals(documents))
    if not total:
        return sums.listed([document.kind_label for document in documents])
    if len(documents) > 1:
        return words.several % {"count": len(documents), "total": total}
    due = documents[0].due_date if documents else None
    return words.until % {"total": total, "due": formats.date_long(due)} if due else total


def _button(words: Phrases, documents: Sequence[LetterDocument]) -> str:
    if len(documents) > 1:
        return words.button_several
    return words.button_invoice if documents and documents[0].kind == kinds.USUAL else words.button


def _attachment(words: Phrases, document: Document) -> str:
    return words.attachment % {
        "name": headers.file_name(document.name),
        "size": formats.size(len(document.content)),
    }
