"""An invented document in the company's own look: its mail and its PDF, made by the code that makes the real ones."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cartero.companies.models import Company
from cartero.composing import mime, values
from cartero.composing.letter import Letter, LetterDocument, Recipient
from cartero.documents import countries
from cartero.invoices import serial
from cartero.invoices.data import InvoiceData, LineData, PartyData, TotalsData
from cartero.invoices.states import InvoiceKind
from cartero.mailings import making, messages, registering
from cartero.mailings.loading import OrderedDocument
from cartero.mailings.models import Mailing, MessageTemplate
from cartero.mailings.states import MailingKind
from cartero.platform import formats
from cartero.transport.models import MailAccount

AMOUNT = Decimal("1250000.00")
NOBODY = "cliente@example.com"


def mail(company: Company, template: MessageTemplate) -> tuple[str, str]:
    """Subject and HTML of a mail that begins with `template`. Raises BadAddress for an account that cannot send."""
    account = MailAccount.objects.of(company).active().order_by("pk").first()
    account = account or MailAccount(company=company, from_address=company.email or NOBODY)
    mailing = Mailing(company=company, kind=template.kind, account=account, look=registering.look_of(company))
    mailing.subject, mailing.message_html = template.subject, template.message_html
    kit = making.kit_of(mailing)
    letter = _letter(document(company), kit)
    subject = mime.subject_of(kit.prepared, letter)
    return subject, mime.html_of(kit.prepared, letter)


def first(company: Company, kind: MailingKind) -> MessageTemplate:
    """What a sending of that kind begins with."""
    subject, message = messages.starting_from(company, kind)
    return MessageTemplate(company=company, kind=kind, subject=subject, message_html=message)


def pdf(company: Company) -> bytes:
    """The document as Cartero draws it where no PDF was received. Raises NotDrawn, FileLost."""
    drawn = OrderedDocument(
        invoice_id=0, content=serial.to_json(document(company)), balance=None, period="", files=(), rendered=""
    )
    return making.papers_alone(drawn, company.pk, registering.look_of(company)).drawn


def document(company: Company) -> InvoiceData:
    """An invoice of today that nobody owes."""
    today = timezone.localdate()
    customer = PartyData(tax_id="900511204", check_digit="3", id_type="31", name="Inmobiliaria Los Cerezos S.A.S.")
    return InvoiceData(
        kind=InvoiceKind.INVOICE.value,
        number=_("EJEMPLO1"),
        issue_date=today,
        due_date=today.replace(day=28),
        supplier=PartyData(tax_id=company.tax_id, check_digit=company.check_digit, name=company.name),
        customer=customer,
        totals=TotalsData(payable=AMOUNT, line_extension=AMOUNT),
        lines=(LineData(description=_("Servicio de ejemplo"), amount=AMOUNT, quantity=Decimal(1), price=AMOUNT),),
    )


def _letter(data: InvoiceData, kit: making.Kit) -> Letter:
    row = LetterDocument(
        kind=data.kind,
        kind_label=str(InvoiceKind(data.kind).label),
        number=data.number,
        type_code=data.type_code,
        issue_date=data.issue_date,
        due_date=data.due_date,
        currency=data.currency,
        total=data.totals.payable,
        balance=data.totals.payable,
        period=formats.month(data.issue_date),
    )
    tax_id = formats.nit(data.customer.tax_id, data.customer.check_digit)
    sender = kit.prepared.frame.sender
    recipient = Recipient(name=data.customer.name, tax_id=tax_id, city=sender.city)
    return Letter(
        message_id="<ejemplo@example.com>",
        date=timezone.now(),
        to=(NOBODY,),
        subject=countries.of(kit.look.country).subject(data, "") if kit.legal else "",
        fields=values.values_for((row,), recipient=recipient, sender=sender, period=row.period),
        documents=(row,),
        attachments=(),
    )
