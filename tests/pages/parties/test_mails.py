import pytest
from django.utils import timezone

from cartero.mailings import outcomes, registering
from cartero.mailings.models import Delivery, EventKind
from cartero.mailings.outcomes import Return
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus, MailingKind
from cartero.pages import stories
from tests.factories import make_account, make_invoice, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(company):
    party = make_party(company, "uno@example.com", name="Los Cerezos")
    make_invoice(party)
    return party


def sent(party, times=1):
    """Mails that a server took."""
    account = make_account(party.company)
    draft = Draft(name="Julio", account=account, subject="Hola", message_html="<p>Hola</p>")
    chosen = Selection(kind=MailingKind.COPY, only_unsent=False)
    for _n in range(times):
        mailing = registering.register(party.company, chosen, draft, by=None, now=timezone.now())
        Delivery.objects.filter(mailing=mailing).update(status=DeliveryStatus.ACCEPTED, accepted_at=timezone.now())
        mailing.finished_at = timezone.now()
        mailing.save(update_fields=["finished_at"])
    return Delivery.objects.filter(party=party).order_by("pk")


def test_each_mail_with_what_became_of_it(enter, reader, party, django_assert_max_num_queries):
    (delivery,) = sent(party)
    outcomes.come_back(delivery, Return(kind=EventKind.VIEWED))
    outcomes.come_back(delivery, Return(kind=EventKind.REPLIED, words="Gracias, recibido"))
    client = enter(reader)
    with django_assert_max_num_queries(12):
        page = client.get(f"/terceros/{party.pk}/enviados/").content.decode()
    for words in ("uno@example.com", "Visto", "Respondido", "Gracias, recibido", "Registrado en el envío 1"):
        assert words in page
    assert f"/terceros/{party.pk}/enviados/" in client.get(f"/terceros/{party.pk}/").content.decode()


def test_page_by_page(enter, reader, party, monkeypatch):
    monkeypatch.setattr(stories, "MOST", 1)
    older, newer = sent(party, 2)
    client = enter(reader)
    first = client.get(f"/terceros/{party.pk}/enviados/")
    assert [story.delivery for story in first.context["stories"]] == [newer]
    second = client.get(f"/terceros/{party.pk}/enviados/{first.context['slice'].next}")
    assert [story.delivery for story in second.context["stories"]] == [older]


def test_before_the_first_it_says_so(enter, reader, carla, party):
    assert "No ha ido en ningún envío." in enter(reader).get(f"/terceros/{party.pk}/enviados/").content.decode()
    assert enter(carla).get(f"/terceros/{party.pk}/enviados/").status_code == 404
