"""Prices by the filed version: the steps, what forbids them, and the ceiling."""

import dataclasses
import datetime as dt
import json
from decimal import Decimal

import pytest

from core.models import RegulatoryParameter
from core.services.parameters import approve_parameter, propose_parameter
from products.models import ProductVersion
from products.selectors import (
    Method,
    all_in_cost,
    ceiling_on,
    premium_parts,
    price,
    price_all,
    repayment_schedule,
)
from products.services import change_terms, enter_formula, revise_version
from tests.factories.products import CASES, DAY, FORMULA, LOAN, TERMS, VARIABLES, draft, loan


def codes(sheet):
    return [(each.code, each.article) for each in sheet.findings]


def test_a_worksheet_shows_rate_premium_parts_and_cost(house):
    version = house.on_sale()
    sheet = price(version=version, terms=LOAN)
    assert sheet.findings == ()
    assert sheet.rate == Decimal("0.024")
    assert sheet.sum_insured == Decimal("120000.00")
    assert sheet.parts == premium_parts(
        sheet.schedule, mode="declining", basis="opening_outstanding", rate=sheet.rate,
        rate_per="year",
    )  # fmt: skip
    assert sheet.parts[0].amount == Decimal("240.00")
    assert len(sheet.steps) == 12
    assert sheet.steps[0].expression == FORMULA
    assert sheet.cost == all_in_cost(sheet.schedule, premiums=sheet.parts)
    assert Decimal("0.08") < sheet.cost.nominal < Decimal("0.11")


@pytest.mark.parametrize("mode", ["single", "level", "declining"])
def test_PRE36b_every_mode_that_was_filed_costs_the_same_premium(house, mode):
    version = house.on_sale()
    sheet = price(version=version, terms=loan(mode=mode))
    assert sheet.premium == sum(part.amount for part in sheet.parts)
    assert abs(sheet.premium - price(version=version, terms=LOAN).premium) <= Decimal("0.06")
    assert len(sheet.parts) == (1 if mode == "single" else 12)


def test_F15_a_worksheet_holds_nominal_and_effective_cost_of_the_worked_case(house):
    """100,000 a year at 9 %, everything at the end, 6,000 of premium and fees up-front."""
    version = house.on_sale()
    terms = loan(
        principal=Decimal(100_000), annual_rate=Decimal("0.09"), method=Method.BULLET,
        mode="single", rate=Decimal("0.024"),
    )  # fmt: skip
    premium = price(version=version, terms=terms).premium
    fees = ((DAY, Decimal(6000) - premium),)
    sheet = price(version=version, terms=dataclasses.replace(terms, fees=fees))
    assert sheet.cost.nominal.quantize(Decimal("0.0001")) == Decimal("0.1490")
    assert sheet.cost.effective.quantize(Decimal("0.0001")) == Decimal("0.1596")
    stored = sheet.as_json()
    assert stored["cost"]["nominal"].startswith("0.14897")
    assert stored["cost"]["effective"].startswith("0.15957")


def test_PRE12b_a_cost_above_the_ceiling_is_refused_whoever_asks(house):
    version = house.on_sale()
    sheet = price(version=version, terms=loan(annual_rate=Decimal("0.235")))
    assert codes(sheet) == [("cost_above_ceiling", "PRE-12b")]
    assert sheet.is_blocked
    assert sheet.cost.nominal > sheet.ceiling.rate == Decimal("0.24")
    assert codes(price(version=version, terms=loan(annual_rate=Decimal("0.15")))) == []


def test_HQ18_private_lenders_alone_are_bound_to_the_lpr(house):
    assert ceiling_on(lender_type="private", on=DAY).legal == Decimal("0.12")
    for kind in ("bank", "auto_finance", "micro_loan", "factoring", "financing_guarantee"):
        assert ceiling_on(lender_type=kind, on=DAY).legal == Decimal("0.24")
    assert ceiling_on(lender_type="", on=DAY).rate is None
    sheet = price(version=house.on_sale(), terms=loan(lender_type=""))
    assert codes(sheet) == [("ceiling_unknown", "PRE-12b")]


def test_HQ19_the_parameter_says_which_rate_is_compared_two_people_change_it(
    house, manager_lin, chief_chen
):
    version = house.on_sale()
    terms = loan(annual_rate=Decimal("0.20"))  # nominal below 24 %, effective above
    assert codes(price(version=version, terms=terms)) == []
    row = propose_parameter(
        name="rate.apr_comparison_basis", value_text="effective", valid_from=DAY, source="x",
        reason="x", by=manager_lin, at=house.at,
    )  # fmt: skip
    assert codes(price(version=version, terms=terms)) == []
    approve_parameter(row=row, by=chief_chen, at=house.at)
    assert codes(price(version=version, terms=terms)) == [("cost_above_ceiling", "PRE-12b")]


def test_the_company_may_be_stricter_than_the_law_never_laxer(house, manager_lin, chief_chen):
    for percent, rate in (("18", "0.18"), ("30", "0.24")):
        row = propose_parameter(
            name="rate.company_all_in_ceiling", value_text=percent, valid_from=DAY, source="x",
            reason="x", by=manager_lin, at=house.at,
        )  # fmt: skip
        approve_parameter(row=row, by=chief_chen, at=house.at)
        assert ceiling_on(lender_type="bank", on=DAY).rate == Decimal(rate)
    assert ceiling_on(lender_type="bank", on=dt.date(2019, 1, 1)).rate is None


def test_the_shipped_ceilings_say_that_nobody_has_read_them_yet(db):
    row = RegulatoryParameter.objects.get(name="rate.all_in_ceiling")
    assert (row.status, row.verification) == ("unapproved", "memory_high")


def test_everything_that_forbids_a_price_is_named_at_once(house):
    version = house.on_sale()
    sheet = price(
        version=version,
        terms=loan(
            grade="", ltv=None, obligor_type="company", lender_code="OTHER", rate=Decimal("0.5"),
        ),
    )  # fmt: skip
    assert codes(sheet) == [
        ("obligor_not_permitted", "PRE-34a"),
        ("lender_not_permitted", "PRE-34a"),
        ("fact_unknown", "PRE-34b"),
        ("fact_unknown", "PRE-34b"),
    ]
    assert sheet.premium is None
    assert sheet.cost is None
    outside = price(version=version, terms=loan(rate=Decimal("0.0281")))
    assert codes(outside) == [("rate_outside_band", "PRE-34b")]
    assert codes(price(version=version, terms=loan(rate=Decimal("0.028")))) == []


def test_many_covers_are_priced_as_each_alone_and_the_filing_is_read_once(
    house, django_assert_num_queries
):
    version = house.on_sale()
    terms = [loan(annual_rate=Decimal(rate)) for rate in ("0.05", "0.15", "0.235")]
    alone = [price(version=version, terms=each) for each in terms]
    assert [bool(sheet.findings) for sheet in alone] == [False, False, True]
    with django_assert_num_queries(5):
        price(version=version, terms=LOAN)
    with django_assert_num_queries(5):
        together = list(price_all(version=version, terms=iter(terms)))
    assert [sheet.as_json() for sheet in together] == [sheet.as_json() for sheet in alone]


def test_PRE36b_a_mode_that_was_not_filed_is_refused(house):
    version = house.on_sale(premium_modes=("declining",))
    assert ("mode_not_permitted", "PRE-36b") in codes(
        price(version=version, terms=loan(mode="single"))
    )


def test_impossible_terms_are_findings_not_errors(house):
    version = house.on_sale()
    sheet = price(version=version, terms=loan(first_due=DAY))
    assert ("first_due", "PRE-35") in codes(sheet)
    assert sheet.schedule is None


def test_an_empty_list_of_lenders_is_none_and_a_star_is_any(house):
    version = draft(by=house.drafter, at=house.at, lender_codes=())
    assert ("lender_not_permitted", "PRE-34a") in codes(price(version=version, terms=LOAN))
    ProductVersion.objects.filter(pk=version.pk).update(lender_codes=["*"])
    version.refresh_from_db()
    found = codes(price(version=version, terms=LOAN))
    assert ("lender_not_permitted", "PRE-34a") not in found
    assert ("formula_missing", "PRE-36a") in found
    assert ("tariff_none", "PRE-34b") in found


def test_a_worksheet_is_stored_as_plain_text_and_names_the_text_of_the_formula(house):
    first = house.on_sale()
    second = revise_version(version=first, valid_from=DAY, by=house.drafter, at=house.at)
    entered = enter_formula(
        version=second, text=f"max({FORMULA}, 300)", variables=VARIABLES, cases=CASES,
        dated_on=DAY, by=house.drafter, at=house.at,
    )  # fmt: skip
    before, after = (price(version=each, terms=LOAN).as_json() for each in (first, second))
    assert json.loads(json.dumps(before)) == before
    assert before["formula"]["text"] == FORMULA
    assert (after["formula"]["id"], after["formula"]["number"]) == (entered.pk, 2)
    assert before["parts"][0]["amount"] == "240.00"
    assert after["parts"][0]["amount"] == "300.00"
    assert before["terms"]["method"] == "equal_instalment"


def test_a_level_premium_on_principal_and_interest(house):
    version = house.on_sale(sum_insured_basis="principal_and_interest", premium_modes=("level",))
    sheet = price(version=version, terms=loan(mode="level"))
    assert sheet.sum_insured == repayment_schedule(sheet.schedule.terms).total
    assert sheet.findings == ()


def test_the_number_of_queries_does_not_grow_with_the_table(house, django_assert_num_queries):
    version = house.on_sale()
    with django_assert_num_queries(5):
        price(version=version, terms=LOAN)


def test_terms_are_changed_while_they_are_a_draft_by_whoever_saw_them_last(house):
    version = draft(by=house.drafter, at=house.at)
    changed = change_terms(
        version=version, revision=1, terms=dataclasses.replace(TERMS, waiting_days=90),
        by=house.drafter, at=house.at,
    )  # fmt: skip
    assert (changed.waiting_days, changed.revision) == (90, 2)
    with pytest.raises(Exception, match=r"changed since|已"):
        change_terms(version=version, revision=1, terms=TERMS, by=house.drafter, at=house.at)
