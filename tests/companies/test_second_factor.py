import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from cartero.companies import members, second_factor
from cartero.companies.members import NotYoursAlone
from cartero.companies.models import AuditEntry, Membership
from cartero.companies.roles import Role
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def ana(company):
    return make_user(company)


@pytest.fixture
def bruno(company):
    bruno = make_user(company, Role.SENDER)
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=bruno, type=kind, data={})
    return Membership.objects.select_related("user", "company").get(user=bruno)


def test_all_of_hers_are_taken_off_and_she_is_told(bruno, ana, settings):
    settings.EMAIL_HOST = "mail.example.co"  # the test's mailbox takes what would go there
    assert second_factor.holders([bruno.user_id, ana.pk]) == {bruno.user_id}
    second_factor.reset(bruno, by=ana)
    assert not Authenticator.objects.exists()
    assert mail.outbox[0].to == [bruno.user.email]
    assert AuditEntry.objects.get(verb="reset_second_factor").facts == {"user": bruno.user_id}


def test_not_where_it_protects_a_company_of_others(bruno, ana):
    members.add_member(make_company(), bruno.user.email, Role.READER, None)
    with pytest.raises(NotYoursAlone):
        second_factor.reset(bruno, by=ana)
    assert Authenticator.objects.count() == 2


def test_where_she_administers_both_it_is_hers_to_do(bruno, ana):
    other = make_company()
    members.add_member(other, bruno.user.email, Role.READER, None)
    members.add_member(other, ana.email, Role.ADMIN, None)
    second_factor.reset(bruno, by=ana)
    assert not Authenticator.objects.exists()
