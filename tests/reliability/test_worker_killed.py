"""Workers that are killed, frozen, or asked to end, at each of the ten steps; mails that kill them."""

import random
from itertools import count

import pytest

from tests.reliability.faults import STEPS
from tests.reliability.ledger import Ledger
from tests.reliability.machine import CONNECTIONS, MAILS, Machine, is_alive, is_frozen, kill, slowly
from tests.reliability.seeds import seeds
from tests.waiting import wait_until

SLOW = slowly("end", 0.6)
BRISK = slowly("end", 0.2)
QUICK_AND_LONG = seeds(25)


def passage(chance: random.Random, step: int, action: str) -> dict[str, object]:
    nth = 1 if step in {1, 4} else chance.randint(1, 4)
    return {"step": step, "nth": nth, "action": action, "delay": chance.choice([0, 0, 0, 0.002, 0.01])}


def in_doubt(here: Machine, mailing: int) -> int:
    return int(here.do("counted", mailing).get("in_doubt", 0))


@pytest.mark.parametrize("seed", QUICK_AND_LONG)
def test_a_worker_may_die_at_any_instant(here: Machine, ledger: Ledger, seed: int) -> None:
    """Of four workers one after another is killed, twenty in all, twice at each step."""
    chance = random.Random(seed)
    steps = chance.sample([*STEPS, *STEPS], 20)
    server, mailing = here.serve(SLOW), here.start()
    victims = []
    while (steps or any(map(is_alive, victims))) and here.do("status", mailing) == "sending":
        while steps and sum(map(is_alive, victims)) < 4:
            victims.append(here.work(fault=passage(chance, steps.pop(), "kill")))
        wait_until(lambda: sum(map(is_alive, victims)) < 4 or here.do("status", mailing) == "finished", 60)
        if not steps:
            break
    for _ in range(2):
        here.work()
    here.wait_for_end(mailing)
    killed = sum(not is_alive(victim) for victim in victims)
    assert here.disagreements(server, mailing) == []
    assert here.do("counted", mailing).get("failed", 0) == 0
    assert in_doubt(here, mailing) <= killed * CONNECTIONS / 2
    assert killed >= 12
    ledger.add(1, faults=killed, mails=MAILS, doubts=in_doubt(here, mailing))


@pytest.mark.parametrize("seed", QUICK_AND_LONG)
def test_all_may_die(here: Machine, ledger: Ledger, seed: int) -> None:
    chance = random.Random(seed)
    server, mailing = here.serve(SLOW), here.start()
    deaths = 0
    for _ in range(3):
        workers = [here.work(), here.work()]
        enough = len(server.kept) + chance.randint(5, 25)
        wait_until(lambda n=enough: len(server.kept) >= n or here.do("status", mailing) == "finished", 60)
        for worker in workers:
            kill(worker)
            deaths += 1
        assert in_doubt(here, mailing) <= deaths * CONNECTIONS / 2
    here.work()
    here.work()
    here.wait_for_end(mailing)
    assert here.disagreements(server, mailing) == []
    ledger.add(2, faults=deaths, mails=MAILS, doubts=in_doubt(here, mailing))


@pytest.mark.parametrize("seed", QUICK_AND_LONG)
def test_a_frozen_worker_wakes_too_late(here: Machine, ledger: Ledger, seed: int) -> None:
    """Four of them, each stopped at a step for longer than its lease, while others take over."""
    chance = random.Random(seed)
    server, mailing = here.serve(SLOW), here.start(1, 100)
    frozen = [here.work(fault=passage(chance, step, "freeze")) for step in chance.sample(range(1, 11), 4)]
    wait_until(lambda: all(map(is_frozen, frozen)), 40, lambda: here.told(mailing))
    here.work()
    wait_until(lambda: not _leased(here, mailing), 40, lambda: here.told(mailing))
    for each in frozen:
        each.resume()
    here.wait_for_end(mailing)
    assert here.disagreements(server, mailing) == []
    ledger.add(6, faults=len(frozen), mails=100, doubts=in_doubt(here, mailing))


def _leased(here: Machine, mailing: int) -> bool:
    """Whether a frozen worker still holds what nobody may take."""
    return bool(here.do("leases_ending", mailing))


@pytest.mark.parametrize("seed", QUICK_AND_LONG)
def test_a_planned_stop_leaves_nothing_in_doubt(here: Machine, ledger: Ledger, seed: int) -> None:
    """An upgrade in the middle of a sending, with a new column, too."""
    chance = random.Random(seed)
    server, mailing = here.serve(BRISK), here.start()
    ended = 0
    for round_ in count():
        workers = [here.work(), here.work()]
        enough = len(server.kept) + chance.randint(10, 40)
        wait_until(lambda n=enough: len(server.kept) >= n or here.do("status", mailing) == "finished", 60)
        for worker in workers:
            worker.terminate()
        wait_until(lambda: not any(map(is_alive, workers)), 35, lambda: here.told(mailing))  # noqa: B023  it is over then
        ended += len(workers)
        here.do("query", f"ALTER TABLE mailings_delivery ADD COLUMN later_{round_} int")
        if ended >= 6:
            break
    assert in_doubt(here, mailing) == 0
    here.work()
    here.wait_for_end(mailing)
    for round_ in range(ended // 2):
        here.do("query", f"ALTER TABLE mailings_delivery DROP COLUMN later_{round_}")
    assert here.disagreements(server, mailing) == []
    assert here.do("counted", mailing) == {"accepted": MAILS}
    ledger.add(9, faults=ended, mails=MAILS)


@pytest.mark.parametrize("seed", seeds(10))
def test_one_delivery_cannot_stop_the_rest(here: Machine, ledger: Ledger, seed: int) -> None:
    """A mail that aborts its process, or never ends, or never lets go of Python."""
    action = ["loop", "abort", "hold"][seed % 3]
    victim = random.Random(seed).randint(0, 39)
    server, mailing = here.serve(), here.start(1, 40)
    poison = {"to": f"tercero{victim}@example.com", "action": action}
    deaths, workers = 0, []
    while here.do("status", mailing) == "sending":
        assert deaths < 8, here.told(mailing)
        workers = [worker for worker in workers if is_alive(worker)] or [
            here.work(poison=poison, make_seconds=2, patience=12)
        ]
        wait_until(lambda: not is_alive(workers[0]) or here.do("status", mailing) == "finished", 120)  # noqa: B023
        deaths += not is_alive(workers[0])
    assert here.disagreements(server, mailing) == []
    shown = here.do("counted", mailing)
    assert (shown["failed"], shown["accepted"] + shown.get("in_doubt", 0)) == (1, 39)
    assert shown.get("in_doubt", 0) <= deaths * CONNECTIONS
    (failed,) = [each for each in here.do("deliveries", mailing) if each["status"] == "failed"]
    assert (failed["to"], failed["reason"]) == ([poison["to"]], "kills_worker")
    ledger.add(10, faults=deaths, mails=40, doubts=in_doubt(here, mailing))


@pytest.mark.parametrize("seed", QUICK_AND_LONG)
def test_parts_go_one_after_another_whoever_dies(here: Machine, ledger: Ledger, seed: int) -> None:
    """One worker is killed in the middle of each part, two while they wait; of the second part too much fails."""
    chance = random.Random(seed)
    unknown = [{"stage": "rcpt", "code": 550, "text": "5.1.1 no", "when": f"tercero{n}@example.com"} for n in (12, 17)]
    server, mailing = here.serve(SLOW, *unknown), here.start(1, 30, size=10)
    owners = [each["message_id"] for each in here.do("deliveries", mailing)]
    killed = 0
    for part in (1, 2, 3):
        workers = [here.work(), here.work(), here.work()]
        enough = len(server.kept) + chance.randint(1, 4)
        wait_until(lambda n=enough: len(server.kept) >= n, 60, lambda: here.told(mailing))
        kill(workers.pop())
        if part == 3:
            break
        wait_until(lambda n=part: _waits(here, mailing) == n, 60, lambda: here.told(mailing))
        for worker in workers:
            kill(worker)
        killed += 3
        workers = [here.work(), here.work()]
        rounds = here.do("query", ROUNDS)
        wait_until(lambda was=rounds: here.do("query", ROUNDS)[0][0] > was[0][0] + 1, 40, lambda: here.told(mailing))
        assert {kept.message_id for kept in server.kept} <= set(owners[: 10 * part]), "the next part went too soon"
        here.do("query", "UPDATE mailings_batches SET until = now() WHERE until IS NOT NULL")
        if part == 2:
            wait_until(lambda: here.do("status", mailing) == "stopped", 40, lambda: here.told(mailing))
            assert here.do("reason", mailing) == "batch_bounced"
            here.do("move", mailing, "resume")
        for worker in workers:
            kill(worker)
    here.wait_for_end(mailing)
    assert here.disagreements(server, mailing) == []
    shown = here.do("counted", mailing)
    assert (shown["failed"], shown["accepted"] + shown.get("in_doubt", 0)) == (2, 28)
    assert shown.get("in_doubt", 0) <= 3 * CONNECTIONS
    ledger.add(1, faults=killed + 1, mails=30, doubts=shown.get("in_doubt", 0))


def _waits(here: Machine, mailing: int) -> int:
    """The number of the part whose wait goes on; 0 while one goes."""
    ((number,),) = here.do("query", WAITING.format(mailing=mailing))
    return int(number)


@pytest.mark.parametrize("seed", QUICK_AND_LONG)
def test_stopping_stops(here: Machine, ledger: Ledger, seed: int) -> None:
    """No MAIL command comes later than a second after the reply to *Detener*; what is in mid-air finishes."""
    chance = random.Random(seed)
    server, mailing = here.serve(BRISK), here.start()
    for _ in range(4):
        here.work()
    stops = []
    for _ in range(10):
        enough = len(server.kept) + chance.randint(3, 15)
        wait_until(lambda n=enough: len(server.kept) >= n or here.do("status", mailing) == "finished", 40)
        if here.do("status", mailing) == "finished":
            break
        stops.append(here.do("move", mailing, "stop"))
        wait_until(lambda: not _in_hand(here, mailing), 20, lambda: here.told(mailing))
        stops.append(here.do("move", mailing, "resume"))
    here.wait_for_end(mailing)
    begun = server.begun()
    late = [at - stop for stop, go in zip(stops[::2], stops[1::2], strict=True) for at in begun if stop + 1 < at < go]
    assert late == []
    assert here.disagreements(server, mailing) == []
    assert in_doubt(here, mailing) == 0
    ledger.add(12, faults=len(stops) // 2, mails=MAILS)


def _in_hand(here: Machine, mailing: int) -> bool:
    return any(each["status"] in {"claimed", "transmitting"} for each in here.do("deliveries", mailing))


@pytest.mark.parametrize("seed", seeds(10))
def test_the_queue_may_forget_or_repeat(here: Machine, ledger: Ledger, seed: int) -> None:
    server, mailing = here.serve(BRISK), here.start()
    here.do("query", "DELETE FROM procrastinate_jobs")
    here.work()
    here.work()
    wait_until(lambda: len(server.kept) > 20, 60, lambda: here.told(mailing))
    copied = "queue_name, task_name, priority, args"
    jobs = f"SELECT {copied} FROM procrastinate_jobs WHERE task_name IN ('send', 'mark_queued')"  # noqa: S608  our own
    here.do("query", f"INSERT INTO procrastinate_jobs ({copied}) {jobs}")
    here.do("query", "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND id % 2 = 0")
    here.wait_for_end(mailing)
    assert here.disagreements(server, mailing) == []
    assert here.do("counted", mailing) == {"accepted": MAILS}
    assert here.do("trail", mailing) == ["register", "start", "finish"]
    ledger.add(15, faults=2, mails=MAILS)


NO_LEASE = {
    "transmitting": {
        " AND held.status = 'claimed' AND held.token = %(token)s AND held.lease_until > clock_timestamp()": "",
        " AND status = 'sending' FOR SHARE": " FOR SHARE",
    }
}
ALL_BACK = {
    "expire": {
        "CASE WHEN dead.status = 'claimed' THEN 'pending' ELSE 'in_doubt' END": "'pending'",
        "CASE WHEN dead.status = 'claimed' THEN now() - interval '1 day' END": "now()",
    }
}

PUT_OFF = """UPDATE mailings_delivery SET retry_at = now() + interval '1 hour' WHERE id = (
    SELECT max(id) FROM mailings_delivery WHERE mailing_id = {mailing} AND status = 'pending') RETURNING id"""


WAITING = "SELECT coalesce(max(number), 0) FROM mailings_batches WHERE mailing_id = {mailing} AND until IS NOT NULL"
ROUNDS = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'keep_going' AND status IN ('succeeded', 'failed')"


@pytest.mark.parametrize(
    ("at", "action", "broken"),
    [((1, 1), "freeze", NO_LEASE), ((9, 3), "kill", ALL_BACK)],
    ids=["no look at the lease in step 5", "what was leaving goes back to wait"],
)
def test_the_sums_bite(here: Machine, at: tuple[int, int], action: str, broken: dict[str, object]) -> None:
    """Without either of the two rules mails go twice, and the counting finds it.

    What freezes has just claimed its first: it is not at its Ensayo, and its turn is not over when it wakes late.
    """
    step, nth = at
    server, mailing = here.serve(slowly("end", 0.1)), here.start(1, 20)
    ((last,),) = here.do("query", PUT_OFF.format(mailing=mailing))
    victim = here.work(fault={"step": step, "nth": nth, "action": action}, rewrite=broken)
    wait_until(lambda: not is_alive(victim) or is_frozen(victim), 40, lambda: here.told(mailing))
    here.do("query", "UPDATE mailings_delivery SET lease_until = now() WHERE status IN ('claimed', 'transmitting')")
    here.work(rewrite={} if action == "freeze" else broken)
    if action == "freeze":  # it wakes while the sending goes on, all of its own having gone by another
        wait_until(lambda: len({kept.message_id for kept in server.kept}) == 19, 80, lambda: here.told(mailing))
        victim.resume()
        wait_until(lambda: len(server.kept) > 19, 40, lambda: here.told(mailing))
    here.do("query", f"UPDATE mailings_delivery SET retry_at = now() WHERE id = {last}")  # noqa: S608  our own
    here.wait_for_end(mailing)
    assert any("arrived 2 times" in line for line in here.disagreements(server, mailing)), here.told(mailing)
