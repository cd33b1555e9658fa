"""The sealed secrets of second factors inside allauth's table, for rotations of keys."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.db import transaction

from core.encryption.texts import SealedTexts
from desk.adapters.sign_in import SECRET

NAMES = ("secret", "seed")  # of an app; of recovery codes
Handle = tuple[int, str]


def secrets_sealed() -> SealedTexts:
    """Return where the secrets of apps and recovery codes stand."""
    return SealedTexts(column=SECRET, key="secret", values=_values, replace=_replace)


def _values() -> Iterator[tuple[Handle, bytes]]:
    for row in Authenticator.objects.order_by("pk").iterator():
        for name in NAMES:
            if row.data.get(name):
                yield (row.pk, name), base64.b64decode(row.data[name])


@transaction.atomic
def _replace(handle: Handle, old: bytes, new: bytes) -> bool:
    pk, name = handle
    row = Authenticator.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if row is None or base64.b64decode(row.data.get(name, "")) != old:
        return False
    row.data[name] = base64.b64encode(new).decode()
    row.save(update_fields=["data"])
    return True
