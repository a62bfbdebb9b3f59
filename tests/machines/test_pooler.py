"""Debian's PostgreSQL behind PgBouncer in transaction mode: pages go through it, workers and migrations around it."""

import re
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
import requests

from cartero.platform import database
from tests.importing.ubl_documents import COMPANY
from tests.machines import cluster
from tests.machines.site import Site, site
from tests.reliability.machine import slowly
from tests.waiting import wait_until

pytestmark = pytest.mark.long  # it takes packages of Debian that no other test does: see cluster.INSTALL
MAILS, PASSWORD = 400, "Cedros y guaduales 27"
IN_HAND = "SELECT count(*) FROM mailings_delivery WHERE status IN ('claimed', 'transmitting')"


@pytest.fixture(scope="module")
def prepared() -> Iterator[tuple[Site, dict[str, str]]]:
    """A site, and what its pages are told besides."""
    with (
        site(MAILS, cluster.of_debian()) as here,
        cluster.pooler(here.home, here.host, here.environment["DATABASE_URL"]) as through,
    ):
        yield here, {"DATABASE_URL": through, "CARTERO_DIRECT_DATABASE_URL": here.environment["DATABASE_URL"]}


@pytest.fixture
def here(prepared: tuple[Site, dict[str, str]]) -> Iterator[Site]:
    yield prepared[0]
    prepared[0].lay_off()


@pytest.fixture
def pooled(prepared: tuple[Site, dict[str, str]]) -> dict[str, str]:
    return prepared[1]


def enter(here: Site, address: str) -> requests.Session:
    """Ana, who sends."""
    (here.home / "password").write_text(PASSWORD)
    who = ["--company", COMPANY, "--email", "ana@cedros.example.co", "--role", "envía"]
    here.run("user", "create", *who, "--password-file", here.home / "password")
    browser = requests.Session()
    browser.get(f"{address}/entrar/", timeout=20)
    entered = post(browser, f"{address}/entrar/", login="ana@cedros.example.co", password=PASSWORD)
    assert "/entrar/" not in entered.url, entered.text[:2000]
    return browser


def post(browser: requests.Session, url: str, **fields: str) -> requests.Response:
    token = next(value for name, value in browser.cookies.items() if name.startswith("csrf"))
    return browser.post(url, {"csrfmiddlewaretoken": token} | fields, timeout=20)


def test_one_session_serves_many_only_there(pooled: dict[str, str]) -> None:
    assert database.mixes_sessions(pooled["DATABASE_URL"])
    assert not database.mixes_sessions(pooled["CARTERO_DIRECT_DATABASE_URL"])


def test_stopping_takes_less_than_a_second_through_it(here: Site, pooled: dict[str, str]) -> None:
    """By the button of the page; again and again, while the pages are looked at by others."""
    here.hire()
    here.hire()
    here.await_workers(2)
    server, moves = here.serve(slowly("end", 0.6)), list[float]()
    with here.pages(**pooled) as address, ThreadPoolExecutor(8) as others:
        browser = enter(here, address)
        mailing = here.start()
        looking = [others.submit(look, browser, address, mailing) for _person in range(8)]
        for verb in ("detener", "reanudar") * 4:
            enough = len(server.kept) + (15 if verb == "detener" else 0)
            wait_until(lambda n=enough: len(server.kept) >= n, 60, lambda: here.told(mailing))
            answer = post(browser, f"{address}/envios/{mailing}/{verb}/")
            moves.append(time.time())
            assert answer.status_code == 200, verb
            assert here.do("status", mailing) == ("stopped" if verb == "detener" else "sending")
            if verb == "detener":
                wait_until(lambda: here.do("query", IN_HAND) == [[0]], 20, lambda: here.told(mailing))
        assert {status for each in looking for status in each.result()} == {200}
        here.wait_for_end(mailing)
        assert (here.home / "pgbouncer.log").read_text().count("login attempt") > 4  # that is the way they took
        health = requests.get(f"{address}/health", timeout=20)
        assert (health.status_code, health.json()["workers"]) == (200, True)
        metrics = requests.get(f"{address}/metrics", timeout=20).text
        assert re.search(rf'cartero_deliveries{{state="accepted"}} {MAILS}\n', metrics)
    begun = server.begun()
    late = [at - stop for stop, go in list(pairwise(moves))[::2] for at in begun if stop + 1 < at < go]
    assert late == []
    assert here.disagreements(server, mailing) == []
    assert here.do("counted", mailing) == {"accepted": MAILS}


def look(browser: requests.Session, address: str, mailing: int) -> list[int]:
    """What a person at the same pages gets: lists, a search, a table that is read row by row, again and again."""
    paths = ("", "facturas/", "facturas/?q=FE1", f"envios/{mailing}/", "informes/", "envios/", "terceros/")
    return [browser.get(f"{address}/{path}", timeout=30).status_code for _time in range(3) for path in paths]


def test_tables_come_as_files_through_it(here: Site, pooled: dict[str, str]) -> None:
    """Many rows of several queries, while the session may be another's in between."""
    with here.pages(**pooled) as address:
        browser = enter(here, address)
        for _time in range(3):
            table = browser.get(f"{address}/facturas/xlsx/", timeout=30)
            assert (table.status_code, table.content[:2]) == (200, b"PK")


def test_a_worker_that_goes_through_it_is_found(here: Site, pooled: dict[str, str]) -> None:
    here.do("query", "DELETE FROM platform_workerproof")
    here.hire(DATABASE_URL=pooled["DATABASE_URL"])
    here.await_workers(1)
    pooled_ones = "SELECT count(*) FROM platform_workerproof WHERE is_pooled"
    wait_until(lambda: here.do("query", pooled_ones) == [[1]], 60, lambda: here.told(0))
    assert here.doctor(**pooled) == ["pooler"]  # who asks goes around it
    here.do("query", "DELETE FROM platform_workerproof")
    assert here.doctor(DATABASE_URL=pooled["DATABASE_URL"]) == ["pooler"]


def test_speed(here: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Mails a second of one worker and of two, for docs/operating.md; no promise, the machine may be busy."""
    told = []
    for workers in (1, 2):
        for _worker in range(workers):
            here.hire()
        here.await_workers(workers)
        server, mailing = here.serve(), here.start()
        here.wait_for_end(mailing)
        times = sorted(mail.time for mail in server.kept)
        assert len(times) == MAILS
        told.append(f"{workers}: {MAILS / (times[-1] - times[0]):.0f} mails/s")
        here.lay_off()
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(told) + "\n")
