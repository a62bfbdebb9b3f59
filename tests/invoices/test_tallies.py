from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Count, Sum

from cartero.invoices import tallies
from cartero.invoices.models import Invoice, PeriodTally
from cartero.invoices.states import MailStatus
from tests.factories import make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db
KEY = ("company", "period", "kind", "currency", "mail_status")


def tallied():
    rows = PeriodTally.objects.values_list(*KEY).annotate(n=Sum("documents"), total=Sum("amount")).order_by(*KEY)
    return [row for row in rows if row[-2]]


def counted():
    rows = Invoice.objects.values_list(*KEY).annotate(n=Count("id"), total=Sum("payable_amount")).order_by(*KEY)
    return list(rows)


def test_every_statement_that_changes_documents_is_counted():
    party, other = make_party(make_company()), make_party(make_company())
    some = [make_invoice(party, period=date(2026, 7, 1)) for _ in range(3)]
    make_invoice(other, period=date(2026, 6, 1), currency="USD", payable_amount=Decimal("9.5"))
    assert tallied() == counted()
    Invoice.objects.filter(pk__in=[one.pk for one in some[:2]]).update(mail_status=MailStatus.ACCEPTED)
    Invoice.objects.filter(pk=some[2].pk).update(payable_amount=Decimal("7"), period=date(2026, 8, 1))
    assert tallied() == counted()
    Invoice.objects.filter(pk=some[0].pk).update(mail_reason="nothing that is counted")
    some[1].content.delete()
    some[1].delete()
    assert tallied() == counted()


def test_merging_leaves_one_row_of_each_and_changes_no_sum():
    party = make_party(make_company())
    for _ in range(3):
        invoice = make_invoice(party)
    Invoice.objects.filter(pk=invoice.pk).update(mail_status=MailStatus.BOUNCED)
    tallies.merge()
    assert tallied() == counted()
    assert PeriodTally.objects.count() == 2
    assert not PeriodTally.objects.filter(is_merged=False).exists()
    before = set(PeriodTally.objects.values_list("pk", flat=True))
    tallies.merge()
    assert set(PeriodTally.objects.values_list("pk", flat=True)) == before
