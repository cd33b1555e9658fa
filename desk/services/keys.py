"""Rotations of keys, by those who may."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from core.models import KeyRotation
from core.services import keys
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from organization.services.awaiting import align_work


@transaction.atomic
def propose_rotation(
    *, key_id: str, cipher: str, reason: str, by: Staff, at: dt.datetime
) -> KeyRotation:
    """Propose the key that seals from now on. Refusals: `core.services.keys`. Source: EVID-13.

    Raises:
        NotPermitted: the person does not rotate keys.
    """
    check(by, Permission.ROTATE_KEYS)
    rotation = keys.propose_rotation(key_id=key_id, cipher=cipher, reason=reason, by=by, at=at)
    align_work(subjects=[rotation], by=by, at=at)
    return rotation


@transaction.atomic
def approve_rotation(*, rotation: KeyRotation, by: Staff, at: dt.datetime) -> KeyRotation:
    """Approve a rotation that somebody else proposed, and start its job. Source: EVID-13.

    Raises:
        NotPermitted: the person does not rotate keys, or proposed this one.
    """
    check(by, Permission.ROTATE_KEYS)
    decided = keys.approve_rotation(rotation=rotation, by=by, at=at)
    align_work(subjects=[decided], by=by, at=at, outcome="approved")
    return decided


@transaction.atomic
def reject_rotation(
    *, rotation: KeyRotation, reason: str, by: Staff, at: dt.datetime
) -> KeyRotation:
    """Reject a rotation that somebody else proposed.

    Raises:
        NotPermitted: the person does not rotate keys, or proposed this one.
    """
    check(by, Permission.ROTATE_KEYS)
    decided = keys.reject_rotation(rotation=rotation, reason=reason, by=by, at=at)
    align_work(subjects=[decided], by=by, at=at, outcome="refused")
    return decided


@transaction.atomic
def start_count(*, by: Staff, at: dt.datetime) -> None:
    """Have counted anew what each key seals.

    Raises:
        NotPermitted: the person does not rotate keys.
    """
    check(by, Permission.ROTATE_KEYS)
    keys.start_count(by=by, at=at)
