"""What a policy is to say, before it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from organization.models import Unit
from products.enums import Policyholder
from products.models import ProductVersion
from products.selectors import PremiumPart, Schedule
from underwriting.enums import DeliveryTo
from underwriting.models import Quote
from underwriting.selectors.territory import Territory
from underwriting.selectors.worksheets import worksheet_of_quote


@dataclass(frozen=True, kw_only=True)
class PolicyDraft:
    """What a policy is to say: parties, cover, sums in yuan, premium parts with tax.

    `schedule` and `worksheet` are kept as they are (JSON).
    """

    version: ProductVersion
    unit: Unit
    lender_id: int
    lender_code: str
    obligor_id: int
    policyholder_id: int | None
    contract_no: str
    cover_from: dt.date
    cover_to: dt.date
    sum_insured: Decimal
    parts: Sequence[PremiumPart]
    schedule: list[dict[str, str]]
    worksheet: dict[str, Any]
    underlying_obligor_id: int | None = None
    channel_id: int | None = None
    loan_id: int | None = None
    quote_id: int | None = None
    grade: str = ""
    transfers_before: int = 0
    deliveries: dict[str, str] = field(default_factory=dict)
    territory: Territory | None = None


def draft_of_quote(*, quote: Quote, territory: Territory | None = None) -> PolicyDraft:
    """Return the policy that a quote promises, by the worksheet kept with it. Source: PRE-02a."""
    worksheet = worksheet_of_quote(quote=quote)
    is_obligor = quote.product_version.policyholder == Policyholder.OBLIGOR
    return PolicyDraft(
        version=quote.product_version,
        unit=quote.unit,
        lender_id=quote.lender_id,
        lender_code=quote.lender.code,
        obligor_id=quote.obligor_id,
        policyholder_id=quote.obligor_id if is_obligor else None,
        underlying_obligor_id=quote.underlying_obligor_id,
        channel_id=quote.channel_id,
        contract_no=quote.contract_no,
        cover_from=worksheet.parts[0].covers_from,
        cover_to=worksheet.parts[-1].covers_to,
        sum_insured=worksheet.sum_insured,
        parts=worksheet.parts,
        schedule=[dict(row) for row in worksheet.rows],
        worksheet=quote.worksheet,
        quote_id=quote.pk,
        grade=quote.terms.get("grade") or "",
        transfers_before=quote.transfers.count(),
        deliveries={
            DeliveryTo.POLICYHOLDER: quote.policyholder_delivery,
            DeliveryTo.INSURED: quote.insured_delivery,
        },
        territory=territory,
    )


def schedule_rows(schedule: Schedule) -> list[dict[str, str]]:
    """Return the rows of a repayment schedule as they are kept: days and yuan as text."""
    return [
        {
            "due_on": row.due_on.isoformat(),
            "principal": f"{row.principal:.2f}",
            "interest": f"{row.interest:.2f}",
            "balance": f"{row.balance:.2f}",
        }
        for row in schedule.rows
    ]
