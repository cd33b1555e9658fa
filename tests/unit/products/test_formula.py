"""Premium formulas: what they may say, what they give, and what is refused. PRE-36a, A11."""

from decimal import Decimal

import pytest
from django.utils import translation

from core.errors import RuleBroken
from products.rules.formula import FormulaCase, evaluate, read_formula, run_cases, shown
from products.selectors import formula_in_words

NAMES = ["sum_insured", "rate", "share", "ltv"]
VALUES = {"sum_insured": Decimal(100_000), "rate": Decimal("0.024"), "share": Decimal("0.25")}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("sum_insured * rate * share", "600"),
        ("round_fen(sum_insured * rate / 7)", "342.86"),
        ("max(sum_insured * rate * share, 700)", "700"),
        ("min(1, 2, 0.5) + -3", "-2.5"),
        ("100 if sum_insured > 50000 and not rate >= 0.03 else 200", "100"),
        ("1 if 0 < rate < 0.02 or share == 1 else 2", "2"),
        ("round_fen(0.005)", "0.01"),
        ("0.1 + 0.2", "0.3"),
        ("0.12345678901234567890 * 1", "0.12345678901234567890"),
    ],
)
def test_a_formula_computes_in_decimals(text, result):
    assert evaluate(read_formula(text, NAMES), VALUES) == Decimal(result)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "formula_empty"),
        ("   ", "formula_empty"),
        ("1" * 501, "formula_long"),
        ("1 +", "formula_unreadable"),
        ("rate; rate", "formula_unreadable"),
        ("rate = 1", "formula_unreadable"),
        ("rate := 1", "formula_unreadable"),
        ("\x00", "formula_unreadable"),
        ("import os", "formula_unreadable"),
        ("__import__('os').system('id')", "formula_part"),
        ("().__class__.__bases__", "formula_part"),
        ("rate.real", "formula_part"),
        ("rate[0]", "formula_part"),
        ("rate ** 9", "formula_part"),
        ("9 // 2", "formula_part"),
        ("9 % 2", "formula_part"),
        ("1 << 60", "formula_part"),
        ("~1", "formula_part"),
        ("(lambda: 1)()", "formula_part"),
        ("[1 for x in (1,)]", "formula_part"),
        ("(1, 2)", "formula_part"),
        ("{1: 2}", "formula_part"),
        ("f'{rate}'", "formula_part"),
        ("min(*[1, 2])", "formula_part"),
        ("min(1, 2, key=rate)", "formula_part"),
        ("rate in (1, 2)", "formula_part"),
        ("rate is 1", "formula_part"),
        ("await rate", "formula_part"),
        ("eval(rate)", "formula_part"),
        ("'a'", "formula_constant"),
        ("None", "formula_constant"),
        ("True", "formula_constant"),
        ("1j", "formula_constant"),
        ("...", "formula_constant"),
        ("1e999", "formula_large"),
        ("9" * 100, "formula_large"),
        ("rate < 1", "formula_no_number"),
        ("1 if rate else 2", "formula_mixed"),
        ("rate and share", "formula_mixed"),
        ("(rate < 1) + 1", "formula_mixed"),
        ("max(rate)", "formula_arguments"),
        ("round_fen(1, 2)", "formula_arguments"),
        ("principal", "name_unknown"),
        ("min", "name_unknown"),
        ("-" * 25 + "1", "formula_deep"),
        ("+".join("1" * 130), "formula_deep"),
        ("(" * 220 + "1" + ")" * 220, "formula_unreadable"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*is.*with.*literal:SyntaxWarning")
def test_A11_what_is_no_formula_is_refused_in_a_sentence(text, code):
    with pytest.raises(RuleBroken) as refusal:
        read_formula(text, NAMES)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
    assert refusal.value.context["article"] == "PRE-36a"


def test_a_variable_that_is_none_cannot_be_declared():
    with pytest.raises(RuleBroken) as refusal:
        read_formula("rate", ["rate", "__builtins__"])
    assert refusal.value.code == "variable_unknown"


def test_division_by_zero_a_missing_value_and_a_giant_are_sentences():
    for text, code in (
        ("rate / (share - 0.25)", "formula_undefined"),
        ("ltv * 2", "value_missing"),
        ("sum_insured * sum_insured * sum_insured * sum_insured", "formula_large"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            evaluate(read_formula(text, NAMES), VALUES)
        assert refusal.value.code == code


def test_the_cases_of_the_filing_agree_to_the_fen_or_are_named():
    formula = read_formula("sum_insured * rate * share", NAMES)
    right, wrong, without = run_cases(
        formula,
        [
            FormulaCase(VALUES, Decimal("600.00")),
            FormulaCase(VALUES, Decimal("600.01")),
            FormulaCase({}, Decimal(1)),
        ],
    )
    assert right.agrees
    assert not wrong.agrees
    assert wrong.result == Decimal("600.00")
    assert not without.agrees
    assert without.refusal


def test_a_step_is_printed_with_its_values():
    formula = read_formula("max(round_fen(sum_insured * rate), 1)", NAMES)
    assert shown(formula, VALUES) == "max(round_fen(100000 * 0.024), 1)"


def test_PRE_36a_a_policy_prints_its_formula_in_the_words_of_a_reader():
    with translation.override("zh-hans"):
        assert (
            formula_in_words("round_fen(sum_insured * rate * share)")
            == "四舍五入至分(保险金额 × 费率 × 期间系数)"
        )
        assert (
            formula_in_words("max(principal - 1000, 0) / 1.06 if ltv <= 0.8 else sum_insured")
            == "取大值(贷款本金 − 1000, 0) ÷ 1.06 if 贷款价值比 ≤ 0.8 else 保险金额"
        )
