"""Grants, cases and committees out of a few words."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from organization.models import AuthorityCase, AuthorityGrant, Role, Staff, Unit
from organization.rules.authority import Extent
from organization.selectors import head_office
from organization.services import appoint_staff
from organization.services.authority import decide_grant, grant_draft, propose_grant
from organization.services.cases import CaseTerms, PartyOfCase, decide_case, submit_case
from organization.services.delegations import delegate_authority

DAY, LONG_AGO = dt.date(2026, 3, 2), dt.date(2020, 1, 1)
MILLION = Decimal(1_000_000)
OBLIGOR = "11010519491231002X"


def extent(unit: Unit, **words) -> Extent:
    return Extent(**{"unit_path": unit.path, "max_amount": MILLION, **words})


def draft(
    unit: Unit, *, by: Staff, at: dt.datetime, role="underwriter", person=None, **words
) -> AuthorityGrant:
    own = ("level", "valid_from", "valid_to", "kind", "ends_at", "reason")
    terms = {"level": 1, "valid_from": DAY, "valid_to": None, "reason": "yearly review"}
    terms |= {name: words.pop(name) for name in own if name in words}
    return grant_draft(
        extent=extent(unit, **words),
        unit=unit,
        role=None if person else Role.objects.get(code=role),
        person=person,
        by=by,
        at=at,
        **terms,
    )


def granted(unit: Unit, *, by: Staff, checker: Staff, at: dt.datetime, **words) -> AuthorityGrant:
    grant = propose_grant(grant=draft(unit, by=by, at=at, **words), by=by, at=at)
    return decide_grant(grant=grant, is_approved=True, by=checker, at=at)


def let_lift(*people: Staff, at: dt.datetime, unit: Unit | None = None, **words) -> AuthorityGrant:
    """Give people a grant by name to lift controls, proposed and approved by two others."""
    for person in people:
        grant = granted(
            unit or head_office(),
            by=_officer("proposer", "underwriting_chief"),
            checker=_officer("approver", "general_manager"),
            at=at,
            person=person,
            valid_from=LONG_AGO,
            **{"exceptions": ("control_lift",), "max_amount": None, **words},
        )
    return grant


def _officer(username: str, role: str) -> Staff:
    known = Staff.objects.filter(username=username).first()
    return known or appoint_staff(
        username=username, name=username, unit=head_office(), roles=[role], password="lift-2026!"
    )


def party(**identities: str) -> PartyOfCase:
    return PartyOfCase(
        kind="obligor", name="测试借款人", identities=identities or {"document": OBLIGOR}
    )


def case(unit: Unit, *, by: Staff, at: dt.datetime, parties=None, **words) -> AuthorityCase:
    terms = {
        "title": "甲公司流动资金保证",
        "text": "额度续作",
        "amount": Decimal(500_000),
        "product": "P1",
        **words,
    }
    return submit_case(
        terms=CaseTerms(**terms), unit=unit, parties=parties or [party()], by=by, at=at
    )


def decide(case: AuthorityCase, *, by: Staff, at: dt.datetime, **words):
    return decide_case(
        **{
            "case": case,
            "outcome": "sign",
            "version": case.version,
            "key": uuid.uuid4(),
            "by": by,
            "at": at,
            "reason": "in order",
            **words,
        }
    )


def lent(grant: AuthorityGrant, *, by: Staff, to: Staff, at: dt.datetime, unit=None, **words):
    days = {"valid_from": DAY, "valid_to": DAY + dt.timedelta(days=30)}
    days |= {name: words.pop(name) for name in list(days) if name in words}
    return delegate_authority(
        grant=grant,
        delegate=to,
        extent=extent(unit or by.unit, **words),
        unit=unit or by.unit,
        by=by,
        at=at,
        reason="leave",
        **days,
    )
