"""Grants, delegations and the question who could sign (PRE-11c, PRE-12d, HQ-43)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotPermitted, RuleBroken, WrongState
from core.models import RegulatoryParameter
from core.selectors import audit_of
from organization.events import emergency_unreviewed
from organization.models import AuthorityGrant
from organization.rules.authority import CaseFacts
from organization.selectors.authority import lowest_level, who_could_sign
from organization.selectors.authority_preview import preview_of
from organization.selectors.reasons import sentence_of
from organization.services import appoint_staff
from organization.services.authority import (
    decide_grant,
    escalate_unreviewed_emergencies,
    propose_grant,
    review_emergency,
    revoke_grant,
)
from organization.services.delegations import revoke_delegation
from tests.factories.authority import DAY, MILLION, case, draft, granted, lent

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def signers(unit, at, *, as_of=DAY, **facts):
    asked = CaseFacts(**{"unit_path": unit.path, "amount": Decimal(500_000), **facts})
    found = who_could_sign(facts=asked, at=at, as_of=as_of)
    return {each.person.username: each for each in found}


def who(unit, at, **words):
    return [name for name, each in signers(unit, at, **words).items() if each.may_sign]


def test_a_proposed_grant_authorises_nobody_before_another_person_approves_it(
    chief_bai, chief_chen, underwriter_xu, beijing, at
):
    grant = propose_grant(grant=draft(beijing, by=chief_bai, at=at), by=chief_bai, at=at)
    assert who(beijing, at) == []
    decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    assert who(beijing, at) == ["xu"]
    actions = [
        each.action
        for each in audit_of(object_type="organization.authoritygrant", object_id=grant.pk)
    ]
    assert actions == ["organization.grant_proposed", "organization.grant_approved"]


def test_whoever_proposes_does_not_approve_and_the_database_says_so_too(
    hq, chief_bai, chief_chen, beijing, at
):
    both = appoint_staff(
        username="both",
        name="兼",
        unit=hq,
        roles=["underwriting_chief", "chief_risk_officer"],
        password="both-cast-2026!",
    )
    grant = propose_grant(grant=draft(beijing, by=both, at=at), by=both, at=at)
    with pytest.raises(NotPermitted) as refusal:
        decide_grant(grant=grant, is_approved=True, by=both, at=at)
    assert refusal.value.code == "maker_is_checker"
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        AuthorityGrant.objects.filter(pk=grant.pk).update(
            status="approved", decided_by=both, decided_at=at
        )


def test_nobody_proposes_or_approves_authority_of_their_own(chief_bai, chief_chen, beijing, at):
    with pytest.raises(NotPermitted) as refusal:
        propose_grant(
            grant=draft(beijing, by=chief_bai, at=at, person=chief_bai), by=chief_bai, at=at
        )
    assert refusal.value.code == "own_authority"
    grant = draft(beijing, by=chief_bai, at=at, person=chief_chen)
    propose_grant(grant=grant, by=chief_bai, at=at)
    with pytest.raises(NotPermitted) as refusal:
        decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    assert refusal.value.code == "own_authority"


def test_a_role_reaches_a_person_only_in_the_own_units(
    hq, chief_bai, chief_chen, branch_wang, stranger_gu, beijing, shanghai, at
):
    granted(hq, by=chief_bai, checker=chief_chen, at=at, role="branch_manager")
    assert who(beijing, at) == ["wang"]
    assert who(shanghai, at) == ["gu"]
    assert "gu" not in signers(beijing, at)


def test_the_others_are_named_with_every_reason(
    chief_bai, chief_chen, underwriter_xu, branch_wang, director_zhao, beijing, at
):
    granted(
        beijing, by=chief_bai, checker=chief_chen, at=at, products=("P2",), max_ltv=Decimal("0.5")
    )
    found = signers(beijing, at, product="P1", amount=MILLION * 2)
    assert [(each.code, each.fact) for each in found["xu"].trials[0].reasons] == [
        ("outside", "product"),
        ("above", "amount"),
        ("unknown", "ltv"),
    ]
    assert "PRE-11c" in sentence_of(found["xu"].trials[0].reasons[2])
    assert [each.code for each in found["wang"].hindrances] == ["no_grant"]
    assert "zhao" not in found  # neither decides cases nor holds authority


def test_the_lowest_level_that_covers_is_the_route_and_beyond_all_is_a_committee(
    hq, chief_bai, chief_chen, underwriter_xu, branch_wang, beijing, at
):
    granted(beijing, by=chief_bai, checker=chief_chen, at=at)
    granted(
        hq,
        by=chief_bai,
        checker=chief_chen,
        at=at,
        role="branch_manager",
        level=2,
        max_amount=MILLION * 5,
    )
    amounts = {500_000: 1, 2_000_000: 2, 6_000_000: None}
    for amount, level in amounts.items():
        found = signers(beijing, at, amount=Decimal(amount))
        assert lowest_level(found.values()) == level
    assert list(signers(beijing, at))[:2] == ["xu", "wang"]


def test_a_revoked_and_an_ended_grant_are_reasons(
    chief_bai, chief_chen, underwriter_xu, beijing, at
):
    grant = granted(
        beijing, by=chief_bai, checker=chief_chen, at=at, valid_to=DAY + dt.timedelta(days=1)
    )
    assert who(beijing, at) == ["xu"]
    later = at + dt.timedelta(days=1)
    assert who(beijing, later, as_of=DAY + dt.timedelta(days=1)) == []
    revoke_grant(grant=grant, by=chief_chen, at=at, reason="misuse")
    assert [each.code for each in signers(beijing, at)["xu"].trials[0].reasons] == ["revoked"]
    with pytest.raises(WrongState):
        revoke_grant(grant=grant, by=chief_chen, at=at, reason="again")


def test_who_could_sign_costs_the_same_for_one_and_for_three(
    chief_bai, chief_chen, underwriter_xu, beijing, at, django_assert_num_queries
):
    granted(beijing, by=chief_bai, checker=chief_chen, at=at)
    with django_assert_num_queries(4):
        assert who(beijing, at) == ["xu"]
    for number in (1, 2):
        appoint_staff(
            username=f"u{number}",
            name="员",
            unit=beijing,
            roles=["underwriter"],
            password="many-cast-2026!",
        )
    with django_assert_num_queries(4):
        assert who(beijing, at) == ["u1", "u2", "xu"]


def test_the_preview_says_who_gains_and_who_loses_which_limit(
    chief_bai, chief_chen, underwriter_xu, beijing, at
):
    standing = granted(beijing, by=chief_bai, checker=chief_chen, at=at)
    more = draft(beijing, by=chief_bai, at=at, max_amount=MILLION * 3)
    preview = preview_of(grant=more, is_revocation=False, as_of=DAY)
    assert [(each.person, each.before, each.after) for each in preview.changes] == [
        (underwriter_xu, MILLION, MILLION * 3)
    ]
    assert [each.code for each in preview.findings] == ["overlap", "gap"]
    (lost,) = preview_of(grant=standing, is_revocation=True, as_of=DAY).changes
    assert (lost.before, lost.after) == (MILLION, None)


# delegation


@pytest.fixture
def grant(hq, chief_bai, chief_chen, branch_wang, underwriter_xu, at):
    return granted(hq, by=chief_bai, checker=chief_chen, at=at, role="branch_manager", level=2)


def test_a_delegation_works_until_its_day_and_ends_by_itself(
    grant, branch_wang, underwriter_xu, beijing, at
):
    lent(grant, by=branch_wang, to=underwriter_xu, at=at, max_amount=MILLION)
    assert who(beijing, at) == ["wang", "xu"]
    end = DAY + dt.timedelta(days=30)
    assert who(beijing, at + dt.timedelta(days=30), as_of=end) == ["wang"]


def test_a_delegation_can_be_taken_back_by_its_giver_only(
    grant, branch_wang, underwriter_xu, stranger_gu, beijing, at
):
    made = lent(grant, by=branch_wang, to=underwriter_xu, at=at)
    with pytest.raises(NotPermitted):
        revoke_delegation(delegation=made, by=underwriter_xu, at=at, reason="no")
    revoke_delegation(delegation=made, by=branch_wang, at=at, reason="back")
    assert who(beijing, at) == ["wang"]


def test_a_delegation_ends_with_the_right_of_its_giver(
    grant, branch_wang, underwriter_xu, beijing, at
):
    lent(grant, by=branch_wang, to=underwriter_xu, at=at)
    branch_wang.roles.clear()
    found = signers(beijing, at)["xu"]
    assert not found.may_sign
    assert [each.code for each in found.trials[0].reasons] == ["lender_lost_it"]


@pytest.mark.parametrize(
    "words",
    [
        {"max_amount": MILLION + 1},
        {"valid_to": DAY + dt.timedelta(days=91)},
        {"valid_from": DAY - dt.timedelta(days=1)},
        {"valid_to": DAY},
    ],
)
def test_a_delegation_is_never_wider_longer_or_earlier(
    grant, branch_wang, underwriter_xu, at, words
):
    with pytest.raises(RuleBroken) as refusal:
        lent(grant, by=branch_wang, to=underwriter_xu, at=at, **words)
    assert len(refusal.value.context["findings"]) == 1


def test_authority_is_lent_only_over_the_givers_own_units(
    grant, hq, branch_wang, underwriter_xu, at
):
    with pytest.raises(RuleBroken):
        lent(grant, by=branch_wang, to=underwriter_xu, at=at, unit=hq)


def test_a_delegate_lends_nothing_on(grant, branch_wang, underwriter_xu, chief_bai, beijing, at):
    lent(grant, by=branch_wang, to=underwriter_xu, at=at)
    with pytest.raises(NotPermitted) as refusal:
        lent(grant, by=underwriter_xu, to=chief_bai, at=at, unit=beijing)
    assert refusal.value.code == "not_the_holder"


def test_nobody_becomes_checker_of_own_work_by_delegation(
    grant, branch_wang, underwriter_xu, beijing, at
):
    case(beijing, by=underwriter_xu, at=at)
    with pytest.raises(RuleBroken) as refusal:
        lent(grant, by=branch_wang, to=underwriter_xu, at=at)
    assert len(refusal.value.context["findings"]) == 1


# break-glass


def emergency(hq, chief_bai, person, at, **words):
    return draft(
        hq,
        by=chief_bai,
        at=at,
        person=person,
        kind="emergency",
        **{"ends_at": at + HOUR * 8, **words},
    )


def test_an_emergency_grant_ends_by_the_hour_and_is_reviewed_by_a_fourth_person(
    hq, chief_bai, chief_chen, director_zhao, underwriter_xu, beijing, at
):
    grant = propose_grant(
        grant=emergency(beijing, chief_bai, underwriter_xu, at), by=chief_bai, at=at
    )
    grant = decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    assert who(beijing, at + HOUR * 7) == ["xu"]
    assert who(beijing, at + HOUR * 8) == []
    for part in (chief_bai, chief_chen, underwriter_xu):
        with pytest.raises(NotPermitted):
            review_emergency(grant=grant, by=part, at=at, review="fine")
    assert review_emergency(grant=grant, by=director_zhao, at=at, review="fine").reviewed_at == at


def test_an_emergency_that_lasts_too_long_is_refused(hq, chief_bai, underwriter_xu, beijing, at):
    too_long = emergency(beijing, chief_bai, underwriter_xu, at, ends_at=at + HOUR * 25)
    with pytest.raises(RuleBroken) as refusal:
        propose_grant(grant=too_long, by=chief_bai, at=at)
    assert refusal.value.code == "emergency_too_long"
    RegulatoryParameter.objects.filter(name="authority.emergency_hours").update(value=48)
    assert propose_grant(grant=too_long, by=chief_bai, at=at).pk


def test_an_emergency_that_nobody_reviews_escalates_once(
    hq, chief_bai, chief_chen, underwriter_xu, beijing, at
):
    grant = propose_grant(
        grant=emergency(beijing, chief_bai, underwriter_xu, at), by=chief_bai, at=at
    )
    grant = decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    heard = []

    def listen(event, **_):
        heard.append(event.grant_id)

    emergency_unreviewed.connect(listen)
    try:
        assert escalate_unreviewed_emergencies(at=grant.review_due_at) == 0
        late = grant.review_due_at + dt.timedelta(seconds=1)
        assert escalate_unreviewed_emergencies(at=late) == 1
        assert escalate_unreviewed_emergencies(at=late) == 0
    finally:
        emergency_unreviewed.disconnect(listen)
    assert heard == [grant.pk]
