"""The message of a sending and when it leaves: the form of a `Draft`."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.companies.models import Company
from cartero.documents import countries
from cartero.invoices.data import InvoiceData, PartyData, TotalsData
from cartero.invoices.states import InvoiceKind
from cartero.mailings import batches, messages
from cartero.mailings.batches import Plan
from cartero.mailings.models import Mailing, MessageTemplate
from cartero.mailings.registering import Draft
from cartero.mailings.states import BatchThen, MailingKind
from cartero.pages.days import day_field
from cartero.pages.editor import MessageField, SubjectField
from cartero.pages.fields import LineField
from cartero.pages.mailings.forms import hour_field
from cartero.platform import formats
from cartero.transport.models import MailAccount

NOW, LATER = "ahora", "despues"
WHEN = ((NOW, gettext_lazy("Lo inicio yo")), (LATER, gettext_lazy("Programar")))


class DraftForm(forms.Form):
    """`fixed_subject`: DIAN's, which the clerk does not write; empty where the subject is hers."""

    name = LineField(
        label=gettext_lazy("Nombre del envío"),
        max_length=200,
        error_messages={"required": gettext_lazy("Escriba un nombre, para reconocerlo en la lista.")},
    )
    account = forms.ModelChoiceField(
        MailAccount.objects.none(),
        label=gettext_lazy("Sale desde"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Elija la cuenta de la que sale.")},
    )
    template = forms.ModelChoiceField(
        MessageTemplate.objects.none(), label=gettext_lazy("Plantilla"), required=False, empty_label=gettext_lazy("—")
    )
    business_line = LineField(label=gettext_lazy("Línea de negocio"), required=False, max_length=100)
    subject = SubjectField(label=gettext_lazy("Asunto"), required=False, max_length=200)
    message_html = MessageField(label=gettext_lazy("Mensaje"), max_length=100_000, required=False)
    when = forms.ChoiceField(label=gettext_lazy("Cuándo"), choices=WHEN, widget=forms.RadioSelect)
    day = day_field(label=gettext_lazy("Día"), required=False)
    hour = hour_field(label=gettext_lazy("Hora"), required=False)
    in_batches = forms.BooleanField(
        label=gettext_lazy("Por tandas"),
        required=False,
        help_text=gettext_lazy("Salen unos primero; si no rebotan, los demás. Así un error no les llega a todos."),
    )
    batch_size = forms.IntegerField(
        label=gettext_lazy("Correos en cada tanda"),
        required=False,
        min_value=1,
        max_value=batches.MOST_MAILS,
        initial=100,
    )
    batch_wait = forms.IntegerField(
        label=gettext_lazy("Minutos de espera"),
        required=False,
        min_value=1,
        max_value=batches.MOST_MINUTES,
        initial=30,
    )
    batch_then = forms.ChoiceField(
        label=gettext_lazy("Y después"),
        choices=BatchThen.choices,
        required=False,
        initial=BatchThen.ASK,
        help_text=gettext_lazy("Si vuelve o falla más del 5 % de una tanda, siempre espera su visto bueno."),
    )

    def __init__(self, *args: Any, company: Company, fixed_subject: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed_subject = fixed_subject
        accounts = MailAccount.objects.of(company).active().order_by("pk")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]  # a ModelChoiceField
        templates = MessageTemplate.objects.of(company).order_by("name")
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"].strip()
        if self.fixed_subject:
            return ""
        if not subject:
            raise ValidationError(
                _("Escriba un asunto, por ejemplo «Recordatorio de la factura {{ factura.numero }}».")
            )
        return subject

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("batch_size", "batch_wait"):
            if not cleaned.get("in_batches"):
                self.errors.pop(name, None)  # hidden, and of no use
            elif not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Escriba un número, por ejemplo 30."))
        if cleaned.get("when") != LATER:
            return cleaned
        for name, text in (("day", _("Escriba el día en que sale.")), ("hour", _("Escriba la hora en que sale."))):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, text)
        if cleaned.get("day") and cleaned.get("hour") and _moment(cleaned) <= timezone.now():
            self.add_error("day", _("Esa fecha y hora ya pasaron. Escriba unas futuras."))
        return cleaned

    def draft(self) -> Draft:
        """Of a valid form."""
        written = self.cleaned_data
        return Draft(
            name=written["name"],
            account=written["account"],
            subject=written["subject"],
            business_line=written["business_line"],
            message_html=written["message_html"],
            scheduled_for=_moment(written) if written["when"] == LATER else None,
            batches=plan(self),
        )


def plan(form: DraftForm) -> Plan | None:
    """How it goes in parts, as far as it is written; None where it goes at once or a number is missing."""
    names = ("in_batches", "batch_size", "batch_wait", "batch_then")
    try:
        wanted, size, wait, then = (form.fields[name].clean(form[name].value()) for name in names)
    except ValidationError:
        return None
    return (
        Plan(size=size, wait_minutes=wait, then=BatchThen(then or BatchThen.ASK)) if wanted and size and wait else None
    )


def initial(company: Company, kind: MailingKind, period: date | None) -> dict[str, Any]:
    """What the form begins with: the last sending of that kind, else the company's first template."""
    last = Mailing.objects.of(company).filter(kind=kind).order_by("-number").first()
    subject, message = (last.subject, last.message_html) if last else messages.starting_from(company, kind)
    name = _("Documentos de %(month)s") % {"month": formats.month(period)} if period else ""
    return {
        "name": name,
        "account": last.account_id if last else None,
        "business_line": last.business_line if last else "",
        "subject": subject,
        "message_html": message,
        "when": NOW,
    }


def fixed_subject(company: Company, kind: str, business_line: str) -> str:
    """The subject that the country's law writes for a legal delivery, with a comodín for the number."""
    if kind != MailingKind.DELIVERY:
        return ""
    data = InvoiceData(
        kind=InvoiceKind.INVOICE.value,
        number="{{ factura.numero }}",
        issue_date=timezone.localdate(),
        supplier=PartyData(tax_id=company.tax_id, name=company.name, trade_name=company.trade_name),
        customer=PartyData(tax_id="", name=""),
        totals=TotalsData(payable=Decimal(0)),
    )
    return countries.of(company.country).subject(data, business_line)


def _moment(written: dict[str, Any]) -> datetime:
    return timezone.make_aware(datetime.combine(written["day"], written["hour"]))
