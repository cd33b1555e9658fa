"""Lenders and their licences by the hand of tests, through the services."""

import datetime as dt

from organization.models import Staff
from partners.models import FunderLicence, Lender
from partners.services import LicenceDraft, admit_lender, approve_licence, propose_licence

SINCE = dt.date(2014, 6, 1)


def licence_draft(**words) -> LicenceDraft:
    """An auto finance company's licence without an end, lending its own funds."""
    return LicenceDraft(
        **{
            "funder_type": "auto_finance",
            "licence_no": "L0001H211000001",
            "issuer": "示例金融监管局",
            "standing": "active",
            "funds_source": "own",
            "declaration": "自有资金声明 2014-06-01",
            "valid_from": SINCE,
            **words,
        }
    )


def licensed(
    lender: Lender, *, by: Staff, checker: Staff | None, at: dt.datetime, **words
) -> FunderLicence:
    """Propose a licence, and approve it where a second person is given."""
    proposed = propose_licence(
        lender=lender, draft=licence_draft(**words), reason="准入", by=by, at=at
    )
    return approve_licence(licence=proposed, by=checker, at=at) if checker else proposed


def licensed_lender(
    *, code: str, name: str, by: Staff, checker: Staff, at: dt.datetime, **words
) -> Lender:
    """A lender that is a funder: admitted, licensed, its licence approved."""
    lender = admit_lender(code=code, name=name)
    licensed(lender, by=by, checker=checker, at=at, **words)
    return lender
