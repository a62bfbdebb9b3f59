import pytest
from django.test import Client

from cartero.mailings import answers
from cartero.mailings.models import Answer, EventKind
from cartero.parties.models import Address, AddressState
from tests.pages.recipient.conftest import BROWSER

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>\n{{ 7|add:7 }} ' OR 1=1 --"


def test_she_confirms_and_twice_is_once(luz, at, form, delivery):
    sent = form()
    answer = luz.post(at("recipient_answer", "conforme"), sent)
    assert (answer.status_code, answer.url) == (303, f"{at()}?listo=conforme#listo")
    luz.post(at("recipient_answer", "conforme"), sent)
    assert "quedó registrado que lo recibió conforme" in luz.get(answer.url).content.decode()
    assert delivery.events.filter(kind=EventKind.CONFIRMED).count() == 1
    delivery.refresh_from_db()
    assert delivery.viewed_at
    assert answers.waiting(delivery.company) == 0  # it asks for nobody


def test_her_observation_reaches_the_clerk_as_she_wrote_it(luz, at, form, delivery, client, ana):
    luz.post(at("recipient_answer", "observacion"), form() | {"text": HOSTILE})
    assert Answer.objects.of(delivery.company).get().text == HOSTILE
    assert answers.waiting(delivery.company) == 1
    client.force_login(ana)
    page = client.get("/facturas/observaciones/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>{{ 7|add:7 }}" in page
    assert "FE101" in page
    assert "1 respuesta de quien recibió" in client.get("/").content.decode()
    assert "Tiene una observación" in client.get(f"/facturas/{delivery.invoices.get().pk}/").content.decode()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2_001])
def test_an_observation_says_something_and_not_a_book(luz, at, form, delivery, text):
    answer = luz.post(at("recipient_answer", "observacion"), form() | {"text": text})
    assert answer.status_code == 422
    assert not Answer.objects.of(delivery.company).exists()


def test_an_address_that_is_not_hers_gets_nothing_more(luz, at, form, delivery):
    wrong = {"which": "0", "proposed": "sin arroba"}
    sent = form()
    assert luz.post(at("recipient_answer", "no-soy-yo"), sent | wrong).status_code == 422
    page = luz.get(at()).content.decode()
    assert "l…@example.com" in page
    assert "luz@example.com" not in page
    luz.post(at("recipient_answer", "no-soy-yo"), sent | {"which": "0", "proposed": "pagos@example.com"})
    address = Address.objects.get(email="luz@example.com")
    assert (address.state, address.proposal) == (AddressState.NOT_THEIRS, "pagos@example.com")
    assert not Address.objects.filter(email="pagos@example.com").exists()  # a clerk decides


def test_programs_answer_nothing_and_a_person_too_soon_is_told(at, form, delivery):
    sent = form() | {"text": "Algo falta", "which": "0", "proposed": ""}
    kinds = ("conforme", "observacion", "no-soy-yo")
    robots = [Client(headers={}), Client(headers={"User-Agent": "python-requests/2.32"})]
    for client in robots:
        assert {client.post(at("recipient_answer", kind), sent).status_code for kind in kinds} == {422}
    answer = Client(headers=BROWSER).post(at("recipient_answer", "observacion"), sent | form(seconds=0.5))
    assert answer.status_code == 422
    assert "presione otra vez" in answer.content.decode()
    assert "Algo falta" in answer.content.decode()  # what she wrote stays
    assert not Answer.objects.of(delivery.company).exists()
    assert Address.objects.get(email="luz@example.com").state != AddressState.NOT_THEIRS


def test_a_clerk_who_tries_it_out_answers_nothing(client, at, form, ana, delivery):
    sent = form()
    client.force_login(ana)
    client.post(at("recipient_answer", "conforme"), sent, headers=BROWSER)
    assert not Answer.objects.of(delivery.company).exists()


def test_what_nobody_can_answer_is_nowhere(luz, at, form):
    assert luz.post(at("recipient_answer", "otra"), form()).status_code == 404
