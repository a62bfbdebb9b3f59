"""What changed between registering a sending and starting it, for whoever is about to start it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cartero.importing.models import Conflict, Decision
from cartero.invoices import kinds
from cartero.invoices.models import Invoice, InvoiceEvent
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.states import DeliveryStatus
from cartero.parties.models import ALLOWS_SENDING, Address

SHOWN = 20
ANNULS = "2"  # DIAN's code of a credit note that takes back a whole invoice
CLAIM = "031"  # the buyer's event: he does not accept it
REJECTED = "04"  # DIAN's answer


@dataclass(frozen=True, kw_only=True)
class Warned:
    """A mail that goes as things are now, unless she leaves it out."""

    delivery: Delivery
    icon: str
    words: str | Promise


@dataclass(frozen=True, kw_only=True)
class Changes:
    """At most `SHOWN` of each kind; `mended`: mails whose tercero has a newer principal address."""

    warned: list[Warned]
    mended: list[Delivery]

    def __bool__(self) -> bool:
        return bool(self.warned or self.mended)


def since_registering(mailing: Mailing) -> Changes:
    """A handful of queries, of those that still wait."""
    waiting = Delivery.objects.of(mailing.company).filter(mailing=mailing, status=DeliveryStatus.PENDING)
    waiting = waiting.select_related("party").order_by("pk")
    newer = Address.objects.of(mailing.company).filter(
        party=OuterRef("party"), is_principal=True, state__in=ALLOWS_SENDING, state_at__gt=mailing.created_at
    )
    mended = waiting.annotate(newer=Subquery(newer.values("email")[:1])).exclude(newer=None)
    return Changes(
        warned=[
            Warned(delivery=delivery, icon=icon, words=words)
            for documents, icon, words in _reasons(mailing)
            for delivery in waiting.filter(Exists(documents.filter(deliveries=OuterRef("pk"))))[:SHOWN]
        ],
        mended=list(mended.exclude(to__contains=[F("newer")])[:SHOWN]),
    )


def _reasons(mailing: Mailing) -> Iterator[tuple[QuerySet[Invoice], str, Promise]]:
    """The documents that one thing befell, and how it is told."""
    documents = Invoice.objects.of(mailing.company)
    if mailing.is_legal:  # which goes whether it is paid or not, but not rejected
        yield documents.filter(validation_code=REJECTED), "fail", _("La DIAN rechazó un documento de este correo.")
    else:
        asking = documents.filter(kind__in=kinds.ASKING)  # a certificate is not about money
        settled = asking.annotate(still=Coalesce("balance", "payable_amount")).filter(still__lte=0)
        yield settled, "card", _("Un documento de este correo no tiene saldo: puede que ya lo pagaran.")
    annulled = documents.filter(number__in=_annulled(mailing), kind__in=kinds.ASKING)
    yield annulled, "slash", _("Llegó una nota crédito que anula un documento de este correo.")
    replaced = documents.filter(pk__in=_replaced(mailing))
    yield replaced, "pencil", _("Un documento de este correo se cambió por otro que llegó. Sale como está ahora.")
    yield documents.filter(pk__in=_claimed(mailing)), "warning", _("El comprador reclamó un documento de este correo.")


# Lists, not queries: nearly always empty, and then nobody looks through the mails.


def _replaced(mailing: Mailing) -> list[int]:
    taken = Conflict.objects.of(mailing.company).filter(decision=Decision.REPLACED, decided_at__gt=mailing.created_at)
    return list(taken.values_list("invoice", flat=True))


def _claimed(mailing: Mailing) -> list[int]:
    claims = InvoiceEvent.objects.of(mailing.company).filter(code=CLAIM, created_at__gt=mailing.created_at)
    return [claim.invoice_id for claim in claims if claim.invoice_id is not None]


def _annulled(mailing: Mailing) -> list[str]:
    """Numbers of the invoices that a credit note has taken back since."""
    notes = Invoice.objects.of(mailing.company).filter(kind__in=kinds.LOWERING, created_at__gt=mailing.created_at)
    return list(
        notes.filter(content__data__correction__code=ANNULS).values_list("content__data__correction__number", flat=True)
    )
