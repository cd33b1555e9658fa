"""The register of month-ends, the difference report, and closing a month from the page."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import jobs
from core.models import Job
from postloss.models import MonthEnd
from tests.builders import load, row
from tests.factories.portfolio_book import CANARY, MONTHS, closed_book, correct_july

pytestmark = pytest.mark.django_db
LIST, JULY = "/month-ends/", "/month-ends/2017-07/"
CLOSING = "/month-ends/2017-07/closing/"


@pytest.fixture
def book(tmp_path, beijing, shanghai):
    return closed_book(tmp_path, beijing=beijing, shanghai=shanghai)


@pytest.fixture
def restated(book):
    correct_july(book)
    return book


def test_the_register_shows_versions_reasons_and_the_own_units_figures(
    client, restated, branch_wang, manager_lin
):
    client.force_login(branch_wang)
    answer = client.get(LIST)
    lines = answer.context["page"].object_list
    shown = [(each.month_end.month.month, each.month_end.version, each.loans) for each in lines]
    assert shown == [(7, 2, 5), (7, 1, 5), (6, 1, 8), (5, 1, 8)]
    text = answer.content.decode()
    assert "甲银行更正七月" in text
    assert "171,001.10" in text
    client.force_login(manager_lin)
    assert "316,680.09" in client.get(LIST).content.decode()
    assert "316,680.09" not in text


def test_head_office_is_told_of_files_that_came_later(client, book, manager_lin, branch_wang):
    load(book.repayments(row("B1", as_of=MONTHS["2017-07"], outstanding_principal="1"),
                         month="201707", tail="_b"))  # fmt: skip
    client.force_login(manager_lin)
    assert [each.later_files for each in client.get(LIST).context["page"]] == [1, 0, 0]
    files = client.get(JULY).context["files"]
    assert [each.counted for each in files] == [True, False]
    client.force_login(branch_wang)
    assert client.get(JULY).context["files"] is None
    assert "repayment_201707" not in client.get(JULY).content.decode()


def test_a_version_names_the_versions_of_its_denominators(client, restated, manager_lin):
    client.force_login(manager_lin)
    text = client.get(JULY).content.decode()
    assert "/month-ends/2017-06/?version=1" in text
    assert "/month-ends/2017-05/?version=1" in text
    first = client.get("/month-ends/2017-05/").context["denominators"]
    assert [end for _, end in first] == [None, None]


def test_the_difference_report_lists_what_changed(client, restated, manager_lin):
    client.force_login(manager_lin)
    context = client.get(JULY).context
    changes = {each.loan_no: each for each, *_ in context["changes"]}
    assert {number: each.kind for number, each in changes.items()} == {
        "B1": "balance", "B5": "bucket", f"{CANARY}1": "bucket",
    }  # fmt: skip
    assert str(changes["B1"].difference) == "-1000.10"
    assert (changes["B5"].before_bucket, changes["B5"].after_bucket) == (0, 1)
    names = [pair.name for pair, *_ in context["pairs"]]
    assert names == ["", "上海", "北京"]
    only = client.get(JULY, {"kind": "balance"}).context
    assert ([each.loan_no for each, *_ in only["changes"]], only["changed"]) == (["B1"], 3)
    assert client.get(JULY, {"version": "1"}).context["before"] is None


def test_loans_that_came_or_went_are_told_apart(client, book, manager_lin):
    lines = [row(name, as_of=MONTHS["2017-07"]) for name in ("B1", "B6")]
    load(book.repayments(*lines, month="201707", tail="_all"), words=["--replace"])
    client.force_login(manager_lin)
    client.post(CLOSING, {"reason": "整月重报"})
    jobs.run(Job.objects.get(kind="close_month", status="queued").pk)
    context = client.get(JULY).context
    kinds = {each.loan_no: each.kind for each, *_ in context["changes"]}
    assert kinds["B6"] == "bucket"  # not reported before
    assert kinds["B7"] == "bucket"  # settled before, silent now
    counted = {each.kind: each.loans for each, _ in context["kinds"]}
    assert sum(counted.values()) == context["changed"] == len(kinds)


def test_a_branch_sees_only_its_own_difference(client, restated, branch_wang, stranger_gu):
    client.force_login(branch_wang)
    answer = client.get(JULY)
    assert {each.loan_no for each, *_ in answer.context["changes"]} == {"B1", "B5"}
    assert CANARY not in answer.content.decode()
    assert "上海" not in answer.content.decode()
    assert client.get(JULY, {"unit": "SH"}).status_code == 404
    client.force_login(stranger_gu)
    assert {each.loan_no for each, *_ in client.get(JULY).context["changes"]} == {f"{CANARY}1"}


def test_the_difference_goes_to_excel_within_the_scope(client, restated, branch_wang):
    client.force_login(branch_wang)
    answer = client.get(reverse("postloss:difference_export", args=["2017-07"]))
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    figures, loans = book.worksheets
    assert {cell.value for cell in loans["B"][2:]} == {"B1", "B5"}
    texts = [str(cell.value) for each in (figures, loans) for line in each.iter_rows()
             for cell in line]  # fmt: skip
    assert not [text for text in texts if CANARY in text or "上海" in text or "77777" in text]
    first = reverse("postloss:difference_export", args=["2017-06"])
    assert client.get(first).status_code == 404


def test_not_reported_and_differing_loans_are_one_click_away(client, book, branch_wang):
    client.force_login(branch_wang)
    context = client.get(JULY).context
    assert (context["total"].n_not_reported, context["total"].n_basis_differs) == (1, 1)
    lost = client.get(context["not_reported_url"]).context["rows"]
    assert [each.loan.loan_no for each, *_ in lost] == ["B6"]
    odd = client.get(context["differs_url"]).context["rows"]
    assert [each.loan.loan_no for each, *_ in odd] == ["B2"]


def test_only_who_may_close_months_is_offered_to(client, book, branch_wang, chief_chen):
    for staff in (branch_wang, chief_chen):
        client.force_login(staff)
        assert CLOSING not in client.get(JULY).content.decode()
        assert client.post(CLOSING, {"reason": "我要"}).status_code == 403
        assert client.get(CLOSING).status_code == 403
    assert not Job.objects.filter(created_by__isnull=False).exists()


def test_a_month_is_closed_from_the_page_and_watched(
    client, *, tmp_path, beijing, shanghai, manager_lin, branch_wang
):
    closed_book(tmp_path, beijing=beijing, shanghai=shanghai, until="2017-06")
    client.force_login(branch_wang)
    assert client.get(JULY).status_code == 404
    client.force_login(manager_lin)
    assert JULY in client.get(LIST).content.decode()
    assert CLOSING in client.get(JULY).content.decode()
    assert client.post(CLOSING).url == JULY
    job = Job.objects.get(kind="close_month", key="2017-07")
    assert (job.created_by, job.payload) == (manager_lin, {"month": "2017-07", "reason": ""})
    watch = client.get(CLOSING, headers={"hx-request": "true"}).content.decode()
    assert f'hx-get="{CLOSING}"' in watch
    assert 'hx-trigger="every 2s"' in client.get(JULY).content.decode()
    assert client.post(CLOSING).status_code == 302
    assert Job.objects.filter(kind="close_month", key="2017-07").count() == 1
    jobs.run(job.pk)
    done = client.get(CLOSING, headers={"hx-request": "true"})
    assert done["HX-Redirect"] == JULY
    row = MonthEnd.objects.get(month="2017-07-01")
    assert (row.closed_by, row.version) == (manager_lin, 1)


def test_a_restatement_needs_a_reason_and_keeps_it(client, book, manager_lin):
    client.force_login(manager_lin)
    assert client.post(CLOSING, {"reason": "  "}).status_code == 422
    client.post(CLOSING, {"reason": "更正余额"})
    jobs.run(Job.objects.get(kind="close_month", status="queued").pk)
    assert MonthEnd.objects.get(month="2017-07-01", version=2).reason == "更正余额"


def test_a_month_behind_an_open_one_is_refused_at_once(
    client, tmp_path, beijing, shanghai, manager_lin
):
    closed_book(tmp_path, beijing=beijing, shanghai=shanghai, until="2017-05")
    client.force_login(manager_lin)
    answer = client.post(CLOSING)
    assert answer.status_code == 422
    assert "2017-06" in answer.content.decode()
    assert client.post("/month-ends/2031-01/closing/").status_code == 422
    assert client.get("/month-ends/2031-01/").status_code == 404


def test_pages_of_few_and_many_changes_ask_the_same(
    client, restated, branch_wang, manager_lin, django_assert_num_queries
):
    for staff, number in ((branch_wang, 10), (manager_lin, 11)):
        client.force_login(staff)
        client.get(JULY)
        for query in ({}, {"kind": "balance"}):
            with django_assert_num_queries(number):
                client.get(JULY, query)
        with django_assert_num_queries(8):
            client.get(LIST)
