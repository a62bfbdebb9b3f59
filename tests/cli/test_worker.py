"""What a worker lives through."""

import asyncio
import contextlib
import errno
import logging

import pytest

from cartero.cli import worker


class Full:
    """A log on a disk without room."""

    encoding, errors = "utf-8", "strict"

    def write(self, _words: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_on_a_full_disk_does_not_end_it():
    error = OSError(errno.ENOSPC, "No space left on device")
    record = logging.LogRecord("cartero", logging.ERROR, "", 0, "", None, (OSError, error, None))
    with contextlib.redirect_stderr(Full()):
        assert not worker._tells_more(record)


def test_a_wait_for_the_database_that_asyncio_loses_track_of_does_not_end_it():
    with worker._until_lost():
        asyncio.Lock().release()


def test_what_nobody_foresaw_ends_it():
    with pytest.raises(RuntimeError, match="no such thing"), worker._until_lost():
        raise RuntimeError("no such thing")
