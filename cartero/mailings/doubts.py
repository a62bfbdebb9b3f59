"""What is in doubt: settled by evidence first, by the company's rule only then, and by a person at any time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import DoubtRule
from cartero.mailings import lifecycle, looking, outcomes
from cartero.mailings.errors import TooLate
from cartero.mailings.models import Delivery, Doubt, Mailing
from cartero.mailings.outcomes import Ruling
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.platform import crypto, queue, sql
from cartero.transport import allowance, sent_folder
from cartero.transport.imap import Found, Trouble
from cartero.transport.models import MailAccount, SentFolder
from cartero.transport.sent_folder import Looked

AT_ONCE = 50  # looks in one conversation with a mailbox
MOST = 500  # to which the rule is applied in one round

_looking = Lock()


class EvidenceKind(TextChoices):
    """What shows that a server took a mail over although it never said so. Its value is the reason of the event."""

    SENT_FOLDER = "found_in_sent", gettext_lazy("Se encontró en la carpeta de enviados de la cuenta.")
    WEBHOOK = "told_by_provider", gettext_lazy("El proveedor de correo avisó qué fue de él.")
    DSN = "told_by_server", gettext_lazy("Un servidor de correo avisó qué fue de él.")
    VIEW = "seen_by_person", gettext_lazy("Quien lo recibió lo abrió.")


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """`message_id` is that of the mail that was seen; `words` say where and when, for the event."""

    kind: EvidenceKind
    message_id: str
    words: str


def settle(delivery: Delivery, evidence: Evidence) -> bool:
    """Accepts a delivery in doubt; False where the evidence is of another mail, or it was settled already."""
    if not delivery.message_id or evidence.message_id != delivery.message_id:
        return False
    ruling = Ruling(status=DeliveryStatus.ACCEPTED, reason=evidence.kind.value, words=evidence.words)
    return bool(outcomes.settle(delivery.mailing_id, ruling, [delivery.pk]))


def decide_one(delivery: Delivery, *, arrived: bool, by: User) -> None:
    """A person looked into one doubt. Raises TooLate when it is settled already."""
    if not decide(delivery.mailing, arrived=arrived, by=by, among=[delivery.pk]):
        raise TooLate(delivery=delivery.pk)


def decide(mailing: Mailing, *, arrived: bool, by: User | None, among: Sequence[int] | None = None) -> int:
    """A person ends doubts of a mailing, all or those `among`: they arrived, or go again; how many.

    What goes again has the Message-ID it had, and takes its mailing along: one that had ended goes on, one that is
    stopped stays so. What did not arrive of a cancelled one is withdrawn.
    """
    reason = "person_says_arrived" if arrived else "person_says_resend"
    status = DeliveryStatus.ACCEPTED if arrived else DeliveryStatus.PENDING
    return _end(mailing, Ruling(status=status, reason=reason, words=str(by or "")), by, among)


def keep_looking() -> None:
    """One round: opens the search for new doubts, has them looked for, and ends with the rule what was not found."""
    sql.run(__package__, "open_doubts")
    readable = Q(delivery__mailing__account__sent_folder__is_refused=False)
    due = Doubt.objects.filter(readable, look_at__lte=Now())
    for account_id in due.values_list("delivery__mailing__account", flat=True).distinct():
        queue.defer("look_for_doubts", account_id=account_id, once=f"look-{account_id}")
    _apply_rules()


def look(account_id: int) -> None:
    """Looks for the doubts of an account that are due, once. One mailbox at a time in a process: it may hang."""
    if not _looking.acquire(blocking=False):
        return  # the next round comes in seconds
    try:
        _look(account_id)
    finally:
        _looking.release()


def look_again(account: MailAccount) -> None:
    """Its folder can be read now, or another one: what could not be found is looked for once more."""
    Doubt.objects.filter(delivery__mailing__account=account).update(look_at=Now())


def leave_to_people() -> None:
    """Of a restored backup: what was in doubt then may have been settled since, so no rule sends it."""
    sql.run(__package__, "open_doubts")
    Doubt.objects.filter(left_at__isnull=True).update(left_at=Now())


def _look(account_id: int) -> None:
    sent = SentFolder.objects.select_related("account").filter(account=account_id, is_refused=False).first()
    if sent is None:
        return
    claimed = [row[0] for row in sql.run(__package__, "claim_looks", account=account_id, limit=AT_ONCE)]
    doubts = list(Doubt.objects.filter(pk__in=claimed).select_related("delivery"))
    if not doubts:
        return
    if not connection.in_atomic_block:
        connection.close()  # back to the pool: a slow mailbox must not keep it from others
    looked = _looked(sent, [doubt.delivery.message_id for doubt in doubts])
    sent_folder.note(sent, looked)
    now = allowance.now()
    for doubt in doubts:
        _take(doubt, looked, now)


def _looked(sent: SentFolder, message_ids: Sequence[str]) -> Looked:
    try:
        server = sent_folder.server_of(sent)
    except crypto.SealBroken:
        return Looked(trouble=Trouble(reason="seal_broken", is_refusal=True))
    return sent_folder.look(server, sent.name, message_ids)


def _take(doubt: Doubt, looked: Looked, now: datetime) -> None:
    """What a look says of one of those it was for."""
    message_id = doubt.delivery.message_id
    if message_id in looked.found:
        words = _where(looked.folder, looked.found[message_id])
        settle(doubt.delivery, Evidence(kind=EvidenceKind.SENT_FOLDER, message_id=message_id, words=words))
    elif message_id in looked.absent:
        again = looking.next_look(doubt.since, now)
        Doubt.objects.filter(pk=doubt.pk).update(look_at=again, looked_at=now, absent_from=looked.folder)
    else:
        Doubt.objects.filter(pk=doubt.pk).update(look_at=looking.next_try(doubt.since, now))


def _where(folder: str, found: Found) -> str:
    """For the event, whatever the reader's language and clock: the server's own time, in UTC."""
    at = found.at.strftime("%Y-%m-%d %H:%M:%S %z") if found.at else "?"
    return f"{folder} · UID {found.uid} · {at}"


def _apply_rules() -> None:
    by_mailing: dict[Mailing, list[Doubt]] = defaultdict(list)
    for doubt in _to_rule()[:MOST]:
        by_mailing[doubt.delivery.mailing].append(doubt)
    for mailing, doubts in by_mailing.items():
        resends = mailing.company.doubt_rule == DoubtRule.RESEND and mailing.status != MailingStatus.CANCELLED
        if resends:
            ruling = Ruling(status=DeliveryStatus.PENDING, reason="rule_says_resend")
            _end(mailing, ruling, None, [doubt.delivery_id for doubt in doubts])
        else:
            Doubt.objects.filter(pk__in=[doubt.pk for doubt in doubts]).update(left_at=Now())


def _to_rule() -> QuerySet[Doubt]:
    """For which all evidence that there could be has been looked for."""
    readable = SentFolder.objects.filter(account=OuterRef("delivery__mailing__account"), is_refused=False)
    looked = Q(look_at__isnull=True) | ~Exists(readable) | Q(since__lte=Now() - looking.RULE_ANYWAY)
    open_still = Doubt.objects.filter(looked, left_at__isnull=True, since__lte=Now() - looking.RULE)
    return open_still.select_related("delivery__mailing__company").order_by("pk")


@transaction.atomic
def _end(mailing: Mailing, ruling: Ruling, by: User | None, among: Sequence[int] | None) -> int:
    status = lifecycle.locked(mailing)
    goes_again = ruling.status == DeliveryStatus.PENDING
    if goes_again and status == MailingStatus.CANCELLED:
        ruling = replace(ruling, status=DeliveryStatus.WITHDRAWN)
    settled = outcomes.settle(mailing.pk, ruling, among)
    if settled:
        arrived = ruling.status == DeliveryStatus.ACCEPTED
        audit.record(mailing, "settle", by, number=mailing.number, arrived=arrived, mails=len(settled))
    if settled and goes_again and status in {MailingStatus.SENDING, MailingStatus.FINISHED}:
        lifecycle.go_on(mailing, by)
    return len(settled)
