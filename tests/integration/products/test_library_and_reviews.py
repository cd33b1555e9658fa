"""The clause library, the formula's review, and the loop of product reviews."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from products.models import LibraryClause, PremiumFormula
from products.selectors import (
    TrackedFigure,
    clause_library,
    figure_lines,
    forget_tracking,
    register_tracking,
)
from products.services import (
    check_special_agreements,
    decide_clause,
    decide_review,
    draft_review,
    enter_formula,
    formula_results,
    mark_sold,
    propose_clause,
    review_formula,
    withdraw_clause,
)
from tests.factories.products import CASES, DAY, FORMULA, VARIABLES, draft

PERIOD = {"period_from": dt.date(2026, 1, 1), "period_to": dt.date(2026, 4, 1)}


def clause(house, code="C1", *, is_approved=True, **words):
    words = {"touches": [], "claimants": [], "product": None, **words}
    made = propose_clause(code=code, title=code, text="x", by=house.drafter, at=house.at, **words)
    if is_approved:
        decide_clause(clause=made, is_approved=True, by=house.reviewer, at=house.at)
    return made


def test_PRE34b_only_approved_clauses_that_alter_no_filed_term_may_stand(house):
    version = house.on_sale(open_terms=("payment_account",))
    clause(house, "FINE", touches=["payment_account"], claimants=["insured"])
    clause(house, "ALTERS", touches=["waiting_days"])
    clause(house, "WAITS", is_approved=False)
    gone = clause(house, "GONE")
    withdraw_clause(clause=gone, by=house.reviewer, at=house.at, remark="x")
    assert {each.code for each in clause_library(version)} == {"FINE", "ALTERS"}
    assert check_special_agreements(version, ["FINE"]) == ()
    found = check_special_agreements(version, ["FINE", "ALTERS", "WAITS", "GONE", "先付后审"])
    assert [(each.code, each.article) for each in found] == [
        ("clause_alters_terms", "PRE-34b"),
        *[("clause_not_in_library", "PRE-34b")] * 3,
    ]
    assert all(each.message for each in found)


def test_a_clause_of_another_product_is_not_in_the_library(house):
    version = house.on_sale()
    other = draft(by=house.drafter, at=house.at, code="OTHER")
    clause(house, "C1", product=other.product)
    assert [each.code for each in check_special_agreements(version, ["C1"])] == [
        "clause_not_in_library"
    ]


def test_PRE34c_no_clause_lets_anybody_but_the_insured_claim(house):
    with pytest.raises(RuleBroken, match="PRE-34c"):
        clause(house, claimants=["partner"])
    made = clause(house, is_approved=False)
    with pytest.raises(IntegrityError, match="insured_alone"), transaction.atomic():
        LibraryClause.objects.filter(pk=made.pk).update(claimants=["insured", "obligor"])


def test_whoever_proposes_a_clause_does_not_approve_it_and_a_decided_one_stays(house):
    made = clause(house, is_approved=False)
    with pytest.raises(NotPermitted):
        decide_clause(clause=made, is_approved=True, by=house.drafter, at=house.at)
    with pytest.raises(RuleBroken):
        decide_clause(clause=made, is_approved=False, by=house.reviewer, at=house.at)
    decide_clause(clause=made, is_approved=True, by=house.reviewer, at=house.at)
    with pytest.raises(WrongState):
        decide_clause(clause=made, is_approved=True, by=house.reviewer, at=house.at)
    with pytest.raises(IntegrityError, match="PRE-34b"), transaction.atomic():
        LibraryClause.objects.filter(pk=made.pk).update(text="别的")


def enter(house, version, **words):
    words = {"text": FORMULA, "variables": VARIABLES, "cases": CASES, **words}
    return enter_formula(version=version, dated_on=DAY, by=house.drafter, at=house.at, **words)


def test_PRE36a_a_formula_that_disagrees_with_the_filing_by_a_fen_is_refused(house):
    version = draft(by=house.drafter, at=house.at)
    with pytest.raises(RuleBroken, match="PRE-36a") as refusal:
        enter(house, version, cases=[{**CASES[0], "expected": "600.01"}])
    assert refusal.value.code == "formula_case_differs"
    for cases in ([], [{"values": {}}], [{"values": {"rate": "NaN"}, "expected": "1"}]):
        with pytest.raises(RuleBroken):
            enter(house, version, cases=cases)
    with pytest.raises(RuleBroken) as refusal:
        enter(house, version, text="open('x')")
    assert refusal.value.code == "formula_part"
    assert not PremiumFormula.objects.exists()
    (result,) = formula_results(text=FORMULA, variables=VARIABLES, cases=CASES)
    assert result.agrees


def test_a_new_text_is_a_new_row_and_another_person_reviews_it(house):
    version = draft(by=house.drafter, at=house.at)
    first, second = enter(house, version), enter(house, version, text=f"1 * {FORMULA}")
    first.refresh_from_db()
    assert (first.is_current, second.is_current, second.number) == (False, True, 2)
    with pytest.raises(NotPermitted):
        review_formula(formula=second, by=house.drafter, at=house.at)
    with pytest.raises(WrongState):
        review_formula(formula=first, by=house.reviewer, at=house.at)
    review_formula(formula=second, by=house.reviewer, at=house.at)
    with pytest.raises(IntegrityError, match="PRE-36a"), transaction.atomic():
        PremiumFormula.objects.filter(pk=second.pk).update(text="0")


@pytest.fixture
def tracked():
    def figures(version, period_from, period_to):
        yield TrackedFigure(code="overdue_rate", value=Decimal("0.12"))
        yield TrackedFigure(code="calls", label="来电", value=3)

    register_tracking("test", figures)
    yield
    forget_tracking("test")


def test_PRE33c_what_nobody_reports_stays_unknown(house, tracked):
    review = draft_review(
        version=house.on_sale(), decision="keep", reason="正常", by=house.drafter, at=house.at,
        **PERIOD,
    )  # fmt: skip
    known = {each["code"]: (each["value"], each["reason"]) for each in review.figures}
    assert known["overdue_rate"] == ("0.12", "")
    assert known["complaints"] == (None, "not_reported")
    assert known["loss_ratio"] == (None, "books_open")
    assert known["surrender_rate"] == (None, "no_policies")
    assert known["policies"] == ("0", "")
    lines = {each.code: each for each in figure_lines(review)}
    assert lines["complaints"].why == "系统尚无此项数据来源。"
    assert (lines["calls"].label, lines["calls"].value) == ("来电", 3)
    assert (lines["loss_ratio"].assumed, lines["loss_ratio"].verdict) == (
        Decimal("0.45"),
        "unknown",
    )


def test_PRE33c_a_revision_opens_the_next_version_once_another_confirmed(house):
    version = house.on_sale()
    mark_sold(version=version, at=house.at)
    words = {"version": version, "by": house.drafter, "at": house.at}
    review = draft_review(decision="revise", reason="退保上升", **words, **PERIOD)
    with pytest.raises(Conflict):
        draft_review(decision="keep", reason="x", **words, **PERIOD)
    with pytest.raises(NotPermitted):
        decide_review(review=review, is_confirmed=True, by=house.drafter, at=house.at)
    assert version.product.versions.count() == 1
    done = decide_review(review=review, is_confirmed=True, by=house.reviewer, at=house.at)
    assert (done.opened.number, done.opened.status) == (2, "draft")
    assert done.opened.tariff.count() == version.tariff.count()
    with pytest.raises(WrongState):
        decide_review(review=review, is_confirmed=True, by=house.reviewer, at=house.at)


def test_PRE33c_a_review_that_says_stop_stops_the_sale(house):
    version = house.on_sale()
    review = draft_review(
        version=version, decision="stop", reason="赔付过高", by=house.drafter, at=house.at,
        **PERIOD,
    )  # fmt: skip
    decide_review(review=review, is_confirmed=True, by=house.reviewer, at=house.at)
    version.refresh_from_db()
    assert (version.status, version.stop_reason) == ("stopped", "赔付过高")


def test_a_draft_has_nothing_to_review(house):
    with pytest.raises(WrongState):
        draft_review(
            version=draft(by=house.drafter, at=house.at), decision="keep", reason="x",
            by=house.drafter, at=house.at, **PERIOD,
        )  # fmt: skip
