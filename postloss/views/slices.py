"""Figures as rows of a page: links to the loans behind each, reasons in words, shades."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.months import month_text
from postloss.enums import Bucket, Dimension
from postloss.models import Figure, MonthEnd
from postloss.rules.portfolio import MigrationCell, shade, share_shade
from postloss.selectors.portfolio import (
    UNITS_BELOW,
    Portfolio,
    SliceLine,
    live_loans,
)
from postloss.selectors.snapshot_loans import BUCKET_NAMES

WHY = {
    "no_outstanding": _("No outstanding principal"),
    "month_not_closed": _("The month of the denominator is not closed"),
    "new_slice": _("The slice did not exist in the month of the denominator"),
    "zero_denominator": _("No M0 in the month of the denominator"),
    "no_m0": _("No such slice, or no M0 in it, in the month of the denominator"),
    "month_before": _("No closed month before to compare with"),
    "not_of_lender": _("Kept for all lenders together only"),
    "rest": _("Not kept for what is placed at the unit itself"),
}
_SHOWN_BUCKETS = ("live", "m0", "m1", "m2", "m3", "tail", "overdue", "not_reported")
_RATIOS = ("overdue_rate", "roll_m0_1", "roll_m0_2")
_BY_NAME_FIRST = (Dimension.GRADE, Dimension.VINTAGE, Dimension.MOB)


def loans_url(*, month_end: MonthEnd, unit: str, lender: str = "", **more: str) -> str:
    """Lead from a figure to its loans."""
    query = {"version": month_end.version, "unit": unit, "lender": lender, **more}
    given = {name: value for name, value in query.items() if value != ""}
    address = reverse("postloss:snapshot_loans", args=[month_text(month_end.month)])
    return f"{address}?{urlencode(given)}"


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio, or why there is none."""

    value: Decimal | None
    why: Any


def ratios_of(figure: Figure, month_end: MonthEnd) -> list[Ratio]:
    """Return overdue rate, M0_1 and M0_2 of a figure whose denominators are not at hand."""
    why = {"overdue_rate": WHY["no_outstanding"]}
    for name, end in (
        ("roll_m0_1", month_end.one_before_id),
        ("roll_m0_2", month_end.two_before_id),
    ):
        why[name] = WHY["month_not_closed" if end is None else "no_m0"]
    return [Ratio(value=getattr(figure, name), why=why[name]) for name in _RATIOS]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table of slices."""

    line: SliceLine
    links: dict[str, str]
    why: dict[str, Any]
    is_small: bool
    unit_code: str = ""


def rows_of(portfolio: Portfolio, by: str, sort: str) -> list[Row]:
    lines = sorted_lines(portfolio.lines(by), by, sort)
    return [row_of(portfolio, line, by) for line in lines]


def row_of(portfolio: Portfolio, line: SliceLine, by: str) -> Row:
    is_unit = by == UNITS_BELOW
    why = {name: WHY.get(line.why(name), "") for name in _RATIOS}
    if line.is_rest:
        why |= dict.fromkeys(("roll_m0_1", "roll_m0_2", "change"), WHY["rest"])
    return Row(
        line=line,
        links={} if line.is_rest else _links(portfolio, line),
        why=why | {"change": why.get("change", WHY["month_before"])},
        is_small=portfolio.is_small(line),
        unit_code=line.unit.code if is_unit and not line.is_rest else "",
    )


def _links(portfolio: Portfolio, line: SliceLine) -> dict[str, str]:
    dimension, value = line.figure.dimension, line.figure.value
    where = {"dimension": dimension, "value": value} if dimension != Dimension.TOTAL else {}
    return {
        bucket: loans_url(
            month_end=portfolio.month_end,
            unit=line.unit.code,
            lender=portfolio.lender.code if portfolio.lender else "",
            bucket="" if bucket == "live" else bucket,
            **where,
        )
        for bucket in _SHOWN_BUCKETS
    }


def sorted_lines(lines: list[SliceLine], by: str, sort: str) -> list[SliceLine]:
    """Order slices; those without a value come last, what is left over after all."""
    wanted = sort or ("name" if by in _BY_NAME_FIRST else "-outstanding")
    name, is_falling = wanted.lstrip("-"), wanted.startswith("-")
    known = [line for line in lines if not line.is_rest and _sort_key(line, name) is not None]
    unknown = [line for line in lines if not line.is_rest and _sort_key(line, name) is None]
    known.sort(key=lambda line: _sort_key(line, name), reverse=is_falling)
    return [*known, *unknown, *(line for line in lines if line.is_rest)]


def _sort_key(line: SliceLine, name: str) -> Any:
    if name == "name":
        is_number = line.figure.dimension == Dimension.MOB
        return int(line.name) if is_number else line.name
    if name in ("loans", "change"):
        return getattr(line, name)
    return getattr(line.figure, name)


@dataclass(frozen=True, kw_only=True)
class HeatCell:
    """A rate of one slice in one month; `shade` 0-4 against the reference, None unknown."""

    value: Decimal | None
    loans: int | None
    shade: int | None
    url: str
    is_small: bool


@dataclass(frozen=True, kw_only=True)
class HeatRow:
    name: str
    cells: list[HeatCell]


def heat_rows(portfolio: Portfolio, ends: list[MonthEnd]) -> list[HeatRow]:
    """Overdue rates by month of the units below, or of lenders' branches where there are none."""
    total = portfolio.total()
    reference = total.figure.overdue_rate if total else None
    if portfolio.children:
        keys = [(child, Dimension.TOTAL, "", child.name) for child in portfolio.children]
    else:
        names = sorted({key[3] for key in portfolio.figures if key[2] == Dimension.BRANCH})
        keys = [(portfolio.unit, Dimension.BRANCH, name, name) for name in names]
    lender = portfolio.lender.code if portfolio.lender else ""
    rows = []
    for unit, dimension, value, name in keys:
        where = {"dimension": dimension, "value": value} if value else {}
        cells = [
            _heat_cell(
                portfolio,
                portfolio.figure(end.pk, unit, dimension, value),
                reference,
                loans_url(month_end=end, unit=unit.code, lender=lender, bucket="overdue", **where),
            )
            for end in ends
        ]
        if any(cell.loans for cell in cells):
            rows.append(HeatRow(name=name, cells=cells))
    return rows


def _heat_cell(
    portfolio: Portfolio, figure: Figure | None, reference: Decimal | None, url: str
) -> HeatCell:
    if figure is None:
        return HeatCell(value=None, loans=None, shade=None, url="", is_small=False)
    loans = live_loans(figure)
    sample = portfolio.min_sample(Dimension.BRANCH)
    return HeatCell(
        value=figure.overdue_rate,
        loans=loans,
        shade=shade(figure.overdue_rate, reference),
        url=url,
        is_small=sample is not None and loans < sample,
    )


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    cell: MigrationCell | None
    tone: str
    url: str


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    label: Any
    loans: int
    balance: Decimal
    cells: list[MatrixCell]


def matrix_rows(portfolio: Portfolio) -> list[MatrixRow]:
    """The cohort migration: each bucket of last month, and where its balance went."""
    rows = []
    for before in Bucket:
        cells = portfolio.matrix.get(before)
        if not cells:
            continue
        rows.append(
            MatrixRow(
                label=before.label,
                loans=sum(cell.loans for cell in cells.values()),
                balance=sum((cell.before_balance for cell in cells.values()), Decimal(0)),
                cells=[_matrix_cell(portfolio, before, cells.get(after)) for after in Bucket],
            )
        )
    return rows


def _matrix_cell(portfolio: Portfolio, before: Bucket, cell: MigrationCell | None) -> MatrixCell:
    if cell is None:
        return MatrixCell(cell=None, tone="", url="")
    kind = "worse" if cell.is_worse else "same" if cell.after == before else "better"
    url = loans_url(
        month_end=portfolio.month_end,
        unit=portfolio.unit.code,
        bucket=BUCKET_NAMES[Bucket(cell.after)],
        before=BUCKET_NAMES[before],
    )
    return MatrixCell(cell=cell, tone=f"{kind}-{share_shade(cell.share) or 0}", url=url)
