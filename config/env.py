"""Read settings from the environment, with one clear error per missing value."""

import base64
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the variable's text; without a default a missing value is an error that names it."""
    value = os.environ.get(name, default)
    if value is None or value == "":
        raise ImproperlyConfigured(f"Set the environment variable {name} (see .env.example).")
    return value


def maybe(name: str) -> str:
    """Return the variable's text, nothing where it is not set."""
    return os.environ.get(name, "")


def flag(name: str, *, default: bool) -> bool:
    """Read a yes/no variable: 1, true, yes, on."""
    value = os.environ.get(name)
    return default if value in (None, "") else value.lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Split a comma-separated variable."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def pairs(name: str) -> dict[str, str]:
    """Split a comma-separated variable of `name=value` pairs."""
    return dict(word.split("=", 1) for word in words(name) if "=" in word)


def home_secret(home: Path, name: str) -> str:
    """Return a 256-bit secret kept in the home's `secrets/` folder, made once on first use.

    For the embedded form only: a production home sets the variable itself.
    """
    path = home / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        try:
            os.link(fresh, path)  # first writer wins when two processes start at once
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
