"""`manage.py make_field_key NAME`: make a key for sealed values in the folder of keys."""

import base64
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.encryption.keys import check_value, is_at_hand, is_key_name


class Command(BaseCommand):
    """Make a key; a rotation, decided by two people, puts it to use."""

    help = "Make a 256-bit key in FIELD_KEYS_FOLDER; it seals nothing before a rotation."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name."""
        parser.add_argument("name", help="letters, digits, - and _, at most 32")

    def handle(self, *, name: str, **_options: object) -> None:
        """Write the file, readable by its owner alone, and print the check value."""
        if not is_key_name(name):
            raise CommandError("A key's name has letters, digits, - and _, at most 32.")
        if is_at_hand(name):
            raise CommandError(f"There is a key {name} already; take another name.")
        folder = Path(settings.FIELD_KEYS_FOLDER)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as there:
            raise CommandError(f"{folder / name} exists and is no key.") from there
        with os.fdopen(handle, "w") as sink:
            sink.write(base64.b64encode(secrets.token_bytes(32)).decode())
        self.stdout.write(f"{name} {check_value(name)}")
