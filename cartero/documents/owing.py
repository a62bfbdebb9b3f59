"""What a tercero owes on a day, by currency: its open documents by age, and what moved it in a period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cartero.invoices import kinds

NOT_DUE = "Por vencer"
AGES = ((30, "1 a 30 días"), (60, "31 a 60 días"), (90, "61 a 90 días"))  # up to so many days late
OLDEST = "Más de 90 días"
FIRST = "COP"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A document of a tercero. `total` is as the document states it; `owed` what it adds still, or lowers."""

    kind: str
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    total: Decimal
    owed: Decimal

    @property
    def change(self) -> Decimal:
        """What it did to what is owed when it was issued."""
        return self.total * kinds.of(self.kind).effect

    @property
    def used(self) -> Decimal:
        """What has been paid of it, or crossed with others, negative for a credit note."""
        return self.change - self.owed

    def days_late(self, day: date) -> int:
        """0 where it is not due, or does not say when it will be."""
        return max((day - self.due_date).days, 0) if self.due_date else 0


@dataclass(frozen=True, kw_only=True)
class Account:
    """All of one currency. `previous` + what `moved` + `applied` = `total`, to the cent."""

    currency: str
    open: tuple[Entry, ...]
    moved: tuple[Entry, ...]
    payments: tuple[Entry, ...]
    previous: Decimal
    """What documents from before the period still add."""
    applied: Decimal
    """What was paid of documents of the period, or crossed with them, that no document of the period tells."""
    ages: tuple[tuple[str, Decimal], ...]
    in_favour: Decimal
    """What lowers the debt: credit notes not used yet. Never positive."""
    total: Decimal

    @property
    def overdue(self) -> Decimal:
        return sum((amount for name, amount in self.ages if name != NOT_DUE), Decimal(0))


def accounts(entries: Iterable[Entry], since: date, until: date) -> tuple[Account, ...]:
    """One a currency in which anything is owed or moved between the two days, both included; pesos first."""
    by_currency: dict[str, list[Entry]] = {}
    for entry in entries:
        by_currency.setdefault(entry.currency or FIRST, []).append(entry)
    order = sorted(by_currency, key=lambda currency: (currency != FIRST, currency))
    return tuple(_account(currency, by_currency[currency], since, until) for currency in order)


def owed(found: Sequence[Account]) -> dict[str, Decimal]:
    """What is owed by currency, without those that come to nothing."""
    return {account.currency: account.total for account in found if account.total}


def _account(currency: str, entries: Sequence[Entry], since: date, until: date) -> Account:
    ordered = sorted(entries, key=lambda each: (each.issue_date, len(each.number), each.number))  # FE9 before FE10
    asked = [each for each in ordered if not _pays(each)]
    moved = tuple(each for each in asked if each.issue_date >= since)
    total = _sum(each.owed for each in asked)
    previous = total - _sum(each.owed for each in moved)
    return Account(
        currency=currency,
        open=tuple(sorted((each for each in asked if each.owed), key=lambda each: each.due_date or each.issue_date)),
        moved=moved,
        payments=tuple(each for each in ordered if _pays(each)),
        previous=previous,
        applied=total - previous - _sum(each.change for each in moved),
        ages=_ages(asked, until),
        in_favour=_sum(min(each.owed, Decimal(0)) for each in asked),
        total=total,
    )


def _ages(asked: Iterable[Entry], until: date) -> tuple[tuple[str, Decimal], ...]:
    found = dict.fromkeys((NOT_DUE, *(name for _days, name in AGES), OLDEST), Decimal(0))
    for entry in asked:
        found[_age(entry.days_late(until))] += max(entry.owed, Decimal(0))
    return tuple(found.items())


def _age(days: int) -> str:
    if days == 0:
        return NOT_DUE
    return next((name for most, name in AGES if days <= most), OLDEST)


def _pays(entry: Entry) -> bool:
    return kinds.of(entry.kind).is_payment


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
