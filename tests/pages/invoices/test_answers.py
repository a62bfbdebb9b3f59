import pytest
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.mailings import answers
from cartero.mailings.models import Answer, AnswerKind
from tests.pages.mailings.conftest import account, ana, company, invoices, mailing, parties, register

__all__ = ["account", "ana", "company", "invoices", "mailing", "parties", "register"]

pytestmark = pytest.mark.django_db
PATH = "/facturas/observaciones/"


@pytest.fixture
def answer(company, mailing):
    delivery = mailing.deliveries.get(party__name="Luz Marina Peña")
    return Answer.objects.create(
        company=company, delivery=delivery, kind=AnswerKind.DISOWNED, address="luz@example.com",
        proposed="otra@example.com", at=timezone.now(),
    )  # fmt: skip


def test_she_attends_to_an_answer_and_opens_it_again(client, company, ana, answer):
    client.force_login(ana)
    page = client.get(PATH).content.decode()
    for words in ("Luz Marina Peña", "Dice que no es suyo", "otra@<wbr>example.com", "FE101"):
        assert words in page
    assert "Quedó atendida" in client.post(f"{PATH}{answer.pk}/atender/", follow=True).content.decode()
    assert answers.waiting(company) == 0
    assert "Luz Marina" not in client.get(PATH).content.decode()
    assert "Ana Ríos" in client.get(f"{PATH}?ver=atendidas").content.decode()
    client.post(f"{PATH}{answer.pk}/atender/")
    client.post(f"{PATH}{answer.pk}/abrir/")
    assert answers.waiting(company) == 1
    verbs = AuditEntry.objects.of(company).filter(noun="answer").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["attend", "reopen"]


def test_of_another_company_there_is_none(client, carla, answer):
    client.force_login(carla)
    assert "Luz Marina" not in client.get(PATH).content.decode()
    assert client.post(f"{PATH}{answer.pk}/atender/").status_code == 404


def test_who_wants_no_more_is_a_task_on_inicio_and_settled_in_the_list(client, company, ana, mailing):
    delivery = mailing.deliveries.get(party__name="Luz Marina Peña")
    answers.refuse(delivery, AnswerKind.COMPLAINED, ["luz@example.com"], timezone.now())
    client.force_login(ana)
    inicio = client.get("/").text
    assert "1 respuesta de quien recibió" in inicio
    assert "no quieren recibir más" in inicio
    page = client.get(PATH).text
    assert "Marcó el correo como spam" in page
    assert "Pregúntele cómo quiere recibir sus facturas." in page
    client.post(f"{PATH}{Answer.objects.get().pk}/atender/")
    assert "respuesta de quien recibió" not in client.get("/").text
