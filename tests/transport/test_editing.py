import pytest
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.transport import editing
from cartero.transport.editing import NameTaken
from cartero.transport.models import MailAccount
from tests.factories import make_account, make_company, make_user

pytestmark = pytest.mark.django_db
SECRET = "llave-muy-secreta-8841"


@pytest.fixture
def company():
    return make_company()


@pytest.fixture
def ana(company):
    return make_user(company)


@pytest.fixture
def account(company):
    account = make_account(company, name="Facturas", host="smtp.example.com", port=587)
    account.password = SECRET
    account.save()
    return account


def values(account, **changed):
    return {name: getattr(account, name) for name in editing.FIELDS} | changed


def test_what_changes_is_kept_and_told_without_the_password(account, ana):
    editing.save(account, values(account, name="Otra", per_day=500), "nueva-llave", by=ana)
    kept = MailAccount.objects.get()
    assert (kept.name, kept.per_day, kept.password) == ("Otra", 500, "nueva-llave")
    facts = AuditEntry.objects.get(verb="change").facts
    assert facts == {
        "was": {"name": "Facturas", "per_day": None},
        "now": {"name": "Otra", "per_day": 500},
        "password": True,
    }


def test_saved_as_it_was_it_leaves_no_trail(account, ana):
    editing.save(account, values(account), "", by=ana)
    assert not AuditEntry.objects.filter(verb="change").exists()


def test_an_empty_password_keeps_the_old_one(account, ana):
    editing.save(account, values(account, from_name="Valle"), "", by=ana)
    assert MailAccount.objects.get().password == SECRET


@pytest.mark.parametrize("moved", [{"host": "smtp.otra.example.com"}, {"port": 465}])
def test_another_server_never_learns_the_old_password(account, ana, moved):
    editing.save(account, values(account, **moved), "", by=ana)
    kept = MailAccount.objects.get()
    assert kept.password == ""
    assert not kept.private_allowed  # what the operator allowed was that server


def test_the_operators_leave_stays_while_the_server_does(account, ana):
    editing.save(account, values(account, name="Otra"), "", by=ana)
    assert MailAccount.objects.get().private_allowed


def test_two_of_one_name_are_refused(account, company, ana):
    other = MailAccount(company=company)
    with pytest.raises(NameTaken):
        editing.save(other, values(account), "x", by=ana)
    assert MailAccount.objects.count() == 1


FORBIDDEN = [
    ("127.0.0.1", 587, True),
    ("10.0.0.1", 587, True),
    ("169.254.169.254", 587, True),  # the metadata of clouds
    ("::1", 587, True),
    ("8.8.8.8", 22, True),  # no port of mail
    ("8.8.8.8", 587, False),
]


@pytest.mark.parametrize(("host", "port", "forbidden"), FORBIDDEN)
def test_private_hosts_and_other_ports_are_forbidden(host, port, forbidden):
    assert editing.is_forbidden(host, port) is forbidden


def test_what_held_it_back_is_forgotten(account, ana):
    now = timezone.now()
    MailAccount.objects.update(paused_until=now, paused_since=now, pause_reason="x", stopped_reason="login_refused")
    account.refresh_from_db()
    editing.clear(account, ana)
    account.refresh_from_db()
    assert (account.paused_until, account.paused_since, account.pause_reason, account.stopped_reason) == (
        None,
        None,
        "",
        "",
    )
    assert AuditEntry.objects.get(verb="clear_pause").facts["reason"] == "login_refused"


def test_putting_aside_twice_is_told_once(account, ana):
    for _n in range(2):
        editing.set_active(account, active=False, by=ana)
    assert not MailAccount.objects.get().is_active
    assert AuditEntry.objects.filter(verb="deactivate").count() == 1
