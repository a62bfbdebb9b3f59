"""The database itself refuses a row that joins two companies, and to rewrite what has happened."""

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from cartero.companies import audit
from cartero.companies.models import AuditEntry
from cartero.companies.roles import Role
from cartero.mailings.models import Delivery, DeliveryInvoice, Event

APPEND_ONLY = [AuditEntry, Event]
BY_STATEMENT = [Delivery, DeliveryInvoice]  # a million at a time: their keys are triggers that ask once
OWN = [model for model in apps.get_models() if model.__module__.startswith("cartero.")]
# What it belongs to is what it hangs on: these name one thing, which has a company.
OF_ONE_THING = {
    "companies.Company": "is one",
    "accounts.User": "a person, whatever companies she works for",
    "accounts.Session": "of one person",
    "invoices.InvoiceContent": "the rest of a document's row",
    "mailings.Origin": "of the whole database",
    "platform.WorkerProof": "of the whole installation",
    "mailings.Tally": "of one sending",
    "mailings.Pace": "of one sending",
    "mailings.Batches": "of one sending",
    "transport.ConnectionSlot": "of one account",
    "transport.Grant": "of one account",
    "transport.SentFolder": "of one account",
    "transport.ReadingMailbox": "of one account",
    "tracking.Webhook": "of one account",
}


def has_company(model):
    return any(field.name == "company" for field in model._meta.get_fields())


def crossings():
    """Every foreign key from a row of a company to another row of a company."""
    return [
        (model, field)
        for model in OWN
        if has_company(model)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.name != "company" and has_company(field.related_model)
    ]


CROSSINGS = crossings()
NAMED = [f"{model._meta.label}.{field.name}" for model, field in CROSSINGS]


TWIN = """
SELECT c.conname FROM pg_constraint c
 WHERE c.contype = 'f' AND c.conrelid = %(table)s::regclass AND c.confrelid = %(to)s::regclass
   AND ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) ORDER BY 1) = %(columns)s
   AND cardinality(c.confkey) = 2
"""
TWIN_BY_STATEMENT = """
SELECT tgname FROM pg_trigger
 WHERE tgrelid = %(table)s::regclass AND tgfoid = 'mailings_name_their_own'::regproc
   AND tgargs = convert_to(%(column)s, 'UTF8') || '\\x00' || convert_to(%(to)s, 'UTF8') || '\\x00'
"""


def twin(model, field):
    """The name of the constraint that carries the company along, or None."""
    with connection.cursor() as cursor:
        names = {"table": model._meta.db_table, "to": field.related_model._meta.db_table, "column": field.column}
        names |= {"columns": sorted(["company_id", field.column])}
        cursor.execute(TWIN_BY_STATEMENT if is_by_statement(model, field) else TWIN, names)
        found = cursor.fetchone()
    return found[0] if found else None


def is_by_statement(model, field):
    return model in BY_STATEMENT and field.name != "resend_of"


def test_every_row_says_whose_it_is():
    unknown = {model._meta.label for model in OWN if not has_company(model)} - OF_ONE_THING.keys()
    assert not unknown, "give it a company, or say here what it hangs on"


def test_there_are_rows_that_could_cross():
    assert len(CROSSINGS) >= 15


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), CROSSINGS, ids=NAMED)
def test_a_foreign_key_takes_the_company_along(model, field):
    assert twin(model, field)


def rows(model, world):
    return model.objects.filter(company=world.company).order_by("pk")


def where(model):
    return " AND ".join(f"{part.column} = %s" for part in model._meta.pk_fields)


def key(row):
    return row.pk if isinstance(row.pk, tuple) else (row.pk,)


def statement(model, field):
    """Points a row to another thing; where it never points to another, a copy of it."""
    table, column = model._meta.db_table, field.column
    if model not in APPEND_ONLY and not is_by_statement(model, field):
        return f"UPDATE {table} SET {column} = %s WHERE {where(model)}"  # noqa: S608  our own names
    columns = [f'"{each.column}"' for each in model._meta.concrete_fields if not each.primary_key]
    taken = [{f'"{column}"': "%s::bigint", '"message_id"': "''"}.get(each, each) for each in columns]
    names, values = ", ".join(columns), ", ".join(taken)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {where(model)}"  # noqa: S608  our own names


def at_once(sql, parameters=None):
    """Past all of our code, with its constraints checked now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql, parameters)


@pytest.mark.parametrize(("model", "field"), CROSSINGS, ids=NAMED)
def test_a_row_that_crosses_is_refused(model, field, ours, other):
    row = rows(model, ours).exclude(**{field.name: None}).last()
    strange = rows(field.related_model, other).first()
    assert row is not None, f"the world has no {model._meta.label}"
    assert strange is not None
    with pytest.raises(IntegrityError) as refused:
        at_once(statement(model, field), [strange.pk, *key(row)])
    assert refused.value.__cause__.diag.constraint_name == twin(model, field)


KEYS = [(model, field) for model, field in CROSSINGS if is_by_statement(model, field)]
KEY_NAMES = [f"{model._meta.label}.{field.name}" for model, field in KEYS]


@pytest.mark.parametrize(("model", "field"), KEYS, ids=KEY_NAMES)
def test_what_a_delivery_names_never_changes(model, field, ours):
    row = rows(model, ours).last()
    with pytest.raises(IntegrityError, match="never change"):
        at_once(f"UPDATE {model._meta.db_table} SET {field.column} = 0 WHERE {where(model)}", key(row))  # noqa: S608


@pytest.mark.parametrize(("model", "field"), KEYS, ids=KEY_NAMES)
def test_what_a_delivery_names_is_not_deleted(model, field, ours):
    named, table = getattr(rows(model, ours).last(), field.column), field.related_model._meta.db_table
    with pytest.raises(IntegrityError, match="still names"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [named])  # noqa: S608  our own names


@pytest.mark.parametrize(("model", "field"), KEYS, ids=KEY_NAMES)
def test_what_a_delivery_names_is_known_by_the_same_key(model, field, ours):
    named, table = getattr(rows(model, ours).last(), field.column), field.related_model._meta.db_table
    with pytest.raises(IntegrityError, match="never change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET id = 0 WHERE id = %s", [named])  # noqa: S608  our own names


REWRITES = ["UPDATE {table} SET company_id = company_id", "DELETE FROM {table}"]


@pytest.mark.parametrize("rewrite", REWRITES)
@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
def test_what_has_happened_is_never_rewritten(model, rewrite, ours):
    audit.record(ours.company, "test", ours.users[Role.ADMIN])
    assert rows(model, ours).exists()
    with pytest.raises(ProgrammingError, match="never changed or deleted"):
        at_once(rewrite.format(table=model._meta.db_table))
