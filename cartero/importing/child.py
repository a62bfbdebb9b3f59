"""Reads the files of strangers in a process of its own, with little memory and time; goes on behind one that kills it.

A workbook can make its reader abort the process, a PDF or an XML can eat all memory: nothing in Python catches that.
The process is started afresh, never forked, and gets none of our environment: no password is there to be had.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from pkgutil import resolve_name

import django
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cartero.importing.parcels import Begun, Resume
from cartero.importing.refusals import Refusal
from cartero.platform import processors

MEMORY = 1024**3  # bytes
CPU = 120  # seconds a file
SILENCE = 600  # seconds; a process on a busy machine is slow, one that says nothing for so long hangs
MOST_DEATHS = 20
_DONE = "done"


def run(function: str, *args: object, file: str) -> Iterator[object]:
    """What `function(*args, resume)` yields, but for its `Begun`s; a Refusal in the place of each file that kills it.

    `function` is `module:name`; `file` is what to blame when it dies before it says what it reads.
    """
    resume = Resume()
    for _death in range(MOST_DEATHS):
        last: Begun | None = None
        with _Child(function, (*args, resume)) as child:
            for step in child.steps():
                if isinstance(step, Begun):
                    last = step
                else:
                    yield step
            if child.is_done:
                return
        if last is None:
            yield _unreadable(file)
            return
        yield _unreadable(last.file)
        resume = Resume(start=last.position + 1, deadly=resume.deadly | {last.position})
    yield Refusal(
        file=file,
        where=_("archivo"),
        what=_("trae demasiados archivos que no se pueden leer"),
        mend=_("Importe los archivos en grupos más pequeños para saber cuáles son."),
    )


def _unreadable(file: str) -> Refusal:
    return Refusal(
        file=file,
        where=_("archivo"),
        what=_("no se pudo leer: el programa que lo lee tuvo que detenerse"),
        mend=_("Descárguelo otra vez. Si sigue igual, envíeselo a quien administra Cartero."),
    )


class _Child:
    """One process that reads; left, it is killed if it still runs."""

    def __init__(self, function: str, args: tuple[object, ...]) -> None:
        self.is_done = False
        self._here, there = Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(there.fileno())],
            pass_fds=[there.fileno()],
            stdin=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        processors.set_free(self._process.pid)
        there.close()
        self._here.send((function, args, get_language() or "es"))

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.kill()
        self._process.wait()
        self._here.close()

    def steps(self) -> Iterator[object]:
        """Until it is done, dies or falls silent."""
        while self._here.poll(SILENCE):
            try:
                step = self._here.recv()
            except (EOFError, ConnectionError):
                return
            if step == _DONE:
                self.is_done = True
                return
            yield step


def _main() -> None:
    connection: Connection = Connection(int(sys.argv[1]))
    function, args, language = connection.recv()
    _limit()
    _speak(language)
    for step in resolve_name(function)(*args):
        if isinstance(step, Begun):
            _grant_time()
        connection.send(step)
    connection.send(_DONE)


def _limit() -> None:
    with suppress(ValueError):  # macOS does not limit address space
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _grant_time()


def _grant_time() -> None:
    """CPU seconds for the next file, on top of what all before it took."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + CPU, hard))


def _speak(language: str) -> None:
    """Texts in the language of who imports, without the product's settings (and its database)."""
    is_spanish = language.split("-")[0] == "es"  # what the code itself is written in
    locale = str(Path(__file__).parents[1] / "locale")
    settings.configure(USE_I18N=not is_spanish, LANGUAGE_CODE=language, LOCALE_PATHS=[locale])
    django.setup()


if __name__ == "__main__":
    _main()
