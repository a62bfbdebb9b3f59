"""The opening pixel: what asks for it learns nothing, and what it tells is an open and no view."""

import pytest
from django.test import Client
from django.utils import timezone

from cartero.mailings import links
from cartero.pages.recipient import linked
from tests.pages.recipient.conftest import BROWSER

pytestmark = pytest.mark.django_db
PICTURE = BROWSER | {"Accept": "image/avif,image/webp,*/*;q=0.8"}  # what a browser asks with for an image


@pytest.fixture(autouse=True)
def wanted(delivery):
    delivery.company.has_pixel = True
    delivery.company.save(update_fields=["has_pixel"])


def opens(delivery):
    return [event.reason for event in delivery.events.filter(kind="opened")]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [(PICTURE, "image_by_somebody"), ({"User-Agent": "GoogleImageProxy"}, "image_by_program")],
)
def test_it_notes_an_open_that_is_no_view(at, delivery, ana, client, headers, reason):
    was = delivery.status
    for _time in range(2):
        assert Client(headers=headers).get(at("recipient_pixel")).status_code == 200
    delivery.refresh_from_db()
    assert (delivery.viewed_at, delivery.status) == (None, was)
    assert opens(delivery) == [reason]
    client.force_login(ana)
    page = client.get(f"/facturas/{delivery.invoices.get().pk}/").content.decode()
    assert ("Se cargó la imagen del correo" in page) == (reason == "image_by_somebody")
    assert "no cuenta como vista" in page


def test_every_answer_is_the_same_image(luz, at, token, delivery, monkeypatch):
    def answer(path):
        given = luz.get(path)
        assert not given.cookies
        return given.status_code, given.content, dict(given.headers)

    wrong = answer("/v/nada/p.gif")
    assert wrong[0] == 200
    assert wrong[1].startswith(b"GIF89a")
    assert len(wrong[1]) == 43
    assert wrong[2]["Content-Type"] == "image/gif"
    assert "no-store" in wrong[2]["Cache-Control"]
    company = delivery.company
    for name, value in (("has_pixel", False), ("link_days", 0), ("has_links", False)):
        setattr(company, name, value)
        company.save(update_fields=[name])
        assert answer(at("recipient_pixel")) == wrong
        setattr(company, name, 1)
        company.save(update_fields=[name])
    assert answer(f"/v/{links.token(b'of another', delivery.pk)}/p.gif") == wrong
    delivery.link_revoked_at = timezone.now()
    delivery.save(update_fields=["link_revoked_at"])
    assert answer(at("recipient_pixel")) == wrong
    delivery.link_revoked_at = None
    delivery.save(update_fields=["link_revoked_at"])
    monkeypatch.setattr(linked, "MOST", 0)
    assert answer(at("recipient_pixel")) == wrong
    assert opens(delivery) == []
    monkeypatch.undo()
    assert answer(at("recipient_pixel")) == wrong
    assert opens(delivery) == ["image_by_somebody"]
