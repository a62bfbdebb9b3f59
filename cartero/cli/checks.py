"""What `cartero doctor` asks the database and the stored files."""

import contextlib
import time
from collections.abc import Callable

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from cartero.cli import starting
from cartero.cli.findings import Finding, found
from cartero.cli.spanish import noop as _
from cartero.invoices import storing
from cartero.invoices.models import InvoiceFile
from cartero.platform import crypto, ids
from cartero.transport.models import MailAccount

OLDEST = 150_000  # PostgreSQL 15
ALIVE = 15  # seconds since a worker's last sign
SKEW = 5  # seconds between two clocks
SAMPLE = 50  # files whose content is compared with their hash
MARKER = "cartero-marker"


def all_of_database() -> list[Finding]:
    """In an order in which the first that fails explains the rest."""
    first = [_server(), _is_durable(), _is_migrated()]
    if not first[-1].ok:
        return first
    rest: list[Callable[[], Finding]] = [_storage, _keys, _files, _workers, _clock]
    return [*first, *(check() for check in rest)]


def _one(query: str, *parameters: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return str(cursor.fetchone()[0])


def _server() -> Finding:
    number = int(_one("SHOW server_version_num"))
    return found(
        "database",
        _("La base de datos responde: PostgreSQL %(version)s"),
        _("PostgreSQL %(version)s es muy viejo: Cartero necesita 15 o más nuevo."),
        ok=number >= OLDEST,
        facts={"version": _one("SHOW server_version")},
    )


def _is_durable() -> Finding:
    off = [name for name in ("fsync", "full_page_writes", "synchronous_commit") if _one(f"SHOW {name}") == "off"]
    return found(
        "durability",
        _("Lo guardado sobrevive a un corte de luz"),
        _("Un corte de luz puede perder lo guardado: encienda %(off)s en PostgreSQL."),
        ok=not off,
        facts={"off": ", ".join(off)},
    )


def _is_migrated() -> Finding:
    return found(
        "migrations",
        _("Las tablas están al día"),
        _("Las tablas no están al día: ejecute «cartero migrate»."),
        ok=starting.is_migrated(),
        facts={},
    )


def _storage() -> Finding:
    """Written and read; and the same that the other machines see, by a marker that the database knows too."""
    mine = ids.token()
    try:
        if not default_storage.exists(MARKER):
            default_storage.save(MARKER, ContentFile(mine.encode()))
        with default_storage.open(MARKER) as file:
            seen = file.read().decode()
        trial = default_storage.save(f"{MARKER}-{mine}", ContentFile(b"1"))
        default_storage.delete(trial)
    except OSError as error:
        bad = _("No se puede escribir donde se guardan los archivos: %(reason)s. Corrija permisos o CARTERO_FILES.")
        return found("storage", bad, bad, ok=False, facts={"reason": error.strerror})
    return found(
        "storage",
        _("Los archivos se guardan y se leen"),
        _("Esta máquina ve otros archivos que las demás: CARTERO_FILES debe ser la misma carpeta para todas."),
        ok=cache.get_or_set(MARKER, seen, timeout=None) == seen,
        facts={},
    )


def _keys() -> Finding:
    locked = []
    for account in MailAccount.objects.exclude(password_sealed=""):
        try:
            crypto.unseal(account.password_sealed)
        except crypto.SealBroken:
            locked.append(account.name)
    return found(
        "keys",
        _("Las llaves abren las contraseñas guardadas"),
        _("No se puede abrir la contraseña de %(names)s: recupere el archivo encryption-keys o escríbala de nuevo."),
        ok=not locked,
        facts={"names": ", ".join(locked)},
    )


def _files() -> Finding:
    lost = 0
    rows = InvoiceFile.objects.order_by("-pk").values_list("company_id", "sha256")[:SAMPLE]
    for company_id, sha256 in rows:
        with contextlib.suppress(storing.FileLost):
            storing.read(company_id, sha256)
            continue
        lost += 1
    return found(
        "files",
        _("Los archivos guardados están intactos (%(count)d revisados)"),
        _("Faltan o cambiaron %(lost)d de %(count)d archivos revisados: recupérelos de una copia de respaldo."),
        ok=not lost,
        facts={"lost": lost, "count": len(rows)},
    )


def _workers() -> Finding:
    query = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)"
    alive = int(_one(query, ALIVE))
    return found(
        "workers",
        _("Trabajadores encendidos: %(alive)d"),
        _("No hay ningún trabajador encendido, así que nada sale: ejecute «cartero run» o «cartero worker»."),
        ok=alive > 0,
        facts={"alive": alive},
    )


def _clock() -> Finding:
    before = time.time()
    theirs = float(_one("SELECT extract(epoch FROM clock_timestamp())"))
    skew = max(before - theirs, theirs - time.time(), 0)
    return found(
        "clock",
        _("El reloj coincide con el de la base de datos"),
        _("El reloj de esta máquina difiere %(skew).0f segundos del de la base de datos: active NTP."),
        ok=skew <= SKEW,
        facts={"skew": skew},
    )
