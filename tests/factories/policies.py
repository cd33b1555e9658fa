"""Quotes and policies through the services."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from organization.models import Staff, Unit
from partners.models import Lender
from products.models import ProductVersion
from products.selectors import PricingTerms
from tests.factories.authority import MILLION, granted
from tests.factories.partners import licensed_lender
from tests.factories.products import LOAN, House
from underwriting.models import Loan, Policy, Quote
from underwriting.services.drafts import draft_of_quote
from underwriting.services.issuing import issue_policy, write_policies
from underwriting.services.premiums import Receipt, receive_premiums
from underwriting.services.quotes import Person, QuoteOrder, make_quote

OBLIGOR = Person(document="11010519491231002X", name="王小明")
ENTERPRISE = Person(document="440308199901101512", name="李大力")


@dataclass
class Counter:
    """A branch that quotes, issues and takes money; everybody with what they need."""

    version: ProductVersion
    lender: Lender
    unit: Unit
    maker: Staff
    issuer: Staff
    cashier: Staff
    drafter: Staff
    reviewer: Staff
    at: dt.datetime

    def order(self, **words) -> QuoteOrder:
        terms = words.pop("terms", None) or self.terms()
        return QuoteOrder(
            **{
                "product_code": self.version.product.code,
                "terms": terms,
                "unit": self.unit,
                "lender": self.lender,
                "channel": None,
                "obligor": OBLIGOR,
                "underlying_obligor": None,
                "contract_no": f"HT-{Quote.objects.count() + 1:03d}",
                "original_creditor": self.lender.name,
                "history": (),
                "policyholder_delivery": "e_policy",
                "insured_delivery": "download",
                **words,
            }
        )

    def terms(self, **words) -> PricingTerms:
        return dataclasses.replace(LOAN, **words)

    def quote(self, **words) -> Quote:
        return make_quote(order=self.order(**words), by=self.maker, at=self.at)

    def issue(self, quote: Quote | None = None, *, by=None, key=None, **words) -> Policy:
        return issue_policy(
            quote=quote or self.quote(**words),
            key=key or uuid.uuid4(),
            by=by or self.issuer,
            at=self.at,
            reason="资料齐全，同意承保。",
        )

    def issue_for(self, loan: Loan) -> Policy:
        """Take a loan of a lender's file under cover, as a portfolio is: without a quote."""
        draft = draft_of_quote(quote=self.quote(contract_no=loan.loan_no))
        draft = dataclasses.replace(
            draft,
            lender_id=loan.lender_id,
            lender_code=loan.lender.code,
            loan_id=loan.pk,
            obligor_id=loan.obligor_id,
            quote_id=None,
        )
        (policy,) = write_policies(drafts=[draft], key=str(uuid.uuid4()), by=None, at=self.at)
        return policy

    def grant(self, unit: Unit) -> None:
        """Give the issuer authority over a million yuan in a unit."""
        granted(
            unit, by=self.drafter, checker=self.reviewer, at=self.at, person=self.issuer,
            max_amount=MILLION,
        )  # fmt: skip

    def pay(self, policy: Policy, amount, *, on: dt.date, key: str = "", reference="B1"):
        return receive_premiums(
            receipts=[
                Receipt(
                    policy_no=policy.policy_no,
                    amount=Decimal(str(amount)),
                    received_on=on,
                    reference=reference,
                )
            ],
            key=key or str(uuid.uuid4()),
            by=self.cashier,
            at=self.at,
        )


def open_counter(
    *,
    unit: Unit,
    maker: Staff,
    issuer: Staff,
    cashier: Staff,
    drafter: Staff,
    reviewer: Staff,
    seller: Staff,
    at: dt.datetime,
    **terms,
) -> Counter:
    """Put a product on sale, license a lender, give the issuer authority over a million yuan."""
    house = House(drafter=drafter, reviewer=reviewer, seller=seller, at=at)
    version = house.on_sale(**{"lender_codes": ("LENDER", "OTHER"), **terms})
    counter = Counter(
        version=version,
        lender=licensed_lender(
            code="LENDER", name="示例汽车金融公司", by=drafter, checker=reviewer, at=at
        ),
        unit=unit,
        maker=maker,
        issuer=issuer,
        cashier=cashier,
        drafter=drafter,
        reviewer=reviewer,
        at=at,
    )
    counter.grant(unit)
    return counter
