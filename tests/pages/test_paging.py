from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from cartero.invoices.models import Invoice
from cartero.pages import paging
from tests.factories import make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db

ORDERS = [("issue_date", "id"), ("-issue_date", "-id"), ("-payable_amount", "-id"), ("party__name", "id"), ("id",)]
NONSENSE = ["x", "e30", "WzEsIFtdXQ", "W3RydWUsIFsiYSIsICJiIl1d", "%%%"]


@pytest.fixture
def rows():
    party = make_party(make_company())
    for n in range(11):
        make_invoice(party, issue_date=date(2026, 7, 1 + n // 4), payable_amount=1000 + n % 3)
    return Invoice.objects.of(party.company).select_related("party")


@pytest.mark.parametrize("order", ORDERS)
def test_forth_and_back_over_all_rows_each_once(rows, order, django_assert_num_queries):
    expected = list(rows.order_by(*order))
    with django_assert_num_queries(1):
        part = paging.by_key(rows, QueryDict("q=x"), order, size=4)
    seen, parts = list(part), [list(part)]
    assert part.previous == ""
    while part.next:
        part = paging.by_key(rows, QueryDict(part.next[1:]), order, size=4)
        seen += part
        parts.append(list(part))
    assert seen == expected
    assert part.next == ""
    for before in reversed(parts[:-1]):
        part = paging.by_key(rows, QueryDict(part.previous[1:]), order, size=4)
        assert list(part) == before
    assert part.previous == ""
    assert "q=x" in part.next, "the other parameters stay"


@pytest.mark.parametrize("token", NONSENSE)
def test_a_link_that_is_none_of_ours_gives_the_first_page(rows, token):
    part = paging.by_key(rows, QueryDict(f"desde={token}"), ("issue_date", "id"), size=4)
    assert list(part) == list(rows.order_by("issue_date", "id")[:4])


def test_an_empty_list_has_no_neighbours():
    part = paging.by_key(Invoice.objects.none(), QueryDict(), ("id",))
    assert (len(part), part.previous, part.next) == (0, "", "")


def test_the_next_page_begins_in_the_index_where_the_last_one_ended(rows):
    first = paging.by_key(rows, QueryDict(), ("issue_date", "id"), size=4)
    with CaptureQueriesContext(connection) as asked:
        paging.by_key(rows, QueryDict(first.next[1:]), ("issue_date", "id"), size=4)
    assert '("invoices_invoice"."issue_date", "invoices_invoice"."id") > (' in asked[0]["sql"]
