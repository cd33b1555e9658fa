"""Pytest plugin: bring up the embedded services before Django reads its settings."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("XINBAO_HOME", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ.setdefault("XINBAO_PG_UNSAFE", "1")
os.environ.setdefault("FILES_ROOT", tempfile.mkdtemp(prefix="xinbao-files-"))

from core.stack import embedded

embedded.attach()
