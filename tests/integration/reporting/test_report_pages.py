"""The pages of the quarterly report."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from core.models import Job
from postloss.selectors.snapshot_loans import BASIS_DIFFERS
from postloss.selectors.snapshot_loans import BUCKETS as LOAN_BUCKETS
from reporting.models import QuarterlyReport
from reporting.services import draft_report, keep_pack
from reporting.views import links
from tests.conftest import AT
from tests.integration.reporting.conftest import BOOK, F1_F2, Q2

PAGE = ("2017Q2", 1)


@pytest.fixture
def report(quarter, bring_finance, manager_lin, at):
    bring_finance(dt.date(2017, 6, 1), F1_F2)
    report = draft_report(quarter=quarter, by=manager_lin, at=at)
    keep_pack(report=report, by=manager_lin, at=at)
    return report


def _get(client, person, name, *args):
    client.force_login(person)
    return client.get(reverse(f"reporting:{name}", args=args))


def test_every_figure_leads_to_its_slice(client, report, manager_lin):
    page = html.unescape(_get(client, manager_lin, "report", *PAGE).content.decode())
    june = reverse("postloss:snapshot_loans", args=["2017-06"])
    assert f'href="{june}?version=1&bucket=m1">18,800,000.00<' in page
    assert f'href="{june}?version=1&dimension=branch&value=FL&bucket=m1">11,280,000.00<' in page
    assert f'href="{june}?version=1&bucket=m1">2.00%<' in page
    assert f'href="{reverse("ledger:month", args=["2017-06"])}">77.50%<' in page


def test_links_use_the_words_of_the_loan_list():
    assert set(links.BUCKETS.values()) <= {*LOAN_BUCKETS, BASIS_DIFFERS}


def test_an_undefined_figure_is_a_dash_with_its_reason(client, report, manager_lin):
    client.force_login(manager_lin)
    client.cookies["django_language"] = "en"
    page = client.get(reverse("reporting:report", args=PAGE)).content.decode()
    assert "The month before is not closed" in page


def test_the_dimension_is_chosen_in_the_address(client, report, manager_lin):
    client.force_login(manager_lin)
    address = reverse("reporting:report", args=PAGE)
    assert "value=2016Q4" in client.get(f"{address}?by=vintage").content.decode()
    assert client.get(f"{address}?by=nonsense").status_code == 200


def test_steps_are_offered_to_those_who_may_take_them(
    client, report, manager_lin, chief_chen, director_zhao
):
    review, release = (reverse(f"reporting:{name}", args=PAGE) for name in ("review", "release"))
    page = reverse("reporting:report", args=PAGE)
    for person, action in ((manager_lin, None), (director_zhao, None), (chief_chen, review)):
        client.force_login(person)
        shown = client.get(page).content.decode()
        assert (review in shown) == (action == review)
    assert client.post(review, {"remark": "数字已核对"}).status_code == 302
    client.force_login(director_zhao)
    assert release in client.get(page).content.decode()
    assert client.post(release, {"remark": "同意"}).status_code == 302
    shown = client.get(page).content.decode()
    for word in ("林风", "陈衡", "赵越", "数字已核对", "同意"):
        assert word in shown
    assert client.post(release).status_code == 409


def test_a_step_without_the_right_is_refused(client, report, manager_lin):
    client.force_login(manager_lin)
    assert client.post(reverse("reporting:review", args=PAGE)).status_code == 403


def test_a_restated_month_is_pointed_out_and_the_old_figures_stay(
    client, report, closer, manager_lin
):
    before = _get(client, manager_lin, "report", *PAGE).content.decode()
    assert "v1 → v2" not in before
    closer.close(dt.date(2017, 6, 1), ("1", "2", "3", "4", "5"), reason="资金方更正了六月")
    page = _get(client, manager_lin, "report", *PAGE).content.decode()
    assert "资金方更正了六月" in page
    assert "→ v2" in page
    assert "990,000,000.00" in page
    assert "10,000,000.00" in page


def test_the_pdf_opens_and_the_others_are_saved(client, report, manager_lin):
    kept = set(report.files.values_list("name", flat=True))
    if "report.pdf" in kept:
        pdf = _get(client, manager_lin, "file", *PAGE, "report.pdf")
        assert pdf["Content-Type"] == "application/pdf"
        assert pdf["Content-Disposition"].startswith("inline")
        assert pdf.getvalue().startswith(b"%PDF")
    figures = _get(client, manager_lin, "file", *PAGE, "figures.csv")
    assert figures["Content-Disposition"].startswith("attachment")
    assert figures["X-Content-Type-Options"] == "nosniff"
    assert figures.getvalue().startswith(b"code,period,dimension")
    assert _get(client, manager_lin, "file", *PAGE, "secrets.txt").status_code == 404


def test_drafting_in_the_browser_is_a_job(client, quarter, manager_lin):
    client.force_login(manager_lin)
    answer = client.post(reverse("reporting:draft"), {"quarter": "2017Q2"})
    job = Job.objects.get(kind="quarterly_report")
    assert answer.url == reverse("desk:job", args=[job.pk])
    again = client.post(reverse("reporting:draft"), {"quarter": "2017Q2"})
    assert again.url == answer.url
    assert not QuarterlyReport.objects.exists()


def test_drafting_an_open_quarter_or_without_the_right_is_refused(
    client, quarter, manager_lin, chief_chen
):
    client.force_login(manager_lin)
    address = reverse("reporting:draft")
    assert client.post(address, {"quarter": "2017Q3"}).status_code == 422
    assert client.post(address, {"quarter": "x"}).status_code == 422
    client.force_login(chief_chen)
    assert client.post(address, {"quarter": "2017Q2"}).status_code == 403


def test_people_outside_the_head_office_find_nothing(client, report, branch_wang):
    assert _get(client, branch_wang, "reports").status_code == 404
    assert _get(client, branch_wang, "report", *PAGE).status_code == 404
    assert _get(client, branch_wang, "file", *PAGE, "figures.csv").status_code == 404
    assert client.post(reverse("reporting:review", args=PAGE)).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get(reverse("reporting:reports")).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client, quarter, manager_lin, number, django_assert_num_queries
):
    for _ in range(number):
        draft_report(quarter=quarter, by=manager_lin, at=AT)
    _get(client, manager_lin, "reports")
    with django_assert_num_queries(7):
        page = client.get(reverse("reporting:reports"))
    assert page.content.decode().count("/reports/2017Q2/") == number


@pytest.mark.parametrize("branches", [1, 3])
def test_a_report_asks_the_same_number_of_questions(
    client, closer, manager_lin, branches, django_assert_num_queries
):
    for month in BOOK:
        closer.close(month, branches=[(f"B{index}", "0.1") for index in range(branches)])
    draft_report(quarter=Q2, by=manager_lin, at=AT)
    _get(client, manager_lin, "report", *PAGE)
    with django_assert_num_queries(17):
        client.get(reverse("reporting:report", args=PAGE))
