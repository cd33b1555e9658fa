"""Review and release: each step by a different named person, with time and remark."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from core import jobs
from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from reporting.models import QuarterlyReport
from reporting.permissions import check_release, check_review

FILES_KIND = "quarterly_report_files"


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
    align_work(subjects=[report], by=by, at=at, outcome="reviewed")
    record_audit(action="review_report", subject=report, by=by, at=at, reason=remark)
    return report


@transaction.atomic
def release_report(
    *, report: QuarterlyReport, by: Staff, at: dt.datetime, remark: str = ""
) -> QuarterlyReport:
    """Release a reviewed report, which never changes from then on.

    A job, recorded in the same transaction, makes and stores its files with the three names;
    until then those of the draft stand, whose figures are the same.

    Raises:
        NotPermitted: the permission is lacking, or the person drafted or reviewed it.
        WrongState: it is not reviewed.

    Source: POST-06d, HQ-45.
    """
    report = _locked(report)
    check_release(by, report)
    report.release(by=by, at=at, remark=remark)
    report.save(update_fields=["state", "released_by", "released_at", "release_remark"])
    jobs.enqueue(
        kind=FILES_KIND,
        key=f"{report.quarter_text}-{report.number}",
        title=_("Files of the released report %(quarter)s") % {"quarter": report.quarter_text},
        payload={"report": report.pk},
        by=by,
        at=at,
    )
    align_work(subjects=[report], by=by, at=at, outcome="released")
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
