"""A company with a mailing of three documents: one goes to Luz, one to Omar, one has no address."""

from decimal import Decimal

import pytest
from django.utils import timezone

from cartero.companies.roles import Role
from cartero.mailings import registering
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import MailingKind
from tests.factories import make_account, make_company, make_invoice, make_party, make_user

MESSAGE = "<p>Buenos días, {{ tercero.nombre }}: va {{ factura.numero }}.</p>"


@pytest.fixture
def company():
    return make_company(name="Valle Verde S.A.S.")


@pytest.fixture
def account(company):
    return make_account(company, name="Facturación", per_minute=120, per_day=10_000)


@pytest.fixture
def ana(company):
    return make_user(company, Role.ADMIN, name="Ana Ríos")


@pytest.fixture
def parties(company):
    return [
        make_party(company, "luz@example.com", name="Luz Marina Peña", search_key="luz marina pena"),
        make_party(company, "omar@example.com", name="Omar Díaz", search_key="omar diaz"),
        make_party(company, None, name="Sin Correo S.A.S.", search_key="sin correo s.a.s."),
    ]


@pytest.fixture
def invoices(parties):
    return [make_invoice(party, f"FE{at}", balance=Decimal("119000")) for at, party in enumerate(parties, 101)]


@pytest.fixture
def register(company, account, ana):
    """Registers what the company has, as the form would."""

    def go(batches=None, **fields):
        chosen = Selection(**({"kind": MailingKind.COPY} | fields))
        subject = "Va {{ factura.numero }}"
        draft = Draft(name="Cuotas de julio", account=account, subject=subject, message_html=MESSAGE, batches=batches)
        return registering.register(company, chosen, draft, by=ana, now=timezone.now())

    return go


@pytest.fixture
def mailing(register, invoices):
    return register()
