"""Buzón de lectura: set, tried for real in a Dovecot, and what is of none of the account's mails."""

import pytest
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.tracking.models import Receipt
from cartero.transport import reading_mailbox_editing
from cartero.transport.models import ReadingMailbox
from tests.dovecot import PASSWORD, USER
from tests.factories import make_account

pytestmark = pytest.mark.django_db
SECRET = "llave-muy-secreta-8841"


@pytest.fixture
def account(people):
    return make_account(people.company, name="Facturación", host="smtp.gmail.com", private_allowed=False)


@pytest.fixture
def path(account):
    return f"/configuracion/cuentas/{account.pk}/lectura/"


@pytest.fixture
def allowed(account, dovecot):
    """The operator has named a mailbox of this machine."""
    fields = {"host": "127.0.0.1", "port": dovecot.port, "security": "none", "username": USER}
    fields |= {"folder": "INBOX", "moved_to": ""}
    reading_mailbox_editing.save(reading_mailbox_editing.of(account), fields, PASSWORD, by=None)
    return fields


def test_it_is_saved_and_tried_for_real(client, people, path, allowed, account):
    client.force_login(people.ana)
    back_to = "rebotes+*@valle.example.co"
    page = client.post(path, {**allowed, "moved_to": "Trash", "return_address": back_to}, follow=True).text
    assert "Se puede leer la carpeta «INBOX»" in page
    assert PASSWORD not in page
    box = ReadingMailbox.objects.get()
    assert (box.moved_to, box.password, box.private_allowed) == ("Trash", PASSWORD, True)
    account.refresh_from_db()
    assert account.return_address == back_to
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["set_reading_mailbox", "set_reading_mailbox", "set_return_address"]
    assert all(PASSWORD not in str(facts) for facts in AuditEntry.objects.values_list("facts", flat=True))
    assert "Buzón de lectura" in client.get("/configuracion/cuentas/").text


def test_a_folder_that_is_not_there_is_said_with_those_there_are(client, people, path, allowed):
    client.force_login(people.ana)
    page = client.post(path, {**allowed, "folder": "Rebotes"}, follow=True).text
    assert "No se encontró la carpeta que se lee" in page
    assert "INBOX" in page


REFUSED = [
    ({"host": "127.0.0.1"}, "red privada"),
    ({"security": "none"}, "sin cifrar"),
    ({"password": ""}, "la de la cuenta es de otro servidor"),
    ({"folder": ""}, "obligatorio"),
    ({"moved_to": "INBOX"}, "la misma carpeta"),
    ({"return_address": "rebotes"}, "no sirve para recibir devoluciones"),
]


@pytest.mark.parametrize(("changed", "words"), REFUSED)
def test_what_is_refused(client, people, path, changed, words):
    client.force_login(people.ana)
    place = {"host": "imap.valle.example.co", "port": "993", "security": "tls", "password": SECRET, "folder": "INBOX"}
    answer = client.post(path, place | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert not ReadingMailbox.objects.exists()


def test_what_is_of_none_of_its_mails_is_listed(client, people, path, account):
    client.force_login(people.ana)
    for kind, address in (("bounced", "otra@example.com"), ("unreadable", "")):
        Receipt.objects.create(
            company=people.company, account=account, key=kind, kind=kind, address=address, at=timezone.now()
        )
    page = client.get(path).text
    assert "De ningún correo de esta cuenta" in page
    assert "otra@" in page
    assert "No se pudo leer" in page


def test_it_is_taken_away(client, people, path, allowed):
    client.force_login(people.ana)
    client.post(f"{path}quitar/")
    assert not ReadingMailbox.objects.exists()
    assert AuditEntry.objects.get(verb="remove_reading_mailbox").user == people.ana


def test_of_another_company_it_is_nowhere(client, people, path, allowed):
    client.force_login(people.carla)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}quitar/").status_code == 404
    assert ReadingMailbox.objects.exists()
