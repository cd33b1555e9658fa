"""The manager's dashboard, and its figures in Excel."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from core.months import month_text
from core.workbooks import COUNT, RATE, TEXT, YUAN, Sheet, workbook
from organization.enums import Permission
from organization.permissions import check, may
from parties.services import Order
from postloss.enums import (
    Bucket,
    Dimension,
    Indicator,
    WarningKind,
    WarningLevel,
    WarningState,
)
from postloss.forms.dashboard import UNITS_BELOW, DashboardForm, read_filters
from postloss.selectors.dashboard import portfolio_of
from postloss.selectors.portfolio import HEAT_MONTHS, LEVELS, Portfolio, live_loans
from postloss.views import charts, slices
from postloss.views.exporting import answer_export

MOVERS, TOP_WARNINGS, MOST_WARNINGS = 8, 5, 200
_LEVEL_TITLES = dict(WarningLevel.choices) | {"data_quality": gettext_lazy("Data quality")}
_TABS = {UNITS_BELOW: gettext_lazy("Units below")} | {
    d.value: d.label for d in Dimension if d != Dimension.TOTAL
}
_COLUMNS = (
    ("name", gettext_lazy("Slice"), "name"),
    ("loans", gettext_lazy("Loans"), "loans"),
    ("outstanding", gettext_lazy("Outstanding principal"), "outstanding"),
    ("m0", "M0", ""),
    ("m1", "M1", ""),
    ("m2", "M2", ""),
    ("m3", "M3", ""),
    ("tail", gettext_lazy("Over 180 days"), "tail_over_180"),
    ("overdue_rate", gettext_lazy("Overdue rate"), "overdue_rate"),
    ("change", gettext_lazy("Change, points"), "change"),
    ("roll_m0_1", "M0_1", "roll_m0_1"),
    ("roll_m0_2", "M0_2", ""),
    ("not_reported", gettext_lazy("Not reported"), ""),
    ("retained", gettext_lazy("Retained exposure"), ""),
)


@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    portfolio, filters = _asked(request)
    if portfolio is None:
        return render(request, "postloss/dashboard/empty.html", {"filters": filters})
    context = context_of(portfolio, filters)
    context["may_export"] = may(request.user, Permission.EXPORT)
    return render(request, "postloss/dashboard/detail.html", context)


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.EXPORT)
    portfolio, filters = _asked(request)
    if portfolio is None:
        return render(request, "postloss/dashboard/empty.html", {"filters": filters})
    row, unit = portfolio.month_end, portfolio.unit
    month = month_text(row.month)
    sheets = list(_sheets(portfolio, filters["by"], filters["sort"]))
    order = Order(
        kind="figures",
        title=_("Figures of %(unit)s, %(month)s") % {"unit": unit.name, "month": month},
        file_name=f"figures_{unit.code}_{month}_v{row.version}.xlsx",
        rows=0,
        unit=unit,
        filters={"month": month, "version": row.version, "unit": unit.code, "by": filters["by"]},
    )
    return answer_export(request, order, lambda mark: workbook(sheets=sheets, mark=mark))


def _asked(request: HttpRequest) -> tuple[Portfolio | None, dict[str, Any]]:
    check(request.user, Permission.VIEW_PORTFOLIO)
    filters = read_filters(DashboardForm, request.GET)
    portfolio = portfolio_of(
        staff=request.user,
        month=filters["month"],
        version=filters["version"],
        unit_code=filters["unit"],
        lender_code=filters["lender"],
    )
    filters["money"] = filters["money"] or "wan"
    if portfolio is not None and not filters["by"]:
        filters["by"] = UNITS_BELOW if portfolio.children else Dimension.BRANCH.value
    return portfolio, filters


def context_of(portfolio: Portfolio, filters: dict[str, Any]) -> dict[str, Any]:
    by, rows = filters["by"], charts.trend_rows(portfolio)
    curves, ends = portfolio.vintages(), charts.heat_ends(portfolio, HEAT_MONTHS)
    total = portfolio.total()
    return {
        "filters": filters,
        "money": filters["money"],
        "portfolio": portfolio,
        "row": portfolio.month_end,
        "month": month_text(portfolio.month_end.month),
        "months": portfolio.calendar.latest(),
        "versions": portfolio.calendar.of_month(portfolio.month_end.month),
        "levels": [(level, _LEVEL_TITLES[level], portfolio.counts[level]) for level in LEVELS],
        "warnings": _warnings(portfolio, filters["level"]),
        "total": slices.row_of(portfolio, total, Dimension.TOTAL) if total else None,
        "key_figures": _key_figures(portfolio),
        "trend": [
            row | {"ratios": slices.ratios_of(row["figure"], row["end"]) if row["figure"] else []}
            for row in reversed(rows)
        ],
        "overdue_chart": charts.overdue_trend(portfolio, rows),
        "roll_chart": charts.roll_trend(rows),
        "bucket_chart": charts.bucket_bars(rows),
        "matrix": slices.matrix_rows(portfolio),
        "buckets": [bucket.label for bucket in Bucket],
        "curves": curves,
        "vintage_table": _vintage_table(curves),
        "vintage_chart": charts.vintage_lines(curves),
        "heat_months": [month_text(end.month) for end in ends],
        "heat": slices.heat_rows(portfolio, ends),
        "movers": [
            (slices.row_of(portfolio, line, line.figure.dimension), _TABS[line.figure.dimension])
            for line in portfolio.movers(MOVERS)
        ],
        "tabs": [(k, v) for k, v in _TABS.items() if k != UNITS_BELOW or portfolio.children],
        "by_title": _TABS[by],
        "columns": _columns(filters["sort"]),
        "rows": slices.rows_of(portfolio, by, filters["sort"]),
    }


def _warnings(portfolio: Portfolio, level: str) -> list[dict[str, Any]]:
    """Return the warnings of a level, or the most urgent ones, with their words."""
    chosen = [
        each for each in portfolio.warnings if (each["seen_level"] or "data_quality") == level
    ]
    shown = chosen[:MOST_WARNINGS] if level else portfolio.warnings[:TOP_WARNINGS]
    return [
        each
        | {
            "title": Indicator(each["indicator"]).label
            if each["kind"] == WarningKind.RISK
            else WarningKind(each["kind"]).label,
            "slice": each["slice_unit__name"]
            if each["dimension"] == Dimension.TOTAL
            else f"{Dimension(each['dimension']).label} · {each['value']}",
            "state_label": WarningState(each["state"]).label,
        }
        for each in shown
    ]


def _columns(sort: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "title": title,
            "sort": (f"-{key}" if key and sort != f"-{key}" and key != "name" else key),
            "is_here": bool(key) and sort.lstrip("-") == key,
            "is_falling": sort.startswith("-"),
        }
        for name, title, key in _COLUMNS
    ]


def _key_figures(portfolio: Portfolio) -> list[dict[str, Any]]:
    line = portfolio.total()
    if line is None:
        return []
    row = slices.row_of(portfolio, line, Dimension.TOTAL)
    levels = {}
    for each in reversed(portfolio.warnings):  # the worst is written last
        if (each["slice_unit_id"], each["dimension"]) == (portfolio.unit.pk, Dimension.TOTAL):
            levels[each["indicator"]] = each["seen_level"]
    figure, rate, amount, count = line.figure, "rate", "amount", "count"

    def card(name: str, title: Any, kind: str, bucket: str = "", code: str = "") -> dict[str, Any]:
        return {
            "title": title, "kind": kind, "code": code, "value": getattr(figure, name),
            "change": line.change_of(name), "why": row.why.get(name, ""),
            "url": row.links.get(bucket, ""), "level": levels.get(name, ""),
        }  # fmt: skip

    loans = card("n_m0", _("Loans"), count, "live") | {
        "value": line.loans,
        "change": line.loans - live_loans(line.before) if line.before else None,
    }
    tail = card("tail_over_180", _("Over 180 days"), amount, "tail") | {
        "level": levels.get("tail_share", "")
    }
    return [
        card("outstanding", _("Outstanding principal"), amount, "live", "F5"),
        card("overdue_rate", _("Overdue rate"), rate, "overdue", "F10c"),
        card("roll_m0_1", "M0_1", rate, "m1", "F10a"),
        card("roll_m0_2", "M0_2", rate, "m2", "F10b"),
        tail,
        loans,
        card("n_not_reported", _("Not reported"), count, "not_reported"),
        card("retained_exposure", _("Retained exposure"), amount, "live", "F13"),
    ]


def _vintage_table(curves: list) -> dict[str, Any]:
    ages = charts.vintage_ages(curves)
    return {
        "names": [curve.vintage for curve in curves],
        "rows": [(age, [curve.by_age.get(age) for curve in curves]) for age in ages],
    }


_EXPORTED = (
    ("outstanding", YUAN), ("m0", YUAN), ("m1", YUAN), ("m2", YUAN), ("m3", YUAN),
    ("tail_over_180", YUAN), ("n_m0", COUNT), ("n_m1", COUNT), ("n_m2", COUNT), ("n_m3", COUNT),
    ("n_tail", COUNT), ("overdue_rate", RATE), ("roll_m0_1", RATE), ("roll_m0_2", RATE),
    ("disbursed_amount", YUAN), ("retained_exposure", YUAN), ("n_not_reported", COUNT),
    ("not_reported_balance", YUAN), ("n_basis_differs", COUNT),
)  # fmt: skip


def _figures(figure: Any) -> list[Any]:
    return [getattr(figure, name) for name, _kind in _EXPORTED]


def _sheets(portfolio: Portfolio, by: str, sort: str) -> Iterator[Sheet]:
    total = portfolio.total()
    lines = [*([total] if total else []), *slices.sorted_lines(portfolio.lines(by), by, sort)]
    yield Sheet(
        title=str(_TABS[by]),
        columns=[(_("Slice"), TEXT), *_EXPORTED],
        rows=([line.name or _("Total"), *_figures(line.figure)] for line in lines),
    )
    yield Sheet(
        title=_("Trend"),
        columns=[(_("Month"), TEXT), (_("Version"), COUNT), *_EXPORTED],
        rows=(
            [row["month"], row["end"].version, *_figures(row["figure"])]
            for row in charts.trend_rows(portfolio)
            if row["figure"]
        ),
    )
    yield Sheet(
        title=_("Cohort migration"),
        columns=[
            (_("Bucket before"), TEXT), (_("Bucket now"), TEXT), (_("Loans"), COUNT),
            (_("Balance before"), YUAN), (_("Balance now"), YUAN), (_("Share"), RATE),
        ],
        rows=(
            [Bucket(c.before).label, Bucket(c.after).label, c.loans, c.before_balance, c.balance,
             c.share]
            for cells in portfolio.matrix.values()
            for c in cells.values()
        ),
    )  # fmt: skip
    table = _vintage_table(portfolio.vintages())
    yield Sheet(
        title=_("Vintage curves"),
        columns=[(_("Months on book"), COUNT), *((name, RATE) for name in table["names"])],
        rows=([age, *values] for age, values in table["rows"]),
    )
