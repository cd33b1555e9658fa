"""For credit insurance the insured notifies the obligor: PRE-02i, COMMENT-02."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.errors import NotPermitted, RuleBroken, WrongState
from organization.models import WorkItem
from tests.factories.papers import plain_pdf
from tests.factories.partners import licensed_lender
from tests.factories.policies import OBLIGOR, open_counter
from underwriting.models import ObligorNotice, PolicyDocument
from underwriting.services.endings import end_policy
from underwriting.services.endorsements import (
    Change,
    ask_endorsement,
    confirm_insured,
    decide_endorsement,
)
from underwriting.services.obligor_notices import prove_notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def credit(
    beijing, underwriter_xu, branch_wang, cashier_sun, chief_bai, chief_chen, director_zhao, at
):
    """A counter that sells credit insurance: the insured takes out the cover."""
    return open_counter(
        unit=beijing, maker=underwriter_xu, issuer=branch_wang, cashier=cashier_sun,
        drafter=chief_bai, reviewer=chief_chen, seller=director_zhao, at=at,
        policyholder="insured",
    )  # fmt: skip


@pytest.fixture
def then(monkeypatch, at):
    from core import clock

    monkeypatch.setattr(clock, "now", lambda: at)
    monkeypatch.setattr(clock, "today", at.date)


def proof():
    return "回执.pdf", io.BytesIO(plain_pdf())


def prove(counter, notice, **words):
    return prove_notice(
        **{
            "notice": notice, "notified_on": dt.date(2026, 3, 2), "how": "挂号信送达",
            "proof": proof(), "by": counter.maker, "at": counter.at, **words,
        }
    )  # fmt: skip


def open_work():
    return list(
        WorkItem.objects.filter(kind="obligor_notice", finished_at__isnull=True).values_list(
            "title", "due_at"
        )
    )


def test_PRE_02i_the_issue_demands_a_notice_with_a_clock(credit):
    policy = credit.issue()
    assert policy.policyholder is None
    notice = policy.obligor_notices.get()
    assert (notice.number, notice.insured) == (0, credit.lender)
    assert notice.due_on == timezone.localdate(credit.at) + dt.timedelta(days=15)
    ((title, due_at),) = open_work()
    assert title == policy.policy_no
    assert timezone.localdate(due_at) == notice.due_on + dt.timedelta(days=1)


def test_guarantee_insurance_demands_none(counter):
    counter.issue()
    assert not ObligorNotice.objects.exists()


def test_the_proof_ends_the_wait_and_is_given_once(credit):
    notice = credit.issue().obligor_notices.get()
    proven = prove(credit, notice)
    assert proven.proof.sha256
    assert open_work() == []
    with pytest.raises(WrongState):
        prove(credit, notice)


@pytest.mark.parametrize(
    "words", [{"how": " "}, {"notified_on": dt.date(2026, 3, 3)}], ids=["unsaid", "ahead"]
)
def test_a_proof_that_says_too_little_is_refused(credit, words):
    notice = credit.issue().obligor_notices.get()
    with pytest.raises(RuleBroken):
        prove(credit, notice, **words)
    assert len(open_work()) == 1


def test_a_stranger_proves_nothing(credit, stranger_gu):
    with pytest.raises(NotPermitted):
        prove(credit, credit.issue().obligor_notices.get(), by=stranger_gu)


def test_nobody_waits_for_notices_on_cover_that_ended(credit):
    policy = credit.issue()
    end_policy(
        action="settle", policy=policy, on=dt.date(2026, 5, 2), by=credit.issuer, at=credit.at,
        reason="提前结清",
    )  # fmt: skip
    assert open_work() == []


def test_COMMENT_02_a_change_of_insured_demands_one_more(counter):
    people = {"by": counter.drafter, "checker": counter.reviewer, "at": counter.at}
    other = licensed_lender(code="OTHER", name="另一家银行", **people)
    policy = counter.issue()
    endorsement = ask_endorsement(
        policy=policy,
        change=Change(
            kind="change_of_insured", effective_on=dt.date(2026, 5, 2), changes={},
            reason="债权转让", new_insured=other,
        ),
        by=counter.maker, at=counter.at, agreement=proof(),
    )  # fmt: skip
    decide_endorsement(endorsement=endorsement, is_approved=True, by=counter.issuer, at=counter.at)
    assert not policy.obligor_notices.exists()
    confirm_insured(
        endorsement=endorsement, confirmation="电话确认", by=counter.maker, at=counter.at
    )
    notice = policy.obligor_notices.get()
    assert (notice.number, notice.insured) == (1, other)


def test_the_page_lists_prints_and_takes_the_proof(credit, client, then):
    policy = credit.issue()
    client.force_login(credit.maker)
    page = client.get(reverse("desk:policy", args=[policy.pk])).content.decode()
    address = reverse("underwriting:notice_proof", args=[policy.pk, 0])
    letter = reverse("underwriting:endorsement_paper", args=[policy.pk, "demand", 0])
    assert "待提交证明" in page
    assert address in page
    assert letter in page
    paper = client.get(letter)
    assert b"".join(paper.streaming_content).startswith(b"%PDF")
    assert PolicyDocument.objects.get().kind == "demand"
    refused = client.post(address, {"notified_on": "2026-03-02", "how": "短信送达"})
    assert refused.status_code == 422
    assert "短信送达" in refused.content.decode()
    answer = client.post(
        address,
        {
            "notified_on": "2026-03-02", "how": "短信送达",
            "proof": SimpleUploadedFile("回执.pdf", plain_pdf(), "application/pdf"),
        },
    )  # fmt: skip
    assert answer.status_code == 302
    page = client.get(reverse("desk:policy", args=[policy.pk])).content.decode()
    assert "已告知" in page
    assert "短信送达" in page
    assert OBLIGOR.name not in page


def test_an_overdue_proof_is_said_on_the_page(credit, client, monkeypatch, at):
    from core import clock

    policy = credit.issue()
    client.force_login(credit.maker)
    monkeypatch.setattr(clock, "today", lambda: dt.date(2026, 3, 18))
    assert "逾期未提交" in client.get(reverse("desk:policy", args=[policy.pk])).content.decode()


def test_only_a_demanded_notice_has_its_letter(counter, client, then):
    policy = counter.issue()
    client.force_login(counter.maker)
    letter = reverse("underwriting:endorsement_paper", args=[policy.pk, "demand", 0])
    assert client.get(letter).status_code == 404
