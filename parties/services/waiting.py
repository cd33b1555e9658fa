"""What of personal data waits for somebody: exports, deletions, requests of persons, alerts."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting, end_of
from parties.enums import ExportStatus, ListStatus, PersonRequestState, RuleStatus
from parties.models import BehaviourAlert, DeletionList, Export, PersonRequest, RetentionRule


def _export_title(export: Export) -> str:
    return f"{export.number} {export.title} · {export.rows:,}"


WAITING = (
    Awaiting(
        kind=WorkKind.EXPORT_APPROVAL,
        model=Export,
        waits=Q(status=ExportStatus.WAITING),
        title=_export_title,
        url=lambda export: reverse("parties:export", args=[export.pk]),
        permission=Permission.APPROVE_EXPORT,
        unit_id=lambda export: export.unit_id,
        initiator_id=lambda export: export.asked_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.DELETION_APPROVAL,
        model=DeletionList,
        waits=Q(status=ListStatus.PROPOSED),
        title=lambda deletion: f"#{deletion.pk} · {deletion.proposed_at:%Y-%m-%d}",
        url=lambda deletion: reverse("parties:deletion", args=[deletion.pk]),
        permission=Permission.APPROVE_REGISTERS,
        initiator_id=lambda deletion: deletion.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.RULE_APPROVAL,
        model=RetentionRule,
        waits=Q(status=RuleStatus.PROPOSED),
        title=lambda rule: f"#{rule.pk} {rule.get_kind_display()} · {rule.valid_from}",
        url=lambda rule: reverse("parties:rule", args=[rule.pk]),
        permission=Permission.APPROVE_REGISTERS,
        initiator_id=lambda rule: rule.proposed_by_id,
        is_by_another=True,
    ),
    Awaiting(
        kind=WorkKind.PERSON_REQUEST,
        model=PersonRequest,
        waits=Q(state__in=[PersonRequestState.RECEIVED, PersonRequestState.VERIFIED]),
        title=lambda asked: f"#{asked.pk} {asked.get_kind_display()}",
        url=lambda asked: reverse("parties:request", args=[asked.pk]),
        permission=Permission.ANSWER_PERSONS,
        due_at=lambda asked: end_of(asked.due_on),
        initiator_id=lambda asked: asked.entered_by_id,
    ),
    Awaiting(
        kind=WorkKind.ALERT_CONCLUSION,
        model=BehaviourAlert,
        waits=Q(concluded_at__isnull=True),
        title=lambda alert: f"#{alert.pk} {alert.get_use_display()} · {alert.get_kind_display()}",
        url=lambda alert: reverse("parties:alert", args=[alert.pk]),
        permission=Permission.HANDLE_INCIDENTS,  # no initiator: who is watched is not told
    ),
)
