import pytest

from cartero.companies.models import AuditEntry
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
PATH = "/configuracion/empresa/pagina-de-quien-recibe/"


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def ana(company, client):
    user = make_user(company)
    client.force_login(user)
    return user


def test_she_chooses_and_the_trail_tells(client, company, ana):
    page = client.get(PATH).content.decode()
    assert "CARTERO_PUBLIC_URL" in page  # nobody has said where the links would lead
    answer = client.post(PATH, {"link_days": "30", "pay_url": "https://pagos.example.co/"}, follow=True)
    assert "Guardado" in answer.content.decode()
    company.refresh_from_db()
    assert (company.has_links, company.link_days, company.pay_url) == (False, 30, "https://pagos.example.co/")
    assert AuditEntry.objects.of(company).get(verb="choose_recipient_page").user == ana
    trail = client.get("/configuracion/actividad/").content.decode()
    assert "Cambió la página de quien recibe" in trail
    assert "días que sirve un enlace" in trail


def test_the_pixel_is_off_until_she_has_read_what_the_law_asks(client, company, ana):
    assert not company.has_pixel
    page = client.get(PATH).content.decode()
    for words in ("Ley 1581 de 2012", "se le informó y lo autorizó", "nunca se muestra como «vista»"):
        assert words in page
    client.post(PATH, {"has_links": "on", "link_days": "180", "has_pixel": "on"})
    company.refresh_from_db()
    assert company.has_pixel
    assert "imagen que avisa la apertura" in client.get("/configuracion/actividad/").content.decode()


@pytest.mark.parametrize(
    "address", ["http://pagos.example.co/", "javascript:alert(1)", "pagos", "https://banco.example@example.org/"]
)
def test_one_pays_over_https_alone(client, company, ana, address):
    answer = client.post(PATH, {"link_days": "30", "pay_url": address})
    assert answer.status_code == 422
    assert "no es una dirección segura" in answer.content.decode()
    company.refresh_from_db()
    assert company.pay_url == ""


def test_it_takes_comodines_and_says_where_one_is_unknown(client, company, ana):
    address = "https://pagos.example.co/?ref={{ factura.numero }}&nit={{ tercero.nit }}"
    client.post(PATH, {"link_days": "30", "pay_url": address})
    company.refresh_from_db()
    assert company.pay_url == address
    answer = client.post(PATH, {"link_days": "30", "pay_url": "https://pagos.example.co/?ref={{ factura.nuemro }}"})
    assert answer.status_code == 422
    assert "No existe «factura.nuemro» (línea 1, letra 31). ¿Quiso decir «factura.numero»?" in answer.text
    host = client.post(PATH, {"link_days": "30", "pay_url": "https://{{ tercero.nombre }}.example.co/"})
    assert "no es una dirección segura" in host.text
    company.refresh_from_db()
    assert company.pay_url == address
