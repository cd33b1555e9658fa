"""Amounts in the unit that the reader chose, and signed changes: `{% load portfolio_figures %}`."""

from decimal import ROUND_HALF_UP, Decimal

from django import template

from core.months import from_index, month_text

register = template.Library()
UNKNOWN = "—"
SCALES = {"wan": -4, "yuan": 0, "fen": -2, "fen-wan": -6}


@register.filter
def money(amount: Decimal | int | None, unit: str) -> str:
    """Show yuan as `yuan` or `wan` (ten thousand yuan), two decimals, HALF_UP."""
    return _shown(amount, SCALES[unit], 2)


@register.filter
def fen_money(amount: int | None, unit: str) -> str:
    """Show whole fen as `yuan` or `wan`."""
    return _shown(amount, SCALES["fen-wan" if unit == "wan" else "fen"], 2)


@register.filter
def signed_money(amount: Decimal | int | None, unit: str) -> str:
    """Show a change of yuan with its sign."""
    return _signed(amount, SCALES[unit], 2)


@register.filter
def points(change: Decimal | None) -> str:
    """Show a change of a fraction in percentage points with its sign: 0.0123 → +1.23."""
    return _signed(change, 2, 2)


@register.filter
def signed_count(change: int | None) -> str:
    """Show a change of a whole number with its sign."""
    return _signed(change, 0, 0)


@register.filter
def month_of(index: int) -> str:
    """Show a month index (year × 12 + month − 1) as YYYY-MM."""
    return month_text(from_index(index))


def _shown(value: Decimal | int | None, shift: int, places: int) -> str:
    if value is None:
        return UNKNOWN
    rounded = Decimal(value).scaleb(shift).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,f}"


def _signed(value: Decimal | int | None, shift: int, places: int) -> str:
    text = _shown(value, shift, places)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text
