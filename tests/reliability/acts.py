"""What the clerk can do: Cartero's own functions, as its pages call them."""

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from cartero.accounts.models import User
from cartero.companies.models import AuditEntry, Company
from cartero.invoices import storing
from cartero.invoices.models import Invoice, InvoiceContent
from cartero.mailings import doubts, lifecycle, messages, registering, reports
from cartero.mailings.batches import Plan
from cartero.mailings.models import Delivery, Mailing
from cartero.mailings.registering import Draft
from cartero.mailings.selection import Selection
from cartero.mailings.states import BatchThen, MailingKind
from cartero.platform import sql
from cartero.transport.models import MailAccount


def register(tax_id: str, first: int = 0, last: int = 0, size: int = 0) -> int:
    """All documents, or some; in parts of `size` mails, each of which waits for an hour, then goes on."""
    company = Company.objects.get(tax_id=tax_id)
    account = MailAccount.objects.of(company).get()
    subject, message = messages.starting_from(company, MailingKind.DELIVERY)
    plan = Plan(size=size, wait_minutes=60, then=BatchThen.GO_ON) if size else None
    draft = Draft(name="Mes", account=account, subject=subject, message_html=message, batches=plan)
    chosen = Selection(kind=MailingKind.DELIVERY, is_grouped=False, number_from=first or None, number_to=last or None)
    return registering.register(company, chosen, draft, by=None, now=timezone.now()).pk


def move(mailing_id: int, verb: str) -> float:
    """When it was done, as the clock of the machine says."""
    lifecycle.VERBS[verb](Mailing.objects.get(pk=mailing_id), User.objects.first())
    return time.time()


def set_account(fields: dict[str, Any], tax_id: str = "") -> int:
    accounts = MailAccount.objects.filter(company__tax_id=tax_id) if tax_id else MailAccount.objects.all()
    fresh = {"used": {}, "paused_since": None, "paused_until": None, "pause_reason": "", "max_size": 25_000_000}
    learned = {f.name: None for f in MailAccount._meta.fields if f.name.startswith("learned_")}
    return accounts.update(**(fresh | learned | fields))


def status(mailing_id: int) -> str:
    return Mailing.objects.values_list("status", flat=True).get(pk=mailing_id)


def reason(mailing_id: int) -> str:
    return Mailing.objects.values_list("status_reason", flat=True).get(pk=mailing_id)


def counted(mailing_id: int) -> dict[str, int]:
    """What the pages show."""
    return dict(reports.progress(Mailing.objects.get(pk=mailing_id)).mails)


def deliveries(mailing_id: int) -> list[dict[str, Any]]:
    mine = Delivery.objects.filter(mailing=mailing_id)
    doubted = set(mine.filter(events__kind="in_doubt").values_list("pk", flat=True))
    documents: dict[int, list[str]] = {}
    for delivery, number in mine.values_list("pk", "invoices__number"):
        documents.setdefault(delivery, []).append(number)
    fields = ("id", "status", "reason", "message_id", "to", "claims", "retry_at")
    return [
        row | {"doubted": row["id"] in doubted, "documents": documents[row["id"]]}
        for row in mine.order_by("pk").values(*fields)
    ]


def leases_ending(mailing_id: int) -> int:
    """How many mails are in the hands of a worker that does not renew its lease, or will not in time."""
    held = Delivery.objects.filter(mailing=mailing_id, status__in=["claimed", "transmitting"])
    return held.filter(lease_until__lt=Now() + timedelta(seconds=1)).count()


def jump(seconds: float) -> None:
    """The database's clock goes wrong by so much, for every statement of ours that asks it from now on."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA IF NOT EXISTS clock")
        for name in ("now", "clock_timestamp", "statement_timestamp", "transaction_timestamp"):
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION clock.{name}() RETURNS timestamptz LANGUAGE sql STABLE AS"
                f" $$ SELECT pg_catalog.{name}() + make_interval(secs => {float(seconds)}) $$"
            )
        path = "clock, pg_catalog, public" if seconds else "DEFAULT"
        cursor.execute(f"ALTER ROLE cartero SET search_path TO {path}")
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND usename = current_user"
        )
    connection.close()


def use_up(table: str) -> None:
    """The disk to its last page: what a failed statement has taken stays taken until it is vacuumed."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DO $$ BEGIN LOOP INSERT INTO {table} SELECT repeat('x', 500); END LOOP;"
            " EXCEPTION WHEN disk_full THEN NULL; END $$"
        )


def has_company(tax_id: str) -> bool:
    return Company.objects.filter(tax_id=tax_id).exists()


def copy_documents(tax_id: str, to: str, many: int) -> None:
    """Some documents of one company become another's too, with their terceros, and an account to send from."""
    company, other = (Company.objects.get(tax_id=each) for each in (tax_id, to))
    account = MailAccount.objects.of(company).get()
    account.pk, account.company = None, other
    account.save()
    for invoice in Invoice.objects.of(company).select_related("party").order_by("pk")[:many]:
        files, address = list(invoice.files.all()), invoice.party.addresses.first()
        data = invoice.content.data
        party = invoice.party
        party.pk, party.company = None, other
        party.save()
        address.pk, address.company, address.party = None, other, party
        address.save()
        invoice.pk, invoice.company, invoice.party = None, other, party
        invoice.save()
        InvoiceContent.objects.create(invoice=invoice, data=data)
        for file in files:
            storing.keep(other.pk, storing.read(company.pk, file.sha256))
            file.pk, file.company, file.invoice = None, other, invoice
            file.save()


def list_documents(tax_id: str, prefix: str, count: int) -> None:
    """So many more documents of its first tercero, without files: enough to register."""
    company = Company.objects.get(tax_id=tax_id)
    first = Invoice.objects.of(company).select_related("party").order_by("pk")[0]
    alike = {"company": company, "party": first.party, "kind": first.kind, "type_code": first.type_code}
    alike |= {"issue_date": first.issue_date, "period": first.period, "payable_amount": first.payable_amount}
    Invoice.objects.bulk_create(
        Invoice(**alike, prefix=prefix, sequence=n, number=f"{prefix}{n}", search_key=f"{prefix}{n}".lower())
        for n in range(1, count + 1)
    )


def trail(mailing_id: int) -> list[str]:
    return list(
        AuditEntry.objects.filter(noun="mailing", noun_id=mailing_id).order_by("pk").values_list("verb", flat=True)
    )


def resend_doubts(mailing_id: int) -> int:
    """As a company does whose rule is to send again what is in doubt."""
    mailing = Mailing.objects.get(pk=mailing_id)
    person = User.objects.first()
    return doubts.decide(mailing, arrived=False, by=person)


def query(statement: str) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [list(row) for row in cursor.fetchall()] if cursor.description else []


def workers() -> int:
    """Alive, by their heartbeats."""
    ((alive,),) = sql.run("cartero.platform", "workers")
    return int(alive)
