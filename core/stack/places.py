"""Where the files of one home stand."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from core.stack.errors import StackError

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST_RUN_FOLDER = 80  # bytes; a Unix socket's whole path may have 107
SHORT = Path("/tmp")  # noqa: S108 -- never TMPDIR: every process must find the same folder
DATABASE = "xinbao"
USER = "xinbao"


@dataclass(frozen=True)
class Urls:
    """Addresses of the two services, as `DATABASE_URL` and `REDIS_URL` state them."""

    database_url: str
    redis_url: str


@dataclass(frozen=True)
class Places:
    """The folders and files of a home."""

    home: Path
    run: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "postgres"

    @property
    def queue(self) -> Path:
        """Valkey's folder, with its append-only file."""
        return self.home / "valkey"

    @property
    def log(self) -> Path:
        """The services' logs."""
        return self.home / "log"

    @property
    def postgres_socket(self) -> Path:
        """The socket that PostgreSQL makes in its socket folder."""
        return self.run / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.run / "r.sock"

    @property
    def urls(self) -> Urls:
        """The addresses, whether or not the services run."""
        host = quote(str(self.run), safe="")
        return Urls(
            database_url=f"postgres://{USER}@{host}/{DATABASE}",
            redis_url=f"unix://{quote(str(self.valkey_socket))}",
        )


def places_of(*, home: Path | str | None = None) -> Places:
    """Return the places of `home`, of `XINBAO_HOME`, or of `var/` in the repository.

    A home whose path is too long for a socket gets a run folder in the temporary folder, named
    by a hash of the home, so that every process finds the same one.
    """
    chosen = home or os.environ.get("XINBAO_HOME") or REPOSITORY / "var"
    resolved = Path(chosen).expanduser().resolve()
    run = resolved / "run"
    if len(os.fsencode(run)) > LONGEST_RUN_FOLDER:
        digest = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:16]
        run = SHORT / f"xinbao-{digest}"
    return Places(home=resolved, run=run)


def make_folders(*, places: Places) -> None:
    """Make the home's folders; refuse a run folder that somebody else put there first."""
    for folder in (places.home, places.log):
        folder.mkdir(parents=True, exist_ok=True)
    places.run.mkdir(mode=0o700, exist_ok=True)
    found = places.run.lstat()
    if not stat.S_ISDIR(found.st_mode) or (os.geteuid() not in (0, found.st_uid)):
        raise StackError(f"{places.run} belongs to somebody else; remove it or move XINBAO_HOME.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        places.run.chmod(0o700)
