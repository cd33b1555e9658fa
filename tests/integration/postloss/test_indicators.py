"""What `indicators` prints: dimensions, columns, forms; and the worked examples of the formulas."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.builders import (
    Folder,
    close,
    indicators,
    indicators_json,
    indicators_text,
    late,
    load,
    loan,
    row,
)

pytestmark = pytest.mark.django_db
COLUMNS = (
    "outstanding,m0,m1,m2,m3,tail_over_180,n_m0,n_m1,n_m2,n_m3,n_tail,"
    "roll_m0_1,roll_m0_2,overdue_rate"
)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def closed(folder):
    """Two lenders, two branches, two channels, two products, three quarters of disbursement."""
    load(
        folder.loans(
            loan("A"),
            loan(
                "B", branch="上海", channel="平台", disbursed_on="2016-12-31", maturity="2017-12-31"
            ),
            loan("C", product="房抵贷", disbursed_on="2017-04-01", maturity="2018-04-01"),
        )
    )
    load(folder.loans(loan("X", branch="上海"), name="loans_x.csv"), lender="L02")
    load(folder.repayments(row("A"), late("B", 31, 2), late("C", 3)))
    x = row("X", outstanding_principal="1000.10")
    load(folder.repayments(x, name="repayment_201705_x.csv"), lender="L02")
    close("2017-05")
    return folder


def total(month, *words):
    (line,) = indicators(month, *words)
    return line


def slices(dimension, *words):
    """value → outstanding and number of live loans, in the printed order."""
    return [
        (
            line[dimension],
            line["outstanding"],
            sum(int(line[name]) for name in line if name[:3] in ("n_m", "n_t")),
        )
        for line in indicators("2017-05", "--by", dimension, *words)
    ]


def test_the_columns_of_the_total_begin_as_promised(closed):
    header, line, end = indicators_text("2017-05").split("\n")
    assert header.startswith(f"month,{COLUMNS},")
    assert line.startswith(
        "2017-05,151000.10,51000.10,50000.00,50000.00,0.00,0.00,2,1,1,0,0,,,0.66225122,"
    )
    assert end == ""


def test_the_column_of_the_dimension_is_named_as_it_is_asked_for(closed):
    for dimension in (
        "branch", "channel", "product", "lender", "grade", "vintage", "mob", "obligor_type",
    ):  # fmt: skip
        header = indicators_text("2017-05", "--by", dimension).split("\n")[0]
        assert header.startswith(f"month,{dimension},{COLUMNS},")


def test_every_dimension_groups_by_what_the_files_say(closed):
    assert slices("branch") == [("上海", "51000.10", 2), ("北京", "100000.00", 2)]
    assert slices("channel") == [("平台", "50000.00", 1), ("普通", "101000.10", 3)]
    assert slices("product") == [("房抵贷", "50000.00", 1), ("汽车贷款", "101000.10", 3)]
    assert slices("lender") == [("L01", "150000.00", 3), ("L02", "1000.10", 1)]
    assert slices("grade") == [("未评级", "151000.10", 4)]
    assert slices("obligor_type") == [("未知", "151000.10", 4)]
    assert slices("vintage") == [
        ("2016Q4", "50000.00", 1), ("2017Q1", "51000.10", 2), ("2017Q2", "50000.00", 1),
    ]  # fmt: skip
    assert slices("mob") == [("1", "50000.00", 1), ("4", "51000.10", 2), ("5", "50000.00", 1)]


def test_a_lender_narrows_every_dimension(closed):
    assert slices("branch", "--lender", "L01") == [
        ("上海", "50000.00", 1),
        ("北京", "100000.00", 2),
    ]
    assert slices("branch", "--lender", "L02") == [("上海", "1000.10", 1)]
    assert slices("lender", "--lender", "L02") == [("L02", "1000.10", 1)]
    assert total("2017-05", "--lender", "L02")["outstanding"] == "1000.10"


def test_months_on_book_are_sorted_as_numbers(folder):
    load(folder.loans(loan("A"), loan("B", disbursed_on="2016-01-01", maturity="2017-01-01"),
                      loan("C", disbursed_on="2017-05-02", maturity="2018-05-02")))  # fmt: skip
    load(folder.repayments(row("A"), row("B"), row("C")))
    close("2017-05")
    assert [line["mob"] for line in indicators("2017-05", "--by", "mob")] == ["0", "4", "16"]


def test_the_json_holds_money_and_ratios_as_strings_and_undefined_as_null(closed):
    (line,) = indicators_json("2017-05")
    assert line | {"retained_exposure": 0, "disbursed_amount": 0} == {
        "month": "2017-05", "outstanding": "151000.10", "m0": "51000.10", "m1": "50000.00",
        "m2": "50000.00", "m3": "0.00", "tail_over_180": "0.00", "n_m0": 2, "n_m1": 1, "n_m2": 1,
        "n_m3": 0, "n_tail": 0, "roll_m0_1": None, "roll_m0_2": None, "overdue_rate": "0.66225122",
        "disbursed_amount": 0, "retained_exposure": 0, "not_reported_balance": "0.00",
        "n_not_reported": 0, "n_basis_differs": 0, "version": 1,
    }  # fmt: skip
    assert [each["branch"] for each in indicators_json("2017-05", "--by", "branch")] == [
        "上海",
        "北京",
    ]


def test_csv_and_json_say_the_same(closed):
    for words in ([], ["--by", "branch"], ["--by", "mob"]):
        as_text = [
            {name: "" if cell is None else str(cell) for name, cell in line.items()}
            for line in indicators_json("2017-05", *words)
        ]
        assert indicators("2017-05", *words) == as_text


def test_standard_output_is_csv_unless_json_is_asked_for(closed):
    out = io.StringIO()
    call_command("indicators", "2017-05", stdout=out)
    assert out.getvalue() == indicators_text("2017-05")


@pytest.mark.parametrize(
    "words",
    [["2017-06"], ["2017-05", "--version", "9"], ["2017-05", "--lender", "L09"], ["2017-5"]],
)
def test_what_is_not_there_is_refused(closed, words):
    with pytest.raises(CommandError):
        indicators_text(*words)


# worked examples


def balances(folder, month, *amounts):
    """Close a month of loans, one per (amount, days, status)."""
    names = [f"L{n}" for n in range(len(amounts))]
    rows = []
    for name, (amount, days, status) in zip(names, amounts, strict=True):
        cells = {"as_of": f"{month[:4]}-{month[4:]}-28", "outstanding_principal": amount}
        late_cells = {"days_overdue": str(days), "instalments_overdue": str(-(-days // 30))}
        rows.append(row(name, status=status, **cells, **late_cells))
    load(folder.repayments(*rows, month=month))


def test_f5_to_f10c_the_ten_accounts(folder):
    principals = {f"L{n}": "600000" for n in range(10)}
    load(folder.loans(*(loan(name, principal=amount) for name, amount in principals.items())))
    balances(folder, "201704", ("600000", 0, "正常"))
    balances(folder, "201705", ("500000", 0, "正常"))
    late_days = [("80000", 1), ("60000", 30), ("50000", 31), ("40000", 60), ("30000", 61),
                 ("20000", 180), ("20000", 181)]  # fmt: skip
    ten = [("100000", 0, "正常"), *((amount, days, "逾期") for amount, days in late_days),
           ("0", 0, "结清")]  # fmt: skip
    balances(folder, "201706", *ten)
    close("2017-04", through="2017-06")
    line = total("2017-06")
    assert [line[name] for name in COLUMNS.split(",")] == [
        "380000.00", "100000.00", "140000.00", "90000.00", "50000.00", "20000.00",
        "1", "2", "2", "2", "1", "0.28000000", "0.15000000", "0.73684211",
    ]  # fmt: skip


def test_f10_the_book(folder):
    load(folder.loans(*(loan(f"L{n}", principal="990000000") for n in range(5))))
    balances(folder, "201704", ("900000000", 0, "正常"))
    balances(folder, "201705", ("940000000", 0, "正常"))
    balances(
        folder, "201706", ("950000000", 0, "正常"), ("18800000", 9, "逾期"),
        ("9000000", 40, "逾期"), ("12200000", 120, "逾期"), ("6000000", 200, "逾期"),
    )  # fmt: skip
    close("2017-04", through="2017-06")
    line = total("2017-06")
    assert line["outstanding"] == "990000000.00"
    assert (line["roll_m0_1"], line["roll_m0_2"], line["overdue_rate"]) == (
        "0.02000000", "0.01000000", "0.04040404",
    )  # fmt: skip


def test_f4_disbursement_is_cumulative_whatever_was_repaid(folder):
    load(
        folder.loans(
            loan("A", principal="100000"),
            loan("B", principal="50000"),
            loan("C", principal="200000"),
            loan("D", principal="7", disbursed_on="2017-06-01", maturity="2018-06-01"),
        )
    )
    settled = row("B", status="结清", outstanding_principal="0")
    load(folder.repayments(row("A", outstanding_principal="1"), settled))
    load(folder.repayments(row("A", as_of="2017-06-30", outstanding_principal="1"), month="201706"))
    close("2017-05", through="2017-06")
    assert total("2017-05")["disbursed_amount"] == "350000.00"
    assert total("2017-06")["disbursed_amount"] == "350007.00"


@pytest.fixture
def ten_million(folder):
    """One loan of 10 m in May, June and July."""
    load(folder.loans(loan(principal="10000000")))
    for month, day in (
        ("201705", "2017-05-31"),
        ("201706", "2017-06-30"),
        ("201707", "2017-07-31"),
    ):
        load(folder.repayments(row(as_of=day, outstanding_principal="10000000"), month=month))
    return folder


def shares(folder, *lines):
    path = folder.raw(
        "shares.csv", "\n".join(["lender,product,from,to,own_share,ceded_share", *lines])
    )
    call_command("load_shares", str(path), stdout=io.StringIO(), stderr=io.StringIO())


def test_f13_own_share_1_and_ceded_share_0_without_a_shares_file(ten_million):
    close("2017-05")
    assert total("2017-05")["retained_exposure"] == "10000000.00"


def test_f13_retained_exposure_is_balance_times_own_share_less_what_is_ceded(ten_million):
    shares(ten_million, "L01,汽车贷款,2017-01-01,,0.60,0.25")
    close("2017-05")
    assert total("2017-05")["retained_exposure"] == "4500000.00"


def test_f13_shares_hold_from_their_first_day_to_the_one_before_their_last(ten_million):
    shares(
        ten_million,
        "L01,汽车贷款,2017-05-31,2017-06-30,0.60,0.25",
        "L01,汽车贷款,2017-06-30,2017-07-31,0.5,0",
        "L01,别的,2017-01-01,,0.1,0",
    )
    close("2017-05", through="2017-07")
    assert [total(text)["retained_exposure"] for text in ("2017-05", "2017-06", "2017-07")] == [
        "4500000.00", "5000000.00", "10000000.00",
    ]  # fmt: skip


def test_f13_the_tail_is_retained_and_a_loan_that_is_not_reported_is_not(folder):
    load(folder.loans(loan("A"), loan("B"), loan("C")))
    load(folder.repayments(late("A", 200, 7), row("B"), row("C")))
    load(
        folder.repayments(
            late("A", 230, 8, as_of="2017-06-30"), row("B", as_of="2017-06-30"), month="201706"
        )
    )
    close("2017-05", through="2017-06")
    assert total("2017-06")["retained_exposure"] == "100000.00"


def test_f13_later_shares_do_not_move_frozen_months(ten_million):
    close("2017-05")
    before = indicators_text("2017-05")
    shares(ten_million, "L01,汽车贷款,2017-01-01,,0.60,0.25")
    assert indicators_text("2017-05") == before
    close("2017-05", restate="x")
    assert total("2017-05")["retained_exposure"] == "4500000.00"
