import pytest

from cartero.mailings.states import LeftOut
from cartero.pages.mailings import counting
from cartero.pages.mailings.choosing import SelectionForm
from tests.factories import make_invoice, make_party

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


def test_the_two_reasons_about_addresses_stand_together(enter, ana, company, invoices):
    blocked = make_party(company, "no@example.com", name="Rebota S.A.S.")
    blocked.addresses.update(state="bounced", state_reason="550 5.1.1 unknown")
    make_invoice(blocked, "FE200")
    company_wide = SelectionForm({"kind": "copy", "audience": "everyone"}, company=company)
    left = counting.summary(company, company_wide, None).left
    assert [one.label for one in left] == [LeftOut.NO_ADDRESS.label, LeftOut.UNUSABLE_ADDRESS.label]
    page = enter(ana).get(URL, ASKED | {"motivo": "unusable_address"})
    assert "no@example.com: El buzón no existe." in page.text
