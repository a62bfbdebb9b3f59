"""What only several answers together tell: whose fault it is when all fail alike. Values in, values out."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cartero.transport.pacing import GIVE_UP_AFTER
from cartero.transport.replies import Fail, Later, Pause, Sent, Stop, Verdict

BROKEN_IN_A_ROW = 3
CONTENT_IN_A_ROW = 5
REFUSED_IN_A_ROW = CLOSED_IN_A_ROW = 10
REFUSED = frozenset({"recipient_refused", "request_refused"})
DOMAINS = 3  # ten mailboxes of one company may all be gone; of three companies, not in one row
PATIENCE = timedelta(minutes=15)
ALL_REFUSED = "all_refused"
CONTENT_KEEPS_FAILING = "content_keeps_failing"  # the one stop after mails that have failed

_PASSING = frozenset({"tls_unavailable", "tls_broken", "tls_injected", "login_busy", "mails_refused"})
_BROKEN = frozenset({"line_broke", "odd_reply", "left_over"})
_BREAKING, _REFUSED = Pause(reason="line_keeps_breaking"), Pause(reason="mails_refused")
# An address, a number or an id in the words does not make them other words.
_VARIABLE = re.compile(r"\S+@\S+|<[^>]*>|\b\w*\d\w*\b")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one delivery ended: `key` is the caller's name for it, `text` the server's words."""

    key: int
    verdict: Verdict
    recipient: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class History:
    """The outcomes of one account that still matter, oldest first."""

    broken: int = 0
    closed: int = 0
    content: int = 0
    refused: tuple[tuple[int, str], ...] = ()  # key and domain
    refused_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """The history after an outcome; what it shows beyond the delivery's own verdict, if anything.

    `innocent` are the keys of deliveries that were blamed wrongly, this one among them: they go back to wait.
    """

    history: History
    verdict: Pause | Stop | None = None
    innocent: tuple[int, ...] = ()


def learn(history: History, outcome: Outcome) -> Lesson:
    """Counts one outcome; outcomes come in the order in which they happened."""
    match outcome.verdict:
        case Sent():
            return Lesson(history=History())
        case Later(reason=reason) if reason in _BROKEN:
            return _broken(history, _REFUSED if reason == "left_over" else _BREAKING)
        case Later(reason="closing"):
            return _closed(history)
        case Fail(reason="content_refused"):
            return _content(history)
        case Fail(reason=reason) if reason in REFUSED:
            return _refused(history, outcome)
        case Fail():
            return Lesson(history=History())
        case _:
            return Lesson(history=replace(history, broken=0, closed=0))


def patience(reason: str) -> timedelta:
    """How long a pause for that may last: what no time mends (TLS, the login, mails refused unseen) 15 minutes."""
    return PATIENCE if reason in _PASSING else GIVE_UP_AFTER


def outlast(pause: Pause, paused_since: datetime | None, now: datetime) -> Pause | Stop:
    """A pause that has lasted too long is a stop: a person has to look."""
    if paused_since and now - paused_since >= patience(pause.reason):
        return Stop(reason=pause.reason)
    return pause


def gist(text: str) -> str:
    """A server's words without what differs from one refusal to the next: addresses, numbers, ids."""
    return _VARIABLE.sub("", text).casefold().strip()


def _broken(history: History, pause: Pause) -> Lesson:
    broken = history.broken + 1
    if broken < BROKEN_IN_A_ROW:
        return Lesson(history=replace(history, broken=broken))
    return Lesson(history=replace(history, broken=0), verdict=pause)


def _closed(history: History) -> Lesson:
    closed = history.closed + 1
    if closed < CLOSED_IN_A_ROW:
        return Lesson(history=replace(history, closed=closed, broken=0))
    return Lesson(history=History(), verdict=Pause(reason="server_busy"))


def _content(history: History) -> Lesson:
    content = history.content + 1
    if content < CONTENT_IN_A_ROW:
        return Lesson(history=History(content=content))
    return Lesson(history=History(), verdict=Stop(reason=CONTENT_KEEPS_FAILING))


def _refused(history: History, outcome: Outcome) -> Lesson:
    text = gist(outcome.text)
    before = history.refused if text == history.refused_text else ()
    domain = outcome.recipient.rpartition("@")[2].casefold()
    refused = (*before, (outcome.key, domain))[-REFUSED_IN_A_ROW:]
    if len(refused) < REFUSED_IN_A_ROW or len({domain for _, domain in refused}) < DOMAINS:
        return Lesson(history=History(refused=refused, refused_text=text))
    innocent = tuple(dict.fromkeys(key for key, _ in refused))
    return Lesson(history=History(), verdict=Stop(reason=ALL_REFUSED), innocent=innocent)
