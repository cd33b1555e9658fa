"""The demo's lender gets its licence: fictional, proposed by one person, approved by another."""

from __future__ import annotations

import datetime as dt

from core import clock
from organization.models import Staff
from partners.models import FunderLicence, Lender
from partners.services import LicenceDraft, approve_licence, propose_licence

SINCE = dt.date(2014, 6, 1)


def license_lender(people: dict[str, Staff], *, lender: Lender) -> None:
    """License the demo's lender from before its first loan on. Source: PRE-02k, PRE-02l."""
    if FunderLicence.objects.filter(lender=lender).exists():
        return
    licence = propose_licence(
        lender=lender,
        draft=LicenceDraft(
            funder_type="auto_finance",
            licence_no="DEMO-N0001H2140001",
            issuer="示例银保监局（演示）",
            standing="active",
            funds_source="own",
            declaration="自有资金声明 2014-06-01（演示）",
            valid_from=SINCE,
        ),
        reason="资金方准入（演示）",
        by=people["qian"],
        at=clock.now(),
    )
    approve_licence(licence=licence, by=people["zheng"], at=clock.now(), remark="同意准入。")
