"""Row-level security: the second wall, in the database, behind the scoped selectors.

Pages run as the role `xinbao_app`, which owns nothing and passes no policy by. Who looks is told to
the transaction in three settings: `xinbao.scope` (path of the unit whose subtree the person sees,
empty for none), `xinbao.staff` (id) and `xinbao.kind` (see `organization.enums.RoleKind`). Without
them a protected table shows no row. Jobs and commands keep the login role and see all.
Source: safety.md, A4; ADR 0020.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.migrations import RunSQL
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

APP_ROLE = "xinbao_app"
_LOOK = (
    "SELECT set_config('role', %s, true), set_config('xinbao.scope', %s, true),"
    " set_config('xinbao.staff', %s, true), set_config('xinbao.kind', %s, true)"
)

_PRESENT = (
    "SELECT current_setting('role'), coalesce(current_setting('xinbao.scope', true), ''),"
    " coalesce(current_setting('xinbao.staff', true), ''),"
    " coalesce(current_setting('xinbao.kind', true), '')"
)


@contextmanager
def seen_by(*, scope: str, staff_id: int | None, kind: str) -> Iterator[bool]:
    """Do what follows in one transaction with the eyes of a person; nobody sees nothing.

    Yields whether this is the outermost transaction. One round trip, sent beside Django's cursors.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(savepoint=False):
        _look(APP_ROLE, scope, str(staff_id or ""), kind)
        try:
            yield is_outermost
        finally:
            if not is_outermost and not connection.needs_rollback:
                _look("none", "", "", "")  # else the end of the transaction forgets it


def _look(*words: str) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(_LOOK, words)


@contextmanager
def past_the_wall() -> Iterator[None]:
    """Let the house itself look, inside a transaction, and give the eyes back afterwards.

    For a service that asked its permission and must keep whole what its person does not see: the
    system administrator dismisses somebody and sees none of the work that is handed over.
    """
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(_PRESENT)
        role, *eyes = cursor.fetchone()
    if role == "none":
        yield
        return
    _look("none", "", "", "")
    try:
        yield
    finally:
        if connection.connection.get_transaction_status() != TRANSACTION_STATUS_INERROR:
            _look(role, *eyes)  # else the roll-back forgets it


def protect(table: str, condition: str) -> RunSQL:
    """Return the operation that shows the app role only those rows of `table` that fit."""
    policy = f"{table}_seen"
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY {policy} ON {table} USING ({condition});",
        f"DROP POLICY {policy} ON {table}; ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def widen(table: str, condition: str, *, before: str) -> RunSQL:
    """Return the operation that lets the policy of `table` show other rows than `before`."""
    words = f"ALTER POLICY {table}_seen ON {table} USING"
    return RunSQL(f"{words} ({condition})", f"{words} ({before})")


def grant_tables(**_signal: object) -> None:
    """Let the app role read and write every table of the house, as the policies and triggers allow.

    Runs after each migration. Partitions are reached through their parent alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
        if cursor.fetchone() is None:
            return  # the first migration of core has not run (or was taken back)
        cursor.execute(
            f"""
            DO $$
            DECLARE each regclass;
            BEGIN
                GRANT USAGE ON SCHEMA public TO {APP_ROLE};
                FOR each IN
                    SELECT oid FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                        AND NOT relispartition
                        AND relname <> 'django_migrations'
                LOOP
                    EXECUTE format(
                        'GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO {APP_ROLE}', each);
                END LOOP;
                REVOKE UPDATE, DELETE ON core_auditrecord, core_signedhead, core_signingkey,
                    core_anchorreceipt, core_publiccheck, core_delivery FROM {APP_ROLE};
                REVOKE INSERT, UPDATE, DELETE ON core_chainlink, core_rowchange FROM {APP_ROLE};
            END $$
            """  # noqa: S608 (composed of our own names)
        )
