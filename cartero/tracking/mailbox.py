"""The reading mailbox of an account, over IMAP: every mail of it is dealt with once, in order, and none is lost.

What a mail changes, its receipt and how far the folder has been read are one transaction. Only then is it moved.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any, assert_never

from django.conf import settings
from django.db import DataError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from cartero.importing import mailed
from cartero.mailings import return_paths
from cartero.platform import crypto, ids, queue, stopping
from cartero.tracking import finding, reading, recording
from cartero.tracking.feedback import ANSWERS, Feedback, Kind
from cartero.tracking.finding import SLACK, WINDOW
from cartero.tracking.reading import Reading
from cartero.tracking.recording import ComeAgain, Taken
from cartero.transport import idling, imap, sent_folder
from cartero.transport.imap import Folder, Mailbox, Trouble, TroubleError
from cartero.transport.models import ReadingMailbox

MOST_MAILS = 500  # of one conversation
MOST_AT_ONCE = 50  # that are fetched with one question
MOST_BYTES = 16_000_000  # of those, together, unless one alone is larger
MOST_TALK = 160_000_000  # bytes of a conversation
TALK_SECONDS = 240  # of a conversation, whatever a server does
IDLE_SECONDS = 50  # of it, in which what comes is read at once

_waiting = Lock()


@dataclass(kw_only=True)
class Tally:
    """What a reading found. `left`: there is more; `waits`: a mail that it is of is in mid-air, so it ended there."""

    counts: Counter[str] = field(default_factory=lambda: Counter({"mails": 0, "unmatched": 0, "moved": 0}))
    left: bool = False
    waits: bool = False
    trouble: Trouble | None = None


@dataclass(frozen=True, kw_only=True)
class _Mail:
    uid: int
    validity: int
    content: bytes = field(repr=False)
    arrived: datetime


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """`target`: where what was dealt with goes, if anywhere."""

    mailbox: Mailbox
    validity: int
    target: Folder | None
    can_move: bool


def read_all(box: ReadingMailbox) -> Tally:
    """Reads until nothing is left; all conversations in one tally."""
    tally = Tally()
    while True:
        tally.left = False
        _read_into(box, tally)
        if tally.trouble or tally.waits or not tally.left:
            return tally


def defer_due() -> None:
    """A job for each mailbox that can be read, and that nobody reads."""
    for pk in _free().values_list("pk", flat=True):
        queue.defer("read_mailbox", mailbox_id=pk, once=f"read-{pk}")


def watch(mailbox_id: int, is_over: Callable[[], bool] = stopping.is_asked) -> bool:
    """Reads, and waits a while for what comes then, where the server tells of it; whether there is more to read.

    One worker at a time, by the database's clock, and one mailbox at a time in a process: waiting keeps a thread.
    """
    if not _free().filter(pk=mailbox_id).update(watched_until=Now() + timedelta(seconds=TALK_SECONDS)):
        return False
    box = ReadingMailbox.objects.select_related("account__company").get(pk=mailbox_id)
    tally = Tally()
    may_wait = _waiting.acquire(blocking=False)
    try:
        tally.trouble = _converse(box, lambda opened: _watch(box, opened, tally, is_over if may_wait else None))
        _note(box, tally.trouble, {"read_at": Now()})
    finally:
        if may_wait:
            _waiting.release()
        ReadingMailbox.objects.filter(pk=mailbox_id).update(watched_until=None)
    return tally.left and not tally.trouble


def _free() -> QuerySet[ReadingMailbox]:
    return ReadingMailbox.objects.filter(
        Q(watched_until__isnull=True) | Q(watched_until__lt=Now()), is_refused=False, account__is_active=True
    )


def _watch(box: ReadingMailbox, opened: _Opened, tally: Tally, is_over: Callable[[], bool] | None) -> None:
    """Reads at once, and again each time that something has come."""
    until = monotonic() + IDLE_SECONDS
    _read(box, opened, tally)
    if is_over is None or not opened.mailbox.can("IDLE"):
        return
    while not tally.left and not tally.waits and (seconds := until - monotonic()) > 0:
        if not connection.in_atomic_block:
            connection.close()
        if not idling.wait(opened.mailbox, seconds, is_over):
            return
        _read(box, opened, tally)


def probe(box: ReadingMailbox) -> Trouble | None:
    """*Probar*: logs in and opens the folders, for real; what came of it is kept with it."""
    trouble = _converse(box, lambda _opened: None)
    _note(box, trouble, {})
    return trouble


def _read_into(box: ReadingMailbox, tally: Tally) -> None:
    tally.trouble = _converse(box, lambda opened: _read(box, opened, tally))
    _note(box, tally.trouble, {"read_at": Now()})


def _converse(box: ReadingMailbox, talk: Callable[[_Opened], None]) -> Trouble | None:
    if not connection.in_atomic_block:
        connection.close()  # back to the pool: a slow mailbox must not keep it from others
    try:
        server = sent_folder.server_of(box)
    except crypto.SealBroken:
        return Trouble(reason="seal_broken", is_refusal=True)
    mailbox = imap.connect(replace(server, most_bytes=MOST_TALK, seconds=TALK_SECONDS * settings.SMTP_TIMEOUT_SCALE))
    if isinstance(mailbox, Trouble):
        return mailbox
    try:
        opened = _open(box, mailbox)
        talk(opened)
    except TroubleError as error:
        return error.trouble
    finally:
        mailbox.close()
    return Trouble(reason="cannot_move") if opened.target and not opened.can_move else None


def _open(box: ReadingMailbox, mailbox: Mailbox) -> _Opened:
    folders = mailbox.folders()
    folder = _chosen(folders, box.folder, "no_reading_folder")
    target = _chosen(folders, box.moved_to, "no_moving_folder") if box.moved_to else None
    can_move = target is not None and mailbox.can("MOVE")
    validity = mailbox.open(folder, to_move=can_move)
    return _Opened(mailbox=mailbox, validity=validity, target=target, can_move=can_move)


def _chosen(folders: Sequence[Folder], name: str, otherwise: str) -> Folder:
    found = imap.named(folders, name)
    if found is None:
        raise TroubleError(Trouble(reason=otherwise, reply=", ".join(each.name for each in folders)[:300]))
    return found


def _read(box: ReadingMailbox, opened: _Opened, tally: Tally) -> None:
    last = _begin(box, opened.validity)
    _move(box, opened, tally)  # what was dealt with, and its reader died
    uids = [uid for uid in opened.mailbox.search("UID", f"{last + 1}:*") if uid > last]
    for some in _batches(opened.mailbox, uids[:MOST_MAILS]):
        for mail in _fetch(opened, some):
            if not _take(box, mail, tally):
                tally.waits = True
                break
        _move(box, opened, tally)
        if tally.waits:
            return
    tally.left = len(uids) > MOST_MAILS


@transaction.atomic
def _begin(box: ReadingMailbox, validity: int) -> int:
    """How far it has been read. A folder that was made again begins anew; receipts know its mails by their bytes."""
    row = ReadingMailbox.objects.select_for_update().get(pk=box.pk)
    if row.uid_validity != validity:
        row.uid_validity, row.last_uid, row.to_move = validity, 0, []
        row.save(update_fields=["uid_validity", "last_uid", "to_move"])
    return row.last_uid


def _batches(mailbox: Mailbox, uids: Sequence[int]) -> Iterator[list[int]]:
    """In order, so many at once as do no harm to the memory."""
    sizes = {uid: imap.size_in(words) for uid, words, _content in mailbox.fetch(uids, "RFC822.SIZE")} if uids else {}
    some: list[int] = []
    weight = 0
    for uid in sorted(sizes):
        size = min(sizes[uid], reading.LARGEST)
        if some and (len(some) == MOST_AT_ONCE or weight + size > MOST_BYTES):
            yield some
            some, weight = [], 0
        some.append(uid)
        weight += size
    if some:
        yield some


def _fetch(opened: _Opened, uids: Sequence[int]) -> Iterator[_Mail]:
    """Without marking them as read."""
    now = timezone.now()
    fetched = opened.mailbox.fetch(uids, f"INTERNALDATE BODY.PEEK[]<0.{reading.LARGEST}>")
    for uid, words, content in sorted(fetched):
        put = imap.put_at(words)
        yield _Mail(uid=uid, validity=opened.validity, content=content, arrived=min(put, now) if put else now)


def _take(box: ReadingMailbox, mail: _Mail, tally: Tally) -> bool:
    """Whether it was dealt with; else it has to wait, and all behind it."""
    told = reading.read(mail.content)
    if told.files:  # before it counts as read: an event that is here already stays once
        files = {f"{n} {each.name}": each.content for n, each in enumerate(told.files, 1)}
        tally.counts["events"] += mailed.import_events(box.account.company, files)
    try:
        tally.counts.update(_deal(box, mail, told))
    except ComeAgain:
        return False
    except (DataError, ValueError):  # bytes that no database takes: one mail must not stop all behind it
        tally.counts.update(_deal(box, mail, Reading(set_aside="unreadable")))
    return True


@transaction.atomic
def _deal(box: ReadingMailbox, mail: _Mail, told: Reading) -> Counter[str]:
    """Writes what a mail says, and that it was read. Raises ComeAgain."""
    counts: Counter[str] = Counter()
    row = ReadingMailbox.objects.select_for_update().select_related("account__company").get(pk=box.pk)
    if row.uid_validity != mail.validity or row.last_uid >= mail.uid:
        return counts  # somebody else read it, or it is another folder now
    counts["mails"] += 1
    said = _said(told, mail)
    taken = [_settle(row, mail, feedback, n) for n, feedback in enumerate(said)]
    counts.update(word for word, _is_ours in taken)
    row.last_uid = mail.uid
    is_of_a_program = all(each.kind != Kind.REPLIED for each in said)
    if row.moved_to and is_of_a_program and any(is_ours for _word, is_ours in taken):
        row.to_move.append(mail.uid)
    row.save(update_fields=["last_uid", "to_move"])
    return counts


def _settle(row: ReadingMailbox, mail: _Mail, feedback: Feedback, position: int) -> tuple[str, bool]:
    """How it is counted, and whether it is of a mail of ours."""
    now = timezone.now()
    if feedback.kind in ANSWERS and finding.find(row.account, feedback, now) is None:
        return "other", False  # somebody's mail, and none of ours
    taken = recording.take(row.account, feedback, f"{ids.sha256(mail.content)}\n{position}", now)
    match taken:
        case Taken.STRANGE:
            return "unmatched", False
        case Taken.REPEATED:
            return "repeated", finding.find(row.account, feedback, now) is not None
        case Taken.CHANGED | Taken.IDLE:
            return feedback.kind.value, True
        case _:
            assert_never(taken)


def _said(told: Reading, mail: _Mail) -> list[Feedback]:
    if told.set_aside:
        return [Feedback(kind=Kind.UNREADABLE, diagnostic=told.set_aside, at=mail.arrived)]
    return [_dated(_plain(_by_whom(each)), mail.arrived) for each in told.feedback]


def _by_whom(feedback: Feedback) -> Feedback:
    """Programs answer to where a mail is returned to (RFC 3834, 4); people never see that address."""
    is_to_mark = any(return_paths.read(mark) is not None for mark in feedback.marks)
    is_program = feedback.kind == Kind.REPLIED and is_to_mark
    return replace(feedback, kind=Kind.AUTO_REPLIED, text="") if is_program else feedback


def _dated(feedback: Feedback, arrived: datetime) -> Feedback:
    """Clocks of others are wrong as often as not: what cannot be true is when it came."""
    is_likely = feedback.at is not None and arrived - WINDOW <= feedback.at <= arrived + SLACK
    return feedback if is_likely else replace(feedback, at=arrived)


def _plain(feedback: Feedback) -> Feedback:
    """Without what no database keeps: a zero byte, half a character."""
    changed: dict[str, Any] = {}
    for each in fields(feedback):
        value = getattr(feedback, each.name)
        if isinstance(value, tuple):
            changed[each.name] = tuple(_text(text) for text in value)
        elif type(value) is str:
            changed[each.name] = _text(value)
    return replace(feedback, **changed)


def _text(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _move(box: ReadingMailbox, opened: _Opened, tally: Tally) -> None:
    """To the folder of choice. What is not there any more was moved before."""
    if not opened.target or not opened.can_move:
        return
    uids = ReadingMailbox.objects.filter(pk=box.pk, uid_validity=opened.validity).values_list("to_move", flat=True)
    moved = list(uids[0]) if uids else []
    if not moved:
        return
    opened.mailbox.move(moved, opened.target)
    tally.counts["moved"] += len(moved)
    with transaction.atomic():
        row = ReadingMailbox.objects.select_for_update().get(pk=box.pk)
        row.to_move = [uid for uid in row.to_move if uid not in set(moved)]
        row.save(update_fields=["to_move"])


def _note(box: ReadingMailbox, trouble: Trouble | None, more: dict[str, Any]) -> None:
    """A refused login is not tried again until somebody changes it."""
    facts: dict[str, Any] = {
        "trouble": trouble.reason if trouble else "",
        "trouble_reply": trouble.reply if trouble else "",
        "is_refused": trouble is not None and trouble.is_refusal,
    }
    ReadingMailbox.objects.filter(pk=box.pk).update(**(facts if trouble else facts | more))
