"""Cases for signature, committees and recusal (PRE-11c, PRE-12, HQ-43)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from organization.models import RecusalEntry, SignedDecision
from organization.services import appoint_staff
from organization.services.authority import revoke_grant
from organization.services.cases import CaseTerms, resubmit_case, withdraw_case
from organization.services.committees import approve_committee, found_committee, seat_member
from organization.services.recusal import declare_relation, record_identity
from organization.services.releases import ask_release, decide_release
from organization.services.resolutions import cast_vote, close_resolution, put_to_committee
from tests.factories.authority import DAY, MILLION, OBLIGOR, case, decide, granted, lent, party

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(hq, chief_bai, chief_chen, branch_wang, underwriter_xu, at):
    return granted(hq, by=chief_bai, checker=chief_chen, at=at, role="branch_manager", level=2)


@pytest.fixture
def waiting(grant, underwriter_xu, beijing, at):
    return case(beijing, by=underwriter_xu, at=at)


def test_a_decision_keeps_the_authority_that_stood_behind_it(
    waiting, grant, branch_wang, chief_chen, at
):
    decision = decide(waiting, by=branch_wang, at=at)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.version, waiting.decided_at) == ("signed", 2, at)
    assert (decision.grant, decision.facts["amount"]) == (grant, "500000.00")
    revoke_grant(grant=grant, by=chief_chen, at=at, reason="over")
    decision.refresh_from_db()
    assert decision.authority["grant"]["max_amount"] == "1000000.00"
    assert decision.authority["grant"]["status"] == "approved"


def test_a_case_beyond_authority_is_refused_with_every_reason(
    grant, branch_wang, underwriter_xu, beijing, at
):
    big = case(beijing, by=underwriter_xu, at=at, amount=MILLION * 2, exceptions=("admission",))
    with pytest.raises(NotPermitted) as refusal:
        decide(big, by=branch_wang, at=at)
    assert refusal.value.code == "no_authority"
    assert len(refusal.value.context["findings"]) == 2
    assert decide(big, by=branch_wang, at=at, outcome="refuse").grant is None


def test_a_revoked_right_and_a_lost_role_sign_nothing(waiting, grant, branch_wang, chief_chen, at):
    revoke_grant(grant=grant, by=chief_chen, at=at, reason="over")
    with pytest.raises(NotPermitted):
        decide(waiting, by=branch_wang, at=at)
    assert branch_wang.roles.count() == 1  # kept in memory by the caller
    branch_wang.roles.clear()
    with pytest.raises(NotPermitted):
        decide(waiting, by=branch_wang, at=at, outcome="return")


def test_a_stale_page_is_a_conflict_and_a_decided_case_too(waiting, branch_wang, at):
    with pytest.raises(Conflict):
        decide(waiting, by=branch_wang, at=at, version=7)
    decide(waiting, by=branch_wang, at=at)
    with pytest.raises(Conflict):
        decide(waiting, by=branch_wang, at=at)


def test_one_key_has_one_effect_and_other_words_are_refused(waiting, branch_wang, at):
    key = uuid.uuid4()
    first = decide(waiting, by=branch_wang, at=at, key=key)
    assert decide(waiting, by=branch_wang, at=at, key=key, version=1) == first
    with pytest.raises(RuleBroken) as refusal:
        decide(waiting, by=branch_wang, at=at, key=key, version=1, reason="other words")
    assert refusal.value.code == "key_reused"


def test_the_maker_does_not_sign_even_with_authority_nor_by_raw_sql(
    grant, branch_wang, beijing, at
):
    own = case(beijing, by=branch_wang, at=at)
    with pytest.raises(NotPermitted) as refusal:
        decide(own, by=branch_wang, at=at)
    assert refusal.value.code == "maker_is_checker"
    refused = pytest.raises(IntegrityError, match="decision_maker_is_not_signer")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organization_signeddecision (subject_type, subject_id, step, unit_id,"
            " outcome, facts, authority, grant_id, maker_id, signer_id, version, key,"
            " fingerprint, reason, at) VALUES ('x', 1, 1, %s, 'sign', '{}', '{}', %s, %s, %s,"
            " 1, %s, '', 'x', now())",
            [beijing.pk, grant.pk, branch_wang.pk, branch_wang.pk, str(uuid.uuid4())],
        )


def test_decisions_votes_and_recusals_are_never_changed(waiting, branch_wang, at):
    decide(waiting, by=branch_wang, at=at)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        SignedDecision.objects.update(reason="something else")


def test_a_delegate_signs_and_the_delegation_is_kept_with_the_decision(
    grant, branch_wang, underwriter_xu, chief_bai, beijing, at
):
    made = lent(grant, by=branch_wang, to=underwriter_xu, at=at)
    decision = decide(case(beijing, by=branch_wang, at=at), by=underwriter_xu, at=at)
    assert (decision.grant, decision.delegation) == (grant, made)
    later = at + dt.timedelta(days=30)
    with pytest.raises(NotPermitted):
        decide(case(beijing, by=branch_wang, at=at), by=underwriter_xu, at=later)


def test_a_returned_case_goes_another_round_and_a_withdrawn_one_ends(
    waiting, branch_wang, underwriter_xu, at
):
    decide(waiting, by=branch_wang, at=at, outcome="return", reason="price?")
    terms = CaseTerms(title="t", text="x", amount=Decimal(400_000))
    with pytest.raises(NotPermitted):
        resubmit_case(case=waiting, terms=terms, version=2, by=branch_wang, at=at)
    again = resubmit_case(case=waiting, terms=terms, version=2, by=underwriter_xu, at=at)
    assert (again.state, again.round, again.version) == ("submitted", 2, 3)
    withdraw_case(case=again, version=3, by=underwriter_xu, at=at, reason="no need")
    with pytest.raises(WrongState):
        decide(again, by=branch_wang, at=at, version=4)


def test_a_case_without_an_identity_is_not_taken(grant, underwriter_xu, beijing, at):
    with pytest.raises(RuleBroken) as refusal:
        case(beijing, by=underwriter_xu, at=at, parties=[party(document=" ")])
    assert refusal.value.code == "party_missing"


# recusal


@pytest.mark.parametrize("kind", ["document", "phone", "address", "employer", "account"])
def test_who_shares_a_trait_with_a_party_is_kept_out_and_logged(
    grant, branch_wang, underwriter_xu, beijing, at, kind
):
    record_identity(
        person=branch_wang, kind=kind, value="上海路 1 号 13800138000", by=branch_wang, at=at
    )
    kin = case(beijing, by=underwriter_xu, at=at, parties=[party(**{kind: "上海路1号13800138000"})])
    with pytest.raises(NotPermitted) as refusal:
        decide(kin, by=branch_wang, at=at)
    assert refusal.value.code == "recused"
    assert "PRE-12e" in refusal.value.message
    assert list(RecusalEntry.objects.order_by("pk").values_list("stage", "source", "kind")) == [
        ("submission", "detected", kind),
        ("signing", "detected", kind),
    ]
    assert SignedDecision.objects.count() == 0


def test_a_declared_relation_keeps_out_until_another_person_confirms_its_end(
    grant, branch_wang, underwriter_xu, chief_chen, beijing, at
):
    relation = declare_relation(
        kind="family",
        colleague=None,
        name="某人",
        identity_kind="document",
        value=OBLIGOR,
        valid_from=DAY,
        by=branch_wang,
        at=at,
    )
    kin = case(beijing, by=underwriter_xu, at=at)
    with pytest.raises(NotPermitted):
        decide(kin, by=branch_wang, at=at)
    release = ask_release(bond=relation, ground="ended", by=branch_wang, at=at, reason="divorced")
    with pytest.raises(NotPermitted):
        decide(kin, by=branch_wang, at=at)
    with pytest.raises(NotPermitted):
        decide_release(release=release, is_confirmed=True, by=branch_wang, at=at)
    decide_release(release=release, is_confirmed=True, by=chief_chen, at=at)
    assert decide(kin, by=branch_wang, at=at)


def test_colleagues_who_are_related_keep_each_other_out(
    grant, branch_wang, underwriter_xu, beijing, at
):
    declare_relation(
        kind="family",
        colleague=branch_wang,
        name="",
        identity_kind="",
        value="",
        valid_from=DAY,
        by=underwriter_xu,
        at=at,
    )
    with pytest.raises(NotPermitted) as refusal:
        decide(case(beijing, by=underwriter_xu, at=at), by=branch_wang, at=at)
    assert refusal.value.code == "recused"


def test_administrators_declare_nothing(system_han, at):
    with pytest.raises(NotPermitted):
        record_identity(person=system_han, kind="phone", value="1", by=system_han, at=at)


def test_what_recognises_people_is_sealed(branch_wang, grant, underwriter_xu, beijing, at):
    record_identity(person=branch_wang, kind="phone", value="13800138000", by=branch_wang, at=at)
    case(beijing, by=underwriter_xu, at=at)
    with connection.cursor() as cursor:
        for table in ("staffidentity", "caseidentity", "caseparty"):
            cursor.execute(f"SELECT t::text FROM organization_{table} t")  # noqa: S608
            kept = str(cursor.fetchall())
            clear = ("13800138000", OBLIGOR, "测试借款人")
            assert not [each for each in clear if each in kept or each.encode().hex() in kept]


# committees


@pytest.fixture
def committee(hq, chief_bai, chief_chen, at):
    made = found_committee(
        code="UWC",
        name="核保委员会",
        kind="underwriting",
        unit=hq,
        quorum_share=Decimal("0.6"),
        majority_share=Decimal("0.5"),
        is_majority_of_members=False,
        has_chair_veto=True,
        source="board 2026-1",
        valid_from=DAY,
        by=chief_bai,
        at=at,
    )
    return approve_committee(committee=made, by=chief_chen, at=at)


@pytest.fixture
def members(hq, committee, chief_bai, at):
    people = []
    for number in range(5):
        person = appoint_staff(
            username=f"m{number}",
            name=f"委{number}",
            unit=hq,
            roles=["underwriter"],
            password="seat-cast-2026!",
        )
        seat_member(
            committee=committee,
            person=person,
            is_chair=number == 0,
            valid_from=DAY,
            by=chief_bai,
            at=at,
        )
        people.append(person)
    return people


@pytest.fixture
def big(grant, underwriter_xu, beijing, at):
    return case(beijing, by=underwriter_xu, at=at, amount=MILLION * 9)


def put(case, committee, by, at):
    return put_to_committee(case=case, committee=committee, meeting="1", held_on=DAY, by=by, at=at)


def test_a_passed_resolution_authorises_what_no_grant_covers(
    committee, members, big, chief_bai, branch_wang, at
):
    resolution = put(big, committee, chief_bai, at)
    for person in members[:3]:
        cast_vote(resolution=resolution, choice="for", by=person, at=at)
    cast_vote(resolution=resolution, choice="against", by=members[3], at=at)
    closed = close_resolution(resolution=resolution, by=chief_bai, at=at)
    assert (closed.outcome, closed.tally["votes_for"], closed.tally["members"]) == ("passed", 3, 5)
    with pytest.raises(NotPermitted):
        decide(big, by=branch_wang, at=at)
    decision = decide(big, by=members[0], at=at)
    assert (decision.grant, decision.resolution) == (None, resolution)


def test_without_quorum_or_with_a_veto_nothing_is_authorised(
    committee, members, big, chief_bai, at
):
    resolution = put(big, committee, chief_bai, at)
    cast_vote(resolution=resolution, choice="for", by=members[1], at=at)
    assert close_resolution(resolution=resolution, by=chief_bai, at=at).outcome == "inquorate"
    with pytest.raises(NotPermitted):
        decide(big, by=members[0], at=at)
    again = put(big, committee, chief_bai, at)
    cast_vote(resolution=again, choice="against", by=members[0], at=at)
    for person in members[1:]:
        cast_vote(resolution=again, choice="for", by=person, at=at)
    assert close_resolution(resolution=again, by=chief_bai, at=at).tally["is_vetoed"] is True
    with pytest.raises(RuleBroken) as refusal:
        decide(big, by=members[0], at=at)
    assert refusal.value.code == "committee_rejected"


def test_members_vote_once_and_only_for_themselves(committee, members, big, chief_bai, at):
    resolution = put(big, committee, chief_bai, at)
    cast_vote(resolution=resolution, choice="for", by=members[1], at=at)
    with pytest.raises(Conflict):
        cast_vote(resolution=resolution, choice="against", by=members[1], at=at)
    with pytest.raises(NotPermitted) as refusal:
        cast_vote(resolution=resolution, choice="for", by=chief_bai, at=at)
    assert refusal.value.code == "no_seat"


def test_a_recused_member_neither_votes_nor_counts(committee, members, big, chief_bai, at):
    record_identity(person=members[4], kind="document", value=OBLIGOR, by=members[4], at=at)
    resolution = put(big, committee, chief_bai, at)
    with pytest.raises(NotPermitted) as refusal:
        cast_vote(resolution=resolution, choice="for", by=members[4], at=at)
    assert refusal.value.code == "recused"
    assert RecusalEntry.objects.get().stage == "voting"
    closed = close_resolution(resolution=resolution, by=chief_bai, at=at)
    assert (closed.tally["members"], closed.tally["recused"]) == (4, 1)


def test_a_resolution_speaks_of_one_version_of_the_case(
    committee, members, big, chief_bai, underwriter_xu, branch_wang, at
):
    resolution = put(big, committee, chief_bai, at)
    for person in members:
        cast_vote(resolution=resolution, choice="for", by=person, at=at)
    close_resolution(resolution=resolution, by=chief_bai, at=at)
    decide(big, by=branch_wang, at=at, outcome="return")
    terms = CaseTerms(title="t", text="x", amount=MILLION * 99)
    changed = resubmit_case(case=big, terms=terms, version=2, by=underwriter_xu, at=at)
    with pytest.raises(NotPermitted) as refusal:
        decide(changed, by=members[0], at=at)
    assert refusal.value.code == "no_authority"


def test_a_committee_that_nobody_approved_decides_nothing(hq, big, chief_bai, at):
    made = found_committee(
        code="X",
        name="未批",
        kind="risk",
        unit=hq,
        quorum_share=Decimal(1),
        majority_share=Decimal("0.5"),
        is_majority_of_members=False,
        has_chair_veto=False,
        source="none",
        valid_from=DAY,
        by=chief_bai,
        at=at,
    )
    with pytest.raises(WrongState):
        put(big, made, chief_bai, at)
    with pytest.raises(NotPermitted):
        seat_member(
            committee=made, person=chief_bai, is_chair=False, valid_from=DAY, by=chief_bai, at=at
        )
