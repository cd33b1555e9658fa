"""What a source of balances says of a policy on a day. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from underwriting.rules.inclusive import InsuredLoan


@dataclass(frozen=True, kw_only=True)
class InsuredBalance:
    """The insured balance of a policy on a day, in yuan, before co-insurance and reinsurance.

    Of a claimed account it is the insured liability that remains (F13).
    """

    policy_no: str
    product_code: str
    lender_code: str
    balance: Decimal


@dataclass(frozen=True, kw_only=True)
class InsuredBook:
    """Every financing loan under cover at a quarter's end, and what it was made from."""

    as_of: dt.date
    loans: Iterable[InsuredLoan]
    made_from: Mapping[str, object] = field(default_factory=dict)
