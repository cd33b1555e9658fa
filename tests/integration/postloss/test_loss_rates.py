"""F3 on the page of the books: the book's claims over the retained exposure of month-ends."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from ledger.selectors import loss_rates
from organization.services import appoint_staff
from postloss.selectors.retained import retained_of_month
from tests.builders import Folder, close, load, loan, row
from tests.factories.book import part, posted

pytestmark = pytest.mark.django_db
D = Decimal
MAY, JUNE, JULY = (dt.date(2017, month, 1) for month in (5, 6, 7))
ENDS = {MAY: "2017-05-31", JUNE: "2017-06-30", JULY: "2017-07-31"}


@pytest.fixture
def folder(tmp_path):
    """Ten million owed at the end of May, eight at that of June."""
    folder = Folder(tmp_path)
    load(folder.loans(loan(principal="10000000")))
    for month, owed in ((MAY, "10000000"), (JUNE, "8000000")):
        said = row(as_of=ENDS[month], outstanding_principal=owed)
        load(folder.repayments(said, month=f"{month:%Y%m}"))
    close("2017-05", through="2017-06")
    return folder


@pytest.fixture
def sun(hq):
    return appoint_staff(
        username="sun", name="孙账", unit=hq, roles=["finance_officer"], password="sun-cast-2026!"
    )


def test_F3_divides_the_books_claims_by_the_mean_of_two_month_ends(folder, client, sun):
    posted("claim_approved", part(amount=120_000), on=JUNE)
    posted("claim_paid", part(amount=120_000), on=JUNE)
    posted("recovery_received", part(unrecognised=30_000), on=JUNE)
    posted("ceded_claim", part(amount=40_000), on=JUNE)
    rates = loss_rates(month=JUNE, staff=sun)
    assert (rates.exposure.before, rates.exposure.now) == (D(10_000_000), D(8_000_000))
    assert rates.mean == D(9_000_000)
    assert rates.ratios["alr_gross"].value == D(90_000) * 12 / D(9_000_000)
    assert rates.ratios["alr_month"].value == D(50_000) * 12 / D(9_000_000)
    client.force_login(sun)
    page = client.get(reverse("ledger:month_ratios", args=["2017-06"])).content.decode()
    assert "12.00%" in page  # the form's cell and the consistent one, gross
    assert "6.67%" in page
    assert "9,000,000.00" in page


def test_F3_is_not_told_where_the_month_end_is_open(folder, client, sun):
    posted("claim_paid", part(amount=10), on=JULY)
    assert retained_of_month(JULY) is None
    client.force_login(sun)
    page = client.get(reverse("ledger:month_ratios", args=["2017-07"])).content.decode()
    assert "月末尚未关账" in page


def test_F3_of_the_first_month_has_no_month_before(folder, sun):
    rates = loss_rates(month=MAY, staff=sun)
    assert rates.mean is None
    assert rates.ratios["alr_month"].value is None
    assert rates.ratios["alr_month"].reason_words == "上月尚未关账"


def test_F3_reads_the_version_before_that_was_frozen_with_the_month(folder):
    said = row(as_of=ENDS[MAY], outstanding_principal="9000000")
    load(
        folder.repayments(said, month="201705", name="repayment_201705_b.csv"), words=["--replace"]
    )
    close("2017-05", restate="更正")
    assert retained_of_month(JUNE).before == D(10_000_000)
    assert retained_of_month(JUNE).by_month == {MAY: D(9_000_000), JUNE: D(8_000_000)}


def test_the_exposure_leads_to_the_dashboard_for_those_who_may_see_it(folder, sun, hq):
    nobody = appoint_staff(username="wu", name="吴新", unit=hq, roles=[], password="wu-cast-2026!")
    assert loss_rates(month=JUNE, staff=nobody).url == ""
    assert loss_rates(month=JUNE, staff=sun).url.endswith("/dashboard/?month=2017-06")
