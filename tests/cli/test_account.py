import json

import pytest
from typer.testing import CliRunner

from cartero.cli import account as commands
from cartero.platform.errors import CarteroError
from cartero.transport.models import Grant, MailAccount, SentFolder
from cartero.transport.ways import Way
from tests.authority import AuthorityServer
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.factories import make_account, make_company
from tests.tracking import returning

pytestmark = pytest.mark.django_db
KEY = "llave-de-api-muy-secreta-7719"


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def authority(settings):
    server = AuthorityServer().start()
    settings.OAUTH_CLIENTS = {"google": server.client(), "microsoft": server.client()}
    yield server
    server.stop()


@pytest.fixture
def run(company):
    def invoke(command, *flags, **options):
        given = {"company": company.tax_id, "name": "Facturas", **options}
        words = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        return CliRunner().invoke(commands.app, [command, *flags, *words], catch_exceptions=False)

    return invoke


def set_microsoft(run, authority):
    run("set", **{"from": authority.mailbox}, provider="microsoft", user=authority.mailbox)
    return MailAccount.objects.get()


def test_a_server_or_a_provider_is_named(run):
    with pytest.raises(CarteroError) as refused:
        run("set", **{"from": "facturas@valle.example.co"}, host="smtp.example.com")
    assert "--provider" in refused.value.user_text


def test_an_account_by_api_is_set_with_a_key_from_a_file(run, tmp_path):
    file = tmp_path / "clave"
    file.write_text(f"{KEY}\n")
    ran = run("set", **{"from": "facturas@valle.example.co"}, provider="postmark", api_key_file=file)
    account = MailAccount.objects.get()
    assert (account.way, account.host, account.port, account.password) == (
        Way.POSTMARK, "api.postmarkapp.com", 443, KEY,
    )  # fmt: skip
    assert KEY not in ran.output


def test_a_region_that_is_none_is_refused(run):
    with pytest.raises(CarteroError) as refused:
        run("set", **{"from": "facturas@valle.example.co"}, provider="ses", region="evil.example.com/")
    assert "--region" in refused.value.user_text


def test_a_code_on_another_device_connects_it(run, authority):
    account = set_microsoft(run, authority)
    assert (account.host, account.port, account.security) == ("smtp.office365.com", 587, "starttls")
    authority.given.add("aparato-1")
    ran = run("connect")
    assert f"Abra {authority.url}/aparato" in ran.stderr
    assert "WDJB-MJHT" in ran.stderr
    assert "aparato-1" not in ran.output
    assert Grant.objects.get().account == account


def test_it_slows_down_as_it_is_told(run, authority, monkeypatch):
    set_microsoft(run, authority)
    monkeypatch.setattr(commands, "SLOWER", 0.3)
    device = {"device_code": "d", "user_code": "U", "verification_uri": "https://example.com/", "interval": 0}
    authority.answer(200, device)
    authority.answer(400, {"error": "slow_down"})
    authority.answer(503, "")
    authority.answer(400, {"error": "authorization_pending"})
    authority.answer(200, {"access_token": "a", "refresh_token": "r"})
    ran = run("connect")
    assert "Cuenta Facturas conectada con Microsoft." in ran.stdout
    assert Grant.objects.exists()
    assert authority.counts["urn:ietf:params:oauth:grant-type:device_code"] == 4


REFUSED = [
    ({"error": "authorization_declined"}, "No se dio el permiso"),
    ({"error": "expired_token"}, "llegó tarde"),
]


@pytest.mark.parametrize(("body", "words"), REFUSED)
def test_a_no_is_told(run, authority, body, words):
    set_microsoft(run, authority)
    device = {"device_code": "d", "user_code": "U", "verification_uri": "https://example.com/", "interval": 0}
    authority.answer(200, device)
    authority.answer(400, body)
    with pytest.raises(CarteroError) as refused:
        run("connect")
    assert words in refused.value.user_text
    assert not Grant.objects.exists()


def test_an_authority_that_gives_none_by_device_says_so(run, authority):
    """Google: mail is none of the scopes that it gives to devices."""
    set_microsoft(run, authority)
    authority.answer(400, {"error": "invalid_scope", "error_description": "Invalid device flow scope"})
    with pytest.raises(CarteroError) as refused:
        run("connect")
    assert "Invalid device flow scope" in refused.value.user_text


def test_a_code_that_nobody_writes_ends(run, authority):
    set_microsoft(run, authority)
    device = {"device_code": "d", "user_code": "U", "verification_uri": "https://example.com/"}
    authority.answer(200, device | {"interval": 1, "expires_in": 0.5})
    with pytest.raises(CarteroError) as refused:
        run("connect")
    assert "venció" in refused.value.user_text


def test_a_password_account_has_nothing_to_connect(run, authority):
    run("set", **{"from": "facturas@valle.example.co"}, host="127.0.0.1", port=2525, security="none")
    with pytest.raises(CarteroError) as refused:
        run("connect")
    assert "--provider" in refused.value.user_text


def test_every_way_but_a_password_is_a_provider():
    assert set(commands.Provider) == set(Way) - {Way.PASSWORD}


@pytest.fixture
def account(company):
    return make_account(company, name="Facturas", username=USER)


def test_the_operator_names_a_mailbox_and_it_is_tried(run, account, tmp_path):
    dovecot = Dovecot().start()
    file = tmp_path / "clave"
    file.write_text(f"{PASSWORD}\n")
    ran = run("sent-folder", host="127.0.0.1", port=dovecot.port, security="none", password_file=file)
    dovecot.stop()
    assert (ran.exit_code, "«Sent»" in ran.output) == (0, True)
    sent = SentFolder.objects.get()
    assert (sent.account, sent.private_allowed, sent.looked_in) == (account, True, "Sent")
    assert PASSWORD not in ran.output


def test_a_mailbox_that_does_not_answer_is_no_success(run, account):
    ran = run("sent-folder", host="127.0.0.1", port=1, security="none")
    assert ran.exit_code == 1
    assert "no responde" in ran.output


def test_the_operator_names_a_reading_mailbox_and_reads_it(run, account, tmp_path):
    dovecot = Dovecot().start()
    file = tmp_path / "clave"
    file.write_text(f"{PASSWORD}\n")
    place = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "password_file": file}
    named = run("reading", **place, moved_to="Trash")
    dovecot.put("INBOX", returning.REPORTS[0].mail, returning.ANSWERS[0].mail)
    done = run("read", "--json")
    refused = run("reading", **place, folder="Rebotes")
    dovecot.stop()
    assert (named.exit_code, "«INBOX»" in named.output) == (0, True)
    told = json.loads(done.output)
    assert (told["mails"], told["unmatched"], told["other"], told["moved"]) == (2, 1, 1, 0)
    assert (refused.exit_code, "No se encontró la carpeta" in refused.output) == (1, True)


def test_an_account_without_a_reading_mailbox_says_how(run, account):
    with pytest.raises(CarteroError) as refused:
        run("read")
    assert "cartero account reading" in refused.value.user_text


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("rebotes+*@valle.example.co", True),
        ("", True),
        ("rebotes@valle.example.co", True),
        ("*", False),
        ("a*b*@x.co", False),
    ],
)
def test_where_mails_are_sent_back_to(run, address, is_one):
    set_up = {"from": "facturas@valle.example.co", "host": "127.0.0.1", "port": 2525, "security": "none"}
    if is_one:
        assert run("set", **set_up, return_address=address).exit_code == 0
        assert MailAccount.objects.get().return_address == address
    else:
        with pytest.raises(CarteroError):
            run("set", **set_up, return_address=address)
