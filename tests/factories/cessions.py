"""Reinsurers, treaties and policies by the hand of tests, through the services."""

import datetime as dt
from decimal import Decimal

from tests.conftest import AT
from underwriting.models import Reinsurer, Treaty
from underwriting.rules.cessions import CededPolicy
from underwriting.services.treaties import (
    TreatyDraft,
    approve_treaty,
    enter_reinsurer,
    propose_treaty,
)

D = Decimal
START, END = dt.date(2026, 3, 1), dt.date(2028, 3, 1)
BEIJING = "/HQ/BJ/"


def policy(policy_no="P1", *, sum_insured="10000000", premium="1000.00", **words) -> CededPolicy:
    """A policy of two years from March 2026, ten million unless said."""
    return CededPolicy(
        **{
            "policy_no": policy_no,
            "product_code": "K1",
            "lender_code": "L1",
            "unit_path": BEIJING,
            "sum_insured": D(sum_insured),
            "premium": D(premium),
            "cover_from": START,
            "cover_to": END,
            **words,
        }
    )


def reinsurer(name="华夏再保险", *, by=None, at=AT) -> Reinsurer:
    """A reinsurer, entered once."""
    found = Reinsurer.objects.filter(name=name).first()
    return found or enter_reinsurer(
        name=name,
        registration_no=f"R-{name}"[:40],
        rating="A",
        valid_from=dt.date(2015, 1, 1),
        by=by,
        at=at,
    )


def draft(code="Q26", **words) -> TreatyDraft:
    """A quota share of a quarter on what begins in 2026, with a commission of 30 %."""
    return TreatyDraft(
        **{
            "code": code,
            "name": f"合同 {code}",
            "kind": "quota_share",
            "basis": "risk_attaching",
            "valid_from": dt.date(2026, 1, 1),
            "valid_to": dt.date(2027, 1, 1),
            "commission_rate": D("0.30"),
            "fraction": D("0.25"),
            **words,
        }
    )


def surplus(code="S26", **words) -> TreatyDraft:
    """A surplus of nine lines above two million."""
    own = {"kind": "surplus", "fraction": None, "retention": D(2_000_000), "lines": D(9)}
    return draft(code, **(own | words))


def treaty(terms: TreatyDraft, *, by, checker=None, shares=None, at=AT) -> Treaty:
    """Propose a treaty, and approve it where a second person is given."""
    proposed = propose_treaty(
        draft=terms,
        shares=shares or {reinsurer(): D("0.6"), reinsurer("远东再保险"): D("0.4")},
        reason="年度续转",
        by=by,
        at=at,
    )
    return approve_treaty(treaty=proposed, by=checker, at=at) if checker else proposed
