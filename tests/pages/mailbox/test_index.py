from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from cartero.companies.roles import Role
from cartero.platform import datafolder
from cartero.platform.mailbox import Mailbox
from tests.factories import make_company, make_user
from tests.pages.mailbox.mails import MAIL

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def box(settings, monkeypatch, tmp_path):
    settings.MAILBOX_PORT = 2525
    monkeypatch.setenv("CARTERO_HOME", str(tmp_path))
    return Mailbox(datafolder.folder("mailbox"))


@pytest.fixture
def clara(client):
    user = make_user(make_company(is_demo=True), Role.READER)
    client.force_login(user)
    return client


def fill(box, count):
    for n in range(count):
        box.keep("rebotes@valle.example.co", [f"persona{n}@example.com"], MAIL, NOW + timedelta(seconds=n))


def test_mails_are_listed_newest_first(clara, box):
    fill(box, 3)
    answer = clara.get(reverse("mailbox"))
    assert [mail.recipients[0] for mail in answer.context["mails"]] == [f"persona{n}@example.com" for n in (2, 1, 0)]
    assert "Factura de año" in answer.content.decode()


def test_it_is_searched_by_recipient(clara, box):
    fill(box, 12)
    answer = clara.get(reverse("mailbox"), {"para": "persona1"})
    assert answer.context["total"] == 3  # persona1, persona10, persona11


def test_it_has_pages_that_keep_the_search(clara, box):
    fill(box, 60)
    first = clara.get(reverse("mailbox"), {"para": "persona"})
    second = clara.get(reverse("mailbox") + first.context["leaf"].next)
    assert (len(first.context["mails"]), len(second.context["mails"])) == (50, 10)
    assert second.context["leaf"].previous == "?para=persona&pagina=1"
    assert not second.context["leaf"].next


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 30, "٣"])
def test_an_odd_page_is_no_trouble(clara, box, number):
    fill(box, 1)
    assert clara.get(reverse("mailbox"), {"pagina": number}).status_code == 200


def test_an_empty_one_says_what_to_do(clara, box):
    assert "Inicie un envío" in clara.get(reverse("mailbox")).content.decode()
    fill(box, 1)
    assert "Pruebe con menos letras" in clara.get(reverse("mailbox"), {"para": "nadie"}).content.decode()


def test_htmx_asks_for_the_list_alone(clara, box):
    fill(box, 1)
    answer = clara.get(reverse("mailbox"), headers={"HX-Request": "true", "HX-Target": "mails"})
    assert answer.content.decode().strip().startswith('<div id="mails"')


def test_who_is_not_signed_in_is_sent_to_the_login(client, box):
    make_company(is_demo=True)
    assert client.get(reverse("mailbox")).url == "/entrar/?next=/buzon/"


def test_outside_a_demonstration_there_is_none(clara, box, settings):
    settings.MAILBOX_PORT = 0
    fill(box, 1)
    key = next(box.all()).key
    for name, args in (
        ("mailbox", []),
        ("kept_mail", [key]),
        ("kept_mail_html", [key]),
        ("kept_mail_source", [key]),
        ("kept_mail_eml", [key]),
        ("kept_mail_attachment", [key, 0]),
        ("kept_mail_entry", [key, 0, 0]),
    ):
        assert clara.get(reverse(name, args=args)).status_code == 404, name
        clara.logout()
        assert clara.get(reverse(name, args=args)).status_code == 404, name


def test_every_page_says_that_nothing_leaves(clara, box, settings):
    assert "ningún correo sale de este equipo" in clara.get("/").content.decode()
    settings.MAILBOX_PORT = 0  # the same data under `cartero run`: then it does not promise that
    page = clara.get("/").content.decode()
    assert "Datos de demostración." in page
    assert "ningún correo" not in page


def test_a_real_company_sees_no_word_of_it(client, settings):
    settings.MAILBOX_PORT = 2525
    client.force_login(make_user(make_company()))
    assert "demostración" not in client.get("/").content.decode()
