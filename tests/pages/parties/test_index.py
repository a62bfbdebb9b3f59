from decimal import Decimal

import pytest

from cartero.invoices.states import InvoiceKind
from cartero.parties import search
from cartero.parties.models import AddressState, GroupKind
from tests.factories import make_address, make_group, make_invoice, make_party

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script>'
HTMX = {"HX-Request": "true", "HX-Target": "parties", "HX-Current-URL": "http://testserver/terceros/"}


def named(company, name, email="", **fields):
    return make_party(company, email, name=name, search_key=search.key(name, fields.get("tax_id", "")), **fields)


def names(answer):
    return [row.party.name for row in answer.context["rows"]]


def test_in_the_order_of_their_names(enter, ana, company):
    named(company, "Zulu")
    cerezos = named(company, "Ñañez e Hijos", "pagos@nanez.example.co", tax_id="900731542", check_digit="1")
    named(company, "álvaro")
    make_invoice(cerezos, payable_amount=Decimal(1000))
    make_invoice(cerezos, payable_amount=Decimal(500), balance=Decimal(200))
    make_invoice(cerezos, payable_amount=Decimal(70), data={"kind": InvoiceKind.CREDIT_NOTE.value})
    answer = enter(ana).get("/terceros/")
    page = answer.content.decode()
    assert names(answer) == ["álvaro", "Ñañez e Hijos", "Zulu"]
    assert "900.731.542-1" in page
    assert "pagos@nanez.example.co" in page
    row = answer.context["rows"][1]
    assert (row.documents, row.owed) == (3, ["$ 1.200,00"])
    assert names(enter(ana).get("/terceros/?orden=-nombre")) == ["Zulu", "Ñañez e Hijos", "álvaro"]


FILTERS = [
    ("q=nanez", ["Ñañez"]),
    ("q=900.731.542-1", ["Ñañez"]),
    ("q=pagos@nanez", ["Ñañez"]),
    ("q=nadie", []),
    ("correo=sin", ["Mala", "Sin"]),
    ("correo=problema", ["Mala"]),
    ("grupo=%(group)s", ["Ñañez"]),
    ("zona=%(zone)s", ["Sin"]),
    ("grupo=%(zone)s", ["Mala", "Ñañez", "Sin"]),  # a zone is no group
    ("correo=x&grupo=x&zona=99999999999999999999&orden=x", ["Mala", "Ñañez", "Sin"]),
]


@pytest.mark.parametrize(("query", "shown"), FILTERS)
def test_filters(query, shown, enter, ana, company):
    nanez = named(company, "Ñañez", "pagos@nanez.example.co", tax_id="900731542")
    lost = named(company, "Sin", None)
    bad = named(company, "Mala", None)
    make_address(bad, "x@example.com", state=AddressState.BOUNCED, state_reason="550 5.1.1")
    group, zone = make_group(company, nanez), make_group(company, lost, name="Torre 2", kind=GroupKind.ZONE)
    query %= {"group": group.pk, "zone": zone.pk}
    assert names(enter(ana).get(f"/terceros/?{query}")) == shown


def test_why_nobody_can_be_mailed(enter, ana, company):
    named(company, "Sin", None)
    make_address(named(company, "Mala", None), "x@example.com", state=AddressState.BOUNCED, state_reason="550 5.1.1")
    page = enter(ana).get("/terceros/").content.decode()
    assert page.count('data-state="no_address"') == 2
    assert "No tiene correo registrado" in page
    assert "550 5.1.1" in page


def test_empty_for_each_reason(enter, ana, company):
    assert "Todavía no hay terceros" in enter(ana).get("/terceros/").content.decode()
    page = enter(ana).get("/terceros/?q=<b>").content.decode()
    assert "No hay terceros de «&lt;b&gt;»" in page


def test_roles_and_companies(enter, bruno, reader, carla, company):
    named(company, HOSTILE)
    assert "/terceros/nuevo/" in enter(bruno).get("/terceros/").content.decode()
    page = enter(reader).get("/terceros/").content.decode()
    assert "/terceros/nuevo/" not in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page
    assert names(enter(carla).get("/terceros/")) == []


def test_htmx_gets_the_list_alone(enter, ana, company):
    named(company, "Zulu")
    page = enter(ana).get("/terceros/?q=zu", headers=HTMX).content.decode()
    assert "<html" not in page
    assert page.count('id="parties"') == 1


@pytest.mark.parametrize("rows", [2, 40])
def test_queries_do_not_grow(rows, enter, ana, company, django_assert_max_num_queries):
    for n in range(rows):
        make_invoice(named(company, f"T{n}"))
    client = enter(ana)
    client.get("/terceros/")
    with django_assert_max_num_queries(13):
        client.get("/terceros/")


def test_pages_by_key(enter, ana, company):
    for n in range(60):
        named(company, f"T{n % 9}", None)
    first = enter(ana).get("/terceros/")
    second = enter(ana).get(f"/terceros/{first.context['slice'].next}")
    seen = {row.party.pk for answer in (first, second) for row in answer.context["rows"]}
    assert len(seen) == 60
