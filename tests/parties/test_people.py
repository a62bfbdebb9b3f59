"""An address replaced from the list of a sending."""

import pytest

from cartero.parties import people
from cartero.parties.models import AddressRole, AddressState
from tests.factories import make_address, make_company, make_party

pytestmark = pytest.mark.django_db
BOTH = [AddressRole.RECEIVABLES, AddressRole.COPY]


@pytest.fixture
def party():
    party = make_party(make_company(), None)
    make_address(party, "vieja@example.com", roles=BOTH, is_principal=True)
    return party


def test_what_it_was_for_passes_on_and_a_slip_is_still_noticed(party):
    people.replace_addresses(party, ["vieja@example.com"], ["luz@gmial.com"])
    fresh = party.addresses.get(email="luz@gmial.com")
    assert (fresh.roles, fresh.state, fresh.proposal) == (BOTH, AddressState.DOUBTFUL, "luz@gmail.com")
    assert fresh.is_principal
    assert party.addresses.get(email="vieja@example.com").state == AddressState.REPLACED


def test_a_known_one_keeps_its_uses_and_what_is_known_of_it(party):
    make_address(party, "sana@example.com", state=AddressState.VALIDATED)
    make_address(party, "rota@example.com", state=AddressState.BOUNCED, state_reason="550 no")
    people.replace_addresses(party, ["vieja@example.com"], ["sana@example.com", "rota@example.com"])
    sana, rota = party.addresses.get(email="sana@example.com"), party.addresses.get(email="rota@example.com")
    assert set(sana.roles) == {AddressRole.INVOICES, *BOTH}
    assert (sana.state, rota.state, rota.state_reason) == (AddressState.VALIDATED, AddressState.PENDING, "")
