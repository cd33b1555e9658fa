"""Draft a quarter: freeze which versions it is made from, and what they say."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import jobs
from core.models import Job, RegulatoryParameter
from core.months import add_months, month_end, month_text, quarter_text
from core.selectors import parameter
from core.services import record_audit
from ledger.selectors import batches_in_force
from organization.models import Staff
from organization.services.awaiting import align_work
from postloss.models import MonthEnd
from reporting.errors import RuleBroken
from reporting.models import QuarterlyReport, ReportMonth
from reporting.permissions import check_draft
from reporting.rules.pack import figures_csv, sha256
from reporting.selectors import closed_month_ends, first_closed_month, report_content, versions_of

KIND = "quarterly_report"
PARAMETERS = ("alr.recovery_window", "alr.claim_basis")
MONTHS_BEFORE = 12


def request_last_quarter(*, today: dt.date, at: dt.datetime) -> Job | None:
    """Start the first draft of the quarter before this one once its three months are closed.

    Further drafts are asked for by people.
    """
    quarter = add_months(today, -3 - (today.month - 1) % 3)
    months = {add_months(quarter, count) for count in range(3)}
    if QuarterlyReport.objects.filter(quarter=quarter).exists():
        return None
    if closed_month_ends(months=sorted(months)).keys() < months:
        return None
    return request_draft(quarter=quarter, by=None, at=at)


def request_draft(*, quarter: dt.date, by: Staff | None, at: dt.datetime) -> Job:
    """Start the job that drafts a quarter; an open one for the same quarter is returned.

    Raises:
        NotPermitted: the person may not draft reports.
        RuleBroken: a month of the quarter is not closed.
    """
    check_draft(by)
    _month_ends_of(quarter)
    text = quarter_text(quarter)
    return jobs.enqueue(
        kind=KIND,
        key=text,
        title=_("Quarterly report %(quarter)s") % {"quarter": text},
        payload={"quarter": text},
        by=by,
        at=at,
    )


@transaction.atomic
def draft_report(
    *, quarter: dt.date, by: Staff | None, at: dt.datetime, job: Job | None = None
) -> QuarterlyReport:
    """Make draft N of a quarter from the latest closed versions and what finance signed off.

    The same job makes one draft, however often it is driven.

    Raises:
        NotPermitted: the person may not draft reports.
        RuleBroken: a month of the quarter is not closed.
        Missing: a parameter has no value in force at the quarter's end.

    Source: POST-06d, HQ-44, HQ-45.
    """
    check_draft(by)
    if job is not None:
        made = QuarterlyReport.objects.filter(job=job).first()
        if made:
            return made
    used = _month_ends_of(quarter)
    MonthEnd.objects.select_for_update(of=("self",), no_key=True).get(pk=used[0].pk)
    report = QuarterlyReport.objects.create(
        quarter=quarter,
        number=_next_number(quarter),
        job=job,
        in_force_since=first_closed_month(),
        parameters=_parameters(as_of=month_end(used[-1].month)),
        drafted_by=by,
        drafted_at=at,
    )
    report.refresh_from_db(fields=["parameters"])  # in the order in which they are read again
    _freeze_sources(report, used, at)
    report.figures_sha256 = sha256(figures_csv(report_content(report=report).rows))
    report.save(update_fields=["figures_sha256"])
    older = list(QuarterlyReport.objects.filter(quarter=quarter).exclude(pk=report.pk))
    align_work(subjects=[*older, report], by=by, at=at, outcome="superseded")
    record_audit(action="draft_report", subject=report, by=by, at=at, versions=versions_of(report))
    return report


def _month_ends_of(quarter: dt.date) -> list[MonthEnd]:
    months = [add_months(quarter, count) for count in range(3)]
    closed = closed_month_ends(months=months)
    still_open = [month_text(month) for month in months if month not in closed]
    if still_open:
        raise RuleBroken(
            "month_not_closed",
            _("%(quarter)s cannot be reported: %(months)s is not closed.")
            % {"quarter": quarter_text(quarter), "months": ", ".join(still_open)},
        )
    return [closed[month] for month in months]


def _next_number(quarter: dt.date) -> int:
    last = QuarterlyReport.objects.filter(quarter=quarter).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _freeze_sources(report: QuarterlyReport, used: list[MonthEnd], at: dt.datetime) -> None:
    last = used[-1].month
    earlier = [add_months(last, -count) for count in range(3, MONTHS_BEFORE + 1)]
    compared = closed_month_ends(months=earlier).values()
    ReportMonth.objects.bulk_create(
        ReportMonth(report=report, month_end=each, is_of_quarter=each in used)
        for each in [*compared, *used]
    )
    year = [dt.date(last.year, number, 1) for number in range(1, last.month + 1)]
    report.finance_batches.set(batches_in_force(months=year, known_at=at))


def _parameters(*, as_of: dt.date) -> dict[str, dict[str, object]]:
    return {name: _as_it_stands(parameter(name=name, as_of=as_of)) for name in PARAMETERS}


def _as_it_stands(row: RegulatoryParameter) -> dict[str, object]:
    return {
        "value": row.value,
        "unit": row.unit,
        "valid_from": row.valid_from.isoformat(),
        "source": row.source,
        "status": row.status,
    }
