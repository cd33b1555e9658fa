"""A folder in place of the outside: one file for each key, written once. For the embedded form."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from core.channels.base import Parcel

_NAME = re.compile(r"[^A-Za-z0-9-]")


def keep_once(folder: Path, name: str, content: bytes) -> bool:
    """Write a file whole, or leave the one that is there; return whether it was written now."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{secrets.token_hex(8)}"
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    try:
        os.link(fresh, folder / name)
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True


class FolderSms:
    """Short messages as files; the receipt is the file's name."""

    name = "folder"

    def deliver(self, parcel: Parcel) -> str:
        name = f"{_NAME.sub('', parcel.key)}.txt"
        words = f"{parcel.address}\n{parcel.body}\n"
        keep_once(Path(settings.SMS_FOLDER), name, words.encode())
        return name


class MailFolder(BaseEmailBackend):
    """Django's e-mail into files named after the Message-ID; the same one is written once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        for each in email_messages:
            message = each.message()
            name = _NAME.sub("", str(message["Message-ID"]).split("@", 1)[0])
            keep_once(folder, f"{name}.eml", message.as_bytes())
        return len(email_messages)
