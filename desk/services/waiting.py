"""What of the house itself waits for somebody: a rotation of keys, words of messages."""

from django.db.models import Q
from django.urls import reverse

from core.enums import RotationStatus, TemplateStatus
from core.models import KeyRotation, MessageTemplate
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
    Awaiting(
        kind=WorkKind.WORDS_APPROVAL,
        model=MessageTemplate,
        waits=Q(status=TemplateStatus.PROPOSED),
        title=lambda words: f"#{words.pk} {words.code} · {words.channel} · {words.language}",
        url=lambda words: reverse("desk:message_template", args=[words.pk]),
        permission=Permission.APPROVE_REGISTERS,
        initiator_id=lambda words: words.proposed_by_id,
        is_by_another=True,
    ),
)
