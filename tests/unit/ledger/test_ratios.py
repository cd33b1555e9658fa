"""The worked examples of F1 to F3, by ID, and when a ratio is undefined."""

from decimal import Decimal

import pytest

from core.money import plain_ratio
from ledger.enums import FinanceLine, RatioReason
from ledger.rules.checks import premium_check
from ledger.rules.ratios import (
    CER_LINES,
    CLR_LINES,
    Ratio,
    annualised_loss_rate_of_month,
    annualised_loss_rate_of_year,
    comprehensive_expense_ratio,
    comprehensive_loss_ratio,
    earned_premium,
)


def _lines(names, *amounts):
    return {name: Decimal(amount) for name, amount in zip(names, amounts, strict=True)}


F1 = _lines(CLR_LINES, "62.0", "9.5", "7.0", "0.5", "18.0", "2.0", "80.0")
F2 = _lines(CER_LINES, "14.0", "3.2", "8.4", "0.2", "0.6", "80.0")


def _month(claims, recovered, before="1200", now="1280"):
    return annualised_loss_rate_of_month(
        claims=Decimal(claims),
        recovered=Decimal(recovered),
        retained_before=Decimal(before),
        retained=Decimal(now),
    )


def test_f1_comprehensive_loss_ratio():
    assert comprehensive_loss_ratio(F1) == Ratio(Decimal("0.775"))


def test_f1a_earned_premium():
    assert earned_premium(
        premium_income=Decimal(110), ceded_premium=Decimal(24), upr_change_net=Decimal(46 - 40)
    ) == Decimal(80)


def test_f1a_a_stated_premium_that_does_not_reconcile_is_pointed_out_with_the_difference():
    lines = {
        FinanceLine.PREMIUM_INCOME: Decimal(110),
        FinanceLine.CEDED_PREMIUM: Decimal(24),
        FinanceLine.UPR_CHANGE_NET: Decimal(6),
        FinanceLine.EARNED_PREMIUM: Decimal("79.50"),
    }
    assert premium_check(None, lines).difference == Decimal("-0.50")
    assert premium_check(None, lines | {FinanceLine.EARNED_PREMIUM: Decimal(80)}) is None


def test_f2_comprehensive_expense_ratio():
    assert comprehensive_expense_ratio(F2) == Ratio(Decimal("0.25"))


def test_f3y_annualised_loss_rate_of_a_year():
    ratio = annualised_loss_rate_of_year(
        claims=Decimal("150.0"),
        recovered=Decimal("16.8"),
        retained=[Decimal(1000 + 20 * month) for month in range(13)],
    )
    assert (plain_ratio(ratio.value), ratio.reason) == ("0.11892857", "")


def test_f3m_literal_subtracts_the_recoveries_of_the_year():
    assert plain_ratio(_month("16.0", "7.20").value) == "0.08516129"


def test_f3m_consistent_subtracts_the_recoveries_of_the_month():
    assert _month("16.0", "1.12") == Ratio(Decimal("0.144"))


def test_f3m_negative_is_not_clipped():
    assert _month("9.0", "13.0", "1000", "1000") == Ratio(Decimal("-0.048"))
    assert _month("9.0", "1.0", "1000", "1000") == Ratio(Decimal("0.096"))


def test_a_line_younger_than_a_year_is_averaged_over_its_months_and_marked():
    ratio = annualised_loss_rate_of_year(
        claims=Decimal(12), recovered=Decimal(0), retained=[Decimal(100), Decimal(140)]
    )
    assert ratio == Ratio(Decimal("0.1"), RatioReason.PARTIAL_YEAR)


@pytest.mark.parametrize("line", CLR_LINES)
def test_f1_missing_is_not_zero(line):
    lines = {code: amount for code, amount in F1.items() if code != line}
    assert comprehensive_loss_ratio(lines) == Ratio(None, RatioReason.FINANCE_FIGURES_MISSING)


@pytest.mark.parametrize("line", CER_LINES)
def test_f2_missing_is_not_zero(line):
    lines = {code: amount for code, amount in F2.items() if code != line}
    assert comprehensive_expense_ratio(lines) == Ratio(None, RatioReason.FINANCE_FIGURES_MISSING)


@pytest.mark.parametrize(
    ("premium", "reason"),
    [("0", RatioReason.DENOMINATOR_ZERO), ("-1", RatioReason.NEGATIVE_EARNED_PREMIUM)],
)
def test_earned_premium_of_zero_or_below_leaves_both_ratios_undefined(premium, reason):
    premium = {FinanceLine.EARNED_PREMIUM: Decimal(premium)}
    assert comprehensive_loss_ratio(F1 | premium) == Ratio(None, reason)
    assert comprehensive_expense_ratio(F2 | premium) == Ratio(None, reason)


def test_large_recoveries_may_turn_the_loss_ratio_negative():
    lines = F1 | {FinanceLine.RECOVERY_INCOME: Decimal(100)}
    assert comprehensive_loss_ratio(lines).value == Decimal("-28.5") / 80


def test_f3_says_what_is_missing():
    known = {"claims": Decimal(1), "recovered": Decimal(0), "retained": Decimal(1)}
    assert annualised_loss_rate_of_month(
        **known | {"claims": None}, retained_before=Decimal(1)
    ) == Ratio(None, RatioReason.FINANCE_FIGURES_MISSING)
    assert annualised_loss_rate_of_month(**known, retained_before=None) == Ratio(
        None, RatioReason.NO_MONTH_BEFORE
    )
    assert _month("1", "0", "0", "0") == Ratio(None, RatioReason.DENOMINATOR_ZERO)
    assert _month("1", "0", "-3", "1") == Ratio(None, RatioReason.NEGATIVE_EXPOSURE)


def test_an_undefined_ratio_without_a_reason_cannot_be_made():
    with pytest.raises(ValueError, match="needs a reason"):
        Ratio(None)
