"""What `cartero doctor` finds: each wrong setting that docs/operating.md names is made, and found alone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.db import connection
from typer.testing import CliRunner

from cartero.cli import checks, doctor, findings, proving
from cartero.companies.models import Company
from cartero.invoices import storing
from cartero.invoices.models import FileRole, InvoiceFile
from cartero.platform import crypto, datafolder, storage
from cartero.platform.models import WorkerProof
from tests.factories import make_account, make_company, make_invoice, make_party
from tests.source import ROOT

pytestmark = pytest.mark.django_db


class World:
    """A Cartero in which all is well, and ways to harm it."""

    def __init__(self, settings, monkeypatch, folder: Path) -> None:
        self.settings, self.monkeypatch, self.folder = settings, monkeypatch, folder
        settings.FILES = str(folder / "stored")
        settings.EMAIL_HOST = "correo.example.co"
        settings.LINKS_URL = "https://facturas.example.co"
        monkeypatch.setenv("CARTERO_HOME", str(folder))
        # A test may lie in memory.
        monkeypatch.setattr(findings, "VOLATILE", findings.VOLATILE - {findings.disk_of(folder)})
        self.company = make_company()
        make_account(self.company, password_sealed=crypto.seal("clave"))
        self.keep(b"<Invoice/>")
        self.query("INSERT INTO procrastinate_workers DEFAULT VALUES")
        cache.delete(storage.MARKER)
        proving.prove(is_pooled=False)

    def keep(self, content: bytes) -> None:
        self.sha256 = storing.keep(self.company.pk, content)
        invoice = make_invoice(make_party(self.company))
        fields = {"name": "fv.xml", "media_type": "application/xml", "sha256": self.sha256, "size": len(content)}
        InvoiceFile.objects.create(company=self.company, invoice=invoice, role=FileRole.values[0], **fields)

    def query(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def stored(self) -> Path:
        file = next(self.folder.rglob(self.sha256))
        file.chmod(0o600)
        return file

    def prove(self, **seen: object) -> None:
        WorkerProof.objects.update(**seen)

    def set(self, **values: object) -> None:
        for name, value in values.items():
            setattr(self.settings, name, value)

    def put_a_file_where_files_lie(self) -> None:
        Path(self.settings.FILES).rename(self.folder / "away")
        Path(self.settings.FILES).write_text("")

    def open_a_key_to_others(self) -> None:
        (self.folder / "secret-key").write_text("x")
        (self.folder / "secret-key").chmod(0o644)


@pytest.fixture
def world(settings, monkeypatch, tmp_path) -> World:
    tmp_path.chmod(0o700)
    return World(settings, monkeypatch, tmp_path)


def wrong() -> list[str]:
    return [finding.check for finding in doctor.look() if not finding.ok]


def test_all_is_well(world: World) -> None:
    assert [finding.text for finding in doctor.look() if not finding.ok] == []


Harm = Callable[[World], object]
# Each is wrong in one way; some say so in two places, in this order.
CASES: list[tuple[str, Harm]] = [
    ("folder", World.open_a_key_to_others),
    ("disk", lambda w: w.monkeypatch.setattr(findings, "LEAST_ROOM", 10**18)),
    ("volatile", lambda w: w.monkeypatch.setenv("CARTERO_FILES", "/dev/shm")),  # noqa: S108  a place in memory
    ("settings", lambda w: w.monkeypatch.setenv("DATABASE_URL_FILE", "/nowhere")),
    ("database", lambda w: w.monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/cartero")),
    ("database", lambda w: w.monkeypatch.setattr(checks, "OLDEST", 10**9)),
    ("durability", lambda w: w.query("SET LOCAL synchronous_commit = off")),
    ("encoding", lambda w: w.monkeypatch.setattr(checks, "ENCODING", "EUC_JP")),
    ("migrations", lambda w: w.query("DELETE FROM django_migrations WHERE app = 'companies'")),
    ("storage", World.put_a_file_where_files_lie),
    ("storage", lambda w: cache.set(storage.MARKER, "another storage", timeout=None)),
    ("storage_speed", lambda w: w.monkeypatch.setattr(checks, "SLOW", 0)),
    ("keys", lambda w: make_account(w.company, name="Viejo", password_sealed=sealed_with_another_key())),
    ("connections", lambda w: w.monkeypatch.setattr(checks, "SPARE", 10**4)),
    ("time_zone", lambda w: Company.objects.update(timezone="America/Macondo")),
    ("files", lambda w: w.stored().unlink()),
    ("files", lambda w: w.stored().write_bytes(b"other")),
    ("workers", lambda w: w.query("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")),
    ("pooler", lambda w: w.prove(is_pooled=True)),
    ("shared_storage", lambda w: w.prove(marker="another")),
    ("shared_storage", lambda w: w.prove(marker="")),  # it could not write
    ("shared_keys", lambda w: w.prove(keys=["another"])),
    ("shared_secret", lambda w: w.prove(secret="another")),
    ("clock", lambda w: w.prove(skew=-3600.0)),
    ("releases", lambda w: w.prove(behind=1)),
    ("debug", lambda w: w.set(DEBUG=True)),
    ("shared_secret secret", lambda w: w.set(SECRET_KEY="corta")),
    ("tls", lambda w: w.set(PUBLIC_URL="http://facturas.example.co")),
    ("tls", lambda w: w.monkeypatch.setenv("CARTERO_ADDRESS", "0.0.0.0")),  # noqa: S104  what is tried out
    ("proxy", lambda w: w.set(UNDER_TLS=True, PUBLIC_URL="https://facturas.example.co")),
    ("notices", lambda w: w.set(EMAIL_HOST="")),
    ("links", lambda w: w.set(LINKS_URL="http://facturas.example.co")),
    ("links", lambda w: w.set(LINKS_URL="https://127.0.0.1:8000")),
    ("links", lambda w: w.set(LINKS_URL="")),
]


def sealed_with_another_key() -> str:
    return Fernet(datafolder.key()).encrypt(b"clave").decode()


@pytest.mark.parametrize(("found", "harm"), CASES, ids=[found.split()[-1] for found, _harm in CASES])
def test_what_is_wrong_is_found_and_nothing_else(world: World, found: str, harm: Harm) -> None:
    harm(world)
    assert wrong() == found.split()


def test_a_worker_that_is_gone_is_asked_no_more(world: World) -> None:
    world.query("UPDATE platform_workerproof SET seen_at = now() - interval '2 minutes', is_pooled = true")
    assert wrong() == []


def test_under_tls_behind_a_known_proxy_all_is_well(world: World) -> None:
    world.set(UNDER_TLS=True, PUBLIC_URL="https://facturas.example.co", ALLAUTH_TRUSTED_PROXY_COUNT=1)
    assert wrong() == []


@pytest.mark.parametrize(
    ("harm", "code"), [(World.__repr__, 0), (CASES[-1][1], 0), (CASES[0][1], 1)], ids=["well", "no notices", "wrong"]
)
def test_the_exit_code_says_whether_something_is_wrong(world: World, harm: Harm, code: int) -> None:
    harm(world)
    done = CliRunner().invoke(doctor.app, ["--json"])
    assert done.exit_code == code
    said = [json.loads(line) for line in done.output.splitlines()]
    assert bool([each for each in said if each["grave"] and not each["ok"]]) == bool(code)


def test_the_table_of_the_manual_is_this_one() -> None:
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    table = text.partition("## What `cartero doctor` finds")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", table, re.M)
    assert sorted(named) == sorted({"python", *(found.split()[-1] for found, _harm in CASES)})


def test_a_file_where_the_storage_should_be_is_told(world: World) -> None:
    """Nothing that needs it is asked any more."""
    world.put_a_file_where_files_lie()
    seen = {finding.check for finding in doctor.look()}
    assert "files" not in seen
    assert "shared_storage" not in seen
