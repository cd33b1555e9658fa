"""The list of reports, and one report with every figure linked to what it was made from."""

from collections.abc import Iterable
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.months import parse_quarter
from ledger.enums import RatioReason
from postloss.enums import Dimension
from reporting import permissions, selectors
from reporting.enums import FigureCode, MissingReason, PackFile, ReportState
from reporting.forms import QuarterForm, RemarkForm
from reporting.models import QuarterlyReport
from reporting.rules.rows import TOTAL, FigureRow
from reporting.selectors import ReportContent
from reporting.states import OWNERS
from reporting.views.links import url_of

REASONS = dict(RatioReason.choices) | dict(MissingReason.choices)
SLICE_CODES = (
    FigureCode.OUTSTANDING_PRINCIPAL,
    FigureCode.M0_BALANCE,
    FigureCode.M1_BALANCE,
    FigureCode.M2_BALANCE,
    FigureCode.M3_BALANCE,
    FigureCode.TAIL_OVER_180,
    FigureCode.ROLL_M0_1,
    FigureCode.ROLL_M0_2,
    FigureCode.OVERDUE_RATE,
)


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    selectors.require_report_reader(staff=request.user)
    reports = selectors.reports(for_user=request.user)
    context = {
        "quarters": [
            {"name": name, "reports": list(group)}
            for name, group in groupby(reports, key=lambda report: report.quarter_text)
        ],
        "may_draft": permissions.may_draft(request.user),
        "form": QuarterForm(quarters=selectors.open_quarters()),
    }
    return render(request, "reporting/report_list.html", context)


@require_GET
def report_detail(request: HttpRequest, quarter: str, number: int) -> HttpResponse:
    report = selectors.report_of(
        for_user=request.user, quarter=parse_quarter(quarter)[0], number=number
    )
    if permissions.sees_released_only(request.user):  # the files as released; no figure anew
        context = {"report": report, **_files(report)}
        return render(request, "reporting/report_released.html", context)
    content = selectors.report_content(report=report)
    by = request.GET.get("by", Dimension.BRANCH)
    by = by if by in Dimension.values and by != TOTAL else Dimension.BRANCH.value
    context = {
        "report": report,
        "months": content.months,
        "lines": _lines(content),
        "by": by,
        "dimensions": [each for each in Dimension if each != Dimension.TOTAL],
        "slice_heads": [code.label for code in SLICE_CODES],
        "slices": _slices(content, by),
        "last_period": content.last.period,
        "restated": selectors.restated_since(report),
        "finance_batches": content.finance_batches,
        **_files(report),
        **_steps(request, report),
    }
    return render(request, "reporting/report_detail.html", context)


def _steps(request: HttpRequest, report: QuarterlyReport) -> dict[str, object]:
    owner = OWNERS[report.state]
    steps = [
        (_("Drafted"), report.drafted_by, report.drafted_at, ""),
        (_("Reviewed"), report.reviewed_by, report.reviewed_at, report.review_remark),
        (_("Released"), report.released_by, report.released_at, report.release_remark),
    ]
    return {
        "steps": [dict(zip(("name", "by", "at", "remark"), step, strict=True)) for step in steps],
        "may_review": owner == "review_report" and permissions.may_review(request.user, report),
        "may_release": owner == "release_report" and permissions.may_release(request.user, report),
        "form": RemarkForm(),
    }


def _files(report: QuarterlyReport) -> dict[str, object]:
    kept = set(report.files.values_list("name", "state"))
    names = {name for name, _state in kept}
    return {
        "files": [
            {"name": each.value, "label": each.label, "is_kept": each in names} for each in PackFile
        ],
        "is_being_filed": bool(kept)
        and report.state == ReportState.RELEASED
        and report.state not in {state for _name, state in kept},
    }


def _lines(content: ReportContent) -> list[dict[str, object]]:
    known = {(r.code, r.period): r for r in content.rows if r.slice_dimension == TOTAL}
    return [
        {
            "code": code,
            "cells": [_cell(known[code.value, month.period]) for month in content.months],
        }
        for code in FigureCode
    ]


def _slices(content: ReportContent, by: str) -> list[dict[str, object]]:
    rows = [
        row
        for row in content.rows
        if (row.slice_dimension, row.period) == (by, content.last.period)
    ]
    return [
        {"value": value, "cells": _cells(group)}
        for value, group in groupby(rows, key=lambda row: row.slice_value)
    ]


def _cells(rows: Iterable[FigureRow]) -> list[dict[str, object]]:
    known = {row.code: row for row in rows}
    return [_cell(known[code.value]) for code in SLICE_CODES]


def _cell(row: FigureRow) -> dict[str, object]:
    return {
        "value": row.exact,
        "unit": row.unit,
        "reason": REASONS.get(row.reason, row.reason),
        "url": url_of(row),
    }
