"""What came back from the world, written where it belongs, once. Only this module knows how a doubt ends by it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum, auto

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cartero.mailings import answers, doubts, outcomes
from cartero.mailings.doubts import Evidence, EvidenceKind
from cartero.mailings.models import AnswerKind, Delivery, EventKind
from cartero.mailings.outcomes import Return
from cartero.mailings.states import WAITING, DeliveryStatus
from cartero.parties import people
from cartero.platform import ids
from cartero.platform.errors import CarteroError
from cartero.tracking import finding
from cartero.tracking.feedback import Feedback, Kind, Source
from cartero.tracking.finding import Found
from cartero.tracking.models import Receipt
from cartero.transport.models import MailAccount

KEPT = timedelta(days=90)
SOFT_BOUNCES, WITHIN = 3, timedelta(days=30)  # after so many mails that came back an address is doubtful
_ENOUGH = frozenset({Kind.UNSUBSCRIBED, Kind.COMPLAINED})  # who calls a mail spam wants no more of its kind
_EVIDENCE: Mapping[Source, EvidenceKind] = {Source.MAIL: EvidenceKind.DSN, Source.WEBHOOK: EvidenceKind.WEBHOOK}


class ComeAgain(CarteroError):
    """It cannot be dealt with yet, as its mail is in mid-air and has no outcome of its own: it has to come again."""

    text = _("Todavía no se puede. Vuelva a intentarlo en un momento.")


class Taken(Enum):
    """What became of something that came back."""

    CHANGED = auto()  # it stands with its delivery now
    REPEATED = auto()
    STRANGE = auto()  # of none of the account's mails
    IDLE = auto()  # of a mail that never went


def take(account: MailAccount, feedback: Feedback, key: str, now: datetime) -> Taken:
    """Writes what came back to `account`, with its receipt in the same transaction. Raises ComeAgain.

    `key` is what makes it the same thing when it comes again. It changes only what `finding` says that it is of.
    """
    with transaction.atomic():
        found = finding.find(account, feedback, now)
        if not _note(account, feedback, key, found, now):
            return Taken.REPEATED
        if found is None:
            return Taken.STRANGE
        if found.delivery.status == DeliveryStatus.TRANSMITTING:
            raise ComeAgain(delivery=found.delivery.pk)
        return _write(found, feedback, now)


@transaction.atomic
def receive(delivery: Delivery, returned: Return, evidence: EvidenceKind) -> bool:
    """Writes what came back for `delivery`; whether it had gone. What was in doubt has: something came back for it."""
    doubts.settle(delivery, Evidence(kind=evidence, message_id=delivery.message_id, words=returned.words))
    return outcomes.come_back(delivery, returned)


@transaction.atomic
def unsubscribe(delivery: Delivery, emails: Sequence[str], kind: AnswerKind, now: datetime) -> bool:
    """No copy or reminder goes to them any more, nor any that waits to go; legal deliveries do.

    `emails` are of the mail's own. Whether any of them had not asked before: then a person of the company is asked for.
    """
    if not people.unsubscribe(delivery.party, emails):
        return False
    answers.refuse(delivery, kind, emails, now)
    waiting = Delivery.objects.filter(party=delivery.party, status__in=WAITING, to__overlap=list(emails))
    outcomes.heed_unsubscribed(list(waiting.values_list("pk", flat=True)))
    return True


def forget(now: datetime) -> int:
    """Receipts that no teller repeats any more; how many."""
    return Receipt.objects.filter(at__lt=now - KEPT).delete()[0]


def _note(account: MailAccount, feedback: Feedback, key: str, found: Found | None, now: datetime) -> bool:
    """Whether it is here for the first time. Two who bring it at once wait for each other."""
    facts = {
        "company": account.company,
        "delivery": found and found.delivery,
        "kind": feedback.kind.value,
        "address": (found and found.address) or next(iter(feedback.addresses), "")[:254],
        "is_hard": feedback.is_hard,
        "words": _words(feedback)[:300],
        "at": now,
    }
    return Receipt.objects.get_or_create(account=account, key=ids.sha256(key.encode()), defaults=facts)[1]


def _write(found: Found, feedback: Feedback, now: datetime) -> Taken:
    delivery, evidence = found.delivery, _EVIDENCE[feedback.source]
    at = _moment(delivery, feedback, now)
    if feedback.kind == Kind.ACCEPTED:
        told = Evidence(kind=evidence, message_id=delivery.message_id, words=feedback.diagnostic)
        return Taken.CHANGED if doubts.settle(delivery, told) else Taken.IDLE
    kind = EventKind(feedback.kind.value)
    words = _of_whom(found, feedback)[:500]
    if at and delivery.events.filter(kind=kind, at=at, reply=words).exists():
        return Taken.REPEATED  # under another name of its teller's
    returned = Return(kind=kind, reason=feedback.reason, code=feedback.code, words=words, at=at)
    if not receive(delivery, returned, evidence):
        return Taken.IDLE
    if found.address:
        _mark(delivery, found.address, feedback, now)
    return Taken.CHANGED


def _mark(delivery: Delivery, address: str, feedback: Feedback, now: datetime) -> None:
    """What it says of the address itself stays with that."""
    if feedback.kind in _ENOUGH:
        unsubscribe(delivery, [address], AnswerKind(feedback.kind.value), now)
    elif feedback.kind == Kind.DELIVERED:
        people.mark_validated([(delivery.party_id, address)])
    elif feedback.kind == Kind.BOUNCED and feedback.is_hard:
        people.mark_bounced(delivery.party_id, address, feedback.diagnostic or feedback.reason)
    elif feedback.kind == Kind.BOUNCED:
        mine = Receipt.objects.of(delivery.company).soft_bounces().filter(address=address, at__gte=now - WITHIN)
        if mine.values("delivery").distinct().count() >= SOFT_BOUNCES:
            people.mark_doubtful(delivery.party_id, address, feedback.diagnostic or feedback.reason)


def _moment(delivery: Delivery, feedback: Feedback, now: datetime) -> datetime | None:
    """Reports tell whole seconds: none is of before its mail had gone."""
    if feedback.at is None:
        return None
    return min(max(feedback.at, delivery.accepted_at or feedback.at), now)


def _of_whom(found: Found, feedback: Feedback) -> str:
    """Its words, behind the address that it is of where the mail went to several, or who else answers."""
    whom = found.address if len(found.delivery.to) > 1 else ""
    if feedback.kind == Kind.REPLIED and not found.address:
        whom = feedback.teller
    return " · ".join(filter(None, (whom, _words(feedback))))


def _words(feedback: Feedback) -> str:
    """Its server's, or those of who answers."""
    if feedback.kind == Kind.REPLIED:
        return " · ".join(filter(None, (feedback.subject, feedback.text)))
    return feedback.diagnostic
