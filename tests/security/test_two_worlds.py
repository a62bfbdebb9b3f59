"""Two equal companies: nobody of one reaches, sees or changes anything of the other, whatever she asks for."""

import inspect
import re
from functools import cache
from itertools import product
from pathlib import Path

import lxml.html
import pytest
from django.db import connection, transaction
from django.urls import path

from cartero.companies.roles import Role, allows
from tests.security import crawling
from tests.security.crawling import HTMX, NOWHERE, addresses, changed, rows_of

INSIDE = [
    address
    for address in addresses()
    if address.owned and (address.required_role or address.name in {"enter_company", "end_session"})
]


def strange_urls(address, ours, other):
    """Each owned part in turn from the other world, and all of them."""
    sets = {(part,) for part in address.owned} | {tuple(address.owned)}
    return [address.url(ours, other, *parts) for parts in sorted(sets, key=len)]


def ask(client, method, url, headers):
    return client.get(url, headers=headers) if method == "GET" else client.post(url, {"x": "1"}, headers=headers)


def without_number(answer):
    return re.sub(r"número \S+|nonce=\S+|\w{64}|\d{6,}|\d+:\d\d(:\d\d)?", "", answer.content.decode())


def test_there_is_something_to_walk():
    assert len(INSIDE) > 30


@pytest.mark.parametrize("address", INSIDE, ids=lambda address: address.route)
def test_what_is_anothers_is_nowhere(address, ours, other, as_built):
    for role in Role:
        expected = 404 if not address.required_role or allows(role, address.required_role) else 403
        urls, headers = strange_urls(address, ours, other), [{}, HTMX]
        if role != Role.ADMIN:
            urls, headers = urls[-1:], headers[:1]
        for url, header, method in product(urls, headers, ("GET", "POST")):
            answer = ask(ours.clients[role], method, url, header)
            assert answer.status_code in {expected, 405}, f"{role} {method} {url}"
            assert other.word not in answer.content.decode(), url
    assert not changed(as_built, "accounts_session", "companies_auditentry")  # that a role was too low


@pytest.mark.parametrize("address", INSIDE, ids=lambda address: address.route)
def test_it_reads_like_what_is_nowhere(address, ours, other):
    client = ours.clients[Role.ADMIN]
    for method in ("GET", "POST"):
        strange = ask(client, method, address.url(ours, other, *address.owned), {})
        nowhere = ask(client, method, address.url_nowhere(ours, *address.owned), {})
        assert strange.status_code == nowhere.status_code
        assert without_number(strange) == without_number(nowhere)


def test_an_id_too_large_for_the_database_is_nowhere(ours):
    client = ours.clients[Role.ADMIN]
    for address in INSIDE:
        url = address.url_nowhere(ours, *address.owned).replace(str(NOWHERE), "9" * 40)
        assert client.get(url).status_code in {404, 405}, url
        assert client.post(url).status_code in {404, 405}, url


# What she can put into a query or a form. Names that carry the id of something, and whose.
NAMES = {
    "account": lambda world: world.account.pk,
    "archivo": lambda world: world.file.pk,
    "delivery": lambda world: world.delivery.pk,
    "editar": lambda world: (world.group.pk, world.delivery.pk, world.address.pk),
    "entrega": lambda world: (world.delivery.pk, world.doubtful.pk),
    "factura": lambda world: world.invoice.pk,
    "group": lambda world: world.group.pk,
    "grupo": lambda world: world.group.pk,
    "zona": lambda world: world.zone.pk,
    "invoices": lambda world: world.invoice.pk,
    "parties": lambda world: world.party.pk,
    "sel": lambda world: world.mailing.pk,
    "template": lambda world: world.template.pk,
    "tercero": lambda world: world.party.pk,
    "user": lambda world: world.users[Role.READER].pk,
    "zone": lambda world: world.zone.pk,
    "desde": lambda world: (world.invoice.pk, world.party.pk, world.mailing.pk),
}
NUMBERS = re.compile(
    r"^column_\d+$"
    r"|^(id_type|heading_row|part|dias|batch_size|batch_wait|number_from|number_to|per_\w+|port|connections|max_size|max_mb|hour|day|link_days)$"
)


def asked(world):
    """(name, value) of every id."""
    for name, value in NAMES.items():
        values = value(world)
        yield from ((name, each) for each in (values if isinstance(values, tuple) else (values,)))


@cache
def source(folder):
    return "".join(file.read_text() for file in folder.glob("*.py"))


def read_by(address):
    """The names that the code beside the view speaks of."""
    text = source(Path(inspect.getsourcefile(inspect.unwrap(address.view))).parent)
    return {name for name in NAMES if re.search(rf"\b{name}\b", text)}


def reads_text(address):
    return '"q"' in source(Path(inspect.getsourcefile(inspect.unwrap(address.view))).parent)


GETS = [address for address in addresses() if address.is_ours and address.required_role]


@pytest.mark.parametrize("address", GETS, ids=lambda address: address.route)
def test_nothing_of_the_other_is_shown_whatever_the_query(address, ours, other):
    """All at once: she asks for the other's by name and by every id that the page reads."""
    url, names = address.url(ours), read_by(address)
    ids = {name: each for name, each in asked(other) if name in names}
    for query in ({}, *([{"q": other.word}] if reads_text(address) else []), *([ids] if ids else [])):
        answer = ours.clients[Role.ADMIN].get(url, query)
        shown = b"".join(answer) if answer.streaming else answer.content
        shown = re.sub(rb"(?:q=|value=\"|\xc2\xab)" + other.word.encode(), b"", shown)  # what she asked for herself
        assert answer.status_code < 500, f"{url} {query}"
        assert other.word.encode() not in shown, f"{url} {query}"
        if answer.status_code == 405:
            break


def forms(client, url):
    """The forms of a page that are posted, as (address, form)."""
    answer = client.get(url)
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return
    for form in lxml.html.fromstring(answer.content, base_url=f"http://testserver{url}").forms:
        if form.method == "POST":
            yield re.sub(r"^http://testserver", "", form.action or url), form


def choices(form):
    """Names of a form's fields with all the values that can be chosen."""
    for field in form.iterfind(".//select[@name]"):
        yield field.get("name"), {option.get("value") or "" for option in field.iterfind(".//option")}
    for field in form.iterfind(".//input[@name]"):
        yield field.get("name"), {field.get("value") or ""}


@pytest.mark.parametrize("address", GETS, ids=lambda address: address.route)
def test_no_form_takes_what_is_anothers(address, ours, other):
    """Each form of each page, sent with every id that it can carry from the other world."""
    client = ours.clients[Role.ADMIN]
    before = rows_of(other)
    for action, form in forms(client, address.url(ours)):
        unknown = {
            name for name, values in choices(form) if any(map(str.isdecimal, values)) and not NUMBERS.match(name)
        } - NAMES.keys()
        assert not unknown, f"say in this file whose id {unknown} of {action} is"
        for name, value in asked(other):
            if name not in form.fields:
                continue
            data = {key: values for key, values in dict(form.form_values()).items() if key != name}
            with transaction.atomic():
                extra = {"audience": {"group": "group", "zone": "zone", "parties": "chosen"}.get(name, "everyone")}
                answer = client.post(action, data | extra | {name: value})
                assert answer.status_code < 500, f"{action} {name}"
                assert other.word not in answer.content.decode(), f"{action} {name}"
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
                assert rows_of(other) == before, f"{action} {name}"
                transaction.set_rollback(True)


@pytest.mark.parametrize("address", [a for a in addresses() if a.is_ours and a.required_role], ids=lambda a: a.route)
def test_what_no_form_offers_changes_nothing(address, ours, other):
    """`company`, `status`, `role` and the like, in every POST: hers stays hers, and as it was."""
    client = ours.clients[Role.ADMIN]
    planted = {
        "company": other.company.pk, "company_id": other.company.pk, "status": "finished", "is_active": "",
        "created_by": other.users[Role.ADMIN].pk, "private_allowed": "on", "is_demo": "on",
    }  # fmt: skip
    before = rows_of(other)
    with transaction.atomic():
        answer = client.post(address.url(ours), planted)
        assert answer.status_code < 500
        assert rows_of(other) == before
        ours.users[Role.ADMIN].refresh_from_db()
        assert ours.users[Role.ADMIN].is_active
        ours.account.refresh_from_db()
        assert ours.account.company_id == ours.company.pk
        transaction.set_rollback(True)


def test_a_membership_of_one_opens_no_session_in_the_other(ours, other):
    client = ours.clients[Role.ADMIN]
    session = client.session
    session["company"] = other.company.pk
    session.save()
    assert client.get("/facturas/").url == "/empresa/"


def test_a_part_of_an_address_that_nobody_explained_stops_the_crawl(ours):
    strange = crawling.Address(
        "cosas/<int:thing_pk>/", path("cosas/<int:thing_pk>/", lambda request: None, name="thing")
    )
    with pytest.raises(LookupError, match="thing_pk"):
        strange.url(ours)
