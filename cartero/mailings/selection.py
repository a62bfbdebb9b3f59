"""What she chose, and what comes of it: which documents go, to whom, and which are left out and why."""

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from cartero.companies.models import Company, Country
from cartero.invoices.models import PeriodTally
from cartero.mailings.states import LeftOut, MailingKind
from cartero.parties.models import AddressRole
from cartero.platform import sql


class Audience(StrEnum):
    """Who gets it. The value is what forms and the command line write."""

    EVERYONE = "everyone"
    CHOSEN = "chosen"
    EXCEPT = "except"
    GROUP = "group"


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Form, command line and API fill the same selection. Empty means: not restricted.

    All narrow it but `audience=EXCEPT`, `only_unsent` and a legal delivery's gate, which leave out with a reason.
    """

    kind: MailingKind
    is_grouped: bool = False
    period: date | None = None
    document_kind: str = ""
    prefix: str | None = None
    number_from: int | None = None
    number_to: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    audience: Audience = Audience.EVERYONE
    parties: tuple[int, ...] = ()
    group: int | None = None
    invoices: tuple[int, ...] = ()
    only_with_balance: bool = False
    only_overdue: bool = False
    only_unsent: bool = False
    unvalidated_too: bool = False


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What a selection comes to. `left_out` maps a LeftOut to how many documents; `amounts` a currency to its sum."""

    documents: int
    going: int
    mails: int
    parties: int
    parties_in_range: int
    parties_without_address: int
    sent_before: int
    largest_mail: int
    left_out: dict[str, int] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    last_sent_at: datetime | None = None
    last_sent_by: str = ""


@dataclass(frozen=True)
class LeftOutDocument:
    """A document of the range that does not go, and what is known of why."""

    invoice_id: int
    number: str
    party_id: int
    party_name: str
    detail: str
    sent_at: datetime | None
    sent_by: str


def parameters(company: Company, chosen: Selection) -> dict[str, Any]:
    """The selection as the named parameters that the function `mailings_selection` of the database takes."""
    return {
        "company": company.pk,
        "period": chosen.period,
        "document_kind": chosen.document_kind or None,
        "prefix": chosen.prefix,
        "number_from": chosen.number_from,
        "number_to": chosen.number_to,
        "date_from": chosen.date_from,
        "date_to": chosen.date_to,
        "parties": list(chosen.parties) if chosen.audience == Audience.CHOSEN else None,
        "excepted": list(chosen.parties) if chosen.audience == Audience.EXCEPT else None,
        "in_group": chosen.group if chosen.audience == Audience.GROUP else None,
        "invoices": list(chosen.invoices) or None,
        "with_balance": chosen.only_with_balance,
        "overdue_on": timezone.localdate() if chosen.only_overdue else None,
        "kind": chosen.kind.value,
        "gated": company.country == Country.COLOMBIA and not chosen.unvalidated_too,
        "only_unsent": chosen.only_unsent,
        "role": _role(chosen).value,
    }


def tallied(company: Company, chosen: Selection) -> int | None:
    """How many documents `chosen` speaks of, by the counters of its month and kind; None where more narrows it."""
    aside: dict[str, Any] = {"period": None, "document_kind": "", "is_grouped": False}
    aside |= {"only_unsent": False, "unvalidated_too": False}  # these leave out, with a reason
    if chosen.audience == Audience.EXCEPT:
        aside |= {"audience": Audience.EVERYONE, "parties": ()}
    if replace(chosen, **aside) != Selection(kind=chosen.kind):
        return None
    asked = {"period": chosen.period, "kind": chosen.document_kind}
    of_these = {name: value for name, value in asked.items() if value}
    counters = PeriodTally.objects.of(company).filter(**of_these)
    return int(counters.aggregate(n=Sum("documents", default=0))["n"])


def in_range(company: Company, chosen: Selection, most: int) -> int:
    """How many documents `chosen` speaks of, whether they go or not; looks at no more than `most`."""
    ((documents,),) = sql.run(__package__, "in_range", most=most, **parameters(company, chosen))
    return int(documents)


def count(company: Company, chosen: Selection) -> Counts:
    """What `chosen` comes to at this moment. One query; the same rules as registering."""
    (row,) = sql.run(__package__, "count", grouped=chosen.is_grouped, **parameters(company, chosen))
    return Counts(
        documents=row[0],
        going=row[1],
        mails=row[2],
        parties=row[3],
        parties_in_range=row[4],
        parties_without_address=row[5],
        sent_before=row[6],
        largest_mail=row[7],
        left_out=json.loads(row[8] or "{}"),
        amounts={currency: Decimal(amount) for currency, amount in json.loads(row[9] or "{}").items()},
        last_sent_at=row[10],
        last_sent_by=row[11] or "",
    )


def left_out(
    company: Company, chosen: Selection, reason: LeftOut, *, after: int = 0, limit: int = 100
) -> list[LeftOutDocument]:
    """Up to `limit` of the documents that `reason` leaves out, in the order of their ids, beginning behind `after`."""
    facts = parameters(company, chosen) | {"reason": reason.value, "after": after, "limit": limit}
    return [LeftOutDocument(*row) for row in sql.run(__package__, "left_out", **facts)]


def _role(chosen: Selection) -> AddressRole:
    return AddressRole.INVOICES if chosen.kind == MailingKind.DELIVERY else AddressRole.RECEIVABLES
