"""Measures Cartero beside its limits and its peers, in one go on one machine, and writes docs/performance.md.

    python -m benchmarks.run            the whole, for the document: about an hour on two cores
    python -m benchmarks.run --quick    the same shape in minutes, printed only

CPU is that of client, sink and PostgreSQL together. Machines are noisy: contenders take turns, and only ratios count.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from benchmarks import contenders, obeying, pages, report, sink
from benchmarks.contenders import ROOT, Ground, Span
from benchmarks.home import ACCOUNT, COMPANY, Home, home
from benchmarks.measuring import Cost
from benchmarks.report import Claim

DRAWN, LARGE, LISTED = 1_000_001, 2_000_001, 5_000_001  # where the documents of each measure begin
SMALL = 1_000


@dataclass(kw_only=True)
class Results:
    """What has been measured so far: costs by contender, and what was claimed of them."""

    costs: dict[str, Cost] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)

    def race(self, contenders_: dict[str, Callable[[], Cost]], rounds: int) -> None:
        """Each in its turn, `rounds` times, so that all meet the same weather."""
        taken: dict[str, list[Cost]] = {name: [] for name in contenders_}
        for _ in range(rounds):
            for name, run in contenders_.items():
                cost = run()
                taken[name].append(cost)
                print(f"  {name:44} {cost.per_second:9.1f} a second {cost.cpu_ms:8.2f} ms CPU", flush=True)
        self.costs |= {name: reduce(add, costs) for name, costs in taken.items()}

    def faster(self, what: str, one: str, other: str, least: float, also: str = "") -> None:
        """Claims that `one` makes at least so many times the mails a second that `other` makes.

        What it makes of those of `also` is told beside.
        """
        by_cpu = self.costs[other].cpu_ms / self.costs[one].cpu_ms
        beside = f"by CPU {by_cpu:.2f}" + (f"; {self._ratio(one, also):.2f} of {also}" if also else "")
        self.claim(Claim(what=what, reached=self._ratio(one, other), limit=least, at_least=True, beside=beside))

    def _ratio(self, one: str, other: str) -> float:
        return self.costs[one].per_second / self.costs[other].per_second

    def claim(self, claim: Claim) -> None:
        print(f"{'  ok' if claim.holds else 'FAIL'}  {claim.line}", flush=True)
        self.claims.append(claim)


def main() -> None:
    asked = _arguments()
    sink.set_up()
    contenders.set_up_peers()
    results = Results()
    with home() as here, sink.sink() as (process, port):
        here.fill(1, asked.mails)
        here.fill(DRAWN, asked.rendered, with_pdf=False)
        here.set_account(port)
        ground = Ground(home=here, sink=process, port=port)
        at_hand(ground, asked, results)
        rendered(ground, asked, results)
        registering(here, asked, results)  # before the large mailing, behind which the database clears up for minutes
        large(ground, asked, results)
        reaction = obeying.reaction(here, 1, asked.mails)
    results.claim(Claim(what="Iniciar to the first MAIL, seconds", reached=reaction.first_mail, limit=1))
    results.claim(Claim(what="Detener to the last MAIL, seconds", reached=reaction.last_mail, limit=1))
    _write(asked, results)  # the pages take long, and what is known by now is known
    print("pages")
    for claim in pages.claims(asked.looked_at):
        results.claim(claim)
    _write(asked, results)
    sys.exit(not all(claim.holds for claim in results.claims))


def _write(asked: argparse.Namespace, results: Results) -> None:
    if not asked.quick:
        report.write(ROOT / "docs" / "performance.md", results.costs, results.claims)


def at_hand(ground: Ground, asked: argparse.Namespace, results: Results) -> None:
    print("PDFs at hand")
    span = Span(first=1, count=asked.mails)
    some = Span(first=1, count=max(500, asked.mails // 4))
    results.race(
        {
            "bare loop, PDFs at hand": lambda: contenders.bare(ground, "at_hand", span),
            "Cartero, PDFs at hand": lambda: contenders.product(ground, span, rehearsed=False)[0],
            "script, PDFs at hand": lambda: contenders.script(ground, some),
            "django-post-office, PDFs at hand": lambda: contenders.post_office(ground, some),
            "the same, queued by two processes": lambda: contenders.post_office(ground, some, queue_by=2),
        },
        asked.rounds,
    )
    ours = "Cartero, PDFs at hand"
    results.faster("PDFs at hand, of the bare loop", ours, "bare loop, PDFs at hand", 0.50)
    results.faster("PDFs at hand, times the script", ours, "script, PDFs at hand", 3)
    results.faster(
        "PDFs at hand, times django-post-office",
        ours,
        "django-post-office, PDFs at hand",
        5,
        also="the same, queued by two processes",
    )


def rendered(ground: Ground, asked: argparse.Namespace, results: Results) -> None:
    print("rendered from data while sending")
    span = Span(first=DRAWN, count=asked.rendered)
    few = Span(first=DRAWN, count=max(20, asked.rendered // 10))
    closest = {
        "Typst alone, two processes": lambda: contenders.bare(ground, "typst", span),
        "Cartero, rendered while sending": lambda: contenders.product(ground, span, rehearsed=False)[0],
    }
    results.race(closest, 2 * asked.rounds)  # they differ less than the weather
    results.race(
        {
            "bare loop with Typst": lambda: contenders.bare(ground, "rendered", span),
            "Cartero, after its Ensayo": lambda: contenders.product(ground, span, rehearsed=True)[0],
            "bare loop, the same PDFs at hand": lambda: contenders.bare(ground, "at_hand", span),
            "script with WeasyPrint": lambda: contenders.script(ground, few, weasy=True),
            "django-post-office with WeasyPrint": lambda: contenders.post_office(ground, few, weasy=True),
            "the same, drawn by two processes": lambda: contenders.post_office(ground, few, weasy=True, queue_by=2),
        },
        asked.rounds,
    )
    ours = "Cartero, rendered while sending"
    results.faster("rendered, of Typst alone", ours, "Typst alone, two processes", 0.80)
    results.faster("rendered, times the script with WeasyPrint", ours, "script with WeasyPrint", 9)
    results.faster(
        "rendered, times django-post-office with WeasyPrint",
        ours,
        "django-post-office with WeasyPrint",
        15,
        also="the same, drawn by two processes",
    )
    results.faster(
        "after its Ensayo, of the bare loop", "Cartero, after its Ensayo", "bare loop, the same PDFs at hand", 0.50
    )


def large(ground: Ground, asked: argparse.Namespace, results: Results) -> None:
    """The larger mailing must cost no more a mail, and its workers no more memory."""
    print(f"{asked.large:,} mails against {SMALL:,}")
    ground.home.fill(LARGE, asked.large)
    memory = 0.0

    def whole() -> Cost:
        nonlocal memory
        cost, memory = contenders.product(ground, Span(first=LARGE, count=asked.large), rehearsed=False)
        return cost

    few, many = f"Cartero, {SMALL:,} mails", f"Cartero, {asked.large:,} mails"
    small = Span(first=LARGE, count=SMALL)
    results.race({few: lambda: contenders.product(ground, small, rehearsed=False)[0]}, asked.rounds)
    results.race({many: whole}, 1)
    ratio = results.costs[many].cpu_ms / results.costs[few].cpu_ms
    results.claim(Claim(what=f"CPU a mail, {asked.large:,} against {SMALL:,}", reached=ratio, limit=1.05))
    results.claim(Claim(what=f"memory of a worker at {asked.large:,}, MB", reached=memory, limit=200))


def registering(here: Home, asked: argparse.Namespace, results: Results) -> None:
    for position, count in enumerate(asked.register):
        prefix = f"REG{position}"
        here.list_documents(prefix, count)
        command = [sys.executable, "-m", "benchmarks.registering", "--company", COMPANY, "--account", ACCOUNT]
        done = subprocess.run(
            [*command, "--prefix", prefix], env=here.environment, cwd=ROOT, stdout=subprocess.PIPE, check=True
        )
        here.rehearse_no_more()
        told = json.loads(done.stdout)
        words = f"registering {count:,}, times the bare INSERT … SELECT"
        beside = f"{told['seconds']:.1f} s, memory +{told['grown_mb']:.0f} MB"
        results.claim(Claim(what=words, reached=told["seconds"] / told["bare"], limit=3, beside=beside))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, help="with PDFs at hand")
    parser.add_argument("--rendered", type=int, help="drawn while sending")
    parser.add_argument("--large", type=int, help="of the large mailing")
    parser.add_argument("--register", type=int, nargs="+", help="documents to register")
    parser.add_argument("--looked-at", type=int, help="documents behind the pages")
    parser.add_argument("--rounds", type=int, help="in which the contenders take turns")
    parser.add_argument("--quick", action="store_true", help="small sizes, and no document is written")
    asked = parser.parse_args()
    usual = (
        {"mails": 5_000, "rendered": 600, "large": 10_000, "register": [20_000], "looked_at": 50_000, "rounds": 1}
        if asked.quick
        else {
            "mails": 10_000,
            "rendered": 1_500,
            "large": 100_000,
            "register": [100_000, 1_000_000],
            "looked_at": pages.MANY,
            "rounds": 3,
        }
    )
    for name, value in usual.items():
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    return asked


if __name__ == "__main__":
    main()
