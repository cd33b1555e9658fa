"""What a proposed grant, or the revocation of one, would change: people, limits, the ladder."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from organization.models import AuthorityGrant, Staff
from organization.rules.authority import LadderFinding, Rung, do_meet, ladder_findings
from organization.selectors.authority import (
    ancestors,
    authorities_of,
    extent_of,
    in_force_on,
)

NO_LIMIT = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One person's highest limit over cases of the grant, before and after (yuan).

    Zero is a lift of controls, which has no limit; none is no authority.
    """

    person: Staff
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Who gains or loses which limit, and what the ladder looks like with it."""

    changes: tuple[Change, ...]
    findings: tuple[LadderFinding, ...]
    is_for_lifts: bool


def preview_of(*, grant: AuthorityGrant, is_revocation: bool, as_of: dt.date) -> Preview:
    """Return the effect of approving (or revoking) a grant that may not be stored yet.

    Source: issue 3 (editor with preview of effect).
    """
    standing = [
        each
        for each in in_force_on(AuthorityGrant.objects.all(), as_of=as_of).select_related(
            "unit", "role", "person"
        )
        if each.pk != grant.pk
    ]
    ids = {each.pk for each in standing}
    extent = extent_of(grant)
    people = _holders(grant)
    held = authorities_of(people=people)
    changes = []
    for person in people:
        others = [
            each.reach.max_amount or NO_LIMIT
            for each in held[person.pk]
            if each.grant.pk in ids and do_meet(extent_of(each.reach), extent)
        ]
        without = max(others, default=None)
        with_it = max([*others, grant.max_amount or NO_LIMIT])
        before, after = (with_it, without) if is_revocation else (without, with_it)
        changes.append(Change(person=person, before=before, after=after))
    findings = () if is_revocation else ladder_findings(_rung(grant), map(_rung, standing))
    return Preview(changes=tuple(changes), findings=findings, is_for_lifts=extent.is_for_lifts)


def _rung(grant: AuthorityGrant) -> Rung:
    holder = f"role {grant.role_id}" if grant.role_id else f"person {grant.person_id}"
    return Rung(pk=grant.pk or 0, level=grant.level, holder=holder, extent=extent_of(grant))


def _holders(grant: AuthorityGrant) -> list[Staff]:
    people = Staff.objects.filter(is_active=True).select_related("unit").prefetch_related("roles")
    if grant.person_id:
        return list(people.filter(pk=grant.person_id))
    path = grant.unit.path
    return list(
        people.filter(
            Q(unit__path__in=ancestors(path)) | Q(unit__path__startswith=path),
            pk__in=Staff.objects.filter(roles=grant.role_id).values("pk"),
        ).order_by("unit__path", "username")
    )
