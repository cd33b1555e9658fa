"""What the end of a policy would do, before anybody confirms it. Source: PRE-41c."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal

from django.utils.translation import gettext as _

from products.enums import RefundKind
from underwriting.enums import PolicyState
from underwriting.models import Policy, PremiumInstalment
from underwriting.rules.endings import ending_findings, ending_mark, total_of
from underwriting.rules.premiums import Ending, EndingBasis, Instalment, ending_of
from underwriting.states import next_state

FIELDS = tuple(each.name for each in fields(Instalment))


@dataclass(frozen=True, kw_only=True)
class EndingStep:
    """What becomes of one instalment, with the sum that says why; yuan."""

    line: Instalment
    ending: Ending
    basis: str
    working: str


@dataclass(frozen=True, kw_only=True)
class EndingPreview:
    """Everything that an end would do on a day; `mark` is what the act must find again.

    Amounts are yuan, tax included; `tax` is what of the refund is tax.
    """

    status: str
    status_word: str
    on: dt.date
    rule: str
    steps: tuple[EndingStep, ...]
    refund: Decimal
    tax: Decimal
    cancelled: Decimal
    kept: Decimal
    owed: Decimal
    findings: tuple[str, ...]
    mark: str


def ending_preview(*, policy: Policy, action: str, on: dt.date) -> EndingPreview:
    """Return what ending a policy would do if it were done now, by the rule that the act uses.

    `findings` holds every sentence for which it would be refused. Source: PRE-41c, PRE-34a.
    """
    rule = policy.product_version.refund_rule
    lines = [
        Instalment(**dict(zip(FIELDS, row, strict=True)))
        for row in PremiumInstalment.objects.filter(policy=policy)
        .order_by("n")
        .values_list(*FIELDS)
    ]
    endings = tuple(ending_of(line, on=on, rule=rule) for line in lines)
    status = next_state(policy.status, action)
    codes = ending_findings(action, on=on, cover_from=policy.cover_from, lines=lines)
    return EndingPreview(
        status=status or policy.status,
        status_word=str(PolicyState(status or policy.status).label),
        on=on,
        rule=refund_words(rule),
        steps=tuple(
            EndingStep(
                line=line,
                ending=each,
                basis=basis_word(each.basis),
                working=_working(each, rule),
            )
            for line, each in zip(lines, endings, strict=True)
        ),
        refund=total_of(endings, "refunded"),
        tax=total_of(endings, "refunded_vat"),
        cancelled=total_of(endings, "cancelled"),
        kept=total_of(endings, "kept"),
        owed=total_of(endings, "owed"),
        findings=(
            *([] if status else [_("This policy is no longer in force.")]),
            *(ending_sentence(code, policy.policy_no) for code in codes),
        ),
        mark=ending_mark(action, on=on, endings=endings),
    )


def ending_sentence(code: str, policy_no: str) -> str:
    """Say why a policy does not end so."""
    return {
        "before_cover": _("Cover ends on the day it begins or later: %(no)s.") % {"no": policy_no},
        "not_overdue": _("A policy lapses only where its premium is overdue."),
    }[code]


def basis_word(basis: str) -> str:
    """Say where an instalment's period stands on the first day without cover."""
    return {
        EndingBasis.OVER: _("Period is over: nothing changes"),
        EndingBasis.RUNNING: _("Period runs: refunded by the filed rule"),
        EndingBasis.NOT_BEGUN: _("Period has not begun: falls away whole"),
    }[EndingBasis(basis)]


def refund_words(rule: dict) -> str:
    """Say the filed refund rule, with its table where it has one."""
    kind = RefundKind(rule.get("kind") or RefundKind.PRO_RATA)
    steps = [
        _("up to %(until)s of the period: %(kept)s kept")
        % {"until": _percent(Decimal(str(row["until"]))), "kept": _percent(row["kept"])}
        for row in rule.get("table", ())
        if kind == RefundKind.SHORT_RATE
    ]
    return "; ".join([str(kind.label), *steps])


def _working(each: Ending, rule: dict) -> str:
    """Write the sum by which the refund came about; empty where nothing is refunded."""
    if each.basis != EndingBasis.RUNNING or not each.paid:
        return f"{each.refunded:.2f}" if each.refunded else ""
    if rule.get("kind") == RefundKind.SHORT_RATE:
        run = _percent(Decimal(each.whole - each.left) / each.whole)
        kept = _percent(
            Decimal(each.part.denominator - each.part.numerator) / each.part.denominator
        )
        return (
            f"{each.whole - each.left}/{each.whole} = {run} → {each.paid:.2f} × (1 − {kept})"
            f" = {each.refunded:.2f}"
        )
    if rule.get("kind") == RefundKind.NONE:
        return f"{each.paid:.2f} × 0 = 0.00"
    return f"{each.paid:.2f} × {each.left}/{each.whole} = {each.refunded:.2f}"


def _percent(fraction: Decimal | str) -> str:
    return f"{(Decimal(str(fraction)) * 100).quantize(Decimal('0.01')).normalize():f}%"
