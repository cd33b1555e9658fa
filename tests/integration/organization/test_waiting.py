"""Work that follows its rows: who is asked, who is not, until when, and what ends it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from core import clock
from core.errors import NotPermitted, RuleBroken
from core.row_security import seen_by
from organization.enums import PersonnelKind, UnitKind
from organization.models import Staff, WorkCopy, WorkItem, WorkStep
from organization.selectors import eyes_of
from organization.selectors.leavers import leaver_things
from organization.selectors.work import item_of, work_of
from organization.services import open_unit
from organization.services.authority import decide_grant, propose_grant, revoke_grant
from organization.services.awaiting import align_work, everything_that_waits_is_work
from organization.services.cases import CaseTerms, resubmit_case
from organization.services.committees import (
    approve_committee,
    end_seat,
    found_committee,
    seat_member,
)
from organization.services.personnel import order_personnel
from organization.services.recusal import record_identity
from organization.services.resolutions import cast_vote, close_resolution, put_to_committee
from organization.services.work import copy_to, hand_over_work, take_work
from tests.factories.authority import DAY, OBLIGOR, case, decide, draft, granted

pytestmark = pytest.mark.django_db


def waiting(subject, **words):
    """Return the open items of a subject: kind → holders."""
    found = {}
    items = WorkItem.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=str(subject.pk), finished_at=None
    )
    for item in items.filter(**words).order_by("holder__username"):
        found.setdefault(item.kind, []).append(item.holder)
    return found


def all_is_work(at):
    return everything_that_waits_is_work(at).bad == []


def one(**words):
    return WorkItem.objects.get(finished_at=None, **words)


def dismissed(person, by, at, **words):
    order_personnel(
        staff=person,
        kind=PersonnelKind.DISMISS,
        effective_on=DAY,
        by=by,
        at=at,
        reason="leaves",
        **words,
    )
    return Staff.objects.get(pk=person.pk)


@pytest.fixture
def board(hq, chief_bai, chief_chen, underwriter_xu, branch_wang, at):
    committee = found_committee(
        code="UW",
        name="承保委员会",
        kind="underwriting",
        unit=hq,
        quorum_share=Decimal("0.5"),
        majority_share=Decimal("0.5"),
        is_majority_of_members=False,
        has_chair_veto=False,
        source="policy",
        valid_from=DAY,
        by=chief_bai,
        at=at,
    )
    assert waiting(committee) == {"committee_approval": [None]}
    committee = approve_committee(committee=committee, by=chief_chen, at=at)
    assert waiting(committee) == {}
    for person in (underwriter_xu, branch_wang, chief_chen):
        seat_member(
            committee=committee,
            person=person,
            is_chair=person == chief_chen,
            valid_from=DAY,
            by=chief_bai,
            at=at,
        )
    return committee


def put(board, beijing, by, at, **words):
    made = case(beijing, by=by, at=at, **words)
    resolution = put_to_committee(
        case=made, committee=board, meeting="1", held_on=DAY, by=board.proposed_by, at=at
    )
    return made, resolution


# asked and answered


def test_a_proposed_grant_waits_for_another_who_approves_over_its_unit(
    beijing, chief_bai, chief_chen, branch_wang, at
):
    grant = propose_grant(grant=draft(beijing, by=chief_bai, at=at), by=chief_bai, at=at)
    item = one(kind="grant_approval")
    assert (item.unit, item.permission, item.initiator) == (beijing, "approve_authority", chief_bai)
    assert item.due_at == at + dt.timedelta(days=3)
    assert item.url == reverse("organization:grant", args=[grant.pk])
    assert list(work_of(staff=chief_chen, tab="team")) == [item]
    assert list(work_of(staff=branch_wang, tab="team")) == []
    decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    item.refresh_from_db()
    assert (item.outcome, item.finished_by, item.finished_at) == ("approved", chief_chen, at)


def test_whoever_set_it_going_neither_takes_it_nor_is_given_it(beijing, chief_bai, chief_chen, at):
    chief_bai.roles.add(*chief_chen.roles.all())
    chief_bai = Staff.objects.get(pk=chief_bai.pk)
    propose_grant(grant=draft(beijing, by=chief_bai, at=at), by=chief_bai, at=at)
    item = one(kind="grant_approval")
    assert list(work_of(staff=chief_bai, tab="team")) == []
    with pytest.raises(NotPermitted):
        take_work(item=item, by=chief_bai, at=at)
    take_work(item=item, by=chief_chen, at=at)
    with pytest.raises(RuleBroken):
        hand_over_work(item=item, to=chief_bai, by=chief_chen, at=at)


def test_a_case_waits_for_signers_and_returned_for_its_maker(
    beijing, underwriter_xu, branch_wang, chief_bai, chief_chen, at
):
    granted(beijing, by=chief_bai, checker=chief_chen, at=at, role="underwriter")
    made = case(beijing, by=branch_wang, at=at)
    assert waiting(made) == {"case_decision": [None]}
    decide(made, by=underwriter_xu, at=at, outcome="return")
    assert waiting(made) == {"case_rework": [branch_wang]}
    assert one(kind="case_rework").permission == "view_authority"
    made.refresh_from_db()
    sent = resubmitted(made, branch_wang, at)
    assert waiting(sent) == {"case_decision": [None]}
    decide(sent, by=underwriter_xu, at=at)
    assert waiting(sent) == {}
    assert all_is_work(at)


def resubmitted(made, by, at):
    terms = CaseTerms(title=made.title, text="更正", amount=made.amount, product=made.product)
    return resubmit_case(case=made, terms=terms, version=made.version, by=by, at=at)


# votes


def test_every_member_who_may_vote_is_asked_by_name_and_the_convener_to_count(
    board, beijing, branch_wang, underwriter_xu, chief_bai, chief_chen, at
):
    _made, resolution = put(board, beijing, branch_wang, at)  # wang sits there, and made it
    assert waiting(resolution) == {
        "committee_vote": [chief_chen, underwriter_xu],
        "vote_count": [chief_bai],
    }
    cast_vote(resolution=resolution, choice="for", by=chief_chen, at=at)
    assert waiting(resolution)["committee_vote"] == [underwriter_xu]
    close_resolution(resolution=resolution, by=chief_bai, at=at)
    assert waiting(resolution) == {}
    assert all_is_work(at)


def test_a_vote_is_passed_on_by_nobody(board, beijing, underwriter_xu, chief_chen, chief_bai, at):
    put(board, beijing, chief_bai, at)
    item = one(kind="committee_vote", holder=underwriter_xu)
    for by in (underwriter_xu, chief_bai):
        with pytest.raises(NotPermitted):
            hand_over_work(item=item, to=chief_chen, by=by, at=at)


def test_PRE_12e_a_recused_member_is_not_asked_and_that_is_on_record(
    board, beijing, underwriter_xu, branch_wang, chief_bai, at
):
    record_identity(person=underwriter_xu, kind="document", value=OBLIGOR, by=underwriter_xu, at=at)
    made, resolution = put(board, beijing, branch_wang, at)
    assert underwriter_xu not in waiting(resolution)["committee_vote"]
    assert made.recusals.filter(person=underwriter_xu, stage="voting").exists()


def test_a_seat_that_ends_owes_no_vote_and_a_new_one_does(
    board, beijing, underwriter_xu, chief_bai, manager_lin, at
):
    _made, resolution = put(board, beijing, chief_bai, at)
    seat = board.members.get(person=underwriter_xu)
    end_seat(member=seat, by=chief_bai, at=at, reason="term is over")
    seat_member(
        committee=board, person=manager_lin, is_chair=False, valid_from=DAY, by=chief_bai, at=at
    )
    asked = waiting(resolution)["committee_vote"]
    assert underwriter_xu not in asked
    assert manager_lin in asked
    assert all_is_work(at)


def test_a_case_decided_while_the_committee_votes_asks_nobody_any_more_but_to_count(
    board, beijing, underwriter_xu, branch_wang, chief_bai, at
):
    made, resolution = put(board, beijing, branch_wang, at)
    decide(made, by=underwriter_xu, at=at, outcome="return")
    assert waiting(resolution) == {"vote_count": [chief_bai]}
    assert all_is_work(at)


# leavers


def test_CRM_30_what_a_leaver_holds_is_told_before_and_nothing_is_lost(
    board, beijing, branch_wang, underwriter_xu, chief_bai, chief_chen, system_han, client, at
):
    grant = granted(beijing, by=chief_bai, checker=chief_chen, at=at, person=underwriter_xu)
    granted(beijing, by=chief_bai, checker=chief_chen, at=at, role="chief_risk_officer")
    _made, resolution = put(board, beijing, branch_wang, at)
    own = case(beijing, by=underwriter_xu, at=at)
    returned = case(beijing, by=underwriter_xu, at=at)
    decide(returned, by=branch_wang, at=at, outcome="return")
    told = {(thing.label, thing.title, thing.count) for thing in leaver_things(
        person=underwriter_xu, at=at
    )}  # fmt: skip
    assert told == {
        ("未结工作", "待表决", 1),
        ("未结工作", "退回的签批单待修改", 1),
        ("提交未决的签批单", "", 1),
        ("个人授权", f"#{grant.pk} 北京分公司", 1),
        ("委员会席位", "承保委员会", 1),
        ("角色", "核保员", 1),
    }
    client.force_login(system_han)
    page = client.get(reverse("organization:order", args=[underwriter_xu.pk])).text
    assert "退回的签批单待修改" in page
    dismissed(underwriter_xu, system_han, at, successor=branch_wang)
    grant.refresh_from_db()
    assert (grant.status, grant.revoked_by) == ("revoked", system_han)
    assert board.members.get(person=underwriter_xu).valid_to == DAY
    assert underwriter_xu not in waiting(resolution)["committee_vote"]
    assert waiting(returned) == {"case_rework": [branch_wang]}
    assert waiting(own) == {"case_decision": [None]}
    assert leaver_things(person=Staff.objects.get(pk=underwriter_xu.pk), at=at)[1:] == []
    assert all_is_work(at)


def test_whoever_reworks_a_leavers_case_does_not_decide_it(
    beijing, branch_wang, underwriter_xu, chief_bai, chief_chen, system_han, at
):
    granted(beijing, by=chief_bai, checker=chief_chen, at=at, role="branch_manager")
    returned = case(beijing, by=underwriter_xu, at=at)
    decide(returned, by=branch_wang, at=at, outcome="return")
    returned.refresh_from_db()
    with pytest.raises(NotPermitted):
        resubmitted(returned, branch_wang, at)
    dismissed(underwriter_xu, system_han, at, successor=branch_wang)
    sent = resubmitted(returned, branch_wang, at)
    with pytest.raises(NotPermitted) as refusal:
        decide(sent, by=branch_wang, at=at)
    assert refusal.value.code == "maker_is_checker"


def test_a_case_returned_to_a_maker_who_has_left_waits_for_the_team(
    beijing, branch_wang, underwriter_xu, system_han, at
):
    made = case(beijing, by=underwriter_xu, at=at)
    dismissed(underwriter_xu, system_han, at)
    decide(made, by=branch_wang, at=at, outcome="return")
    assert waiting(made) == {"case_rework": [None]}
    assert all_is_work(at)


def test_the_pages_of_the_system_administrator_hand_over_what_he_does_not_see(
    client, beijing, branch_wang, underwriter_xu, chief_bai, chief_chen, system_han, at
):
    propose_grant(grant=draft(beijing, by=chief_bai, at=at), by=chief_bai, at=at)
    item = one(kind="grant_approval")
    take_work(item=item, by=chief_chen, at=at)
    client.force_login(system_han)
    answer = client.post(
        reverse("organization:order", args=[chief_chen.pk]),
        {"kind": "dismiss", "effective_on": str(clock.today()), "reason": "x"},
    )
    assert answer.status_code == 302, answer.text
    item.refresh_from_db()
    assert item.holder is None
    assert [step.action for step in item.steps.order_by("pk")] == ["take", "to_team"]


# the second wall


def seen(staff):
    eyes = eyes_of(staff=staff)
    with seen_by(scope=eyes.scope, staff_id=eyes.staff_id, kind=eyes.kind):
        return (
            set(WorkItem.objects.values_list("pk", flat=True)),
            WorkStep.objects.count(),
            WorkCopy.objects.count(),
        )


def test_A4_work_is_seen_in_scope_or_by_who_holds_made_passed_or_was_told_of_it(
    beijing, shanghai, chief_bai, chief_chen, branch_wang, stranger_gu, underwriter_xu, at
):
    case(beijing, by=branch_wang, at=at)
    item = one(kind="case_decision")
    nothing = (set(), 0, 0)
    assert seen(branch_wang) == ({item.pk}, 0, 0)
    assert seen(chief_chen) == ({item.pk}, 0, 0)
    assert seen(stranger_gu) == nothing
    hand_over_work(item=item, to=stranger_gu, by=underwriter_xu, at=at)
    assert seen(stranger_gu) == ({item.pk}, 1, 0)
    hand_over_work(item=item, to=underwriter_xu, by=stranger_gu, at=at)
    assert seen(stranger_gu) == ({item.pk}, 2, 0)  # passed on: stays among what is done
    other = open_unit(
        code="SH01", name="浦东", name_en="Pudong", kind=UnitKind.SUB_BRANCH, parent=shanghai
    )
    Staff.objects.filter(pk=underwriter_xu.pk).update(unit=other)
    assert seen(Staff.objects.get(pk=underwriter_xu.pk)) == ({item.pk}, 2, 0)


def test_A4_a_copy_shows_that_item_alone(beijing, branch_wang, stranger_gu, at):
    first, _second = case(beijing, by=branch_wang, at=at), case(beijing, by=branch_wang, at=at)
    item = one(subject_id=str(first.pk))
    copy_to(item=item, people=[stranger_gu], by=branch_wang, at=at)
    assert seen(stranger_gu) == ({item.pk}, 1, 1)


def test_A4_administrators_see_the_work_of_their_kind_and_no_other(
    beijing, branch_wang, system_han, security_shen, auditor_he, regulator_guan, at
):
    case(beijing, by=branch_wang, at=at)
    joined = Staff.objects.create(username="ma", unit=beijing)
    align_work(subjects=[joined], by=system_han, at=at)
    item = one(kind="roles_assignment")
    assert seen(security_shen)[0] == {item.pk}
    assert seen(system_han)[0] == {item.pk}  # he asked for it
    assert (seen(auditor_he)[0], seen(regulator_guan)[0]) == (set(), set())


def test_A4_work_of_another_branch_is_not_written_past_the_services(
    beijing, branch_wang, stranger_gu, at
):
    case(beijing, by=branch_wang, at=at)
    eyes = eyes_of(staff=stranger_gu)
    with seen_by(scope=eyes.scope, staff_id=eyes.staff_id, kind=eyes.kind):
        assert WorkItem.objects.update(holder=stranger_gu) == 0


# sight of exactly one


def test_a_holder_from_elsewhere_sees_that_case_while_the_work_is_open(
    client, beijing, branch_wang, stranger_gu, underwriter_xu, at
):
    made, other = case(beijing, by=branch_wang, at=at), case(beijing, by=branch_wang, at=at)
    page = reverse("organization:case", args=[made.pk])
    client.force_login(stranger_gu)
    assert client.get(page).status_code == 404
    item = one(subject_id=str(made.pk))
    hand_over_work(item=item, to=stranger_gu, by=underwriter_xu, at=at)
    assert client.get(page).status_code == 200
    assert client.get(reverse("organization:case", args=[other.pk])).status_code == 404
    assert page not in client.get(reverse("organization:cases")).text
    decide(made, by=underwriter_xu, at=at, outcome="return")
    assert client.get(page).status_code == 404


def test_a_holder_from_elsewhere_sees_that_grant_while_the_work_is_open(
    client, beijing, chief_bai, chief_chen, stranger_gu, at
):
    grant = propose_grant(grant=draft(beijing, by=chief_bai, at=at), by=chief_bai, at=at)
    page = reverse("organization:grant", args=[grant.pk])
    client.force_login(stranger_gu)
    assert client.get(page).status_code == 404
    item = one(kind="grant_approval")
    WorkItem.objects.filter(pk=item.pk).update(holder=stranger_gu)  # no branch may hold it today
    assert client.get(page).status_code == 200
    decide_grant(grant=grant, is_approved=True, by=chief_chen, at=at)
    assert client.get(page).status_code == 404
    revoke_grant(grant=grant, by=chief_chen, at=at, reason="x")
    assert all_is_work(at)


def test_the_item_page_of_a_vote_offers_no_hand_over(
    client, board, beijing, underwriter_xu, chief_bai, at
):
    put(board, beijing, chief_bai, at)
    item = one(kind="committee_vote", holder=underwriter_xu)
    client.force_login(underwriter_xu)
    page = client.get(reverse("desk:work", args=[item.pk])).text
    assert "hand-over" not in page
    assert item_of(staff=underwriter_xu, pk=item.pk) == item
