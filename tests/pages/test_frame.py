import pytest
from django.http import HttpResponse
from django.urls import NoReverseMatch, path, reverse

from cartero.pages import frame
from tests.factories import make_company, make_user

pytestmark = pytest.mark.django_db
urlpatterns = [path("", HttpResponse, name="home")]


@pytest.fixture
def asked(rf):
    company = make_company()
    request = rf.get("/facturas/7/")
    request.company, request.user = company, make_user(company)
    return request


def test_every_entry_of_the_menu_leads_somewhere(asked):
    shown = frame.of(asked)
    assert [item.url for item in shown.tasks] == [reverse(name) for name, _label, _icon in frame.TASKS]
    assert [item.url for item in shown.configuration] == [reverse(name) for name, _l, _i in frame.CONFIGURATION]
    assert shown.section.name == "invoices"


@pytest.mark.urls(__name__)
def test_an_entry_that_leads_nowhere_is_seen_at_once(asked):
    with pytest.raises(NoReverseMatch):
        frame.of(asked)
