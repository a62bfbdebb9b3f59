"""En duda: what is left for a person, of one sending or of all."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cartero.companies.models import AuditEntry, DoubtRule
from cartero.companies.roles import Role
from cartero.mailings import lifecycle
from cartero.mailings.models import Doubt, EventKind, Mailing
from cartero.mailings.states import DeliveryStatus, MailingStatus
from cartero.transport.models import SentFolder
from tests.factories import make_company, make_invoice, make_party, make_user
from tests.pages import browsing

pytestmark = pytest.mark.django_db
S = DeliveryStatus


@pytest.fixture
def ended(mailing, ana):
    """Both of its mails came into doubt, and it has ended."""
    return end(mailing, ana)


def end(mailing, ana):
    lifecycle.start(mailing, ana)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mailings_delivery SET status = 'in_doubt', reason = 'broken_after_dot', reply = '250-2.0.0 qu'"
            " WHERE mailing_id = %s AND status = 'pending'",
            [mailing.pk],
        )
        cursor.execute("UPDATE mailings_mailing SET status = 'finished' WHERE id = %s", [mailing.pk])
    mailing.refresh_from_db()
    return mailing


def statuses(mailing):
    return sorted(mailing.deliveries.exclude(status=S.SKIPPED).values_list("status", flat=True))


def test_it_says_all_that_is_known(enter, ana, ended):
    page = enter(ana).get(reverse("doubts")).text
    told = (
        *("FE101", "FE102", "Luz Marina Peña", "luz@example.com", "facturacion@valle.example.co", "250-2.0.0 qu"),
        "La conexión se cortó después de enviar el correo y antes de la respuesta",
        "La cuenta no tiene dónde buscarlo.",
        "2 correos en duda",
    )
    for words in told:
        assert words in page, words
    assert "Sin Correo" not in page


@pytest.mark.parametrize(
    ("keeps_all", "words"), [(True, "lo más probable es que no salió"), (False, "eso no prueba nada")]
)
def test_it_says_what_was_looked_for(enter, ana, ended, account, company, keeps_all, words):
    SentFolder.objects.create(account=account, host="imap.example.com", keeps_all=keeps_all)
    now = timezone.now()
    for delivery in ended.deliveries.in_doubt():
        Doubt.objects.create(
            company=company, delivery=delivery, since=now, look_at=now, looked_at=now, absent_from="Enviados"
        )
    page = enter(ana).get(reverse("doubts")).text
    assert "No está en «Enviados»" in page
    assert words in page
    assert "Se busca otra vez" in page


def test_a_mailbox_that_cannot_be_read_is_told(enter, ana, ended, account):
    SentFolder.objects.create(account=account, host="imap.example.com", trouble="login_refused", is_refused=True)
    assert "El buzón rechazó el usuario o la contraseña." in enter(ana).get(reverse("doubts")).text


def test_a_company_that_resends_is_warned(enter, ana, ended, company):
    assert "nada sale dos veces" in enter(ana).get(reverse("doubts")).text
    company.doubt_rule = DoubtRule.RESEND
    company.save()
    assert "alguien puede recibirlo dos veces" in enter(ana).get(reverse("doubts")).text


def test_one_press_settles_one(enter, ana, ended):
    first, second = ended.deliveries.in_doubt().order_by("pk")
    marked = {"una": first.pk, "entrega": [second.pk]}  # the button that was pressed says more than the ticks
    answer = enter(ana).post(reverse("doubts_arrived"), marked, follow=True)
    assert "1 correo quedó como enviado." in answer.text
    assert statuses(ended) == [S.ACCEPTED, S.IN_DOUBT]
    event = first.events.get(kind=EventKind.SETTLED)
    assert (event.reason, event.reply) == ("person_says_arrived", str(ana))
    assert AuditEntry.objects.get(verb="settle").user == ana


def test_what_is_ticked_goes_again_and_its_sendings_go_on(enter, ana, ended, register, company):
    make_invoice(make_party(company, "eva@example.com"), "FE900")
    other = end(register(only_unsent=True), ana)
    assert statuses(other) == [S.IN_DOUBT]
    ticked = [ended.deliveries.in_doubt().earliest("pk").pk, other.deliveries.in_doubt().get().pk]
    ids = dict(Mailing.objects.values_list("deliveries__pk", "deliveries__message_id"))
    answer = enter(ana).post(reverse("doubts_resend"), {"entrega": ticked}, follow=True)
    assert "2 correos salen otra vez." in answer.text
    assert (statuses(ended), statuses(other)) == ([S.IN_DOUBT, S.PENDING], [S.PENDING])
    assert set(Mailing.objects.values_list("status", flat=True)) == {MailingStatus.SENDING}
    assert dict(Mailing.objects.values_list("deliveries__pk", "deliveries__message_id")) == ids


@pytest.mark.parametrize(
    ("name", "then"), [("mailing_doubts_arrived", S.ACCEPTED), ("mailing_doubts_resend", S.PENDING)]
)
def test_all_of_a_sending_at_once(enter, ana, ended, name, then):
    page = enter(ana).get(reverse("mailing_doubts", args=[ended.pk])).text
    assert "Todos llegaron" in page
    assert reverse("mailing_doubts_resend", args=[ended.pk]) in page
    answer = enter(ana).post(reverse(name, args=[ended.pk]), {"todos": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("mailing_doubts", args=[ended.pk])
    assert statuses(ended) == [then, then]
    assert "Nada en duda" in answer.text


def test_everything_of_all_sendings_is_not_one_press(enter, ana, ended):
    enter(ana).post(reverse("doubts_resend"), {"todos": "1"})
    assert statuses(ended) == [S.IN_DOUBT, S.IN_DOUBT]


@pytest.mark.parametrize("marked", [{}, {"entrega": ["x", "-1", "9" * 40]}, {"una": ""}])
def test_nothing_marked_changes_nothing_and_says_so(enter, ana, ended, marked):
    answer = enter(ana).post(reverse("doubts_resend"), marked, follow=True)
    assert "Nada cambió" in answer.text
    assert statuses(ended) == [S.IN_DOUBT, S.IN_DOUBT]


def test_what_was_settled_meanwhile_is_not_settled_again(enter, ana, ended):
    pk = ended.deliveries.in_doubt().earliest("pk").pk
    enter(ana).post(reverse("doubts_arrived"), {"una": pk})
    answer = enter(ana).post(reverse("doubts_resend"), {"una": pk}, follow=True)
    assert "Nada cambió" in answer.text
    assert statuses(ended) == [S.ACCEPTED, S.IN_DOUBT]


def test_of_another_company_nothing_is_shown_or_moved(enter, carla, ended):
    client = enter(carla)
    assert "Luz Marina" not in client.get(reverse("doubts")).text
    for pk in ended.deliveries.values_list("pk", flat=True):
        client.post(reverse("doubts_resend"), {"entrega": [pk]})
        client.post(reverse("doubts_arrived"), {"una": pk})
    assert client.get(reverse("mailing_doubts", args=[ended.pk])).status_code == 404
    assert client.post(reverse("mailing_doubts_resend", args=[ended.pk]), {"todos": "1"}).status_code == 404
    assert statuses(ended) == [S.IN_DOUBT, S.IN_DOUBT]


def test_who_only_prepares_sees_and_does_not_settle(enter, company, ended):
    client = enter(make_user(company, Role.PREPARER))
    page = client.get(reverse("doubts")).text
    assert "Luz Marina" in page
    assert "Sí llegó" not in page
    assert client.post(reverse("doubts_arrived"), {"una": "1"}).status_code == 403


def test_its_queries_do_not_grow(enter, ana, register, company, django_assert_max_num_queries):
    for n in range(12):
        make_invoice(make_party(company, f"t{n}@example.com"))
    end(register(), ana)
    client = enter(ana)
    client.get(reverse("doubts"))
    with django_assert_max_num_queries(14):
        client.get(reverse("doubts"))


def test_nothing_in_doubt(enter):
    assert "Nada en duda" in enter(make_user(make_company())).get(reverse("doubts")).text


def test_inicio_and_the_summary_lead_there(enter, ana, ended):
    client = enter(ana)
    page = client.get(reverse("home")).text
    assert "2 correos en duda" in page
    assert f'href="{reverse("doubts")}"' in page
    assert reverse("mailing_doubts", args=[ended.pk]) in client.get(reverse("mailing", args=[ended.pk])).text


def test_the_story_of_the_document_names_who_said_so(enter, ana, ended):
    delivery = ended.deliveries.in_doubt().earliest("pk")
    client = enter(ana)
    client.post(reverse("doubts_arrived"), {"una": delivery.pk})
    page = client.get(reverse("invoice", args=[delivery.invoices.get().pk])).text
    assert "Alguien confirmó que llegó. · Ana Ríos" in page


# In a browser.


@pytest.fixture
def inside(signed_in, ana, server):
    return lambda: signed_in(ana, server)


def test_it_is_whole_in_a_browser(server, chromium, inside, ended, account, company):
    SentFolder.objects.create(account=account, host="imap.example.com", trouble="no_answer")
    now = timezone.now()
    for delivery in ended.deliveries.in_doubt():
        Doubt.objects.create(
            company=company, delivery=delivery, since=now, look_at=now, looked_at=now, absent_from="Elementos enviados"
        )
    with browsing.window(chromium, inside()) as window:
        page = window.new_page()
        browsing.check(page, server + reverse("doubts"), "en-duda")
        browsing.check(page, server + reverse("mailing_doubts", args=[ended.pk]))
        browsing.check(page, server + reverse("doubt_rule"))
        browsing.check(page, server + reverse("sent_folder", args=[account.pk]), "buzon")


def test_without_javascript_one_is_settled_then_the_ticked_ones(server, chromium, inside, ended):
    context = chromium.new_context(java_script_enabled=False, locale="es-CO")
    context.set_default_timeout(10_000)
    context.add_cookies(inside())
    page = context.new_page()
    page.goto(server + reverse("doubts"))
    page.get_by_role("button", name="Sí llegó Luz Marina Peña").click()
    assert statuses(ended) == [S.ACCEPTED, S.IN_DOUBT]
    page.get_by_role("checkbox", name="Omar Díaz").check()
    page.get_by_role("button", name="Reenviar estos").click()
    assert statuses(ended) == [S.ACCEPTED, S.PENDING]
    context.close()
