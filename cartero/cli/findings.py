"""What `cartero doctor` can tell without a database: of this machine, and of what its operator has set."""

import ipaddress
import os
import platform
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
from django.conf import settings

from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.platform import datafolder, env
from cartero.platform.storage import BUCKET

LEAST_ROOM = 1_000_000_000  # bytes; a database whose disk is full stops
VOLATILE = frozenset({"tmpfs", "ramfs"})
SHORTEST_SECRET = 32  # characters


@dataclass(frozen=True, kw_only=True)
class Finding:
    check: str  # for programs
    ok: bool
    text: str  # for the operator: what is well; or what is wrong, why that matters and how to mend it
    is_grave: bool = True  # where not, Cartero works as it was asked to, and the operator should know


def found(check: str, good: str, bad: str, *, ok: bool, facts: Mapping[str, Any]) -> Finding:
    return Finding(check=check, ok=ok, text=spoken(good if ok else bad) % facts)


def all_of_machine() -> list[Finding]:
    return [python_is_new(), folder_is_ours(), there_is_room(), disks_last()]


def all_of_settings() -> list[Finding]:
    """Once Django is loaded."""
    return [debug_is_off(), secret_is_long(), pages_are_safe(), proxy_is_known(), notices_can_go()]


def python_is_new() -> Finding:
    return found(
        "python",
        _("Python %(version)s"),
        _("Python %(version)s es muy viejo: instale 3.11 o más nuevo y ejecute bin/setup."),
        ok=sys.version_info >= (3, 11),
        facts={"version": platform.python_version()},
    )


def folder_is_ours() -> Finding:
    """Written by us alone, and its keys read by us alone."""
    home = datafolder.home()
    keys = [home / name for name in ("secret-key", "encryption-keys")]
    open_to_others = [key.name for key in keys if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077]
    return found(
        "folder",
        _("La carpeta de datos es %(folder)s y solo usted la escribe"),
        _(
            "La carpeta de datos %(folder)s no está bien protegida, así que otros usuarios de la máquina podrían leer "
            "las llaves o cambiar los datos: quíteles permisos a los demás (chmod go-rw)."
        ),
        ok=os.access(home, os.W_OK) and not open_to_others and not home.stat().st_mode & 0o022,
        facts={"folder": home},
    )


def there_is_room() -> Finding:
    """Where the data is, and where files are stored."""
    free, place = min((shutil.disk_usage(place).free, str(place)) for place in _folders())
    return found(
        "disk",
        _("Hay %(free).1f GB libres en el disco"),
        _("Quedan %(free).1f GB en el disco de %(place)s. Libere espacio: sin él la base de datos se detiene."),
        ok=free >= LEAST_ROOM,
        facts={"free": free / 1e9, "place": place},
    )


def disks_last() -> Finding:
    """What lies in the memory of the machine is gone when it restarts."""
    volatile = [str(place) for place in _folders() if disk_of(place) in VOLATILE]
    return found(
        "volatile",
        _("Los datos están en un disco que los conserva"),
        _(
            "%(places)s está en la memoria de la máquina y no en un disco, así que todo se pierde cuando se reinicie: "
            "póngala en un disco, con CARTERO_HOME o CARTERO_FILES."
        ),
        ok=not volatile,
        facts={"places": ", ".join(volatile)},
    )


def _folders() -> list[Path]:
    """Where this machine keeps data and files, as far as that is there."""
    files = env.text("CARTERO_FILES")
    places = {datafolder.home()} if not files or files.startswith(BUCKET) else {datafolder.home(), Path(files)}
    return sorted(place for place in places if place.exists())


def disk_of(place: Path) -> str:
    """The kind of file system that holds `place`, such as ext4."""
    mounted = {each.mountpoint: each.fstype for each in psutil.disk_partitions(all=True)}
    real = place.resolve()
    return next((mounted[str(above)] for above in (real, *real.parents) if str(above) in mounted), "")


def debug_is_off() -> Finding:
    return found(
        "debug",
        _("El modo de depuración está apagado"),
        _(
            "El modo de depuración (DEBUG) está encendido, y muestra el código y la configuración a cualquiera que "
            "provoque un error: apáguelo en el módulo que nombra DJANGO_SETTINGS_MODULE."
        ),
        ok=not settings.DEBUG,
        facts={},
    )


def secret_is_long() -> Finding:
    return found(
        "secret",
        _("La llave secreta es larga"),
        _(
            "La llave secreta falta o es muy corta, y con ella cualquiera podría firmar una sesión ajena: ponga en "
            "CARTERO_SECRET_KEY_FILE un archivo con 50 caracteres al azar, el mismo en todas las máquinas."
        ),
        ok=len(settings.SECRET_KEY) >= SHORTEST_SECRET,
        facts={},
    )


def pages_are_safe() -> Finding:
    """Passwords travel in the clear only inside this machine."""
    hosts = [env.text("CARTERO_ADDRESS", default="127.0.0.1"), urlsplit(settings.PUBLIC_URL).hostname or ""]
    open_host = next((host for host in hosts if not _is_loopback(host)), "")
    return found(
        "tls",
        _("Las páginas se abren por https, o solo desde esta máquina"),
        _(
            "Las páginas se abren por http desde otras máquinas (%(host)s), así que en la red se leen contraseñas y "
            "facturas: ponga un proxy con TLS delante y en CARTERO_PUBLIC_URL una dirección https://."
        ),
        ok=settings.UNDER_TLS or not open_host,
        facts={"host": open_host},
    )


def proxy_is_known() -> Finding:
    return found(
        "proxy",
        _("Los intentos de entrar se cuentan por la dirección de cada persona"),
        _(
            "Las páginas están detrás de un proxy que Cartero no conoce, así que para él todas las personas llegan de "
            "una misma dirección y quien pruebe contraseñas bloquea a las demás: diga en CARTERO_TRUSTED_PROXIES "
            "cuántos proxies hay delante (casi siempre 1)."
        ),
        ok=not settings.UNDER_TLS or settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0,
        facts={},
    )


def notices_can_go() -> Finding:
    finding = found(
        "notices",
        _("Los avisos a los usuarios salen por %(host)s"),
        _(
            "No hay un servidor de correo para los avisos a los usuarios, así que no les llegan invitaciones, "
            "contraseñas nuevas ni resúmenes: nombre uno con CARTERO_MAIL_HOST."
        ),
        ok=bool(settings.EMAIL_HOST),
        facts={"host": settings.EMAIL_HOST},
    )
    return replace(finding, is_grave=False)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
