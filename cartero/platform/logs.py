"""What the log tells: an event is a line, and nobody is given away who reads it."""

import logging
import re

# A part of a path as long as no word or number of ours is: it opens what it opens for whoever reads it.
_SECRET = re.compile(r"(?<=/)[\w:.~%+=-]{20,}(?=/|$|\?)")
_ADDRESS = re.compile(r"([\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]*@(?=[\w-]+\.[\w.-]*\w)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Line(logging.Formatter):
    """Addresses as `a…@example.com`, secrets in paths as `…`, breaks and other control characters as `\\n`."""

    def format(self, record: logging.LogRecord) -> str:
        told = _ADDRESS.sub(r"\1…@", _SECRET.sub("…", super().format(record)))
        return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), told)
