"""Deliveries as a program reads them."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from cartero.mailings.models import Delivery, DeliveryInvoice, Doubt, Event, Mailing
from cartero.parties.models import Address

PAGE = 2_000
_TOLD = ("kind", "at", "code", "reason", "words")


def lines(mailing: Mailing) -> Iterator[dict[str, Any]]:
    """Every delivery of `mailing`, those left out too, in order; read in pages, so that a million fits in memory.

    `returned` is what came back of it, in order, in the words of who told it; `addresses` what is known of each of its
    addresses today.
    """
    last = 0
    deliveries = Delivery.objects.of(mailing.company).filter(mailing=mailing).order_by("pk")
    while page := list(deliveries.filter(pk__gt=last)[:PAGE]):
        last = page[-1].pk
        numbers = _numbers([delivery.pk for delivery in page])
        returned, states = _returned(mailing, page), _states(mailing, page)
        for delivery in page:
            known = states.get(delivery.party_id, {})
            yield _line(delivery, numbers.get(delivery.pk, [])) | {
                "returned": returned.get(delivery.pk, []),
                "addresses": {email: known[email] for email in delivery.to if email in known},
            }


def in_doubt(mailing: Mailing) -> list[dict[str, Any]]:
    """Those that its server may have although it never said so, and since when."""
    found = list(Delivery.objects.of(mailing.company).in_doubt().filter(mailing=mailing).order_by("pk"))
    numbers = _numbers([delivery.pk for delivery in found])
    since = dict(Doubt.objects.of(mailing.company).filter(delivery__in=found).values_list("delivery", "since"))
    return [_line(each, numbers.get(each.pk, [])) | {"since": since.get(each.pk)} for each in found]


def _numbers(ids: list[int]) -> dict[int, list[str]]:
    joined = DeliveryInvoice.objects.filter(delivery__in=ids).order_by("delivery", "position")
    pairs = joined.values_list("delivery_id", "invoice__number")
    return {delivery: [number for _id, number in rows] for delivery, rows in groupby(pairs, key=lambda pair: pair[0])}


def _returned(mailing: Mailing, page: list[Delivery]) -> dict[int, list[dict[str, Any]]]:
    events = Event.objects.of(mailing.company).came_back().filter(delivery__in=page).order_by("delivery", "at", "pk")
    rows = events.values_list("delivery_id", "kind", "at", "reply_code", "reason", "reply")
    grouped = groupby(rows, key=lambda row: row[0])
    return {of: [dict(zip(_TOLD, row[1:], strict=True)) for row in told] for of, told in grouped}


def _states(mailing: Mailing, page: list[Delivery]) -> dict[int, dict[str, str]]:
    """Of the addresses of their terceros."""
    parties = {delivery.party_id for delivery in page}
    found = Address.objects.of(mailing.company).filter(party__in=parties).order_by("party")
    rows = found.values_list("party_id", "email", "state")
    return {party: {row[1]: row[2] for row in own} for party, own in groupby(rows, key=lambda row: row[0])}


def _line(delivery: Delivery, numbers: list[str]) -> dict[str, Any]:
    return {
        "id": delivery.pk,
        "status": delivery.status,
        "to": delivery.to,
        "documents": numbers,
        "message_id": delivery.message_id,
        "attempts": delivery.attempts,
        "reply": delivery.reply,
        "reason": delivery.reason,
        "accepted_at": delivery.accepted_at,
    }
