from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.test import Client
from django.urls import reverse

from cartero.mailings import links, loading, making, selection
from cartero.mailings.models import EventKind
from cartero.mailings.selection import Selection
from cartero.mailings.states import LeftOut, MailingKind
from cartero.parties.models import Address, AddressState

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(delivery):
    made = links.token(links.key_of(delivery.company), delivery.pk, links.Purpose.UNSUBSCRIBE)
    return reverse("unsubscribe", args=[made])


def luz_left():
    return Address.objects.get(email="luz@example.com").unsubscribed_at is not None


def test_one_click_of_a_mail_program_is_enough(path, delivery):
    """RFC 8058: a POST without cookie, whoever sends it."""
    answer = Client(enforce_csrf_checks=True, headers={}).post(path, ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.cookies
    assert luz_left()
    Client().post(path, ONE_CLICK)
    assert delivery.events.filter(kind=EventKind.UNSUBSCRIBED).count() == 1


def test_looking_changes_nothing_and_her_press_does(luz, path, form):
    for method in (luz.get, luz.head):
        assert method(path).status_code == 200
    assert luz.post(path, {"x": "1"}).status_code == 403
    assert luz.post(path, form(seconds=0.5)).status_code == 422
    assert not luz_left()
    assert "no recibirá más copias" in luz.post(path, form()).content.decode()
    assert luz_left()


def test_copies_stay_away_and_legal_deliveries_go(company, delivery, path, client, ana):
    def unreachable(kind):
        return selection.count(company, Selection(kind=kind, unvalidated_too=True)).left_out.get(
            LeftOut.UNUSABLE_ADDRESS, 0
        )

    client.post(path, ONE_CLICK)
    assert unreachable(MailingKind.COPY) == 1
    assert unreachable(MailingKind.DELIVERY) == 0
    (left_out,) = selection.left_out(company, Selection(kind=MailingKind.COPY), LeftOut.UNUSABLE_ADDRESS)
    assert left_out.detail == "luz@example.com: unsubscribed"
    address = Address.objects.get(email="luz@example.com")
    assert address.state == AddressState.PENDING
    client.force_login(ana)
    assert "Pidió no recibir copias ni recordatorios" in client.get(f"/terceros/{address.party_id}/").content.decode()
    client.post(reverse("move_address", args=[address.pk, "recordatorios"]))
    assert not luz_left()
    assert unreachable(MailingKind.COPY) == 0


def test_who_is_not_in_the_book_of_her_tercero_gets_no_copies_either(company, delivery, path, client, ana):
    """Only her document names her, as those of consumidor final do."""
    Address.objects.all().delete()
    delivery.invoices.update(customer_emails=["luz@example.com"])
    client.post(path, ONE_CLICK)
    client.post(path, ONE_CLICK)
    assert delivery.events.filter(kind=EventKind.UNSUBSCRIBED).count() == 1
    (left_out,) = selection.left_out(company, Selection(kind=MailingKind.COPY), LeftOut.UNUSABLE_ADDRESS)
    assert left_out.detail == "luz@example.com: unsubscribed"
    legal = Selection(kind=MailingKind.DELIVERY, unvalidated_too=True)
    assert selection.count(company, legal).left_out.get(LeftOut.UNUSABLE_ADDRESS, 0) == 0
    client.force_login(ana)
    page = client.get(f"/terceros/{delivery.party_id}/").content.decode()
    assert "Tomado de un correo que salió" in page
    assert "Pidió no recibir copias ni recordatorios" in page


@pytest.mark.parametrize("kind", MailingKind)
def test_copies_carry_it_and_legal_deliveries_do_not(settings, company, delivery, path, kind):
    settings.LINKS_URL = "https://facturas.example.co"
    company.has_links = False  # of the button that shows documents; this one is no favour
    delivery.mailing.kind, delivery.mailing.company = kind, company
    letter = making._letter(loading.orders([delivery.pk])[0], making.kit_of(delivery.mailing), ())
    mail = message_from_bytes(
        making.mime.compose(making.kit_of(delivery.mailing).prepared, letter).message, policy=SMTP
    )
    is_copy = kind == MailingKind.COPY
    assert (mail["List-Unsubscribe"] or "").strip() == (f"<https://facturas.example.co{path}>" if is_copy else "")
    assert mail["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if is_copy else None)
    assert "/v/" not in mail.as_string()


def test_a_link_that_is_wrong_leads_nowhere(luz, at, token):
    assert luz.post(reverse("unsubscribe", args=[token]), ONE_CLICK).status_code == 404
    assert luz.post(reverse("unsubscribe", args=["nada"]), ONE_CLICK).status_code == 404
    assert not luz_left()
