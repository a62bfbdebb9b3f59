"""The four sums: what the server's log and the deliveries say, held against each other. Nothing else is looked at."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.smtp_answers import Kept

SENT = frozenset({"accepted", "delivered", "bounced", "complained"})
LOST_IF_KEPT = frozenset({"pending", "failed", "skipped", "withdrawn"})
UNSETTLED = frozenset({"claimed", "transmitting"})


def faults(
    kept: Iterable[Kept], deliveries: Iterable[dict[str, Any]], counted: dict[str, int], *, resends: bool = False
) -> list[str]:
    """Every way in which they disagree; empty when all sums hold. `resends`: what is in doubt goes again."""
    kept = list(kept)
    arrived = Counter(mail.message_id for mail in kept)
    by_id = {delivery["message_id"]: delivery for delivery in deliveries if delivery["message_id"]}
    statuses = Counter(
        "pending" if delivery["status"] in UNSETTLED else delivery["status"] for delivery in by_id.values()
    )
    found = []
    for message_id, delivery in by_id.items():
        status = delivery["status"]
        if status in SENT and not arrived[message_id]:
            found.append(f"shown sent without a 250: {delivery}")
        if status in LOST_IF_KEPT and arrived[message_id]:
            found.append(f"at the server, but {status}: {delivery}")
        if status in UNSETTLED:
            found.append(f"left {status}: {delivery}")
    found += [f"{message_id} is nobody's" for message_id in arrived if message_id not in by_id]
    found += _twice(arrived, by_id, resends=resends)
    found += _pairs_twice(kept, by_id, resends=resends)
    shown = {status: many for status, many in counted.items() if many}
    if shown != dict(statuses):
        found.append(f"counters say {shown}, rows {dict(statuses)}")
    return found


def _twice(arrived: Counter[str], by_id: dict[str, dict[str, Any]], *, resends: bool) -> list[str]:
    doubted = {message_id for message_id, delivery in by_id.items() if delivery["doubted"]}
    allowed = doubted if resends else set()
    many = [(message_id, times) for message_id, times in arrived.items() if times > 1 and message_id not in allowed]
    return [f"{message_id} arrived {times} times" for message_id, times in many]


def _pairs_twice(kept: list[Kept], by_id: dict[str, dict[str, Any]], *, resends: bool) -> list[str]:
    """A recipient with the same document twice, also by two mails of one mailing."""
    pairs: Counter[tuple[str, str]] = Counter()
    for message_id, recipients in {(mail.message_id, tuple(mail.recipients)) for mail in kept}:
        delivery = by_id.get(message_id)
        for document in delivery["documents"] if delivery else ():
            pairs.update((recipient, document) for recipient in recipients)
    return [f"{document} went to {recipient} by two mails" for (recipient, document), n in pairs.items() if n > 1]
