from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from cartero.mailings import breakdowns as counting
from cartero.mailings.models import Breakdown, Facet, Recount
from cartero.pages.reports.breakdowns import days_in_words, half_seen_by
from tests.factories import make_company
from tests.mailings.test_breakdowns import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailing(people):
    """A sending with a mail in each state, counted; that of a stranger too."""
    sent(make_company())
    mailing = sent(people.company)
    counting.refresh()
    return mailing


def shown(answer):
    return [(line.label, line.counts["mails"], str(line.share)) for line in answer.context["lines"]]


def test_by_reason(client, people, mailing, django_assert_max_num_queries):
    client.force_login(people.bruno)
    with django_assert_max_num_queries(11):
        answer = client.get("/informes/motivos/")
    assert shown(answer)[0] == ("El buzón no existe.", 2, "28.6")
    assert sum(count for _label, count, _share in shown(answer)) == 7
    page = answer.content.decode()
    assert "El buzón está lleno." in page
    assert "al día" in page
    assert "al día hasta" not in page


def test_by_domain_all_of_hotmail_comes_back(client, people, mailing):
    client.force_login(people.bruno)
    answer = client.get("/informes/dominios/")
    assert shown(answer) == [("hotmail.com", 3, "100.0"), ("example.co", 3, "33.3"), ("gmail.com", 3, "0.0")]
    bars = {line.label: (line.width, line.second) for line in answer.context["lines"]}
    assert bars == {"example.co": (0.0, 33.33), "gmail.com": (0.0, 0.0), "hotmail.com": (100.0, 0.0)}


def test_days_until_they_were_seen(client, people, mailing):
    client.force_login(people.bruno)
    answer = client.get("/informes/vistos/")
    assert shown(answer) == [
        ("El mismo día", 1, "33.3"),
        ("De 4 a 7 días", 1, "33.3"),
        ("Nadie lo ha visto", 1, "33.3"),
    ]
    assert "La mitad de los vistos, en: El mismo día" in answer.content.decode()


@pytest.mark.parametrize(
    ("key", "words"),
    [("0", "El mismo día"), ("1", "1 día"), ("3", "3 días"), ("8", "De 8 a 15 días"), ("31", "31 días o más")],
)
def test_days_in_words(key, words):
    assert days_in_words(key) == words


def test_half_of_none_is_nothing():
    assert half_seen_by({"never": {"mails": 4}}) == ""


def test_one_sending_alone(client, people, mailing):
    other = sent(people.company)
    counting.refresh()
    client.force_login(people.bruno)
    assert client.get("/informes/dominios/").context["sums"]["mails"] == 27
    answer = client.get("/informes/dominios/", {"envio": other.pk})
    assert answer.context["sums"]["mails"] == 18, "the documents of the first go again"
    assert f"Envío {other}" in answer.content.decode()


def test_it_says_how_far_it_has_counted(client, people, mailing):
    then = timezone.now() - timedelta(minutes=3)
    Recount.objects.create(company=people.company, mailing=mailing, at=then)
    client.force_login(people.bruno)
    assert "al día hasta <time" in client.get("/informes/motivos/").content.decode()


@pytest.mark.parametrize(("path", "first"), [("motivos", "El buzón no existe."), ("dominios", "hotmail.com")])
def test_the_table_can_be_taken_along(client, people, mailing, path, first):
    client.force_login(people.bruno)
    content = b"".join(client.get(f"/informes/{path}/xlsx/").streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][1:] == [
        *("Correos", "Llegaron", "Con entrega confirmada", "Vistos"),
        *("Rebotados", "Fallidos", "En duda", "Por enviar", "Por fuera"),
    ]
    assert rows[1][0] == first
    for row in rows[1:]:
        assert row[1] == row[2] + sum(row[5:])


def test_a_month_is_chosen(client, people, mailing):
    Breakdown.objects.filter(mailing=mailing, facet=Facet.DOMAIN).update(month="2026-03-01")
    sent(people.company)
    counting.refresh()
    client.force_login(people.bruno)
    assert client.get("/informes/dominios/?mes=2026-03").context["sums"]["mails"] == 9
    assert "Envíos iniciados en marzo de 2026" in client.get("/informes/dominios/?mes=2026-03").content.decode()
    assert len(client.get("/informes/dominios/?mes=nunca").context["shown"].months) == 2


def test_before_the_first_sending_it_says_so(client, people):
    client.force_login(people.bruno)
    for path in ("motivos", "dominios", "vistos"):
        assert "Todavía no hay nada que contar" in client.get(f"/informes/{path}/").content.decode()
        assert client.get(f"/informes/{path}/xlsx/").status_code == 200


def test_a_stranger_counts_her_own(client, people, mailing):
    client.force_login(people.carla)
    assert client.get("/informes/dominios/").context["lines"] == []
    assert client.get("/informes/dominios/", {"envio": mailing.pk}).status_code == 404
    assert client.get("/informes/dominios/xlsx/", {"envio": "nada"}).status_code == 404
