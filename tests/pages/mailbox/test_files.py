from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cartero.platform import datafolder
from cartero.platform.mailbox import Mailbox
from tests.factories import make_company, make_user
from tests.pages.mailbox.mails import MAIL, PDF, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings, monkeypatch, tmp_path):
    settings.MAILBOX_PORT = 2525
    monkeypatch.setenv("CARTERO_HOME", str(tmp_path))
    box = Mailbox(datafolder.folder("mailbox"))
    return box.keep("rebotes@valle.example.co", ["ana@example.com"], MAIL, datetime(2026, 11, 24, tzinfo=UTC))


@pytest.fixture
def get(client, kept):
    client.force_login(make_user(make_company(is_demo=True)))

    def ask(name, *args):
        return client.get(reverse(name, args=[kept.key, *args]))

    return ask


def test_a_mail_is_shown_whole(get):
    page = get("kept_mail").content.decode()
    for words in ("Factura de año", "ana@example.com", "Buenos días en texto", "z1.zip", "FE1.pdf", "ad1.xml"):
        assert words in page


def test_its_html_may_run_nothing_and_load_nothing(get):
    answer = get("kept_mail_html")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "frame-ancestors 'self'" in policy


def test_its_pictures_are_in_it_and_its_links_open_elsewhere(get):
    html = get("kept_mail_html").content.decode()
    assert "data:image/png;base64,iVBORw==" in html
    assert "cid:" not in html
    assert '<head><base target="_blank">' in html


def test_its_source_is_what_came(get):
    assert get("kept_mail_source").content == MAIL
    assert get("kept_mail_source")["Content-Type"].startswith("text/plain")
    assert get("kept_mail_eml").content == MAIL


@pytest.mark.parametrize(
    ("place", "content", "kind", "disposition"),
    [
        ((1,), PDF, "application/pdf", "inline"),
        ((0,), zipped(), "application/zip", "attachment"),
        ((0, 1), PDF, "application/pdf", "inline"),
        ((0, 0), "<a>año</a>".encode(), "text/plain", "inline"),  # never as a page
        ((0, 2), b"\0\1", "application/octet-stream", "attachment"),
    ],
)
def test_attachments_and_what_is_in_them_open_or_are_saved(get, place, content, kind, disposition):
    answer = get("kept_mail_entry" if len(place) == 2 else "kept_mail_attachment", *place)
    assert answer.content == content
    assert answer["Content-Type"].startswith(kind)
    assert answer["Content-Disposition"].startswith(disposition)


@pytest.mark.parametrize("place", [(7,), (0, 9), (1, 0)])
def test_what_is_not_there_is_not_there(get, place):
    assert get("kept_mail_entry" if len(place) == 2 else "kept_mail_attachment", *place).status_code == 404


def test_a_mail_that_is_not_there_is_not_there(client, get):
    assert client.get("/buzon/20260101T000000000000-deadbeef/").status_code == 404
