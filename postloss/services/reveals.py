"""Unmasking the obligor of a loan in the person's scope. Source: CRM-39, PRE-45c."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from organization.enums import Permission
from organization.models import Staff
from organization.permissions import check
from parties.services import reveal_identity
from postloss.selectors.loan_story import loan_of


def reveal_obligor(
    *,
    loan_id: int,
    fields: Sequence[str],
    reason: str,
    by: Staff,
    at: dt.datetime,
    as_of: dt.date,
) -> dict[str, str]:
    """Return the chosen fields of a loan's obligor in clear; the loan must be in scope.

    Raises:
        NotPermitted: the person sees no loans, or may not unmask.
        Missing: the loan is not the person's to see.
        RuleBroken: no reason, a closed identity, or the quota is used up.
    """
    check(by, Permission.VIEW_PORTFOLIO)
    found = loan_of(staff=by, pk=loan_id, as_of=as_of)
    return reveal_identity(
        party=found.obligor,
        fields=fields,
        reason=reason,
        seen_through=f"loan {found.pk}",
        by=by,
        at=at,
    )
