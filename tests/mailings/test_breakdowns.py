"""The counts of a sending against a hand count over a small world with a mail in each state."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cartero.mailings import breakdowns, registering
from cartero.mailings.models import Breakdown, Delivery, Facet, Mailing, Recount
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import DeliveryStatus as S
from cartero.mailings.states import MailingKind
from tests.factories import make_account, make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db

# Status, reason, domain, days until seen.
WORLD = [
    (S.ACCEPTED, "", "gmail.com", None),
    (S.DELIVERED, "", "gmail.com", 0),
    (S.DELIVERED, "", "gmail.com", 6),
    (S.BOUNCED, "no_mailbox", "hotmail.com", None),
    (S.BOUNCED, "no_mailbox", "hotmail.com", 2),
    (S.COMPLAINED, "complaint", "hotmail.com", None),
    (S.FAILED, "mailbox_full", "example.co", None),
    (S.IN_DOUBT, "worker_died", "example.co", None),
    (S.PENDING, "", "example.co", None),
    (S.WITHDRAWN, "cancelled", "example.co", None),
]


def sent(company):
    """A started sending with a mail of each line of WORLD, and one left out."""
    for n, (_status, _reason, domain, _days) in enumerate(WORLD):
        make_invoice(make_party(company, f"t{n}@{domain}"))
    make_invoice(make_party(company, email=None))
    draft = Draft(name="Julio", account=make_account(company), subject="Hola", message_html="<p>Hola</p>")
    mailing = registering.register(company, Selection(kind=MailingKind.COPY), draft, by=None, now=timezone.now())
    Mailing.objects.filter(pk=mailing.pk).update(started_at=timezone.now())
    for n, (status, reason, domain, days) in enumerate(WORLD):
        came_out(mailing, f"t{n}@{domain}", status, reason, days)
    return mailing


def came_out(mailing, address, status, reason="", days=None):
    """As `outcomes` would have written it."""
    then = timezone.now() - timedelta(days=20)
    seen = None if days is None else then + timedelta(days=days, hours=1)
    changes = {"reason": reason, "accepted_at": then, "viewed_at": seen}
    Delivery.objects.filter(mailing=mailing, to=[address]).update(**changes, status=status)


def counted(mailing, facet, *names):
    found = Breakdown.objects.filter(mailing=mailing, facet=facet)
    return {row[0]: row[1:] for row in found.values_list("key", *names)}


def test_the_counts_are_those_of_the_rows():
    mailing = sent(make_company())
    assert breakdowns.refresh() == 1
    assert counted(mailing, Facet.REASON, "mails", "returned", "failed", "in_doubt", "left_out") == {
        "no_mailbox": (2, 2, 0, 0, 0),
        "complaint": (1, 1, 0, 0, 0),
        "mailbox_full": (1, 0, 1, 0, 0),
        "worker_died": (1, 0, 0, 1, 0),
        "cancelled": (1, 0, 0, 0, 1),
        "no_address": (1, 0, 0, 0, 1),
    }
    by_domain = counted(
        mailing, Facet.DOMAIN, "mails", "arrived", "confirmed", "seen", "returned", "failed", "in_doubt", "waiting"
    )
    assert by_domain == {
        "gmail.com": (3, 3, 2, 2, 0, 0, 0, 0),
        "hotmail.com": (3, 0, 0, 0, 3, 0, 0, 0),
        "example.co": (3, 0, 0, 0, 0, 1, 1, 1),
    }
    assert counted(mailing, Facet.SEEN, "mails") == {"never": (1,), "0": (1,), "4": (1,)}


def test_only_what_changed_is_counted_again(django_assert_num_queries):
    first, other = sent(make_company()), sent(make_company())
    breakdowns.refresh()
    with django_assert_num_queries(1):
        assert breakdowns.refresh() == 0
    came_out(first, "t0@gmail.com", S.BOUNCED, "no_mailbox")
    assert list(Recount.objects.values_list("mailing", flat=True)) == [first.pk]
    assert breakdowns.refresh() == 0, "counted a moment ago"
    Breakdown.objects.update(counted_at=timezone.now() - timedelta(minutes=1))
    assert breakdowns.refresh() == 1
    assert counted(first, Facet.REASON, "returned")["no_mailbox"] == (3,)
    assert counted(other, Facet.REASON, "returned")["no_mailbox"] == (2,)


def test_a_lease_marks_nothing():
    mailing = sent(make_company())
    breakdowns.refresh()
    Delivery.objects.filter(mailing=mailing, status=S.PENDING).update(status=S.CLAIMED, claims=1)
    assert not Recount.objects.exists()


def test_small_domains_are_counted_together(monkeypatch):
    monkeypatch.setattr(breakdowns, "DOMAINS", 1)
    mailing = sent(make_company())
    breakdowns.refresh()
    assert counted(mailing, Facet.DOMAIN, "mails") == {"example.co": (3,), "*": (6,)}


def test_what_was_never_started_is_in_no_report():
    mailing = sent(make_company())
    Mailing.objects.update(started_at=None)
    breakdowns.refresh()
    assert not Breakdown.objects.filter(mailing=mailing).exists()
