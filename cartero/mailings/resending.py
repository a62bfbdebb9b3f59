"""Sending mails again: as a new mailing of the same documents, each new mail tied to the first of its kin.

What goes again in its own mailing, under its own identifier, is a retry (`lifecycle.retry`), not this.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cartero.accounts.models import User
from cartero.mailings import registering, selection
from cartero.mailings.errors import MailingError, NothingToSend
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import SENT, DeliveryStatus, LeftOut, MailingKind, MailingStatus
from cartero.platform import formats, sql

S = DeliveryStatus
ARRIVED = frozenset({S.ACCEPTED, S.DELIVERED})
OVER = frozenset({MailingStatus.FINISHED, MailingStatus.CANCELLED})
EARLIER = 5
LOOKED_AT = 100  # mails, of which it is told what each comes to before they are registered
COUNTED = 10_000  # mails: of more it is only said that they are more


class Which(TextChoices):
    """Which mails of a mailing go again."""

    FAILED = "failed", gettext_lazy("Los fallidos y rebotados")
    UNSEEN = "unseen", gettext_lazy("Los que nadie ha visto")
    CHOSEN = "chosen", gettext_lazy("Los que marque")


class NothingToResend(MailingError):
    """No mail of the mailing is among those that were asked for."""

    text = gettext_lazy("No hay correos que reenviar entre los que eligió. Los que aún van a salir no se reenvían.")


class AlreadyThere(MailingError):
    """The same content is at the same addresses already."""

    text = gettext_lazy(
        "Lo mismo ya salió a la misma dirección y no volvió: %(when)s, por %(person)s. Si de todos modos quiere que"
        " salga otra vez, pídalo así."
    )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`days` is for those not seen, `among` (ids) for those chosen; `again`: also the same to the same address."""

    which: Which
    days: int = 7
    among: tuple[int, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Earlier:
    """On a day, by a person: how many of the mails went last."""

    day: date
    person: str
    mails: int


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What a resending comes to. `left_out` maps a LeftOut to documents; `earlier` is the last first.

    All but `found` is of `mails`: of the first ones, where more were found. `found` goes up to COUNTED and one.
    """

    found: int
    mails: int
    going: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    earlier: tuple[Earlier, ...] = ()


def may_resend(delivery: Delivery) -> bool:
    """Whether it has gone, or failed for good: what still may go by itself is not sent beside itself."""
    return delivery.status in _resendable(delivery.mailing)


def resendable(found: QuerySet[Delivery], mailing: Mailing) -> QuerySet[Delivery]:
    """Of deliveries of `mailing` those that may go again."""
    return found.filter(status__in=_resendable(mailing))


def _resendable(mailing: Mailing) -> frozenset[DeliveryStatus]:
    return SENT | {S.FAILED} if mailing.status in OVER else SENT


def deliveries(mailing: Mailing, asked: Asked, now: datetime) -> QuerySet[Delivery]:
    """Those that `asked` means, in order."""
    of = resendable(Delivery.objects.of(mailing.company).of_mailing(mailing), mailing).order_by("pk")
    match asked.which:
        case Which.FAILED:
            return of.filter(status__in=(S.FAILED, S.BOUNCED))
        case Which.UNSEEN:
            until = now - timedelta(days=asked.days)
            return of.filter(status__in=ARRIVED, viewed_at=None, accepted_at__lte=until)
        case Which.CHOSEN:
            return of.filter(pk__in=asked.among)


def outlook(mailing: Mailing, asked: Asked, now: datetime, most: int = LOOKED_AT) -> Outlook:
    """What registering it would come to; of more than `most` mails, what the first would. Four queries at most."""
    chosen = deliveries(mailing, asked, now)
    keys = list(chosen.values_list("pk", flat=True)[: most + 1])
    found = chosen[: COUNTED + 1].count() if len(keys) > most else len(keys)
    facts = _parameters(mailing, asked, keys[:most])
    (row,) = sql.run(__package__, "resend_count", tz=mailing.company.timezone, most=EARLIER, **facts)
    earlier = json.loads(row[3]) if row[3] else []
    return Outlook(
        found=found,
        mails=row[0],
        going=row[1],
        left_out=json.loads(row[2]) if row[2] else {},
        earlier=tuple(Earlier(date.fromisoformat(day), person, mails) for day, person, mails in earlier),
    )


@transaction.atomic
def resend(mailing: Mailing, asked: Asked, by: User | None, now: datetime) -> Mailing:
    """A registered mailing of those mails as `mailing` had them, to the addresses of today.

    Raises NothingToResend, AlreadyThere, NothingToSend; then nothing is kept.
    """
    draft = Draft(
        name=(_("Reenvío: %(name)s") % {"name": mailing.name})[:200],
        account=mailing.account,
        subject=mailing.subject,
        business_line=mailing.business_line,
        message_html=mailing.message_html,
    )
    chosen = Selection(kind=MailingKind(mailing.kind), is_grouped=mailing.is_grouped, period=mailing.period)
    new = registering.begin(mailing.company, chosen, draft, by)  # from here on no other is registered in the company
    keys = list(deliveries(mailing, asked, now).values_list("pk", flat=True))
    if not keys:
        raise NothingToResend()
    domain = mailing.account.from_address.rpartition("@")[2]
    (counts,) = sql.run(__package__, "resend", mailing=new.pk, domain=domain, **_parameters(mailing, asked, keys))
    if not counts[1]:
        raise _refusal(mailing, asked, now)
    registering.complete(new, counts, by)
    return new


def _refusal(mailing: Mailing, asked: Asked, now: datetime) -> MailingError:
    found = outlook(mailing, asked, now)
    if LeftOut.SENT_BEFORE not in found.left_out or not found.earlier:
        return NothingToSend()
    last = found.earlier[0]
    return AlreadyThere(when=formats.date_short(last.day), person=last.person)


def _parameters(mailing: Mailing, asked: Asked, keys: list[int]) -> dict[str, Any]:
    """As the function `mailings_resending` of the database takes them."""
    of = selection.parameters(mailing.company, Selection(kind=MailingKind(mailing.kind)))
    return {name: of[name] for name in ("company", "kind", "gated", "role")} | {
        "deliveries": keys,
        "again": asked.again,
    }
