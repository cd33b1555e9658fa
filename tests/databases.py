"""One migrated database for the whole suite: whoever needs an empty one gets a copy of it.

To migrate from nothing costs some twenty seconds; a copy on the same server a third of one, a
restored dump in a home of its own three. The template is named by a digest of the sources from
which it is made, so that another source means another template.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from core.stack import binaries, embedded
from core.stack.places import DATABASE, REPOSITORY, places_of

PREFIX = "xinbao_template_"
VARIABLE = "XINBAO_TEST_TEMPLATE"  # set before the workers begin, so that all mean the same source
REQUIREMENTS = REPOSITORY / "requirements.txt"
NO_APPS = {
    "tests", "templates", "static", "locale", "docs", "demo", "var", "node_modules", "staticfiles",
}  # fmt: skip


def template() -> str:
    """Return the name of the template; it is made when this source has none yet.

    Nobody can look into it, so it stays as it was made and may be copied at any time.
    """
    name = os.environ[VARIABLE]
    with (_home() / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other worker waits until it is made
        if (name,) not in _of_templates():
            _make(name)
    return name


def clone(name: str) -> str:
    """Make an empty, migrated database on the server of the tests; return its address."""
    drop(name)
    _execute(f'CREATE DATABASE "{name}" TEMPLATE {template()}')
    return address_of(name)


def drop(name: str) -> None:
    """Drop a database, whoever still looks at it."""
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def address_of(name: str) -> str:
    """Return the address of another database on the server of the tests."""
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def furnish(home: Path) -> None:
    """Start a new home with services of its own, and give it the tables and the keys of the tests.

    What `manage.py` would find there after it had migrated.
    """
    own = embedded.up(home=home).database_url
    shutil.copytree(_home() / "secrets", home / "secrets", dirs_exist_ok=True)
    copy = f"xinbao_dumped_{os.getpid()}"
    tables = _tool("pg_dump", clone(copy))
    drop(copy)
    roles = _tool("pg_dumpall", "--roles-only", "--dbname", os.environ["DATABASE_URL"])
    roles = b"\n".join(line for line in roles.splitlines() if b" ROLE xinbao;" not in line)
    for words in (roles, tables):
        _tool("psql", "--quiet", "--set", "ON_ERROR_STOP=1", own, given=words)


def _of_templates() -> list[tuple]:
    return _execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", PREFIX)


def _make(name: str) -> None:
    for (other,) in _of_templates():  # of another source, or half made
        drop(other)
    fresh = f"{PREFIX}fresh"
    _execute(f"CREATE DATABASE {fresh}")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"],
        cwd=REPOSITORY,
        env=os.environ | {"DATABASE_URL": address_of(fresh)},
        check=True,
    )
    _execute(f"ALTER DATABASE {fresh} ALLOW_CONNECTIONS false")
    _execute(f"ALTER DATABASE {fresh} RENAME TO {name}")
    if os.environ["DATABASE_URL"] == embedded.urls().database_url and _has_no_tables():
        drop(DATABASE)  # the home's own, into which commands look
        _execute(f"CREATE DATABASE {DATABASE} TEMPLATE {name}")


def _has_no_tables() -> bool:
    return _execute("SELECT to_regclass('django_migrations')", database=DATABASE) == [(None,)]


def name_of_source() -> str:
    """Return what the template of the present source is called."""
    digest = hashlib.sha256()
    for path in sorted([*filter(_has_a_say, REPOSITORY.glob("[a-z]*/**/*")), REQUIREMENTS]):
        digest.update(f"{path.relative_to(REPOSITORY)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return f"{PREFIX}{digest.hexdigest()[:16]}"


def _has_a_say(path: Path) -> bool:
    """Tell whether a file may change what the tables are and what they hold from the start.

    Migrations and what they read and use; models and apps, for what is done after a migration.
    """
    top, *folders, name = path.relative_to(REPOSITORY).parts
    return (
        top not in NO_APPS
        and "__pycache__" not in folders
        and path.is_file()
        and (
            top in {"core", "config"}
            or "migrations" in folders
            or "models" in folders
            or name in {"models.py", "apps.py"}
            or path.suffix != ".py"
        )
    )


def _home() -> Path:
    return places_of().home


def _execute(statement: str, *words: str, database: str = "postgres") -> list[tuple]:
    server = psycopg2.connect(address_of(database))
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(statement, words or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        server.close()


def _tool(name: str, *words: str, given: bytes | None = None) -> bytes:
    command = [binaries.postgres_folder() / name, *words]
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout
