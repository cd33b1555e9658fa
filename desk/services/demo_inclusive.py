"""The demo's small businesses: some obligors borrowed for a trade, and how large it is.

Fictional: of every five loans two are of sole traders, one of an owner of an enterprise, one is
known to be private; of the rest nobody noted anything, so that the ratio is a lower bound.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from stdnum.cn import uscc

from core import clock
from organization.models import Staff
from parties.models import Party
from parties.services import know_parties
from partners.models import Lender
from underwriting.models import BusinessUse, Loan
from underwriting.services import UseOfLoan, classify_size, note_business_use

NOTED = dt.date(2020, 6, 1)
ENTERPRISES = 24
TRADES = (
    ("retail", {"headcount": 6, "revenue": 80}),
    ("catering", {"headcount": 18, "revenue": 240}),
    ("transport", {"headcount": 45, "revenue": 900}),
    ("wholesale", {"headcount": 9, "revenue": 2600}),
)
LARGE = ("retail", {"headcount": 420, "revenue": 26000})


def classify_businesses(people: dict[str, Staff], *, lender: Lender) -> None:
    """Note what loans are for and classify the businesses, once. Source: PRE-02c, PRE-02d."""
    if BusinessUse.objects.exists():
        return
    xu, at = people["xu"], clock.now()
    enterprises = _enterprises(at)
    uses = []
    loans = Loan.objects.filter(lender=lender).select_related("lender", "obligor").order_by("pk")
    for place, loan in enumerate(loans):
        words = {"lender": loan.lender, "contract_no": loan.loan_no, "obligor": loan.obligor}
        if place % 5 < 2:
            uses.append(
                UseOfLoan(
                    **words, enterprise=loan.obligor, role="sole_trader",
                    relation_proof="个体工商户营业执照（演示）",
                    purpose_proof="经营用车购置合同（演示）",
                )
            )  # fmt: skip
        elif place % 5 == 2:
            uses.append(
                UseOfLoan(
                    **words, enterprise=enterprises[place % ENTERPRISES],
                    role="legal_representative", relation_proof="工商登记信息（演示）",
                    purpose_proof="企业经营用车合同（演示）",
                )
            )  # fmt: skip
        elif place % 5 == 3:
            uses.append(UseOfLoan(**words, purpose_proof="购车发票：家庭自用（演示）"))
    note_business_use(uses=uses, on=NOTED, by=xu, at=at)
    businesses = {use.enterprise.pk: use.enterprise for use in uses if use.enterprise}
    for place, business in enumerate(businesses.values()):
        industry, figures = LARGE if place % 40 == 2 else TRADES[place % len(TRADES)]
        classify_size(
            obligor=business,
            industry=industry,
            figures={name: Decimal(value) for name, value in figures.items()},
            on=NOTED,
            by=xu,
            at=at,
        )


def _enterprises(at: dt.datetime) -> list[Party]:
    names = {}
    for number in range(ENTERPRISES):
        begin = f"91440101MA5DEM{number:03d}"
        code = begin + uscc.calc_check_digit(begin)
        names[code] = f"示例商贸第{number + 1}有限公司（演示）"
    known = know_parties(names_by_document=names, at=at)
    parties = Party.objects.in_bulk(known.values())
    return [parties[known[code]] for code in names]
