"""A PostgreSQL whose tables are made: migrating takes longer than most tests, and comes out the same each time.

It is made once for a content of the migrations and of the lock, kept beside pytest's cache, and copied for each use.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.source import ROOT

CACHE = ROOT / ".pytest_cache"


def seed(home: Path) -> None:
    """Lays a cluster below `home`, which has none; its database `cartero` is migrated and otherwise empty."""
    home.chmod(0o711)  # the account that PostgreSQL runs as goes through it
    _copy(_kept() / "postgres", home / "postgres")


def _kept() -> Path:
    kept = CACHE / f"postgres-{os.geteuid()}-{_digest()}"
    if not kept.exists():
        for old in CACHE.glob("postgres-*"):
            shutil.rmtree(old, ignore_errors=True)
        _make(kept)
    return kept


def _digest() -> str:
    """Of all that says what the tables are."""
    content = hashlib.sha256()
    for file in _sources():
        content.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return content.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield ROOT / "requirements-dev.txt"
    yield ROOT / "cartero" / "settings.py"
    yield from sorted(path for path in (ROOT / "cartero").rglob("migrations/*") if path.is_file())


def _make(kept: Path) -> None:
    """Under another name first: of two runs that make it at once, one wins, and neither sees half of it."""
    kept.parent.mkdir(exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=kept.parent, prefix="draft-"))
    with tempfile.TemporaryDirectory(prefix="cartero-tests-", dir="/tmp") as home:
        migrate = [sys.executable, "-m", "cartero", "migrate"]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(migrate, check=True, cwd=ROOT, env=environment | {"CARTERO_HOME": home, "DATABASE_URL": ""})
        _copy(Path(home) / "postgres", draft / "postgres")
    try:
        draft.rename(kept)
    except OSError:
        shutil.rmtree(draft)


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # it keeps the owner, who is not always us
