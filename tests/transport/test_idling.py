"""What comes into a mailbox is told once: whoever misses that waits for nothing."""

from dataclasses import replace
from time import monotonic

import pytest

from cartero.transport import idling, imap
from tests.dovecot import Dovecot
from tests.transport.test_imap import at, entered, saying, sent

SECONDS = 3.0
GREETED = (b"* OK hello\r\n", b"* CAPABILITY IMAP4rev1 IDLE\r\nTAG OK done\r\n", b"TAG OK in\r\n")


@pytest.fixture(scope="module")
def dovecot():
    server = Dovecot(folders={"Sent": "\\Sent"}).start()
    yield server
    server.stop()


def test_what_came_while_something_else_was_asked(dovecot):
    with entered(at(dovecot)) as mailbox:
        mailbox.open(sent(mailbox))
        assert not idling.wait(mailbox, 0, lambda: False)
        dovecot.keep("Sent", "<1@valle.example.co>")
        mailbox.search("ALL")  # its answer tells of the mail, too
        assert idling.wait(mailbox, SECONDS, lambda: False)
        assert not idling.wait(mailbox, 0, lambda: False)


def test_what_is_told_in_the_same_breath():
    with saying(*GREETED, b"+ idling\r\n* 1 EXISTS\r\n", b"IDLE1 OK done\r\n", closes=False) as server:
        mailbox = imap.connect(replace(server, password="clave", seconds=10))
        began = monotonic()
        assert idling.wait(mailbox, SECONDS, lambda: False)
        assert monotonic() - began < SECONDS / 2
        mailbox.close()
