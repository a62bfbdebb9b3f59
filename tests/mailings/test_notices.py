from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from cartero.companies import noticing
from cartero.companies.models import NoticeKind
from cartero.companies.roles import Role
from cartero.mailings import lifecycle, notices, outcomes, upkeep
from cartero.mailings.models import Batches, Delivery, EventKind
from cartero.mailings.outcomes import Return
from cartero.mailings.states import BatchThen, DeliveryStatus, MailingStatus
from cartero.parties.models import Party
from cartero.transport.models import MailAccount
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
NIGHT, MORNING = datetime(2026, 7, 21, 10, 59, tzinfo=UTC), datetime(2026, 7, 21, 12, 5, tzinfo=UTC)  # 7:05 in Bogotá
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def operator(settings):
    settings.EMAIL_HOST = "localhost"


@pytest.fixture
def came_back(started):
    """Mails that had gone, and came back at that moment."""

    def make(mails, at):
        mailing = started(mails)
        mailing.deliveries.update(status=DeliveryStatus.ACCEPTED)
        for delivery in mailing.deliveries.order_by("pk"):
            outcomes.come_back(delivery, Return(kind=EventKind.BOUNCED, reason="no_mailbox", words="550 no", at=at))
        return mailing

    return make


def morning(now):
    """What the periodic job and those it sets to work do."""
    for company_id, user_id in notices.due_digests(now):
        notices.tell_bounced(company_id, user_id, now)


def test_the_summary_counts_without_a_plural(started, ana):
    mailing = started(2)
    first, second = Delivery.objects.filter(mailing=mailing).order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(status=DeliveryStatus.ACCEPTED)
    Delivery.objects.filter(pk=second.pk).update(status=DeliveryStatus.FAILED)
    lifecycle.finish_if_done(mailing)
    for _ in range(2):  # a job may run twice
        notices.tell_finished(mailing.pk)
    (told,) = mail.outbox
    assert told.subject == f"Terminó el envío {mailing.number}. Enviados: 1. Fallidos: 1."
    assert told.to == [ana.email]


def test_what_bounced_comes_in_the_morning_once(came_back, ana, company):
    make_user(make_company())  # of another company: nothing came back there
    mailing = came_back(3, NIGHT)
    morning(NIGHT)
    assert mail.outbox == []
    for minutes in (0, 10, 50):
        morning(MORNING + timedelta(minutes=minutes))
    (told,) = mail.outbox
    assert (told.to, told.subject) == ([ana.email], "Rebotaron 3 correos que ya habían salido")
    party = Party.objects.order_by("pk").first()
    assert f" - {party.name}, tercero0@example.com (envío {mailing.number}): El buzón no existe." in told.body
    assert "/facturas/?estado=bounced" in told.body


def test_a_day_without_bounces_has_no_mail_and_each_is_told_of_once(came_back, ana):
    came_back(1, MORNING - timedelta(hours=2))
    morning(MORNING)
    morning(MORNING + A_DAY)
    assert len(mail.outbox) == 1
    came_back(1, MORNING - timedelta(hours=3))  # a server that says late when it was
    morning(MORNING + A_DAY)
    subjects = [told.subject for told in mail.outbox]
    assert subjects == ["Rebotó 1 correo que ya había salido", "Rebotaron 2 correos que ya habían salido"]


def test_a_long_list_is_cut(came_back, ana):
    came_back(notices.LISTED + 5, NIGHT)
    morning(MORNING)
    (told,) = mail.outbox
    assert told.body.count("El buzón no existe.") == notices.LISTED
    assert "… y otros: 5." in told.body


def test_who_does_not_want_it_is_not_asked_for(came_back, ana, company):
    noticing.choose(company, ana, [NoticeKind.FINISHED])
    came_back(1, NIGHT)
    assert list(notices.due_digests(MORNING)) == []


@pytest.mark.django_db(transaction=True)
def test_a_refused_account_is_told_once_until_it_has_worked(started, ana, account, smtp_server, send_all, jobs):
    smtp_server.users = {"ana": "clave"}
    MailAccount.objects.filter(pk=account.pk).update(username="ana")
    account.refresh_from_db()
    account.password = "otra"
    account.save()
    mailing = started(2)
    send_all(mailing)
    assert mailing.status == MailingStatus.STOPPED
    assert jobs("tell_refused") == 1
    for _ in range(3):
        notices.tell_refused(mailing.pk)
    (told,) = mail.outbox
    assert told.subject == f"La cuenta «{account.name}» no deja enviar"
    assert f"Envío {mailing.number}".lower() in told.body.lower()
    assert "usuario" in told.body
    account.password = "clave"
    account.save()
    lifecycle.resume(mailing, by=ana)
    send_all(mailing)
    assert mailing.status == MailingStatus.FINISHED
    notices.tell_refused(mailing.pk)  # and is refused again
    assert len(mail.outbox) == 2


def ask(mailing):
    """The first part has gone and its wait is over."""
    mailing.deliveries.filter(status="pending", retry_at__isnull=False).update(status=DeliveryStatus.ACCEPTED)
    upkeep.keep_going()
    Batches.objects.filter(mailing=mailing).update(until=MORNING)
    upkeep.keep_going()


def test_a_part_that_asks_is_told_once_to_who_may_send(in_batches, ana, bruno, company):
    make_user(company, Role.PREPARER)
    noticing.choose(company, bruno, [NoticeKind.FINISHED])
    mailing = in_batches(BatchThen.ASK)
    ask(mailing)
    for _ in range(2):
        notices.tell_batch(mailing.pk)
    (told,) = mail.outbox
    assert (told.to, told.subject) == ([ana.email], "El envío 1 espera su visto bueno: tanda 1 de 3")
    assert "La tanda terminó y espera su visto bueno" in told.body
    assert "Correos de la tanda: 2\nVolvieron o fallaron: 0" in told.body
    assert f"/envios/{mailing.pk}/" in told.body
    assert noticing.link_to_stop(company, ana, NoticeKind.BATCH) in told.body
    lifecycle.resume(mailing, by=ana)
    ask(mailing)
    notices.tell_batch(mailing.pk)
    assert mail.outbox[1].subject == "El envío 1 espera su visto bueno: tanda 2 de 3"


@pytest.mark.parametrize("verb", ["resume", "cancel"])
def test_nobody_is_told_of_a_part_that_asks_no_more(in_batches, ana, verb):
    mailing = in_batches(BatchThen.ASK)
    ask(mailing)
    lifecycle.VERBS[verb](mailing, ana)
    notices.tell_batch(mailing.pk)
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_limit_that_passes_by_itself_alarms_nobody(started, smtp_server, send_all, jobs):
    smtp_server.answer("end", 550, "5.4.5 Daily user sending limit exceeded")
    mailing = started(2)
    send_all(mailing)
    assert mailing.resume_at > timezone.now()
    assert jobs("tell_refused") == 0
