"""Who may take which step with a warning, and who may touch thresholds."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core.errors import NotPermitted
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check, may
from organization.selectors.work import has_sight
from postloss.enums import WarningAction
from postloss.models import RiskWarning, ThresholdSet

STEP_PERMISSION = {
    WarningAction.ACKNOWLEDGE: Permission.HANDLE_WARNINGS,
    WarningAction.DISPOSE: Permission.HANDLE_WARNINGS,
    WarningAction.REVIEW: Permission.REVIEW_WARNINGS,
    WarningAction.RETURN: Permission.REVIEW_WARNINGS,
    WarningAction.CLOSE: Permission.REVIEW_WARNINGS,
}


def check_warning_step(
    staff: Staff, *, warning: RiskWarning, action: str, at: dt.datetime | None = None
) -> None:
    """Refuse a step to whoever lacks its permission over the unit, or reviews own work.

    Whoever holds the open work on the warning needs the permission, wherever their own unit is.

    Raises:
        NotPermitted: as said.
    Source: POST-07a, HQ-29 (handler is not reviewer).
    """
    permission = STEP_PERMISSION[WarningAction(action)]
    is_elsewhere = at is not None and not may(staff, permission, unit=warning.unit)
    holds_it = is_elsewhere and has_sight(staff=staff, subject=warning, at=at)
    check(staff, permission, unit=None if holds_it else warning.unit)
    if permission == Permission.REVIEW_WARNINGS and warning.handled_by_id == staff.pk:
        raise NotPermitted(
            "handler_is_reviewer", _("Whoever disposed of a warning does not review it.")
        )


def may_take_warning_step(
    staff: Staff, *, warning: RiskWarning, action: str, at: dt.datetime | None = None
) -> bool:
    """Tell whether the person may take a step: the boolean twin."""
    try:
        check_warning_step(staff, warning=warning, action=action, at=at)
    except NotPermitted:
        return False
    return True


def check_approve_thresholds(staff: Staff, *, threshold_set: ThresholdSet) -> None:
    """Refuse approval to whoever lacks the permission or proposed the set.

    Raises:
        NotPermitted: as said.
    Source: POST-07b.
    """
    check(staff, Permission.APPROVE_THRESHOLDS)
    if threshold_set.proposed_by_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes thresholds does not approve them.")
        )


def may_approve_thresholds(staff: Staff, *, threshold_set: ThresholdSet) -> bool:
    """Tell whether the person may approve the set: the boolean twin."""
    try:
        check_approve_thresholds(staff, threshold_set=threshold_set)
    except NotPermitted:
        return False
    return True


def may_see_warnings(staff: Staff) -> bool:
    """Tell whether the person sees warnings, thresholds and controls."""
    return may(staff, Permission.VIEW_PORTFOLIO)
