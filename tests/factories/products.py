"""A product as it is filed, passed and sold, through the services."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from decimal import Decimal

from organization.enums import CommitteeKind, VoteChoice
from organization.models import Committee, Post, Staff
from organization.selectors import head_office
from organization.services.committees import approve_committee, found_committee, seat_member
from organization.services.resolutions import cast_vote, close_resolution
from products.enums import Activity, DutyKind
from products.models import Product, ProductVersion
from products.selectors import PricingTerms
from products.services import (
    DutyLine,
    FiledTerms,
    change_terms,
    enter_formula,
    open_product,
    put_on_sale,
    review_formula,
    set_assumptions,
    set_duties,
    set_tariff,
    submit_version,
)

DAY = dt.date(2026, 3, 2)
FORMULA = "round_fen(sum_insured * rate * share)"
VARIABLES = ["sum_insured", "rate", "share"]
CASES = [{"values": {"sum_insured": "100000", "rate": "0.024", "share": "0.25"}, "expected": "600"}]
ASSUMED = {"loss_ratio": Decimal("0.45"), "expense_ratio": Decimal("0.35")}
TERMS = FiledTerms(
    valid_from=DAY,
    filing_kind="filed",
    filing_no="（示例财险）（备-保证保险）【2026】（主）001号",
    filed_on=dt.date(2026, 2, 1),
    sum_insured_basis="opening_outstanding",
    premium_modes=("single", "level", "declining"),
    waiting_days=80,
    obligor_types=("person",),
    lender_codes=("LENDER",),
)
CELLS = [
    {
        "grade": grade, "term_from": low, "term_to": high, "ltv_from": ltv_from, "ltv_to": ltv_to,
        "channel": "*", "rate_low": rate - Decimal("0.004"), "rate": rate,
        "rate_high": rate + Decimal("0.004"),
    }
    for grade, rate in (("A", Decimal("0.012")), ("B", Decimal("0.024")))
    for low, high in ((1, 12), (13, 36))
    for ltv_from, ltv_to in ((Decimal(0), Decimal("0.6")), (Decimal("0.6"), Decimal("0.8")))
]  # fmt: skip
LOAN = PricingTerms(
    principal=Decimal(120_000),
    annual_rate=Decimal("0.08"),
    periods=12,
    start=DAY,
    grade="B",
    ltv=Decimal("0.7"),
    channel="dealer",
    obligor_type="person",
    lender_code="LENDER",
    lender_type="auto_finance",
    mode="declining",
)


def loan(**words) -> PricingTerms:
    return dataclasses.replace(LOAN, **words)


def paper(text: str = "条款") -> tuple[str, io.BytesIO]:
    return (f"{text}.txt", io.BytesIO(text.encode()))


def draft(*, by: Staff, at: dt.datetime, code: str = "AUTO", **terms) -> ProductVersion:
    """A draft with nothing but its terms."""
    return open_product(
        code=code,
        name="个人汽车消费贷款保证保险",
        cover_kind="guarantee",
        terms=dataclasses.replace(TERMS, **terms),
        by=by,
        at=at,
    )


def complete(version: ProductVersion, *, by: Staff, checker: Staff, at: dt.datetime):
    """Add what a draft needs before a committee; return it as it stands now."""
    set_tariff(version=version, cells=CELLS, by=by, at=at)
    set_assumptions(version=version, values=ASSUMED, source="精算报告第3章", by=by, at=at)
    entered = enter_formula(
        version=version, text=FORMULA, variables=VARIABLES, cases=CASES, dated_on=DAY, by=by, at=at
    )
    version.refresh_from_db()
    change_terms(
        version=version,
        revision=version.revision,
        terms=dataclasses.replace(
            TERMS,
            **{f.name: _value(version, f.name) for f in dataclasses.fields(FiledTerms)},
        ),
        by=by,
        at=at,
        clauses=paper(),
        rates=paper("费率"),
    )
    review_formula(formula=entered, by=checker, at=at)
    version.refresh_from_db()
    return version


def _value(version: ProductVersion, name: str):
    value = getattr(version, name)
    return tuple(value) if isinstance(value, list) else value


def product_committee(*, by: Staff, checker: Staff, seats: list[Staff], at: dt.datetime):
    made = found_committee(
        code="PRC", name="产品评审委员会", kind=CommitteeKind.PRODUCT, unit=head_office(),
        quorum_share=Decimal("0.666667"), majority_share=Decimal("0.5"),
        is_majority_of_members=False, has_chair_veto=False, source="产品管理办法", valid_from=DAY,
        by=by, at=at,
    )  # fmt: skip
    approve_committee(committee=made, by=checker, at=at)
    for number, person in enumerate(seats):
        seat_member(
            committee=made, person=person, is_chair=not number, valid_from=DAY, by=by, at=at
        )
    return made


def vote(
    version: ProductVersion, committee: Committee, *, by: Staff, voters: list[Staff], at,
    choice=VoteChoice.FOR,
):  # fmt: skip
    """Put a version to the committee and count; return the version as it stands now."""
    put = submit_version(
        version=version, committee=committee, meeting="第1次会议", held_on=DAY, by=by, at=at
    )
    for person in voters:
        cast_vote(resolution=put, choice=choice, by=person, at=at)
    close_resolution(resolution=put, by=by, at=at)
    version.refresh_from_db()
    return version


def duty_lines() -> list[DutyLine]:
    """The head of products answers for everything; who drafts does it."""
    owner, maker = (Post.objects.get(code=code) for code in ("product_owner", "product_manager"))
    return [
        DutyLine(activity, kind, post)
        for activity in Activity
        for kind, post in ((DutyKind.ACCOUNTABLE, owner), (DutyKind.RESPONSIBLE, maker))
    ]


def give_duties(product: Product, *, by: Staff, at: dt.datetime, **words):
    words = {
        "lines": duty_lines(),
        "valid_from": dt.date(2017, 1, 1),
        "reason": "产品立项",
        **words,
    }
    return set_duties(product=product, by=by, at=at, **words)


@dataclasses.dataclass
class House:
    """Who drafts, reviews, votes and sells."""

    drafter: Staff
    reviewer: Staff
    seller: Staff
    at: dt.datetime

    def approved(self, **terms) -> ProductVersion:
        version = draft(by=self.drafter, at=self.at, **terms)
        give_duties(version.product, by=self.drafter, at=self.at)
        complete(version, by=self.drafter, checker=self.reviewer, at=self.at)
        committee = Committee.objects.filter(code="PRC").first() or product_committee(
            by=self.drafter, checker=self.reviewer, seats=[self.reviewer, self.seller], at=self.at
        )
        return vote(
            version, committee, by=self.drafter, voters=[self.reviewer, self.seller], at=self.at
        )

    def on_sale(self, **terms) -> ProductVersion:
        version = self.approved(**terms)
        put_on_sale(version=version, by=self.seller, at=self.at)
        version.refresh_from_db()
        return version
