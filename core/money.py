"""Yuan as `Decimal`, exact to the fen; splits by largest remainder so that parts make the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")
RATIO = Decimal("0.00000001")


def round_fen(amount: Decimal) -> Decimal:
    """Round an amount in yuan to the fen, HALF_UP."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def to_fen(amount: Decimal) -> int:
    """Turn yuan into a whole number of fen.

    Raises:
        ValueError: the amount has parts of a fen.
    """
    fen = amount.scaleb(2)
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} yuan has parts of a fen")
    return int(fen)


def from_fen(fen: int) -> Decimal:
    """Turn a whole number of fen into yuan with two decimals."""
    return Decimal(fen).scaleb(-2).quantize(FEN)


def plain_ratio(ratio: Decimal | None) -> str | None:
    """Print a ratio HALF_UP to 8 places without an exponent; `None` stays `None` (undefined)."""
    return None if ratio is None else f"{ratio.quantize(RATIO, ROUND_HALF_UP):f}"


def split_fen(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` fen by whole-number `weights` with the largest-remainder method.

    Returns one amount per weight, in fen, whose sum is `total`.

    Raises:
        ValueError: no weight is positive, or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative with a positive sum")
    parts = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    short = total - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:short]:
        parts[index] += 1
    return parts
