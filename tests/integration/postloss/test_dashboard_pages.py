"""The manager's dashboard: scope, versions, undefined figures, warnings, Excel, few queries."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from organization.models import Role
from organization.selectors import head_office
from postloss.enums import Dimension
from postloss.models import Figure, MonthEnd
from postloss.selectors.dashboard import portfolio_of
from postloss.selectors.warnings import open_warning_counts
from tests.factories.portfolio_book import (
    CANARY,
    CANARY_AMOUNT,
    FORMULA,
    closed_book,
    correct_july,
)

pytestmark = pytest.mark.django_db
URL = "/dashboard/"


@pytest.fixture
def book(tmp_path, beijing, shanghai):
    return closed_book(tmp_path, beijing=beijing, shanghai=shanghai)


def page(client, staff, **query):
    client.force_login(staff)
    answer = client.get(URL, query)
    assert answer.status_code == 200
    return answer.content.decode()


def workbook_of(answer):
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_a_branch_manager_sees_the_own_branch_and_nothing_of_another(client, book, branch_wang):
    text = page(client, branch_wang, money="yuan")
    assert "171,001.10" in text  # M0 to M3 of Beijing: B1 B2 B3 B5
    for dimension in [each for each in Dimension if each != Dimension.TOTAL]:
        text = page(client, branch_wang, money="yuan", by=dimension.value)
        assert "171,001.10" in text
        for canary in (CANARY, CANARY_AMOUNT, "上海", "Shanghai", "66,666.66", "144,444.43"):
            assert canary not in text


def test_head_office_sees_everything_unconfirmed_names_too(client, book, manager_lin):
    text = page(client, manager_lin, money="yuan")
    assert "316,680.09" in text
    assert "1,234.56" in text  # what no branch holds
    assert "广州" in page(client, manager_lin, by="branch")


def test_a_unit_outside_the_scope_does_not_exist(client, book, branch_wang, manager_lin):
    client.force_login(branch_wang)
    for unit in ("SH", "HQ", "NOWHERE"):
        assert client.get(URL, {"unit": unit}).status_code == 404
    assert "144,444.43" in page(client, manager_lin, unit="SH", money="yuan")


def test_an_address_that_names_nothing_is_missing(client, book, manager_lin):
    client.force_login(manager_lin)
    for query in (
        "month=2017-13", "month=2031-01", "version=9", "version=x", "lender=L99", "by=nothing",
        "sort=sql", "money=fen", "level=green",
    ):  # fmt: skip
        assert client.get(f"{URL}?{query}").status_code == 404, query


def test_who_may_not_see_the_portfolio_is_refused(client, book, branch_wang):
    branch_wang.roles.set([Role.objects.create(code="none", name="无", permissions=[])])
    client.force_login(branch_wang)
    assert client.get(URL).status_code == 403
    assert client.get(reverse("postloss:dashboard_export")).status_code == 403
    assert client.get("/").content.decode().count('href="/dashboard/"') == 0


def test_who_may_look_but_not_export_gets_no_workbook(client, book, branch_wang):
    branch_wang.roles.set([Role.objects.get(code="auditor")])
    text = page(client, branch_wang)
    assert "export.xlsx" not in text
    assert client.get(reverse("postloss:dashboard_export")).status_code == 403


def test_a_stranger_signs_in_first(client, db):
    assert client.get(URL).status_code == 302


def test_an_undefined_ratio_is_a_dash_with_its_reason_and_never_green(client, book, manager_lin):
    text = page(client, manager_lin, month="2017-05")
    assert 'data-chart="overdue-trend"' in text
    context = client.get(URL, {"month": "2017-05"}).context
    figures = {each["title"]: each for each in context["key_figures"]}
    assert figures["M0_1"]["value"] is None
    assert str(figures["M0_1"]["why"]) in text
    assert figures["M0_1"]["change"] is None
    assert "mark-green" not in text
    assert "stat-green" not in text
    (row,) = [each for each in context["rows"] if each.line.is_rest]
    assert row.why["roll_m0_1"]


def test_a_slice_that_is_new_says_so_instead_of_zero(book, manager_lin):
    portfolio = portfolio_of(staff=manager_lin, month="2017-06")
    lines = {line.name: line for line in portfolio.lines(Dimension.MOB)}
    new, known = lines["7"], lines["4"]
    assert (new.why("roll_m0_1"), new.why("overdue_rate"), new.change) == ("new_slice", "", None)
    assert (known.why("roll_m0_1"), known.change) == ("", 0)


def test_any_version_of_any_month_can_be_read(client, book, manager_lin):
    correct_july(book)
    new = page(client, manager_lin, month="2017-07", money="yuan")
    old = page(client, manager_lin, month="2017-07", version="1", money="yuan")
    assert ("315,679.99" in new, "316,680.09" in new) == (True, False)
    assert ("315,679.99" in old, "316,680.09" in old) == (False, True)


def test_the_table_shows_the_frozen_figures_of_its_dimension(book, manager_lin, beijing):
    portfolio = portfolio_of(staff=manager_lin, unit_code="BJ")
    for dimension in Dimension:
        lines = portfolio.lines(dimension)
        kept = Figure.objects.filter(
            month_end=portfolio.month_end, unit=beijing, lender=None, dimension=dimension
        )
        assert sorted(line.name for line in lines) == sorted(kept.values_list("value", flat=True))
        assert {line.figure for line in lines} == set(kept)


def test_units_below_and_what_none_of_them_holds_make_the_whole(book, manager_lin):
    portfolio = portfolio_of(staff=manager_lin)
    lines = portfolio.lines("unit")
    total, total_loans = portfolio.total().figure, portfolio.total().loans
    assert [line.is_rest for line in lines] == [False, False, True]
    assert sum(line.figure.outstanding for line in lines) == total.outstanding
    assert sum(line.loans for line in lines) == total_loans
    assert total.n_not_reported == sum(line.figure.n_not_reported for line in lines) == 1


def test_one_lender_can_be_singled_out(client, book, manager_lin):
    every = portfolio_of(staff=manager_lin)
    one = portfolio_of(staff=manager_lin, lender_code="L01")
    assert one.total().figure != every.total().figure
    assert one.total().figure.outstanding == every.total().figure.outstanding
    assert one.matrix == {}
    assert 'value="L01" selected' in page(client, manager_lin, lender="L01")


def test_the_cohort_matrix_is_told_apart_from_the_ratios(client, book, manager_lin):
    portfolio = portfolio_of(staff=manager_lin)
    assert portfolio.matrix[0][1].loans == 1
    assert portfolio.matrix[0][1].before_balance == 50000
    client.force_login(manager_lin)
    (row, *_) = client.get(URL).context["matrix"]
    shares = [each.cell.share for each in row.cells if each.cell]
    assert sum(shares) == pytest.approx(1)
    assert row.balance == sum(cell.before_balance for cell in portfolio.matrix[0].values())


def test_warnings_come_first_and_count_what_stood_at_the_version(client, book, branch_wang):
    client.force_login(branch_wang)
    context = client.get(URL).context
    row = MonthEnd.objects.get(month="2017-07-01")
    expected = open_warning_counts(staff=branch_wang, month_end=row)
    assert {level: number for level, _, number in context["levels"]} == expected
    assert expected["data_quality"] > 0
    listed = client.get(URL, {"level": "data_quality"}).context["warnings"]
    assert len(listed) == expected["data_quality"]


def test_before_any_closing_the_page_says_what_to_do(client, manager_lin):
    assert "/month-ends/" in page(client, manager_lin)


def test_amounts_are_shown_in_yuan_or_ten_thousands(client, book, branch_wang):
    assert "171,001.10" not in page(client, branch_wang)
    assert "17.10" in page(client, branch_wang)


def test_a_table_stands_beside_every_chart(client, book, branch_wang):
    text = page(client, branch_wang)
    assert text.count("data-chart=") == 4
    assert text.count("<details") == 2  # the three by month share theirs


def test_the_workbook_holds_the_same_scope_and_no_formula(client, book, branch_wang, manager_lin):
    client.force_login(branch_wang)
    answer = client.get(reverse("postloss:dashboard_export"), {"by": "branch"})
    sheet, *others = workbook_of(answer).worksheets
    assert "王京" in sheet["A1"].value
    names = {cell.value for cell in sheet["A"]}
    assert {FORMULA, "北京"} < names
    cells = [c for each in (sheet, *others) for line in each.iter_rows() for c in line if c.value]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if "上海" in str(cell.value) or cell.value == 77777.77]
    assert sheet["B3"].value == pytest.approx(171001.10)


@pytest.mark.parametrize("months", ["2017-05", "2017-07"])
def test_the_dashboard_asks_twelve_questions_at_most(
    client, *, tmp_path, beijing, shanghai, branch_wang, manager_lin, months,
    django_assert_num_queries,
):  # fmt: skip
    closed_book(tmp_path, beijing=beijing, shanghai=shanghai, until=months)
    for staff in (branch_wang, manager_lin):
        client.force_login(staff)
        client.get(URL)
        with django_assert_num_queries(12):
            assert client.get(URL, {"by": "mob"}).status_code == 200


def test_the_head_office_itself_is_the_default_of_its_people(book, manager_lin):
    assert portfolio_of(staff=manager_lin).unit == head_office()
