"""Buzón de enviados: set, tried for real in a Dovecot, and shown with its account."""

import pytest

from cartero.companies.models import AuditEntry
from cartero.transport import sent_folder_editing
from cartero.transport.models import SentFolder
from tests.dovecot import PASSWORD, USER
from tests.factories import make_account

pytestmark = pytest.mark.django_db
SECRET = "llave-muy-secreta-8841"


@pytest.fixture
def account(people):
    account = make_account(people.company, name="Facturación", host="smtp.gmail.com", private_allowed=False)
    account.password = SECRET
    account.save()
    return account


@pytest.fixture
def path(account):
    return f"/configuracion/cuentas/{account.pk}/enviados/"


@pytest.fixture
def allowed(account, dovecot):
    """The operator has named a mailbox of this machine."""
    fields = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "username": USER}
    sent = sent_folder_editing.of(account)
    sent_folder_editing.save(sent, fields | {"name": "", "keeps_all": False}, PASSWORD, by=None)
    return fields


def fields(**changed):
    return {"host": "imap.valle.example.co", "port": "993", "security": "tls", "password": SECRET} | changed


def test_what_is_known_of_the_provider_is_filled_in(client, people, path):
    client.force_login(people.ana)
    page = client.get(path).text
    assert 'value="imap.gmail.com"' in page
    assert "checked" in page  # Gmail keeps all that goes
    assert not SentFolder.objects.exists()


def test_it_is_saved_and_tried_for_real(client, people, path, allowed, dovecot):
    client.force_login(people.ana)
    page = client.post(path, {**allowed, "name": "sent"}, follow=True).text
    assert "Se puede leer la carpeta «Sent»" in page
    sent = SentFolder.objects.get()
    assert (sent.name, sent.password, sent.private_allowed) == ("sent", PASSWORD, True)


def test_what_is_wrong_is_said_and_the_account_goes_on(client, people, path, allowed, account):
    client.force_login(people.ana)
    page = client.post(path, {**allowed, "password": SECRET}, follow=True).text
    assert "El buzón rechazó el usuario o la contraseña." in page
    account.refresh_from_db()
    assert account.stopped_reason == ""
    assert "El buzón rechazó" in client.get("/configuracion/cuentas/").text
    assert "Responde" not in page


def test_a_folder_that_is_not_there_is_named_with_those_there_are(client, people, path, allowed):
    client.force_login(people.ana)
    page = client.post(path, {**allowed, "name": "Facturas"}, follow=True).text
    assert "No se encontró la carpeta de enviados" in page
    assert "INBOX" in page


REFUSED = [
    ({"host": "127.0.0.1"}, "red privada"),
    ({"host": "169.254.169.254"}, "red privada"),
    ({"security": "none"}, "sin cifrar"),
    ({"password": ""}, "la de la cuenta es de otro servidor"),
    ({"host": "outlook.office365.com", "password": ""}, "la de la cuenta es de otro servidor"),
    ({"port": "587"}, "587"),
    ({"host": ""}, "obligatorio"),
]


@pytest.mark.parametrize(("changed", "words"), REFUSED)
def test_what_is_refused(client, people, path, changed, words):
    client.force_login(people.ana)
    answer = client.post(path, fields(**changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert not SentFolder.objects.exists()


def test_another_place_needs_its_password_and_loses_the_operators_leave(client, people, path, allowed):
    client.force_login(people.ana)
    assert client.post(path, {**allowed, "host": "127.0.0.2"}).status_code == 422
    client.post(path, fields(host="imap.invalid"))
    sent = SentFolder.objects.get()
    assert (sent.host, sent.password, sent.private_allowed) == ("imap.invalid", SECRET, False)


def test_no_password_is_shown_or_in_the_trail(client, people, path, allowed):
    client.force_login(people.ana)
    client.post(path, allowed)
    assert PASSWORD not in client.get(path).text
    entries = AuditEntry.objects.filter(verb="set_sent_folder")
    assert entries.count() == 2
    assert all(PASSWORD not in str(entry.facts) for entry in entries)


def test_it_is_taken_away(client, people, path, allowed):
    client.force_login(people.ana)
    client.post(f"{path}quitar/")
    assert not SentFolder.objects.exists()
    assert AuditEntry.objects.get(verb="remove_sent_folder").user == people.ana


def test_of_another_company_it_is_nowhere(client, people, path, allowed):
    client.force_login(people.carla)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}quitar/").status_code == 404
    assert SentFolder.objects.exists()
