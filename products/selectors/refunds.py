"""What goes back of a premium: the filed table in words, and what it does to an example policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from core.months import add_months
from products.enums import RefundKind
from products.models import ProductVersion
from products.rules.refunds import RefundStep, read_steps, step_findings
from products.rules.tariffs import PriceFinding
from products.selectors.sentences import with_article

EXAMPLE_PREMIUM, EXAMPLE_MONTHS = Decimal("12000.00"), 12
Refund = Callable[..., Decimal]
_refunds: dict[str, Refund] = {}


def register_refunds(refund: Refund) -> None:
    """Say who reckons refunds of policies: refund(rule, premium=, begins=, ends=, on=) in yuan.

    The preview of a table so comes from the engine that ends policies, never from a second one.
    """
    _refunds["policies"] = refund


@dataclass(frozen=True)
class RefundLine:
    """A step in words: up to which part of the period, and what is kept and given back of it."""

    until: Fraction
    words: str
    kept: Decimal

    @property
    def back(self) -> Decimal:
        """Return the share that is given back, a fraction."""
        return 1 - self.kept


@dataclass(frozen=True)
class ExampleRefund:
    """What an example policy gets back that ends after so many months: yuan."""

    months: int
    on: dt.date
    refunded: Decimal
    by_days: Decimal


def refund_lines(rule: Mapping[str, Any]) -> list[RefundLine]:
    """Return the short-rate table of a refund rule in words; nothing where it has none."""
    months = int(rule.get("months") or 0)
    return [
        RefundLine(step.until, _words(step.until, months), _decimal(step.kept))
        for step in read_steps(rule)
    ]


def refund_differences(
    before: ProductVersion, after: ProductVersion
) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """Return for every step of either table what is kept, a fraction; nothing where none ends."""
    old, new = (
        {line.until: line for line in refund_lines(each.refund_rule)} for each in (before, after)
    )
    return [
        (
            (new.get(until) or old[until]).words,
            old[until].kept if until in old else None,
            new[until].kept if until in new else None,
        )
        for until in sorted({**old, **new})
    ]


def refund_problems(steps: Sequence[RefundStep]) -> list[str]:
    """Return in sentences all that is wrong with a table. Source: PRE-41c."""
    return [_sentence(each) for each in step_findings(steps)]


def refund_examples(rule: Mapping[str, Any], *, begins: dt.date) -> list[ExampleRefund]:
    """Return what goes back of a single premium of 12,000 yuan, month by month of its cover.

    The cover lasts as many months as the table counts, 12 where it counts parts. Beside it what
    would go back by days. Yuan to the fen, by the engine that ends policies.
    """
    refund = _refunds.get("policies")
    if refund is None:
        return []
    length = int(rule.get("months") or EXAMPLE_MONTHS)
    words = {
        "premium": EXAMPLE_PREMIUM,
        "begins": begins,
        "ends": add_months(begins, length),
    }
    by_days = {"kind": RefundKind.PRO_RATA.value}
    days = [(month, add_months(begins, month)) for month in range(1, length + 1)]
    return [
        ExampleRefund(month, on, refund(rule, on=on, **words), refund(by_days, on=on, **words))
        for month, on in days
    ]


def _words(until: Fraction, months: int) -> str:
    if months:
        text = _plain(until * months)
        return _("up to %(number)s of %(months)s months") % {"number": text, "months": months}
    return _("up to %(share)s %% of the period") % {"share": _plain(until * 100)}


def _plain(value: Fraction) -> str:
    text = f"{_decimal(value):.4f}"
    return text.rstrip("0").rstrip(".")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _sentence(finding: PriceFinding) -> str:
    words = {
        "refund_empty": _("The short-rate table is empty."),
        "refund_outside": _("Line %(line)s: the part of the period lies above 0 and up to 100 %%."),
        "refund_not_rising": _("Line %(line)s does not come after the line before."),
        "refund_no_share": _("Line %(line)s: what is kept lies from 0 to 100 %%."),
        "refund_falls": _("Line %(line)s: what is kept never falls below the line before."),
        "refund_ends_early": _("The last line reaches the end of the period."),
    }
    return with_article(words[finding.code] % finding.values, finding.article)
