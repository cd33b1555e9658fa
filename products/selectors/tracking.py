"""How a version does: the figures that the apps above report, beside what its price assumes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.months import add_months
from core.row_security import past_the_wall
from products.enums import FigureReason, FigureUnit, ProductFigure
from products.models import PriceAssumption, ProductReview, ProductVersion
from products.rules.adequacy import Verdict, indicated_change, verdict_of

UNITS = {
    ProductFigure.PREMIUM: FigureUnit.YUAN,
    ProductFigure.REFUNDED: FigureUnit.YUAN,
    ProductFigure.EARNED: FigureUnit.YUAN,
    ProductFigure.CLAIMS: FigureUnit.YUAN,
    ProductFigure.SURRENDER_RATE: FigureUnit.SHARE,
    ProductFigure.LOSS_RATIO: FigureUnit.SHARE,
    ProductFigure.EXPENSE_RATIO: FigureUnit.SHARE,
    ProductFigure.OVERDUE_RATE: FigureUnit.SHARE,
}
# who reports these reports every month in which there were any: in the others there were none
COUNTED = (ProductFigure.POLICIES, ProductFigure.SURRENDERED)
COMPARED = (
    ProductFigure.LOSS_RATIO,
    ProductFigure.EXPENSE_RATIO,
    ProductFigure.SURRENDER_RATE,
    ProductFigure.OVERDUE_RATE,
)


@dataclass(frozen=True, kw_only=True)
class TrackedFigure:
    """A figure of a version in a period, or in a month of it; nothing where it is unknown, and why.

    Money is yuan, a ratio an unrounded fraction. `label` only where `ProductFigure` has no word.
    """

    code: str
    value: Decimal | int | None
    label: str = ""
    unit: str = ""
    reason: str = ""
    month: dt.date | None = None


Tracking = Callable[[ProductVersion, dt.date, dt.date], Iterable[TrackedFigure]]
_trackers: dict[str, Tracking] = {}


def register_tracking(name: str, tracking: Tracking) -> None:
    """Say who reports figures of a version from a day to a day (not counted). Source: PRE-33c."""
    _trackers[name] = tracking


def forget_tracking(name: str) -> None:
    """Take back who reports figures."""
    _trackers.pop(name, None)


@dataclass(frozen=True)
class FigureLine:
    """A figure in words, beside what the price assumes of it."""

    code: str
    label: str
    value: Decimal | None
    unit: str
    reason: str
    assumed: Decimal | None = None

    @property
    def verdict(self) -> Verdict:
        """Say how it stands to what the price assumes."""
        return verdict_of(self.value, self.assumed)

    @property
    def why(self) -> str:
        """Say in words why it is not known, or what is left out of it."""
        known = self.reason in FigureReason.values
        return str(FigureReason(self.reason).label) if known else self.reason


@dataclass(frozen=True)
class TrackingReport:
    """What is known of a version in a period, as a whole and by month."""

    lines: Sequence[FigureLine]
    months: Sequence[tuple[dt.date, dict[str, Decimal | int | None]]]

    def line(self, code: str) -> FigureLine:
        """Return the line of a figure that every report has."""
        return next(each for each in self.lines if each.code == code)

    @property
    def compared(self) -> list[FigureLine]:
        """Return the ratios that a price may assume."""
        return [self.line(code) for code in COMPARED]

    @property
    def counted(self) -> list[FigureLine]:
        """Return all other figures."""
        return [each for each in self.lines if each.code not in COMPARED]

    @property
    def indicated(self) -> Decimal | None:
        """Return the change of the rate by the loss-ratio method, a fraction."""
        loss = self.line(ProductFigure.LOSS_RATIO)
        return indicated_change(loss.value, loss.assumed)


def assumptions_of(*, version: ProductVersion) -> dict[str, PriceAssumption]:
    """Return what the price of a version assumes, by code."""
    return {each.code: each for each in version.assumptions.order_by("pk")}


def tracking_report(
    *, version: ProductVersion, period_from: dt.date, period_to: dt.date
) -> TrackingReport:
    """Return what the apps above know of a version in a period (the last day not counted).

    Figures of the whole house, whoever looks: sums, that name nobody. What nobody reports is empty
    with its reason, never zero. Source: PRE-33c.
    """
    with past_the_wall():
        told = [
            each
            for tracking in _trackers.values()
            for each in tracking(version, period_from, period_to)
        ]
    whole = {each.code: each for each in told if each.month is None}
    asked = [whole.pop(code, None) or _silent(code) for code in ProductFigure.values]
    assumed = {code: each.value for code, each in assumptions_of(version=version).items()}
    return TrackingReport(
        [_line(each, assumed.get(each.code)) for each in (*asked, *whole.values())],
        _by_month(told, counted=[code for code in COUNTED if _is_known(told, code)]),
    )


def tracked_figures(
    *, version: ProductVersion, period_from: dt.date, period_to: dt.date
) -> list[dict[str, Any]]:
    """Return the figures of a period as a review keeps them: numbers as text, unknown as nothing.

    Source: PRE-33c.
    """
    report = tracking_report(version=version, period_from=period_from, period_to=period_to)
    return [
        {
            "code": each.code,
            "label": "" if each.code in ProductFigure.values else each.label,
            "value": _text(each.value),
            "unit": each.unit,
            "reason": each.reason,
            "assumed": _text(each.assumed),
        }
        for each in report.lines
    ]


def figure_lines(review: ProductReview) -> list[FigureLine]:
    """Return the figures of a review in words, as they were known when it was drafted."""
    return [
        FigureLine(
            code=each["code"],
            label=_word(each["code"], each["label"]),
            value=_number(each["value"]),
            unit=each["unit"],
            reason=each.get("reason", ""),
            assumed=_number(each.get("assumed")),
        )
        for each in review.figures
    ]


def first_period(*, version: ProductVersion, today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the months to look at first: whole ones since the version began, to this month.

    The last day is not counted.
    """
    end = today.replace(day=1)
    start = version.valid_from.replace(day=1)
    return (start, end) if start < end else (start, add_months(start, 1))


def _line(each: TrackedFigure, assumed: Decimal | None) -> FigureLine:
    value = None if each.value is None else Decimal(each.value)
    unit = each.unit or UNITS.get(each.code, FigureUnit.COUNT)
    return FigureLine(
        each.code, _word(each.code, each.label), value, str(unit), each.reason, assumed
    )


def _silent(code: str) -> TrackedFigure:
    return TrackedFigure(code=code, value=None, reason=FigureReason.NOT_REPORTED)


def _by_month(
    told: Iterable[TrackedFigure], *, counted: Sequence[str]
) -> list[tuple[dt.date, dict[str, Decimal | int | None]]]:
    found: dict[dt.date, dict[str, Decimal | int | None]] = {}
    for each in told:
        if each.month is not None:
            row = found.setdefault(each.month, dict.fromkeys(counted, 0))
            row[each.code] = each.value
    return sorted(found.items())


def _is_known(told: Iterable[TrackedFigure], code: str) -> bool:
    return any(each.code == code and each.value is not None for each in told)


def _word(code: str, label: str) -> str:
    return str(ProductFigure(code).label) if code in ProductFigure.values else label or code


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
