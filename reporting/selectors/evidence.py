"""What an evidence pack of a quarterly report or of finance figures holds. Source: EVID-03."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core.errors import Missing
from core.evidence import Artefact, PackContent, Section
from core.evidence.parts import instant_text, whole
from core.months import month_text
from ledger.models import FinanceBatch
from ledger.selectors import batch_of
from organization.models import Staff
from reporting.models import QuarterlyReport
from reporting.selectors.reports import reports


def provable_report(person: Staff, pk: int, _as_of: dt.date) -> QuarterlyReport:
    """Return a report that the person sees.

    Raises:
        Missing: it does not exist or the person does not see it.
    """
    report = reports(for_user=person).filter(pk=pk).first()
    if report is None:
        raise Missing("report_missing", _("There is no such report."))
    return report


def provable_batch(person: Staff, pk: int, _as_of: dt.date) -> FinanceBatch:
    """Return finance figures that the person sees. Raises `Missing` as `batch_of` does."""
    return batch_of(for_user=person, pk=pk)


def report_title(report: QuarterlyReport) -> str:
    """Name a report in one line."""
    return f"{_('Quarterly report')} {report.quarter_text} #{report.number}"


def report_pack(report: QuarterlyReport) -> PackContent:
    """Return a report with its kept files and the month-end versions it was made from."""
    months = [
        (month_text(each.month_end.month), str(each.month_end.version))
        for each in report.months.select_related("month_end").order_by("month_end__month")
    ]
    kept = report.files.select_related("stored").order_by("state", "name")
    return PackContent(
        title=report_title(report),
        facts=[
            (_("Quarter"), report.quarter_text),
            (_("Draft"), str(report.number)),
            (_("State"), report.get_state_display()),
            (_("Drafted"), instant_text(report.drafted_at)),
            (_("Reviewed"), instant_text(report.reviewed_at)),
            (_("Released"), instant_text(report.released_at)),
            ("figures.csv SHA-256", report.figures_sha256),
        ],
        subjects=[report],
        sections=[Section(_("Month-end versions"), [_("Month"), _("Version")], months)],
        artefacts=[Artefact(f"{each.state}-{each.name}", whole(each.stored)) for each in kept],
    )


def batch_title(batch: FinanceBatch) -> str:
    """Name finance figures in one line."""
    return f"{_('Finance figures')} {batch.name}"


def batch_pack(batch: FinanceBatch) -> PackContent:
    """Return finance figures with the file that brought them."""
    figures = [
        (month_text(each.month), each.get_code_display(), str(each.amount))
        for each in batch.figures.order_by("month", "line_no")
    ]
    return PackContent(
        title=batch_title(batch),
        facts=[
            (_("File"), batch.name),
            (_("State"), batch.get_state_display()),
            (_("Imported"), instant_text(batch.imported_at)),
            (_("Signed off"), instant_text(batch.signed_off_at)),
        ],
        subjects=[batch],
        sections=[
            Section(_("Figures"), [_("Month"), _("Finance line"), _("Amount (yuan)")], figures)
        ],
        artefacts=[
            Artefact(f"{batch.pk}-finance-figures", whole(batch.stored)),
        ],
    )
