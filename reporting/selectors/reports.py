"""Quarterly reports as people of the head office see them; others find none."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from organization.models import Staff
from reporting.enums import ReportState
from reporting.errors import Missing
from reporting.models import QuarterlyReport, ReportFile
from reporting.permissions import may_see_reports, sees_released_only


def reports(*, for_user: Staff) -> QuerySet[QuarterlyReport]:
    """Return the reports that the person sees, newest quarter and draft first, with people."""
    if not may_see_reports(for_user):
        return QuarterlyReport.objects.none()
    seen = QuarterlyReport.objects.select_related("drafted_by", "reviewed_by", "released_by")
    if sees_released_only(for_user):
        seen = seen.filter(state=ReportState.RELEASED)
    return seen.order_by("-quarter", "-number")


def require_report_reader(*, staff: Staff) -> None:
    """Hide the reports from people outside the head office.

    Raises:
        Missing: the person does not see reports.
    """
    if not may_see_reports(staff):
        raise Missing("report_missing", _("There is no such report."))


def report_of(*, for_user: Staff, quarter: dt.date, number: int) -> QuarterlyReport:
    """Return one report.

    Raises:
        Missing: it does not exist or the person does not see it.
    """
    report = reports(for_user=for_user).filter(quarter=quarter, number=number).first()
    if report is None:
        raise Missing("report_missing", _("There is no such report."))
    return report


def numbered_report(*, quarter: dt.date, number: int) -> QuarterlyReport:
    """Return draft `number` of a quarter for the system itself.

    Raises:
        Missing: there is no such draft.
    """
    report = QuarterlyReport.objects.filter(quarter=quarter, number=number).first()
    if report is None:
        raise Missing("report_missing", _("There is no such report."))
    return report


def report_file(*, report: QuarterlyReport, name: str) -> ReportFile:
    """Return a file of the report as it was drafted or, once released, as it was released.

    Raises:
        Missing: the pack has no such file.
    """
    kept = report.files.select_related("stored").filter(name=name)
    file = kept.filter(state=report.state).first() or kept.filter(state="draft").first()
    if file is None:
        raise Missing("report_file_missing", _("This report has no such file."))
    return file
