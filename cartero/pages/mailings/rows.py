"""The list of who a sending goes to: one row a mail, what is known of it, what may be done with it."""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.companies.roles import Role, allows
from cartero.mailings import revoking
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.reports import Progress
from cartero.mailings.states import SENT, WAITING, DeliveryStatus, LeftOut, MailingStatus
from cartero.pages import reasons, stories
from cartero.pages.segments import Segment
from cartero.parties import search
from cartero.parties.models import Address, Party

S = DeliveryStatus
WITHOUT_ADDRESS = frozenset({LeftOut.NO_ADDRESS, LeftOut.UNUSABLE_ADDRESS})
MENDABLE = frozenset({S.PENDING, S.FAILED})
MOST_PARTIES = 200
MOST_GONE_THROUGH = 20_000  # mails that are gone through for one address

# What the segments show, by the value they have in the address.
GROUPS: dict[str, tuple[str | Promise, frozenset[DeliveryStatus]]] = {
    "por-enviar": (gettext_lazy("Por enviar"), WAITING),
    "enviados": (gettext_lazy("Enviados"), SENT),
    "rebotados": (gettext_lazy("Rebotados"), frozenset({S.BOUNCED})),
    "fallidos": (gettext_lazy("Fallidos"), frozenset({S.FAILED})),
    "en-duda": (gettext_lazy("En duda"), frozenset({S.IN_DOUBT})),
    "por-fuera": (gettext_lazy("Por fuera"), frozenset({S.SKIPPED, S.WITHDRAWN})),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """`state` is a look that says more than the status; `detail` a sentence, `code` the server's."""

    delivery: Delivery
    state: str
    detail: str | Promise
    code: str
    at: datetime | None
    may_mend: bool
    may_exclude: bool
    may_include: bool
    may_settle: bool
    may_revoke: bool
    may_allow: bool


class RecipientsFilter(forms.Form):
    """Text, state and reason. What is not understood filters nothing."""

    q = forms.CharField(label=gettext_lazy("Buscar tercero"), required=False, max_length=254)
    estado = forms.ChoiceField(required=False, choices=[("", "")] + [(value, value) for value in GROUPS])
    motivo = forms.SlugField(required=False, max_length=60)

    def __init__(self, *args: Any, mailing: Mailing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mailing = mailing
        self.fields["q"].widget.attrs["placeholder"] = _("Nombre, NIT o correo")
        self.is_valid()

    def deliveries(self) -> QuerySet[Delivery]:
        wanted = self.cleaned_data
        found = Delivery.objects.of(self.mailing.company).of_mailing(self.mailing).select_related("party")
        if wanted.get("estado"):
            found = found.filter(status__in=GROUPS[wanted["estado"]][1])
        if wanted.get("motivo"):
            found = found.filter(reason=wanted["motivo"])
        return found.filter(self._of(self.text)) if self.text else found

    @property
    def text(self) -> str:
        return " ".join(self.cleaned_data.get("q", "").split())

    @property
    def goes_by_terceros(self) -> bool:
        """Whether an address is looked for among those of terceros alone, and not among so many mails."""
        return "@" in self.text and self.mailing.deliveries_count > MOST_GONE_THROUGH

    def segments(self, progress: Progress) -> list[Segment]:
        """Those that hold a mail, and the current one."""
        current = self.cleaned_data.get("estado", "")
        all_of_them = Segment(value="", label=_("Todos"), count=sum(progress.mails.values()), is_current=not current)
        counts = {
            value: sum(progress.mails.get(s, 0) for s in statuses) for value, (_label, statuses) in GROUPS.items()
        }
        return [all_of_them] + [
            Segment(value=value, label=label, count=counts[value], is_current=value == current)
            for value, (label, _statuses) in GROUPS.items()
            if counts[value] or value == current
        ]

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())

    def _of(self, text: str) -> Q:
        """Those of terceros with that name, number or address; else those that went to it as to none of a tercero's:
        in a sending of very many mails, of *Consumidor final* alone.

        A few are named one by one, so that the index of their mails is read; of many, enough are where it begins.
        """
        known = Party.objects.of(self.mailing.company)
        written = Address.objects.of(self.mailing.company).filter(email__istartswith=text).values("party")
        ways = [search.found(text)] if " " in text else [search.found(text), Q(pk__in=written)]  # no address has one
        in_order = known.order_by("search_key", "pk").values_list("pk", flat=True)
        few = [pk for way in ways for pk in in_order.filter(way)[: MOST_PARTIES + 1]]
        if len(few) > MOST_PARTIES:
            return reduce(or_, (Q(party__in=known.filter(way)) for way in ways))
        if few or "@" not in text:
            return Q(party__in=few)
        those = Q(party__in=list(known.final_consumer())) if self.goes_by_terceros else Q()
        return those & Q(to__contains=[text])


def row(delivery: Delivery, mailing: Mailing, role: str) -> Row:
    """What the row of `delivery` shows to someone of `role`."""
    prepares, is_over = allows(role, Role.PREPARER), mailing.status == MailingStatus.CANCELLED
    lacks_address = delivery.status == S.SKIPPED and delivery.reason in WITHOUT_ADDRESS
    is_open = prepares and not is_over
    has_link = prepares and mailing.company.has_links
    return Row(
        delivery=delivery,
        state=stories.state_of(delivery),
        detail=reasons.happened(delivery.reason, delivery.reason_detail),
        code=_code(delivery),
        at=_at(delivery),
        may_mend=is_open and (delivery.status in MENDABLE or lacks_address),
        may_exclude=is_open and delivery.status == S.PENDING and mailing.status != MailingStatus.FINISHED,
        may_include=is_open and delivery.status == S.SKIPPED and delivery.reason == LeftOut.EXCLUDED,
        may_settle=allows(role, Role.SENDER) and delivery.status == S.IN_DOUBT,
        may_revoke=has_link and revoking.may_revoke(delivery),
        may_allow=has_link and delivery.link_revoked_at is not None,
    )


def _code(delivery: Delivery) -> str:
    """`550 5.1.1`: what its server refused it with, or said before of an address that is no use any more.

    Of one that was taken it is no code of what came back since.
    """
    if delivery.reply_code and delivery.status not in SENT:
        return reasons.code_of(delivery.reply or str(delivery.reply_code))
    return reasons.of_address(delivery.reason_detail)[1] if delivery.reason == LeftOut.UNUSABLE_ADDRESS else ""


def _at(delivery: Delivery) -> datetime | None:
    """When it goes again, or went."""
    return delivery.retry_at if stories.state_of(delivery) == "retry" else delivery.accepted_at or delivery.settled_at
