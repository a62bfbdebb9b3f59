"""A company one of whose mails went to Luz; Ana administers it, Bruno reads in it, Carla is of another."""

import pytest
from django.utils import timezone

from cartero.mailings import attesting, registering
from cartero.mailings.attesting import Asked
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus, MailingKind
from tests.factories import make_account, make_invoice, make_party


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.FILES = str(tmp_path / "files")


@pytest.fixture
def delivery(people):
    make_invoice(make_party(people.company, "luz@example.com", name="Luz Marina Peña"), "FE101")
    draft = Draft(name="Julio", account=make_account(people.company), subject="Va", message_html="<p>Hola</p>")
    chosen = Selection(kind=MailingKind.COPY)
    mailing = registering.register(people.company, chosen, draft, by=people.ana, now=timezone.now())
    went = {
        "status": DeliveryStatus.ACCEPTED,
        "accepted_at": timezone.now(),
        "reply": "250 2.0.0 Ok: queued as 4XYZ",
        "attached": [{"name": "FE101.pdf", "size": 1000, "sha256": "ab" * 32}],
        "proof": {"sha256": "cd" * 32, "subject": "Va", "from": "rebotes@valle.example.co"},
    }
    mailing.deliveries.update(**went)
    return mailing.deliveries.select_related("mailing", "party").get()


@pytest.fixture
def issued(people, delivery):
    """The constancia of its mailing, and its code."""
    asked = Asked(company=people.company, mailing=delivery.mailing)
    return attesting.issue(asked, people.ana, timezone.now())
