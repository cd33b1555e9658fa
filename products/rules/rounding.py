"""Rounding of money to the unit that a contract names. Exact: no float, ties are real ties."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

DIGITS = 50
CLEAN = Decimal("1E-20")


class Rounding(StrEnum):
    """How an amount is brought to its unit."""

    HALF_UP = "half_up"
    UP = "up"
    HALF_EVEN = "half_even"


_MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.UP: ROUND_CEILING,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
}


@contextmanager
def wide() -> Iterator[None]:
    """Compute with 50 digits, so that what is rounded has no error of its own."""
    with localcontext(prec=DIGITS):
        yield


def exact(value: Fraction) -> Decimal:
    """Turn a fraction into a Decimal, unrounded as far as the digits of `wide` reach."""
    return Decimal(value.numerator) / value.denominator


def round_to(amount: Decimal, unit: Decimal, rounding: Rounding) -> Decimal:
    """Round an amount in yuan to a multiple of `unit` (0.01 or 1 yuan), stated with two decimals.

    The 21st decimal is dropped first: a computed 0.00499…9 that is 0.005 is the tie it stands for.
    """
    with wide():
        clean = amount.quantize(CLEAN, ROUND_HALF_EVEN)
        return ((clean / unit).quantize(Decimal(1), _MODES[rounding]) * unit).quantize(
            Decimal("0.01")
        )
