"""An address whose domain takes no mail is refused where a person writes it."""

import dns.resolver
import pytest

from cartero.pages.mailings.forms import AddressForm
from cartero.pages.parties.forms import AddressesForm
from tests import names
from tests.factories import make_company, make_party, make_user


@pytest.fixture
def online(settings):
    """A machine that asks a server of names."""
    settings.ASK_MAIL_DOMAINS = True
    before = dns.resolver.default_resolver
    with names.served() as dns.resolver.default_resolver:
        yield
    dns.resolver.default_resolver = before


@pytest.mark.django_db
def test_forms_refuse_it_and_leave_what_was_there(online):
    party = make_party(make_company(), "ana@nulo.co", tax_id="900123456")
    for form in (
        AddressesForm({"email": "b@recibe.co, c@nulo.co", "roles": ["facturas"]}, party=party),
        AddressForm({"to": "c@nulo.co"}),
    ):
        assert form.errors.as_text().count("el dominio nulo.co no recibe correo") == 1
    same = {"email": "ana@nulo.co", "roles": ["copia"]}
    assert AddressesForm(same, party=party, address=party.addresses.get()).is_valid(), "only its uses change"


@pytest.mark.django_db
def test_a_pasted_one_is_a_problem(online, client):
    company = make_company()
    make_party(company, "vieja@example.com", tax_id="900123456")
    client.force_login(make_user(company))
    text = "900123456\tvieja@example.com\ta@no-existe.co"
    page = client.post("/terceros/por-corregir/pegar/", {"text": text, "accion": "aplicar"})
    assert "el dominio no-existe.co no recibe correo" in page.text
    assert not page.context["review"].changes
