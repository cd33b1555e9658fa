"""Rate tables, side agreements, premiums by formula, and the ceiling."""

import dataclasses
from decimal import Decimal

import pytest

from products.rules.agreements import Clause, agreement_findings
from products.rules.cost import AllInCost, NoCost, all_in_cost
from products.rules.formula import read_formula
from products.rules.premiums import (
    PaidAt,
    PremiumMode,
    RatePer,
    SumInsuredBasis,
    premium_of,
    premium_parts,
)
from products.rules.pricing import Ceiling, PremiumTerms, cost_findings, premium_by_formula
from products.rules.tariffs import Cell, agreed_rate, find_cell
from products.selectors import Method
from tests.unit.products.loans import loan

CELL = Cell(
    pk=1, grade="A", term_from=1, term_to=12, ltv_from=Decimal("0.6"), ltv_to=Decimal("0.8"),
    channel="*", rate_low=Decimal("0.01"), rate=Decimal("0.012"), rate_high=Decimal("0.014"),
)  # fmt: skip
FORMULA = read_formula("sum_insured * rate * share", ["sum_insured", "rate", "share"])
CEILING = Ceiling(legal=Decimal("0.24"), company=Decimal("0.2"))


@pytest.mark.parametrize(
    ("ltv", "found"), [("0.6", None), ("0.600001", 1), ("0.8", 1), ("0.800001", None)]
)
def test_of_a_loan_to_value_step_the_upper_end_counts(ltv, found):
    cell, findings = find_cell([CELL], grade="A", term=12, ltv=Decimal(ltv), channel="x")
    assert (cell and cell.pk) == found
    assert [each.article for each in findings] == ([] if found else ["PRE-34b"])


def test_what_the_table_asks_and_nobody_gave_is_unknown_each_by_name():
    cell, findings = find_cell([CELL], grade=None, term=1, ltv=None, channel=None)
    assert cell is None
    assert [each.values["fact"] for each in findings] == ["grade", "ltv"]


def test_PRE34b_a_price_outside_its_filed_band_is_refused_its_ends_count():
    for wanted in ("0.01", "0.014"):
        assert agreed_rate(CELL, Decimal(wanted)) == (Decimal(wanted), ())
    for wanted in ("0.009999", "0.014001"):
        _, (finding,) = agreed_rate(CELL, Decimal(wanted))
        assert (finding.code, finding.article) == ("rate_outside_band", "PRE-34b")
    assert agreed_rate(CELL, None) == (Decimal("0.012"), ())


@pytest.mark.parametrize("mode", list(PremiumMode))
@pytest.mark.parametrize("per", [RatePer.YEAR, RatePer.PERIOD])
def test_the_formula_of_the_books_gives_what_the_rules_of_premiums_give(mode, per):
    schedule = loan(Decimal(120_000), Decimal("0.08"), 12)
    words = {
        "mode": mode, "basis": SumInsuredBasis.OPENING_OUTSTANDING, "rate": Decimal("0.024"),
        "rate_per": per, "paid_at": PaidAt.INSTALMENT,
    }  # fmt: skip
    parts, steps = premium_by_formula(schedule, FORMULA, PremiumTerms(**words, facts={}))
    assert parts == premium_parts(schedule, **words)
    assert len(steps) == 12


def test_a_rate_of_the_term_is_one_step():
    schedule = loan(Decimal(100_000), Decimal("0.08"), 12)
    parts, steps = premium_by_formula(
        schedule,
        FORMULA,
        PremiumTerms(
            mode=PremiumMode.LEVEL, basis=SumInsuredBasis.PRINCIPAL, rate=Decimal("0.01"),
            rate_per=RatePer.TERM, paid_at=PaidAt.INSTALMENT, facts={},
        ),
    )  # fmt: skip
    assert len(steps) == 1
    assert premium_of(parts) == Decimal("1000.00")
    assert len(parts) == 12


def test_F15_a_the_worked_case_of_the_requirements():
    """100,000 a year at 9 %, 6,000 taken up-front: nominal 14.90 %, effective 15.96 %."""
    schedule = loan(Decimal(100_000), Decimal("0.09"), 12, method=Method.BULLET)
    cost = all_in_cost(schedule, fees=[(schedule.terms.start, Decimal(6000))])
    assert cost.nominal.quantize(Decimal("0.0001")) == Decimal("0.1490")
    assert cost.effective.quantize(Decimal("0.0001")) == Decimal("0.1596")
    between = Ceiling(legal=Decimal("0.15"), company=None)
    assert cost_findings(cost, between) == ()
    (finding,) = cost_findings(cost, dataclasses.replace(between, basis="effective"))
    assert (finding.code, finding.article) == ("cost_above_ceiling", "PRE-12b")


def test_exactly_the_ceiling_is_allowed_and_the_lower_of_both_binds():
    def cost(rate):
        return AllInCost(Decimal(rate), Decimal(rate))

    assert CEILING.rate == Decimal("0.2")
    assert cost_findings(cost("0.2"), CEILING) == ()
    assert cost_findings(cost("0.200000000000001"), CEILING)[0].code == "cost_above_ceiling"
    dearer = Ceiling(legal=Decimal("0.24"), company=Decimal("0.36"))
    assert cost_findings(cost("0.25"), dearer)[0].code == "cost_above_ceiling"


def test_what_is_not_known_blocks():
    assert cost_findings(AllInCost(None, None, NoCost.NO_ROOT), CEILING)[0].code == "cost_unknown"
    unknown = Ceiling(legal=None, company=Decimal("0.2"))
    assert cost_findings(AllInCost(Decimal(0), Decimal(0)), unknown)[0].code == "ceiling_unknown"


def test_PRE34b_and_PRE34c_side_agreements_alter_nothing_and_give_nobody_a_claim():
    library = {
        code: Clause(
            code=code, is_approved=code != "waits", touches=frozenset(touches),
            claimants=frozenset(claimants),
        )
        for code, touches, claimants in (
            ("fine", ["notices"], ["insured"]),
            ("alters", ["waiting_days", "rates"], []),
            ("claims", [], ["insured", "partner"]),
            ("waits", [], []),
        )
    }  # fmt: skip
    assert agreement_findings(["fine", "fine"], library, ["notices"]) == ()
    found = agreement_findings(
        ["fine", "alters", "claims", "waits", "free text"], library, ["notices"]
    )
    assert [(each.code, each.article) for each in found] == [
        ("clause_alters_terms", "PRE-34b"),
        ("clause_alters_terms", "PRE-34b"),
        ("clause_gives_claim", "PRE-34c"),
        ("clause_not_in_library", "PRE-34b"),
        ("clause_not_in_library", "PRE-34b"),
    ]
    assert agreement_findings(["fine"], library, [])[0].values["term"] == "notices"
