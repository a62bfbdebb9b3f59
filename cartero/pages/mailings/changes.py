"""What changed between registering a sending and starting it, for whoever is about to start it."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cartero.invoices.models import Invoice
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import DeliveryStatus
from cartero.parties.models import ALLOWS_SENDING, Address

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Changes:
    """At most `SHOWN` of each: mails that hold a paid document, mails whose tercero has a newer principal address."""

    paid: list[Delivery]
    mended: list[Delivery]

    def __bool__(self) -> bool:
        return bool(self.paid or self.mended)


def since_registering(mailing: Mailing) -> Changes:
    """Two queries. A legal delivery goes whether it is paid or not, so only copies and reminders speak of that."""
    waiting = Delivery.objects.of(mailing.company).filter(mailing=mailing, status=DeliveryStatus.PENDING)
    waiting = waiting.select_related("party").order_by("pk")
    owed = Coalesce("balance", "payable_amount")
    settled = Invoice.objects.of(mailing.company).annotate(still=owed).filter(deliveries=OuterRef("pk"), still__lte=0)
    newer = Address.objects.of(mailing.company).filter(
        party=OuterRef("party"), is_principal=True, state__in=ALLOWS_SENDING, state_at__gt=mailing.created_at
    )
    mended = waiting.annotate(newer=Subquery(newer.values("email")[:1])).exclude(newer=None)
    return Changes(
        paid=[] if mailing.is_legal else list(waiting.filter(Exists(settled))[:SHOWN]),
        mended=list(mended.exclude(to__contains=[F("newer")])[:SHOWN]),
    )
