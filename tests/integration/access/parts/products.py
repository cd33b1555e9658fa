"""Products: a draft, one on sale, a clause and a review."""

from __future__ import annotations

from core import clock
from organization.models import Staff, Unit
from products.services import draft_review, enter_formula, propose_clause
from tests.factories.products import CASES, DAY, FORMULA, VARIABLES, House, draft
from tests.integration.access.world import HOUSE, World


def _products(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    house = House(
        drafter=people["underwriting_chief"],
        reviewer=people["chief_risk_officer"],
        seller=people["general_manager"],
        at=clock.now(),
    )
    sold = house.on_sale()
    opened = draft(by=house.drafter, at=house.at, code="NEXT")
    enter_formula(
        version=opened, text=FORMULA, variables=VARIABLES, cases=CASES, dated_on=DAY,
        by=house.drafter, at=house.at,
    )  # fmt: skip
    clause = propose_clause(
        code="C1", title="x", text="x", touches=[], claimants=[], product=None, by=house.drafter,
        at=house.at,
    )  # fmt: skip
    review = draft_review(
        version=sold, period_from=DAY, period_to=clock.today(), decision="keep", reason="x",
        by=house.drafter, at=house.at,
    )  # fmt: skip
    for step in (
        "terms",
        "tariff",
        "assumptions",
        "refunds",
        "formula",
        "formula_review",
        "submission",
    ):
        world.place(f"products:{step}", **{HOUSE: opened.pk})
    for step in ("version", "sale", "stop", "revision", "review_create", "tracking"):
        world.place(f"products:{step}", **{HOUSE: sold.pk})
    world.place("products:duties", **{HOUSE: sold.product_id})
    world.place("products:difference", **{HOUSE: [opened.pk, sold.pk]})
    for step in ("clause_decision", "clause_withdrawal"):
        world.place(f"products:{step}", **{HOUSE: clause.pk})
    world.place("products:review_decision", **{HOUSE: review.pk})
    today = clock.today().isoformat()
    world.payloads["products:tariff"] = {"cells": "A, 1, 36, 0, 0.8, *, 0.01, 0.02, 0.03"}
    world.payloads["products:refunds"] = {"until_0": "100", "kept_0": "20"}
    world.payloads["products:assumptions"] = {"loss_ratio": "45"}
    world.payloads["products:formula"] = {
        "text": "rate * sum_insured", "variables": ["rate", "sum_insured"], "dated_on": today,
        "cases": "rate=0.01 sum_insured=100 → 1",
    }  # fmt: skip
    world.payloads["products:duties"] = {"valid_from": today, "reason": "x"}
    world.payloads["products:stop"] = {"reason": "x"}
    world.payloads["products:revision"] = {"valid_from": today}
    world.payloads["products:clauses"] = {"code": "C2", "title": "x", "text": "x"}
    for step in ("clause_decision", "review_decision"):
        world.payloads[f"products:{step}"] = {"decision": "yes", "remark": "x"}
    world.payloads["products:clause_withdrawal"] = {"reason": "x"}


PARTS = (_products,)
