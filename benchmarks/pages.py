"""Every page of a company with many documents against the same page of one with few, in milliseconds at the server.

    python -m benchmarks.pages [--documents 1000000] [--keep FOLDER] [--only /envios/] [--write]

Each size is a Cartero of its own; FOLDER keeps them for the next time. A process with Django in it asks for
each page: first with nothing kept, then in rounds, as people do who look around; few and many take turns. Machines are
noisy and shared, so what counts is the CPU of that process and of PostgreSQL together, in the best of the rounds; the
clock stands beside it.
`--write` makes docs/pages.md of it.
"""

import argparse
import base64
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks import report
from benchmarks.contenders import ROOT
from benchmarks.home import COMPANY, Home, home
from benchmarks.measuring import Meter
from benchmarks.report import Claim
from cartero.cli import starting

FEW, MANY = 10_000, 1_000_000
WHOLE = 90_000_001  # a document with its files, in a sending of its own
ROUNDS, TIMES = 4, 10
ROUND = 0.3  # seconds, after which a round asks no more
LIMIT = 100.0  # milliseconds
POLL = 10.0  # milliseconds, of the page of a running sending that asks again
SLOWER = 1.3
LEAST = 20.0  # milliseconds of CPU: two ticks of the clock, under which a ratio is noise

_INVOICES = ["", "?estado=unsent", "?estado=bounced", "?estado=in_doubt", "?tipo=credit_note", "?tipo=certificate"]
_INVOICES += [
    "?saldo=con",
    "?saldo=sin",
    "?periodo=2025-11&saldo=con",
    "?periodo=todos",
    "?periodo=todos&estado=bounced",
]
_INVOICES += [
    "?periodo=todos&estado=failed&tipo=credit_note",
    "?periodo=todos&tipo=certificate",
    "?periodo=todos&saldo=con",
]
_INVOICES += ["?q=cliente", "?q=cliente+77", "?q=FEB77", "?q=800000077", "?q=nadie", "?periodo=todos&q=cliente"]
_INVOICES += [
    "?periodo=todos&q=cliente+77",
    "?periodo=todos&q=FEB500000",
    "?periodo=todos&q=nadie",
    "?periodo=todos&q=77&estado=failed",
]
_INVOICES += ["?orden=-numero", "?orden=tercero", "?orden=fecha", "?orden=vence", "?orden=-total", "?orden=saldo"]
_INVOICES += [f"?periodo=todos&orden={order}" for order in ("numero", "tercero", "fecha", "vence", "-total", "-saldo")]
_PARTIES = ["", "?orden=nit", "?correo=sin", "?correo=problema", "?q=cliente+77", "?q=800000077", "?q=nadie"]
_PARTIES += ["?q=pagos@cliente77.example.com", "?q=@gmail.com"]
_REPORTS = ["", "envios/", "terceros/", "terceros/?periodo=2026-03", "motivos/", "dominios/", "vistos/", "sin-llegar/"]
_REPORTS += ["sin-llegar/?estado=failed", "sin-llegar/?estado=unsent", "constancias/"]
_SETTINGS = ["actividad/", "cuentas/", "plantillas/", "usuarios/", "empresa/"]
_PLAIN = [
    *("/", "/?periodo=2026-03-01", "/buscar/?q=cliente+77", "/buscar/?q=FEB77", "/buscar/?q=nadie", "/mis-avisos/"),
    *(f"/facturas/{each}" for each in _INVOICES),
    *("/facturas/observaciones/", "/facturas/observaciones/?ver=atendidas"),
    *("/facturas/estados-de-cuenta/", "/facturas/estados-de-cuenta/hacer/"),
    *(f"/terceros/{each}" for each in _PARTIES),
    *("/terceros/por-corregir/", "/terceros/por-corregir/?estado=doubtful", "/terceros/grupos/"),
    *("/envios/", "/envios/?estado=finished", "/envios/?q=documentos+77", "/envios/en-duda/", "/envios/registrar/"),
    *("/importar/", "/importar/conflictos/", "/importar/conflictos/?vista=decididos"),
    *(f"/informes/{each}" for each in _REPORTS),
    *(f"/configuracion/{each}" for each in _SETTINGS),
]
ASKED_AGAIN = {"(poll)": "advance", "(refresh)": "progress"}  # what htmx asks for, every two seconds and every ten
_OF_A_SENDING = [
    "",
    "facturas/",
    "en-duda/",
    "terceros/",
    "terceros/?q=cliente+77",
    "terceros/?q=nadie",
    "terceros/?q=nadie@example.com",
]
_OF_A_SENDING += [f"terceros/?estado={state}" for state in ("enviados", "rebotados", "fallidos", "en-duda")]
_OF_A_SENDING += [
    "terceros/?motivo=mailbox_full",
    "terceros/?motivo=no_such_reason",
    "reenviar/",
    "reenviar/?cuales=sin-ver",
]
_OF_A_SENDING += [
    "reenviar/?cuales=sin-ver&otra_vez=on",
    "reenviar/?cuales=marcados",
    "reenviar/?cuales=marcados&q=cliente+77",
]


@dataclass(frozen=True, kw_only=True)
class Round:
    """A page asked for some times in a row: milliseconds by the clock of each answer, and of CPU for one."""

    taken: list[float]
    cpu: float


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of a page, in milliseconds: CPU in the best round, CPU the first time, and the 95th percentile by the clock."""

    cpu: float
    first: float
    p95: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """A page in the table; `times` is its CPU beside that of the same page of few documents."""

    name: str
    cost: Cost
    limit: float
    times: float

    @property
    def holds(self) -> bool:
        return self.cost.cpu <= self.limit and self.times <= SLOWER

    @property
    def line(self) -> str:
        cost = self.cost
        return f"{cost.cpu:6.1f} ms (first {cost.first:6.0f}, p95 {cost.p95:6.1f}, x {self.times:.2f})  {self.name}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    path: str
    headers: Mapping[str, str]


def main() -> None:
    asked = _arguments()
    if asked.inside:
        _answer(asked.only)
        return
    rows = []
    for row in measure(asked.documents, asked.only, asked.keep):
        print(f"{'  ok' if row.holds else 'FAIL'}  {row.line}", flush=True)
        rows.append(row)
    if asked.write:
        write(rows, asked.documents)
    sys.exit(not all(row.holds for row in rows))


def claims(documents: int = MANY) -> Iterator[Claim]:
    """Of all pages the dearest, and the one that grows most. The whole size writes docs/pages.md on the way."""
    rows = list(measure(documents))
    if documents == MANY:
        write(rows, documents)
    over = [row for row in rows if not row.holds]
    dearest = max(rows, key=lambda row: row.cost.cpu / row.limit)
    yield Claim(what=f"pages over their limit, of {len(rows)} at {documents:,} documents", reached=len(over), limit=0)
    beside = f"{dearest.name}, limit {dearest.limit:g}"
    yield Claim(what="the dearest of them, ms of CPU", reached=dearest.cost.cpu, limit=dearest.limit, beside=beside)
    growing = max(rows, key=lambda row: row.times)
    what = f"the one that grows most, times its CPU at {FEW:,}"
    yield Claim(what=what, reached=growing.times, limit=SLOWER, beside=growing.name)


def measure(documents: int, only: str = "", kept: Path | None = None) -> Iterator[Row]:
    """Each page whose name begins with `only`, of few documents and of many, round by round in turns: a neighbour who
    is busy for a while slows both. Each size is a Cartero that is made for it, or was and is `kept`."""
    with ExitStack() as stack:
        both = [stack.enter_context(_asking(size, only, kept)) for size in (FEW, documents)]
        for name in both[0].names:
            firsts = [each.asked(name, "first") for each in both]
            rounds = [[each.asked(name, "round") for each in both] for _ in range(ROUNDS)]
            few, many = (_cost(*each) for each in zip(firsts, zip(*rounds, strict=True), strict=True))
            yield _row(name, many, few)


class Asking:
    """A process with Django in it that is told which page to ask for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.names: list[str] = json.loads(self._line())

    def asked(self, name: str, how: str) -> Round:
        """How: "first", once with nothing kept, or "round"."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, how]) + "\n")
        self._process.stdin.flush()
        return Round(**json.loads(self._line()))

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline() or sys.exit("no answer")


@contextmanager
def _asking(documents: int, only: str, kept: Path | None) -> Iterator[Asking]:
    with home(kept and kept / str(documents)) as here:
        began = time.monotonic()
        if not here.query("SELECT 1 FROM invoices_invoice LIMIT 1"):
            fill(here, documents)
            print(f"{documents:,} documents made in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        command = [sys.executable, "-m", "benchmarks.pages", "--inside", f"--only={only}"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, env=here.environment, cwd=ROOT, text=True, **pipes) as process:
            yield Asking(process)


def fill(here: Home, documents: int) -> None:
    here.set_account(25)
    here.list_documents_sent(documents)
    here.fill(WHOLE, 1)
    mailing = here.register(WHOLE, 1)
    here.query("UPDATE mailings_delivery SET status = 'accepted', accepted_at = now() WHERE mailing_id = %s", mailing)
    here.query("UPDATE mailings_mailing SET look = (SELECT look FROM mailings_mailing WHERE id = %s)", mailing)
    here.query("VACUUM ANALYZE")


def write(rows: Sequence[Row], documents: int) -> None:
    path = ROOT / "docs" / "pages.md"
    path.write_text("\n".join(_document(rows, documents)) + "\n", encoding="utf-8")


def _document(rows: Sequence[Row], documents: int) -> Iterator[str]:
    held = sum(row.holds for row in rows)
    yield from (
        "# Pages",
        "",
        f"{report.written('benchmarks.pages')} {report.machine()}",
        "",
        f"A company with {documents:,} documents of twelve months, half of them in the newest, with",
        f"{documents // 10:,} terceros, 303 sendings and {3 * documents:,} events. `N` is the largest of its kind:",
        "a sending of a fifth of all documents, a tercero with a hundredth of them; `M` is a sending of a tenth of all",
        "that is on its way; `n` is one like the others; `…` is the middle of a long list. **ms** is CPU of the web",
        f"process and of PostgreSQL together, the best of {ROUNDS} rounds; **first** the same with nothing kept;",
        "**p95** is what the clock said, on a machine that others use; **times** is beside the same page at",
        f"{FEW:,} documents (both taken as {LEAST:g} ms at least).",
        "",
        f"{held} of {len(rows)} hold their limit.",
        "",
        "| page | ms | limit | holds | first | p95 | times |",
        "|---|---|---|---|---|---|---|",
    )
    for row in rows:
        cost, holds = row.cost, "yes" if row.holds else "**no**"
        yield (
            f"| `{row.name}` | {cost.cpu:.0f} | {row.limit:g} | {holds} | {cost.first:.0f} | {cost.p95:.0f} |"
            f" {row.times:.2f} |"
        )


def _row(name: str, cost: Cost, few: Cost) -> Row:
    limit = POLL if name.endswith("(poll)") else LIMIT
    return Row(name=name, cost=cost, limit=limit, times=max(cost.cpu, LEAST) / max(few.cpu, LEAST))


def _answer(only: str) -> None:
    """Tells which pages there are, then what each costs whose name is a line of the input."""
    starting.load_django()
    from django.db import connection

    from cartero.invoices import tallies
    from cartero.mailings import breakdowns

    starting.collect_static()
    tallies.merge()
    breakdowns.refresh()
    browser, pages = _browser(), _pages()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = psutil.Process(cursor.fetchone()[0]).parent() or psutil.Process()
    print(json.dumps([name for name in pages if name.startswith(only)]), flush=True)
    for line in sys.stdin:
        name, how = json.loads(line)
        asked = Asked(path=pages[name], headers=_headers(name))
        answer = (_first if how == "first" else _round)(browser, asked, [psutil.Process(), postmaster])
        print(json.dumps(asdict(answer)), flush=True)


def _first(browser: Any, asked: Asked, processes: Sequence[psutil.Process]) -> Round:
    from django.core.cache import cache

    _taken(browser, asked)  # what is loaded once in a process is no page's
    cache.clear()
    meter = Meter(processes)
    taken = _taken(browser, asked)
    return Round(taken=[taken], cpu=meter.cost(1).cpu_ms)


def _cost(first: Round, rounds: Sequence[Round]) -> Cost:
    clock = statistics.quantiles([each for one in rounds for each in one.taken], n=20)
    return Cost(cpu=min(one.cpu for one in rounds), first=first.cpu, p95=clock[-1])


def _headers(name: str) -> Mapping[str, str]:
    target = ASKED_AGAIN.get(name.split()[-1])
    return {"HX-Request": "true", "HX-Target": target} if target else {}


def _round(browser: Any, asked: Asked, processes: Sequence[psutil.Process]) -> Round:
    meter, ends = Meter(processes), time.monotonic() + ROUND
    taken = [_taken(browser, asked)]
    while len(taken) < TIMES and time.monotonic() < ends:
        taken.append(_taken(browser, asked))
    return Round(taken=taken, cpu=meter.cost(len(taken)).cpu_ms)


def _taken(browser: Any, asked: Asked) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    answer = browser.get(asked.path, headers=asked.headers)
    took = time.perf_counter() - began
    if answer.status_code != 200:
        sys.exit(f"{asked.path}: {answer.status_code}")
    return 1000 * took


def _browser() -> Any:
    """Of an administrator, logged in."""
    from django.test import Client

    from cartero.accounts.models import User
    from cartero.companies import members
    from cartero.companies.models import Membership
    from cartero.companies.roles import Role

    user, _is_new = User.objects.get_or_create(email="ana@banco.example.co", defaults={"name": "Ana"})
    company = members.company_by_tax_id(COMPANY)
    Membership.objects.get_or_create(company=company, user=user, defaults={"role": Role.ADMIN})
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    return browser


def _key(*values: object) -> str:
    """Where a list goes on, as its links have it."""
    return base64.urlsafe_b64encode(json.dumps([False, values]).encode()).decode().rstrip("=")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=MANY)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where they are, or will be")
    parser.add_argument("--only", default="", help="pages whose name begins so")
    parser.add_argument("--write", action="store_true", help="docs/pages.md")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _pages() -> dict[str, str]:
    """Name and address; `N` is the largest of its kind, `M` a sending on its way, `n` one like the others."""
    return {path: path for path in _PLAIN} | dict((*_of_documents(), *_of_parties(), *_of_sendings(), *_of_others()))


def _of_documents() -> Iterator[tuple[str, str]]:
    from cartero.invoices.models import Invoice

    middle = Invoice.objects.filter(prefix="FEB").count() // 2
    yield "/facturas/?desde=…", f"/facturas/?desde={_key(middle, 0)}"
    yield "/facturas/?periodo=todos&desde=…", f"/facturas/?periodo=todos&desde={_key('2026-03-01', middle)}"
    whole, sent = Invoice.objects.get(sequence=WHOLE), Invoice.objects.filter(mail_status="viewed").order_by("-pk")[0]
    yield "/facturas/n/", f"/facturas/{sent.pk}/"
    for view in ("factura", "correo", "xml"):
        yield f"/facturas/n/?ver={view}", f"/facturas/{whole.pk}/?ver={view}"
    yield "/informes/constancias/factura/n/", f"/informes/constancias/factura/{sent.pk}/"


def _of_parties() -> Iterator[tuple[str, str]]:
    from cartero.parties.models import Address, Group, Party

    yield "/terceros/?desde=…", f"/terceros/?desde={_key('cliente 5', 0)}"
    large, small = (Group.objects.get(name=name) for name in ("Grupo 0", "Grupo 1"))
    yield "/terceros/?grupo=N", f"/terceros/?grupo={large.pk}"
    yield "/terceros/?zona=n&correo=problema", f"/terceros/?zona={small.pk}&correo=problema"
    wrong = Address.objects.to_mend().order_by("pk")[0]
    yield "/terceros/por-corregir/?correo=n", f"/terceros/por-corregir/?correo={wrong.pk}"
    parties = Party.objects.order_by("pk")  # the first has a hundredth of all documents
    for name, party in (("N", parties[0]), ("n", parties[99])):
        for place in ("terceros", "informes/terceros", "informes/constancias/tercero"):
            yield f"/{place}/{name}/", f"/{place}/{party.pk}/"
        yield f"/terceros/{name}/enviados/", f"/terceros/{party.pk}/enviados/"


def _of_sendings() -> Iterator[tuple[str, str]]:
    from cartero.invoices.models import Invoice
    from cartero.mailings.models import Delivery, Mailing

    large, running, small = (Mailing.objects.get(number=number) for number in (301, 302, 303))
    mail = Delivery.objects.filter(mailing=large, status="delivered", viewed_at=None).order_by("pk")[0]
    for part in _OF_A_SENDING:
        yield f"/envios/N/{part}", f"/envios/{large.pk}/{part}"
    yield "/envios/N/terceros/?desde=…", f"/envios/{large.pk}/terceros/?desde={_key(mail.pk)}"
    yield "/envios/N/facturas/?desde=…", f"/envios/{large.pk}/facturas/?desde={_key(mail.pk, 0)}"
    ticked = f"reenviar/?cuales=marcados&entrega={mail.pk}"
    yield "/envios/N/reenviar/?cuales=marcados&entrega=n", f"/envios/{large.pk}/{ticked}"
    for facet in ("motivos", "dominios", "vistos"):
        yield f"/informes/{facet}/?envio=N", f"/informes/{facet}/?envio={large.pk}"
    yield "/informes/constancias/envio/N/", f"/informes/constancias/envio/{large.pk}/"
    for part in ("", "terceros/", "facturas/", "terceros/?estado=por-enviar"):
        yield f"/envios/M/{part}", f"/envios/{running.pk}/{part}"
    for again in ASKED_AGAIN:
        yield f"/envios/M/ {again}", f"/envios/{running.pk}/?visto=sending"
    whole, first = Invoice.objects.get(sequence=WHOLE), small.deliveries.get()
    for part in ("", "prueba/", "terceros/"):
        yield f"/envios/n/{part}", f"/envios/{small.pk}/{part}"
    yield "/envios/n/facturas/n/", f"/envios/{small.pk}/facturas/{whole.pk}/"
    yield "/envios/n/correos/n/", f"/envios/{small.pk}/correos/{first.pk}/"


def _of_others() -> Iterator[tuple[str, str]]:
    from cartero.importing.models import Import
    from cartero.mailings import links
    from cartero.mailings.models import Attestation, Mailing, StatementRun

    yield "/informes/constancias/n/", f"/informes/constancias/{Attestation.objects.order_by('-pk')[0].pk}/"
    run = StatementRun.objects.order_by("-until")[0]
    for part in ("", "?estado=por-fuera"):
        yield f"/facturas/estados-de-cuenta/N/{part}", f"/facturas/estados-de-cuenta/{run.pk}/{part}"
    source = Import.objects.order_by("-pk")[0]
    for part in ("", "?resultado=refuse"):
        yield f"/importar/N/{part}", f"/importar/{source.pk}/{part}"
    small = Mailing.objects.select_related("company").get(number=303)
    yield "/v/…/", f"/v/{links.token(links.key_of(small.company), small.deliveries.get().pk)}/"


if __name__ == "__main__":
    main()
