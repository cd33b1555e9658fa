"""Rotations of the field keys: proposed by one person, decided by another (EVID-13).

`core` asks no permission: the caller has asked for `ROTATE_KEYS`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.encryption.keys import check_value, forget_sealing_key, is_at_hand
from core.enums import FieldCipher, FieldKeyStatus, RotationStatus
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.jobs import enqueue
from core.models import FieldKey, KeyRotation
from core.selectors.keys import values_by_key
from core.services.audit import record_audit

ROTATE, COUNT = "rotate_field_keys", "count_sealed_values"


@transaction.atomic
def propose_rotation(
    *, key_id: str, cipher: str, reason: str, by: Any, at: dt.datetime
) -> KeyRotation:
    """Propose that a key that is at hand seals from now on; nothing changes before approval.

    Raises:
        RuleBroken: no reason, an unknown cipher, a key that is not at hand, that seals now, or
            that was retired or used before under another cipher.
        Conflict: another rotation is under way.
    Source: EVID-13.
    """
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why the key changes."), field="reason")
    if cipher not in FieldCipher.values:
        raise RuleBroken("cipher_unknown", _("Choose one of the ciphers."), field="cipher")
    if not is_at_hand(key_id):
        raise RuleBroken(
            "key_not_at_hand",
            _("No key of the name “%(name)s” is at hand; put it where this house finds its keys.")
            % {"name": key_id},
            field="key_id",
        )
    key = FieldKey.objects.select_for_update().filter(key_id=key_id).first()
    _check_key(key, key_id, cipher)
    try:
        with transaction.atomic():
            key = key or FieldKey.objects.create(
                key_id=key_id,
                cipher=cipher,
                check_value=check_value(key_id),
                made_at=at,
                made_by=by,
            )
            rotation = KeyRotation.objects.create(
                key=key, reason=reason.strip(), proposed_by=by, proposed_at=at
            )
    except IntegrityError as refusal:
        raise Conflict(
            "rotation_under_way", _("Another rotation of keys is under way.")
        ) from refusal
    record_audit(
        action="core.key_rotation_proposed",
        subject=rotation,
        by=by,
        at=at,
        reason=reason,
        key_id=key_id,
        cipher=cipher,
    )
    return rotation


def _check_key(key: FieldKey | None, key_id: str, cipher: str) -> None:
    if key is None:
        return
    if key.check_value != check_value(key_id):
        raise RuleBroken(
            "key_differs",
            _("The key at hand is not the one that was registered under this name."),
            field="key_id",
        )
    if key.status == FieldKeyStatus.CURRENT:
        return  # to seal again what a straggler sealed under a key before
    if key.status != FieldKeyStatus.WAITING or key.cipher != cipher:
        raise RuleBroken(
            "key_used",
            _("This key was registered before; take a new name and a new key."),
            field="key_id",
        )


@transaction.atomic
def approve_rotation(*, rotation: KeyRotation, by: Any, at: dt.datetime) -> KeyRotation:
    """Let the proposed key seal from now on, and start the job that seals every value anew.

    Raises:
        NotPermitted: whoever proposed it does not decide.
        WrongState: it was decided already.
        RuleBroken: the key is no longer at hand, or is another one.
    Source: EVID-13.
    """
    locked = _undecided(rotation, by)
    key = FieldKey.objects.select_for_update().get(pk=locked.key_id)
    if not is_at_hand(key.key_id):
        raise RuleBroken("key_not_at_hand", _("The proposed key is no longer at hand."))
    if key.check_value != check_value(key.key_id):
        raise RuleBroken(
            "key_differs", _("The key at hand is not the one that was registered under this name.")
        )
    FieldKey.objects.filter(status=FieldKeyStatus.CURRENT).exclude(pk=key.pk).update(
        status=FieldKeyStatus.READABLE
    )
    if key.status != FieldKeyStatus.CURRENT:
        key.status, key.current_since = FieldKeyStatus.CURRENT, at
        key.save(update_fields=["status", "current_since"])
    locked.status, locked.decided_by, locked.decided_at = RotationStatus.RUNNING, by, at
    locked.save()
    record_audit(
        action="core.key_rotation_approved", subject=locked, by=by, at=at, key_id=key.key_id
    )
    start_rotation(rotation=locked, by=by, at=at)
    transaction.on_commit(forget_sealing_key)
    return locked


def start_rotation(*, rotation: KeyRotation, by: Any, at: dt.datetime) -> None:
    """Start the job of an approved rotation; one that is under way is left alone."""
    enqueue(
        kind=ROTATE,
        key=str(rotation.pk),
        title=_("Seal all values anew"),
        payload={"rotation_id": rotation.pk},
        by=by,
        at=at,
    )


@transaction.atomic
def reject_rotation(*, rotation: KeyRotation, reason: str, by: Any, at: dt.datetime) -> KeyRotation:
    """Reject a proposed rotation; nothing changes.

    Raises:
        RuleBroken: no reason.
        NotPermitted: whoever proposed it does not decide.
        WrongState: it was decided already.
    """
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why it is rejected."), field="reason")
    locked = _undecided(rotation, by)
    locked.status, locked.decided_by, locked.decided_at = RotationStatus.REJECTED, by, at
    locked.decision_reason = reason.strip()
    locked.save()
    record_audit(action="core.key_rotation_rejected", subject=locked, by=by, at=at, reason=reason)
    return locked


def _undecided(rotation: KeyRotation, by: Any) -> KeyRotation:
    locked = KeyRotation.objects.select_for_update(of=("self",)).get(pk=rotation.pk)
    if by is None or locked.proposed_by_id == by.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes a new key does not decide on it.")
        )
    if locked.status != RotationStatus.PROPOSED:
        raise WrongState("rotation_decided", _("This rotation was decided already."))
    return locked


def start_count(*, by: Any, at: dt.datetime) -> None:
    """Start the job that counts what each key still seals; one under way is left alone."""
    enqueue(
        kind=COUNT,
        key="all",
        title=_("Count sealed values by key"),
        payload={},
        by=by,
        at=at,
    )


@transaction.atomic
def note_counts(*, at: dt.datetime) -> dict[str, int]:
    """Count what each key of the register seals, and note it there; return the numbers."""
    counts = values_by_key()
    for key in FieldKey.objects.select_for_update().order_by("pk"):
        key.sealed_values, key.counted_at = counts[key.key_id], at
        key.save(update_fields=["sealed_values", "counted_at"])
    return dict(counts)


@transaction.atomic
def finish_rotation(
    *, rotation: KeyRotation, resealed: int, unreadable: int, at: dt.datetime
) -> KeyRotation:
    """Note what a rotation did; keys before it retire once nothing is sealed under them.

    With unreadable values it stays open: they are named in the log and looked into by people.
    """
    locked = KeyRotation.objects.select_for_update(of=("self",)).get(pk=rotation.pk)
    locked.resealed += resealed
    locked.unreadable = unreadable
    if not unreadable and locked.status == RotationStatus.RUNNING:
        locked.status, locked.finished_at = RotationStatus.DONE, at
        FieldKey.objects.filter(status=FieldKeyStatus.READABLE).update(
            status=FieldKeyStatus.RETIRED, retired_at=at, retired_by=locked.decided_by
        )
        record_audit(
            action="core.key_rotation_done",
            subject=locked,
            by=None,
            at=at,
            resealed=locked.resealed,
        )
    locked.save()
    return locked
