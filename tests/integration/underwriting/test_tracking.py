"""PRE-33c: what is known of a version in use, from policies, the book and month-ends."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ledger.enums import LedgerEvent
from ledger.services import Part, number_entries, post
from ledger.services.periods import close_period, prepare_closing
from postloss.models import MonthEnd, Snapshot
from products.models import ProductReview
from products.selectors import tracking_report
from tests.factories.portfolio_book import closed_book
from underwriting.models import Policy
from underwriting.services.endings import end_policy
from underwriting.services.premiums import set_unearned_premiums

pytestmark = pytest.mark.django_db
D = Decimal
MARCH, APRIL = dt.date(2026, 3, 1), dt.date(2026, 4, 1)


def claim(counter, policy, amount, *, on=dt.date(2026, 3, 20), **words):
    dims = {**policy.dimensions, "claim_no": f"C{policy.pk}", **words}
    for event in (LedgerEvent.CLAIM_APPROVED, LedgerEvent.CLAIM_PAID):
        post(
            event=event,
            on=on,
            parts=[Part(amounts={"amount": D(amount)}, **dims)],
            key=uuid.uuid4().hex,
            summary="理赔",
            by=None,
            at=counter.at,
        )


def close_march(counter, cashier, checker):
    set_unearned_premiums(month=MARCH, by=None, at=counter.at)
    number_entries()
    prepare_closing(month=MARCH, by=cashier, at=counter.at)
    close_period(month=MARCH, by=checker, at=counter.at)


def known(version, begin=MARCH, end=APRIL):
    report = tracking_report(version=version, period_from=begin, period_to=end)
    return report, {each.code: each.value for each in report.lines}


def test_a_version_is_known_by_its_policies_and_by_the_lines_of_the_book_that_name_them(
    counter, cashier_sun, chief_chen
):
    kept, gone = counter.issue(), counter.issue()
    end_policy(
        action="surrender", policy=gone, on=dt.date(2026, 3, 12), by=counter.issuer,
        at=counter.at, reason="客户申请",
    )  # fmt: skip
    claim(counter, kept, "900.00")
    close_march(counter, cashier_sun, chief_chen)
    report, figures = known(counter.version)
    net = sum(line.amount - line.vat for line in kept.instalments.all())
    assert (figures["policies"], figures["in_force"], figures["surrendered"]) == (2, 1, 1)
    assert figures["surrender_rate"] == D("0.5")
    assert figures["premium"] == 2 * net
    cancelled = sum((each.cancelled + each.refunded for each in gone.instalments.all()), D(0))
    assert 0 < figures["refunded"] < cancelled
    assert figures["claims"] == D("900.00")
    assert 0 < figures["earned"] < figures["premium"] - figures["refunded"]
    assert figures["loss_ratio"] == D("900.00") / figures["earned"]
    assert report.line("loss_ratio").verdict == "above"
    assert report.indicated == figures["loss_ratio"] / D("0.45") - 1
    assert figures["complaints"] is None
    assert figures["overdue_rate"] is None
    assert [(month, row["policies"]) for month, row in report.months] == [(MARCH, 2)]


def test_missing_is_not_zero_each_gap_says_why(counter, cashier_sun, chief_chen):
    policy = counter.issue()
    report, figures = known(counter.version)
    assert (figures["earned"], report.line("loss_ratio").reason) == (None, "books_open")
    assert figures["premium"] > 0
    report, figures = known(counter.version, MARCH, dt.date(2026, 3, 20))
    assert (figures["premium"], report.line("premium").reason) == (None, "part_months")
    claim(counter, policy, "5.00", policy_no="")
    close_march(counter, cashier_sun, chief_chen)
    report, figures = known(counter.version)
    assert (figures["claims"], report.line("claims").reason) == (None, "not_by_policy")
    report, figures = known(counter.version, MARCH, dt.date(2026, 5, 1))
    assert report.line("complaints").why == "系统尚无此项数据来源。"


def test_months_that_are_not_closed_are_left_out_and_said(counter, cashier_sun, chief_chen):
    policy = counter.issue()
    close_march(counter, cashier_sun, chief_chen)
    claim(counter, policy, "70.00", on=dt.date(2026, 4, 2))
    report, figures = known(counter.version, MARCH, dt.date(2026, 5, 1))
    assert (figures["claims"], figures["loss_ratio"]) == (0, 0)
    assert report.line("loss_ratio").reason == "open_months"


def test_the_overdue_rate_is_that_of_the_loans_under_the_version(
    counter, tmp_path, beijing, shanghai
):
    closed_book(tmp_path, beijing=beijing, shanghai=shanghai)
    end = MonthEnd.objects.order_by("-month", "-version").first()
    live = Snapshot.objects.filter(month_end=end, balance_fen__gt=0)
    good = live.filter(bucket=0).order_by("loan_id").first()
    late = live.filter(bucket__in=[1, 2, 3]).order_by("loan_id").first()
    for each in (good, late):
        Policy.objects.filter(pk=counter.issue().pk).update(loan_id=each.loan_id)
    after = (end.month + dt.timedelta(days=32)).replace(day=1)
    _report, figures = known(counter.version, end.month, after)
    assert figures["overdue_rate"] == D(late.balance_fen) / (good.balance_fen + late.balance_fen)
    report, figures = known(counter.version, after, APRIL)
    assert (figures["overdue_rate"], report.line("overdue_rate").reason) == (None, "no_loans")


def page(client, who, version, query="?since=2026-03&until=2026-03"):
    client.force_login(who)
    return client.get(reverse("products:tracking", args=[version.pk]) + query)


def test_the_page_shows_figures_beside_what_the_price_assumes_and_drafts_the_review(
    client, counter, cashier_sun, chief_chen, chief_bai, branch_wang
):
    policy = counter.issue()
    claim(counter, policy, "900.00")
    close_march(counter, cashier_sun, chief_chen)
    text = page(client, chief_bai, counter.version).content.decode()
    for words in ("劣于假设", "45.00%", "精算报告第3章", "900.00", "系统尚无此项数据来源。"):
        assert words in text
    assert page(client, branch_wang, counter.version).status_code == 403
    assert (
        page(client, chief_bai, counter.version, "?since=2026-05&until=2026-03").status_code == 422
    )
    sent = {"period_from": MARCH, "period_to": APRIL, "decision": "keep"}
    place = reverse("products:review_create", args=[counter.version.pk])
    assert client.post(place, sent).status_code == 422
    assert client.post(place, {**sent, "reason": "赔付偏高，继续观察"}).status_code == 302
    review = ProductReview.objects.get()
    assert {each["code"]: each["value"] for each in review.figures}["claims"] == "900.00"
    listed = client.get(reverse("products:reviews")).content.decode()
    assert "劣于假设" in listed


def test_the_page_asks_as_often_for_three_policies_as_for_one(client, counter, chief_bai):
    counter.issue()
    page(client, chief_bai, counter.version)
    with CaptureQueriesContext(connection) as one:
        page(client, chief_bai, counter.version)
    counter.issue()
    counter.issue()
    with CaptureQueriesContext(connection) as three:
        page(client, chief_bai, counter.version)
    assert len(three) == len(one)
