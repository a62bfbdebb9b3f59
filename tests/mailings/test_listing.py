from datetime import UTC, datetime

import pytest

from cartero.mailings import listing, outcomes
from cartero.mailings.models import EventKind
from cartero.mailings.outcomes import Outcome, Return
from cartero.mailings.states import DeliveryStatus
from cartero.parties import people
from cartero.platform import ids

pytestmark = pytest.mark.django_db

MINE = ids.lease()
NOON = datetime(2026, 7, 21, 17, tzinfo=UTC)
S = DeliveryStatus


def test_a_line_says_what_came_back_in_whose_words(started, django_assert_max_num_queries):
    mailing = started(3)
    claimed = outcomes.claim(mailing.pk, MINE, 3)
    outcomes.transmitting(mailing.pk, claimed, MINE)
    took = [Outcome(delivery=each, status=S.ACCEPTED, kind=EventKind.ACCEPTED, reply="250 ok") for each in claimed]
    outcomes.record(took, MINE)
    one = mailing.deliveries.order_by("pk").first()
    outcomes.come_back(one, Return(kind=EventKind.DELAYED, words="451 later", at=NOON))
    outcomes.come_back(one, Return(kind=EventKind.BOUNCED, reason="no_mailbox", code=550, words="550 5.1.1 nobody"))
    outcomes.come_back(one, Return(kind=EventKind.REMARKED, words="Falta el anexo"))
    people.mark_bounced(one.party_id, one.to[0], "550 5.1.1 nobody")
    with django_assert_max_num_queries(6):
        first, second, _third = listing.lines(mailing)
    assert (first["status"], first["reply"], first["addresses"]) == ("bounced", "250 ok", {one.to[0]: "bounced"})
    delayed, bounced, remarked = first["returned"]
    assert delayed == {"kind": "delayed", "at": NOON, "code": None, "reason": "", "words": "451 later"}
    assert (bounced["kind"], bounced["code"], bounced["reason"]) == ("bounced", 550, "no_mailbox")
    assert (bounced["words"], remarked["words"]) == ("550 5.1.1 nobody", "Falta el anexo")
    assert second["returned"] == []
