"""What of the keys waits for somebody: a rotation that one person proposed."""

from django.db.models import Q
from django.urls import reverse

from core.enums import RotationStatus
from core.models import KeyRotation
from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting

WAITING = (
    Awaiting(
        kind=WorkKind.KEY_ROTATION,
        model=KeyRotation,
        waits=Q(status=RotationStatus.PROPOSED),
        title=lambda rotation: f"#{rotation.pk} · {rotation.key.key_id}",
        url=lambda rotation: reverse("desk:keys"),
        permission=Permission.ROTATE_KEYS,
        initiator_id=lambda rotation: rotation.proposed_by_id,
        is_by_another=True,
        related=("key",),
    ),
)
