"""From a figure to its loans, to one loan, to the file and line; and who may go there."""

import datetime as dt
import io

import pytest
from django.db.models import Count, Sum
from django.urls import reverse
from openpyxl import load_workbook

from core.models import AuditRecord, RegulatoryParameter
from core.money import from_fen
from postloss.enums import Bucket
from postloss.models import Figure, Migration, MonthEnd
from postloss.selectors.snapshot_loans import (
    BASIS_DIFFERS,
    BUCKET_NAMES,
    BUCKETS,
    Slice,
    loan_ids,
    rows_of,
    sum_of,
)
from tests.builders import load, row
from tests.factories.portfolio_book import (
    BEIJING_PERSON,
    CANARY,
    CANARY_AMOUNT,
    CANARY_PERSON,
    MONTHS,
    closed_book,
    confirm_branches,
    correct_july,
)
from underwriting.models import Loan

pytestmark = pytest.mark.django_db
JULY = "/month-ends/2017-07/loans/"


@pytest.fixture
def book(tmp_path, beijing, shanghai):
    return closed_book(tmp_path, beijing=beijing, shanghai=shanghai)


@pytest.fixture
def loan_of(book):
    return lambda number: Loan.objects.get(loan_no=number)


def found(asked):
    return rows_of(asked=asked).aggregate(n=Count("loan_id"), fen=Sum("balance_fen"))


def test_every_figure_leads_to_exactly_its_loans(book):
    checked = 0
    for figure in Figure.objects.select_related("month_end", "unit", "lender"):
        for bucket in (*BUCKETS, BASIS_DIFFERS):
            asked = Slice(
                month_end=figure.month_end, unit=figure.unit, dimension=figure.dimension,
                value=figure.value, lender=figure.lender.code if figure.lender else "",
                bucket=bucket,
            )  # fmt: skip
            kept, rows = sum_of(asked=asked), found(asked)
            assert (kept.loans, kept.balance) == (rows["n"], from_fen(rows["fen"] or 0)), asked
            checked += kept.loans > 0
    assert checked > 200


def test_every_cell_of_the_cohort_matrix_leads_to_exactly_its_loans(book):
    cells = Migration.objects.select_related("month_end", "unit")
    for cell in cells:
        asked = Slice(
            month_end=cell.month_end, unit=cell.unit,
            bucket=BUCKET_NAMES[cell.bucket], before=BUCKET_NAMES[cell.before_bucket],
        )  # fmt: skip
        rows = found(asked)
        assert (sum_of(asked=asked).loans, sum_of(asked=asked).balance) == (
            cell.loans,
            cell.balance,
        )
        assert (rows["n"], from_fen(rows["fen"])) == (cell.loans, cell.balance)
    assert {cell.bucket for cell in cells} == set(Bucket)


def test_a_name_that_moves_later_leaves_frozen_slices_alone(book, beijing, shanghai, hq):
    asked = Slice(month_end=MonthEnd.objects.get(month="2017-07-01"), unit=beijing)
    before = set(loan_ids(asked=asked))
    confirm_branches({"北京": shanghai}, valid_from=dt.date(2017, 2, 1))
    confirm_branches({"广州": beijing})
    assert set(loan_ids(asked=asked)) == before
    assert found(asked)["n"] == sum_of(asked=asked).loans


def test_the_page_shows_the_rows_and_the_figure(client, book, branch_wang, loan_of):
    client.force_login(branch_wang)
    text = client.get(JULY, {"bucket": "m1"}).content.decode()
    assert "41,000.10" in text
    assert "110***" not in text  # first and last four are kept, the rest is masked
    assert "1101**********002X" in text
    assert BEIJING_PERSON not in text
    status = Loan.objects.get(loan_no="B1")
    assert reverse("postloss:loan", args=[status.pk]) in text
    assert "repayment_201707.csv" in text


def test_the_loans_of_another_branch_never_appear(client, book, branch_wang):
    client.force_login(branch_wang)
    for bucket in (*BUCKETS, BASIS_DIFFERS):
        text = client.get(JULY, {"bucket": bucket}).content.decode()
        assert CANARY not in text
    slices = ({"dimension": "branch", "value": "上海"}, {"dimension": "branch", "value": "广州"})
    for query in slices:
        answer = client.get(JULY, query)
        assert (answer.status_code, answer.context["total"].loans) == (200, 0)
        assert list(answer.context["page"].object_list) == []
    assert client.get(JULY, {"unit": "SH"}).status_code == 404
    assert client.get(JULY, {"unit": "HQ"}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "bucket=nothing", "dimension=age", "before=live", "before=m0&dimension=mob&value=3",
        "dimension=mob&value=old", "dimension=vintage&value=2017", "version=7", "sort=name",
    ],
)  # fmt: skip
def test_a_slice_that_no_figure_has_is_missing(client, db, manager_lin, query):
    client.force_login(manager_lin)
    assert client.get(f"{JULY}?{query}").status_code == 404


def test_loans_can_be_sorted_and_a_version_chosen(client, book, manager_lin):
    correct_july(book)
    client.force_login(manager_lin)
    shown = client.get(JULY, {"sort": "-days", "bucket": "live"}).context["rows"]
    days = [each.days_overdue for each, _, _ in shown]
    assert days == sorted(days, reverse=True)
    old = client.get(JULY, {"version": "1", "bucket": "m1"}).context["total"]
    new = client.get(JULY, {"version": "2", "bucket": "m1"}).context["total"]
    assert (old.loans, new.loans) == (1, 2)


def test_pages_of_a_long_list_are_cut_by_the_known_count(client, tmp_path, book, manager_lin):
    client.force_login(manager_lin)
    page = client.get(JULY, {"page": "99"}).context["page"]
    assert (page.number, page.paginator.count) == (1, 8)


def test_the_workbook_is_masked_marked_and_recorded(client, book, branch_wang):
    client.force_login(branch_wang)
    answer = client.get(reverse("postloss:snapshot_loans_export", args=["2017-07"]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert "王京" in sheet["A1"].value
    rows = list(sheet.iter_rows(min_row=3))
    assert len(rows) == 5
    assert sum(line[14].value for line in rows) == pytest.approx(215001.50)
    texts = [str(cell.value) for line in rows for cell in line]
    assert "1101**********002X" in texts
    assert {cell.data_type for line in rows for cell in line} <= {"s", "n", "d"}
    for canary in (BEIJING_PERSON, CANARY, CANARY_PERSON, "张三", "77777.77"):
        assert not [text for text in texts if canary in text]
    record = AuditRecord.objects.get(action="export_made")
    assert (record.by, record.detail["rows"]) == (branch_wang, 5)


def test_an_export_that_is_too_large_asks_for_approval(client, book, manager_lin):
    RegulatoryParameter.objects.filter(name="privacy.export_rows_free").update(value=3)
    client.force_login(manager_lin)
    address = reverse("postloss:snapshot_loans_export", args=["2017-07"])
    answer = client.get(address)
    assert answer.status_code == 200
    assert "需要审批" in answer.content.decode()
    narrow = client.get(address, {"bucket": "m1"})
    assert narrow.headers["Content-Disposition"].startswith("attachment")
    narrow.close()


def test_a_loan_shows_both_times_and_what_was_superseded(client, book, branch_wang, loan_of):
    correct_july(book)
    client.force_login(branch_wang)
    address = reverse("postloss:loan", args=[loan_of("B1").pk])
    answer = client.get(address)
    lines = answer.context["lines"]
    july = [line for line in lines if line.status.as_of.isoformat() == MONTHS["2017-07"]]
    new, old = july
    assert (new.is_in_force, old.is_in_force) == (True, False)
    assert old.superseded_at == new.status.file.recorded_at
    assert (new.status.outstanding_fen, old.status.outstanding_fen) == (4000000, 4100010)
    text = answer.content.decode()
    for line in lines:
        place = [line.status.file_id, line.status.line_no]
        assert reverse("postloss:file_line", args=place) in text
    ends = [(each.month_end.month.month, each.month_end.version) for each in
            answer.context["month_ends"]]  # fmt: skip
    assert ends == [(7, 2), (7, 1), (6, 1), (5, 1)]
    assert answer.context["chart"]["series"][0]["values"][-1] == "40000.00"


def test_a_loan_lists_the_facts_that_nobody_brought(client, book, branch_wang, loan_of):
    client.force_login(branch_wang)
    answer = client.get(reverse("postloss:loan", args=[loan_of("B1").pk]))
    names = {fact.name for fact in answer.context["missing"]}
    assert {"payee_name", "payee_account", "document_type", "obligor_type", "grade"} < names
    assert not names & {"funder", "amount", "term", "interest", "document_no"}
    assert "PRE-25" in answer.content.decode()
    assert BEIJING_PERSON not in answer.content.decode()


def test_another_branchs_loan_does_not_exist(client, book, branch_wang, manager_lin, loan_of):
    client.force_login(branch_wang)
    for number in (f"{CANARY}1", "G1"):
        assert client.get(reverse("postloss:loan", args=[loan_of(number).pk])).status_code == 404
    assert client.get(reverse("postloss:loan", args=[10**9])).status_code == 404
    client.force_login(manager_lin)
    text = client.get(reverse("postloss:loan", args=[loan_of(f"{CANARY}1").pk])).content.decode()
    assert CANARY_AMOUNT in text
    assert CANARY_PERSON not in text


def test_a_loan_follows_its_name_to_another_branch(client, book, branch_wang, shanghai, loan_of):
    confirm_branches({"北京": shanghai}, valid_from=dt.date(2018, 1, 1))
    client.force_login(branch_wang)
    assert client.get(reverse("postloss:loan", args=[loan_of("B1").pk])).status_code == 404


def test_an_unfinished_file_shows_nowhere(client, book, branch_wang, loan_of):
    load(book.repayments(row("B1", as_of="2017-08-31", outstanding_principal="12345.67"),
                         month="201708"))  # fmt: skip
    address = reverse("postloss:loan", args=[loan_of("B1").pk])
    client.force_login(branch_wang)
    assert "12,345.67" in client.get(address).content.decode()
    loan_of("B1").lender.files.filter(month="2017-08-01").update(state="loading")
    assert "12,345.67" not in client.get(address).content.decode()


def test_a_page_of_one_loan_and_of_many_asks_the_same(
    client, book, branch_wang, manager_lin, django_assert_num_queries
):
    for staff, number in ((branch_wang, 10), (manager_lin, 9)):
        client.force_login(staff)
        client.get(JULY)
        for bucket in ("m1", "live"):
            with django_assert_num_queries(number):
                assert client.get(JULY, {"bucket": bucket}).status_code == 200


def test_the_sum_of_differing_loans_costs_the_only_scan(
    client, book, branch_wang, django_assert_num_queries
):
    client.force_login(branch_wang)
    client.get(JULY)
    with django_assert_num_queries(12):
        assert client.get(JULY, {"bucket": BASIS_DIFFERS}).status_code == 200


def test_a_loan_page_asks_the_same_with_the_count_of_the_look(
    client, book, branch_wang, loan_of, django_assert_num_queries
):
    client.force_login(branch_wang)
    client.get(reverse("postloss:loan", args=[loan_of("B1").pk]))
    for number in ("B1", "B6"):
        address = reverse("postloss:loan", args=[loan_of(number).pk])
        with django_assert_num_queries(18):
            assert client.get(address).status_code == 200
