import logging
import smtplib
import sys

import pytest

from cartero.platform.logs import Line

LINES = [
    ("Forbidden: %s", "/proveedor/abcdefghijklmnopqrstuv/", "Forbidden: /proveedor/…/"),
    ("404 path=%r", "/v/abcdefghij.klmnopqrstuvw:xyz/pdf/", "404 path='/v/…/pdf/'"),
    ("Not Found: %s", "/facturas/12345/", "Not Found: /facturas/12345/"),
    ("not mailed to %s", "ana.perez+x@valle.example.co", "not mailed to a…@valle.example.co"),
    ("%s", "a@b.co, <ñandú@example.com>", "a…@b.co, <ñ…@example.com>"),
    ("%s", "one\r\n2026-11-29 ERROR forged\u2028\x1b[2J", "one\\r\\n2026-11-29 ERROR forged\\u2028\\x1b[2J"),
]


@pytest.mark.parametrize(("words", "fact", "line"), LINES)
def test_what_a_line_tells(words, fact, line):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, words, (fact,), None)
    assert Line().format(record) == line


def test_a_traceback_is_one_line_and_names_nobody():
    try:
        raise smtplib.SMTPRecipientsRefused({"ana@valle.example.co": (550, b"no")})
    except smtplib.SMTPException:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "not mailed", (), sys.exc_info())
    told = Line().format(record)
    assert "a…@valle.example.co" in told
    assert "ana@" not in told
    assert "\n" not in told
