"""The ceiling of what a loan may cost in all, by type of lender and day of the contract."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation

from core.errors import Missing
from core.selectors import figure, parameter
from products.rules.pricing import NOMINAL, Ceiling

BY_LENDER = "rate.all_in_ceiling"
COMPANY = "rate.company_all_in_ceiling"
BASIS = "rate.apr_comparison_basis"
BY_LPR = "LPR"  # a multiple of the one-year LPR of the day


def ceiling_on(*, lender_type: str, on: dt.date) -> Ceiling:
    """Return the ceiling in force when a contract is made: fractions per year.

    Private lending is bound to a multiple of the one-year LPR; licensed lenders and the seven local
    kinds are not, but to a rate of their own. The company's may be lower, never higher. A lender
    whose type is not known has none, and what has none is blocked.

    Source: PRE-12b, HQ-18, HQ-19.
    """
    try:
        table = parameter(name=BY_LENDER, as_of=on)
    except Missing:
        return Ceiling(legal=None, company=None)
    given = table.value.get(lender_type)
    return Ceiling(
        legal=_by_lpr(on) if given == BY_LPR else _percent(given),
        company=_figure(COMPANY, on),
        basis=_basis(on),
        source=table.source,
    )


def _by_lpr(on: dt.date) -> Decimal | None:
    multiple, lpr = _figure("rate.private_lending_multiple", on), _figure("rate.lpr_1y", on)
    return None if multiple is None or lpr is None else multiple * lpr


def _percent(given: object) -> Decimal | None:
    try:
        return None if given is None else Decimal(str(given)) / 100
    except InvalidOperation:
        return None


def _figure(name: str, on: dt.date) -> Decimal | None:
    try:
        return figure(name=name, as_of=on)
    except Missing:
        return None


def _basis(on: dt.date) -> str:
    try:
        return str(parameter(name=BASIS, as_of=on).value)
    except Missing:
        return NOMINAL
