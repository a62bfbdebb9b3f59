"""Whoever holds an invitation becomes that person: who gets one, and when it opens nothing any more."""

from datetime import timedelta

import pytest
from django.core import mail, signing

from cartero.accounts.models import User
from cartero.companies import inviting, members
from cartero.companies.inviting import AlreadyMember, InvitationOver
from cartero.companies.models import AuditEntry
from cartero.companies.roles import Role
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
GOOD = "una frase que solo yo diría"


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def ana(company):
    return make_user(company)


@pytest.fixture
def by_mail(settings):
    settings.EMAIL_HOST = "mail.example.co"  # the test's mailbox takes what would go there


def token_mailed():
    return mail.outbox[-1].body.split("/invitacion/")[1].split("/")[0]


def test_she_sets_her_password_and_the_link_is_over(company, ana):
    invited = inviting.invite(company, "Nora@valle.example.co", Role.SENDER, ana, name="Nora")
    membership = inviting.accept(invited.token, GOOD)
    assert (membership.company, membership.role) == (company, Role.SENDER)
    assert User.objects.get(email="nora@valle.example.co").check_password(GOOD)
    with pytest.raises(InvitationOver):
        inviting.accept(invited.token, "otra frase que nadie diría")
    assert AuditEntry.objects.filter(verb="accept_invitation", user=membership.user).exists()


def test_one_link_used_ends_the_others(company, ana):
    first = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    second = inviting.invite_again(first.membership, ana)
    inviting.accept(second.token, GOOD)
    with pytest.raises(InvitationOver):
        inviting.accepts(first.token)


def test_it_is_over_after_seven_days(company, ana, monkeypatch):
    invited = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    past = signing.time.time() - (inviting.VALID + timedelta(seconds=1)).total_seconds()
    with monkeypatch.context() as clock:
        clock.setattr(signing.time, "time", lambda: past)
        old = inviting.invite_again(invited.membership, ana).token
    with pytest.raises(InvitationOver):
        inviting.accepts(old)
    assert inviting.accepts(invited.token)


def test_one_who_was_taken_out_again_does_not_come_in(company, ana):
    invited = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    members.remove_member(invited.membership, by=ana)
    with pytest.raises(InvitationOver):
        inviting.accepts(invited.token)


def test_a_weak_password_leaves_the_link_as_it_was(company, ana):
    invited = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    with pytest.raises(members.WeakPassword):
        inviting.accept(invited.token, "corta")
    assert inviting.accepts(invited.token)


def test_nobody_is_given_a_link_to_one_who_has_a_password(company, ana):
    elsewhere = make_user(make_company())
    invited = inviting.invite(company, elsewhere.email, Role.READER, ana)
    assert (invited.token, invited.was_mailed) == ("", False)


def test_nobody_is_shown_a_link_to_one_whom_another_company_invited(company, ana):
    """It would open that company's door, too."""
    other = make_company()
    theirs = inviting.invite(other, "nora@valle.example.co", Role.ADMIN, make_user(other))
    ours = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    assert ours.token == ""
    with pytest.raises(InvitationOver):  # and the one that was shown before opens ours no more
        inviting.accepts(theirs.token)


def test_a_link_that_went_to_her_own_mailbox_always_works(company, ana, by_mail):
    other = make_company()
    inviting.invite(other, "nora@valle.example.co", Role.ADMIN, make_user(other))
    invited = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    assert (invited.token, invited.was_mailed) == ("", True)
    assert inviting.accept(token_mailed(), GOOD).company == company


def test_one_with_a_password_is_only_told(company, ana, by_mail):
    elsewhere = make_user(make_company())
    inviting.invite(company, elsewhere.email, Role.READER, ana)
    assert mail.outbox[-1].to == [elsewhere.email]
    assert "/invitacion/" not in mail.outbox[-1].body


def test_a_mail_server_that_is_away_is_said_and_shows_no_link(company, ana, settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    invited = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    assert (invited.token, invited.was_mailed) == ("", False)
    assert invited.membership.pk


def test_nobody_is_invited_twice(company, ana):
    inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    with pytest.raises(AlreadyMember):
        inviting.invite(company, "NORA@valle.example.co ", Role.ADMIN, ana)


def test_one_who_was_deactivated_does_not_come_in(company, ana):
    invited = inviting.invite(company, "nora@valle.example.co", Role.READER, ana)
    User.objects.filter(email="nora@valle.example.co").update(is_active=False)
    with pytest.raises(InvitationOver):
        inviting.accepts(invited.token)


@pytest.mark.parametrize("told", [{}, {"membership": 0}, {"membership": "x"}, [], "x"])
def test_what_is_signed_for_something_else_opens_nothing(told):
    for salt in ("cartero.invitation", "otra"):
        with pytest.raises(InvitationOver):
            inviting.accepts(signing.dumps(told, salt=salt))
