import pytest

from cartero.companies.models import AuditEntry
from cartero.transport.models import MailAccount
from tests.factories import make_account

pytestmark = pytest.mark.django_db
PATH = "/configuracion/cuentas/"
SECRET = "llave-muy-secreta-8841"


def fields(**changed):
    return {
        "name": "Facturación",
        "from_address": "facturacion@valle.example.co",
        "host": "smtp.valle.example.co",
        "port": "587",
        "security": "starttls",
        "username": "facturacion@valle.example.co",
        "password": SECRET,
        "per_day": "500",
        "connections": "2",
        "max_mb": "25",
    } | changed


@pytest.fixture
def account(people):
    account = make_account(people.company, name="Vieja", username="yo", host="smtp.valle.example.co", port=587)
    account.private_allowed, account.password = False, SECRET
    account.save()
    return account


def test_the_provider_is_asked_first_and_fills_the_form(client, people):
    client.force_login(people.ana)
    assert "?proveedor=gmail" in client.get(f"{PATH}nueva/").content.decode()
    page = client.get(f"{PATH}nueva/?proveedor=gmail").content.decode()
    assert 'value="smtp.gmail.com"' in page
    assert 'value="500"' in page
    assert "contraseña de aplicación" in page
    assert client.get(f"{PATH}nueva/?proveedor=otro").status_code == 200


def test_a_new_account_is_kept_with_its_password_sealed(client, people):
    client.force_login(people.ana)
    assert client.post(f"{PATH}nueva/?proveedor=otro", fields()).url == PATH
    account = MailAccount.objects.get()
    assert (account.company, account.password, account.max_size) == (people.company, SECRET, 25_000_000)
    assert not account.private_allowed
    assert SECRET not in account.password_sealed
    assert SECRET not in str(AuditEntry.objects.get(noun="mailaccount").facts)


def test_the_password_is_never_shown_and_empty_keeps_it(client, people, account):
    client.force_login(people.ana)
    assert SECRET not in client.get(f"{PATH}{account.pk}/").content.decode()
    client.post(f"{PATH}{account.pk}/", fields(name="Otra", password=""))
    account.refresh_from_db()
    assert (account.name, account.password) == ("Otra", SECRET)


def test_a_password_is_not_shown_back_in_a_refused_form(client, people):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}nueva/?proveedor=otro", fields(host=""))
    assert answer.status_code == 422
    assert SECRET not in answer.content.decode()


def test_another_server_asks_for_its_password(client, people, account):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}{account.pk}/", fields(host="smtp.mala.example.co", password=""))
    assert answer.status_code == 422
    assert "la guardada es de otro servidor" in answer.content.decode()


WRONG = [
    ({"host": "127.0.0.1"}, "red privada"),
    ({"host": "10.1.2.3"}, "red privada"),
    ({"host": "169.254.169.254"}, "red privada"),  # the metadata of clouds
    ({"host": "[::1]"}, ""),
    ({"host": "localhost"}, "red privada"),
    ({"port": "22"}, "22"),
    ({"security": "none"}, "sin cifrar"),
    ({"from_address": "sin arroba"}, "arroba"),
    ({"from_address": "a@x.co\r\nBcc: b@y.co"}, ""),
    ({"connections": "0"}, "1"),
    ({"per_minute": "-5"}, "1"),
]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_what_cannot_be_is_refused_in_words(client, people, changed, words):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}nueva/?proveedor=otro", fields(**changed))
    assert MailAccount.objects.count() == (0 if answer.status_code == 422 else 1)
    if answer.status_code == 422:
        assert words in answer.content.decode()
        assert 'value="Facturación"' in answer.content.decode()
    else:  # then nothing of it is dangerous
        assert "\n" not in MailAccount.objects.get().from_address


def test_two_of_one_name_are_not_kept(client, people, account):
    client.force_login(people.ana)
    answer = client.post(f"{PATH}nueva/?proveedor=otro", fields(name="Vieja"))
    assert answer.status_code == 422
    assert "Ya hay una cuenta llamada «Vieja»" in answer.content.decode()


def test_what_the_form_does_not_ask_is_not_hers_to_set(client, people, account):
    client.force_login(people.ana)
    client.post(f"{PATH}{account.pk}/", fields(private_allowed="on", company="1", stopped_reason="", is_active=""))
    account.refresh_from_db()
    assert (account.private_allowed, account.company, account.is_active) == (False, people.company, True)


def test_the_list_tells_how_each_stands(client, people, account):
    MailAccount.objects.update(stopped_reason="login_refused", stopped_reply="535 5.7.8 <b>no</b>")
    client.force_login(people.ana)
    page = client.get(PATH).content.decode()
    assert "No deja enviar" in page
    assert "535 5.7.8 &lt;b&gt;no&lt;/b&gt;" in page
    client.post(f"{PATH}{account.pk}/seguir/")
    account.refresh_from_db()
    assert account.stopped_reason == ""


def test_one_can_be_put_aside_and_taken_back(client, people, account):
    client.force_login(people.ana)
    for verb, active in (("desactivar", False), ("activar", True)):
        assert client.post(f"{PATH}{account.pk}/{verb}/").url == PATH
        account.refresh_from_db()
        assert account.is_active is active


def test_trying_it_sends_a_mail_and_says_what_the_domain_lacks(client, people, account, smtp_server):
    MailAccount.objects.update(host="127.0.0.1", port=smtp_server.port, private_allowed=True, username="")
    MailAccount.objects.update(from_address="facturas@[127.0.0.1]", security="none")
    client.force_login(people.ana)
    assert people.ana.email in client.get(f"{PATH}{account.pk}/probar/").content.decode()
    answer = client.post(
        f"{PATH}{account.pk}/probar/",
        {"to": "ana@example.com"},
        headers={"HX-Request": "true", "HX-Target": "probe"},
    )
    page = answer.content.decode()
    assert smtp_server.count_by_recipient() == {"ana@example.com": 1}
    assert page.lstrip().startswith('<div class="stack" id="probe"')
    for word in ("SPF", "DKIM", "DMARC", "recibió el correo de prueba"):
        assert word in page


def test_a_wrong_address_is_not_tried(client, people, account, smtp_server):
    client.force_login(people.ana)
    assert client.post(f"{PATH}{account.pk}/probar/", {"to": "nadie"}).status_code == 422
    assert smtp_server.mails == []


def test_a_stranger_finds_none(client, people, account):
    client.force_login(people.carla)
    assert "Vieja" not in client.get(PATH).content.decode()
    for path in ("", "probar/"):
        assert client.get(f"{PATH}{account.pk}/{path}").status_code == 404
        assert client.post(f"{PATH}{account.pk}/{path}", fields()).status_code == 404
    assert client.post(f"{PATH}{account.pk}/desactivar/").status_code == 404


def test_whoever_does_not_administer_is_kept_out(client, preparer, account):
    client.force_login(preparer)
    for path in ("", "nueva/", f"{account.pk}/", f"{account.pk}/probar/"):
        assert client.get(f"{PATH}{path}").status_code == 403
