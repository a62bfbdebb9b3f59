from django.test import RequestFactory

from cartero.pages import returning


def request_for(path, session):
    request = RequestFactory().get(path)
    request.session = session
    return request


def test_the_list_as_she_left_it():
    session = {}
    assert returning.to(request_for("/", session), "invoices") == "/facturas/"
    returning.remember(request_for("/facturas/?q=a%26b&estado=failed", session), "invoices")
    returning.remember(request_for("/terceros/?q=x", session), "parties")
    assert returning.to(request_for("/", session), "invoices") == "/facturas/?q=a%26b&estado=failed"
    assert returning.query(request_for("/", session), "invoices")["q"] == "a&b"
    returning.remember(request_for("/facturas/", session), "invoices")
    assert returning.to(request_for("/", session), "invoices") == "/facturas/"


def test_an_endless_address_is_not_kept():
    session = {}
    returning.remember(request_for(f"/facturas/?q={'x' * 3000}", session), "invoices")
    assert session == {}
