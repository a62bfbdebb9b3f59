"""A password of a mail account is in its row, sealed, and in what logs in; nowhere else."""

import base64
import json
import logging
import sys
import traceback

import pytest
import typer
from cryptography.fernet import Fernet
from django.db import connection
from django.views.debug import ExceptionReporter
from typer.testing import CliRunner

from cartero.cli import account as account_commands
from cartero.companies.roles import Role
from cartero.platform import crypto
from cartero.transport import connecting, smtp
from cartero.transport.models import MailAccount
from tests.factories import PASSWORD
from tests.security.crawling import addresses
from tests.security.worlds import SECRET

PLAIN = "\0usuario\0"
FORMS = [SECRET, base64.b64encode(SECRET.encode()).decode(), base64.b64encode((PLAIN + SECRET).encode()).decode()]


def shows(text):
    return [form for form in FORMS if form in str(text)]


@pytest.fixture
def keys(settings):
    """Sets the keys, newest first, as after a restart with other ones."""

    def use(*these):
        settings.ENCRYPTION_KEYS = [key.decode() for key in these]
        crypto._keys.cache_clear()

    yield use
    crypto._keys.cache_clear()


def test_no_page_and_no_form_shows_it(ours):
    sealed = ours.account.password_sealed
    for address in addresses():
        answer = ours.clients[Role.ADMIN].get(address.url(ours))
        page = b"".join(answer) if answer.streaming else answer.content
        assert not shows(page.decode("latin-1")), address.route
        assert sealed.encode() not in page, address.route


def test_a_form_that_is_refused_does_not_give_it_back(ours):
    """What she has just typed, too: the page may be left open, or kept."""
    typed = "otra-clave-que-nadie-ve"
    for url in [address.url(ours) for address in addresses() if address.is_ours]:
        answer = ours.clients[Role.ADMIN].post(url, {"password": typed, "name": "", "host": "x"})
        page = b"".join(answer) if answer.streaming else answer.content
        assert typed.encode() not in page, url
    answer = ours.stranger.post("/entrar/", {"login": "", "password": typed})
    assert typed not in answer.content.decode()


def test_it_lies_sealed(ours):
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{SECRET}%"])  # noqa: S608  ours
            assert cursor.fetchone() == (0,), table
    assert ours.account.password == SECRET


def test_passwords_of_people_are_hashed_the_dear_way(ours):
    user = ours.users[Role.READER]
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password(PASSWORD)


def test_it_is_in_no_repr(ours, settings):
    settings.MAILBOX_PORT = 0
    server = connecting.server_of(MailAccount.objects.get(pk=ours.account.pk))
    assert server.password == SECRET
    for thing in (ours.account, server, ours.mailing, ours.company, crypto._keys()):
        assert not shows(repr(thing))
        assert not shows(str(thing))


def test_it_is_in_no_log(ours, caplog, smtp_server, settings):
    """Not even at the lowest level, of a server that repeats what it refuses."""
    caplog.set_level(logging.DEBUG)
    settings.MAILBOX_PORT = 0
    smtp_server.users = {"usuario": "otra"}
    smtp_server.answer("auth", 535, f"5.7.8 {SECRET} {FORMS[2]} is wrong")
    ours.account.port, ours.account.username = smtp_server.port, "usuario"
    server = connecting.server_of(ours.account)
    refused = smtp.connect(server)
    assert isinstance(refused, smtp.NotConnected)
    assert refused.reply.code == 535
    assert not shows(refused)
    assert not shows(caplog.text)


def test_it_is_in_no_traceback_that_is_kept(ours, rf, settings):
    """Of an error in the midst of sending: as a log line has it, and as a report with the values of variables."""

    settings.MAILBOX_PORT = 0

    def send(server):
        raise ZeroDivisionError

    try:
        send(connecting.server_of(ours.account))
    except ZeroDivisionError:
        told = traceback.TracebackException(*sys.exc_info(), capture_locals=True)
        report = ExceptionReporter(rf.get("/"), *sys.exc_info()).get_traceback_text()
    assert not shows("".join(told.format()))
    assert not shows(report)


def test_the_page_of_an_error_has_no_detail(ours):
    answer = ours.clients[Role.ADMIN].get("/facturas/", {"desde": "\0"})
    assert "Traceback" not in answer.content.decode()
    assert "psycopg" not in answer.content.decode()


def test_no_command_prints_it(ours, tmp_path, caplog):
    file = tmp_path / "clave"
    file.write_text(SECRET)
    options = {
        "--company": ours.company.tax_id, "--name": ours.account.name, "--from": "facturas@valle.example.co",
        "--host": "127.0.0.1", "--port": "2525", "--security": "none", "--user": "ana", "--password-file": str(file),
    }  # fmt: skip
    arguments = [each for pair in options.items() for each in pair]
    for more in ([], ["--json"]):
        ran = CliRunner().invoke(account_commands.app, ["set", *arguments, *more], catch_exceptions=False)
        assert ran.exit_code == 0
        assert not shows(ran.output)
    assert json.loads(ran.output)["name"] == ours.account.name
    assert not shows(caplog.text)
    assert "password" not in {
        parameter.name for parameter in typer.main.get_command(account_commands.app).commands["set"].params
    }


def test_keys_are_changed_without_losing_a_secret(ours, keys):
    old, new = Fernet.generate_key(), Fernet.generate_key()
    keys(old)
    ours.account.password = SECRET
    keys(new, old)
    assert ours.account.password == SECRET
    ours.account.password_sealed = crypto.rotate(ours.account.password_sealed)
    keys(new)
    assert ours.account.password == SECRET


def test_without_its_key_a_secret_stays_shut_and_says_so(ours, keys):
    keys(Fernet.generate_key())
    with pytest.raises(crypto.SealBroken) as broken:
        ours.account.password  # noqa: B018  the property opens it
    assert "Vuelva a escribir la contraseña" in broken.value.user_text
    assert not shows(broken.value)


def test_two_seals_of_one_secret_differ():
    assert crypto.seal(SECRET) != crypto.seal(SECRET)
    assert crypto.seal("") == crypto.unseal("") == crypto.rotate("") == ""
