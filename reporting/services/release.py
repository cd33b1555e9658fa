"""Review and release: each step by a different named person, with time and remark."""

import datetime as dt

from django.db import transaction

from core.services import record_audit
from organization.models import Staff
from reporting.models import QuarterlyReport
from reporting.permissions import check_release, check_review
from reporting.services.packs import keep_pack


@transaction.atomic
def review_report(
    *, report: QuarterlyReport, by: Staff, at: dt.datetime, remark: str = ""
) -> QuarterlyReport:
    """Confirm a draft after having read it.

    Raises:
        NotPermitted: the permission is lacking, or the person drafted it.
        WrongState: it is no draft.

    Source: POST-06d.
    """
    report = _locked(report)
    check_review(by, report)
    report.review(by=by, at=at, remark=remark)
    report.save(update_fields=["state", "reviewed_by", "reviewed_at", "review_remark"])
    record_audit(action="review_report", subject=report, by=by, at=at, reason=remark)
    return report


@transaction.atomic
def release_report(
    *, report: QuarterlyReport, by: Staff, at: dt.datetime, remark: str = ""
) -> QuarterlyReport:
    """Release a reviewed report: its files, with the three names, are stored and stay as they are.

    Raises:
        NotPermitted: the permission is lacking, or the person drafted or reviewed it.
        WrongState: it is not reviewed.
        RuleBroken: the figures are no longer those that the draft recorded.

    Source: POST-06d, HQ-45.
    """
    report = _locked(report)
    check_release(by, report)
    report.release(by=by, at=at, remark=remark)
    report.save(update_fields=["state", "released_by", "released_at", "release_remark"])
    keep_pack(report=report, by=by, at=at)
    record_audit(
        action="release_report",
        subject=report,
        by=by,
        at=at,
        reason=remark,
        figures_sha256=report.figures_sha256,
    )
    return report


def _locked(report: QuarterlyReport) -> QuarterlyReport:
    return QuarterlyReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
