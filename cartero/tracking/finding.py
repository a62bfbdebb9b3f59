"""Which mail of an account came back: by our own mark, by its name, else by who was written to not long before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cartero.mailings import return_paths
from cartero.mailings.models import Delivery
from cartero.mailings.models.delivery import DeliveryQuerySet
from cartero.mailings.states import SENT
from cartero.parties.models import Address
from cartero.tracking.feedback import ANSWERS, Feedback, Kind, Source
from cartero.transport.models import MailAccount

# Servers give up after five days (RFC 5321, 4.5.4.1); their clock may be a little behind ours.
WINDOW, SLACK = timedelta(days=6), timedelta(minutes=10)
# Those who put a Message-ID of their own in the place of ours: that theirs is no name of ours says nothing.
_RENAMING = ("amazonses.com>",)
_MOST = 20


@dataclass(frozen=True, kw_only=True)
class Found:
    """`address` is the one of the delivery's that it is of; empty where that cannot be known."""

    delivery: Delivery
    address: str


def find(account: MailAccount, feedback: Feedback, now: datetime) -> Found | None:
    """The mail of the account that it is of; None where none is, or where it may be any of several.

    A mark of ours is enough. Where an address is named beside a Message-ID, or a provider's own, the two have to agree,
    unless it is an answer: people write from where they like.
    """
    mine = Delivery.objects.of(account.company).filter(mailing__account=account).select_related("mailing")
    marked = _marked(mine, feedback)
    if marked is not None:
        return Found(delivery=marked, address=recipient(marked, feedback) or _only(marked))
    named = _named(mine, feedback)
    if named is not None:
        address = recipient(named, feedback) if feedback.addresses else _only(named)
        return Found(delivery=named, address=address) if address or feedback.kind in ANSWERS else None
    return _written_to(account, mine, feedback, now) if _may_be_any(feedback) else None


def recipient(delivery: Delivery, feedback: Feedback) -> str:
    """The address of the delivery that it names, as we wrote it; empty where it names another."""
    named = {address.casefold() for address in feedback.addresses}
    return next((address for address in delivery.to if address.casefold() in named), "")


def _marked(mine: DeliveryQuerySet, feedback: Feedback) -> Delivery | None:
    ids = (return_paths.read(mark) for mark in feedback.marks[:_MOST])
    return mine.filter(pk__in=[each for each in ids if each is not None]).first()


def _named(mine: DeliveryQuerySet, feedback: Feedback) -> Delivery | None:
    """The earliest, were there several. They are not put in order there: that of the ids would have all be read."""
    found = list(mine.filter(message_id__in=feedback.message_ids)) if feedback.message_ids else []
    if not found and feedback.provider_id:
        found = list(mine.called(feedback.provider_id))
    return min(found, key=lambda each: each.pk, default=None)


def _only(delivery: Delivery) -> str:
    return delivery.to[0] if len(delivery.to) == 1 else ""


def _may_be_any(feedback: Feedback) -> bool:
    """A report that names a mail which is none of ours is of that one; what a person writes need be of no mail."""
    names_another = any(not each.endswith(_RENAMING) for each in feedback.message_ids)
    return feedback.source == Source.MAIL and not names_another and feedback.kind != Kind.REPLIED


def _written_to(account: MailAccount, mine: DeliveryQuerySet, feedback: Feedback, now: datetime) -> Found | None:
    at = min(feedback.at or now, now)
    spelled = list(_spellings(feedback.addresses[:_MOST]))
    sent = mine.filter(
        party__in=Address.objects.of(account.company).filter(email__in=spelled).values("party"),
        status__in=SENT,
        accepted_at__range=(at - WINDOW, at + SLACK),
    )
    found = [each for each in sent[:_MOST] if recipient(each, feedback)]
    return Found(delivery=found[0], address=recipient(found[0], feedback)) if len(found) == 1 else None


def _spellings(addresses: tuple[str, ...]) -> Iterator[str]:
    """As people type them; servers tell them in small letters."""
    for address in addresses:
        local, _at, domain = address.rpartition("@")
        yield from (f"{each}@{domain}" for each in (local, local.lower(), local.upper(), local.capitalize()))
