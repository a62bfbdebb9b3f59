import pytest

from cartero.companies.models import AuditEntry
from cartero.parties.models import Address, AddressState
from tests.factories import make_address, make_company, make_party

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>@example.com'


@pytest.fixture
def party(company):
    return make_party(company, "vieja@example.com", name="Los Cerezos")


@pytest.fixture
def address(party):
    return party.addresses.get()


@pytest.fixture
def htmx(party):
    url = f"http://testserver/terceros/{party.pk}/"
    return {"HX-Request": "true", "HX-Target": "addresses", "HX-Current-URL": url}


def emails(party):
    return dict(party.addresses.values_list("email", "state"))


def test_several_at_once(enter, bruno, party):
    data = {"email": "uno@example.com; dos@example.com", "roles": ["facturas", "copia"]}
    answer = enter(bruno).post(f"/terceros/{party.pk}/correos/", data, follow=True)
    assert answer.status_code == 200
    assert "Correo agregado." in answer.content.decode()
    assert set(emails(party)) == {"vieja@example.com", "uno@example.com", "dos@example.com"}
    assert party.addresses.get(email="dos@example.com").roles == ["facturas", "copia"]
    assert AuditEntry.objects.filter(verb="add_address", user=bruno).count() == 2


REFUSED = [
    ("sin arroba", "le falta la arroba"),
    ("", "Escriba un correo."),
    ("a@b@c.co", "más de una arroba"),
    ("vieja@example.com", "ya está en este tercero"),
    (HOSTILE, "no es un correo válido"),
]


@pytest.mark.parametrize(("typed", "why"), REFUSED)
def test_what_was_typed_stays_with_its_reason(typed, why, enter, bruno, party):
    answer = enter(bruno).post(f"/terceros/{party.pk}/correos/", {"email": typed, "roles": ["facturas"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert why in page
    assert "<script>alert" not in page
    assert len(emails(party)) == 1
    if typed == "sin arroba":
        assert 'value="sin arroba"' in page
        assert 'aria-invalid="true"' in page


def test_a_repair_is_one_press(enter, bruno, party):
    page = enter(bruno).post(f"/terceros/{party.pk}/correos/", {"email": "ana@gmail", "roles": ["facturas"]})
    assert 'name="email" value="ana@gmail.com"' in page.content.decode()
    data = {"email": ["ana@gmail", "ana@gmail.com"], "roles": ["facturas"]}  # the field, then the button
    enter(bruno).post(f"/terceros/{party.pk}/correos/", data)
    assert "ana@gmail.com" in emails(party)


def test_edited_in_place_and_taken_back(enter, bruno, party, address):
    client = enter(bruno)
    opened = client.get(f"/terceros/{party.pk}/?correo={address.pk}").content.decode()
    assert 'value="vieja@example.com"' in opened
    answer = client.post(f"/terceros/correos/{address.pk}/", {"email": "nueva@example.com", "roles": ["facturas"]})
    assert answer.url == f"/terceros/{party.pk}/"
    page = client.get(answer.url).content.decode()
    fresh = Address.objects.get(email="nueva@example.com")
    undo = f"/terceros/correos/{fresh.pk}/deshacer/"
    assert f'action="{undo}"' in page
    client.post(undo)
    assert emails(party) == {"vieja@example.com": AddressState.PENDING}


def test_an_edit_that_is_refused_stays_open(enter, bruno, party, address):
    answer = enter(bruno).post(f"/terceros/correos/{address.pk}/", {"email": "nueva@", "roles": []})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "no tiene nada después de la arroba" in page
    assert "Elija al menos un uso." in page
    assert 'value="nueva@"' in page
    two = {"email": "a@example.com, b@example.com", "roles": ["facturas"]}
    assert "Escriba un solo correo" in enter(bruno).post(f"/terceros/correos/{address.pk}/", two).content.decode()


def test_htmx_swaps_the_panel(enter, bruno, party, address, htmx):
    client = enter(bruno)
    edit = client.get(f"/terceros/{party.pk}/?correo={address.pk}", headers=htmx).content.decode()
    assert "<html" not in edit
    assert f'hx-post="/terceros/correos/{address.pk}/"' in edit
    refused = client.post(f"/terceros/correos/{address.pk}/", {"email": "x"}, headers=htmx)
    assert refused.status_code == 422
    assert "<html" not in refused.content.decode()
    moved = client.post(f"/terceros/correos/{address.pk}/apartar/", headers=htmx)
    assert '"target": "#addresses"' in moved["HX-Location"]
    again = client.get(f"/terceros/{party.pk}/", headers=htmx).content.decode()
    assert "Deshacer" in again
    assert "1 apartado" in again


def test_put_aside_and_taken_back(enter, bruno, party, address):
    client = enter(bruno)
    page = client.post(f"/terceros/correos/{address.pk}/apartar/", follow=True).content.decode()
    assert f'action="/terceros/correos/{address.pk}/devolver/"' in page
    assert emails(party) == {"vieja@example.com": AddressState.REPLACED}
    client.post(f"/terceros/correos/{address.pk}/devolver/")
    address.refresh_from_db()
    assert (address.state, address.is_principal) == (AddressState.PENDING, True)
    page = client.post(f"/terceros/correos/{address.pk}/devolver/", follow=True, headers={"Referer": "/terceros/"})
    assert "ya no se puede deshacer" in page.content.decode()


def test_a_bounced_one_is_used_again(enter, bruno, party, address):
    Address.objects.update(state=AddressState.BOUNCED, state_reason="550 5.1.1 user unknown")
    client = enter(bruno)
    assert (
        'El buzón no existe. <span class="mono">(550 5.1.1)</span>'
        in client.get(f"/terceros/{party.pk}/").content.decode()
    )
    client.post(f"/terceros/correos/{address.pk}/recuperar/")
    assert emails(party) == {"vieja@example.com": AddressState.PENDING}


def test_did_you_mean(enter, bruno, party):
    typo = make_address(party, "ana@gmial.com", state=AddressState.DOUBTFUL, proposal="ana@gmail.com")
    client = enter(bruno)
    assert "¿Quiso decir ana@gmail.com?" in client.get(f"/terceros/{party.pk}/").content.decode()
    client.post(f"/terceros/correos/{typo.pk}/propuesta/")
    assert emails(party)["ana@gmail.com"] == AddressState.PENDING
    assert emails(party)["ana@gmial.com"] == AddressState.REPLACED
    other = make_address(party, "b@gmial.com", state=AddressState.DOUBTFUL, proposal="b@gmail.com")
    client.post(f"/terceros/correos/{other.pk}/dejar/")
    assert emails(party)["b@gmial.com"] == AddressState.PENDING
    assert client.post(f"/terceros/correos/{other.pk}/propuesta/").status_code == 404


def test_another_principal(enter, bruno, party, address):
    second = make_address(party, "dos@example.com")
    enter(bruno).post(f"/terceros/correos/{second.pk}/principal/")
    address.refresh_from_db()
    second.refresh_from_db()
    assert (address.is_principal, second.is_principal) == (False, True)


PLACES = ["{address}/", "{address}/propuesta/", "{address}/apartar/", "{address}/recuperar/", "{address}/deshacer/"]


@pytest.mark.parametrize("place", PLACES)
def test_who_may_not(place, enter, reader, carla, party, address):
    path = "/terceros/correos/" + place.format(address=address.pk)
    data = {"email": "x@example.com", "roles": ["facturas"]}
    assert enter(reader).post(path, data).status_code == 403
    assert enter(carla).post(path, data).status_code == 404
    assert enter(reader).get(path).status_code == 405
    assert emails(party) == {"vieja@example.com": AddressState.PENDING}


def test_unknown_verbs_and_terceros_are_not_there(enter, bruno, carla, party, address):
    assert enter(bruno).post(f"/terceros/correos/{address.pk}/borrar/").status_code == 404
    assert enter(carla).post(f"/terceros/{party.pk}/correos/", {"email": "x@example.com"}).status_code == 404
    foreign = make_address(make_party(make_company(), email=None), "suya@example.com")
    page = enter(bruno).get(f"/terceros/{party.pk}/?correo={foreign.pk}").content.decode()
    assert "suya@example.com" not in page
