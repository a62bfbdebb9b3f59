"""Rows for tests: invented companies, terceros and documents. A maker takes what the test cares about."""

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from cartero.accounts.models import User
from cartero.companies.models import Company, Membership
from cartero.companies.roles import Role
from cartero.invoices import serial
from cartero.invoices.data import InvoiceData, LineData, PartyData, TotalsData
from cartero.invoices.models import Invoice, InvoiceContent
from cartero.invoices.states import InvoiceKind
from cartero.parties.models import Address, AddressOrigin, AddressRole, Group, GroupKind, Party, PartyGroup
from cartero.transport.models import MailAccount
from cartero.transport.presets import Security

PASSWORD = "una clave larga y propia"
_numbers = count(1)


def make_company(**fields: Any) -> Company:
    n = next(_numbers)
    defaults = {"tax_id": str(900_000_000 + n), "check_digit": "1", "name": f"Administraciones {n} S.A.S."}
    return Company.objects.create(**(defaults | {"city": "Medellín", "email": "facturacion@valle.example.co"} | fields))


def make_user(company: Company, role: Role = Role.ADMIN, **fields: Any) -> User:
    """Signs in with PASSWORD."""
    email = fields.pop("email", f"persona{next(_numbers)}@valle.example.co")
    user = User.objects.create(email=email, password=_hashed(), **fields)
    Membership.objects.create(company=company, user=user, role=role)
    return user


@cache
def _hashed() -> str:
    """Argon2 takes a fifth of a second of two processors, as it must: once a process, not once a person."""
    return make_password(PASSWORD)


def make_party(company: Company, email: str | None = "", **fields: Any) -> Party:
    """With one typed address for invoices; `email=None` gives none."""
    n = next(_numbers)
    defaults = {"tax_id": str(800_000_000 + n), "id_type": "31", "name": f"Tercero {n}"}
    party = Party.objects.create(company=company, **(defaults | {"search_key": f"tercero {n}"} | fields))
    if email is not None:
        make_address(party, email or f"tercero{n}@example.com", is_principal=True)
    return party


def make_address(party: Party, email: str, **fields: Any) -> Address:
    defaults = {"roles": [AddressRole.INVOICES], "origin": AddressOrigin.TYPED}
    return Address.objects.create(company=party.company, party=party, email=email, **(defaults | fields))


def make_group(company: Company, *parties: Party, name: str = "Inquilinos", kind: str = GroupKind.GROUP) -> Group:
    group = Group.objects.create(company=company, name=name, kind=kind)
    PartyGroup.objects.bulk_create(PartyGroup(company=company, party=party, group=group) for party in parties)
    return group


def make_data(company: Company, party: Party, number: str, **fields: Any) -> InvoiceData:
    total = fields.pop("total", Decimal("119000.00"))
    defaults: dict[str, Any] = {
        "kind": InvoiceKind.INVOICE.value,
        "number": number,
        "prefix": "FE",
        "sequence": int("".join(c for c in number if c.isdigit()) or 0),
        "issue_date": date(2026, 7, 1),
        "due_date": date(2026, 7, 15),
        "supplier": PartyData(tax_id=company.tax_id, name=company.name),
        "customer": PartyData(tax_id=party.tax_id, name=party.name),
        "totals": TotalsData(payable=total),
        "lines": (LineData(description="Administración de julio", amount=total, quantity=Decimal(1)),),
    }
    return InvoiceData(**(defaults | fields))


def make_invoice(party: Party, number: str = "", **fields: Any) -> Invoice:
    """A row without files, as a spreadsheet gives it; `data` takes fields of its InvoiceData."""
    company = party.company
    data = make_data(company, party, number or f"FE{next(_numbers)}", **fields.pop("data", {}))
    defaults = {
        "kind": data.kind,
        "type_code": data.type_code,
        "number": data.number,
        "prefix": data.prefix,
        "sequence": data.sequence,
        "uuid": data.uuid,
        "issue_date": data.issue_date,
        "due_date": data.due_date,
        "period": data.issue_date.replace(day=1),
        "payable_amount": data.totals.payable,
        "search_key": f"{data.number} {party.name}".lower(),
    }
    invoice = Invoice.objects.create(company=company, party=party, **(defaults | fields))
    InvoiceContent.objects.create(invoice=invoice, data=serial.to_json(data))
    return invoice


def make_account(company: Company, **fields: Any) -> MailAccount:
    defaults = {
        "name": f"Cuenta {next(_numbers)}",
        "from_address": "facturacion@valle.example.co",
        "host": "127.0.0.1",
        "port": 2525,
        "security": Security.NONE,
        "private_allowed": True,
        "is_proven": True,
    }
    return MailAccount.objects.create(company=company, **(defaults | fields))
