"""Treaties: proposed by one person, approved by another, never edited."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from core.selectors import audit_of
from organization.models import WorkItem
from tests.conftest import AT
from tests.factories.cessions import draft, reinsurer, surplus, treaty
from underwriting.models import Treaty, TreatyShare
from underwriting.services.treaties import (
    approve_treaty,
    enter_reinsurer,
    propose_treaty,
    refuse_treaty,
)

pytestmark = pytest.mark.django_db
D = Decimal


def test_a_proposed_treaty_waits_for_another_and_is_then_in_force(chief_bai, chief_chen):
    proposed = treaty(draft(), by=chief_bai)
    [item] = WorkItem.objects.filter(kind="treaty_approval", finished_at=None)
    assert item.subject_id == str(proposed.pk)
    approved = approve_treaty(treaty=proposed, by=chief_chen, at=AT, remark="同意")
    item.refresh_from_db()
    assert (approved.status, approved.decided_by, item.outcome) == (
        "approved",
        chief_chen,
        "approved",
    )
    actions = {
        each.action for each in audit_of(object_type="underwriting.treaty", object_id=approved.pk)
    }
    assert actions == {"underwriting.treaty_proposed", "underwriting.treaty_approved"}
    with pytest.raises(WrongState):
        approve_treaty(treaty=proposed, by=chief_chen, at=AT)


def test_whoever_proposes_does_not_approve(chief_bai, chief_chen):
    with pytest.raises(NotPermitted):
        treaty(draft(), by=chief_chen)
    proposed = treaty(draft(), by=chief_bai)
    with pytest.raises(NotPermitted):
        approve_treaty(treaty=proposed, by=chief_bai, at=AT)
    proposed.decided_by, proposed.decided_at, proposed.status = chief_bai, AT, "approved"
    with pytest.raises(IntegrityError, match="treaty_maker_is_not_checker"), transaction.atomic():
        proposed.save()


def test_a_refusal_says_why(chief_bai, chief_chen):
    proposed = treaty(draft(), by=chief_bai)
    with pytest.raises(RuleBroken) as refusal:
        refuse_treaty(treaty=proposed, by=chief_chen, at=AT, remark=" ")
    assert refusal.value.code == "remark_missing"
    assert (
        refuse_treaty(treaty=proposed, by=chief_chen, at=AT, remark="手续费偏低").status
        == "refused"
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"valid_to": dt.date(2026, 1, 1)}, "treaty_dates"),
        ({"fraction": None}, "treaty_terms"),
        ({"fraction": D("1.01")}, "treaty_terms"),
        ({"fraction": D(0)}, "treaty_terms"),
        ({"retention": D(5)}, "treaty_terms"),
        ({"kind": "surplus"}, "treaty_terms"),
        ({"kind": "excess_of_loss", "fraction": None, "retention": D(5)}, "treaty_terms"),
        ({"commission_rate": D(1)}, "treaty_commission"),
    ],
)
def test_unsound_terms_are_refused(chief_bai, words, code):
    with pytest.raises(RuleBroken) as refusal:
        treaty(draft(**words), by=chief_bai)
    assert refusal.value.code == code


@pytest.mark.parametrize("parts", [("0.6", "0.39"), ("0.6", "0.41"), ("1", "0")])
def test_shares_that_do_not_sum_to_one_are_refused(chief_bai, parts):
    shares = {reinsurer(): D(parts[0]), reinsurer("远东再保险"): D(parts[1])}
    with pytest.raises(RuleBroken) as refusal:
        treaty(draft(), by=chief_bai, shares=shares)
    assert refusal.value.code == "treaty_shares"


def test_the_database_sums_the_shares_and_keeps_what_was_decided(chief_bai, chief_chen):
    approved = treaty(draft(), by=chief_bai, checker=chief_chen)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS treaty_shares_sum_to_one IMMEDIATE")
    for change in (
        lambda: Treaty.objects.filter(pk=approved.pk).update(fraction=D("0.5")),
        lambda: TreatyShare.objects.filter(treaty=approved).update(share=D("0.5")),
        lambda: TreatyShare.objects.filter(treaty=approved).delete(),
        lambda: TreatyShare.objects.create(
            treaty=approved, reinsurer=reinsurer("第三再保险"), share=D("0.1")
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="sum to"), transaction.atomic():
        Treaty.objects.create(
            code="X", name="X", kind="quota_share", basis="risk_attaching", fraction=D("0.5"),
            valid_from=dt.date(2026, 1, 1), valid_to=dt.date(2027, 1, 1), commission_rate=0,
            reason="x", proposed_at=AT,
        )  # fmt: skip


def test_a_reinsurer_is_entered_once_and_valid_on_the_first_day(chief_bai):
    known = reinsurer()
    with pytest.raises(Conflict):
        enter_reinsurer(
            name=known.name, registration_no="other", rating="A", valid_from=dt.date(2020, 1, 1),
            by=chief_bai, at=AT,
        )  # fmt: skip
    early = draft(valid_from=dt.date(2014, 1, 1))
    with pytest.raises(RuleBroken) as refusal:
        treaty(early, by=chief_bai, shares={known: D(1)})
    assert refusal.value.code == "reinsurer_not_valid"


def test_quota_shares_that_cede_more_than_the_whole_together_are_not_approved(
    chief_bai, chief_chen
):
    treaty(draft(fraction=D("0.6")), by=chief_bai, checker=chief_chen)
    treaty(surplus(), by=chief_bai, checker=chief_chen)
    with pytest.raises(RuleBroken) as refusal:
        treaty(draft("Q2", fraction=D("0.41")), by=chief_bai, checker=chief_chen)
    assert refusal.value.code == "treaty_too_much"
    assert treaty(draft("Q3", fraction=D("0.4")), by=chief_bai, checker=chief_chen).pk


def test_a_code_is_taken_once(chief_bai):
    treaty(draft(), by=chief_bai)
    with pytest.raises(Conflict):
        treaty(draft(), by=chief_bai)
    with pytest.raises(RuleBroken):
        propose_treaty(draft=draft("Z"), shares={reinsurer(): D(1)}, reason="", by=chief_bai, at=AT)
