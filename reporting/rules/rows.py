"""Rows of `figures.csv`: one figure of one slice of one month, or nothing with a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.money import plain_ratio, round_fen
from reporting.enums import FigureCode, FigureUnit, MissingReason

Slice = tuple[str, str]
TOTAL = "total"
TOTAL_SLICE: Slice = (TOTAL, "")

# What a slice holds under which name, in the order of the file.
AMOUNTS = {
    FigureCode.RETAINED_EXPOSURE: "retained_exposure",
    FigureCode.DISBURSED_AMOUNT: "disbursed_amount",
    FigureCode.OUTSTANDING_PRINCIPAL: "outstanding",
    FigureCode.M0_BALANCE: "m0",
    FigureCode.M1_BALANCE: "m1",
    FigureCode.M2_BALANCE: "m2",
    FigureCode.M3_BALANCE: "m3",
    FigureCode.TAIL_OVER_180: "tail_over_180",
    FigureCode.M3_INCL_TAIL: "m3_incl_tail",
    FigureCode.NOT_REPORTED_BALANCE: "not_reported_balance",
}
COUNTS = ("n_m0", "n_m1", "n_m2", "n_m3", "n_tail", "n_not_reported", "n_basis_differs")
RATIOS = ("roll_m0_1", "roll_m0_2", "overdue_rate")


@dataclass(frozen=True, kw_only=True)
class SliceFigures:
    """The figures of one slice at one month-end: yuan, counts, fractions; None is undefined."""

    dimension: str
    value: str
    m0: Decimal
    m1: Decimal
    m2: Decimal
    m3: Decimal
    tail_over_180: Decimal
    outstanding: Decimal
    disbursed_amount: Decimal
    retained_exposure: Decimal
    not_reported_balance: Decimal
    n_m0: int
    n_m1: int
    n_m2: int
    n_m3: int
    n_tail: int
    n_not_reported: int
    n_basis_differs: int
    roll_m0_1: Decimal | None
    roll_m0_2: Decimal | None
    overdue_rate: Decimal | None

    @property
    def key(self) -> Slice:
        """Return what tells the slice from others."""
        return self.dimension, self.value

    @property
    def m3_incl_tail(self) -> Decimal:
        """Return M3 with the tail over 180 days, in yuan. Source: HQ-02."""
        return self.m3 + self.tail_over_180


@dataclass(frozen=True)
class Denominators:
    """M0 in yuan by slice one and two month-ends before; None where no such month is closed."""

    one_before: Mapping[Slice, Decimal] | None
    two_before: Mapping[Slice, Decimal] | None


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One line of the file: `value` as printed, empty when undefined with the code of a reason.

    `exact` is the figure before it was rounded for the file.
    """

    code: str
    period: str
    slice_dimension: str
    slice_value: str
    value: str
    unit: str
    version: int
    reason: str
    exact: Decimal | None

    @property
    def dimension(self) -> str:
        """Print the slice: `total`, or `branch=FL`."""
        if self.slice_dimension == TOTAL:
            return TOTAL
        return f"{self.slice_dimension}={self.slice_value}"


def ratio_row(
    code: str,
    value: Decimal | None,
    reason: str,
    *,
    period: str,
    version: int,
    at_slice: Slice = TOTAL_SLICE,
) -> FigureRow:
    """Return the row of a fraction, printed HALF_UP to 8 places."""
    return FigureRow(
        code=code,
        period=period,
        slice_dimension=at_slice[0],
        slice_value=at_slice[1],
        value=plain_ratio(value) or "",
        unit=FigureUnit.RATIO.value,
        version=version,
        reason=reason,
        exact=value,
    )


def slice_rows(
    figures: SliceFigures, before: Denominators, *, period: str, version: int
) -> list[FigureRow]:
    """Return the rows of a slice: F4 to F10c and F13 in yuan to the fen, counts and fractions.

    Source: POST-35d-m, HQ-02.
    """

    def row(
        code: str, exact: Decimal | int | None, value: str, unit: FigureUnit, reason: str = ""
    ) -> FigureRow:
        return FigureRow(
            code=code,
            period=period,
            slice_dimension=figures.dimension,
            slice_value=figures.value,
            value=value,
            unit=unit.value,
            version=version,
            reason=reason,
            exact=None if exact is None else Decimal(exact),
        )

    rows = []
    for code, name in AMOUNTS.items():
        yuan = getattr(figures, name)
        rows.append(row(code.value, yuan, f"{round_fen(yuan):f}", FigureUnit.YUAN))
    if figures.dimension == TOTAL:
        why = MissingReason.CLAIMS_NOT_RECORDED.value
        rows.append(row(FigureCode.CLAIMED_PRINCIPAL.value, None, "", FigureUnit.YUAN, why))
    for name in RATIOS:
        share = getattr(figures, name)
        reason = "" if share is not None else ratio_reason(name, figures.key, before)
        rows.append(row(name, share, plain_ratio(share) or "", FigureUnit.RATIO, reason))
    for name in COUNTS:
        loans = getattr(figures, name)
        rows.append(row(name, loans, str(loans), FigureUnit.COUNT))
    return rows


def ratio_reason(code: str, key: Slice, before: Denominators) -> str:
    """Say why a roll rate or an overdue rate of a slice is undefined.

    Source: F10a-c (denominators are the frozen calendar months one and two before).
    """
    if code == FigureCode.ROLL_M0_1:
        return _denominator_reason(before.one_before, key, MissingReason.NO_MONTH_BEFORE)
    if code == FigureCode.ROLL_M0_2:
        return _denominator_reason(before.two_before, key, MissingReason.NO_TWO_MONTHS_BEFORE)
    return MissingReason.DENOMINATOR_ZERO.value


def _denominator_reason(
    known: Mapping[Slice, Decimal] | None, key: Slice, no_month: MissingReason
) -> str:
    if known is None:
        return no_month.value
    if key not in known:
        return MissingReason.NO_SUCH_SLICE_BEFORE.value
    return MissingReason.DENOMINATOR_ZERO.value


def natural_order(value: str) -> tuple[int, int, str]:
    """Order the values of a dimension: whole numbers by size, then text by code point."""
    if value.isascii() and value.isdigit():
        return 0, int(value), value
    return 1, 0, value


def in_order(slices: Iterable[SliceFigures], dimensions: Iterable[str]) -> list[SliceFigures]:
    """Order slices as the dimensions are given, then by value."""
    place = {name: index for index, name in enumerate(dimensions)}
    return sorted(slices, key=lambda s: (place[s.dimension], natural_order(s.value)))
