"""Tell the plain lines of a block of text from the odd ones, without looking at each in Python."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_NEWLINE, _RETURN, _BLANK, _QUOTE = ord("\n"), ord("\r"), ord(" "), ord('"')


@dataclass(frozen=True)
class Sorted:
    """A block's plain lines as text that needs no quotes, where they stood, and the odd lines."""

    plain: bytes
    plain_lines: np.ndarray
    odd: list[tuple[int, str]]


def sort_lines(block: bytes, *, separator: str, width: int) -> Sorted:
    """Sort the lines of a block (counted from 0; it ends with a line's end).

    A line is plain when it has `width` cells and its quotes, if any, just enclose whole cells
    without a separator or a quote in them; then the text without quotes says the same.
    """
    text = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(text == _NEWLINE)
    starts = np.concatenate([[0], ends[:-1] + 1])
    stop = text == ord(separator)
    odd = np.diff(np.searchsorted(np.flatnonzero(stop), ends), prepend=0) != width - 1
    for line in np.flatnonzero(text[starts] <= _BLANK):
        odd[line] |= not block[starts[line] : ends[line]].strip()
    if _RETURN in block:
        odd[np.searchsorted(ends, np.flatnonzero(text == _RETURN))] = True
    quoted = _QUOTE in block
    if quoted:
        odd |= _has_inner_quotes(text, ends, stop)
    if not odd.any() and not quoted:
        return Sorted(block, np.arange(len(ends)), [])
    plain = text[np.repeat(~odd, ends - starts + 1)]
    return Sorted(
        (plain[plain != _QUOTE] if quoted else plain).tobytes(),
        np.flatnonzero(~odd),
        [(int(line), block[starts[line] : ends[line]].decode()) for line in np.flatnonzero(odd)],
    )


def _has_inner_quotes(text: np.ndarray, ends: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """Mark the lines in which a quote does other than enclose a whole cell of plain text."""
    quotes = np.flatnonzero(text == _QUOTE)
    lines = np.searchsorted(ends, quotes)
    marked = np.bincount(lines, minlength=len(ends)) % 2 == 1
    paired = ~marked[lines]
    opening, closing = quotes[paired][::2], quotes[paired][1::2]
    bounds = stop | (text == _NEWLINE)
    cells = np.flatnonzero(bounds)
    good = (
        ((opening == 0) | bounds[opening - 1])
        & bounds[closing + 1]
        & (np.searchsorted(cells, opening) == np.searchsorted(cells, closing))
    )
    marked[lines[paired][::2][~good]] = True
    return marked
