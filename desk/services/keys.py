"""Rotations of keys, by those who may."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from core.models import KeyRotation
from core.services import keys
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check


@transaction.atomic
def propose_rotation(
    *, key_id: str, cipher: str, reason: str, by: Staff, at: dt.datetime
) -> KeyRotation:
    """Propose the key that seals from now on. Refusals: `core.services.keys`. Source: EVID-13.

    Raises:
        NotPermitted: the person does not rotate keys.
    """
    check(by, Permission.ROTATE_KEYS)
    return keys.propose_rotation(key_id=key_id, cipher=cipher, reason=reason, by=by, at=at)


@transaction.atomic
def approve_rotation(*, rotation: KeyRotation, by: Staff, at: dt.datetime) -> KeyRotation:
    """Approve a rotation that somebody else proposed, and start its job. Source: EVID-13.

    Raises:
        NotPermitted: the person does not rotate keys, or proposed this one.
    """
    check(by, Permission.ROTATE_KEYS)
    return keys.approve_rotation(rotation=rotation, by=by, at=at)


@transaction.atomic
def reject_rotation(
    *, rotation: KeyRotation, reason: str, by: Staff, at: dt.datetime
) -> KeyRotation:
    """Reject a rotation that somebody else proposed.

    Raises:
        NotPermitted: the person does not rotate keys, or proposed this one.
    """
    check(by, Permission.ROTATE_KEYS)
    return keys.reject_rotation(rotation=rotation, reason=reason, by=by, at=at)


@transaction.atomic
def start_count(*, by: Staff, at: dt.datetime) -> None:
    """Have counted anew what each key seals.

    Raises:
        NotPermitted: the person does not rotate keys.
    """
    check(by, Permission.ROTATE_KEYS)
    keys.start_count(by=by, at=at)
