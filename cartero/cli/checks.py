"""What `cartero doctor` asks the database and the stored files."""

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import connection

from cartero.cli import machines, sealed, starting, web, worker
from cartero.cli.findings import Finding, found
from cartero.cli.spanish import noop as _
from cartero.companies import outside
from cartero.companies.models import Company
from cartero.invoices import storing
from cartero.invoices.models import InvoiceFile
from cartero.platform import queue, storage
from cartero.platform.storage import StorageAway, StorageFull, StorageGone, StorageRefuses

OLDEST = 150_000  # PostgreSQL 15
ENCODING = "UTF8"
SAMPLE = 50  # files whose content is compared with their hash
QUEUE_POOL = 4  # connections of a worker that Procrastinate holds for itself
SLOW = 0.5  # seconds for a file that is written, read and taken away
_TROUBLES: dict[type[StorageAway], str] = {
    StorageGone: _(
        "No existe el lugar donde se guardan los archivos, %(where)s (%(reason)s), así que no se puede importar ni "
        "enviar: monte la carpeta o cree el bucket, o corrija CARTERO_FILES."
    ),
    StorageRefuses: _(
        "El almacenamiento %(where)s no deja guardar o leer (%(reason)s), así que no se puede importar ni enviar: "
        "corrija los permisos de la carpeta, o las credenciales (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) y lo que "
        "se les permite en el bucket."
    ),
    StorageFull: _(
        "No queda espacio en %(where)s (%(reason)s), así que no se puede importar: libere espacio o agrándelo."
    ),
    StorageAway: _(
        "El almacenamiento %(where)s no responde (%(reason)s), así que no se puede importar ni enviar: revise la red y "
        "CARTERO_FILES."
    ),
}
SPARE = 10  # connections for who looks after the database


def all_of_database() -> list[Finding]:
    """In an order in which the first that fails explains the rest."""
    first = [_server(), _is_utf8(), _is_durable(), _is_migrated()]
    if not first[-1].ok:
        return first
    files = _storage()
    rest: list[Callable[[], Finding]] = [_keys, _connections, _time_zones, _links]
    found = [*first, files, *(check() for check in rest)]
    return [*found, _storage_is_fast(), _files(), *machines.all_of_workers()] if files.ok else found


def _one(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])


def _is_utf8() -> Finding:
    name = _one("SHOW server_encoding")
    return found(
        "encoding",
        _("La base de datos guarda cualquier letra (UTF8)"),
        _(
            "La base de datos usa %(name)s y no UTF8, así que nombres con tildes o de otros alfabetos se dañan o se "
            "rechazan: créela otra vez con ENCODING 'UTF8' y recupere en ella la copia de respaldo."
        ),
        ok=name == ENCODING,
        facts={"name": name},
    )


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
        storage.remember()
        storage.try_out()
        is_same = storage.is_same()
    except StorageAway as error:
        bad = next(words for kind, words in _TROUBLES.items() if isinstance(error, kind))
        return found("storage", bad, bad, ok=False, facts={"where": settings.FILES, "reason": error.facts["reason"]})
    return found(
        "storage",
        _("Los archivos se guardan y se leen"),
        _(
            "Esta máquina ve otros archivos que las demás, así que no encuentra lo que se importó en ellas: "
            "CARTERO_FILES debe ser la misma carpeta, o el mismo bucket, para todas."
        ),
        ok=is_same,
        facts={},
    )


def _storage_is_fast() -> Finding:
    """The middle one of three: the first one also connects."""
    took = sorted(_seconds(storage.try_out) for _time in range(3))[1]
    finding = found(
        "storage_speed",
        _("Guardar y leer un archivo tarda %(took).2f s"),
        _(
            "Guardar y leer un archivo tarda %(took).2f s, así que importar y enviar van despacio: acerque el "
            "almacenamiento a estas máquinas, o revise la red entre ellos."
        ),
        ok=took <= SLOW,
        facts={"took": took},
    )
    return replace(finding, is_grave=False)


def _seconds(act: Callable[[], None]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


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


def _links() -> Finding:
    """Mails have links only where the outside address is known; they are good where it is one for all."""
    words = outside.trouble()
    finding = found(
        "links",
        _("Los enlaces de los correos llevan a una dirección conocida, o ninguna empresa los quiere"),
        _(
            "%(words)s Ponga en CARTERO_PUBLIC_URL la dirección https:// con que se llega a Cartero desde afuera, o "
            "apague los enlaces en Configuración, Empresa."
        ),
        ok=not words or not Company.objects.filter(has_links=True).exists(),
        facts={"words": words},
    )
    return replace(finding, is_grave=False)
