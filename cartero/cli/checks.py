"""What `cartero doctor` asks the database and the stored files."""

import contextlib
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from cartero.cli import machines, sealed, starting, web, worker
from cartero.cli.findings import Finding, found
from cartero.cli.spanish import noop as _
from cartero.companies.models import Company
from cartero.invoices import storing
from cartero.invoices.models import InvoiceFile
from cartero.platform import queue, storage

OLDEST = 150_000  # PostgreSQL 15
SAMPLE = 50  # files whose content is compared with their hash
QUEUE_POOL = 4  # connections of a worker that Procrastinate holds for itself
SPARE = 10  # connections for who looks after the database


def all_of_database() -> list[Finding]:
    """In an order in which the first that fails explains the rest."""
    first = [_server(), _is_durable(), _is_migrated()]
    if not first[-1].ok:
        return first
    files = _storage()
    rest: list[Callable[[], Finding]] = [_keys, _connections, _time_zones]
    found = [*first, files, *(check() for check in rest)]
    return [*found, _files(), *machines.all_of_workers()] if files.ok else found


def _one(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
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
        _(
            "Un corte de luz puede borrar lo que se acaba de guardar, y un correo que ya salió volvería a salir: "
            "encienda %(off)s en PostgreSQL."
        ),
        ok=not off,
        facts={"off": ", ".join(off)},
    )


def _is_migrated() -> Finding:
    return found(
        "migrations",
        _("Las tablas están al día"),
        _("Las tablas no están al día, así que los trabajadores no encienden: ejecute «cartero migrate»."),
        ok=starting.is_migrated(),
        facts={},
    )


def _storage() -> Finding:
    """Written and read; and the same that was seen before, by a marker that the database knows too."""
    try:
        seen = storage.marker()
        storage.try_out()
    except OSError as error:
        bad = _(
            "No se puede escribir donde se guardan los archivos (%(reason)s), así que no se puede importar ni enviar: "
            "corrija los permisos o CARTERO_FILES."
        )
        return found("storage", bad, bad, ok=False, facts={"reason": error.strerror})
    return found(
        "storage",
        _("Los archivos se guardan y se leen"),
        _(
            "Esta máquina ve otros archivos que las demás, así que no encuentra lo que se importó en ellas: "
            "CARTERO_FILES debe ser la misma carpeta para todas."
        ),
        ok=cache.get_or_set(storage.MARKER, seen, timeout=None) == seen,
        facts={},
    )


def _keys() -> Finding:
    locked = sealed.locked()
    return found(
        "keys",
        _("Las llaves abren las contraseñas guardadas"),
        _(
            "Hay contraseñas o permisos guardados que no se abren (%(names)s), así que nada sale por esas cuentas: "
            "recupere el archivo encryption-keys, o escriba las contraseñas de nuevo."
        ),
        ok=not locked,
        facts={"names": ", ".join(sorted(set(map(str, locked))))},
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
        _(
            "Faltan o cambiaron %(lost)d de %(count)d archivos revisados, y sus correos no saldrían: recupérelos de "
            "una copia de respaldo."
        ),
        ok=not lost,
        facts={"lost": lost, "count": len(rows)},
    )


def _connections() -> Finding:
    """What pages and workers may come to hold at once: one a thread, one beside, and the queue's own."""
    most: int = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    workers = max(queue.workers(), 1)
    of_worker = min(most, worker.CONCURRENCY + 1) + QUEUE_POOL
    wanted = web.PROCESSES * min(most, web.THREADS + 1) + workers * of_worker + SPARE
    allowed = int(_one("SHOW max_connections"))
    return found(
        "connections",
        _("La base de datos admite las conexiones que hacen falta: %(wanted)d de %(allowed)d"),
        _(
            "La base de datos admite %(allowed)d conexiones y estas páginas y trabajadores pueden pedir %(wanted)d, "
            "así que en las horas de más trabajo algunas fallarían: suba max_connections o use menos trabajadores."
        ),
        ok=wanted <= allowed,
        facts={"wanted": wanted, "allowed": allowed},
    )


def _time_zones() -> Finding:
    """Known to this machine, which may lack the data of zones, and to the database."""
    names = {settings.TIME_ZONE, *Company.objects.values_list("timezone", flat=True)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names WHERE name = ANY(%s)", [list(names)])
        known = {name for (name,) in cursor.fetchall()}
    strange = sorted(name for name in names if name not in known or not _is_zone(name))
    return found(
        "time_zone",
        _("Las zonas horarias se conocen"),
        _(
            "Hay zonas horarias que no se conocen (%(names)s), así que no se sabe a qué hora empieza lo programado: "
            "corrija las de esas empresas, o instale el paquete tzdata del sistema."
        ),
        ok=not strange,
        facts={"names": ", ".join(strange)},
    )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
