"""The folder of what was sent: which one it is, and what is in it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from cartero.transport import sent_folder
from cartero.transport.models import SentFolder
from cartero.transport.presets import Security
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.factories import make_account, make_company
from tests.transport.test_imap import at

OURS, OTHER = "<7.3@valle.example.co>", "<7.4@valle.example.co>"


@pytest.fixture(scope="module")
def make_dovecot():
    started = []

    def make(**options):
        started.append(Dovecot(**options).start())
        return started[-1]

    yield make
    with ThreadPoolExecutor() as stopping:  # each takes a second
        list(stopping.map(Dovecot.stop, started))


FOLDERS = [
    ({"Otra cosa": "\\Sent", "Sent": ""}, "", "Otra cosa"),  # its use is surer than its name
    ({"Elementos enviados": ""}, "", "Elementos enviados"),
    ({"Correo/Enviados": "", "Borradores": ""}, "", "Correo/Enviados"),
    ({"Sent Items": "", "Enviados": ""}, "", "Sent Items"),
    ({"Facturas": "", "Sent": "\\Sent"}, "Facturas", "Facturas"),  # the one that she named
    ({"Archivo/Facturas": ""}, "facturas", "Archivo/Facturas"),
]


@pytest.mark.parametrize(("folders", "named", "expected"), FOLDERS, ids=[each[2] for each in FOLDERS])
def test_which_folder_it_is(make_dovecot, folders, named, expected):
    dovecot = make_dovecot(folders=folders)
    dovecot.keep(expected, OURS)
    looked = sent_folder.look(at(dovecot), named, [OURS, OTHER])
    assert (looked.folder, set(looked.found), looked.absent, looked.trouble) == (expected, {OURS}, {OTHER}, None)


@pytest.mark.parametrize("named", ["", "Facturas"])
def test_without_one_it_names_those_there_are(make_dovecot, named):
    looked = sent_folder.look(at(make_dovecot(folders={"Borradores": ""})), named, [OURS])
    assert looked.trouble.reason == "no_sent_folder"
    assert "Borradores" in looked.trouble.reply
    assert not looked.found
    assert not looked.absent  # nobody looked


def test_a_refused_login_finds_nothing_out(make_dovecot):
    looked = sent_folder.look(at(make_dovecot(), password="otra"), "", [OURS])
    assert (looked.trouble.is_refusal, looked.absent) == (True, frozenset())


@pytest.mark.django_db
def test_it_logs_in_as_its_account_but_for_what_is_its_own():
    account = make_account(make_company(), username=USER, host="smtp.gmail.com")
    account.password = PASSWORD
    sent = SentFolder(account=account, host="imap.gmail.com", port=143, security=Security.STARTTLS)
    server = sent_folder.server_of(sent)
    assert (server.username, server.password, server.bearer, server.private_allowed) == (USER, PASSWORD, None, False)
    sent.username, sent.password = "otro", "otra"
    assert (sent_folder.server_of(sent).username, sent_folder.server_of(sent).password) == ("otro", "otra")


@pytest.mark.django_db
def test_an_account_by_consent_reads_it_with_its_token():
    account = make_account(make_company(), username=USER, host="smtp.gmail.com", way="google")
    sent = SentFolder(account=account, host="imap.gmail.com")
    assert sent_folder.server_of(sent).bearer().verdict.reason == "leave_missing"  # nobody has given leave yet
    sent.password = "una propia"
    assert sent_folder.server_of(sent).bearer is None


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["password", "google"])
def test_no_other_provider_learns_how_the_account_logs_in(way):
    account = make_account(make_company(), username=USER, host="smtp.gmail.com", way=way)
    account.password = PASSWORD
    for host in ("imap.evil.example.com", "outlook.office365.com", "imap.gmail.com.evil.example.com"):
        server = sent_folder.server_of(SentFolder(account=account, host=host))
        assert (server.password, server.bearer) == ("", None)
