"""Reenviar: what failed, what nobody saw, the ticked ones; warned of who sent them and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cartero.companies.models import AuditEntry
from cartero.companies.roles import Role
from cartero.invoices.models import Invoice
from cartero.invoices.states import MailStatus
from cartero.mailings import lifecycle, resending
from cartero.mailings.models import Delivery, DeliveryInvoice, Mailing
from cartero.mailings.states import DeliveryStatus as S
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def went(mailing, ana):
    """Luz's was taken over nine days ago, Omar's failed; it is over."""
    lifecycle.start(mailing, by=ana)
    luz, omar = mailing.deliveries.filter(status=S.PENDING).order_by("pk")
    mailing.deliveries.filter(pk=luz.pk).update(status=S.ACCEPTED, accepted_at=timezone.now() - timedelta(days=9))
    mailing.deliveries.filter(pk=omar.pk).update(status=S.FAILED, reason="unknown_user")
    Invoice.objects.filter(deliveries=luz).update(mail_status=MailStatus.ACCEPTED)
    lifecycle.finish_if_done(mailing)
    mailing.refresh_from_db()
    return mailing


def path(mailing):
    return f"/envios/{mailing.pk}/reenviar/"


def luz(mailing):
    return mailing.deliveries.get(status=S.ACCEPTED)


def test_what_failed_is_registered_again(enter, ana, went):
    client = enter(ana)
    assert f'href="{path(went)}"' in client.get(f"/envios/{went.pk}/").text
    assert "Sale otra vez 1 de 1." in client.get(path(went)).text
    answer = client.post(path(went), {"cuales": "fallidos"})
    new = Mailing.objects.latest("pk")
    assert answer.url == f"/envios/?sel={new.pk}"
    assert new.deliveries.get().resend_of == went.deliveries.get(status=S.FAILED)
    assert AuditEntry.objects.filter(noun="mailing", verb="register", noun_id=new.pk, user=ana).exists()
    assert "Omar" in client.get(f"/envios/{new.pk}/terceros/").text


def test_the_same_is_refused_with_date_and_author_until_it_is_asked_for(enter, ana, went):
    client = enter(ana)
    asked = {"cuales": "sin-ver", "dias": "7"}
    page = client.get(path(went), asked).text
    for said in ("Salen otra vez 0 de 1.", "los envió Ana Ríos (1 correo)", 'name="otra_vez"', "1 documento ya está"):
        assert said in page
    refused = client.post(path(went), asked, headers={"Referer": f"http://testserver{path(went)}"}, follow=True)
    assert "Lo mismo ya salió a la misma dirección" in refused.text
    assert Mailing.objects.count() == 1
    client.post(path(went), asked | {"otra_vez": "on"})
    assert Mailing.objects.latest("pk").deliveries.get().resend_of == luz(went)


def test_those_that_were_ticked(enter, ana, went):
    client = enter(ana)
    page = client.get(path(went), {"cuales": "marcados"}).text
    assert "Luz Marina" in page
    assert "Omar" in page
    assert "Omar" not in client.get(path(went), {"cuales": "marcados", "q": "luz"}).text
    one = went.deliveries.get(status=S.FAILED).pk
    client.post(path(went), {"cuales": "marcados", "entrega": [str(one), "x", "9" * 30]})
    assert Mailing.objects.latest("pk").deliveries.get().resend_of_id == one


def test_from_its_document_this_one(enter, ana, went):
    client = enter(ana)
    delivery = luz(went)
    invoice = delivery.invoices.get()
    place = f"{path(went)}?cuales=marcados&amp;entrega={delivery.pk}"
    assert place in client.get(f"/facturas/{invoice.pk}/").text
    client.post(path(went), {"cuales": "marcados", "entrega": delivery.pk, "otra_vez": "on"})
    assert "reenvío de lo del envío 1" in client.get(f"/facturas/{invoice.pk}/").text


ODD = ["", "?cuales=otra&dias=x", "?cuales=sin-ver&dias=-1", "?cuales=sin-ver&dias=99999999999", "?entrega=x"]


@pytest.mark.parametrize("query", ODD)
def test_what_is_not_understood_is_as_at_first(query, enter, ana, went):
    assert enter(ana).get(path(went) + query).status_code == 200


def test_who_reads_is_offered_nothing(enter, company, went):
    client = enter(make_user(company, Role.READER))
    assert path(went) not in client.get(f"/envios/{went.pk}/").text
    assert path(went) not in client.get(f"/facturas/{luz(went).invoices.get().pk}/").text
    assert client.post(path(went), {"cuales": "fallidos"}).status_code == 403


def test_with_htmx_the_page_follows(enter, ana, went):
    answer = enter(ana).post(path(went), {"cuales": "fallidos"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/envios/?sel=")


def test_a_stranger_finds_nothing(enter, carla, went):
    assert enter(carla).get(path(went)).status_code == 404
    assert enter(carla).post(path(went), {"cuales": "fallidos"}).status_code == 404
    assert Delivery.objects.filter(resend_of__isnull=False).count() == 0


def test_of_very_many_it_says_what_the_first_come_to(enter, ana, went):
    failed = went.deliveries.get(status=S.FAILED)
    carried = list(failed.invoices.all())
    facts = {"company": went.company, "mailing": went, "party": failed.party, "status": S.FAILED, "to": failed.to}
    more = Delivery.objects.bulk_create(Delivery(**facts) for _ in range(resending.LOOKED_AT))
    taken = {"company": went.company, "invoice": carried[0]}
    DeliveryInvoice.objects.bulk_create(DeliveryInvoice(delivery=each, **taken) for each in more)
    page = enter(ana).get(path(went)).text
    assert "Son 101 correos. De los primeros 100 salen otra vez 100." in page
    assert "Cuántos de todos salen lo dice el envío nuevo." in page
