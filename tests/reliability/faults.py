"""What a fault does, and when: installed by the tests in the processes they start, around the ten steps of a delivery.

1 claimed · 2 documents made · 3 mail composed · 4 connection open · 5 `transmitting` committed · 6 RCPT answered ·
7 DATA answered 354 · 8 dot written · 9 reply read · 10 outcome committed. Every wrapper calls what it wraps.
"""

import datetime
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import dj_database_url
import procrastinate.utils
from django.conf import settings
from django.utils import timezone

from cartero.cli import watchdog
from cartero.composing import mime
from cartero.mailings import making, outcomes, sending
from cartero.platform import sql
from cartero.transport import smtp
from cartero.transport.line import Line
from cartero.transport.opening import NotConnected
from cartero.transport.replies import Stage

STEPS = range(1, 11)


class Passage:
    """Counts how often each step is passed, and acts the `nth` time that `step` is, `delay` seconds later."""

    def __init__(self, step: int, nth: int, action: str, delay: float = 0) -> None:
        self.step, self.nth, self.action, self.delay = step, nth, action, delay
        self.passed: Counter[int] = Counter()
        self.lock = threading.Lock()

    def at(self, step: int) -> None:
        with self.lock:
            self.passed[step] += 1
            if step != self.step or self.passed[step] != self.nth:
                return
        if self.delay:
            threading.Timer(self.delay, act, [self.action]).start()
        else:
            act(self.action)


def act(action: str) -> None:
    match action:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "freeze":
            os.kill(os.getpid(), signal.SIGSTOP)
        case "abort":
            os.abort()
        case "memory":
            hoard: list[bytes] = []
            while True:
                hoard.append(b"x" * 50_000_000)
        case "loop":
            while True:
                pass
        case "hold":  # in a loop that never lets go of Python
            re.match(r"(x+x+)+y", "x" * 60)
        case _:
            raise ValueError(action)


def install(orders: dict[str, Any]) -> None:
    """`fault`: a Passage's parameters. `poison`: an action for the mails to one address. `shift`: seconds of the clock.

    `rewrite`: statements with other words. `patience`: of the watchdog. `make_seconds`: for one mail.
    """
    if "fault" in orders:
        _watch(Passage(**orders["fault"]))
    if "poison" in orders:
        _poison(**orders["poison"])
    if "shift" in orders:
        _shift(orders["shift"])
    if "rewrite" in orders:
        _rewrite(orders["rewrite"])
    watchdog.ANSWER = orders.get("answer", watchdog.ANSWER)
    watchdog.PATIENCE = orders.get("patience", watchdog.PATIENCE)
    sending.MAKE_SECONDS = orders.get("make_seconds", sending.MAKE_SECONDS)


def go_to(orders: dict[str, Any]) -> None:
    """`host` or `url`: another way to the database, or another database."""
    database = settings.DATABASES["default"]
    if "host" in orders:
        database["OPTIONS"]["host"] = database["HOST"] = orders["host"]
        os.environ["DATABASE_URL"] = re.sub(r"host=.*", f"host={quote(orders['host'], safe='')}", settings.DATABASE_URL)
    if "url" in orders:
        os.environ["DATABASE_URL"] = orders["url"]
        database["NAME"] = dj_database_url.parse(orders["url"])["NAME"]


def _after(owner: Any, name: str, passed: Callable[..., None]) -> None:
    """Lets `passed` know, after each call of `owner.name`, its result and arguments."""
    real = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        passed(result, *arguments)
        return result

    setattr(owner, name, wrapped)


def _watch(passage: Passage) -> None:
    composed = mime.compose

    def compose(*arguments: Any) -> Any:
        passage.at(2)
        return composed(*arguments)

    mime.compose = compose
    at_reply = {Stage.RCPT: 6, Stage.DATA: 7, Stage.END: 9}
    _after(outcomes, "claim", lambda claimed, *_: [passage.at(1) for _ in claimed[:1]])
    _after(mime, "compose", lambda *_: passage.at(3))
    _after(smtp, "connect", lambda opened, *_: isinstance(opened, NotConnected) or passage.at(4))
    _after(outcomes, "transmitting", lambda mine, *_: [passage.at(5) for _ in list(mine)[:1]])
    _after(Line, "reply", lambda _reply, _line, stage, *_: stage in at_reply and passage.at(at_reply[stage]))
    _after(Line, "write_mail", lambda *_: passage.at(8))
    _after(outcomes, "record", lambda done, *_: [passage.at(10) for _ in list(done)[:1]])


def _poison(to: str, action: str) -> None:
    make = making.make

    def poisoned(order: Any, kit: Any) -> Any:
        if to in order.to:
            act(action)
        return make(order, kit)

    making.make = poisoned


def _shift(seconds: float) -> None:
    """This process believes in another time. What it writes by the database's clock must not show it."""
    wall = time.time
    delta = datetime.timedelta(seconds=seconds)
    time.time = lambda: wall() + seconds
    real_now, real_utcnow = timezone.now, procrastinate.utils.utcnow
    timezone.now = lambda: real_now() + delta
    procrastinate.utils.utcnow = lambda: real_utcnow() + delta


def _rewrite(changes: dict[str, dict[str, str]]) -> None:
    """Each statement by name, with what stands in the place of some of its words."""
    read = sql.text

    def text(package: str, name: str) -> str:
        words = read(package, name)
        for old, new in changes.get(name, {}).items():
            assert old in words, words
            words = words.replace(old, new)
        return words

    sql.text = text
