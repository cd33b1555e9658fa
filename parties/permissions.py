"""Who may approve exports, watch over the use of personal data, delete and answer."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core.selectors import parameter
from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check, may
from organization.selectors import head_office
from parties.errors import Missing, NotPermitted
from parties.models import BehaviourAlert, DeletionList, Export, RetentionRule

LEVELS_IN_CLEAR = "privacy.levels_in_clear"
_TAKES_FILES = (
    Permission.EXPORT,
    Permission.LOAD_FILES,
    Permission.APPROVE_EXPORT,
    Permission.ANSWER_PERSONS,
    Permission.HANDLE_INCIDENTS,
)


def may_see_exports(staff: Staff) -> bool:
    """Tell whether the person has a register of exports: takes files out, or watches over it."""
    return any(may(staff, each) for each in _TAKES_FILES)


def may_watch_use(staff: Staff) -> bool:
    """Tell whether the person reviews how others use personal data."""
    return may(staff, Permission.HANDLE_INCIDENTS)


def may_reveal(staff: Staff) -> bool:
    """Tell whether the person may unmask one record with a reason."""
    return may(staff, Permission.UNMASK)


def may_keep(staff: Staff) -> bool:
    """Tell whether the person sees what is kept: who manages retention or approves deletions."""
    return may(staff, Permission.MANAGE_RETENTION) or may(staff, Permission.APPROVE_REGISTERS)


def check_decide_export(staff: Staff, *, export: Export) -> None:
    """Refuse a person who may not decide on the export.

    Raises:
        NotPermitted: the permission is lacking, the unit is another's, or the person asked for it.
    """
    check(staff, Permission.APPROVE_EXPORT, unit=export.unit)
    if export.asked_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever asks for an export does not approve it."))


def may_decide_export(staff: Staff, *, export: Export) -> bool:
    """Tell whether the person may decide on the export: the boolean twin."""
    return may(staff, Permission.APPROVE_EXPORT, unit=export.unit) and (
        export.asked_by_id != staff.pk
    )


def check_conclude_alert(staff: Staff, *, alert: BehaviourAlert) -> None:
    """Refuse a person who may not conclude the alert.

    Raises:
        NotPermitted: the permission is lacking, or the alert is about the person.
    """
    check(staff, Permission.HANDLE_INCIDENTS)
    if alert.staff_id == staff.pk:
        raise NotPermitted("own_alert", _("Nobody concludes an alert about themselves."))


def check_manage_retention(staff: Staff) -> None:
    """Refuse a person who may not hold, release and propose deletions.

    Raises:
        NotPermitted: the permission over the head office is lacking.
    """
    check(staff, Permission.MANAGE_RETENTION, unit=head_office())


def check_decide_deletion(staff: Staff, *, deletion: DeletionList) -> None:
    """Refuse a person who may not approve or return the list.

    Raises:
        NotPermitted: the permission over the head office is lacking, or the person proposed it.
    """
    check(staff, Permission.APPROVE_REGISTERS, unit=head_office())
    if deletion.proposed_by_id == staff.pk:
        raise NotPermitted(
            "maker_is_checker", _("Whoever proposes a deletion does not approve it.")
        )


def check_decide_rule(staff: Staff, *, rule: RetentionRule) -> None:
    """Refuse a person who may not approve or reject a retention rule.

    Raises:
        NotPermitted: the permission over the head office is lacking, or the person proposed it.
    """
    check(staff, Permission.APPROVE_REGISTERS, unit=head_office())
    if rule.proposed_by_id == staff.pk:
        raise NotPermitted("maker_is_checker", _("Whoever proposes a rule does not approve it."))


def may_decide_rule(staff: Staff, *, rule: RetentionRule) -> bool:
    """Tell whether the person may approve or reject the rule: the boolean twin."""
    try:
        check_decide_rule(staff, rule=rule)
    except NotPermitted:
        return False
    return True


def may_decide_deletion(staff: Staff, *, deletion: DeletionList) -> bool:
    """Tell whether the person may approve or return the list: the boolean twin."""
    try:
        check_decide_deletion(staff, deletion=deletion)
    except NotPermitted:
        return False
    return True


def may_see_clear(staff: Staff | None, *, level: str, as_of: dt.date) -> bool:
    """Tell whether a role of the person shows a level (C1, C2, C3) without a mask.

    The parameter `privacy.levels_in_clear` names levels by role code, `*` for everybody. Its
    starter value shows C1 to everybody and nothing personal to anybody: C2 is then seen by
    unmasking one record, with a reason. C3 is never shown. Source: CRM-39, safety.md.
    """
    if staff is None or not staff.is_active or level == "C3":
        return False
    try:
        shown = parameter(name=LEVELS_IN_CLEAR, as_of=as_of).value
    except Missing:
        return level == "C1"
    roles = ["*", *staff.roles.values_list("code", flat=True)]
    return any(level in shown.get(role, ()) for role in roles)
