"""The migrations that this program brings, held against those that the database has been through."""

from functools import cache

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Name = tuple[str, str]


def missing() -> frozenset[Name]:
    """What the database has still to go through: `cartero migrate`. One query."""
    return _brought() - _applied()


def unknown() -> set[Name]:
    """What it has been through that this program does not know: this program is the older one."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("cartero.")}
    return {(app, name) for app, name in _applied() - _brought() if app in ours}


def is_apart() -> bool:
    """Whether neither is the older one: it lacks some of this program's and has been through others."""
    return bool(missing() and unknown())


@cache
def _brought() -> frozenset[Name]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _applied() -> set[Name]:
    return set(MigrationRecorder(connection).applied_migrations())
