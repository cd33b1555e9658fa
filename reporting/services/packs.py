"""The four files of a report, made again from what it names, and kept."""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import files
from core.months import month_text
from organization.models import Staff
from parties.services import Ended
from reporting.adapters.document import NoPdfError, render_pdf
from reporting.adapters.workbook import render_workbook
from reporting.enums import PackFile
from reporting.errors import RuleBroken
from reporting.models import QuarterlyReport, ReportFile
from reporting.rules.pack import figures_csv, manifest_json, sha256
from reporting.selectors import ReportContent, report_content


@dataclass(frozen=True)
class Pack:
    """Files by name, and what is missing with the reason."""

    files: dict[str, bytes]
    missing: dict[str, str]


def make_pack(*, report: QuarterlyReport) -> Pack:
    """Make the files of a report from the versions that it was made from.

    Without the PDF's libraries the pack lacks the PDF and the manifest says why.

    Raises:
        RuleBroken: the figures are no longer those that the report recorded.

    Source: HQ-44, HQ-45.
    """
    content = report_content(report=report)
    figures = figures_csv(content.rows)
    if sha256(figures) != report.figures_sha256:
        raise RuleBroken(
            "figures_differ",
            _("The figures made again differ from those that draft %(number)s recorded.")
            % {"number": report.number},
        )
    made: dict[str, bytes] = {}
    missing: dict[str, str] = {}
    try:
        made[PackFile.PDF.value] = render_pdf(content)
    except NoPdfError as reason:
        missing[PackFile.PDF.value] = str(reason)
    made[PackFile.WORKBOOK.value] = render_workbook(content)
    made[PackFile.FIGURES.value] = figures
    manifest = manifest_json(files=made, missing=missing, about=_about(content))
    return Pack({**made, PackFile.MANIFEST.value: manifest}, missing)


def keep_pack(*, report: QuarterlyReport, by: Staff | None, at: dt.datetime) -> None:
    """Make and store the files of a report in its present state, once and all together."""
    if _is_kept(report):
        return
    pack = make_pack(report=report)
    with transaction.atomic():
        report = QuarterlyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if _is_kept(report):
            return
        for name, content in pack.files.items():
            stored = files.store(
                stream=io.BytesIO(content), name=_file_name(report, name), by=by, at=at
            )
            ReportFile.objects.create(report=report, state=report.state, name=name, stored=stored)


def _is_kept(report: QuarterlyReport) -> bool:
    return report.files.filter(state=report.state).exists()


def _file_name(report: QuarterlyReport, name: str) -> str:
    return f"{report.quarter_text}-{report.number}-{name}"


def _about(content: ReportContent) -> dict[str, object]:
    report = content.report
    own = set(content.versions)
    return {
        "quarter": report.quarter_text,
        "draft": report.number,
        "state": report.state,
        "form": "internal template",
        "insurer": content.insurer.name,
        "versions": content.versions,
        "compared_versions": {
            month_text(point.month_end.month): point.month_end.version
            for point in content.trend
            if month_text(point.month_end.month) not in own
        },
        "in_force_since": month_text(report.in_force_since),
        "finance_files": [
            {"batch": batch.pk, "name": batch.name, "sha256": batch.stored.sha256}
            for batch in content.finance_batches
        ],
        "parameters": report.parameters,
    }


def ended_report_files(as_of: dt.date) -> Iterator[Ended]:
    """Tell from which day the files of a report are kept: its release, or its draft."""
    kept = ReportFile.objects.values_list("stored_id", "report__released_at", "report__drafted_at")
    for stored_id, released_at, drafted_at in kept.iterator(2000):
        day = timezone.localdate(released_at or drafted_at)
        yield Ended(stored_id=stored_id, ended_on=day, term_months=13)
