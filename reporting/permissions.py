"""Who may see, draft, review and release a quarterly report: people of the head office."""

from django.utils.translation import gettext as _

from organization import permissions
from organization.enums import Permission, UnitKind
from organization.models import Staff
from organization.selectors import head_office
from reporting.errors import NotPermitted
from reporting.models import QuarterlyReport


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
