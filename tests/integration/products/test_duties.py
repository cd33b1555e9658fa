"""PRE-33a: who does what for a product; PRE-33c: reviews fall due and go to whoever answers."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import NotPermitted, RuleBroken
from organization.models import Post, PostHolding, WorkItem
from organization.services.awaiting import everything_that_waits_is_work
from products.enums import Activity, DutyKind
from products.models import Duty, DutySet, ReviewDue
from products.selectors import duties_on, duty_table
from products.services import decide_review, draft_review, open_due_reviews, put_on_sale
from products.tasks import open_reviews
from tests.factories.products import DAY, draft, duty_lines, give_duties

AFTER_A_YEAR = dt.date(2027, 3, 5)
LATER = dt.datetime(2027, 3, 5, 9, tzinfo=dt.UTC)


@contextmanager
def past_triggers():
    """Do what no service can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def hold(person, code, at):
    post = Post.objects.get(code=code)
    return PostHolding.objects.create(staff=person, post=post, valid_from=DAY, entered_at=at)


def test_PRE33a_no_product_goes_on_sale_for_which_nobody_answers(house):
    version = house.approved()
    with past_triggers():
        Duty.objects.all().delete()
        DutySet.objects.all().delete()
    with pytest.raises(RuleBroken, match="PRE-33a") as refusal:
        put_on_sale(version=version, by=house.seller, at=house.at)
    assert refusal.value.code == "duties_missing"
    give_duties(version.product, by=house.drafter, at=house.at, valid_from=dt.date(2026, 3, 3))
    with pytest.raises(RuleBroken, match="PRE-33a"):
        put_on_sale(version=version, by=house.seller, at=house.at)
    give_duties(version.product, by=house.drafter, at=house.at, valid_from=DAY)
    assert put_on_sale(version=version, by=house.seller, at=house.at).status == "on_sale"


def test_exactly_one_post_answers_for_each_activity_and_somebody_does_it(house, hq):
    product = draft(by=house.drafter, at=house.at).product
    lines = duty_lines()
    with pytest.raises(RuleBroken, match="PRE-33a") as refusal:
        give_duties(product, by=house.drafter, at=house.at, lines=lines[1:-1])
    assert [(each.code, each.values["activity"]) for each in refusal.value.context["findings"]] == [
        ("duty_nobody_answers", "design"), ("duty_nobody_does", "review"),
    ]  # fmt: skip
    with pytest.raises(NotPermitted):
        give_duties(product, by=house.seller, at=house.at)
    with pytest.raises(RuleBroken):
        give_duties(product, by=house.drafter, at=house.at, reason=" ")
    made = give_duties(product, by=house.drafter, at=house.at)
    answers = {"activity": Activity.SALE, "kind": DutyKind.ACCOUNTABLE}
    for wrong in ({"unit": hq}, {"post": Post.objects.get(code="actuary")}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Duty.objects.create(duty_set=made, **answers, **wrong)
    with pytest.raises(IntegrityError, match="PRE-33a"), transaction.atomic():
        Duty.objects.filter(duty_set=made).delete()


def test_duties_are_dated_and_the_newest_that_has_begun_holds(house):
    product = draft(by=house.drafter, at=house.at).product
    assert duties_on(product=product, on=DAY) is None
    first = give_duties(product, by=house.drafter, at=house.at, valid_from=DAY)
    second = give_duties(
        product, by=house.drafter, at=house.at, valid_from=DAY + dt.timedelta(days=9)
    )
    assert duties_on(product=product, on=DAY) == first
    assert duties_on(product=product, on=DAY + dt.timedelta(days=9)) == second
    assert duty_table(duties=second)[0] == ("产品设计", ["产品负责人岗", "产品开发岗", "", ""])


def test_PRE33c_a_review_falls_due_and_waits_for_whoever_answers(house):
    version = house.on_sale()
    hold(house.drafter, "product_owner", house.at)
    assert open_due_reviews(as_of=dt.date(2027, 2, 28), at=LATER) == []
    (due,) = open_due_reviews(as_of=AFTER_A_YEAR, at=LATER)
    assert (due.period_from, due.period_to) == (dt.date(2026, 3, 1), dt.date(2027, 3, 1))
    assert due.due_on == dt.date(2027, 4, 4)
    assert open_due_reviews(as_of=AFTER_A_YEAR, at=LATER) == []
    item = WorkItem.objects.get(kind="product_review_due", finished_at=None)
    assert (item.holder, item.url) == (
        house.drafter, f"/products/versions/{version.pk}/tracking/?since=2026-03&until=2027-02",
    )  # fmt: skip
    review = draft_review(
        version=version, period_from=due.period_from, period_to=due.period_to, decision="keep",
        reason="正常", by=house.drafter, at=LATER,
    )  # fmt: skip
    due.refresh_from_db()
    assert due.review == review
    assert not WorkItem.objects.filter(kind="product_review_due", finished_at=None).exists()
    decide_review(review=review, is_confirmed=False, by=house.reviewer, at=LATER, remark="数据不全")
    due.refresh_from_db()
    assert due.review is None
    assert WorkItem.objects.filter(kind="product_review_due", finished_at=None).count() == 1
    assert everything_that_waits_is_work(LATER).bad == []


def test_a_vacant_post_or_one_who_may_not_leaves_the_review_to_the_team(house):
    house.on_sale()
    hold(house.seller, "product_owner", house.at)  # may not draft a review
    open_due_reviews(as_of=AFTER_A_YEAR, at=LATER)
    item = WorkItem.objects.get(kind="product_review_due")
    assert (item.holder, item.permission) == (None, "edit_products")


def test_the_beat_opens_what_is_due(house):
    house.on_sale(valid_from=dt.date(2024, 3, 2), filed_on=dt.date(2024, 1, 1))
    open_reviews()
    assert ReviewDue.objects.count() == 1
