"""What a program says wrongly is refused before anything is written, in a line that names it."""

import pytest
from typer.testing import CliRunner

from cartero.accounts.models import User
from cartero.cli import account, company, import_files, mailing, user
from cartero.cli.spanish import refusal
from cartero.companies.models import Company
from cartero.mailings.models import Mailing
from cartero.platform.errors import CarteroError
from cartero.transport.models import MailAccount
from tests.factories import make_account, make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return make_company()


@pytest.fixture
def refused(owner):
    """What is said about a command that has to be refused."""

    def invoke(app, *words):
        ran = CliRunner().invoke(app, [*words, "--company", owner.tax_id], standalone_mode=False)
        assert isinstance(ran.exception, Exception), ran.output
        return ran.exception.user_text if isinstance(ran.exception, CarteroError) else refusal(ran.exception)

    return invoke


@pytest.mark.parametrize(("name", "told"), [(" ", "Razón social"), ("x" * 201, "Razón social")])
def test_a_company_has_a_name_that_fits(name, told):
    ran = CliRunner().invoke(company.app, ["create", "--nit", "800197268", "--name", name])
    assert told in ran.exception.user_text
    assert not Company.objects.exists()


def test_a_check_digit_that_is_another_is_told():
    ran = CliRunner().invoke(company.app, ["create", "--nit", "800197268-1", "--name", "Uno"])
    assert "es 4" in ran.exception.user_text


def test_a_name_is_one_line():
    CliRunner().invoke(company.app, ["create", "--nit", "800197268", "--name", "Uno\nDos"], catch_exceptions=False)
    assert Company.objects.get().name == "Uno Dos"


PEOPLE = [
    (["--email", "ana", "--role", "envía"], "Correo"),
    (["--email", "ana@example.com", "--role", "envía", "--name", "x" * 201], "Nombre"),
    (["--email", "ana@example.com", "--role", "reina"], "--role"),
    (["--email", "ana@example.com", "--role", "envía", "--password-file", "/dev/null"], "contraseña"),
]


@pytest.mark.parametrize(("words", "told"), PEOPLE)
def test_a_person_that_cannot_be_is_not_made(refused, words, told):
    assert told in refused(user.app, "create", *words)
    assert not User.objects.exists()


ACCOUNTS = [
    ({"--name": ""}, "Nombre"),
    ({"--name": "x" * 61}, "Nombre"),
    ({"--host": "correo de casa"}, "correo de casa"),
    ({"--host": "https://smtp.example.com"}, "https://smtp.example.com"),
    ({"--host": "x" * 254}, "Servidor"),
    ({"--reply-to": "nadie"}, "respuestas"),
    ({"--per-day": "99999999999"}, "Por día"),
]


@pytest.mark.parametrize(("changed", "told"), ACCOUNTS)
def test_an_account_that_could_not_send_is_not_set(refused, changed, told):
    said = {"--name": "A", "--from": "a@example.com", "--host": "127.0.0.1", "--port": "25", "--security": "none"}
    assert told in refused(account.app, "set", *[word for pair in (said | changed).items() for word in pair])
    assert not MailAccount.objects.exists()


MAILINGS = [
    (["--subject", " "], "asunto"),
    (["--subject", "x" * 251], "Asunto"),
    (["--name", "x" * 201], "Nombre"),
    (["--number-from", "99999999999999999999"], "--number-from"),
    (["--period", "2026-13"], "--period"),
]


@pytest.mark.parametrize(("words", "told"), MAILINGS)
def test_a_mailing_that_could_not_be_is_not_registered(owner, refused, words, told):
    make_account(owner)
    make_invoice(make_party(owner), "FE1")
    assert told in refused(mailing.app, "register", "--kind", "copy", *words)
    assert not Mailing.objects.exists()


def test_a_file_that_is_not_there_is_named(refused):
    assert "/nada/factura.xml" in refused(import_files.app, "/nada/factura.xml")


def test_decimals_are_parted_by_a_comma_or_a_point(refused):
    assert "--decimal" in refused(import_files.app, "/nada/facturas.csv", "--decimal", "x")
