"""What the log does not tell: an address with a secret in it opens what it opens for whoever reads it."""

import logging
import re

# A part of a path as long as no word or number of ours is.
_SECRET = re.compile(r"(?<=/)[\w:.~%+=-]{20,}(?=/|$|\?)")


class WithoutSecrets(logging.Filter):
    """Of requests that are refused, as Django tells them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_hidden(each) if isinstance(each, str) else each for each in record.args)
        return True


def _hidden(path: str) -> str:
    return _SECRET.sub("…", path) if path.startswith("/") else path
