"""Pages of the quarterly report."""

from reporting.views.files import report_file
from reporting.views.reports import report_detail, report_list
from reporting.views.steps import draft, release, review

__all__ = ["draft", "release", "report_detail", "report_file", "report_list", "review"]
