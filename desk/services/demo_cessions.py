"""The demo's reinsurance: two reinsurers, a quota share a year, a surplus, co-insurance; all ceded.

Treaties are proposed and approved by two people; the shares that the month-end reads follow from
them. What premium a loan taken on brought is not known, so none is ceded.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from core import clock
from desk.services.demo_products import POOL
from organization.models import Staff
from partners.models import Lender
from postloss.selectors.month_ends import latest_closed
from underwriting.enums import CoinsuranceRole, TreatyBasis, TreatyKind
from underwriting.models import InclusiveRatio, NameMapping, Reinsurer, Treaty
from underwriting.services import (
    TreatyDraft,
    apply_treaties,
    approve_treaty,
    enter_reinsurer,
    freeze_inclusive_ratio,
    propose_treaty,
    set_coinsurance,
)

People = dict[str, Staff]
FIRST, LAST = 2016, 2026
QUARTER, FIFTH = Decimal("0.25"), Decimal("0.20")
SINCE = dt.date(FIRST, 1, 1)
COMMISSION = Decimal("0.32")


def place_cessions(people: People, *, lender: Lender) -> None:
    """Place the reinsurance of the demo's book; its policies are ceded as they are issued."""
    if Treaty.objects.exists():
        return
    bai, at = people["bai"], clock.now()
    mapping = NameMapping.objects.select_related("product_version__product").filter(
        lender=lender, product_version__isnull=False
    )
    product = mapping.order_by("pk").first().product_version.product.code
    first, second = (
        enter_reinsurer(
            name=name, registration_no=number, rating=rating, valid_from=dt.date(2010, 1, 1),
            by=bai, at=at,
        )
        for name, number, rating in (
            ("东方示例再保险（演示）", "RI-DEMO-01", "A"),
            ("远洋示例再保险（演示）", "RI-DEMO-02", "A-"),
        )
    )  # fmt: skip
    shares = {first: Decimal("0.6"), second: Decimal("0.4")}
    for year in range(FIRST, LAST + 1):
        _place(people, _quota_share(year, product), shares)
    _place(people, _surplus(product), shares)
    for code in (product, POOL):
        set_coinsurance(
            role=CoinsuranceRole.LEADER,
            own_share=Decimal("0.8"),
            partners={"南方示例财险（演示）": Decimal("0.2")},
            agreement_no="GB-DEMO-2016",
            lender_code=lender.code,
            product_code=code,
            valid_from=SINCE,
            reason="车贷共保协议（演示）",
            by=bai,
            at=at,
        )
    apply_treaties(lender=lender, by=bai, at=at)


def freeze_quarters(people: People, *, quarters: tuple[dt.date, ...]) -> None:
    """Freeze the inclusive ratio of quarters whose last month is closed."""
    for quarter in quarters:
        last = quarter.replace(month=quarter.month + 2)
        is_frozen = InclusiveRatio.objects.filter(quarter=quarter).exists()
        if not is_frozen and latest_closed(month=last) is not None:
            freeze_inclusive_ratio(quarter=quarter, by=people["lin"], at=clock.now())


def _place(people: People, draft: TreatyDraft, shares: dict[Reinsurer, Decimal]) -> None:
    treaty = propose_treaty(
        draft=draft, shares=shares, reason="年度续转（演示）", by=people["bai"], at=clock.now()
    )
    approve_treaty(treaty=treaty, by=people["chen"], at=clock.now(), remark="同意。")


def _quota_share(year: int, product: str) -> TreatyDraft:
    return TreatyDraft(
        code=f"QS-{year}",
        name=f"车贷成数合同 {year}（演示）",
        kind=TreatyKind.QUOTA_SHARE,
        basis=TreatyBasis.LOSSES_OCCURRING,
        valid_from=dt.date(year, 1, 1),
        valid_to=dt.date(year + 1, 1, 1),
        commission_rate=COMMISSION,
        product_codes=(product, POOL),
        fraction=QUARTER if year < 2019 else FIFTH,
    )


def _surplus(product: str) -> TreatyDraft:
    return TreatyDraft(
        code="SP-2016",
        name="车贷溢额合同（演示）",
        kind=TreatyKind.SURPLUS,
        basis=TreatyBasis.LOSSES_OCCURRING,
        valid_from=SINCE,
        valid_to=dt.date(LAST + 1, 1, 1),
        commission_rate=COMMISSION,
        product_codes=(product, POOL),
        retention=Decimal(200_000),
        lines=Decimal(9),
    )
