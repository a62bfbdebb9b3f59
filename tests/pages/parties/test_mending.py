import pytest

from cartero.companies.models import AuditEntry
from cartero.invoices.states import MailStatus
from cartero.parties.models import AddressState
from tests.factories import make_address, make_invoice, make_party

PATH = "/terceros/por-corregir/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def bounced(company):
    """An address that is gone, with two documents that came back and one that arrived."""
    party = make_party(company, "vieja@example.com", name="Los Cerezos")
    address = party.addresses.get()
    address.state, address.state_reason = AddressState.BOUNCED, "550 5.1.1 no such user"
    address.save(update_fields=["state", "state_reason"])
    for status in (MailStatus.BOUNCED, MailStatus.FAILED, MailStatus.DELIVERED):
        make_invoice(party, mail_status=status)
    return address


@pytest.fixture
def slip(company):
    party = make_party(company, "bien@example.com", name="Tienda Luz")
    return make_address(party, "luz@gmial.com", state=AddressState.DOUBTFUL, proposal="luz@gmail.com")


def test_each_comes_with_its_reason_and_what_it_holds_up(enter, reader, bounced, slip, django_assert_max_num_queries):
    make_party(bounced.company, "sana@example.com")
    client = enter(reader)
    with django_assert_max_num_queries(13):
        answer = client.get(PATH)
    held = {line.address.email: (len(line.held.invoices), line.held.amounts) for line in answer.context["lines"]}
    assert held == {"vieja@example.com": (2, ["$ 238.000,00"]), "luz@gmial.com": (0, [])}
    page = answer.content.decode()
    assert "El buzón no existe." in page
    assert "550 5.1.1" in page
    assert "¿Quiso decir luz@gmail.com?" in page
    assert "Corregir el correo de" not in page, "she only reads"


def test_a_state_alone(enter, bruno, bounced, slip):
    answer = enter(bruno).get(PATH, {"estado": "doubtful"})
    assert [line.address.email for line in answer.context["lines"]] == ["luz@gmial.com"]
    assert [n for _value, _label, n, _current in answer.context["segments"]] == [2, 1, 0, 0, 1]
    assert "Ninguno en este estado" in enter(bruno).get(PATH, {"estado": "invalid"}).content.decode()


def test_corrected_in_its_row_and_ready_to_go_again(enter, bruno, bounced):
    client = enter(bruno)
    assert 'value="vieja@example.com"' in client.get(f"{PATH}?correo={bounced.pk}").content.decode()
    answer = client.post(f"{PATH}{bounced.pk}/?estado=bounced", {"email": "nueva@example.com"}, follow=True)
    assert answer.redirect_chain[0][0] == f"{PATH}?estado=bounced"
    assert "Correo de Los Cerezos corregido." in answer.content.decode()
    assert dict(bounced.party.addresses.values_list("email", "state")) == {
        "vieja@example.com": AddressState.REPLACED,
        "nueva@example.com": AddressState.PENDING,
    }
    assert AuditEntry.objects.filter(verb="replace_address", user=bruno).count() == 1


def test_a_correction_taken_back_leaves_her_where_she_was(enter, bruno, bounced):
    client = enter(bruno)
    here = f"{PATH}?estado=bounced&desde=1"
    page = client.post(f"{PATH}{bounced.pk}/?estado=bounced&desde=1", {"email": "nueva@example.com"}, follow=True)
    fresh = bounced.party.addresses.get(email="nueva@example.com")
    undo = f"{PATH}{fresh.pk}/deshacer/?estado=bounced&desde=1"
    assert f'action="{undo.replace("&", "&amp;")}"' in page.text
    assert client.post(undo).url == here
    bounced.refresh_from_db()
    assert bounced.state == AddressState.BOUNCED
    assert not bounced.party.addresses.filter(email="nueva@example.com").exists()


def test_what_it_held_up_goes_into_a_new_sending(enter, bruno, bounced):
    make_address(bounced.party, "otra@example.com")
    client = enter(bruno)
    page = client.get(PATH).content.decode()
    (line,) = client.get(PATH).context["lines"]
    assert f"/envios/registrar/?{line.held.resend}".replace("&", "&amp;") in page
    form = client.get(f"/envios/registrar/?{line.held.resend}").content.decode()
    assert f'value="{",".join(map(str, line.held.invoices))}"' in form


@pytest.mark.parametrize(("typed", "why"), [("sin arroba", "le falta la arroba"), ("", "Escriba un correo.")])
def test_what_was_typed_stays_with_its_reason(typed, why, enter, bruno, bounced):
    headers = {"HX-Request": "true", "HX-Target": "addresses"}
    answer = enter(bruno).post(f"{PATH}{bounced.pk}/", {"email": typed}, headers=headers)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_slip_is_mended_with_one_press(enter, bruno, slip):
    page = enter(bruno).get(PATH).content.decode()
    assert "¿Quiso decir luz@gmail.com?" in page
    enter(bruno).post(f"{PATH}{slip.pk}/", {"email": slip.proposal})
    assert slip.party.addresses.filter(email="luz@gmail.com", state=AddressState.PENDING).exists()


def test_who_may_not(enter, reader, carla, bounced):
    assert enter(reader).post(f"{PATH}{bounced.pk}/", {"email": "x@example.com"}).status_code == 403
    assert enter(carla).post(f"{PATH}{bounced.pk}/", {"email": "x@example.com"}).status_code == 404
    page = enter(carla).get(f"{PATH}?correo={bounced.pk}").content.decode()
    assert "No hay correos por corregir" in page
