"""A chain of a few records, and the folder of the audit administrator."""

import pytest
from django.db import connection

from core.services import record_audit, settle


@pytest.fixture
def folder(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


@pytest.fixture
def chain(hq, at, manager_lin, folder):
    """Return a function that appends records about the head office and settles them."""

    def append(count: int = 10, **words):
        made = [
            record_audit(
                action="test.done", subject=hq, by=manager_lin, at=at,
                reason=f"第{n}步", share=0.5, n=n, **words,
            )
            for n in range(count)
        ]  # fmt: skip
        settle()
        return made

    return append


@pytest.fixture
def superuser(db):
    """Run SQL as a superuser of the database does who switched the triggers off."""

    def run(sql: str, *values):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET LOCAL session_replication_role = origin")

    return run
