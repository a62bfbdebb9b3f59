"""Iniciar pressed by many, registering and importing cut short, companies whose servers fail beside a good one."""

import json
import random
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from cartero.companies.models import AuditEntry
from cartero.mailings.models import Mailing
from cartero.mailings.states import MailingStatus
from cartero.platform import sql
from tests.factories import make_account, make_company, make_invoice, make_party, make_user
from tests.importing.ubl_documents import COMPANY
from tests.reliability.ledger import Ledger
from tests.reliability.machine import Machine, Server, documents, machine, slowly
from tests.reliability.seeds import seeds
from tests.smtp_answers import Kept
from tests.waiting import wait_until

TABS = 50


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", seeds(52, quick=2))
def test_starting_is_done_once(ledger: Ledger, settings: Any, tmp_path: Path, seed: int) -> None:
    """Fifty POSTs of Iniciar at once."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected here
    settings.STATIC_ROOT, settings.STORAGES = str(tmp_path), settings.STORAGES | {"staticfiles": plain}
    company = make_company()
    ana = make_user(company)
    make_invoice(make_party(company))
    mailing = Mailing.objects.create(
        company=company, account=make_account(company), number=1, name="Julio", kind="copy", created_by=ana
    )
    sql.changed("tests.mailings", "forget_jobs")
    line = Barrier(TABS)
    url = reverse("start_mailing", args=[mailing.pk])
    tabs = [Client() for _ in range(TABS)]
    for tab in tabs:
        tab.force_login(ana)

    def press(tab: Client) -> int:
        line.wait()
        try:
            return tab.post(url, follow=False).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(TABS) as people:
        answers = list(people.map(press, tabs))
    assert max(answers) < 500
    mailing.refresh_from_db()
    assert mailing.status == MailingStatus.SENDING
    trail = AuditEntry.objects.filter(noun="mailing", noun_id=mailing.pk, verb="start")
    assert trail.count() == 1
    assert len(sql.run("tests.mailings", "jobs", task="send")) == 1
    ledger.add(11, faults=TABS)


MONTH, WITH_MANY = 20_000, "800200003"


@pytest.mark.parametrize("seed", seeds(16))
def test_registering_is_whole(here: Machine, ledger: Ledger, seed: int) -> None:
    """Killed while it writes the rows of a month, or a little later: all or nothing, and again it gives all."""
    if not here.do("has_company", WITH_MANY):
        here.run("company", "create", "--nit", WITH_MANY, "--name", "Con muchas SAS")
        here.do("copy_documents", COMPANY, WITH_MANY, 1)
        here.do("list_documents", WITH_MANY, "MES", MONTH)
    command = ("mailing", "register", "--company", WITH_MANY, "--kind", "copy", "--prefix", "MES", "--json")
    chance = random.Random(seed)
    for _ in range(3):
        before = here.do("query", "SELECT count(*) FROM mailings_mailing")[0][0]
        registering = here.begin(*command)
        wait_until(lambda r=registering: _is_registering(here) or r.poll() is not None, 30, every=0.02)
        _kill(registering, after=chance.uniform(0, 1))
        after = here.do("query", "SELECT count(*) FROM mailings_mailing")[0][0]
        made = here.do(
            "query", "SELECT count(*) FROM mailings_delivery WHERE mailing_id = (SELECT max(id) FROM mailings_mailing)"
        )
        assert after == before or made == [[MONTH]]
    mailing = json.loads(here.run(*command))["id"]
    assert here.do("counted", mailing) == {"pending": MONTH}
    ledger.add(13, faults=3)


def _is_registering(here: Machine) -> bool:
    at_it = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '-- Writes every delivery%'"
    return bool(here.do("query", at_it) != [[0]])


def _kill(process: subprocess.Popen[str], after: float) -> None:
    deadline = time.monotonic() + after
    wait_until(lambda: time.monotonic() > deadline or process.poll() is not None, after + 10, every=0.02)
    process.kill()
    process.communicate()


FEW = seeds(5)


@pytest.mark.parametrize("seed", FEW)
def test_importing_is_whole(ledger: Ledger, seed: int) -> None:
    chance = random.Random(seed)
    with machine(5) as here:
        more = documents(here.home, 60)
        for _ in range(2):
            _kill(here.begin("import", "--company", COMPANY, more), after=chance.uniform(1.5, 4))
        here.run("import", "--company", COMPANY, more)
        assert here.do("query", "SELECT count(*), count(DISTINCT number) FROM invoices_invoice") == [[60, 60]]
        assert here.do("query", "SELECT count(*) FROM invoices_invoicefile") == here.do(
            "query", "SELECT count(DISTINCT (invoice_id, sha256)) FROM invoices_invoicefile"
        )
        ledger.add(13, faults=2)


@pytest.mark.parametrize("seed", FEW)
def test_importing_the_sheet_of_a_month_is_whole(ledger: Ledger, seed: int) -> None:
    chance = random.Random(seed)
    with machine(5) as here:
        sheet = here.home / "mes.csv"
        rows = (f"MES{n},{800_300_000 + n % 500},Tercero {n % 500} SAS,2026-07-01,119000" for n in range(1, MONTH + 1))
        sheet.write_text("\n".join(["Factura,NIT,Cliente,Fecha,Total", *rows]))
        for _ in range(2):
            _kill(here.begin("import", "--company", COMPANY, sheet), after=chance.uniform(1.5, 8))
        here.run("import", "--company", COMPANY, sheet)
        found = "SELECT count(*), count(DISTINCT number) FROM invoices_invoice WHERE prefix = 'MES'"
        assert here.do("query", found) == [[MONTH, MONTH]]
        ledger.add(13, faults=2)


OTHERS = {"800200001": "hangs", "800200002": "refuses the login"}


@pytest.mark.parametrize("seed", FEW)
def test_one_companys_fault_is_its_own(here: Machine, ledger: Ledger, seed: int) -> None:
    """A server that hangs and one that refuses the sender leave the third company nine tenths of its speed alone."""
    for tax_id, name in OTHERS.items():
        if not here.do("has_company", tax_id):
            here.run("company", "create", "--nit", tax_id, "--name", f"Su servidor {name}")
            here.do("copy_documents", COMPANY, tax_id, 12)
    well = here.serve(slowly("end", 0.2), connections=4)
    here.work()
    here.work()
    here.wait_for_end(here.start(1, 100))
    alone = _rate(well.kept)
    here.serve({"stage": "greeting", "then": "hang"}, tax_id="800200001")
    here.serve({"stage": "mail", "code": 550, "text": "5.7.60 no"}, tax_id="800200002")
    bad = [here.do("register", tax_id) for tax_id in OTHERS]
    for mailing in bad:
        here.do("move", mailing, "start")
    beside = _best_rate(here, well, enough=0.9 * alone)
    assert here.do("reason", bad[1]) == "sender_not_owned"
    assert {here.do("status", mailing) for mailing in bad} == {"sending", "stopped"}
    assert beside >= 0.9 * alone
    ledger.add(16, faults=2, mails=200)


def _best_rate(here: Machine, server: Server, enough: float) -> float:
    """Of three sendings at the most: what else the machine does for some seconds is no company's fault."""
    rates: list[float] = []
    while len(rates) < 3 and max(rates, default=0) < enough:
        before = len(server.kept)
        here.wait_for_end(here.start(101, 200))
        kept = server.kept[before:]
        assert len(kept) == 100
        rates.append(_rate(kept))
    return max(rates)


def _rate(kept: list[Kept]) -> float:
    """Mails a second, without the first and last ten."""
    times = sorted(mail.time for mail in kept)[10:-10]
    return len(times) / (times[-1] - times[0])
