"""Who may see and take steps in the quarterly report and the governance registers."""

from django.utils.translation import gettext as _

from organization import permissions
from organization.enums import Permission, UnitKind
from organization.models import Staff
from organization.selectors import head_office
from reporting.errors import NotPermitted
from reporting.models import QuarterlyReport, SelfCheck


def may_see_reports(staff: Staff) -> bool:
    """Tell whether the person sees reports: the business of the head office, and regulators.

    Administrators see none. What a regulator sees of them: `sees_released_only`. Source: HQ-47.
    """
    return _is_of_head_office(staff) or permissions.is_regulator(staff)


def sees_released_only(staff: Staff) -> bool:
    """Tell whether the person sees released reports and no others."""
    return not _is_of_head_office(staff)


def _is_of_head_office(staff: Staff) -> bool:
    return permissions.works_in_business(staff) and staff.unit.kind == UnitKind.HEAD_OFFICE


def check_draft(staff: Staff | None) -> None:
    """Refuse a person who may not draft a report; `None` is a command or the system.

    Raises:
        NotPermitted: the permission is lacking, or the person is not of the head office.
    """
    permissions.check(staff, Permission.DRAFT_REPORT, unit=head_office())


def may_draft(staff: Staff) -> bool:
    """Tell whether the person may draft a report."""
    return _is_of_head_office(staff) and permissions.may(staff, Permission.DRAFT_REPORT)


def check_review(staff: Staff, report: QuarterlyReport) -> None:
    """Refuse a person who may not review this report.

    Raises:
        NotPermitted: the permission is lacking, or the person drafted it.
    """
    permissions.check(staff, Permission.REVIEW_REPORT, unit=head_office())
    _check_another(staff, report.drafted_by_id)


def may_review(staff: Staff, report: QuarterlyReport) -> bool:
    """Tell whether the person may review this report."""
    is_another = staff.pk != report.drafted_by_id
    return (
        is_another
        and _is_of_head_office(staff)
        and permissions.may(staff, Permission.REVIEW_REPORT)
    )


def check_release(staff: Staff, report: QuarterlyReport) -> None:
    """Refuse a person who may not release this report.

    Raises:
        NotPermitted: the permission is lacking, or the person drafted or reviewed it.
    """
    permissions.check(staff, Permission.RELEASE_REPORT, unit=head_office())
    _check_another(staff, report.drafted_by_id, report.reviewed_by_id)


def may_release(staff: Staff, report: QuarterlyReport) -> bool:
    """Tell whether the person may release this report."""
    is_another = staff.pk not in {report.drafted_by_id, report.reviewed_by_id}
    return (
        is_another
        and _is_of_head_office(staff)
        and permissions.may(staff, Permission.RELEASE_REPORT)
    )


def _check_another(staff: Staff, *earlier: int | None) -> None:
    if staff.pk in earlier:
        raise NotPermitted("maker_is_checker", _("Each step is taken by a different person."))


_GOVERNANCE = (
    Permission.PROPOSE_PARAMETERS,
    Permission.APPROVE_PARAMETERS,
    Permission.MAINTAIN_CALENDAR,
    Permission.MAINTAIN_REGISTERS,
    Permission.APPROVE_REGISTERS,
    Permission.SELF_CHECK,
    Permission.VIEW_PORTFOLIO,
)
_REGISTERS = (Permission.MAINTAIN_REGISTERS, Permission.APPROVE_REGISTERS)


def may_see_governance(staff: Staff) -> bool:
    """Tell whether the person reads parameters, calendar, regulations and policies."""
    return any(permissions.may(staff, each) for each in _GOVERNANCE)


def check_see_governance(staff: Staff) -> None:
    """Refuse a person who does not read the registers.

    Raises:
        NotPermitted: as said.
    """
    if not may_see_governance(staff):
        raise NotPermitted("not_permitted", _("You may not read the governance registers."))


def may_see_self_checks(staff: Staff) -> bool:
    """Tell whether the person sees self-checks, inspections and findings (of the own units)."""
    return any(permissions.may(staff, each) for each in (Permission.SELF_CHECK, *_REGISTERS))


def check_see_self_checks(staff: Staff) -> None:
    """Refuse a person who sees no self-checks.

    Raises:
        NotPermitted: as said.
    """
    if not may_see_self_checks(staff):
        raise NotPermitted("not_permitted", _("You may not read self-checks."))


def may_see_incidents(staff: Staff) -> bool:
    """Tell whether the person sees incidents (of the own unit and below)."""
    return any(
        permissions.may(staff, each)
        for each in (Permission.HANDLE_INCIDENTS, Permission.APPROVE_REGISTERS)
    )


def check_see_incidents(staff: Staff) -> None:
    """Refuse a person who sees no incidents.

    Raises:
        NotPermitted: as said.
    """
    if not may_see_incidents(staff):
        raise NotPermitted("not_permitted", _("You may not read incidents."))


def may_decide_calendar(staff: Staff) -> bool:
    """Tell whether the person is a second person for the calendar."""
    return any(
        permissions.may(staff, each)
        for each in (Permission.MAINTAIN_CALENDAR, Permission.APPROVE_PARAMETERS)
    )


def check_decide_calendar(staff: Staff) -> None:
    """Refuse a person who is no second person for the calendar.

    Raises:
        NotPermitted: as said.
    """
    if not may_decide_calendar(staff):
        raise NotPermitted("not_permitted", _("You may not decide on the calendar."))


def check_sign_self_check(staff: Staff, check: SelfCheck) -> None:
    """Refuse to sign off a self-check to whoever answered it or has no say over the unit.

    Raises:
        NotPermitted: as said.
    """
    allowed = (Permission.SELF_CHECK, *_REGISTERS)
    if not any(permissions.may(staff, each, unit=check.unit) for each in allowed):
        raise NotPermitted("not_permitted", _("You may not sign off self-checks of this unit."))
    if staff.pk == check.submitted_by_id:
        raise NotPermitted(
            "maker_is_checker", _("Whoever answers a self-check does not sign it off.")
        )
