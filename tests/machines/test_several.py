"""Two machines share one mailing: both take part, limits hold across them, and losing one loses nothing."""

from collections.abc import Iterator

import pytest

from tests.machines.site import Site, site
from tests.reliability.machine import CONNECTIONS, kill, slowly
from tests.waiting import wait_until

MAILS = 160
BRISK = slowly("end", 0.2)


@pytest.fixture(scope="module")
def prepared() -> Iterator[Site]:
    with site(MAILS) as here:
        yield here


@pytest.fixture
def here(prepared: Site) -> Iterator[Site]:
    yield prepared
    prepared.lay_off()


def test_both_take_part_and_one_may_be_lost(here: Site) -> None:
    """The four sums hold; what is in doubt is at most what the lost machine had in mid-air."""
    lost, _other = here.hire(), here.hire()
    here.await_workers(2)
    assert here.doctor() == []
    server, mailing = here.serve(BRISK), here.start()
    seen: set[int] = set()

    def both_have_sent() -> bool:
        seen.update(here.at_work())
        return len(seen) == 2 and len(server.kept) > 20

    wait_until(both_have_sent, 60, lambda: here.told(mailing))
    kill(lost)
    here.wait_for_end(mailing)
    assert here.disagreements(server, mailing) == []
    shown = here.do("counted", mailing)
    assert shown["accepted"] + shown.get("in_doubt", 0) == MAILS
    assert shown.get("in_doubt", 0) <= CONNECTIONS / 2


def test_a_limit_holds_across_them(here: Site) -> None:
    """Of the minute's forty mails none is sent twice over, and of three connections never four are open."""
    here.hire()
    here.hire()
    here.await_workers(2)
    server, mailing = here.serve(BRISK, per_minute=40, connections=3), here.start()
    held: list[int] = []

    def the_minute_is_used_up() -> bool:
        taken = "SELECT count(*) FROM transport_connectionslot WHERE holder IS NOT NULL AND until > now()"
        held.append(here.do("query", taken)[0][0])
        return len(server.kept) >= 40 and not here.at_work()

    wait_until(the_minute_is_used_up, 50, lambda: here.told(mailing))
    assert len(server.kept) == 40
    assert max(held) <= 3
    first, last = server.kept[0].time, server.kept[-1].time
    assert last - first < 60


def test_a_machine_that_was_set_up_wrongly_is_found(here: Site) -> None:
    here.do("query", "DELETE FROM platform_workerproof")
    here.hire()
    here.hire(has_keys=False, CARTERO_FILES=str(here.home / "other"))
    here.await_workers(2)
    wait_until(lambda: len(proofs(here)) == 2, 60, lambda: here.told(0))
    assert here.doctor() == ["shared_storage", "shared_keys", "shared_secret"]


def proofs(here: Site) -> list[object]:
    fresh = "SELECT worker FROM platform_workerproof w WHERE seen_at > now() - interval '10 seconds'"
    return here.do("query", fresh)
