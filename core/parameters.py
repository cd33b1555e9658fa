"""Values of parameters: what kind they are, and whether a text is one. Pure."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.enums import ParameterKind
from core.errors import RuleBroken

_TRUE, _FALSE = {"true", "yes", "是"}, {"false", "no", "否"}


def kind_of(value: object) -> ParameterKind:
    """Tell the kind of a value whose row does not say it."""
    if isinstance(value, bool):
        return ParameterKind.BOOLEAN
    if isinstance(value, int) or (isinstance(value, str) and _as_decimal(value) is not None):
        return ParameterKind.NUMBER
    if isinstance(value, list):
        return ParameterKind.LIST
    return ParameterKind.TABLE if isinstance(value, dict) else ParameterKind.TEXT


def read_value(text: str, *, kind: str) -> Any:
    """Read a value of this kind from what a person typed; numbers stay exact.

    Raises:
        RuleBroken: the text is no value of the kind.
    """
    text = text.strip()
    reader = {
        ParameterKind.NUMBER: _number,
        ParameterKind.PERCENT: _number,
        ParameterKind.BOOLEAN: _boolean,
        ParameterKind.LIST: _list,
        ParameterKind.TABLE: _table,
    }.get(ParameterKind(kind), _words)
    return reader(text)


def value_text(value: object) -> str:
    """Print a value so that `read_value` reads the same again."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _as_decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number(text: str) -> int | str:
    number = _as_decimal(text)
    if number is None:
        raise _refusal(_("“%(text)s” is not a number.") % {"text": text})
    return int(text) if text.lstrip("-").isdecimal() and text.isascii() else text


def _boolean(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise _refusal(_("Write “yes” or “no”."))


def _list(text: str) -> list[Any]:
    if text.startswith("["):
        return _json(text, list)
    items = [line.strip() for line in text.splitlines() if line.strip()]
    if not items:
        raise _refusal(_("The list is empty: one entry a line."))
    return items


def _table(text: str) -> dict[str, Any]:
    return _json(text, dict)


def _json(text: str, wanted: type) -> Any:
    try:
        value = json.loads(text, parse_float=str)
    except ValueError:
        value = None
    if not isinstance(value, wanted) or not value:
        raise _refusal(_("This is not a list or table in JSON."))
    return value


def _words(text: str) -> str:
    if not text:
        raise _refusal(_("The value is empty."))
    return text


def _refusal(message: str) -> RuleBroken:
    return RuleBroken("parameter_value", message, field="value")
