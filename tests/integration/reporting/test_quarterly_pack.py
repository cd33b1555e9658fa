"""What a quarter's pack says, and that it can be made again."""

import csv
import datetime as dt
import io
import json

import openpyxl
import pytest

from core.errors import RuleBroken
from ledger.enums import FinanceLine
from postloss.models import MonthEnd
from reporting.models import QuarterlyReport
from reporting.rules.pack import figures_csv, sha256
from reporting.selectors import report_content, restated_since, versions_of
from reporting.services import draft_report, make_pack
from tests.integration.reporting.conftest import F1_F2, Q2

JUNE = dt.date(2017, 6, 1)


def _rows(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def _figures(content, period="2017-06", dimension="total"):
    return {
        row["code"]: row["value"] or row["reason"]
        for row in _rows(content)
        if (row["period"], row["dimension"]) == (period, dimension)
    }


def _csv(report):
    return figures_csv(report_content(report=report).rows)


@pytest.fixture
def report(quarter, manager_lin, at):
    return draft_report(quarter=quarter, by=manager_lin, at=at)


@pytest.fixture
def figures(report):
    return _csv(report)


def test_f10_book_stands_in_the_figures(figures):
    june = _figures(figures)
    assert june["outstanding_principal"] == "990000000.00"
    assert june["m0_balance"] == "950000000.00"
    assert june["m3_incl_tail"] == "18200000.00"
    assert june["roll_m0_1"] == "0.02000000"
    assert june["roll_m0_2"] == "0.01000000"
    assert june["overdue_rate"] == "0.04040404"
    assert june["disbursed_amount"] == "1980000000.00"
    assert june["retained_exposure"] == "445500000.00"


def test_the_columns_are_those_of_the_contract(figures):
    head, first = figures.decode().splitlines()[:2]
    assert head == "code,period,dimension,value,unit,version,reason"
    assert first == "comprehensive_loss_ratio,2017-04,total,,ratio,1,finance_figures_missing"


def test_every_slice_has_its_lines_by_name(figures):
    branch = _figures(figures, dimension="branch=FL")
    assert branch["m1_balance"] == "11280000.00"
    assert branch["roll_m0_1"] == "0.02000000"
    assert _figures(figures, dimension="branch=𠮷林")["m1_balance"] == "7520000.00"
    assert _figures(figures, dimension="mob=5")["n_m0"] == "1400"


def test_undefined_is_empty_with_its_reason(figures):
    april, may = _figures(figures, "2017-04"), _figures(figures, "2017-05")
    assert april["roll_m0_1"] == "no_month_before"
    assert april["roll_m0_2"] == "no_two_months_before"
    assert may["roll_m0_2"] == "no_two_months_before"
    assert may["claimed_principal"] == "claims_not_recorded"
    assert april["comprehensive_expense_ratio"] == "finance_figures_missing"
    values = {row["value"] for row in _rows(figures) if row["reason"]}
    assert values == {""}


def test_a_slice_that_is_new_or_had_nothing_says_so(closer, manager_lin, at):
    april, may, june = (dt.date(2017, month, 1) for month in (4, 5, 6))
    closer.close(april, branches=[("FL", "1"), ("GA", "0")])
    closer.close(may, branches=[("FL", "1"), ("GA", "0")])
    closer.close(june, branches=[("FL", "1"), ("GA", "0"), ("TX", "0.1")])
    report = draft_report(quarter=Q2, by=manager_lin, at=at)
    content = _csv(report)
    assert _figures(content, dimension="branch=TX")["roll_m0_1"] == "no_such_slice_before"
    empty = _figures(content, dimension="branch=GA")
    assert (empty["roll_m0_1"], empty["overdue_rate"]) == ("denominator_zero", "denominator_zero")


def test_f1_to_f3_from_signed_off_finance_figures(quarter, bring_finance, manager_lin, at):
    loss = {
        FinanceLine.CLAIMS_INDEMNITY: "4.0",
        FinanceLine.RECOVERED_CASH: "1.0",
        FinanceLine.CLAIMS_INDEMNITY_NET: "3.0",
        FinanceLine.RECOVERED_CASH_NET: "0.5",
    }
    for month in (4, 5, 6):
        bring_finance(dt.date(2017, month, 1), F1_F2 | loss)
    report = draft_report(quarter=quarter, by=manager_lin, at=at)
    june = _figures(_csv(report))
    mean = (978.5 + 990.0) * 0.45 / 2
    assert june["comprehensive_loss_ratio"] == "0.77500000"
    assert june["comprehensive_expense_ratio"] == "0.25000000"
    assert june["alr_month_literal"] == f"{(4.0 - 3 * 1.0) * 12 / mean:.8f}"
    assert june["alr_gross"] == f"{(4.0 - 1.0) * 12 / mean:.8f}"
    assert june["alr_month"] == f"{(3.0 - 0.5) * 12 / mean:.8f}"
    assert june["annualised_loss_rate"] == june["alr_month_literal"]
    april = _figures(_csv(report), "2017-04")
    assert april["alr_month"] == "no_month_before"


def test_negative_earned_premium_leaves_the_ratios_undefined(
    quarter, bring_finance, manager_lin, at
):
    bring_finance(JUNE, F1_F2 | {FinanceLine.EARNED_PREMIUM: "-1"})
    report = draft_report(quarter=quarter, by=manager_lin, at=at)
    june = _figures(_csv(report))
    assert june["comprehensive_loss_ratio"] == "negative_earned_premium"


def test_the_year_end_form_is_averaged_over_the_months_in_force(
    closer, bring_finance, manager_lin, at
):
    for month in (10, 11, 12):
        day = dt.date(2016, month, 1)
        closer.close(day, ("100", "0", "0", "0", "0"))
        bring_finance(day, {FinanceLine.CLAIMS_INDEMNITY: "1.0", FinanceLine.RECOVERED_CASH: "0.1"})
    report = draft_report(quarter=dt.date(2016, 10, 1), by=manager_lin, at=at)
    rows = {(row["code"], row["period"]): row for row in _rows(_csv(report))}
    year_end = rows["annualised_loss_rate", "2016-12"]
    assert (year_end["value"], year_end["reason"]) == ("0.06000000", "partial_year")


def test_a_gap_in_the_year_leaves_the_year_end_form_undefined(closer, manager_lin, at):
    for month in (1, 10, 11, 12):
        closer.close(dt.date(2016, month, 1), ("100", "0", "0", "0", "0"))
    report = draft_report(quarter=dt.date(2016, 10, 1), by=manager_lin, at=at)
    december = _figures(_csv(report), "2016-12")
    assert december["annualised_loss_rate"] == "exposure_missing"


def test_made_again_after_a_restatement_the_figures_are_the_same_bytes(
    report, closer, bring_finance, manager_lin, at
):
    figures = _csv(report)
    closer.close(dt.date(2017, 5, 1), ("1", "2", "3", "4", "5"), reason="资金方更正")
    bring_finance(JUNE, F1_F2)
    again = make_pack(report=report).files  # refuses figures that are not those recorded
    assert again["figures.csv"] == figures
    assert json.loads(again["manifest.json"])["versions"] == versions_of(report)

    newer = draft_report(quarter=Q2, by=manager_lin, at=at + dt.timedelta(days=1))
    assert newer.number == 2
    assert versions_of(newer) == {"2017-04": 1, "2017-05": 2, "2017-06": 1}
    other = _csv(newer)
    assert _figures(other, "2017-05")["m1_balance"] == "2000000.00"
    assert _figures(other)["comprehensive_loss_ratio"] == "0.77500000"
    # June was not restated: its denominators stay the frozen ones
    assert _figures(other)["roll_m0_1"] == "0.02000000"

    [restated] = restated_since(report)
    assert (restated.used.version, restated.now.version) == (1, 2)
    assert restated_since(newer) == []


def test_two_drafts_of_the_same_versions_have_the_same_figures(report, figures, manager_lin, at):
    second = draft_report(quarter=Q2, by=manager_lin, at=at + dt.timedelta(hours=1))
    assert _csv(second) == figures


def test_the_whole_pack_of_a_draft_is_the_same_bytes(report):
    first = make_pack(report=report).files
    second = make_pack(report=QuarterlyReport.objects.get(pk=report.pk)).files
    assert first == second


def test_the_manifest_names_hashes_versions_and_parameters(report):
    pack = make_pack(report=report).files
    manifest = json.loads(pack["manifest.json"])
    for name, entry in manifest["files"].items():
        assert entry == {"sha256": sha256(pack[name]), "bytes": len(pack[name])}
    assert {"figures.csv", "report.xlsx"} <= set(manifest["files"])
    assert manifest["versions"] == {"2017-04": 1, "2017-05": 1, "2017-06": 1}
    assert manifest["parameters"]["alr.recovery_window"]["value"] == "year_to_date"
    assert manifest["parameters"]["alr.recovery_window"]["status"] == "unapproved"


def test_figures_name_neither_draft_nor_clock(report, figures, at):
    text = figures.decode()
    assert f"{at:%Y-%m-%d}" not in text
    assert "draft" not in text


def test_the_workbook_holds_numbers_and_text_that_is_never_a_formula(closer, manager_lin, at):
    evil = '=HYPERLINK("http://x","y")'
    for month in (4, 5, 6):
        closer.close(dt.date(2017, month, 1), branches=[(evil, "1")])
    report = draft_report(quarter=Q2, by=manager_lin, at=at)
    book = openpyxl.load_workbook(io.BytesIO(make_pack(report=report).files["report.xlsx"]))
    cells = {cell.value: cell for sheet in book for line in sheet.iter_rows() for cell in line}
    assert cells[evil].data_type == "s"
    assert 990_000_000 in cells
    assert all(cell.data_type != "f" for cell in cells.values())


def test_an_open_month_is_refused_with_its_name(closer, manager_lin, at):
    closer.close(dt.date(2017, 4, 1))
    closer.close(dt.date(2017, 5, 1))
    with pytest.raises(RuleBroken) as refusal:
        draft_report(quarter=Q2, by=manager_lin, at=at)
    assert "2017-06" in refusal.value.message


def test_a_month_that_is_being_closed_is_not_closed(closer, manager_lin, at):
    for month in (4, 5):
        closer.close(dt.date(2017, month, 1))
    MonthEnd.objects.create(month=JUNE, version=1, known_at=at)
    with pytest.raises(RuleBroken):
        draft_report(quarter=Q2, by=manager_lin, at=at)


def test_a_draft_asks_the_same_number_of_questions_whatever_it_holds(
    report, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        report_content(report=report)
