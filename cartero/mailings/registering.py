"""What she chose becomes a mailing with all its deliveries, at once and for good."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from cartero.accounts.models import User
from cartero.companies import audit
from cartero.companies.models import Company
from cartero.composing import fields, richtext
from cartero.documents import countries
from cartero.mailings import batches, lifecycle, selection
from cartero.mailings.batches import Plan
from cartero.mailings.errors import LegalGrouped, NothingSelected, NothingToSend, UnknownField
from cartero.mailings.models import Mailing
from cartero.mailings.selection import Selection
from cartero.mailings.states import MailingKind
from cartero.platform import fitting, ids, queue, sql
from cartero.transport.models import MailAccount

_SHOWN = (
    "tax_id",
    "check_digit",
    "name",
    "trade_name",
    "address",
    "city",
    "phone",
    "email",
    "color",
    "logo_sha256",
    "country",
    "timezone",
)
MEMORY = 64  # megabytes a step: rows of a month that wait in files cost a seventh of the time


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the form says beside the selection."""

    name: str
    account: MailAccount
    subject: str = ""
    business_line: str = ""
    message_html: str = ""
    scheduled_for: datetime | None = None
    batches: Plan | None = None  # null: all of it at once


@transaction.atomic
def register(company: Company, chosen: Selection, draft: Draft, by: User | None, now: datetime) -> Mailing:
    """A mailing whose content is fixed: documents, addresses as they are now, message, look.

    Raises NothingSelected, NothingToSend, LegalGrouped, UnknownField, Unfit, InThePast; then nothing is kept.
    """
    _check_fields(draft)
    if chosen.is_grouped and chosen.kind == MailingKind.DELIVERY and not countries.of(company.country).grouping:
        raise LegalGrouped()
    mailing = begin(company, chosen, draft, by)
    complete(mailing, _write_deliveries(mailing, chosen, is_held=draft.batches is not None), by)
    if draft.batches:
        batches.write(mailing, draft.batches)
    if draft.scheduled_for and by:
        lifecycle.schedule(mailing, by, draft.scheduled_for, now)
    return mailing


def begin(company: Company, chosen: Selection, draft: Draft, by: User | None) -> Mailing:
    """A mailing without deliveries, which are to be written in the same transaction, and its number held till then.

    Raises Unfit.
    """
    mailing = Mailing(
        company=company,
        number=_next_number(company),
        name=draft.name,
        kind=chosen.kind,
        is_grouped=chosen.is_grouped,
        period=chosen.period,
        selection=_as_json(chosen),
        account=draft.account,
        subject=draft.subject,
        business_line=draft.business_line,
        message_html=richtext.clean(draft.message_html),
        look=look_of(company),
        created_by=by,
    )
    fitting.check(mailing)
    mailing.save(force_insert=True)
    return mailing


def complete(mailing: Mailing, written: tuple[int, int, int], by: User | None) -> None:
    """`written`: documents, mails that will go, their terceros. Raises NothingSelected, NothingToSend."""
    mailing.documents, mailing.deliveries_count, mailing.parties = written
    if not mailing.documents:
        raise NothingSelected()
    if not mailing.deliveries_count:
        raise NothingToSend()
    mailing.save(update_fields=["documents", "deliveries_count", "parties"])
    audit.record(mailing, "register", by, number=mailing.number, documents=mailing.documents)
    queue.defer("rehearse", mailing_id=mailing.pk, once=f"rehearse-{mailing.pk}")


def look_of(company: Company) -> dict[str, str]:
    """The company as its mails and PDFs show it, to be kept with the mailing."""
    return {name: getattr(company, name) for name in _SHOWN}


def _check_fields(draft: Draft) -> None:
    for unknown in [*fields.unknown(draft.subject), *fields.unknown_html(draft.message_html)]:
        raise UnknownField(name=unknown.name, line=unknown.line)


def _next_number(company: Company) -> int:
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)  # two who register at once get two numbers
    highest = Mailing.objects.of(company).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _write_deliveries(mailing: Mailing, chosen: Selection, *, is_held: bool) -> tuple[int, int, int]:
    sql.allow_memory(MEMORY)
    (counts,) = sql.run(
        __package__,
        "register_grouped" if chosen.is_grouped else "register",
        mailing=mailing.pk,
        held=is_held,
        largest=int(mailing.account.max_size * 0.95),
        domain=mailing.account.from_address.rpartition("@")[2],
        **ids.rising(),
        **selection.parameters(mailing.company, chosen),
    )
    documents, deliveries, parties = counts
    return documents, deliveries, parties


def _as_json(chosen: Selection) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    return {name: plain(value) for name, value in asdict(chosen).items()}
