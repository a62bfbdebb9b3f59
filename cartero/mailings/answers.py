"""What those who received mails answer: written down with its event, and left to the clerk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.mailings import outcomes
from cartero.mailings.models import Answer, AnswerKind, Delivery, EventKind
from cartero.mailings.outcomes import Return
from cartero.parties import people

LONGEST = 2_000  # characters of an observation
MOST = 20  # answers to one mail: more is no person's


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer as it was given. `address` is the one of the mail that is not hers, `proposed` the right one."""

    kind: AnswerKind
    text: str = ""
    address: str = ""
    proposed: str = ""


@transaction.atomic
def give(delivery: Delivery, given: Given, now: datetime) -> bool:
    """Writes an answer down; False for a mail that has not gone. What was said already is not said twice.

    An address that is not hers gets nothing more until a clerk decides; the one she proposes is a proposal.
    """
    Delivery.objects.select_for_update(no_key=True).get(pk=delivery.pk)  # pressed twice at once, it is one answer
    mine = Answer.objects.of(delivery.company).filter(delivery=delivery)
    said = {"kind": given.kind, "text": given.text, "address": given.address, "proposed": given.proposed}
    if mine.filter(**said).exists() or mine.count() >= MOST:
        return True
    words = " · ".join(filter(None, (given.text, given.address, given.proposed)))
    if not outcomes.come_back(delivery, Return(kind=EventKind(given.kind.value), words=words, at=now)):
        return False
    Answer.objects.create(company=delivery.company, delivery=delivery, at=now, **said)
    if given.kind == AnswerKind.DISOWNED:
        why = _("Quien lo recibió dijo que no es suyo.")
        people.mark_not_theirs(delivery.party_id, given.address, why, given.proposed)
    return True


def refuse(delivery: Delivery, kind: AnswerKind, emails: Sequence[str], now: datetime) -> None:
    """Who reads these wants no copies and reminders: somebody is to ask how the invoices should reach her."""
    address = ", ".join(emails)[:254]
    Answer.objects.create(company=delivery.company, delivery=delivery, kind=kind, address=address, at=now)


def waiting(company: Company) -> int:
    """How many answers ask for somebody of the company. By the index `answer_waiting`."""
    return Answer.objects.of(company).waiting().count()


@transaction.atomic
def attend(answer: Answer, by: User) -> bool:
    """It is dealt with; whether it was not before."""
    done = Answer.objects.filter(pk=answer.pk, attended_at__isnull=True).update(attended_at=Now(), attended_by=by)
    if done:
        audit.record(answer, "attend", by, party=answer.delivery.party.name)
    return bool(done)


@transaction.atomic
def reopen(answer: Answer, by: User) -> bool:
    """It waits again; whether it did not before."""
    done = Answer.objects.filter(pk=answer.pk, attended_at__isnull=False).update(attended_at=None, attended_by=None)
    if done:
        audit.record(answer, "reopen", by, party=answer.delivery.party.name)
    return bool(done)
