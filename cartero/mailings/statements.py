"""*Estados de cuenta*: what each tercero owes on a day becomes a document with its PDF, in pieces, none twice."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Now

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.documents import owing
from cartero.documents import statement as drawing
from cartero.documents.enclosing import PDF_TYPE
from cartero.documents.errors import NotDrawn
from cartero.documents.look import Look
from cartero.documents.owing import Account, Entry
from cartero.invoices import columns, kinds, serial, storing
from cartero.invoices.data import AddressData, InvoiceData, PartyData, TotalsData
from cartero.invoices.models import Invoice, InvoiceContent, InvoiceFile
from cartero.invoices.states import FileRole, InvoiceKind
from cartero.mailings import making, registering
from cartero.mailings.errors import BackwardPeriod, NothingOwed
from cartero.mailings.models import Statement, StatementReason, StatementRun, StatementState
from cartero.parties.models import Party
from cartero.platform import formats, processors, queue, sql, stopping

CHUNK = 50
TURN = 5.0  # seconds, then other jobs have theirs
LEASE = 60  # seconds; a piece takes some


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Whose statements, as of the end of `until`, with what moved since `since`. Nobody chosen means everybody."""

    until: date
    since: date
    group: int | None = None
    parties: tuple[int, ...] = ()
    pay_to: str = ""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a run would come to. `left_out` maps a StatementReason to how many terceros; `amounts` is by currency.

    `unknown` documents have no balance from the accounting program, so they count whole.
    """

    statements: int
    unknown: int
    left_out: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """What has become of one row, to be written."""

    row: Statement
    accounts: tuple[Account, ...]
    pdf: bytes = b""
    reason: str = ""


def count(company: Company, wanted: Wanted) -> Counts:
    """What `wanted` comes to at this moment. One query; the same rules as making."""
    ((statements, unknown, left_out, amounts),) = sql.run(
        __package__, "count_statements", **_parameters(company, wanted)
    )
    return Counts(
        statements=statements,
        unknown=unknown,
        left_out=json.loads(left_out or "{}"),
        amounts={currency: Decimal(amount) for currency, amount in json.loads(amounts or "{}").items()},
    )


@transaction.atomic
def begin(company: Company, wanted: Wanted, by: User | None, now: datetime) -> StatementRun:
    """A run with a row for each tercero, its numbers reserved; workers make the rest.

    Raises NothingOwed, BackwardPeriod; then nothing is kept.
    """
    if wanted.since > wanted.until:
        raise BackwardPeriod()
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)  # two who ask at once get two series of numbers
    run = StatementRun(
        company=company,
        until=wanted.until,
        since=wanted.since,
        group_id=wanted.group,
        parties=list(wanted.parties) or None,
        pay_to=wanted.pay_to,
        look=registering.look_of(company),
        prefix=f"EC-{wanted.until:%Y-%m}-",
        created_by=by,
        created_at=now,
    )
    ((highest,),) = sql.run(
        __package__, "last_statement", company=company.pk, prefix=run.prefix, kind=InvoiceKind.STATEMENT.value
    )
    run.first = highest + 1
    run.save(force_insert=True)
    ((run.statements, run.left_out),) = sql.run(
        __package__, "begin_statements", run=run.pk, first=run.first, **_parameters(company, wanted)
    )
    if not run.statements:
        raise NothingOwed(day=formats.date_long(wanted.until))
    run.save(update_fields=["statements", "left_out"])
    audit.record(run, "make", by, until=wanted.until.isoformat(), statements=run.statements)
    queue.defer("make_statements", run_id=run.pk, once=f"statements-{run.pk}")
    return run


def make_some(run_id: int) -> bool:
    """Some seconds of a run; whether more of it is to be taken. Several workers at once part it among them."""
    run = StatementRun.objects.unfinished().select_related("company").filter(pk=run_id).first()
    if run is None:
        return False
    try:
        look = making.look_of(run.company_id, run.look)
    except storing.FileLost:
        run.rows.due().update(state=StatementState.FAILED, reason=StatementReason.NO_LOGO)
        _finish(run)
        return False
    deadline = time.monotonic() + TURN
    with ThreadPoolExecutor(processors.threads(), thread_name_prefix="statements") as threads:
        while time.monotonic() < deadline and not stopping.is_asked():
            rows = _claimed(run)
            if not rows:  # all are made, or others make the last
                _finish(run)
                return False
            _make(run, rows, look, threads)
    return True


def progress(run: StatementRun) -> dict[str, int]:
    """How many rows are in each state."""
    found = run.rows.values_list("state").annotate(many=Count("pk")).order_by()
    return dict.fromkeys(StatementState.values, 0) | dict(found)


def reasons(run: StatementRun) -> dict[str, int]:
    """How many terceros have no statement, by StatementReason."""
    return dict(run.rows.exclude(reason="").values_list("reason").annotate(many=Count("pk")).order_by("-many"))


def amounts(run: StatementRun) -> dict[str, Decimal]:
    """What the statements that were made come to, by currency. Summed once, when the run is finished."""
    sums = _summed(run) if run.amounts is None else run.amounts
    return {currency: Decimal(amount) for currency, amount in sums.items()}


def _summed(run: StatementRun) -> dict[str, str]:
    ((sums,),) = sql.run(__package__, "sum_statements", run=run.pk)
    found: dict[str, str] = json.loads(sums or "{}")
    return found


def _parameters(company: Company, wanted: Wanted) -> dict[str, Any]:
    return {
        "company": company.pk,
        "until": wanted.until,
        "in_group": wanted.group,
        "parties": list(wanted.parties) or None,
        "asking": list(kinds.ASKING),
        "lowering": list(kinds.LOWERING),
    }


def _finish(run: StatementRun) -> None:
    """If nothing of it is left."""
    due = Statement.objects.due().filter(run=OuterRef("pk"))
    if StatementRun.objects.unfinished().filter(~Exists(due), pk=run.pk).update(finished_at=Now()):
        StatementRun.objects.filter(pk=run.pk).update(amounts=_summed(run))


def _claimed(run: StatementRun) -> list[Statement]:
    taken = sql.run(__package__, "claim_statements", run=run.pk, limit=CHUNK, seconds=LEASE)
    return list(run.rows.filter(pk__in=[row[0] for row in taken]).select_related("party", "run").order_by("pk"))


def _make(run: StatementRun, rows: Sequence[Statement], look: Look, threads: ThreadPoolExecutor) -> None:
    entries = _entries(run, [row.party_id for row in rows])
    taken = _taken(run, rows)
    by_party = {row: owing.accounts(entries[row.party_id], run.since, run.until) for row in rows}
    draw = partial(_draw, run, look, taken)
    _write(run, list(threads.map(draw, by_party, by_party.values())))


def _entries(run: StatementRun, parties: Sequence[int]) -> Mapping[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    facts = {"company": run.company_id, "until": run.until, "since": run.since, "parties": parties}
    of_kinds = {"asking": list(kinds.ASKING), "lowering": list(kinds.LOWERING), "paying": list(kinds.PAYING)}
    for party_id, kind, number, issued, due, currency, total, owed in sql.run(
        __package__, "owing", **facts, **of_kinds
    ):
        found[party_id].append(
            Entry(
                kind=kind,
                number=number,
                issue_date=issued,
                due_date=due,
                currency=currency,
                total=total,
                owed=owed,
            )
        )
    return found


def _taken(run: StatementRun, rows: Iterable[Statement]) -> frozenset[str]:
    """Numbers that a document which came in meanwhile bears."""
    here = Invoice.objects.of(run.company).filter(kind=InvoiceKind.STATEMENT, number__in=[row.number for row in rows])
    return frozenset(here.values_list("number", flat=True))


def _draw(run: StatementRun, look: Look, taken: frozenset[str], row: Statement, found: tuple[Account, ...]) -> _Drawn:
    """No query: for threads. A balance that came in since the run began is what counts."""
    if not any(account.total > 0 for account in found):
        return _Drawn(row=row, accounts=found, reason=StatementReason.NOTHING_OWED)
    if row.number in taken:
        return _Drawn(row=row, accounts=found, reason=StatementReason.TAKEN)
    sheet = drawing.Statement(
        number=row.number,
        party=_customer(row.party),
        since=run.since,
        until=run.until,
        accounts=found,
        pay_to=run.pay_to,
        made_at=run.created_at,
        balances_of=run.created_at.astimezone(ZoneInfo(run.company.timezone)).date(),
        look=look,
    )
    try:
        return _Drawn(row=row, accounts=found, pdf=drawing.render(sheet))
    except NotDrawn:
        return _Drawn(row=row, accounts=found, reason=StatementReason.NOT_DRAWN)


def _write(run: StatementRun, results: Sequence[_Drawn]) -> None:
    """All of a piece, or nothing; what another worker has written meanwhile stays."""
    drawn = [each for each in results if each.pdf]
    hashes = storing.keep_all(run.company_id, [each.pdf for each in drawn])
    kept = {each.row.pk: sha256 for each, sha256 in zip(drawn, hashes, strict=True)}
    with transaction.atomic():
        still = run.rows.due().select_for_update().filter(pk__in=[each.row.pk for each in results])
        ours = set(still.values_list("pk", flat=True))
        mine = [each for each in results if each.row.pk in ours]
        contents = []
        files = []
        for each in mine:
            _settle(each)
            if each.pdf:
                contents.append(_document(run, each))
                files.append(_file(run, contents[-1].invoice, each.pdf, kept[each.row.pk]))
                each.row.invoice = contents[-1].invoice
        Invoice.objects.bulk_create([content.invoice for content in contents])
        InvoiceContent.objects.bulk_create(contents)
        InvoiceFile.objects.bulk_create(files)
        Statement.objects.bulk_update([each.row for each in mine], ["state", "reason", "amounts", "invoice"])


def _settle(drawn: _Drawn) -> None:
    row = drawn.row
    row.reason = drawn.reason
    row.amounts = {currency: f"{amount:.6f}" for currency, amount in owing.owed(drawn.accounts).items()}
    if drawn.pdf:
        row.state = StatementState.MADE
    elif drawn.reason == StatementReason.NOTHING_OWED:
        row.state = StatementState.LEFT_OUT
    else:
        row.state = StatementState.FAILED


def _document(run: StatementRun, drawn: _Drawn) -> InvoiceContent:
    """Its row bears the first currency in which something is owed; its PDF tells all of them."""
    account = next(account for account in drawn.accounts if account.total > 0)
    row = drawn.row
    data = InvoiceData(
        kind=InvoiceKind.STATEMENT.value,
        number=row.number,
        prefix=run.prefix,
        sequence=row.sequence,
        issue_date=run.until,
        supplier=PartyData(tax_id=run.company.tax_id, name=run.company.name),
        customer=_customer(row.party),
        currency=account.currency,
        totals=TotalsData(payable=account.total),
        balance=account.total,
    )
    invoice = Invoice(company=run.company, **columns.of(data, row.party))
    return InvoiceContent(invoice=invoice, data=serial.to_json(data))


def _file(run: StatementRun, invoice: Invoice, pdf: bytes, sha256: str) -> InvoiceFile:
    return InvoiceFile(
        company=run.company,
        invoice=invoice,
        role=FileRole.PDF,
        name=f"{invoice.number}.pdf",
        media_type=PDF_TYPE,
        sha256=sha256,
        size=len(pdf),
    )


def _customer(party: Party) -> PartyData:
    return PartyData(
        tax_id=party.tax_id,
        name=party.name,
        id_type=party.id_type,
        check_digit=party.check_digit,
        address=AddressData(city=party.city),
    )
