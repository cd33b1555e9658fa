"""Keep the tables of an embedded home up to date; the one module here that needs Django."""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

LOCK = 0x58494E42414F  # "XINBAO": one process migrates, the others wait


def bring_up_to_date() -> bool:
    """Migrate quietly when a migration on disk is not recorded; True when it did.

    One query when nothing is to do. Words go to standard error.
    """
    if not _is_behind():
        return False
    with _locked():
        if not _is_behind():
            return False
        sys.stderr.write("Updating the database's tables...\n")
        call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    return True


def _is_behind() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations')")
        if cursor.fetchone() == (None,):
            return True
        cursor.execute("SELECT app, name FROM django_migrations")
        return not _on_disk().issubset(cursor.fetchall())


def _on_disk() -> set[tuple[str, str]]:
    return {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in _migrations_folder(app).glob("*.py")
        if path.stem[0] not in "_~"
    }


def _migrations_folder(app: AppConfig) -> Path:
    elsewhere = settings.MIGRATION_MODULES.get(app.label)
    if elsewhere:
        return Path(importlib.import_module(elsewhere).__path__[0])
    return Path(app.path) / "migrations"


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
