import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from cartero.importing.models import Conflict, Import
from cartero.invoices.models import Invoice, InvoiceContent, InvoiceEvent
from cartero.invoices.states import InvoiceKind
from cartero.mailings import lifecycle
from cartero.mailings.models import Mailing
from cartero.mailings.models.mailing import Pace
from cartero.mailings.states import DeliveryStatus, MailingKind
from cartero.transport import allowance
from cartero.transport.models import MailAccount
from cartero.transport.replies import Pause
from tests.factories import make_invoice

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "progress"}
FIGURES = {"HX-Request": "true", "HX-Target": "advance"}


@pytest.fixture
def url(mailing):
    return reverse("mailing", args=[mailing.pk])


def test_before_it_starts_it_tells_what_it_holds(enter, ana, mailing, url, rehearse_all):
    rehearse_all(mailing)
    page = enter(ana).get(url)
    assert "Lo que lleva este envío" in page.text
    assert "todos salen bien" in page.text
    assert "Sin correo" in page.text  # why one document stays out


def test_the_rehearsal_lists_what_fails(enter, ana, register, invoices, rehearse_all):
    mailing = register()
    Mailing.objects.filter(pk=mailing.pk).update(message_html="<p>{{ tercero.ciudad }}</p>")
    rehearse_all(mailing)
    page = enter(ana).get(reverse("mailing", args=[mailing.pk]))
    assert "2 no pueden salir" in page.text
    assert "«tercero.ciudad» queda vacío" in page.text


def test_a_paid_document_is_shown_before_starting(enter, ana, mailing, url, invoices):
    invoices[0].balance = 0
    invoices[0].save(update_fields=["balance"])
    page = enter(ana).get(url)
    assert "no tiene saldo" in page.text
    delivery = invoices[0].deliveries.get()
    assert reverse("exclude_delivery", args=[mailing.pk, delivery.pk]) in page.text


def test_a_certificate_is_not_said_to_be_paid(enter, ana, mailing, url, invoices):
    Invoice.objects.filter(pk=invoices[0].pk).update(balance=0, kind=InvoiceKind.CERTIFICATE)
    assert "no tiene saldo" not in enter(ana).get(url).text


def annul(company, invoice, party):
    note = make_invoice(party, "NC1", kind=InvoiceKind.CREDIT_NOTE)
    content = InvoiceContent.objects.get(invoice=note)
    content.data["correction"] = {"number": invoice.number, "uuid": "", "code": "2", "reason": ""}
    content.save(update_fields=["data"])


def replace(company, invoice, party):
    source = Import.objects.create(company=company)
    fields = {"kind": invoice.kind, "number": invoice.number, "data": {}}
    Conflict.objects.create(
        company=company, source=source, invoice=invoice, decision="replaced", decided_at=timezone.now(), **fields
    )


def claim(company, invoice, party):
    fields = {"code": "031", "number": "E1", "reference": invoice.number, "sha256": "a" * 64}
    InvoiceEvent.objects.create(company=company, invoice=invoice, **fields)


def reject(company, invoice, party):
    Mailing.objects.update(kind=MailingKind.DELIVERY)
    Invoice.objects.filter(pk=invoice.pk).update(validation_code="04")


SINCE = [
    (annul, "nota crédito que anula"),
    (replace, "se cambió por otro que llegó"),
    (claim, "El comprador reclamó"),
    (reject, "La DIAN rechazó"),
]


@pytest.mark.parametrize(("befall", "words"), SINCE)
def test_what_befell_a_document_is_shown_before_starting(befall, words, enter, ana, mailing, url, invoices):
    assert words not in enter(ana).get(url).text
    befall(mailing.company, invoices[0], invoices[0].party)
    page = enter(ana).get(url)
    assert words in page.text
    assert page.text.count(reverse("exclude_delivery", args=[mailing.pk, invoices[0].deliveries.get().pk])) == 1
    start = enter(ana).get(reverse("start_mailing", args=[mailing.pk]))
    assert "Hay algo que mirar antes de iniciar." in start.text


def test_the_running_page_refreshes_its_part(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    page = enter(ana).get(url)
    assert 'hx-trigger="every 2s"' in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.text
    part = enter(ana).get(url, headers=PART)
    assert part.text.lstrip().startswith('<div class="stack" id="progress"')
    assert "<html" not in part.text


def test_its_figures_move_every_two_seconds_at_the_cost_of_one_query(
    enter, ana, mailing, url, django_assert_num_queries
):
    lifecycle.start(mailing, ana)
    client = enter(ana)
    assert 'hx-target="#advance" hx-swap="outerHTML" hx-trigger="every 2s"' in client.get(url).text
    mailing.deliveries.filter(status="pending").update(status="accepted")
    with django_assert_num_queries(3):  # her session, herself with what she works for, the figures
        part = client.get(url, headers=FIGURES)
    assert '<span hx-swap-oob="innerHTML:#sent">2</span>' in part.text
    assert '<span hx-swap-oob="innerHTML:#percent">100 %</span>' in part.text
    assert '<progress id="meter" hx-swap-oob="true"' in part.text
    assert 'id="underway" hx-swap-oob="true"' in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize("headers", [PART, FIGURES])
def test_when_it_ended_the_page_is_asked_for_again(enter, ana, mailing, url, headers):
    lifecycle.cancel(mailing, ana)
    assert enter(ana).get(url, headers=headers).headers["HX-Refresh"] == "true"


def test_the_sum_adds_up_on_the_page(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    context = enter(ana).get(url).context["sum"]
    parts = context.accepted + context.failed + context.left_out + context.in_doubt + context.waiting
    assert parts == context.total == 3


@pytest.mark.django_db(transaction=True)  # the workers' threads see committed rows alone
def test_sent_and_ended(enter, ana, register, invoices, account, smtp_server, send_all):
    account.port = smtp_server.port
    account.save(update_fields=["port"])
    mailing = register()
    lifecycle.start(mailing, ana)
    send_all(mailing)
    page = enter(ana).get(reverse("mailing", args=[mailing.pk]))
    assert "Finalizado" in page.text
    assert "de 2 correos salieron bien" in page.text
    assert reverse("recipients_xlsx", args=[mailing.pk]) in page.text


def test_its_history_says_who_from_where_and_how_much(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    lifecycle.stop(mailing, ana)
    lifecycle.cancel(mailing, ana)
    history = enter(ana).get(url).text.partition('id="history"')[2]
    assert f"{ana}, desde {mailing.account.from_address}" in history
    assert f"{ana}, {mailing.documents} documentos" in history


def test_how_long_it_took_comes_with_its_pace(enter, ana, mailing, url):
    now = timezone.now()
    mailing.deliveries.update(status=DeliveryStatus.ACCEPTED, accepted_at=now)
    began = now - timedelta(minutes=1)
    Mailing.objects.filter(pk=mailing.pk).update(status="finished", started_at=began, finished_at=now)
    mails = mailing.deliveries.count()
    assert f"Duró cerca de un minuto. En promedio, {mails} correos por minuto." in enter(ana).get(url).text


def test_stopped_by_cartero_says_why_and_what_to_do(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    lifecycle.stop(mailing, None, reason="login_refused", reply="535 5.7.8 no")
    page = enter(ana).get(url)
    assert "La cuenta rechazó el usuario o la contraseña." in page.text
    assert "535 5.7.8 no" in page.text
    assert "Ningún correo se marcó como fallido por eso." in page.text


def test_mails_that_were_blamed_before_it_stopped_are_not_denied(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    lifecycle.stop(mailing, None, reason="content_keeps_failing", reply="550 5.7.1 spam")
    page = enter(ana).get(url)
    assert "cinco correos seguidos" in page.text
    assert "Ningún correo se marcó" not in page.text


def test_a_server_that_makes_it_wait_is_told_with_its_end_and_what_to_do(enter, ana, mailing, account, url):
    lifecycle.start(mailing, ana)
    pace = allowance.Pace(connections=1, per_minute=0)
    allowance.pause(account.pk, Pause(reason="mails_refused"), "503 5.5.1 bad sequence", pace)
    page = enter(ana).get(url)
    assert "El servidor rechaza el comienzo de cada correo, también en conexiones nuevas." in page.text
    assert re.search(r"Seguimos <time[^>]*>(hoy|mañana) a las? ", page.text)
    assert re.search(r"Si no mejora, detenemos el envío y le avisamos <time[^>]*>(hoy|mañana) a las? ", page.text)
    assert "Muéstrele la respuesta a su proveedor de correo" in page.text
    assert "503 5.5.1 bad sequence" in page.text


def test_stopped_by_a_person_names_her(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    lifecycle.stop(mailing, ana)
    assert "Lo detuvo usted" in enter(ana).get(url).text


@pytest.mark.django_db(transaction=True)  # the workers' threads see committed rows alone
def test_problems_alone(enter, ana, mailing, url, account, smtp_server, send_all):
    smtp_server.answer("rcpt", 451, "4.7.1 come back later", when="omar@example.com")
    account.port = smtp_server.port
    account.save(update_fields=["port"])
    lifecycle.start(mailing, ana)
    send_all(mailing)
    client = enter(ana)
    assert "Aceptado" in client.get(url).text
    problems = client.get(url, {"solo": "problemas"})
    assert "4.7.1 come back later" in problems.text
    assert "Aceptado" not in problems.text


@pytest.mark.parametrize("headers", [{}, PART, FIGURES])
def test_a_stranger_gets_a_404(enter, carla, url, headers):
    assert enter(carla).get(url, headers=headers).status_code == 404


@pytest.mark.parametrize("verbs", [(), ("start",), ("start", "stop"), ("cancel",)])
def test_queries(enter, ana, mailing, url, verbs, django_assert_max_num_queries):
    for verb in verbs:
        lifecycle.VERBS[verb](mailing, ana)
    client = enter(ana)
    with django_assert_max_num_queries(25):
        client.get(url)


def test_while_it_is_stopped_nothing_goes_a_minute(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    Pace.objects.create(mailing=mailing, at=timezone.now(), shard=0, accepted=30)
    assert enter(ana).get(url).context["pace"] == 120, "thirty in ten seconds, but no more than its account permits"
    lifecycle.stop(mailing, ana)
    assert enter(ana).get(url).context["pace"] == 0


def test_a_stopped_one_is_followed_while_mails_are_in_the_air(enter, ana, mailing, url):
    lifecycle.start(mailing, ana)
    lifecycle.stop(mailing, ana)
    client = enter(ana)
    assert "every 10s" not in client.get(url).text
    mailing.deliveries.filter(status="pending").update(status="transmitting", token=uuid4(), lease_until=timezone.now())
    assert 'visto=stopped" hx-target="#progress" hx-swap="outerHTML" hx-trigger="every 10s"' in client.get(url).text
    assert 'visto=stopped" hx-target="#advance"' in client.get(url, {"visto": "stopped"}, headers=FIGURES).text
    part = client.get(url, {"visto": "stopped"}, headers=PART)
    assert part.text.lstrip().startswith('<div class="stack" id="progress"')
    assert client.get(url, {"visto": "sending"}, headers=PART).headers["HX-Refresh"] == "true"


LIMITS = [
    ({"per_minute": 120}, "su cuenta permite 120"),
    ({"per_minute": None, "per_hour": 300, "per_day": 2000}, "su cuenta permite 300 por hora"),
    ({"per_minute": None, "per_hour": None, "per_day": 2000}, "su cuenta permite 2.000 en 24 horas"),
    ({"per_minute": None, "per_hour": None, "per_day": None}, "su cuenta no tiene límite"),
]


@pytest.mark.parametrize(("limits", "words"), LIMITS)
def test_beside_the_pace_stands_the_limit_that_there_is(enter, ana, mailing, account, url, limits, words):
    lifecycle.start(mailing, ana)
    MailAccount.objects.filter(pk=account.pk).update(**limits)
    assert f">{words}<" in enter(ana).get(url).text


def test_why_it_waits_stands_above_what_the_server_answered(enter, ana, mailing, account, url):
    lifecycle.start(mailing, ana)
    pace = allowance.Pace(connections=1, per_minute=0)
    allowance.pause(account.pk, Pause(reason="mails_refused"), "503 5.5.1 bad sequence", pace)
    page = enter(ana).get(url).text
    assert page.index("503 5.5.1 bad sequence") < page.index("Últimas respuestas del servidor")
