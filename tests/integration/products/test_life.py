"""A version from its draft to its sale: who does what, and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotPermitted, RuleBroken, WrongState
from organization.models import Resolution, WorkItem
from organization.services.resolutions import cast_vote
from products.models import ProductVersion
from products.selectors import price, sellable_version, tariff_rate
from products.services import (
    change_terms,
    enter_product,
    mark_sold,
    put_on_sale,
    revise_version,
    set_tariff,
    stop_version,
    submit_version,
    terms_of,
)
from tests.factories.products import (
    CELLS,
    DAY,
    TERMS,
    complete,
    draft,
    loan,
    product_committee,
    vote,
)


def test_a_version_goes_from_draft_over_the_committee_on_sale(house):
    version = house.on_sale()
    assert version.status == "on_sale"
    assert version.resolution.outcome == "passed"
    assert sellable_version(product_code="AUTO", on=DAY) == version
    assert version.clauses_sha256 == version.clauses_file.sha256


def test_PRE33b_a_version_no_committee_passed_never_goes_on_sale(house):
    version = draft(by=house.drafter, at=house.at)
    complete(version, by=house.drafter, checker=house.reviewer, at=house.at)
    with pytest.raises(WrongState, match="PRE-33b"):
        put_on_sale(version=version, by=house.seller, at=house.at)
    with pytest.raises(IntegrityError, match="from draft to on_sale"), transaction.atomic():
        ProductVersion.objects.filter(pk=version.pk).update(status="on_sale")


def test_a_rejected_version_is_a_draft_again(house):
    version = draft(by=house.drafter, at=house.at)
    complete(version, by=house.drafter, checker=house.reviewer, at=house.at)
    committee = product_committee(
        by=house.drafter, checker=house.reviewer, seats=[house.reviewer, house.seller], at=house.at
    )
    vote(
        version, committee, by=house.drafter, voters=[house.reviewer, house.seller], at=house.at,
        choice="against",
    )  # fmt: skip
    assert version.status == "draft"
    assert version.resolution is None


def test_without_a_quorum_it_stays_before_the_committee_and_is_put_again(house):
    version = draft(by=house.drafter, at=house.at)
    complete(version, by=house.drafter, checker=house.reviewer, at=house.at)
    committee = product_committee(
        by=house.drafter, checker=house.reviewer, seats=[house.reviewer, house.seller], at=house.at
    )
    vote(version, committee, by=house.drafter, voters=[house.reviewer], at=house.at)
    assert version.status == "in_review"
    vote(version, committee, by=house.drafter, voters=[house.reviewer, house.seller], at=house.at)
    assert version.status == "approved"


def test_whoever_drafted_a_version_does_not_vote_on_it(house):
    version = draft(by=house.drafter, at=house.at)
    complete(version, by=house.drafter, checker=house.reviewer, at=house.at)
    committee = product_committee(
        by=house.drafter, checker=house.reviewer, seats=[house.reviewer, house.seller], at=house.at
    )
    committee.members.filter(person=house.seller).update(person=house.drafter)
    put = submit_version(
        version=version, committee=committee, meeting="1", held_on=DAY, by=house.drafter,
        at=house.at,
    )  # fmt: skip
    with pytest.raises(NotPermitted, match=r"does not decide|不得|不能") as refusal:
        cast_vote(resolution=put, choice="for", by=house.drafter, at=house.at)
    assert refusal.value.code == "maker_is_checker"
    asked = WorkItem.objects.filter(kind="committee_vote", finished_at__isnull=True)
    assert set(asked.values_list("holder__username", flat=True)) == {house.reviewer.username}


def test_an_incomplete_draft_names_everything_it_lacks(house):
    version = draft(by=house.drafter, at=house.at, waiting_days=None, filing_no="")
    committee = product_committee(
        by=house.drafter, checker=house.reviewer, seats=[house.reviewer], at=house.at
    )
    with pytest.raises(RuleBroken, match="PRE-34a") as refusal:
        submit_version(
            version=version, committee=committee, meeting="1", held_on=DAY, by=house.drafter,
            at=house.at,
        )  # fmt: skip
    assert [each.code for each in refusal.value.context["findings"]] == [
        "filing", "clauses", "rates", "waiting_days", "assumptions", "tariff", "formula",
    ]  # fmt: skip
    assert not Resolution.objects.exists()


def test_PRE34a_a_sold_version_is_never_changed_by_a_service_or_past_it(house):
    version = house.on_sale()
    mark_sold(version=version, at=house.at)
    version.refresh_from_db()
    assert version.sold_at == house.at
    with pytest.raises(WrongState, match="PRE-34a"):
        change_terms(
            version=version, revision=version.revision, terms=TERMS, by=house.drafter, at=house.at
        )
    with pytest.raises(WrongState, match="PRE-34a"):
        set_tariff(version=version, cells=CELLS, by=house.drafter, at=house.at)
    one = ProductVersion.objects.filter(pk=version.pk)
    for change in (
        {"waiting_days": 1},
        {"status": "draft"},
        {"sold_at": None},
        {"valid_from": DAY - dt.timedelta(days=1)},
        {"claimants": ["insured", "obligor"]},
    ):
        with pytest.raises(IntegrityError, match=r"PRE-34a|insured_alone"), transaction.atomic():
            one.update(**change)
    for rows in (version.tariff, version.formulas):
        with pytest.raises(IntegrityError, match="PRE-3"), transaction.atomic():
            rows.all().delete()
    with pytest.raises(IntegrityError, match="PRE-34a"), transaction.atomic():
        version.tariff.update(rate=Decimal("0.5"))
    with pytest.raises(IntegrityError, match="PRE-34a"), transaction.atomic():
        one.update(status="stopped", waiting_days=3, stopped_at=house.at)
    stop_version(version=version, by=house.seller, at=house.at, reason="赔付率过高")
    version.refresh_from_db()
    assert version.status == "stopped"
    with pytest.raises(RuleBroken, match="PRE-34a"):
        sellable_version(product_code="AUTO", on=DAY)


def test_only_what_is_on_sale_can_be_sold(house):
    version = house.approved()
    with pytest.raises(WrongState, match="PRE-34a"):
        mark_sold(version=version, at=house.at)
    watched = enter_product(name="车贷", valid_from=DAY)
    assert watched.status == "watched"
    with pytest.raises(RuleBroken, match="PRE-34a"):
        sellable_version(product_code="车贷", on=DAY)
    with (
        pytest.raises(IntegrityError, match="watched version can never be sold"),
        transaction.atomic(),
    ):
        ProductVersion.objects.filter(pk=watched.pk).update(status="draft")


def test_the_next_version_takes_over_on_its_day(house):
    first = house.on_sale()
    mark_sold(version=first, at=house.at)
    later = DAY + dt.timedelta(days=30)
    second = revise_version(version=first, valid_from=later, by=house.drafter, at=house.at)
    assert second.number == 2
    assert second.tariff.count() == first.tariff.count() == 8
    change_terms(
        version=second,
        revision=second.revision,
        terms=TERMS.__class__(**{**vars(terms_of(second)), "filing_kind": "filed",
                                 "filing_no": "002", "filed_on": DAY}),
        by=house.drafter,
        at=house.at,
    )  # fmt: skip
    complete(second, by=house.drafter, checker=house.reviewer, at=house.at)
    committee = first.resolution.committee
    vote(second, committee, by=house.drafter, voters=[house.reviewer, house.seller], at=house.at)
    put_on_sale(version=second, by=house.seller, at=house.at)
    first.refresh_from_db()
    assert first.valid_to == later
    assert sellable_version(product_code="AUTO", on=later - dt.timedelta(days=1)) == first
    assert sellable_version(product_code="AUTO", on=later) == second


def test_PRE34c_nobody_but_the_insured_is_ever_a_claimant(house):
    with pytest.raises(RuleBroken, match="PRE-34c"):
        draft(by=house.drafter, at=house.at, claimants=("insured", "partner"))
    version = draft(by=house.drafter, at=house.at)
    with pytest.raises(IntegrityError, match="insured_alone"), transaction.atomic():
        ProductVersion.objects.filter(pk=version.pk).update(claimants=["partner"])


def test_HQ33_the_order_of_allocation_names_each_debt_once(house):
    with pytest.raises(RuleBroken, match="HQ-33"):
        draft(by=house.drafter, at=house.at, allocation_order=("costs", "principal"))


def test_PRE36c_declining_goes_with_the_opening_outstanding(house):
    with pytest.raises(RuleBroken, match="PRE-36c"):
        draft(by=house.drafter, at=house.at, sum_insured_basis="principal")


def test_the_cell_of_a_loan_is_found_and_nothing_is_guessed(house):
    version = house.on_sale()
    cell = tariff_rate(version=version, grade="B", term=12, ltv=Decimal("0.6"), channel="x")
    assert (cell.ltv_from, cell.ltv_to, cell.rate) == (0, Decimal("0.6"), Decimal("0.024"))
    for words in ({"grade": None}, {"ltv": None}):
        with pytest.raises(RuleBroken, match="PRE-34b") as refusal:
            tariff_rate(
                version=version, term=12, channel="x",
                **{"grade": "B", "ltv": Decimal("0.6"), **words},
            )  # fmt: skip
        assert refusal.value.code == "fact_unknown"
    with pytest.raises(RuleBroken, match="PRE-34b"):
        tariff_rate(version=version, grade="B", term=37, ltv=Decimal("0.6"), channel="x")


def test_PRE34b_cells_that_overlap_are_refused_those_of_any_grade_included(house):
    version = draft(by=house.drafter, at=house.at)
    for change in ({}, {"grade": "*"}, {"channel": "dealer"}, {"ltv_from": None, "ltv_to": None}):
        with pytest.raises(RuleBroken, match="PRE-34b"):
            set_tariff(
                version=version, cells=[*CELLS, {**CELLS[0], **change}], by=house.drafter,
                at=house.at,
            )  # fmt: skip
    assert not version.tariff.exists()


def test_what_waits_is_told_to_whoever_may_do_it(house):
    version = house.approved()
    item = WorkItem.objects.get(kind="product_sale")
    assert item.subject_id == str(version.pk)
    assert item.finished_at is None
    put_on_sale(version=version, by=house.seller, at=house.at)
    item.refresh_from_db()
    assert item.finished_at == house.at
    assert price(version=version, terms=loan()).findings == ()
