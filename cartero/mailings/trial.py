"""*Enviar email de prueba* and the preview: the same code, the same attachments, and no state touched."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.composing import mime
from cartero.documents import enclosing, naming
from cartero.documents.enclosing import Enclosure, Papers
from cartero.invoices.data import Document
from cartero.invoices.models import Invoice
from cartero.invoices.states import FileRole
from cartero.mailings import loading, making, registering
from cartero.mailings.errors import MailingError
from cartero.mailings.making import Unmade
from cartero.mailings.models import Delivery, Mailing
from cartero.platform import ids
from cartero.transport import allowance, connecting
from cartero.transport.explanations import EXPLANATIONS
from cartero.transport.opening import NotConnected
from cartero.transport.replies import Sent


class NothingToEnclose(MailingError):
    """No legal delivery can be made of the document's files."""

    text = "%(why)s"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A mail as its recipient will see it; with a `problem`, it could not be made and the rest is empty."""

    subject: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    html: str = ""
    text: str = ""
    attachments: tuple[tuple[str, int], ...] = ()  # name, bytes
    size: int = 0
    remarks: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """`what` happened in words, and the server's own (`reply`); `until` when the account's limits hold it back."""

    accepted: bool
    what: str
    reply: str = ""
    until: datetime | None = None


def preview(delivery: Delivery) -> Preview:
    """What `delivery` would carry if it went now."""
    with _as_sent():
        kit = making.kit_of(delivery.mailing)
        (order,) = loading.orders([delivery.pk])
        made = making.make(replace(order, to=order.to or ("sin-correo@example.com",)), kit)
    if isinstance(made, Unmade):
        return Preview(to=order.to, problem=made.detail)
    return Preview(
        subject=made.mail.subject,
        sender=kit.prepared.frame.sender.from_address,
        to=order.to,
        html=mime.html_of(kit.prepared, made.letter),
        text=mime.text_of(kit.prepared, made.letter),
        attachments=tuple((each["name"], each["size"]) for each in made.attached),
        size=made.mail.size,
        remarks=made.remarks,
    )


def document(mailing: Mailing, invoice: Invoice) -> Document:
    """The PDF that goes with `invoice` in `mailing`: as received, else drawn. Raises NotDrawn, FileLost."""
    kit = making.kit_of(mailing)
    delivery = mailing.deliveries.filter(invoices=invoice).first()
    if delivery is None:
        raise Invoice.DoesNotExist
    (order,) = loading.orders([delivery.pk])
    ordered = next(each for each in order.documents if each.invoice_id == invoice.pk)
    return making.pdf_of(ordered, kit)


def pdf_alone(invoice: Invoice) -> Document:
    """The PDF of `invoice` outside any mailing: as received, else drawn as the company looks today.

    Raises NotDrawn, FileLost.
    """
    papers = _papers_alone(invoice)
    name = naming.of_number(papers.data.number, "pdf")
    received = papers.newest(FileRole.PDF)
    content = received.document.content if received else papers.drawn
    return Document(name=name, media_type=enclosing.PDF_TYPE, content=content)


def files_alone(invoice: Invoice) -> tuple[Document, ...]:
    """What a legal delivery of `invoice` would attach today. Raises NotDrawn, FileLost, NothingToEnclose."""
    order = Enclosure(
        papers=(_papers_alone(invoice),),
        country=invoice.company.country,
        legal=True,
        party_tax_id=invoice.party.tax_id,
    )
    enclosed = enclosing.enclose(order)
    if isinstance(enclosed, enclosing.Unfit):
        raise NothingToEnclose(why=enclosed.user_text)
    return enclosed.documents


def _papers_alone(invoice: Invoice) -> Papers:
    company = invoice.company
    return making.papers_alone(loading.document(invoice), company.pk, registering.look_of(company))


def send_test(mailing: Mailing, delivery: Delivery, to: Sequence[str], by: User) -> TrialResult:
    """Sends exactly what the tercero would get to the addresses in `to`, marked [PRUEBA]; one connection, no retry.

    It counts towards the limits of its account, as whoever takes its mails counts it.
    """
    domain = mailing.account.from_address.rpartition("@")[2]
    with _as_sent():
        kit = making.kit_of(mailing, test=True)
        (order,) = loading.orders([delivery.pk], dated=timezone.now())
        made = making.make(replace(order, to=tuple(to), message_id=f"<prueba.{ids.token()}@{domain}>"), kit)
    if isinstance(made, Unmade):
        return TrialResult(accepted=False, what=made.detail)
    server = connecting.server_of(mailing.account)
    reserved = allowance.reserve(mailing.account_id, [len(made.mail.to)])
    if not reserved.mails:
        return TrialResult(accepted=False, what=str(allowance.USED_UP), until=reserved.until)
    audit.record(mailing, "trial", by, to=list(to))
    connection = connecting.connect(server)
    if isinstance(connection, NotConnected):
        allowance.settle(mailing.account_id, reserved, 0)
        reply = connection.reply.shown if connection.reply else connection.detail
        return TrialResult(accepted=False, what=_words(connection.verdict.reason), reply=reply)
    try:
        done = connection.transmit(made.mail.envelope_from, made.mail.to, made.mail.message)
    finally:
        connection.close()
    accepted = isinstance(done.verdict, Sent)
    return TrialResult(accepted=accepted, what=_words(done.verdict.reason), reply=done.text or done.detail)


def _as_sent() -> AbstractContextManager[None]:
    """The language of mails, whatever the person at the screen reads."""
    return translation.override(settings.LANGUAGE_CODE)


def _words(reason: str) -> str:
    return str(EXPLANATIONS[reason].happened)
