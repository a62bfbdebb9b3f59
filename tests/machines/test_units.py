"""The systemd units of docs/systemd, read by systemd itself where it is installed."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

UNITS = sorted((ROOT / "docs/systemd").iterdir())
PYTHON = str(Path(sys.executable).resolve())  # the folder of a venv may have a space in its name
HERE = {"/opt/cartero/.venv/bin/python": PYTHON, "User=cartero": "User=root", "Group=cartero": "Group=root"}


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """As they would lie in /etc/systemd/system, with what this machine has in the place of what a server has."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        for theirs, ours in HERE.items():
            text = text.replace(theirs, ours)
        (tmp_path / unit.name.replace("@.", "@1.")).write_text(text, encoding="utf-8")
    return sorted(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_takes_them(units: list[Path]) -> None:
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_is_hardened_and_gives_mails_their_time(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for line in ("User=cartero", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "UMask=0077"):
        assert f"\n{line}\n" in text
    assert "\nCapabilityBoundingSet=\n" in text
    least = 45 if re.search("cartero (run|worker)", text) else 15  # seconds: a worker's grace, and the pages'
    assert int(re.search(r"TimeoutStopSec=(\d+)", text)[1]) >= least


def test_the_manual_names_each() -> None:
    manual = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert [unit.name for unit in UNITS if unit.name not in manual] == []
