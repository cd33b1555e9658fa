"""Pytest plugin: bring up the embedded services before Django reads its settings."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("XINBAO_HOME", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ.setdefault("XINBAO_PG_UNSAFE", "1")
# Playwright's loop lives on in a worker that has run a journey; the ORM is still called in order.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
if "PYTEST_XDIST_WORKER" in os.environ or "FILES_ROOT" not in os.environ:
    # Each worker keeps its own files, as it has its own database.
    os.environ["FILES_ROOT"] = tempfile.mkdtemp(prefix="xinbao-files-")

from core.stack import embedded
from tests import databases

embedded.attach()
os.environ.setdefault(databases.VARIABLE, databases.name_of_source())
