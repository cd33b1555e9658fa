"""The demo's product: drafted, filed, passed by the committee and put on sale by its people.

A car loan for consumers whose lender is insured against default. The figures are made up.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from core import clock
from core.parameters import value_text
from core.selectors import parameter
from core.services import approve_parameter, propose_parameter
from organization.enums import CommitteeKind, VoteChoice
from organization.models import Committee, Post, Staff
from organization.selectors import head_office
from organization.services.committees import approve_committee, found_committee, seat_member
from organization.services.resolutions import cast_vote, close_resolution
from organization.services.staff import hold_post
from products.enums import (
    Activity,
    Assumption,
    CoverKind,
    DutyKind,
    FiledTerm,
    FilingKind,
    InsuredSum,
    PaymentMode,
    RefundKind,
    ReviewDecision,
)
from products.models import Product, ProductVersion
from products.selectors import posts
from products.services import (
    DutyLine,
    FiledTerms,
    change_terms,
    decide_clause,
    decide_review,
    draft_review,
    enter_formula,
    open_product,
    propose_clause,
    put_on_sale,
    review_formula,
    set_assumptions,
    set_duties,
    set_tariff,
    submit_version,
)

People = dict[str, Staff]
BY_LENDER = "rate.all_in_ceiling"
CODE, NAME = "AUTO-LOAN", "个人汽车消费贷款保证保险"
FILED_ON, BEGINS = dt.date(2025, 11, 18), dt.date(2026, 1, 1)
FORMULA = "round_fen(sum_insured * rate * share)"
TERMS = FiledTerms(
    valid_from=BEGINS,
    filing_kind=FilingKind.FILED,
    filing_no="（示例财险）（备-保证保险）【2025】（主）018号",
    filed_on=FILED_ON,
    sum_insured_basis=InsuredSum.OPENING_OUTSTANDING,
    premium_modes=(PaymentMode.DECLINING, PaymentMode.LEVEL, PaymentMode.SINGLE),
    waiting_days=80,
    obligor_types=("自然人", "person"),
    lender_codes=("DEMO",),
    own_share_min=Decimal("0.1"),
    retention_min=Decimal("0.3"),
    refund_rule={"kind": RefundKind.PRO_RATA.value},
    open_terms=(FiledTerm.PAYMENT_ACCOUNT, FiledTerm.NOTICE),
)
ASSUMED = {
    Assumption.LOSS_RATIO: Decimal("0.45"),
    Assumption.EXPENSE_RATIO: Decimal("0.35"),
    Assumption.SURRENDER_RATE: Decimal("0.06"),
    Assumption.OVERDUE_RATE: Decimal("0.05"),
}
POOL, POOL_NAME = "AUTO-POOL", "车贷资产组合保证保险"
POOL_TERMS = dataclasses.replace(
    TERMS,
    valid_from=dt.date(2017, 5, 1),
    filing_no="（示例财险）（备-保证保险）【2017】（主）006号",
    filed_on=dt.date(2017, 3, 20),
)
POOL_CELL = {
    "grade": "*",
    "term_from": 1,
    "term_to": 120,
    "ltv_from": None,
    "ltv_to": None,
    "channel": "*",
    "rate_low": Decimal("0.05"),
    "rate": Decimal("0.06"),
    "rate_high": Decimal("0.07"),
}
RATES = {"A": "0.012", "B": "0.018", "C": "0.026", "D": "0.036"}  # per year, 12 months, LTV ≤ 60 %
LONGER, HIGHER, BAND = Decimal("0.003"), Decimal("0.004"), Decimal("0.15")
CASES = [
    {"values": {"sum_insured": "100000.00", "rate": "0.018", "share": "1"}, "expected": "1800.00"},
    {"values": {"sum_insured": "83333.33", "rate": "0.018", "share": "0.25"}, "expected": "375.00"},
    {"values": {"sum_insured": "12345.67", "rate": "0.026", "share": "0.5"}, "expected": "160.49"},
]
CLAUSES = (
    ("TY-01", "赔款支付账户", "赔款支付至被保险人在保险单上载明的账户。", ("payment_account",)),
    ("TY-02", "通知送达方式", "保险人可以以电子方式向投保人送达通知。", ("notices",)),
)
CLAUSES_TEXT = (
    "个人汽车消费贷款保证保险条款（演示）。投保人为借款人，被保险人为贷款人；"
    "赔偿请求权仅归被保险人。保险金额为各期期初未偿还贷款本金。"
)
ALTERING = (
    "TY-03", "等待期缩短", "索赔等待期缩短为三十日。", ("waiting_days",),
)  # fmt: skip


def file_products(people: People) -> None:
    """File the product of the demo, let the committee pass it, and put it on sale."""
    if Product.objects.filter(code=CODE).exists():
        return
    bai, chen, zhao = people["bai"], people["chen"], people["zhao"]
    version = _draft(bai, chen)
    _pass(version, _committee(people), people)
    version = put_on_sale(version=version, by=zhao, at=clock.now())
    owner = Post.objects.get(code="product_owner")
    hold_post(staff=bai, post=owner, valid_from=BEGINS, by=people["han"], at=clock.now())
    _fill_library(version.product, bai, chen)
    _review(version, bai, chen)


def file_pool(people: People) -> None:
    """File the older product under which the demo's portfolio was taken on in 2017."""
    if Product.objects.filter(code=POOL).exists():
        return
    _set_ceiling_of_then(people)
    version = _draft(
        people["bai"],
        people["chen"],
        code=POOL,
        name=POOL_NAME,
        terms=POOL_TERMS,
        cells=[POOL_CELL],
    )
    _pass(version, _committee(people), people)
    put_on_sale(version=version, by=people["zhao"], at=clock.now())


def _set_ceiling_of_then(people: People) -> None:
    """Let the ceiling shipped from 2020 on hold before it too: the demo's company kept to it."""
    today = parameter(name=BY_LENDER, as_of=clock.today())
    proposed = propose_parameter(
        name=BY_LENDER,
        value_text=value_text(today.value),
        valid_from=dt.date(2015, 9, 1),
        source="演示公司内部综合成本上限（2020年以前）",
        reason="演示组合于2017年承保，按公司当时上限执行。",
        by=people["qian"],
        at=clock.now(),
    )
    approve_parameter(row=proposed, by=people["zheng"], at=clock.now())


def _draft(
    by: Staff,
    checker: Staff,
    *,
    code: str = CODE,
    name: str = NAME,
    terms: FiledTerms = TERMS,
    cells: Sequence[dict[str, Any]] | None = None,
) -> ProductVersion:
    at = clock.now()
    version = open_product(
        code=code, name=name, cover_kind=CoverKind.GUARANTEE, terms=terms, by=by, at=at
    )
    change_terms(
        version=version,
        revision=version.revision,
        terms=terms,
        by=by,
        at=at,
        clauses=_paper("备案条款", CLAUSES_TEXT),
        rates=_paper("备案费率", "费率见费率表；保费=各期期初未偿本金×年费率×期间占年比例。"),
    )
    set_assumptions(version=version, values=ASSUMED, source="精算报告（演示）第三章", by=by, at=at)
    set_tariff(version=version, cells=cells or list(tariff_cells()), by=by, at=at)
    entered = enter_formula(
        version=version,
        text=FORMULA,
        variables=["sum_insured", "rate", "share"],
        cases=CASES,
        dated_on=FILED_ON,
        by=by,
        at=at,
    )
    review_formula(formula=entered, by=checker, at=at)
    _give_duties(version.product, by)
    return version


def tariff_cells(more: Decimal = Decimal(0)) -> Iterator[dict[str, Any]]:
    """Yield the cells of the rate table: four grades, two terms, two steps of loan-to-value."""
    for grade, rate in RATES.items():
        for term_from, term_to, longer in ((1, 12, Decimal(0)), (13, 60, LONGER)):
            for low, high, higher in (
                (Decimal(0), Decimal("0.6"), Decimal(0)),
                (Decimal("0.6"), Decimal("0.8"), HIGHER),
            ):
                filed = Decimal(rate) + longer + higher + more
                yield {
                    "grade": grade,
                    "term_from": term_from,
                    "term_to": term_to,
                    "ltv_from": low,
                    "ltv_to": high,
                    "channel": "*",
                    "rate_low": filed * (1 - BAND),
                    "rate": filed,
                    "rate_high": filed * (1 + BAND),
                }


def _give_duties(product: Product, by: Staff) -> None:
    """The head of products answers, actuary and filing desk do their part, branches are told."""
    post = {each.code: each for each in posts()}
    does = {
        Activity.DESIGN: "product_manager",
        Activity.PRICING: "actuary",
        Activity.FILING: "product_filing",
        Activity.SALE: "product_manager",
        Activity.REVIEW: "product_manager",
    }
    lines = [
        line
        for activity, code in does.items()
        for line in (
            DutyLine(activity, DutyKind.ACCOUNTABLE, post["product_owner"]),
            DutyLine(activity, DutyKind.RESPONSIBLE, post[code]),
            DutyLine(activity, DutyKind.CONSULTED, post["underwriter"]),
            DutyLine(activity, DutyKind.INFORMED, None, head_office()),
        )
    ]
    set_duties(
        product=product, lines=lines, valid_from=BEGINS, reason="产品开发管理办法（演示）",
        by=by, at=clock.now(),
    )  # fmt: skip


def _paper(name: str, text: str) -> tuple[str, io.BytesIO]:
    return f"{name}.txt", io.BytesIO(text.encode())


def _committee(people: People) -> Committee:
    known = Committee.objects.filter(code="PRC").first()
    if known is not None:
        return known
    bai, at, today = people["bai"], clock.now(), clock.today()
    committee = found_committee(
        code="PRC",
        name="产品评审委员会",
        kind=CommitteeKind.PRODUCT,
        unit=head_office(),
        quorum_share=Decimal("0.666667"),
        majority_share=Decimal("0.5"),
        is_majority_of_members=True,
        has_chair_veto=True,
        source="产品开发管理办法（演示）",
        valid_from=today,
        by=bai,
        at=at,
    )
    approve_committee(committee=committee, by=people["chen"], at=at)
    for name in ("zhao", "chen", "zheng", "lin"):
        seat_member(
            committee=committee,
            person=people[name],
            is_chair=name == "zhao",
            valid_from=today,
            by=bai,
            at=at,
        )
    return committee


def _pass(version: ProductVersion, committee: Committee, people: People) -> None:
    bai, at = people["bai"], clock.now()
    put = submit_version(
        version=version,
        committee=committee,
        meeting="2026 年第 1 次会议",
        held_on=clock.today(),
        by=bai,
        at=at,
        documents=[_paper("精算说明", "费率测算依据历史逾期率与回收率（演示）。")],
    )
    for name in ("zhao", "chen", "zheng"):
        cast_vote(resolution=put, choice=VoteChoice.FOR, by=people[name], at=at, remark="同意。")
    cast_vote(
        resolution=put, choice=VoteChoice.ABSTAIN, by=people["lin"], at=at, remark="关注D级费率。"
    )
    close_resolution(resolution=put, by=bai, at=at)


def _fill_library(product: Product, by: Staff, checker: Staff) -> None:
    for code, title, text, touches in (*CLAUSES, ALTERING):
        clause = propose_clause(
            code=code,
            title=title,
            text=text,
            touches=touches,
            claimants=("insured",) if code == "TY-01" else (),
            product=product,
            by=by,
            at=clock.now(),
        )
        if code != ALTERING[0]:
            decide_clause(clause=clause, is_approved=True, by=checker, at=clock.now())
            continue
        decide_clause(
            clause=clause,
            is_approved=False,
            by=checker,
            at=clock.now(),
            remark="变更了备案条款的等待期，不得作为特别约定。",
        )


def _review(version: ProductVersion, by: Staff, checker: Staff) -> None:
    """The first review says to revise; the next version stands as a draft with a dearer D."""
    review = draft_review(
        version=version,
        period_from=BEGINS,
        period_to=dt.date(2026, 7, 1),
        decision=ReviewDecision.REVISE,
        reason="D级客户逾期率高于定价假设，拟上调费率。",
        by=by,
        at=clock.now(),
    )
    opened = decide_review(review=review, is_confirmed=True, by=checker, at=clock.now()).opened
    cells = [
        cell if cell["grade"] != "D" else dearer
        for cell, dearer in zip(tariff_cells(), tariff_cells(LONGER), strict=True)
    ]
    set_tariff(version=opened, cells=cells, by=by, at=clock.now())
