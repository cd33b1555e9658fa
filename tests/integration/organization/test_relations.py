"""Relations that exclude, matched with the parties of the house, at every door. PRE-12e."""

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core import clock
from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.row_security import seen_by
from organization.enums import PersonnelKind
from organization.models import DeclaredRelation, RecusalEntry, RecusalRelease, WorkItem
from organization.selectors.recusal import conflicts_with
from organization.services import appoint_staff
from organization.services.committees import (
    approve_committee,
    end_committee,
    end_seat,
    found_committee,
    seat_member,
)
from organization.services.personnel import order_personnel
from organization.services.recusal import declare_relation, record_identity
from organization.services.releases import ask_release, decide_release
from organization.services.resolutions import put_to_committee
from organization.services.work import hand_over_work, take_work
from parties.enums import ContactKind
from parties.models import Party
from parties.services import know_parties
from parties.services.contacts import know_contact
from tests.factories.authority import DAY, OBLIGOR, case, decide, granted

pytestmark = pytest.mark.django_db
PHONE = "13800138000"


def related(person, *, at, kind="document", value=OBLIGOR):
    return declare_relation(
        kind="family", colleague=None, name="某人", identity_kind=kind, value=value,
        valid_from=DAY, by=person, at=at,
    )  # fmt: skip


@pytest.fixture
def obligor(db, at) -> Party:
    """The obligor of a loan whom the house knows by number and by telephone."""
    ids = know_parties(names_by_document={OBLIGOR: "测试借款人"}, at=at)
    found = Party.objects.get(pk=ids[OBLIGOR])
    know_contact(party=found, kind=ContactKind.PHONE, value=f"+86 {PHONE}", by=None, at=at)
    return found


@pytest.fixture
def manager_yu(beijing):
    return appoint_staff(
        username="yu", name="于理", unit=beijing, roles=["branch_manager"], password="yu-2026-long!"
    )


def item_of(kin) -> WorkItem:
    return WorkItem.objects.get(subject_id=str(kin.pk), kind="case_decision")


def test_a_relation_by_telephone_meets_a_case_that_names_the_same_party_by_number(
    obligor, branch_wang, underwriter_xu, beijing, at
):
    related(branch_wang, at=at, kind="phone", value="138-0013-8000")
    kin = case(beijing, by=underwriter_xu, at=at)
    with pytest.raises(NotPermitted) as refusal:
        decide(kin, by=branch_wang, at=at, outcome="return")
    assert refusal.value.code == "recused"


def test_an_own_telephone_meets_a_party_that_the_house_knows_by_it(
    obligor, branch_wang, underwriter_xu, beijing, at
):
    record_identity(person=branch_wang, kind="phone", value=PHONE, by=branch_wang, at=at)
    kin = case(beijing, by=underwriter_xu, at=at)
    with pytest.raises(NotPermitted):
        decide(kin, by=branch_wang, at=at, outcome="return")
    assert RecusalEntry.objects.filter(source="detected", kind="phone").exists()


def test_a_party_whom_nobody_relates_to_keeps_nobody_out(
    obligor, branch_wang, underwriter_xu, beijing, at
):
    related(branch_wang, at=at, kind="phone", value="13900139000")
    assert decide(case(beijing, by=underwriter_xu, at=at), by=branch_wang, at=at, outcome="return")


def test_a_case_is_not_taken_by_whom_it_recuses_and_that_is_kept(
    branch_wang, manager_yu, underwriter_xu, beijing, at
):
    related(branch_wang, at=at)
    kin = case(beijing, by=underwriter_xu, at=at)
    with pytest.raises(NotPermitted) as refusal:
        take_work(item=item_of(kin), by=branch_wang, at=at)
    assert refusal.value.code == "recused"
    entry = RecusalEntry.objects.get(stage="assignment")
    assert (entry.case, entry.person, entry.unit) == (kin, branch_wang, beijing)
    assert take_work(item=item_of(kin), by=manager_yu, at=at).holder == manager_yu


def test_a_case_is_not_handed_to_whom_it_recuses(
    branch_wang, manager_yu, underwriter_xu, beijing, at
):
    related(branch_wang, at=at)
    item = take_work(item=item_of(case(beijing, by=underwriter_xu, at=at)), by=manager_yu, at=at)
    with pytest.raises(NotPermitted):
        hand_over_work(item=item, to=branch_wang, by=manager_yu, at=at)
    item.refresh_from_db()
    assert item.holder == manager_yu


def test_a_leavers_work_passes_by_a_successor_who_must_stay_out(
    branch_wang, manager_yu, underwriter_xu, system_han, beijing, at
):
    related(branch_wang, at=at)
    item = take_work(item=item_of(case(beijing, by=underwriter_xu, at=at)), by=manager_yu, at=at)
    order_personnel(
        staff=manager_yu, kind=PersonnelKind.DISMISS, effective_on=clock.today(), by=system_han,
        at=clock.now(), reason="left", successor=branch_wang,
    )  # fmt: skip
    item.refresh_from_db()
    assert item.holder not in (branch_wang, manager_yu)
    assert item.finished_at is None


def test_who_must_stay_out_is_told_past_what_the_asker_sees(
    obligor, branch_wang, underwriter_xu, beijing, at
):
    related(branch_wang, at=at, kind="phone", value=PHONE)
    item = item_of(case(beijing, by=underwriter_xu, at=at))
    with seen_by(scope="", staff_id=None, kind="system"):
        assert not Party.objects.exists()
        assert list(conflicts_with(person_ids=[branch_wang.pk], item=item, as_of=DAY)) == [
            branch_wang.pk
        ]


def test_a_decided_case_waits_for_nobody(branch_wang, underwriter_xu, beijing, at):
    waiting = case(beijing, by=underwriter_xu, at=at)
    assert item_of(waiting).holder is None
    decide(waiting, by=branch_wang, at=at, outcome="refuse")
    assert item_of(waiting).finished_by == branch_wang


# releases


def test_a_release_is_asked_by_its_owner_once_and_confirmed_by_another(
    branch_wang, underwriter_xu, chief_zheng, at
):
    bond = record_identity(person=branch_wang, kind="phone", value=PHONE, by=branch_wang, at=at)
    with pytest.raises(NotPermitted):
        ask_release(bond=bond, ground="wrong", by=underwriter_xu, at=at, reason="typo")
    with pytest.raises(RuleBroken):
        ask_release(bond=bond, ground="ended", by=branch_wang, at=at, reason="over")
    release = ask_release(bond=bond, ground="wrong", by=branch_wang, at=at, reason="typo")
    with pytest.raises(Conflict):
        ask_release(bond=bond, ground="wrong", by=branch_wang, at=at, reason="typo")
    bond.refresh_from_db()
    assert bond.ended_at is None
    with pytest.raises(NotPermitted):
        decide_release(release=release, is_confirmed=True, by=underwriter_xu, at=at)
    decide_release(release=release, is_confirmed=True, by=chief_zheng, at=at)
    bond.refresh_from_db()
    assert bond.ended_at == at
    with pytest.raises(WrongState):
        decide_release(release=release, is_confirmed=True, by=chief_zheng, at=at)


def test_a_refused_release_binds_on_and_says_why(branch_wang, chief_chen, at):
    bond = related(branch_wang, at=at)
    release = ask_release(bond=bond, ground="wrong", by=branch_wang, at=at, reason="typo")
    with pytest.raises(RuleBroken):
        decide_release(release=release, is_confirmed=False, by=chief_chen, at=at)
    decide_release(release=release, is_confirmed=False, by=chief_chen, at=at, remark="it is him")
    bond.refresh_from_db()
    assert bond.valid_to is None
    assert ask_release(bond=bond, ground="ended", by=branch_wang, at=at, reason="again")


def test_whoever_confirms_is_another_and_the_database_says_so_too(chief_zheng, at):
    bond = related(chief_zheng, at=at)
    release = ask_release(bond=bond, ground="wrong", by=chief_zheng, at=at, reason="typo")
    with pytest.raises(NotPermitted):
        decide_release(release=release, is_confirmed=True, by=chief_zheng, at=at)
    refused = pytest.raises(IntegrityError, match="release_maker_is_not_checker")
    with refused, transaction.atomic():
        RecusalRelease.objects.filter(pk=release.pk).update(
            status="confirmed", decided_by=chief_zheng, decided_at=at
        )


def test_evidence_of_a_relation_comes_in_by_the_one_door(branch_wang, at):
    words = {
        "kind": "family", "colleague": None, "name": "某人", "identity_kind": "document",
        "value": OBLIGOR, "valid_from": DAY, "by": branch_wang, "at": at,
    }  # fmt: skip
    with pytest.raises(RuleBroken):
        declare_relation(**words, evidence=io.BytesIO(b"MZ\x90\x00"), evidence_name="x.pdf")
    kept = declare_relation(**words, evidence=io.BytesIO("户口簿".encode()), evidence_name="户.txt")
    assert DeclaredRelation.objects.get() == kept
    assert kept.evidence.name == "户.txt"


# committees end


@pytest.fixture
def committee(hq, chief_bai, chief_chen, branch_wang, at):
    made = found_committee(
        code="UWC", name="核保委员会", kind="underwriting", unit=hq, quorum_share=1,
        majority_share=1, is_majority_of_members=False, has_chair_veto=False, source="x",
        valid_from=DAY, by=chief_bai, at=at,
    )  # fmt: skip
    approve_committee(committee=made, by=chief_chen, at=at)
    seat_member(
        committee=made, person=branch_wang, is_chair=True, valid_from=DAY, by=chief_bai, at=at
    )
    return made


def test_a_seat_ends_on_a_day_ahead(committee, chief_bai, at):
    seat = committee.members.get()
    with pytest.raises(RuleBroken):
        end_seat(member=seat, by=chief_bai, at=at, reason="x", valid_to=DAY - dt.timedelta(days=1))
    ended = end_seat(
        member=seat, by=chief_bai, at=at, reason="x", valid_to=DAY + dt.timedelta(days=9)
    )
    assert ended.valid_to == DAY + dt.timedelta(days=9)
    with pytest.raises(WrongState):
        end_seat(member=seat, by=chief_bai, at=at, reason="again")


def test_a_committee_ends_with_its_seats_once_no_vote_is_open(
    committee, chief_bai, chief_chen, underwriter_xu, beijing, at
):
    words = {"committee": committee, "valid_to": DAY + dt.timedelta(days=1), "at": at}
    with pytest.raises(NotPermitted):
        end_committee(**words, by=chief_bai, reason="merged")
    big = case(beijing, by=underwriter_xu, at=at)
    put = put_to_committee(
        case=big, committee=committee, meeting="1", held_on=DAY, by=chief_bai, at=at
    )
    with pytest.raises(WrongState):
        end_committee(**words, by=chief_chen, reason="merged")
    type(put).objects.filter(pk=put.pk).update(outcome="inquorate", resolved_at=at)
    ended = end_committee(**words, by=chief_chen, reason="merged")
    assert {ended.valid_to, ended.members.get().valid_to} == {DAY + dt.timedelta(days=1)}
    with pytest.raises(WrongState):
        put_to_committee(
            case=big, committee=committee, meeting="2", held_on=DAY + dt.timedelta(days=1),
            by=chief_bai, at=at,
        )  # fmt: skip


# internet business


def test_PRE_11b_internet_business_goes_to_head_office_and_is_signed_there_alone(
    hq, beijing, chief_bai, chief_chen, branch_wang, director_zhao, at
):
    with pytest.raises(RuleBroken) as refusal:
        case(beijing, by=branch_wang, at=at, is_internet=True)
    assert refusal.value.field == "is_internet"
    waiting = case(hq, by=chief_chen, at=at, is_internet=True)
    granted(hq, by=chief_bai, checker=chief_chen, at=at, person=branch_wang)
    with pytest.raises(NotPermitted) as refused:
        decide(waiting, by=branch_wang, at=at)
    assert refused.value.code == "internet"
    granted(hq, by=chief_bai, checker=chief_chen, at=at, role="underwriting_chief")
    assert decide(waiting, by=chief_bai, at=at).signer == chief_bai


# pages


@pytest.fixture
def seen(client):
    def opened(person, name, *args, **words):
        client.force_login(person)
        return client.get(reverse(f"organization:{name}", args=args), words)

    return opened


def test_the_conflict_is_shown_before_anything_is_begun(
    client, branch_wang, manager_yu, underwriter_xu, beijing, at
):
    related(branch_wang, at=at)
    kin = case(beijing, by=underwriter_xu, at=at)
    client.force_login(branch_wang)
    page = client.get(reverse("organization:case", args=[kin.pk])).text
    assert "您须回避此事项" in page
    assert reverse("organization:case_decision", args=[kin.pk]) not in page
    work = client.get(reverse("desk:work", args=[item_of(kin).pk])).text
    assert "您须回避此事项" in work
    assert reverse("desk:work_holder", args=[item_of(kin).pk]) not in work
    assert client.post(reverse("desk:work_holder", args=[item_of(kin).pk])).status_code == 403
    assert RecusalEntry.objects.filter(stage="assignment").count() == 1
    client.force_login(manager_yu)
    assert branch_wang.name in client.get(reverse("desk:work", args=[item_of(kin).pk])).text


def test_a_release_goes_through_the_pages(client, seen, branch_wang, chief_zheng, at):
    bond = related(branch_wang, at=at)
    client.force_login(branch_wang)
    address = reverse("organization:relation_release", args=[bond.pk])
    client.post(address, {"ground": "ended", "reason": "离婚"})
    release = RecusalRelease.objects.get()
    assert seen(branch_wang, "releases").status_code == 403
    assert "离婚" in seen(chief_zheng, "releases").text
    assert OBLIGOR not in seen(chief_zheng, "releases").text
    decision = reverse("organization:release_decision", args=[release.pk])
    assert client.post(decision, {"decision": "confirm"}).status_code == 302
    bond.refresh_from_db()
    assert bond.valid_to is not None
    assert client.post(decision, {"decision": "confirm"}).status_code == 409


def test_a_strangers_relation_and_identity_are_not_there(client, branch_wang, stranger_gu, at):
    bond = related(branch_wang, at=at)
    own = record_identity(person=branch_wang, kind="phone", value=PHONE, by=branch_wang, at=at)
    client.force_login(stranger_gu)
    for name, row in (("relation_release", bond), ("identity_release", own)):
        address = reverse(f"organization:{name}", args=[row.pk])
        words = {"ground": "wrong", "reason": "x"}
        assert client.post(address, words).status_code == 404


def test_one_release_and_three_cost_the_same(
    client, branch_wang, chief_zheng, at, django_assert_num_queries
):
    def ask(count):
        for place in range(count):
            bond = related(branch_wang, at=at, kind="phone", value=f"1380013800{place + count}")
            ask_release(bond=bond, ground="wrong", by=branch_wang, at=at, reason="x")

    client.force_login(chief_zheng)
    ask(1)
    address = reverse("organization:releases")
    client.get(address)
    for count in (0, 2):
        ask(count)
        with django_assert_num_queries(7):
            assert client.get(address).status_code == 200


def test_a_committee_and_its_seat_end_on_the_page(client, committee, chief_bai, chief_chen):
    seat = committee.members.get()
    client.force_login(chief_bai)
    address = reverse("organization:seat_end", args=[committee.pk, seat.pk])
    day = (clock.today() + dt.timedelta(days=5)).isoformat()
    assert client.post(address, {"valid_to": day, "reason": "x"}).status_code == 302
    end = reverse("organization:committee_end", args=[committee.pk])
    assert client.post(end, {"valid_to": day, "reason": "x"}).status_code == 403
    client.force_login(chief_chen)
    assert end in client.get(reverse("organization:committee", args=[committee.pk])).text
    assert client.post(end, {"valid_to": day, "reason": "并入风险委员会"}).status_code == 302
    committee.refresh_from_db()
    assert committee.valid_to.isoformat() == day


def test_a_party_of_a_personal_request_is_not_answered_by_a_relative(officer_qian, obligor, at):
    from parties.services.requests import check_identity, enter_request

    asked = enter_request(
        kind="access", document=OBLIGOR, channel="电话", received_on=DAY, by=officer_qian, at=at
    )
    related(officer_qian, at=at, kind="phone", value=PHONE)
    with pytest.raises(NotPermitted) as refusal:
        check_identity(request=asked, is_shown=True, note="身份证", by=officer_qian, at=at)
    assert refusal.value.code == "recused"
    assert RecusalEntry.objects.get(subject_type="parties.personrequest").person == officer_qian
