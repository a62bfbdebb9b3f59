"""What a worker says, where it cannot be written."""

import contextlib
import errno
import logging

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
