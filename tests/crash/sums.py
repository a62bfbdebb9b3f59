"""The four sums: what the server's log and the deliveries say, held against each other. Nothing else is looked at."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.smtp_answers import Kept

SENT = frozenset({"accepted", "delivered", "bounced", "complained"})
LOST_IF_KEPT = frozenset({"pending", "failed", "skipped"})
UNSETTLED = frozenset({"claimed", "transmitting"})


def faults(kept: Iterable[Kept], deliveries: Iterable[dict[str, Any]], counted: dict[str, int]) -> list[str]:
    """Every way in which they disagree; empty when all sums hold."""
    arrived = Counter(mail.message_id for mail in kept)
    by_id = {delivery["message_id"]: delivery for delivery in deliveries if delivery["message_id"]}
    statuses = Counter(delivery["status"] for delivery in by_id.values())
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
    found += [f"{message_id} arrived {times} times" for message_id, times in arrived.items() if times > 1]
    shown = {status: many for status, many in counted.items() if many}
    if shown != dict(statuses):
        found.append(f"counters say {shown}, rows {dict(statuses)}")
    return found
