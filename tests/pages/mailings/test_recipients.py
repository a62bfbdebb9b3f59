from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from cartero.companies.roles import Role
from cartero.mailings import lifecycle
from cartero.mailings.models import Mailing
from cartero.pages.mailings import rows
from cartero.parties.models import FINAL_CONSUMER, Party
from tests.factories import make_invoice, make_party, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(mailing):
    return reverse("recipients", args=[mailing.pk])


def test_everyone_is_listed_with_why_one_is_left_out(enter, ana, url):
    page = enter(ana).get(url)
    for words in ("Luz Marina Peña", "luz@example.com", "Omar Díaz", "Sin Correo S.A.S.", "Sin correo utilizable"):
        assert words in page.text


FILTERS = [
    ({"estado": "por-enviar"}, {"Luz Marina Peña", "Omar Díaz"}),
    ({"estado": "por-fuera"}, {"Sin Correo S.A.S."}),
    ({"motivo": "no_address"}, {"Sin Correo S.A.S."}),
    ({"q": "peña"}, {"Luz Marina Peña"}),
    ({"q": "omar@"}, {"Omar Díaz"}),
    ({"estado": "nonsense", "motivo": "¡!"}, {"Luz Marina Peña", "Omar Díaz", "Sin Correo S.A.S."}),
]


@pytest.mark.parametrize(("asked", "names"), FILTERS)
def test_filters(enter, ana, url, asked, names):
    rows = enter(ana).get(url, asked).context["rows"]
    assert {row.delivery.party.name for row in rows} == names


def names_of(answer):
    return {row.delivery.party.name for row in answer.context["rows"]}


def test_an_address_of_this_sending_alone_is_found(enter, ana, url, mailing):
    mailing.deliveries.filter(to=["luz@example.com"]).update(to=["luz@otra.example.com"])
    assert names_of(enter(ana).get(url, {"q": "luz@otra.example.com"})) == {"Luz Marina Peña"}


def test_among_very_many_mails_an_address_is_looked_for_among_those_of_terceros(enter, ana, url, mailing):
    mailing.deliveries.filter(to__contains=["luz@example.com"]).update(to=["luz@otra.example.com"])
    Mailing.objects.filter(pk=mailing.pk).update(deliveries_count=rows.MOST_GONE_THROUGH + 1)
    client = enter(ana)
    assert names_of(client.get(url, {"q": "luz@example.com"})) == {"Luz Marina Peña"}
    page = client.get(url, {"q": "luz@otra.example.com"})
    assert "no se busca entre las direcciones escritas para un solo correo" in page.text
    Party.objects.filter(name="Luz Marina Peña").update(tax_id=FINAL_CONSUMER)
    assert names_of(client.get(url, {"q": "luz@otra.example.com"})) == {"Luz Marina Peña"}


def test_a_name_of_very_many_is_found(enter, ana, url, company):
    facts = {"company": company, "name": "Luz", "search_key": "luz"}
    Party.objects.bulk_create(Party(tax_id=f"55{n}", **facts) for n in range(201))
    assert names_of(enter(ana).get(url, {"q": "luz"})) == {"Luz Marina Peña"}


def test_a_row_turns_into_its_field(enter, ana, url, mailing):
    delivery = mailing.deliveries.get(to=["luz@example.com"])
    page = enter(ana).get(url, {"editar": delivery.pk})
    assert f'<tr id="entrega-{delivery.pk}" data-editing>' in page.text
    assert 'value="luz@example.com"' in page.text
    part = enter(ana).get(url, {"editar": delivery.pk}, headers={"HX-Request": "true", "HX-Target": "list"})
    assert "<html" not in part.text
    assert "data-editing" in part.text


def test_a_reader_sees_and_corrects_nothing(enter, company, url, mailing):
    delivery = mailing.deliveries.first()
    page = enter(make_user(company, Role.READER)).get(url, {"editar": delivery.pk})
    assert "data-editing" not in page.text
    assert "Corregir el correo" not in page.text


def test_a_stranger_gets_a_404(enter, carla, url, mailing):
    client = enter(carla)
    assert client.get(url).status_code == 404
    assert client.get(reverse("recipients_xlsx", args=[mailing.pk])).status_code == 404


def test_the_list_can_be_saved_as_she_filtered_it(enter, ana, mailing):
    answer = enter(ana).get(reverse("recipients_xlsx", args=[mailing.pk]), {"estado": "por-enviar"})
    assert 'filename="envio-1-terceros.xlsx"' in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["NIT o cédula", "Tercero", "Correo"]
    assert [(row[1], row[2], row[4]) for row in rows[1:]] == [
        ("Luz Marina Peña", "luz@example.com", "Por enviar"),
        ("Omar Díaz", "omar@example.com", "Por enviar"),
    ]


def test_a_name_that_looks_like_a_formula_stays_text(enter, ana, company, register):
    make_invoice(make_party(company, name='=HYPERLINK("http://example.com")'))
    mailing = register()
    answer = enter(ana).get(reverse("recipients_xlsx", args=[mailing.pk]))
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    assert book.get_sheet_by_index(0).to_python()[1][1] == '=HYPERLINK("http://example.com")'


def test_a_cancelled_sending_can_only_be_looked_at(enter, ana, mailing, url):
    lifecycle.cancel(mailing, ana)
    page = enter(ana).get(url)
    assert "Corregir el correo" not in page.text
    assert "Dejar por fuera" not in page.text


def test_queries_do_not_grow_with_the_list(enter, ana, company, register, django_assert_max_num_queries):
    for at in range(30):
        make_invoice(make_party(company), f"FX{at}")
    mailing = register()
    client = enter(ana)
    with django_assert_max_num_queries(14):
        client.get(reverse("recipients", args=[mailing.pk]))


def test_a_refused_address_is_told_in_words_and_the_code_stands_under_them(enter, ana, url, mailing):
    said = "550 5.1.1 <luz@example.com>: user unknown"
    first = mailing.deliveries.filter(to__contains=["luz@example.com"])
    first.update(status="failed", reason="no_mailbox", reply_code=550, reply=said)
    mailing.deliveries.filter(status="skipped").update(
        reason="unusable_address", reason_detail=f"x@example.com: {said}"
    )
    page = enter(ana).get(url).text
    assert 'El buzón no existe.<br><span class="mono">550 5.1.1</span>' in page
    assert 'x@example.com: El buzón no existe.<br><span class="mono">550 5.1.1</span>' in page
    assert "user unknown" not in page


def test_under_one_page_there_is_no_strip(enter, ana, url):
    assert "table-box__bar" not in enter(ana).get(url).text


def test_the_code_with_which_it_was_taken_is_no_code_of_its_bounce(enter, ana, url, mailing):
    first = mailing.deliveries.filter(to=["luz@example.com"])
    first.update(status="bounced", reason="no_mailbox", reply_code=250, reply="2.0.0 OK: queued as 4F9")
    page = enter(ana).get(url).text
    assert "El buzón no existe" in page
    assert '<span class="mono">250' not in page
