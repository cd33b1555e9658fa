"""What the printed report shows, as text ready for its tables, and its charts."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from core.months import month_index, month_text
from postloss.enums import Bucket, Dimension
from reporting.adapters import charts, words
from reporting.enums import FigureCode, FigureUnit
from reporting.rules.rows import TOTAL, FigureRow, SliceFigures
from reporting.selectors.content import ReportContent

SHOWN_BRANCHES = 15
SHOWN_VINTAGES = 8
OTHER_DIMENSIONS = (
    Dimension.LENDER,
    Dimension.PRODUCT,
    Dimension.CHANNEL,
    Dimension.GRADE,
    Dimension.OBLIGOR_TYPE,
)
FINANCE_CODES = (
    FigureCode.COMPREHENSIVE_LOSS_RATIO,
    FigureCode.COMPREHENSIVE_EXPENSE_RATIO,
    FigureCode.ANNUALISED_LOSS_RATE,
    FigureCode.ALR_MONTH_LITERAL,
    FigureCode.ALR_MONTH,
    FigureCode.ALR_GROSS,
    FigureCode.ALR_MONTH_LITERAL_NET,
)
BUCKET_FIELDS = (("M1", "m1"), ("M2", "m2"), ("M3", "m3"))


@dataclass(frozen=True)
class Cell:
    """A printed figure and, where it is undefined or marked, why."""

    text: str
    why: str = ""


def of(content: ReportContent) -> dict[str, object]:
    """Return everything that the page template needs."""
    return {
        "cover": _cover(content),
        "periods": [words.month_words(month.period) for month in content.months],
        "finance_lines": _lines(content, FINANCE_CODES),
        "book_lines": _lines(content, [code for code in FigureCode if code not in FINANCE_CODES]),
        "last_period": words.month_words(content.last.period),
        "branches": _slice_lines(content, Dimension.BRANCH),
        "total": _slice_line(content.last.total),
        "others": [
            {"name": words.DIMENSIONS[each], "lines": _slice_lines(content, each)}
            for each in OTHER_DIMENSIONS
        ],
        "trend": _trend(content),
        "migration": _migration(content),
        "vintages": _vintages(content),
        "warnings": _warnings(content),
        "parameters": _parameters(content),
        "finance_files": [
            {
                "name": batch.name,
                "sha256": batch.stored.sha256,
                "by": batch.signed_off_by.name,
                "at": _instant(batch.signed_off_at),
            }
            for batch in content.finance_batches
        ],
        "charts": _charts(content),
    }


def _cover(content: ReportContent) -> dict[str, object]:
    report = content.report
    steps = (
        ("编制", report.drafted_by, report.drafted_at, ""),
        ("复核", report.reviewed_by, report.reviewed_at, report.review_remark),
        ("发布", report.released_by, report.released_at, report.release_remark),
    )
    return {
        "insurer": content.insurer.name,
        "quarter": words.quarter_words(report.quarter_text),
        "number": report.number,
        "state": words.STATES[report.state],
        "versions": "、".join(f"{month} 第{n}版" for month, n in content.versions.items()),
        "months": [
            {
                "period": words.month_words(month.period),
                "version": month.month_end.version,
                "known_at": _instant(month.month_end.known_at),
                "loans": words.shown(month.month_end.loans, places=0),
                "not_reported": words.shown(month.month_end.not_reported, places=0),
                "reason": month.month_end.reason,
            }
            for month in content.months
        ],
        "steps": [
            {
                "name": name,
                "by": by.name if by else ("系统（命令行）" if at else words.UNKNOWN),
                "at": _instant(at) if at else words.UNKNOWN,
                "remark": remark,
            }
            for name, by, at, remark in steps
        ],
    }


def _instant(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _lines(content: ReportContent, codes: Iterable[str]) -> list[dict[str, object]]:
    known = {(row.code, row.period): row for row in content.rows if row.slice_dimension == TOTAL}
    lines = []
    for code in codes:
        rows = [known[code, month.period] for month in content.months]
        unit = rows[0].unit
        name = words.CODES[FigureCode(code)]
        shown_unit = {FigureUnit.YUAN: "万元", FigureUnit.COUNT: "笔"}.get(FigureUnit(unit), "%")
        lines.append({"name": name, "unit": shown_unit, "cells": [_cell(row) for row in rows]})
    return lines


def _cell(row: FigureRow) -> Cell:
    text = words.figure_words(row.exact, row.unit)
    return Cell(text, words.REASONS.get(row.reason, row.reason))


def _slice_lines(content: ReportContent, dimension: str) -> list[dict[str, str]]:
    slices = sorted(content.last.of(dimension), key=lambda each: -each.outstanding)
    return [_slice_line(each) for each in slices]


def _slice_line(figures: SliceFigures) -> dict[str, str]:
    amounts = ("outstanding", "m0", "m1", "m2", "m3", "tail_over_180")
    rates = ("roll_m0_1", "roll_m0_2", "overdue_rate")
    return {
        "value": figures.value or "（空）",
        **{name: words.wan(getattr(figures, name)) for name in amounts},
        **{name: words.percent(getattr(figures, name)) for name in rates},
    }


def _trend(content: ReportContent) -> list[dict[str, object]]:
    return [
        {
            "period": month_text(point.month_end.month),
            "version": point.month_end.version,
            **_slice_line(point.total),
        }
        for point in content.trend
    ]


def _migration(content: ReportContent) -> dict[str, object]:
    columns = sorted({row.bucket for row in content.migrations})
    shares = {(row.before_bucket, row.bucket): row for row in content.migrations}
    befores = sorted({row.before_bucket for row in content.migrations})
    rows = []
    for before in befores:
        found = [shares.get((before, bucket)) for bucket in columns]
        rows.append(
            {
                "name": words.BUCKETS[Bucket(before)],
                "cells": [words.percent(each.share) if each else "" for each in found],
                "loans": words.shown(sum(each.loans for each in found if each), places=0),
            }
        )
    return {"columns": [words.BUCKETS[Bucket(each)] for each in columns], "rows": rows}


def _bad_share(figures: SliceFigures) -> Decimal | None:
    if not figures.disbursed_amount:
        return None
    return figures.m3_incl_tail / figures.disbursed_amount


def _months_on_book(vintage: str, month: dt.date) -> int:
    return month_index(month) - (int(vintage[:4]) * 12 + 3 * (int(vintage[-1]) - 1))


def _vintages(content: ReportContent) -> list[dict[str, str]]:
    return [
        {
            **_slice_line(each),
            "disbursed": words.wan(each.disbursed_amount),
            "bad_share": words.percent(_bad_share(each)),
        }
        for each in content.last.of(Dimension.VINTAGE)
    ]


def _warnings(content: ReportContent) -> list[dict[str, object]]:
    counts = {(each.month, each.level): each.slices for each in content.warnings}
    return [
        {
            "name": name,
            "cells": [
                str(counts.get((month.month_end.month, level), 0)) for month in content.months
            ],
        }
        for level, name in words.LEVELS.items()
        if content.warnings
    ]


def _parameters(content: ReportContent) -> list[dict[str, object]]:
    return [
        {
            "name": words.PARAMETERS[name],
            "value": words.VALUES.get(row["value"], row["value"]),
            "valid_from": row["valid_from"],
            "source": row["source"],
            "status": words.STATUSES[row["status"]],
        }
        for name, row in content.report.parameters.items()
    ]


def _charts(content: ReportContent) -> dict[str, str]:
    points = content.trend
    ticks = [(float(i), month_text(p.month_end.month)) for i, p in enumerate(points)]
    branches = sorted(content.last.of(Dimension.BRANCH), key=lambda each: -each.outstanding)
    return {
        "buckets": charts.stacked_chart(
            title="逾期余额占剩余本金的比例",
            names=[name for name, _ in BUCKET_FIELDS],
            columns=[(label, _parts(p.total)) for (_, label), p in zip(ticks, points, strict=True)],
        ),
        "rolls": charts.line_chart(
            title="转化率与逾期率",
            ticks=ticks,
            series=[
                (name, [(float(i), getattr(p.total, field)) for i, p in enumerate(points)])
                for name, field in (("M0_1", "roll_m0_1"), ("M0_2", "roll_m0_2"))
            ],
        ),
        "branches": charts.bar_chart(
            title="分支机构逾期率",
            bars=[(each.value, each.overdue_rate) for each in branches[:SHOWN_BRANCHES]],
        ),
        "vintages": _vintage_chart(content),
    }


def _parts(total: SliceFigures) -> Sequence[Decimal]:
    if not total.outstanding:
        return [Decimal(0) for _ in BUCKET_FIELDS]
    return [getattr(total, field) / total.outstanding for _, field in BUCKET_FIELDS]


def _vintage_chart(content: ReportContent) -> str:
    curves: dict[str, list[tuple[float, Decimal | None]]] = {}
    for point in content.trend:
        for each in point.vintages:
            age = float(_months_on_book(each.value, point.month_end.month))
            curves.setdefault(each.value, []).append((age, _bad_share(each)))
    newest = sorted(curves)[-SHOWN_VINTAGES:]
    ages = sorted({age for name in newest for age, _ in curves[name]})
    step = max(1, len(ages) // 12)
    return charts.line_chart(
        title="放款季度不良占比",
        ticks=[(age, f"{age:.0f}") for age in ages[::step]] if ages else [(0.0, "0")],
        series=[(name, curves[name]) for name in newest],
    )
