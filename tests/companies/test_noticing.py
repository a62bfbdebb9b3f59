"""Who gets which mail of Cartero's own, that she can stop it, and that nothing comes twice."""

from email import message_from_bytes

import pytest
from django.core import mail

from cartero.companies import noticing
from cartero.companies.models import AuditEntry, Membership, MutedNotice, NoticeKind, NoticeSent
from cartero.companies.noticing import Notice
from cartero.companies.roles import Role
from tests.factories import make_company, make_user
from tests.mailings.conftest import at_once
from tests.smtp import SmtpServer

pytestmark = pytest.mark.django_db
K = NoticeKind
__all__ = ["at_once"]


@pytest.fixture
def company():
    return make_company(name="Valle S.A.S.")


@pytest.fixture
def ana(company):
    return make_user(company, Role.SENDER)


@pytest.fixture
def operator(settings, smtp_server: SmtpServer):
    """The operator's own server, for real."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.PUBLIC_URL = "https://cartero.example.co"
    return smtp_server


def notice(company, user, key="1", kind=K.BOUNCED):
    return Notice(company=company, user=user, kind=kind, key=key, subject="Rebotó 1 correo", body="Uno.\n")


def test_it_goes_once_by_the_operator_s_server_and_says_how_to_stop_it(company, ana, operator):
    assert [noticing.tell(notice(company, ana)) for _ in range(3)] == [True, False, False]
    (kept,) = operator.messages
    told = message_from_bytes(kept)
    link = noticing.link_to_stop(company, ana, K.BOUNCED)
    assert told["List-Unsubscribe"].strip() == f"<{link}>"
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told["Auto-Submitted"] == "auto-generated"
    assert link in told.get_payload()
    assert noticing.tell(notice(company, ana, key="2"))


def test_without_https_there_is_no_one_press(company, ana, settings):
    settings.EMAIL_HOST, settings.PUBLIC_URL = "localhost", "http://127.0.0.1:8000"
    noticing.tell(notice(company, ana))
    headers = mail.outbox[0].extra_headers
    assert "List-Unsubscribe" in headers
    assert "List-Unsubscribe-Post" not in headers


def test_what_a_server_refused_may_go_again_and_what_it_may_have_does_not(company, ana, operator):
    operator.answer("rcpt", 451, "4.3.0 luego", times=1)
    with pytest.raises(OSError, match="luego"):
        noticing.tell(notice(company, ana))
    assert noticing.tell(notice(company, ana))
    operator.answer("end", then="close", keep=True, times=1)
    with pytest.raises(OSError):
        noticing.tell(notice(company, ana, key="2"))
    assert not noticing.tell(notice(company, ana, key="2"))


def test_two_workers_at_once_send_it_once(company, ana, settings, at_once, transactional_db):
    settings.EMAIL_HOST = "localhost"
    assert at_once(*[lambda: noticing.tell(notice(company, ana))] * 4) == []
    assert len(mail.outbox) == 1


def test_she_chooses_by_company(company, ana, settings):
    settings.EMAIL_HOST = "localhost"
    other = make_company()
    Membership.objects.create(company=other, user=ana, role=Role.SENDER)
    noticing.choose(company, ana, [K.FINISHED])
    assert noticing.wanted(company, ana) == [K.FINISHED]
    assert not noticing.tell(notice(company, ana))
    assert noticing.tell(notice(other, ana))
    noticing.choose(company, ana, [*K])
    assert noticing.tell(notice(company, ana))
    assert AuditEntry.objects.of(company).filter(verb="choose_notices").count() == 2


def test_who_reads_a_kind(company, ana):
    make_user(company, Role.READER)
    gone = make_user(company, Role.ADMIN)
    gone.is_active = False
    gone.save()
    muted = make_user(company, Role.ADMIN)
    MutedNotice.objects.create(company=company, user=muted, kind=K.REFUSED)
    assert noticing.readers(company, K.REFUSED, Role.SENDER) == [ana]
    assert noticing.readers(company, K.BOUNCED, Role.SENDER) == [ana, muted]


def test_who_left_the_company_gets_nothing(company, ana, settings):
    settings.EMAIL_HOST = "localhost"
    link = noticing.link_to_stop(company, ana, K.BOUNCED)
    Membership.objects.filter(user=ana).delete()
    assert not noticing.tell(notice(company, ana))
    assert noticing.named(link.rstrip("/").rpartition("/")[2]) is None
    assert not NoticeSent.objects.exists()
