import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection

from cartero.cli import checks
from cartero.companies.models import Company
from cartero.invoices import storing
from cartero.invoices.models import FileRole, InvoiceFile
from cartero.platform import datafolder
from tests.factories import make_account, make_company, make_invoice, make_party

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]


@pytest.fixture
def company() -> Company:
    return make_company()


def wrong() -> list[str]:
    return [finding.check for finding in checks.all_of_database() if not finding.ok]


def register_worker(age: int) -> None:
    with connection.cursor() as cursor:
        query = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))"
        cursor.execute(query, [age])


def keep(company: Company, content: bytes) -> str:
    sha256 = storing.keep(company.pk, content)
    invoice = make_invoice(make_party(company))
    fields = {"name": "fv.xml", "media_type": "application/xml", "sha256": sha256, "size": len(content)}
    InvoiceFile.objects.create(company=company, invoice=invoice, role=FileRole.values[0], **fields)
    return sha256


def test_all_is_well(company: Company) -> None:
    register_worker(age=1)
    keep(company, b"<Invoice/>")
    make_account(company, password_sealed=checks.crypto.seal("clave"))
    assert wrong() == []


def test_no_worker_gives_a_sign(company: Company) -> None:
    register_worker(age=60)
    assert wrong() == ["workers"]


@pytest.mark.parametrize("harm", [Path.unlink, lambda file: file.write_bytes(b"other")], ids=["gone", "changed"])
def test_a_stored_file_was_harmed(company: Company, harm: object, tmp_path: Path) -> None:
    register_worker(age=1)
    sha256 = keep(company, b"<Invoice/>")
    file = next(tmp_path.rglob(sha256))
    file.chmod(0o600)
    harm(file)  # type: ignore[operator]
    assert wrong() == ["files"]


def test_a_password_was_sealed_with_a_key_that_is_gone(company: Company) -> None:
    register_worker(age=1)
    make_account(company, name="Correo viejo", password_sealed=Fernet(datafolder.key()).encrypt(b"clave").decode())
    assert wrong() == ["keys"]
    assert any("Correo viejo" in finding.text for finding in checks.all_of_database())


def test_this_machine_sees_other_files_than_the_rest() -> None:
    register_worker(age=1)
    cache.set(checks.MARKER, "another storage", timeout=None)
    assert wrong() == ["storage"]
    cache.delete(checks.MARKER)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_files_cannot_be_written() -> None:
    register_worker(age=1)
    Path(default_storage.path("")).chmod(0o500)
    assert wrong() == ["storage"]


def test_tables_are_behind() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'companies'")
        assert cursor.rowcount
    assert wrong() == ["migrations"]
