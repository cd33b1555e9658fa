"""Who holds which authority, and who could sign a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import Missing
from organization.enums import GrantStatus, Permission
from organization.models import AuthorityCase, AuthorityGrant, Delegation, Staff
from organization.models.authority import Reach
from organization.permissions import is_head_office
from organization.rules.authority import (
    LIFTS,
    CaseFacts,
    Extent,
    Reason,
    Standing,
    route_level,
    why_not_covered,
    why_not_in_force,
)
from organization.rules.recusal import RecusalFinding, Traits
from organization.selectors.recusal import recusals
from organization.selectors.work import seen_through_work

SHOWN = 3  # of a person's authorities, those nearest to covering


@dataclass(frozen=True, kw_only=True)
class Authority:
    """What a person may rely on: a grant of the role or the person, or a part lent by a holder."""

    grant: AuthorityGrant
    delegation: Delegation | None = None

    @property
    def reach(self) -> Reach:
        """The narrower of the two, which is what the person has."""
        return self.delegation or self.grant


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One authority held against one case."""

    authority: Authority
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A person held against a case: what covers, or every reason why not."""

    person: Staff
    covering: Authority | None
    trials: tuple[Trial, ...]
    hindrances: tuple[Reason, ...]
    recusals: tuple[RecusalFinding, ...]

    @property
    def may_sign(self) -> bool:
        """Whether the person could sign now."""
        return self.covering is not None and not self.hindrances and not self.recusals


def permission_asked(facts: CaseFacts) -> Permission:
    """Return which permission goes with the authority: lifting a control is the reviewers' work."""
    return Permission.REVIEW_WARNINGS if facts.exceptions == LIFTS else Permission.SIGN_CASES


def facts_of(*, case: AuthorityCase) -> CaseFacts:
    """Return what authority asks of a case."""
    return CaseFacts(
        unit_path=case.unit.path,
        amount=case.amount,
        product=case.product or None,
        obligor_type=case.obligor_type or None,
        channel=case.channel or None,
        grade=case.grade or None,
        rate=case.rate,
        ltv=case.ltv,
        term=case.term,
        exceptions=tuple(case.exceptions),
        is_internet=case.is_internet,
    )


def extent_of(reach: Reach) -> Extent:
    """Return how far a grant or a delegation reaches."""
    return Extent(
        unit_path=reach.unit.path,
        max_amount=reach.max_amount,
        products=tuple(reach.products),
        obligor_types=tuple(reach.obligor_types),
        channels=tuple(reach.channels),
        grades=tuple(reach.grades),
        exceptions=tuple(reach.exceptions),
        min_rate=reach.min_rate,
        max_ltv=reach.max_ltv,
        max_term=reach.max_term,
    )


def standing_of(grant: AuthorityGrant) -> Standing:
    """Return from when to when a grant stands."""
    return Standing(
        is_approved=grant.status == GrantStatus.APPROVED,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        ends_at=grant.ends_at,
        revoked_at=grant.revoked_at,
    )


def grants_in_scope(*, staff: Staff) -> QuerySet[AuthorityGrant]:
    """Return the grants over the person's units, those of roles above them, and the person's own.

    Source: PRE-11c; safety.md A2 (a grant of a person elsewhere is not shown).
    """
    return _grants(_in_scope(staff))


def _in_scope(staff: Staff) -> Q:
    own = staff.unit.path
    return (
        Q(unit__path__startswith=own)
        | Q(role__isnull=False, unit__path__in=ancestors(own))
        | Q(person=staff)
    )


def _grants(seen: Q) -> QuerySet[AuthorityGrant]:
    return (
        AuthorityGrant.objects.filter(seen)
        .select_related("unit", "role", "person", "proposed_by", "decided_by")
        .order_by("level", "max_amount", "pk")
    )


def ancestors(path: str) -> list[str]:
    """Return the paths of a unit and of all above it."""
    codes = path.strip("/").split("/")
    return ["/" + "/".join(codes[: count + 1]) + "/" for count in range(len(codes))]


def grant_of(*, staff: Staff, pk: int) -> AuthorityGrant:
    """Return one grant of the scope, or one on which the person holds open work.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    grant = (
        _grants(_in_scope(staff) | seen_through_work(staff=staff, model=AuthorityGrant))
        .select_related("revoked_by", "reviewed_by")
        .filter(pk=pk)
    ).first()
    if grant is None:
        raise Missing("grant_missing", _("There is no such grant."))
    return grant


def in_force_on(grants: QuerySet[AuthorityGrant], *, as_of: dt.date) -> QuerySet[AuthorityGrant]:
    """Keep the approved grants that stand on a business day, revoked later or not yet ended."""
    end = dt.datetime.combine(as_of, dt.time.max, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    return grants.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=as_of),
        Q(status=GrantStatus.APPROVED) | Q(status=GrantStatus.REVOKED, revoked_at__gt=end),
        Q(ends_at__isnull=True) | Q(ends_at__gt=end - dt.timedelta(days=1)),
        valid_from__lte=as_of,
    )


def emergency_grants(*, staff: Staff) -> QuerySet[AuthorityGrant]:
    """Return emergency grants that nobody has reviewed, oldest first. Source: HQ-43."""
    return (
        grants_in_scope(staff=staff)
        .filter(review_due_at__isnull=False, reviewed_at__isnull=True)
        .order_by("review_due_at", "pk")
    )


def authorities_of(*, people: Collection[Staff]) -> dict[int, list[Authority]]:
    """Return what each of these people holds or was lent, whether it stands or not; two queries.

    People come with their roles prefetched.
    """
    grants = (
        AuthorityGrant.objects.exclude(status=GrantStatus.REFUSED)
        .select_related("unit", "role", "person")
        .order_by("level", "pk")
    )
    by_role: dict[int, list[AuthorityGrant]] = {}
    by_person: dict[int, list[AuthorityGrant]] = {}
    for grant in grants:
        if grant.role_id:
            by_role.setdefault(grant.role_id, []).append(grant)
        else:
            by_person.setdefault(grant.person_id, []).append(grant)
    lent: dict[int, list[Delegation]] = {}
    for each in _delegations().filter(delegate__in=people):
        lent.setdefault(each.delegate_id, []).append(each)
    return {
        person.pk: [
            *(
                Authority(grant=grant)
                for role in person.roles.all()
                for grant in by_role.get(role.pk, ())
            ),
            *(Authority(grant=grant) for grant in by_person.get(person.pk, ())),
            *(Authority(grant=each.grant, delegation=each) for each in lent.get(person.pk, ())),
        ]
        for person in people
    }


def _delegations() -> QuerySet[Delegation]:
    return (
        Delegation.objects.select_related(
            "unit", "grant", "grant__unit", "grant__role", "delegator", "delegator__unit"
        )
        .prefetch_related("delegator__roles")
        .order_by("pk")
    )


def delegations_of(*, person: Staff) -> QuerySet[Delegation]:
    """Return what the person lent and was lent, newest first."""
    return (
        Delegation.objects.filter(Q(delegator=person) | Q(delegate=person))
        .select_related("unit", "grant", "delegator", "delegate", "revoked_by")
        .order_by("-made_at", "-pk")
    )


def delegation_of(*, person: Staff, pk: int) -> Delegation:
    """Return a delegation that the person gave or holds.

    Raises:
        Missing: it does not exist or is between others.
    """
    found = delegations_of(person=person).filter(pk=pk).first()
    if found is None:
        raise Missing("delegation_missing", _("There is no such delegation."))
    return found


def holds(person: Staff, grant: AuthorityGrant) -> bool:
    """Tell whether an active person holds the grant itself, by role or by name."""
    if not person.is_active:
        return False
    if grant.person_id is not None:
        return grant.person_id == person.pk
    return grant.role_id in {role.pk for role in person.roles.all()}


def try_authority(
    *, person: Staff, authority: Authority, facts: CaseFacts, at: dt.datetime, as_of: dt.date
) -> Trial:
    """Hold one authority against a case and return every reason why it does not do."""
    grant, lent = authority.grant, authority.delegation
    reasons = list(why_not_in_force(standing_of(grant), at=at, as_of=as_of))
    holder = person if lent is None else lent.delegator
    if lent is not None:
        own = Standing(
            is_approved=True,
            valid_from=lent.valid_from,
            valid_to=lent.valid_to,
            revoked_at=lent.revoked_at,
        )
        reasons += why_not_in_force(own, at=at, as_of=as_of)
        if not holds(holder, grant):
            reasons.append(Reason(code="lender_lost_it"))
        reasons += why_not_covered(facts, extent_of(lent))
    reasons += [each for each in why_not_covered(facts, extent_of(grant)) if each not in reasons]
    if grant.role_id is not None and not facts.unit_path.startswith(holder.unit.path):
        reasons.append(Reason(code="not_own_unit"))
    return Trial(authority=authority, reasons=tuple(reasons))


def judge(
    *,
    people: Collection[Staff],
    facts: CaseFacts,
    at: dt.datetime,
    as_of: dt.date,
    maker_id: int | None = None,
    traits: Traits | None = None,
    permission: Permission = Permission.SIGN_CASES,
) -> list[Signer]:
    """Hold each person against the case, with all reasons; people come with unit and roles."""
    held = authorities_of(people=people)
    ids = [person.pk for person in people]
    out = (
        {}
        if traits is None
        else recusals(person_ids=ids, case=traits, maker_id=maker_id, as_of=as_of)
    )
    signers = []
    for person in people:
        trials = sorted(
            (
                try_authority(person=person, authority=each, facts=facts, at=at, as_of=as_of)
                for each in held[person.pk]
            ),
            key=lambda trial: (len(trial.reasons), trial.authority.grant.level),
        )
        covering = trials[0].authority if trials and not trials[0].reasons else None
        signers.append(
            Signer(
                person=person,
                covering=covering,
                trials=tuple(trials[:SHOWN]),
                hindrances=_hindrances(person, permission, facts, maker_id, has_any=bool(trials)),
                recusals=out.get(person.pk, ()),
            )
        )
    return signers


def _hindrances(
    person: Staff,
    permission: Permission,
    facts: CaseFacts,
    maker_id: int | None,
    *,
    has_any: bool,
) -> tuple[Reason, ...]:
    found = []
    if not any(permission in role.permissions for role in person.roles.all()):
        found.append(Reason(code="no_permission", article="PRE-12d"))
    if person.pk == maker_id:
        found.append(Reason(code="maker", article="HQ-43"))
    if facts.is_internet and not is_head_office(person):
        found.append(Reason(code="internet", article="PRE-11b"))
    if not has_any:
        found.append(Reason(code="no_grant"))
    return tuple(found)


def who_could_sign(
    *,
    facts: CaseFacts,
    at: dt.datetime,
    as_of: dt.date,
    maker_id: int | None = None,
    traits: Traits | None = None,
    permission: Permission = Permission.SIGN_CASES,
) -> list[Signer]:
    """Return everybody whom the case concerns, those who could sign first, the lowest level first.

    Concerned are the people above and below the case's unit who hold the permission or authority,
    and those elsewhere who hold authority over the unit by name. A fixed number of queries.
    Source: PRE-11c, issue 3 (who could sign this today, and why not the others).
    """
    people = list(_concerned(facts.unit_path, permission))
    signers = judge(
        people=people,
        facts=facts,
        at=at,
        as_of=as_of,
        maker_id=maker_id,
        traits=traits,
        permission=permission,
    )
    return sorted(
        signers,
        key=lambda each: (
            not each.may_sign,
            each.covering.grant.level if each.covering else 0,
            each.person.username,
        ),
    )


def _concerned(path: str, permission: Permission) -> Iterable[Staff]:
    above = ancestors(path)
    line = Q(unit__path__in=above) | Q(unit__path__startswith=path)
    has_part = Q(roles__permissions__contains=[permission]) | Q(roles__grants__isnull=False)
    by_name = Q(grants__unit__path__in=above) | Q(delegations_held__unit__path__in=above)
    ids = Staff.objects.filter(is_active=True).filter((line & has_part) | by_name).values("pk")
    return Staff.objects.filter(pk__in=ids).select_related("unit").prefetch_related("roles")


def lowest_level(signers: Iterable[Signer]) -> int | None:
    """Return the lowest level that covers among those who could sign; none: to a committee."""
    return route_level(
        each.covering.grant.level for each in signers if each.may_sign and each.covering
    )
