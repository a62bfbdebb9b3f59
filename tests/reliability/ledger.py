"""The figures of a long run, as docs/reliability.md shows them."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
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
# How many faults the long column asks for.
WANTED = {
    1: 500, 2: 100, 3: 100, 4: 100, 5: 200, 6: 100, 7: 10, 8: 10,
    9: 100, 10: 30, 11: 50, 12: 200, 13: 50, 14: 5, 15: 20, 16: 10,
}  # fmt: skip
_ROW = re.compile(r"\| \d+ \|")
HEAD = """# What was broken, and what held

Real PostgreSQL, real worker processes, a real SMTP server that logs before it answers. After every scenario four sums
are held against that log: nothing shown sent without a 250; nothing at the server that is not shown so; nothing twice;
no more newly in doubt than connections were open, nothing left in mid-air, counters equal to rows.

`pytest -m long tests/reliability -n 4` runs them all, in an hour; a part of them that is run alone renews its own rows.
Last run: {when:%Y-%m-%d %H:%M} UTC, `{command}`; {failed} of its scenarios failed.

| # | Promise | Scenarios | Faults | of | Mails | In doubt | Run on |
|---|---|---|---|---|---|---|---|
"""


@dataclass
class Line:
    scenarios: int = 0
    faults: int = 0
    mails: int = 0
    doubts: int = 0


class Ledger:
    """One file for all processes of a run, a line a scenario."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def add(self, promise: int, *, faults: int, mails: int = 0, doubts: int = 0) -> None:
        """One scenario whose sums were clean."""
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps([promise, faults, mails, doubts]) + "\n")

    def lines(self) -> dict[int, Line]:
        added: dict[int, Line] = defaultdict(Line)
        for written in self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []:
            promise, faults, mails, doubts = json.loads(written)
            line = added[promise]
            line.scenarios, line.faults = line.scenarios + 1, line.faults + faults
            line.mails, line.doubts = line.mails + mails, line.doubts + doubts
        return added

    def write(self, report: Path, when: datetime, command: str, failed: int) -> None:
        """Renews the rows of what was tried; those of other promises stay as they were."""
        lines = self.lines()
        rows = {row.split()[1]: row for row in report.read_text(encoding="utf-8").splitlines() if _ROW.match(row)}
        for n, line in lines.items():
            figures = (
                n,
                PROMISES[n],
                line.scenarios,
                line.faults,
                WANTED[n],
                line.mails,
                line.doubts,
                f"{when:%Y-%m-%d}",
            )
            rows[str(n)] = f"| {' | '.join(map(str, figures))} |"
        head = HEAD.format(when=when, command=command, failed=failed)
        table = "".join(rows[number] + "\n" for number in sorted(rows, key=int))
        report.write_text(head + table, encoding="utf-8")
