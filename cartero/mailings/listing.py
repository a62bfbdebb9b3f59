"""Deliveries as a program reads them."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from cartero.mailings.models import Delivery, DeliveryInvoice, Doubt, Mailing

PAGE = 2_000


def lines(mailing: Mailing) -> Iterator[dict[str, Any]]:
    """Every delivery of `mailing`, those left out too, in order; read in pages, so that a million fits in memory."""
    last = 0
    deliveries = Delivery.objects.of(mailing.company).filter(mailing=mailing).order_by("pk")
    while page := list(deliveries.filter(pk__gt=last)[:PAGE]):
        last = page[-1].pk
        numbers = _numbers([delivery.pk for delivery in page])
        for delivery in page:
            yield _line(delivery, numbers.get(delivery.pk, []))


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
