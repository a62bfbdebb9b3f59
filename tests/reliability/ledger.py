"""The figures of a long run, as docs/reliability.md shows them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

PROMISES = {
    1: "A worker may die at any instant",
    2: "All may die",
    3: "The database may die",
    4: "The power may fail",
    5: "The network may fail",
    6: "A frozen worker wakes too late",
    7: "The disk may fill",
    8: "Clocks lie",
    9: "A planned stop is clean",
    10: "One delivery cannot stop the rest",
    11: "Iniciar sends once",
    12: "Detener stops",
    13: "Registering and importing are whole",
    14: "A restored backup sends nothing by itself",
    15: "The engine may forget or repeat",
    16: "Many companies, one fault",
}
HEAD = """# What was broken, and what held

Real PostgreSQL, real worker processes, a real SMTP server that logs before it answers. After every scenario four sums
are held against that log: nothing shown sent without a 250; nothing at the server that is not shown so; nothing twice;
no more newly in doubt than connections were open, nothing left in mid-air, counters equal to rows.

Last long run: {when:%Y-%m-%d %H:%M} UTC, `{command}`, {faults} faults, four clean sums in each.

| # | Promise | Scenarios | Faults | Mails | In doubt |
|---|---|---|---|---|---|
"""


@dataclass
class Line:
    scenarios: int = 0
    faults: int = 0
    mails: int = 0
    doubts: int = 0


@dataclass
class Ledger:
    lines: dict[int, Line] = field(default_factory=lambda: defaultdict(Line))

    def add(self, promise: int, *, faults: int, mails: int = 0, doubts: int = 0) -> None:
        """One scenario whose sums were clean."""
        line = self.lines[promise]
        line.scenarios, line.faults = line.scenarios + 1, line.faults + faults
        line.mails, line.doubts = line.mails + mails, line.doubts + doubts

    def write(self, file: Path, when: datetime, command: str) -> None:
        rows = [
            f"| {n} | {PROMISES[n]} | {line.scenarios} | {line.faults} | {line.mails} | {line.doubts} |\n"
            for n, line in sorted(self.lines.items())
        ]
        head = HEAD.format(when=when, command=command, faults=sum(line.faults for line in self.lines.values()))
        file.write_text(head + "".join(rows), encoding="utf-8")
