"""Pages of authority: who sees, who may, and the reason shown."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from core import clock
from organization.models import AuthorityCase, AuthorityGrant, SignedDecision
from organization.services.committees import approve_committee, found_committee, seat_member
from organization.services.resolutions import put_to_committee
from tests.factories.authority import DAY, MILLION, case, granted, lent

pytestmark = pytest.mark.django_db
LISTS = ["grants", "cases", "committees", "signers"]


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def grant(hq, chief_bai, chief_chen, branch_wang, underwriter_xu, now):
    return granted(hq, by=chief_bai, checker=chief_chen, at=now, role="branch_manager", level=2)


@pytest.fixture
def waiting(grant, underwriter_xu, beijing, now):
    return case(beijing, by=underwriter_xu, at=now)


@pytest.fixture
def seen(client):
    """Return a function that asks a page as a person whose second factor is fresh."""

    def ask(person, name, *args, post=None, **query):
        client.force_login(person)
        session = client.session
        session["second_factor"] = {"staff": person.pk, "at": clock.now().timestamp()}
        session.save()
        address = reverse(f"organization:{name}", args=args)
        return client.get(address, query) if post is None else client.post(address, post)

    return ask


@pytest.mark.parametrize("name", LISTS)
def test_pages_open_for_business_and_not_for_administrators(seen, name, branch_wang, system_han):
    assert seen(branch_wang, name).status_code == 200
    assert seen(system_han, name).status_code == 403


def test_a_strangers_case_is_not_there(seen, waiting, branch_wang, stranger_gu):
    assert seen(branch_wang, "case", waiting.pk).status_code == 200
    assert seen(stranger_gu, "case", waiting.pk).status_code == 404
    assert waiting.title not in seen(stranger_gu, "cases").content.decode()
    assert seen(stranger_gu, "case_decision", waiting.pk, post={}).status_code == 404


def test_a_granted_authority_signs_on_the_page(seen, waiting, branch_wang):
    form = {"outcome": "sign", "reason": "合规", "version": 1, "key": uuid.uuid4()}
    assert seen(branch_wang, "case_decision", waiting.pk, post=form).status_code == 302
    assert SignedDecision.objects.get().signer == branch_wang


def test_a_refused_authority_is_shown_with_its_reason(
    seen, grant, underwriter_xu, branch_wang, beijing, now
):
    big = case(beijing, by=underwriter_xu, at=now, amount=MILLION * 2)
    form = {"outcome": "sign", "reason": "合规", "version": 1, "key": uuid.uuid4()}
    answer = seen(branch_wang, "case_decision", big.pk, post=form)
    assert answer.status_code == 403
    assert "2,000,000 高于 1,000,000" in answer.content.decode()
    assert SignedDecision.objects.count() == 0


def test_the_maker_and_a_stale_page_are_refused(seen, waiting, underwriter_xu, branch_wang):
    form = {"outcome": "sign", "reason": "合规", "version": 1, "key": uuid.uuid4()}
    assert seen(underwriter_xu, "case_decision", waiting.pk, post=form).status_code == 403
    stale = form | {"version": 7}
    assert seen(branch_wang, "case_decision", waiting.pk, post=stale).status_code == 409


def test_a_case_is_made_on_the_page(seen, grant, underwriter_xu, beijing):
    form = {
        "unit": beijing.pk,
        "title": "甲公司",
        "text": "续作",
        "amount": "500000",
        "party-TOTAL_FORMS": 1,
        "party-INITIAL_FORMS": 0,
        "party-0-kind": "obligor",
        "party-0-document": "11010519491231002X",
    }
    assert seen(underwriter_xu, "case_create", post=form).status_code == 302
    assert AuthorityCase.objects.get().parties.count() == 1
    page = seen(underwriter_xu, "case", AuthorityCase.objects.get().pk).content.decode()
    assert "11010519491231002X" not in page


def test_a_grant_is_previewed_proposed_and_approved_on_the_pages(
    seen, hq, chief_bai, chief_chen, branch_wang
):
    form = {
        "kind": "standing",
        "role": branch_wang.roles.get().pk,
        "level": 2,
        "unit": hq.pk,
        "max_amount": "1000000",
        "valid_from": "2026-01-01",
        "reason": "年度授权",
    }
    preview = seen(chief_bai, "grant_proposal", post=form | {"preview": "1"})
    assert preview.status_code == 200
    assert "1,000,000.00" in preview.content.decode()
    assert AuthorityGrant.objects.count() == 0
    assert seen(chief_bai, "grant_proposal", post=form).status_code == 302
    pk = AuthorityGrant.objects.get().pk
    assert seen(chief_bai, "grant_decision", pk, post={"decision": "approve"}).status_code == 403
    assert seen(chief_chen, "grant_decision", pk, post={"decision": "approve"}).status_code == 302
    assert seen(branch_wang, "grant", pk).status_code == 200
    assert seen(branch_wang, "grant_revocation", pk, post={"reason": "x"}).status_code == 403
    assert seen(chief_chen, "grant_revocation", pk, post={"reason": "x"}).status_code == 302


def test_who_could_sign_is_answered_in_words(seen, waiting, branch_wang, stranger_gu):
    page = seen(branch_wang, "signers", case=waiting.pk).content.decode()
    assert "王京" in page
    assert "徐核" in page
    assert "顾沪" not in page
    asked = seen(branch_wang, "signers", unit="BJ", amount="9000000").content.decode()
    assert "高于" in asked
    assert seen(stranger_gu, "signers", case=waiting.pk).status_code == 404


def test_every_other_page_opens(seen, grant, hq, chief_bai, branch_wang, now):
    made = found_committee(
        code="C", name="委员会", kind="risk", unit=hq, quorum_share=1, majority_share=1,
        is_majority_of_members=False, has_chair_veto=False, source="s", valid_from=DAY,
        by=chief_bai, at=now,
    )  # fmt: skip
    assert seen(chief_bai, "committee", made.pk).status_code == 200
    assert seen(chief_bai, "committee_create").status_code == 200
    assert seen(branch_wang, "delegations").status_code == 200
    assert seen(branch_wang, "delegation_create").status_code == 200
    assert seen(branch_wang, "relations").status_code == 200


@pytest.mark.parametrize("name", ["grants", "cases"])
def test_one_row_and_three_cost_the_same(
    seen, name, grant, hq, chief_bai, chief_chen, underwriter_xu, beijing, now,
    django_assert_num_queries,
):  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    case(beijing, by=underwriter_xu, at=now)
    seen(chief_bai, name)
    with CaptureQueriesContext(connection) as one:
        seen(chief_bai, name)
    for _ in range(2):
        case(beijing, by=underwriter_xu, at=now)
        granted(hq, by=chief_bai, checker=chief_chen, at=now)
    with django_assert_num_queries(len(one)):
        seen(chief_bai, name)


def test_a_delegate_and_a_committee_member_of_another_unit_see_exactly_their_case(
    seen, grant, waiting, hq, branch_wang, stranger_gu, chief_bai, chief_chen, now
):
    assert seen(stranger_gu, "case", waiting.pk).status_code == 404
    made = found_committee(
        code="C", name="委员会", kind="risk", unit=hq, quorum_share=1, majority_share=1,
        is_majority_of_members=False, has_chair_veto=False, source="s",
        valid_from=clock.today(), by=chief_bai, at=now,
    )  # fmt: skip
    approve_committee(committee=made, by=chief_chen, at=now)
    seat_member(
        committee=made, person=stranger_gu, is_chair=True, valid_from=clock.today(), by=chief_bai,
        at=now,
    )  # fmt: skip
    put = put_to_committee(
        case=waiting, committee=made, meeting="1", held_on=clock.today(), by=chief_bai, at=now
    )
    assert seen(stranger_gu, "case", waiting.pk).status_code == 200
    assert seen(stranger_gu, "resolution_vote", put.pk, post={"choice": "for"}).status_code == 302
    assert put.votes.count() == 1
    assert seen(chief_bai, "resolution_closing", put.pk, post={}).status_code == 302
    other = case(waiting.unit, by=waiting.maker, at=now)
    assert seen(stranger_gu, "case", other.pk).status_code == 404
    today = clock.today()
    end = today + dt.timedelta(days=2)
    lent(grant, by=branch_wang, to=stranger_gu, at=now, valid_from=today, valid_to=end)
    form = {"outcome": "sign", "reason": "代签", "version": 1, "key": uuid.uuid4()}
    assert seen(stranger_gu, "case_decision", other.pk, post=form).status_code == 302
    assert SignedDecision.objects.get().delegation is not None
    assert "代签" in seen(stranger_gu, "case", other.pk).content.decode()
