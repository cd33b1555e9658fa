"""Reads of reporting."""

from reporting.selectors.content import ReportContent, report_content
from reporting.selectors.months import (
    closed_month_ends,
    first_closed_month,
    open_quarters,
    restated_since,
    versions_of,
)
from reporting.selectors.reports import (
    numbered_report,
    report_file,
    report_of,
    reports,
    require_report_reader,
)

__all__ = [
    "ReportContent",
    "closed_month_ends",
    "first_closed_month",
    "numbered_report",
    "open_quarters",
    "report_content",
    "report_file",
    "report_of",
    "reports",
    "require_report_reader",
    "restated_since",
    "versions_of",
]
