"""What `cartero doctor` can tell without a database."""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cartero.cli.spanish import noop as _
from cartero.cli.spanish import spoken
from cartero.platform import datafolder

LEAST_ROOM = 1_000_000_000  # bytes; a database whose disk is full stops


@dataclass(frozen=True, kw_only=True)
class Finding:
    check: str  # for programs
    ok: bool
    text: str  # for the operator: what is well, or what is wrong and how to mend it


def found(check: str, good: str, bad: str, *, ok: bool, facts: Mapping[str, Any]) -> Finding:
    return Finding(check=check, ok=ok, text=spoken(good if ok else bad) % facts)


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
        _("La carpeta de datos %(folder)s no está bien protegida: quíteles permisos a los demás (chmod go-rw)."),
        ok=os.access(home, os.W_OK) and not open_to_others and not home.stat().st_mode & 0o022,
        facts={"folder": home},
    )


def there_is_room() -> Finding:
    free = shutil.disk_usage(datafolder.home()).free
    return found(
        "disk",
        _("Hay %(free).1f GB libres en el disco"),
        _("Quedan %(free).1f GB en el disco. Libere espacio: sin él la base de datos se detiene."),
        ok=free >= LEAST_ROOM,
        facts={"free": free / 1e9},
    )
