"""The work items of reports: to review, then to release."""

import datetime as dt

from django.urls import reverse

from organization.enums import Permission, WorkKind
from organization.models import Staff
from organization.selectors import head_office
from organization.services.work import open_work
from reporting.models import QuarterlyReport

PERMISSION_OF = {
    WorkKind.REPORT_REVIEW: Permission.REVIEW_REPORT,
    WorkKind.REPORT_RELEASE: Permission.RELEASE_REPORT,
}


def open_report_work(
    *, report: QuarterlyReport, kind: WorkKind, by: Staff | None, at: dt.datetime
) -> None:
    """Let a report wait for whoever of the head office takes its next step."""
    open_work(
        kind=kind,
        subject=report,
        title=f"{report.quarter_text} #{report.number}",
        url=reverse("reporting:report", args=[report.quarter_text, report.number]),
        by=by,
        at=at,
        unit=head_office(),
        permission=PERMISSION_OF[kind],
    )
