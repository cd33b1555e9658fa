"""Loans by the whole number of their obligor."""

from __future__ import annotations

import datetime as dt

from organization.enums import UnitKind
from organization.models import Staff
from parties.selectors import parties_found
from postloss.selectors.places import Places
from underwriting.models import Loan


def loans_found(*, staff: Staff, text: str, as_of: dt.date, at_most: int) -> list[Loan]:
    """Return the newest loans in the person's scope whose obligor has exactly this number.

    In scope are loans whose branch name leads to the person's unit or below on `as_of`.
    """
    loans = (
        Loan.objects.filter(obligor__in=list(parties_found(text=text).values_list("pk", flat=True)))
        .select_related("lender", "obligor", "segment__branch", "segment__product")
        .order_by("-disbursed_on", "pk")
    )
    if staff.unit.kind == UnitKind.HEAD_OFFICE:
        return list(loans[:at_most])
    places = set(Places().below(staff.unit, day=as_of))
    seen = [loan for loan in loans if (loan.lender_id, loan.segment.branch_id) in places]
    return seen[:at_most]
