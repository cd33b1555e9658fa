"""Licences of lenders, and what is not issued without one. Source: PRE-02j, PRE-02k, PRE-02l."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import NotPermitted, RuleBroken, WrongState
from organization.models import WorkItem
from partners.models import FunderLicence
from partners.selectors import licences_on, why_no_funder
from partners.services import admit_lender, approve_licence, refuse_licence
from tests.conftest import AT
from tests.factories.partners import SINCE, licence_draft, licensed
from underwriting.models import Policy

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def lender(db):
    return admit_lender(code="L1", name="甲银行")


def open_work():
    return WorkItem.objects.filter(kind="licence_approval", finished_at=None).count()


def test_a_licence_counts_once_somebody_else_approved_it(lender, chief_bai, chief_chen):
    proposed = licensed(lender, by=chief_bai, checker=None, at=AT)
    assert open_work() == 1
    assert licences_on(lenders=[lender.pk], day=TODAY) == {}
    with pytest.raises(NotPermitted):
        approve_licence(licence=proposed, by=chief_bai, at=AT)
    approve_licence(licence=proposed, by=chief_chen, at=AT)
    assert open_work() == 0
    assert licences_on(lenders=[lender.pk], day=TODAY) == {lender.pk: proposed}
    assert why_no_funder(lender=lender, day=TODAY) == []
    assert why_no_funder(lender=lender, day=SINCE - dt.timedelta(days=1)) != []
    with pytest.raises(WrongState):
        refuse_licence(licence=proposed, by=chief_chen, at=AT, remark="x")


def test_a_refused_licence_says_why_and_licenses_nobody(lender, chief_bai, chief_chen):
    proposed = licensed(lender, by=chief_bai, checker=None, at=AT)
    with pytest.raises(RuleBroken):
        refuse_licence(licence=proposed, by=chief_chen, at=AT, remark=" ")
    refuse_licence(licence=proposed, by=chief_chen, at=AT, remark="批文不清")
    assert why_no_funder(lender=lender, day=TODAY) != []


def test_a_suspension_holds_from_its_day_and_the_past_stays_licensed(lender, chief_bai, chief_chen):
    words = {"by": chief_bai, "checker": chief_chen}
    licensed(lender, at=AT, **words)
    later = AT + dt.timedelta(days=1)
    licensed(lender, at=later, valid_from=TODAY, standing="suspended", **words)
    assert why_no_funder(lender=lender, day=TODAY - dt.timedelta(days=1)) == []
    [sentence] = why_no_funder(lender=lender, day=TODAY)
    assert "暂停" in sentence
    assert "PRE-02k" in sentence
    known = licences_on(lenders=[lender.pk], day=TODAY, known_at=AT)
    assert known[lender.pk].standing == "active"


def test_what_was_decided_is_never_edited_or_deleted(lender, chief_bai, chief_chen):
    licensed(lender, by=chief_bai, checker=chief_chen, at=AT)
    for change in (
        lambda: FunderLicence.objects.update(licence_no="x"),
        lambda: FunderLicence.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


# issuing


def relicensed(counter, **words):
    draft = {"valid_from": counter.at.date(), **words}
    return licensed(
        counter.lender, by=counter.drafter, checker=counter.reviewer, at=counter.at, **draft
    )


def test_PRE_02k_the_policy_keeps_the_licence_of_the_day_of_issue(counter):
    first = FunderLicence.objects.get()
    policy = counter.issue()
    assert policy.licence == first
    relicensed(counter, licence_no="NEW")
    assert Policy.objects.get().licence == first
    assert counter.issue().licence.licence_no == "NEW"


@pytest.mark.parametrize(
    ("words", "article"),
    [
        ({"standing": "revoked"}, "PRE-02k"),
        ({"valid_from": SINCE, "valid_to": dt.date(2026, 3, 2)}, "PRE-02k"),
        ({"funds_source": "entrusted"}, "PRE-02l"),
    ],
)
def test_PRE_02k_no_policy_is_issued_for_a_lender_that_is_no_funder_that_day(
    counter, words, article
):
    quote = counter.quote()
    relicensed(counter, **words)
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        counter.issue(quote)
    assert article in refusal.value.message
    assert "“资金方”" in refusal.value.message
    quote.refresh_from_db()
    assert (quote.status, Policy.objects.count()) == ("quoted", 0)


def test_PRE_02k_a_portfolio_of_an_unlicensed_lender_is_not_taken_on(counter):
    from underwriting.services.drafts import draft_of_quote
    from underwriting.services.issuing import write_policies

    draft = draft_of_quote(quote=counter.quote())
    with pytest.raises(RuleBroken, match="PRE-02k"):
        write_policies(
            drafts=[draft], key="x", by=None, at=counter.at, on=SINCE - dt.timedelta(days=1)
        )
    assert not Policy.objects.exists()


# pages


def form(**words):
    return {
        "funder_type": "micro_loan", "licence_no": "X-1", "issuer": "某省地方金融监管局",
        "standing": "active", "valid_from": "2020-01-01", "valid_to": "", "funds_source": "own",
        "declaration": "声明1号", "reason": "准入", **words,
    }  # fmt: skip


def test_a_licence_is_proposed_and_approved_on_its_pages(client, lender, officer_qian, chief_zheng):
    client.force_login(officer_qian)
    address = reverse("partners:licence_proposal", args=[lender.pk])
    assert client.get(address).status_code == 200
    wrong = client.post(address, form(valid_to="2019-01-01", issuer="某省局"))
    assert wrong.status_code == 422
    assert "某省局" in wrong.content.decode()
    assert client.post(address, form(funds_source="")).status_code == 422
    assert client.post(address, form()).status_code == 302
    licence = FunderLicence.objects.get()
    page = client.get(reverse("partners:licence", args=[licence.pk])).content.decode()
    assert 'name="decision"' not in page
    decision = reverse("partners:licence_decision", args=[licence.pk])
    assert client.post(decision, {"decision": "approve"}).status_code == 403
    client.force_login(chief_zheng)
    assert client.post(decision, {"decision": "refuse", "remark": ""}).status_code == 422
    assert client.post(decision, {"decision": "approve"}).status_code == 302
    text = client.get(reverse("partners:lender", args=[lender.pk])).content.decode()
    for words in ("X-1", "非银行机构", "地方监管", "合格资金方", "某省地方金融监管局"):
        assert words in text


def test_a_branch_sees_lenders_and_proposes_nothing(client, lender, branch_wang, system_han):
    client.force_login(branch_wang)
    text = client.get(reverse("partners:lenders")).content.decode()
    assert "甲银行" in text
    assert "非合格资金方" in text
    address = reverse("partners:licence_proposal", args=[lender.pk])
    assert client.post(address, form()).status_code == 403
    client.force_login(system_han)
    assert client.get(reverse("partners:lenders")).status_code == 403


def test_one_lender_and_three_cost_the_same_queries(client, chief_bai, chief_chen):
    client.force_login(chief_bai)
    counts = []
    for codes in (("L1",), ("L2", "L3")):
        for code in codes:
            lender = admit_lender(code=code, name=code)
            licensed(lender, by=chief_bai, checker=chief_chen, at=AT)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("partners:lenders"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_draft_of_a_licence_needs_its_words(lender, chief_bai):
    from partners.services import propose_licence

    with pytest.raises(RuleBroken) as refusal:
        propose_licence(
            lender=lender, draft=licence_draft(issuer=" "), reason="x", by=chief_bai, at=AT
        )
    assert refusal.value.field == "issuer"
