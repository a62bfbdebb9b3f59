import pytest

from cartero.companies.models import AuditEntry
from cartero.parties import address_book, people
from cartero.parties.errors import KnownAlready, NothingToUndo, NotUsable, TooManyAddresses
from cartero.parties.models import Address, AddressOrigin, AddressState
from tests.factories import make_address, make_company, make_party, make_user

pytestmark = pytest.mark.django_db
INVOICES = ["facturas"]


@pytest.fixture
def party():
    return make_party(make_company(), email=None)


@pytest.fixture
def ana(party):
    return make_user(party.company)


def principal(party):
    return party.addresses.filter(is_principal=True).values_list("email", flat=True).first()


def test_the_first_address_is_the_principal(party, ana):
    first = address_book.add(party, "uno@example.com", INVOICES, ana)
    second = address_book.add(party, "dos@example.com", ["cartera", "copia"], ana)
    assert (first.is_principal, second.is_principal) == (True, False)
    assert second.roles == ["cartera", "copia"]
    assert (first.state, first.origin) == (AddressState.PENDING, AddressOrigin.TYPED)
    assert AuditEntry.objects.filter(noun="party", noun_id=party.pk, verb="add_address", user=ana).count() == 2


def test_a_likely_slip_is_doubtful_and_proposed(party, ana):
    address = address_book.add(party, "ana@gmial.com", INVOICES, ana)
    assert (address.state, address.proposal) == (AddressState.DOUBTFUL, "ana@gmail.com")
    address_book.keep_as_typed(address, ana)
    assert (address.state, address.proposal) == (AddressState.PENDING, "")


def test_a_known_address_is_refused(party, ana):
    address_book.add(party, "uno@example.com", INVOICES, ana)
    with pytest.raises(KnownAlready):
        address_book.add(party, "uno@example.com", INVOICES, ana)


def test_no_more_than_one_mail_may_go_to(party, ana):
    for n in range(address_book.MOST):
        make_address(party, f"correo{n}@example.com")
    with pytest.raises(TooManyAddresses):
        address_book.add(party, "otro@example.com", INVOICES, ana)


def test_what_is_replaced_does_not_come_back_with_the_next_import(party, ana):
    old = make_address(party, "vieja@example.com", is_principal=True, state=AddressState.VALIDATED)
    fresh = address_book.change(old, "nueva@example.com", INVOICES, ana)
    people.add_addresses(party.company, {party: ["vieja@example.com"]})
    old.refresh_from_db()
    assert (old.state, old.is_principal) == (AddressState.REPLACED, False)
    assert (fresh.state, fresh.is_principal) == (AddressState.PENDING, True)


def test_a_replacement_is_taken_back(party, ana):
    old = make_address(party, "vieja@example.com", is_principal=True, state=AddressState.BOUNCED, state_reason="550")
    fresh = address_book.change(old, "nueva@example.com", INVOICES, ana)
    address_book.undo_change(fresh, ana)
    old.refresh_from_db()
    assert (old.state, old.state_reason, old.is_principal) == (AddressState.BOUNCED, "550", True)
    assert list(party.addresses.all()) == [old]


def test_a_replacement_that_was_changed_again_is_not_taken_back(party, ana):
    fresh = address_book.change(make_address(party, "vieja@example.com"), "nueva@example.com", INVOICES, ana)
    address_book.make_principal(fresh, ana)
    with pytest.raises(NothingToUndo):
        address_book.undo_change(fresh, ana)


def test_roles_that_a_person_sets_count_also_for_an_address_from_a_document(party, ana):
    address = make_address(party, "a@example.com", origin=AddressOrigin.DOCUMENT)
    assert address_book.change(address, "a@example.com", ["cartera"], ana) == address
    address.refresh_from_db()
    assert (address.roles, address.origin) == (["cartera"], AddressOrigin.TYPED)


def test_put_aside_and_taken_back(party, ana):
    first = make_address(party, "uno@example.com", is_principal=True, state=AddressState.VALIDATED)
    make_address(party, "dos@example.com")
    address_book.put_aside(first, ana)
    assert (first.state, principal(party)) == (AddressState.REPLACED, "dos@example.com")
    address_book.put_aside(first, ana)  # pressed twice
    address_book.undo_aside(first, ana)
    assert (first.state, principal(party)) == (AddressState.VALIDATED, "uno@example.com")
    with pytest.raises(NothingToUndo):
        address_book.undo_aside(first, ana)


def test_a_bounced_address_is_brought_back(party, ana):
    address = make_address(party, "uno@example.com", state=AddressState.BOUNCED, state_reason="550 5.1.1")
    address_book.bring_back(address, ana)
    assert (address.state, address.state_reason, address.is_principal) == (AddressState.PENDING, "", True)


def test_what_is_no_address_is_neither_brought_back_nor_principal(party, ana):
    address = make_address(party, "sin-arroba", state=AddressState.INVALID)
    for verb in (address_book.bring_back, address_book.make_principal):
        with pytest.raises(NotUsable):
            verb(address, ana)
    assert Address.objects.get().state == AddressState.INVALID
