"""What became of mails, told from their events: a timeline for each delivery, the newest first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.mailings import resending, revoking
from cartero.mailings.models import Delivery, Event, EventKind
from cartero.mailings.states import DeliveryStatus
from cartero.pages import moments, reasons
from cartero.tracking import visiting

MOST = 10
RELATED = ("party", "mailing__created_by", "mailing__started_by", "sent_mail", "resend_of__mailing")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line, as ui/_timeline.html takes it."""

    icon: str
    tone: str
    what: str | Promise
    at: datetime
    detail: str | Promise = ""
    reply: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """`state` is a look that says more than the delivery's status."""

    delivery: Delivery
    entries: list[Entry]
    state: str

    @property
    def may_resend(self) -> bool:
        return resending.may_resend(self.delivery)

    @property
    def may_revoke(self) -> bool:
        return revoking.may_revoke(self.delivery)


# Icon and tone of what an event tells; the words are those of its kind.
LOOKS: Mapping[str, tuple[str, str]] = {
    EventKind.TRANSMITTING: ("half", "accent"),
    EventKind.ACCEPTED: ("check", "accent"),
    EventKind.RETRY: ("clock", ""),
    EventKind.FAILED: ("fail", "negative"),
    EventKind.IN_DOUBT: ("help", ""),
    EventKind.SETTLED: ("done", ""),
    EventKind.READDRESSED: ("pencil", ""),
    EventKind.EXCLUDED: ("slash", ""),
    EventKind.WITHDRAWN: ("slash", ""),
    EventKind.REQUEUED: ("retry", ""),
    EventKind.DELAYED: ("clock", ""),
    EventKind.RELAYED: ("check", "accent"),
    EventKind.DELIVERED: ("checks", "positive"),
    EventKind.BOUNCED: ("bounce", "negative"),
    EventKind.COMPLAINED: ("warning", "negative"),
    EventKind.UNSUBSCRIBED: ("slash", ""),
    EventKind.OPENED: ("info", ""),
    EventKind.VIEWED: ("eye", "positive"),
    EventKind.REPLIED: ("mail", "accent"),
    EventKind.AUTO_REPLIED: ("info", ""),
    EventKind.CONFIRMED: ("checks", "positive"),
    EventKind.REMARKED: ("warning", "negative"),
    EventKind.DISOWNED: ("slash", "negative"),
    EventKind.LINK_REVOKED: ("slash", "negative"),
    EventKind.LINK_ALLOWED: ("done", ""),
}
# What their events hold in `reply` is no server's.
_BY_A_PERSON = (EventKind.READDRESSED, EventKind.LINK_REVOKED, EventKind.LINK_ALLOWED)
_LEFT_OUT = gettext_lazy("Quedó por fuera")


def of(deliveries: QuerySet[Delivery], most: int = MOST) -> list[Story]:
    """Of the newest of `deliveries`. Two queries."""
    return told(deliveries.select_related(*RELATED).order_by("-pk")[:most])


def told(deliveries: Iterable[Delivery]) -> list[Story]:
    """In their order; they come with what RELATED names. One query."""
    listed = list(deliveries)
    events = defaultdict(list)
    for event in Event.objects.filter(delivery__in=[one.pk for one in listed]).order_by("-at", "-pk"):
        events[event.delivery_id].append(event)
    return [Story(delivery=one, entries=list(_entries(one, events[one.pk])), state=state_of(one)) for one in listed]


def state_of(delivery: Delivery) -> str:
    """The look of one whose server told it to come back later, or that has no address."""
    is_later = delivery.retry_at is not None and delivery.retry_at > timezone.now()
    if delivery.status == DeliveryStatus.PENDING and delivery.attempts and is_later:
        return "retry"
    lacks_address = delivery.status == DeliveryStatus.SKIPPED and delivery.reason in ("no_address", "unusable_address")
    return "no_address" if lacks_address else ""


def _entries(delivery: Delivery, events: list[Event]) -> Iterator[Entry]:
    for event in events:
        if event.kind != EventKind.REGISTERED:
            yield _told(delivery, event)
    mailing, first, number = delivery.mailing, delivery.resend_of, {"number": delivery.mailing.number}
    if delivery.status == DeliveryStatus.SKIPPED and not events:
        why = reasons.happened(delivery.reason, delivery.reason_detail)
        yield Entry(icon="slash", tone="", what=_LEFT_OUT, at=delivery.created_at, detail=why)
    elif mailing.started_at:
        who = str(mailing.started_by or "")
        yield Entry(icon="play", tone="", what=_("Envío iniciado"), at=mailing.started_at, detail=who)
    what = _("Registrado en el envío %(number)s") % number
    who = str(mailing.created_by or "")
    kin = _("reenvío de lo del envío %(number)s") % {"number": first.mailing.number} if first else ""
    detail = " · ".join(filter(None, (mailing.name, kin, who)))
    yield Entry(icon="plus", tone="", what=what, at=delivery.created_at, detail=detail)


def _told(delivery: Delivery, event: Event) -> Entry:
    icon, tone = LOOKS.get(event.kind, ("info", ""))
    kind = EventKind(event.kind) if event.kind in EventKind.values else None
    detail, reply = _detail(delivery, event), event.reply
    what = kind.label if kind else ""
    if event.reason == visiting.BY_SOMEBODY:
        what, reply = _("Se abrió el enlace"), ""
    if event.reason == visiting.IMAGE_BY_SOMEBODY:
        what, reply = _("Se cargó la imagen del correo"), ""
    if kind in _BY_A_PERSON:
        detail, reply = " · ".join(filter(None, (event.reply, str(detail)))), ""
    if kind == EventKind.SETTLED:  # where it was found, or who says so
        detail, reply = " · ".join(filter(None, (str(detail), event.reply))), ""
    return Entry(icon=icon, tone=tone, what=what, at=event.at, detail=detail, reply=reply)


def _detail(delivery: Delivery, event: Event) -> str | Promise:
    own = delivery.reason_detail if event.reason == delivery.reason else ""
    why = reasons.happened(event.reason, own)
    match event.kind:
        case EventKind.ACCEPTED:
            return " · ".join(filter(None, (", ".join(delivery.to), own)))
        case EventKind.RETRY if event.until:
            facts = {"why": why, "when": moments.within(event.until)}
            return _("%(why)s Sale otra vez %(when)s") % facts
        case EventKind.FAILED | EventKind.IN_DOUBT:
            return " ".join(filter(None, (str(why), str(reasons.remedy(event.reason)))))
    return why
