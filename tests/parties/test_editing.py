import pytest

from cartero.companies.models import AuditEntry
from cartero.parties import editing
from cartero.parties.errors import GroupExists, TaxIdTaken
from cartero.parties.models import Group, GroupKind, Party
from tests.factories import make_company, make_group, make_party, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def ana(company):
    return make_user(company)


def test_a_tercero_by_hand(company, ana):
    party = editing.create(Party(company=company, tax_id="901458237", name="Los Cerezos"), ana)
    assert party.search_key == "los cerezos 901458237"
    assert AuditEntry.objects.get(noun="party", verb="create").noun_id == party.pk


def test_one_tercero_a_number(company, ana):
    make_party(company, tax_id="901458237", name="Los Cerezos")
    with pytest.raises(TaxIdTaken) as refused:
        editing.create(Party(company=company, tax_id="901458237", name="Otro"), ana)
    assert "Los Cerezos" in refused.value.user_text
    editing.create(Party(company=make_company(), tax_id="901458237", name="De otra empresa"), ana)


def test_a_change_tells_what_was(company, ana):
    party = make_party(company, name="Antes", city="Cali")
    assert editing.change(party, {"name": "Ñañez", "city": "Cali"}, ana)
    assert not editing.change(party, {"name": "Ñañez"}, ana)
    party.refresh_from_db()
    assert party.search_key.startswith("nanez")
    facts = AuditEntry.objects.get(noun="party", verb="change").facts
    assert facts == {"was": {"name": "Antes"}, "now": {"name": "Ñañez"}}


def test_into_a_group_and_out(company, ana):
    party, group = make_party(company), make_group(company)
    for _twice in range(2):
        editing.join(party, group, ana)
    assert list(party.groups.all()) == [group]
    for _twice in range(2):
        editing.leave(party, group, ana)
    assert not party.groups.exists()
    assert list(AuditEntry.objects.values_list("verb", flat=True).order_by("pk")) == ["join_group", "leave_group"]


def test_groups_have_one_name_each(company, ana):
    group = editing.create_group(company, GroupKind.GROUP, "Inquilinos", ana)
    editing.create_group(company, GroupKind.ZONE, "Inquilinos", ana)  # a zone is another thing
    with pytest.raises(GroupExists):
        editing.create_group(company, GroupKind.GROUP, "inquilinos", ana)
    editing.rename_group(group, "INQUILINOS", ana)
    other = editing.create_group(company, GroupKind.GROUP, "Propietarios", ana)
    with pytest.raises(GroupExists):
        editing.rename_group(other, "Inquilinos", ana)


def test_a_group_goes_and_its_terceros_stay(company, ana):
    party = make_party(company)
    editing.delete_group(make_group(company, party), ana)
    assert not Group.objects.exists()
    assert AuditEntry.objects.get(verb="delete").facts["parties"] == 1
    assert Party.objects.filter(pk=party.pk).exists()
