"""What the architecture tests walk over: the apps in their order, and the files of the house."""

import ast
import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
# from the ground up: the layers of the first contract, turned round
ORDER = tuple(reversed(CONTRACTS["contracts"][0]["layers"]))
PACKAGES = tuple(CONTRACTS["root_packages"])

_NOT_OURS = {
    ".git", ".venv", "var", "node_modules", "vendor", "staticfiles", "__pycache__", ".hypothesis",
    ".import_linter_cache", ".grimp_cache", ".pytest_cache", ".ruff_cache", ".mypy_cache",
}  # fmt: skip


def files(*suffixes: str, under: Path = ROOT) -> Iterator[Path]:
    """Yield our own files (of these endings; of none given, all), in order. Needs no git."""
    for folder, names, entries in os.walk(under):
        names[:] = sorted(name for name in names if name not in _NOT_OURS)
        for entry in sorted(entries):
            path = Path(folder, entry)
            if (not suffixes or path.suffix in suffixes) and entry != ".env":
                yield path


def named(path: Path) -> str:
    """Return the path as people write it, from the root of the house."""
    return path.relative_to(ROOT).as_posix()


def sources(*, tests: bool = False) -> Iterator[Path]:
    """Yield Python sources of the apps, config and manage.py; migrations are records, not code."""
    for path in files(".py"):
        parts = path.relative_to(ROOT).parts
        is_ours = parts[0] in PACKAGES or (len(parts) == 1)
        if "migrations" not in parts and (is_ours or (tests and parts[0] == "tests")):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """Parse one source."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))
