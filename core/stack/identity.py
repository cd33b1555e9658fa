"""As whom the servers run: PostgreSQL refuses root."""

import functools
import os
import pwd
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from core.stack.errors import StackError

NOBODY = 65534
UNSHARE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")

# Another user who may still read a home that stands in root's own folder.
_CAPABILITY = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
SWITCH = ("setpriv", "--clear-groups", *_CAPABILITY)


@dataclass(frozen=True)
class Identity:
    """A command prefix and the arguments of `Popen` that give a server its user."""

    prefix: tuple[str, ...] = ()
    popen: dict = field(default_factory=dict)
    uid: int | None = None
    gid: int | None = None

    def give(self, path: Path) -> None:
        """Make `path` the server's own where that needs saying."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)


def identity_for(*, data: Path) -> Identity:
    """Return the identity for a data folder.

    An ordinary user runs the servers as himself. Root runs them as the data folder's owner, else
    in a user namespace where he is nobody, else (in a container that forbids those) as nobody.
    """
    if os.geteuid() != 0:
        return Identity()
    owner = data.stat().st_uid if data.exists() else 0
    if owner:
        return _dropped_to(owner)
    if _works(UNSHARE):
        return Identity(prefix=UNSHARE)
    if data.exists():
        raise StackError(
            f"PostgreSQL refuses to run as root, and {data} belongs to root: run as an ordinary"
            " user with a home of its own, or set DATABASE_URL."
        )
    return _dropped_to(NOBODY)


def _dropped_to(uid: int) -> Identity:
    try:
        gid = pwd.getpwuid(uid).pw_gid
    except KeyError:
        gid = uid
    switch = (*SWITCH, f"--reuid={uid}", f"--regid={gid}")
    if _works(switch):
        return Identity(prefix=switch, uid=uid, gid=gid)
    return Identity(popen={"user": uid, "group": gid, "extra_groups": []}, uid=uid, gid=gid)


@functools.cache
def _works(prefix: tuple[str, ...]) -> bool:
    try:
        tried = subprocess.run([*prefix, "true"], capture_output=True, check=False)  # noqa: S603
    except OSError:
        return False
    return tried.returncode == 0
