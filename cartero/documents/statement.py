"""*Estado de cuenta*: what one tercero owes a company on a day, and what moved it, as a PDF/A."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

import typst as compiling

from cartero.documents import dates, typst
from cartero.documents.errors import NotDrawn
from cartero.documents.glyphs import breakable, drawable
from cartero.documents.look import Look
from cartero.documents.owing import Account, Entry
from cartero.documents.sheet import Json, readable_on
from cartero.invoices import kinds
from cartero.invoices.data import PartyData
from cartero.platform import formats

TEMPLATE = Path(__file__).with_name("statement.typ")
TITLE = "Estado de cuenta"
LONGEST = 46  # signs of a word, before it is broken
LONGEST_IN_CELL = 18
APPLIED = "Pagos y cruces aplicados a estos documentos"
NOTE = "Saldos que {company} tenía registrados el {day}. Si ya pagó, o si algo no coincide, escríbanos."
PAID = "Ya están descontados de los saldos."


@dataclass(frozen=True, kw_only=True)
class Statement:
    """`until` is the cut-off; `pay_to` says in the company's own words how to pay, and may be empty."""

    number: str
    party: PartyData
    since: date
    until: date
    accounts: tuple[Account, ...]
    pay_to: str
    made_at: datetime
    balances_of: date
    """The day on which the balances were read."""
    look: Look


def render(statement: Statement) -> bytes:
    """A tagged PDF/A-2a; same input, same bytes. Raises NotDrawn."""
    given = typst.inputs(sheet(statement), "", statement.look.logo)
    try:
        return typst.draw(TEMPLATE, "a-2a", statement.made_at.astimezone(UTC), given)
    except compiling.TypstError as error:
        raise NotDrawn(number=statement.number, reason=str(error)) from error


def sheet(statement: Statement) -> Json:
    """What `statement.typ` prints, as text; the template only places it."""
    look, issuer = statement.look, drawable(statement.look.legal_name)
    party, until = statement.party, statement.until
    title = f"{TITLE} {statement.number}"
    name = breakable(drawable(party.name), LONGEST)
    return {
        "meta": {"title": title, "author": issuer, "description": drawable(f"{title} {party.tax_id}")},
        "title": TITLE,
        "number": statement.number,
        "running": f"{breakable(issuer, LONGEST)} · {title} · {name}",
        "color": look.color,
        "on_color": readable_on(look.color),
        "initial": (drawable(look.trade_name) or issuer)[:1].upper(),
        "issuer": breakable(issuer, LONGEST),
        "issuer_lines": _shown(look.lines()),
        "buyer": name,
        "buyer_lines": _shown((formats.nit(party.tax_id, party.check_digit), party.address.city)),
        "facts": [
            ["Fecha de corte", dates.long(until)],
            ["Movimientos desde", dates.long(statement.since)],
        ],
        "accounts": [_account(account, statement) for account in statement.accounts],
        "several": len(statement.accounts) > 1,
        "moved": f"Movimientos del {dates.short(statement.since)} al {dates.short(until)}",
        "paid": PAID,
        "pay_to": _shown(statement.pay_to.splitlines()),
        "note": drawable(NOTE.format(company=look.legal_name, day=dates.long(statement.balances_of))),
    }


def _account(account: Account, statement: Statement) -> Json:
    until, currency = statement.until, account.currency
    ages = [*account.ages, ("Saldos a favor", account.in_favour)]
    return {
        "currency": currency,
        "total_name": "Saldo a su favor" if account.total < 0 else "Saldo total",
        "total": formats.money(abs(account.total), currency),
        "overdue": f"Vencido: {formats.money(account.overdue, currency)}" if account.overdue else "Nada vencido",
        "is_overdue": account.overdue > 0,
        "ages": [[name, formats.money(amount, currency)] for name, amount in ages if amount or name != ages[-1][0]],
        "open": [_open_row(entry, until) for entry in account.open],
        "open_carried": _carried((entry.owed for entry in account.open), currency),
        "sum": formats.money(account.total, currency),
        "moves": list(_moves(account, until)),
        "payments": [
            [dates.short(each.issue_date), _named(each), formats.money(each.total, currency)]
            for each in account.payments
        ],
    }


def _open_row(entry: Entry, until: date) -> list[str]:
    late = entry.days_late(until)
    return [
        _named(entry),
        dates.short(entry.issue_date),
        dates.short(entry.due_date) if entry.due_date else "—",
        formats.number(late) if late and entry.owed > 0 else "—",
        formats.money(entry.change, entry.currency),
        formats.money(-entry.used, entry.currency) if entry.used else "",
        formats.money(entry.owed, entry.currency),
    ]


def _moves(account: Account, until: date) -> Iterable[list[str]]:
    """Day, words, what it adds, what it takes, and what was owed then; first what was owed, last what is."""
    currency = account.currency
    yield ["", "Saldo anterior", "", "", formats.money(account.previous, currency)]
    running = account.previous
    for entry in account.moved:
        running += entry.change
        yield [dates.short(entry.issue_date), _named(entry), *_sides(entry.change, running, currency)]
    if account.applied:
        yield [dates.short(until), APPLIED, *_sides(account.applied, account.total, currency)]


def _sides(change: Decimal, running: Decimal, currency: str) -> list[str]:
    adds = formats.money(change, currency) if change > 0 else ""
    takes = formats.money(-change, currency) if change < 0 else ""
    return [adds, takes, formats.money(running, currency)]


def _carried(amounts: Iterable[Decimal], currency: str) -> list[str]:
    return [formats.money(total, currency) for total in accumulate(amounts)]


def _named(entry: Entry) -> str:
    return f"{kinds.of(entry.kind).title} {breakable(drawable(entry.number), LONGEST_IN_CELL)}"


def _shown(texts: Iterable[str]) -> list[str]:
    return [breakable(text, LONGEST) for text in map(drawable, texts) if text]
