from datetime import timedelta

import pytest
from django.utils import timezone

from cartero.companies.roles import Role
from cartero.invoices.models import PeriodTally
from cartero.mailings.models import Batches, Mailing, MessageTemplate
from cartero.mailings.states import MailingStatus
from cartero.pages.mailings import counting
from tests.factories import make_group, make_invoice, make_party, make_user

pytestmark = pytest.mark.django_db
URL = "/envios/registrar/"
SUMMARY = {"HX-Request": "true", "HX-Target": "summary"}


@pytest.fixture
def typed(account, invoices):
    """What a browser sends when nothing but the name was changed."""
    return {
        "kind": "copy",
        "audience": "everyone",
        "period": "2026-07",
        "name": "Cuotas de julio",
        "account": account.pk,
        "subject": "Va {{ factura.numero }}",
        "message_html": "<p>Hola, {{ tercero.nombre }}</p>",
        "when": "ahora",
    }


def test_the_form_begins_with_the_latest_month(enter, ana, typed):
    page = enter(ana).get(URL, {"forma": "copy"})
    assert '<option value="2026-07" selected>Julio de 2026</option>' in page.text
    assert page.context["summary"].counts.going == 2


def test_it_registers_without_javascript(enter, ana, typed):
    page = enter(ana).post(URL, typed, follow=True)
    mailing = Mailing.objects.get()
    assert (mailing.name, mailing.deliveries_count, mailing.status) == ("Cuotas de julio", 2, MailingStatus.REGISTERED)
    assert page.redirect_chain[-1][0] == f"/envios/?sel={mailing.pk}"
    assert "Nada sale hasta que lo inicie" in page.text


def test_it_can_be_scheduled(enter, ana, typed):
    day = timezone.localtime() + timedelta(days=3)
    enter(ana).post(URL, typed | {"when": "despues", "day": f"{day:%Y-%m-%d}", "hour": "08:30"})
    mailing = Mailing.objects.get()
    assert mailing.status == MailingStatus.SCHEDULED
    assert timezone.localtime(mailing.scheduled_for).strftime("%H:%M") == "08:30"


BATCHES = {"in_batches": "on", "batch_size": "1", "batch_wait": "45", "batch_then": "go-on"}


def test_it_can_go_in_parts(enter, ana, typed):
    counted = enter(ana).post(URL, typed | BATCHES | {"accion": "contar"}, headers=SUMMARY)
    assert (counted.context["summary"].parts, counted.context["summary"].seconds) >= (2, 45 * 60)
    enter(ana).post(URL, typed | BATCHES)
    batches = Mailing.objects.get().batches
    assert (batches.size, batches.wait_minutes, batches.then, batches.mails) == (1, 45, "go-on", 1)


def test_what_is_hidden_is_not_minded(enter, ana, typed):
    enter(ana).post(URL, typed | BATCHES | {"in_batches": "", "batch_size": "x"})
    assert not Batches.objects.exists()
    assert Mailing.objects.exists()


MISTAKES = [
    (BATCHES | {"batch_size": ""}, "Escriba un número"),
    (BATCHES | {"batch_wait": "0"}, "1"),
    ({"name": ""}, "Escriba un nombre"),
    ({"number_from": "200", "number_to": "100"}, "¿Los intercambiamos?"),
    ({"subject": ""}, "Escriba un asunto"),
    ({"subject": "{{ factura.nro }}"}, "¿Quiso decir «factura.numero»?"),
    ({"message_html": "<p>{{ cosa }}</p>"}, "cosa"),
    ({"audience": "group"}, "Elija un grupo."),
    ({"audience": "chosen"}, "Elija al menos un tercero."),
    ({"when": "despues"}, "Escriba el día en que sale."),
    ({"when": "despues", "day": "2020-01-01", "hour": "08:00"}, "ya pasaron"),
    ({"number_from": "FE5"}, "solo el consecutivo"),
    ({"period": "1999-01"}, "1999-01"),
    ({"document_kind": "credit_note"}, "Ningún documento coincide"),
]


@pytest.mark.parametrize(("mistake", "words"), MISTAKES)
def test_a_mistake_keeps_what_was_typed(enter, ana, typed, mistake, words):
    answer = enter(ana).post(URL, typed | {"message_html": "<p>Largo y propio</p>"} | mistake)
    assert answer.status_code == 422
    assert words in answer.text
    assert "data-focus" in answer.text  # the summary takes the focus
    if "message_html" not in mistake:
        assert "Largo y propio" in answer.text
    assert not Mailing.objects.exists()


def test_nothing_is_registered_when_all_stay_out(enter, ana, typed, parties):
    answer = enter(ana).post(URL, typed | {"audience": "chosen", "parties": [parties[2].pk]})
    assert answer.status_code == 422
    assert "todos quedan por fuera" in answer.text


def test_what_keeps_it_from_counting_is_said_beside(enter, ana, typed):
    turned = {"accion": "contar", "number_from": "20", "number_to": "10"}
    answer = enter(ana).post(URL, typed | turned, headers=SUMMARY)
    assert "Es menor que el número inicial" in answer.text
    assert 'href="#id_number_to"' in answer.text


def test_the_count_comes_alone_and_finds_no_fault_with_the_rest(enter, ana, typed):
    answer = enter(ana).post(URL, typed | {"accion": "contar", "name": "", "subject": ""}, headers=SUMMARY)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section class="panel" id="summary"')
    assert 'id="summary-bar" hx-swap-oob' in answer.text
    assert "motivo=no_address" in answer.text
    assert not Mailing.objects.exists()


def test_counting_by_the_button_keeps_the_form(enter, ana, typed):
    answer = enter(ana).post(URL, typed | {"accion": "contar", "name": "A medias", "subject": ""})
    assert answer.status_code == 200
    assert 'value="A medias"' in answer.text
    assert "Escriba un asunto" not in answer.text


def test_terceros_are_found_and_stay_ticked_by_the_button(enter, ana, typed, parties):
    asked = typed | {"audience": "chosen", "parties": [parties[0].pk], "accion": "buscar", "buscar_tercero": "Díaz"}
    page = enter(ana).post(URL, asked)
    assert page.status_code == 200
    assert f'name="parties" value="{parties[0].pk}" checked' in page.text
    assert f'name="parties" value="{parties[1].pk}">' in page.text
    assert page.context["summary"].counts.going == 1


def test_all_but_the_chosen(enter, ana, typed, parties):
    enter(ana).post(URL, typed | {"audience": "except", "parties": [parties[0].pk]})
    assert [d.party for d in Mailing.objects.get().deliveries.filter(status="pending")] == [parties[1]]


def test_a_group_and_a_zone(enter, ana, company, typed, parties):
    group, zone = make_group(company, parties[0]), make_group(company, parties[1], name="Torre 3", kind="zone")
    client = enter(ana)
    client.post(URL, typed | {"audience": "group", "group": group.pk})
    client.post(URL, typed | {"audience": "zone", "zone": zone.pk})
    chosen = [m.deliveries.get(status="pending").party for m in Mailing.objects.order_by("number")]
    assert chosen == [parties[0], parties[1]]


def test_another_companys_terceros_and_accounts_are_none_of_hers(enter, carla, typed, parties):
    answer = enter(carla).post(URL, typed | {"audience": "chosen", "parties": [parties[0].pk]})
    assert answer.status_code == 422
    assert "Luz Marina" not in answer.text
    assert not Mailing.objects.exists()


def test_a_template_takes_the_place_of_the_message(enter, ana, company, typed):
    template = MessageTemplate.objects.create(
        company=company, name="Corta", kind="copy", subject="Su saldo", message_html="<p>Corto.</p>"
    )
    page = enter(ana).post(URL, typed | {"accion": "plantilla", "template": template.pk})
    assert 'value="Su saldo"' in page.text
    assert "Corto." in page.text


def test_the_ends_of_a_range_are_swapped_for_her(enter, ana, typed):
    page = enter(ana).post(URL, typed | {"accion": "intercambiar", "number_from": "103", "number_to": "101"})
    assert page.context["chosen"]["number_from"].value() == "101"
    assert page.context["summary"].counts.documents == 3


def test_a_legal_delivery_has_its_subject_from_the_law(enter, ana, company, typed):
    page = enter(ana).get(URL, {"forma": "delivery"})
    fixed = f"{company.tax_id};Valle Verde S.A.S.;{{{{ factura.numero }}}};01;"
    assert fixed in page.text
    enter(ana).post(URL, typed | {"kind": "delivery", "unvalidated_too": "on", "subject": "¡Oferta!"})
    assert Mailing.objects.get().subject == ""


def test_it_comes_filled_from_the_last_sending(enter, ana, mailing, typed):
    page = enter(ana).get(URL)
    assert page.context["draft"]["message_html"].value() == mailing.message_html
    assert page.context["draft"]["subject"].value() == mailing.subject


def test_rows_ticked_in_facturas_are_the_selection(enter, ana, typed, invoices):
    page = enter(ana).get(URL, {"factura": [invoices[0].pk, invoices[1].pk], "forma": "copy"})
    assert "2 documentos elegidos en Facturas." in page.text
    assert page.context["summary"].counts.documents == 2


def test_the_filters_of_facturas_come_along(enter, ana, typed):
    page = enter(ana).get(URL, {"periodo": "2026-07", "tipo": "invoice", "saldo": "con", "q": "luz", "forma": "copy"})
    assert page.context["summary"].counts.documents == 1
    assert page.context["chosen"]["only_with_balance"].value()


@pytest.mark.django_db(transaction=True)  # the workers' threads see committed rows alone
def test_what_was_sent_before_is_told_with_its_date_and_person(enter, ana, typed, account, smtp_server, send_all):
    account.port = smtp_server.port
    account.save(update_fields=["port"])
    client = enter(ana)
    client.post(URL, typed)
    mailing = Mailing.objects.get()
    client.post(f"/envios/{mailing.pk}/iniciar/")
    send_all(mailing)
    page = client.get(URL)
    assert "2 documentos ya se habían enviado." in page.text
    assert "por Ana Ríos" in page.text
    assert "motivo=sent_before" in page.text


def test_roles(enter, company, typed):
    assert enter(make_user(company, Role.READER)).get(URL).status_code == 403
    assert enter(make_user(company, Role.PREPARER)).post(URL, typed).status_code == 302


def test_queries(enter, ana, company, typed, django_assert_max_num_queries):
    for at in range(20):
        make_invoice(make_party(company), f"FX{at}")
    client = enter(ana)
    with django_assert_max_num_queries(30):
        client.get(URL)
    with django_assert_max_num_queries(24):
        client.post(URL, typed | {"accion": "contar"}, headers=SUMMARY)


def tally(company, documents):
    PeriodTally.objects.create(
        company=company,
        period="2026-07-01",
        kind="invoice",
        currency="COP",
        mail_status="unsent",
        documents=documents,
        amount=0,
        is_merged=True,
    )


def test_of_many_documents_the_page_comes_first_and_asks_for_the_counts(enter, ana, typed, company):
    tally(company, counting.AT_ONCE)
    page = enter(ana).get(URL, {"forma": "copy"})
    assert page.context["summary"].counts is None
    assert "<dd>2.003</dd>" in page.text
    assert 'hx-trigger="load, input' in page.text
    counted = enter(ana).post(URL, typed | {"accion": "contar"}, headers=SUMMARY)
    assert counted.context["summary"].counts.going == 2
    assert "load" not in counted.text


def test_so_many_are_counted_only_when_she_asks(enter, ana, typed, company):
    tally(company, counting.MANY)
    client = enter(ana)
    page = client.get(URL, {"forma": "copy"})
    assert "<dd>20.003</dd>" in page.text
    assert "Contar uno por uno" in page.text
    assert "load, input" not in page.text
    again = client.post(URL, typed | {"accion": "contar"}, headers=SUMMARY)
    assert again.context["summary"].counts is None
    counted = client.post(URL, typed | {"accion": "contar-todo"}, headers=SUMMARY)
    assert counted.context["summary"].counts.going == 2
    client.post(URL, typed)
    assert Mailing.objects.get().deliveries_count == 2, "registered without having been counted"
