import pytest

pytestmark = pytest.mark.django_db
URL = "/envios/registrar/por-fuera/"
ASKED = {"kind": "copy", "audience": "everyone"}


def test_a_reason_lists_its_documents(enter, ana, invoices):
    page = enter(ana).get(URL, ASKED | {"motivo": "no_address"})
    assert "Sin Correo S.A.S." in page.text
    assert "FE103" in page.text
    assert "Luz Marina" not in page.text


def test_it_goes_on_behind_a_document(enter, ana, invoices):
    page = enter(ana).get(URL, ASKED | {"motivo": "no_address", "despues": invoices[2].pk})
    assert "FE103" not in page.text


@pytest.mark.parametrize("asked", [{"motivo": "nonsense"}, {"motivo": "no_address", "kind": "x"}, {}])
def test_what_makes_no_sense_is_nowhere(enter, ana, asked):
    assert enter(ana).get(URL, ASKED | asked).status_code == 404


def test_a_stranger_sees_her_own(enter, carla, invoices):
    assert "FE103" not in enter(carla).get(URL, ASKED | {"motivo": "no_address"}).text
