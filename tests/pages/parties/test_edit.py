import pytest

from cartero.companies.models import AuditEntry, Country
from cartero.parties.models import DeliveryForm, Party
from tests.factories import make_company, make_invoice, make_party, make_user

pytestmark = pytest.mark.django_db
NEW = {
    "id_type": "31",
    "tax_id": "901.458.237-3",
    "name": "Los Cerezos S.A.S.",
    "delivery_form": "container",
    "email": "cartera@loscerezos.example.co",
}


def test_a_tercero_by_hand(enter, bruno, company):
    answer = enter(bruno).post("/terceros/nuevo/", NEW)
    party = Party.objects.of(company).get()
    assert answer.url == f"/terceros/{party.pk}/"
    assert (party.tax_id, party.check_digit, party.id_type) == ("901458237", "3", "31")
    assert party.addresses.get().email == "cartera@loscerezos.example.co"
    assert AuditEntry.objects.filter(verb="create", noun="party", user=bruno).exists()


REFUSED = [
    ({"tax_id": "901458237-5"}, "El dígito de verificación de 901.458.237 es 3, no 5."),
    ({"tax_id": "12"}, "Escriba el número con sus dígitos"),
    ({"tax_id": "no sé"}, "Escriba el número con sus dígitos"),
    ({"tax_id": "800.000.001"}, "Ya hay un tercero con ese número: Repetido"),
    ({"name": ""}, "Este campo es obligatorio"),
    ({"email": "x"}, "le falta la arroba"),
    ({"email": "luz@gmail"}, "¿Quiso decir luz@gmail.com?"),
    ({"id_type": "99"}, "99"),
]


@pytest.mark.parametrize(("change", "why"), REFUSED)
def test_what_is_refused(change, why, enter, bruno, company):
    make_party(company, tax_id="800000001", name="Repetido")
    answer = enter(bruno).post("/terceros/nuevo/", NEW | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert why in page
    assert "Los Cerezos" in page or "name" in change  # what was typed stays
    assert Party.objects.count() == 1


def test_a_person_has_no_check_digit_and_elsewhere_nobody_has(enter, bruno):
    enter(bruno).post("/terceros/nuevo/", NEW | {"id_type": "13", "tax_id": "43.128.907"})
    assert Party.objects.get().check_digit == ""
    abroad = make_user(make_company(country=Country.GENERIC))
    assert "id_type" not in enter(abroad).get("/terceros/nuevo/").content.decode()
    enter(abroad).post("/terceros/nuevo/", NEW | {"tax_id": "RFC-123"})
    assert Party.objects.filter(tax_id="RFC-123", check_digit="").exists()


def test_edited(enter, bruno, company):
    party = make_party(company, name="Antes", city="Cali")
    page = enter(bruno).get(f"/terceros/{party.pk}/editar/").content.decode()
    assert 'value="Antes"' in page
    data = NEW | {"name": "Después", "delivery_form": "pdf"}
    answer = enter(bruno).post(f"/terceros/{party.pk}/editar/", data)
    party.refresh_from_db()
    assert answer.url == f"/terceros/{party.pk}/"
    assert (party.name, party.city, party.delivery_form) == ("Después", "", DeliveryForm.PDF)
    assert party.tax_id == "901458237"


def test_what_does_not_show_is_left_out(enter, bruno):
    """It will stand in headers of mails and on documents."""
    hostile = "A\x07\x1b[2J\r\nBcc: x@y.co\u202eexe"
    enter(bruno).post("/terceros/nuevo/", NEW | dict.fromkeys(("name", "trade_name", "phone", "city"), hostile))
    party = Party.objects.get()
    assert {party.name, party.trade_name, party.phone, party.city} == {"A [2J Bcc: x@y.co exe"}


def test_the_number_of_one_with_documents_stays(enter, bruno, company):
    party = make_party(company, tax_id="800000001")
    invoice = make_invoice(party, "FE1")
    page = enter(bruno).get(f"/terceros/{party.pk}/editar/").content.decode()
    assert 'name="tax_id"' not in page
    enter(bruno).post(f"/terceros/{party.pk}/editar/", NEW)
    party.refresh_from_db()
    invoice.refresh_from_db()
    assert (party.tax_id, party.name) == ("800000001", "Los Cerezos S.A.S.")
    assert invoice.search_key == "fe1 los cerezos s.a.s. 800000001"


def test_who_may_not(enter, reader, carla, company):
    party = make_party(company)
    for path in ("/terceros/nuevo/", f"/terceros/{party.pk}/editar/"):
        assert enter(reader).get(path).status_code == 403
        assert enter(reader).post(path, NEW).status_code == 403
    assert enter(carla).post(f"/terceros/{party.pk}/editar/", NEW).status_code == 404


def test_an_empty_form_is_refused(enter, bruno, company):
    party = make_party(company, "luz@example.com", name="Luz")
    client = enter(bruno)
    client.handler.enforce_csrf_checks = False
    for address in ("/terceros/nuevo/", f"/terceros/{party.pk}/editar/"):
        assert client.post(address, {}).status_code == 422
