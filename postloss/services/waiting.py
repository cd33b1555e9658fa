"""What of watching the book waits for somebody: proposed thresholds, warnings in their loop."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from core.enums import ApprovalStatus
from organization.enums import Permission, WorkKind
from organization.services.awaiting import Awaiting
from postloss.enums import WarningState
from postloss.models import RiskWarning, ThresholdSet
from postloss.services.warning_work import title_of


def _warning_url(warning: RiskWarning) -> str:
    return reverse("postloss:warning", args=[warning.pk])


def _of_warning(kind: WorkKind, states: list[WarningState], permission: Permission) -> Awaiting:
    """Declare a step of the loop; a month-end moves thousands and writes them in bulk."""
    return Awaiting(
        kind=kind,
        model=RiskWarning,
        waits=Q(state__in=states),
        title=lambda warning: str(title_of(warning=warning, unit_name=warning.slice_unit.name)),
        url=_warning_url,
        permission=permission,
        unit_id=lambda warning: warning.unit_id,
        due_at=lambda warning: warning.due_at,
        related=("slice_unit",),
    )


WAITING = (
    Awaiting(
        kind=WorkKind.THRESHOLDS_APPROVAL,
        model=ThresholdSet,
        waits=Q(is_starter=False, status=ApprovalStatus.UNAPPROVED),
        title=lambda row: f"{row.title} · {row.valid_from}",
        url=lambda row: reverse("postloss:threshold_set", args=[row.pk]),
        permission=Permission.APPROVE_THRESHOLDS,
        initiator_id=lambda row: row.proposed_by_id,
        is_by_another=True,
    ),
    _of_warning(
        WorkKind.WARNING_HANDLING,
        [WarningState.OPEN, WarningState.ACKNOWLEDGED],
        Permission.HANDLE_WARNINGS,
    ),
    _of_warning(WorkKind.WARNING_REVIEW, [WarningState.DISPOSED], Permission.REVIEW_WARNINGS),
    _of_warning(WorkKind.WARNING_CLOSING, [WarningState.REVIEWED], Permission.REVIEW_WARNINGS),
)
