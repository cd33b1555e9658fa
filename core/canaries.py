"""Numbers of persons as they look in clear text: identity, mobile phone and bank card numbers.

For two questions: is such a number where none may be (logs), and how is a text shown to somebody
who may not see it. A number counts only when its check digit fits: an id or a time does not.
"""

from __future__ import annotations

import re

_LONG = re.compile(r"(?<![0-9A-Fa-f.])(?:\d{17}[\dXx]|\d{16}|\d{19})(?![0-9A-Fa-f])")
_PHONE = re.compile(r"(?<![0-9A-Fa-f.])1[3-9]\d{9}(?![0-9A-Fa-f])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def found_in(text: str) -> list[str]:
    """Return the kinds of numbers that a text shows: `id`, `card`, `phone`; never the numbers."""
    kinds = [_kind(match[0]) for match in _LONG.finditer(text)]
    kinds += ["phone" for _ in _PHONE.finditer(text)]
    return [kind for kind in kinds if kind]


def hidden(text: str) -> str:
    """Replace every such number but its last two digits."""
    text = _LONG.sub(lambda match: _mask(match[0]) if _kind(match[0]) else match[0], text)
    return _PHONE.sub(lambda match: _mask(match[0]), text)


def _mask(number: str) -> str:
    return "*" * (len(number) - 2) + number[-2:]


def _kind(number: str) -> str:
    if len(number) == 18 and _is_identity(number.upper()):
        return "id"
    return "card" if number.isdigit() and len(number) in {16, 19} and _is_card(number) else ""


def _is_identity(number: str) -> bool:
    year, month, day = int(number[6:10]), int(number[10:12]), int(number[12:14])
    if not (1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[17] == "10X98765432"[total % 11]


def _is_card(number: str) -> bool:
    digits = [int(each) for each in reversed(number)]
    doubled = (sum(divmod(2 * each, 10)) for each in digits[1::2])
    return number[0] in "3456" and (sum(digits[::2]) + sum(doubled)) % 10 == 0
