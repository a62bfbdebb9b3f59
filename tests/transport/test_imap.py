"""Reading a mailbox, in a real Dovecot; what no honest server does, from a socket that says what the test wants."""

import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from socket import create_server
from time import monotonic

import pytest

from cartero.transport import imap
from cartero.transport.granting import Denied
from cartero.transport.imap import Folder, ImapServer, Mailbox, Trouble
from cartero.transport.presets import Security
from cartero.transport.replies import Pause, Stop
from tests.dovecot import PASSWORD, USER, Dovecot

OURS = "<7.3@valle.example.co>"


@pytest.fixture(scope="module")
def dovecot(authority):
    server = Dovecot(folders={"Sent": "\\Sent", "Años &AOE- y m/á&s": ""}, pem=authority.issue("127.0.0.1")).start()
    yield server
    server.stop()


def at(dovecot, **fields):
    known = {"host": "127.0.0.1", "port": dovecot.port, "security": Security.NONE, "username": USER}
    return ImapServer(**(known | {"password": PASSWORD, "private_allowed": True, "seconds": 10} | fields))


@contextmanager
def entered(server):
    mailbox = imap.connect(server)
    assert isinstance(mailbox, Mailbox), mailbox
    yield mailbox
    mailbox.close()


def sent(mailbox):
    return next(folder for folder in mailbox.folders() if "\\sent" in folder.flags)


def test_a_mail_is_found_by_its_message_id(dovecot):
    dovecot.keep("Sent", OURS)
    with entered(at(dovecot)) as mailbox:
        mailbox.open(sent(mailbox))
        found = mailbox.find(OURS)
        assert found.uid == 1
        assert found.at is not None
        assert mailbox.find("<7.4@valle.example.co>") is None


@pytest.mark.parametrize(
    "other", ["<17.31@valle.example.co>", "<x<17.31@valle.example.co>", "<17.31@valle.example.co.evil.example.com>"]
)
def test_an_id_that_only_holds_the_one_we_look_for_is_another(dovecot, other):
    """IMAP's HEADER finds what holds a text (RFC 3501, 6.4.4)."""
    dovecot.keep("Sent", other)
    looked_for = "17.31@valle.example.co"
    with entered(at(dovecot)) as mailbox:
        mailbox.open(sent(mailbox))
        assert mailbox.find(looked_for) is None
        assert mailbox.find(f"<{looked_for}") is None


def test_a_mail_of_another_folder_is_not_there(dovecot):
    dovecot.keep("INBOX", "<9.9@valle.example.co>")
    with entered(at(dovecot)) as mailbox:
        mailbox.open(sent(mailbox))
        assert mailbox.find("<9.9@valle.example.co>") is None


def test_folders_are_named_as_a_person_reads_them(dovecot):
    with entered(at(dovecot)) as mailbox:
        names = {folder.name: folder for folder in mailbox.folders()}
        odd = next(folder for name, folder in names.items() if folder.last == "á&s")
        mailbox.open(odd)
    assert {"INBOX", "Sent"} < names.keys()


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_it_goes_under_tls(dovecot, trusted, security):
    port = dovecot.tls_port if security == Security.TLS else dovecot.port
    with entered(at(dovecot, port=port, security=security)) as mailbox:
        assert sent(mailbox).name == "Sent"


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_nobody_vouches_for_is_not_believed(dovecot, security):
    port = dovecot.tls_port if security == Security.TLS else dovecot.port
    assert imap.connect(at(dovecot, port=port, security=security)).reason == "certificate_unknown"


def test_a_refused_login_says_so_and_hides_the_password(dovecot):
    trouble = imap.connect(at(dovecot, password="otra clave"))
    assert (trouble.reason, trouble.is_refusal) == ("login_refused", True)
    assert "otra clave" not in repr(trouble) + repr(at(dovecot, password="otra clave"))


def test_an_access_token_opens_it(dovecot):
    with entered(at(dovecot, password="", bearer=dovecot.token)) as mailbox:
        assert sent(mailbox).name == "Sent"


def test_a_token_that_has_ended_is_refused(dovecot):
    trouble = imap.connect(at(dovecot, bearer=lambda: dovecot.token(seconds=-60)))
    assert (trouble.reason, trouble.is_refusal) == ("token_refused", True)


@pytest.mark.parametrize(
    ("verdict", "is_refusal"), [(Stop(reason="leave_ended"), True), (Pause(reason="authority_away"), False)]
)
def test_no_token_no_login(dovecot, verdict, is_refusal):
    trouble = imap.connect(at(dovecot, bearer=lambda: Denied(verdict=verdict, detail="gone")))
    assert trouble == Trouble(reason=verdict.reason, reply="gone", is_refusal=is_refusal)


def test_a_folder_that_is_not_there_is_no_crash(dovecot):
    with entered(at(dovecot)) as mailbox, pytest.raises(imap.TroubleError) as error:
        mailbox.open(Folder(wire=b"Nada", name="Nada", last="Nada", flags=frozenset()))
    assert error.value.trouble.reason == "mailbox_unreadable"


# Where we may connect to.

PLACES = [
    ("127.0.0.1", 993, ["127.0.0.1"]),
    ("imap.example.com", 993, ["10.0.0.7"]),
    ("imap.example.com", 993, ["169.254.169.254"]),
    ("imap.example.com", 587, ["93.184.216.34"]),  # no port of IMAP
]


@pytest.mark.parametrize(("host", "port", "addresses"), PLACES)
def test_a_private_place_is_refused_before_a_byte_goes(host, port, addresses):
    server = ImapServer(host=host, port=port, username=USER, lookup=lambda *_place: addresses)
    assert imap.connect(server) == Trouble(reason="mailbox_forbidden")


def test_a_name_is_resolved_once(dovecot):
    asked = []

    def lookup(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with entered(at(dovecot, host="imap.example.com", lookup=lookup)):
        assert asked == ["imap.example.com"]


# What no honest server does.


@contextmanager
def saying(*pieces, closes=True, heard=None):
    """A server that greets with the first piece, and answers each line with the next; TAG is the line's own."""
    listening = create_server(("127.0.0.1", 0))
    over = threading.Event()
    heard = [] if heard is None else heard

    def serve():
        line, _address = listening.accept()
        with line, suppress(OSError):
            tag = b""
            for piece in pieces:
                line.sendall(piece.replace(b"TAG", tag))
                heard.append(b"" if piece is pieces[-1] else line.recv(4_096))
                tag = heard[-1].partition(b" ")[0]
            if not closes:
                over.wait(10)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield ImapServer(
        host="127.0.0.1", port=listening.getsockname()[1], security=Security.NONE, username=USER, password=PASSWORD,
        private_allowed=True, seconds=1,
    )  # fmt: skip
    over.set()
    listening.close()
    thread.join(5)


STRANGE = [
    ((b"HTTP/1.1 400 Bad Request\r\n\r\n",), "not_a_mail_server"),
    ((b"\x15\x03\x01\x00\x02\x02",), "no_answer"),  # a TLS alert, and it closes
    ((b"* BYE too many connections\r\n",), "no_answer"),
    ((b"* OK hello\r\n",), "no_answer"),
    ((b"* OK hello\r\n", b"* BYE gone\r\n"), "no_answer"),
]


@pytest.mark.parametrize(("pieces", "reason"), STRANGE)
def test_what_is_no_mailbox_is_told(pieces, reason):
    with saying(*pieces) as server:
        assert imap.connect(server).reason == reason


@pytest.mark.parametrize("pieces", [(b"",), (b"* OK",), (b"* OK hello\r\n", b"* CAPAB")])
@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
def test_a_server_that_hangs_is_left(pieces, security):
    began = monotonic()
    with saying(*pieces, closes=False) as server:
        assert imap.connect(replace(server, security=security)).reason in {"no_answer", "tls_broken"}
    assert monotonic() - began < 5


def test_a_server_that_talks_for_ever_is_left():
    with saying(b"* OK hello\r\n", b"* 1 EXISTS\r\n" * (imap.MOST_BYTES // 12 + 1), closes=False) as server:
        assert imap.connect(replace(server, seconds=5)).reason == "no_answer"


def test_a_password_is_not_said_in_clear_where_tls_was_asked_for():
    heard = []
    with saying(b"* OK hello\r\n", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done\r\n", heard=heard) as server:
        assert imap.connect(replace(server, security=Security.STARTTLS)).reason == "no_starttls"
    assert b"AUTHENTICATE" not in b"".join(heard)


def test_a_mailbox_that_says_it_cannot_now_is_no_refusal():
    capable, busy = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n", b"TAG NO [UNAVAILABLE] later\r\n"
    with saying(b"* OK hello\r\n", capable, busy) as server:
        trouble = imap.connect(replace(server, password="clave"))
    assert (trouble.reason, trouble.is_refusal) == ("login_busy", False)


def test_a_password_that_its_server_repeats_is_hidden():
    capable = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
    with saying(b"* OK hello\r\n", capable, b"TAG NO LOGIN clave-secreta failed\r\n") as server:
        trouble = imap.connect(replace(server, password="clave-secreta"))
    assert trouble == Trouble(reason="login_refused", reply="LOGIN *** failed", is_refusal=True)
