"""Readers that die in each way a real one has, for tests of `child`."""

import os
import signal
from collections.abc import Iterator

from cartero.importing.parcels import Begun, Resume

FILES = ("a", "b", "c", "d")


def dies(how: str, at: str, resume: Resume) -> Iterator[object]:
    """Reads FILES one after another; `at` is the one that kills it."""
    for position, file in enumerate(FILES):
        if position < resume.start:
            continue
        yield Begun(position=position, file=file)
        if file == at or at == "all":
            _die(how)
        yield file


def _die(how: str) -> None:
    match how:
        case "abort":
            os.abort()
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "memory":
            bytearray(2 * 1024**3)
        case "error":
            raise ZeroDivisionError


def dies_at_once(resume: Resume) -> Iterator[object]:
    os.abort()
    yield resume


def environment(resume: Resume) -> Iterator[object]:
    yield from sorted(os.environ)


def many(count: int, resume: Resume) -> Iterator[object]:
    yield from range(count)
