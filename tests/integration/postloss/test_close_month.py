"""What a closed month counts: every rule of the month-end, on real files. Source: POST-09c-d."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from postloss.enums import Bucket
from postloss.models import Figure, MonthEnd, Snapshot
from tests.builders import Folder, close, indicators, indicators_text, late, load, loan, row
from underwriting.models import Loan

pytestmark = pytest.mark.django_db
BALANCES = ("outstanding", "m0", "m1", "m2", "m3", "tail_over_180")
COUNTS = ("n_m0", "n_m1", "n_m2", "n_m3", "n_tail")
RATIOS = ("roll_m0_1", "roll_m0_2", "overdue_rate")


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def book(folder):
    """Loans A to D in 北京 and E in 上海."""
    load(folder.loans(*(loan(name) for name in "ABCD"), loan("E", branch="上海")))
    return folder


def month(book, text, *rows, **how):
    """Load the rows of a month, as of its 28th where they say the default day."""
    day = f"{text[:4]}-{text[4:]}-28"
    moved = [each | {"as_of": day} if each["as_of"] == "2017-05-31" else each for each in rows]
    return load(book.repayments(*moved, month=text, **how))


def closed(status="结清", loan_no="A", **cells):
    return row(loan_no, status=status, **({"outstanding_principal": "700"} | cells))


def total(text, *words):
    (line,) = indicators(text, *words)
    return line


def buckets():
    """loan number → bucket in the newest month-end."""
    row = MonthEnd.objects.order_by("-month", "-version")[0]
    names = dict(Loan.objects.values_list("pk", "loan_no"))
    found = Snapshot.objects.filter(month_end=row).values_list("loan_id", "bucket")
    return {names[loan_id]: Bucket(bucket) for loan_id, bucket in found}


def refusal_of(*words):
    with pytest.raises(CommandError) as refusal:
        call_command("close_month", *words, "--json", stdout=io.StringIO(), stderr=io.StringIO())
    return str(refusal.value)


# days and buckets


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (1, Bucket.M1), (30, Bucket.M1), (31, Bucket.M2), (60, Bucket.M2), (61, Bucket.M3),
        (90, Bucket.M3), (180, Bucket.M3), (181, Bucket.TAIL), (4000, Bucket.TAIL),
    ],
)  # fmt: skip
def test_a_late_loan_stands_in_the_bucket_of_its_days(book, days, bucket):
    month(book, "201705", late("A", days, 1), row("B"))
    close("2017-05")
    assert buckets() == {"A": bucket, "B": Bucket.M0}


def test_the_tail_stands_outside_the_outstanding_balance(book):
    month(book, "201705", late("A", 181, 7), late("B", 180, 6), row("C"))
    close("2017-05")
    line = total("2017-05")
    assert [line[name] for name in BALANCES] == [
        "100000.00", "50000.00", "0.00", "0.00", "50000.00", "50000.00",
    ]  # fmt: skip
    assert [line[name] for name in COUNTS] == ["1", "0", "0", "1", "1"]
    assert [line[name] for name in RATIOS] == ["", "", "0.50000000"]


def test_days_count_and_not_instalments_and_the_difference_is_listed(book):
    month(book, "201705", late("A", 29, 2), late("B", 31, 2))
    close("2017-05")
    assert buckets() == {"A": Bucket.M1, "B": Bucket.M2}
    assert total("2017-05")["n_basis_differs"] == "1"


# the day of the month


@pytest.mark.parametrize("day", ["2017-05-01", "2017-05-17", "2017-05-31"])
def test_a_row_may_stand_on_any_day_of_its_month(book, day):
    load(book.repayments(row("A", as_of=day)))
    assert close("2017-05")[0]["loans"] == 1


def test_a_month_uses_the_latest_day_of_each_loan(book):
    load(book.repayments(late("A", 9, as_of="2017-05-10"), late("B", 9, as_of="2017-05-10")))
    load(book.repayments(row("A", as_of="2017-05-25", outstanding_principal="1"), tail="b"))
    load(book.repayments(late("A", 40, 2, as_of="2017-05-20"), tail="c"))
    close("2017-05")
    assert buckets() == {"A": Bucket.M0, "B": Bucket.M1}
    assert total("2017-05")["m0"] == "1.00"


def test_a_file_of_another_day_does_not_make_the_first_ones_loans_missing(book):
    load(book.repayments(row("A", as_of="2017-05-10"), row("B", as_of="2017-05-10")))
    load(book.repayments(row("C", as_of="2017-05-31"), tail="b"))
    assert close("2017-05")[0] | {"warnings": 0} == {
        "month": "2017-05", "version": 1, "loans": 3, "not_reported": 0, "warnings": 0,
    }  # fmt: skip


def test_a_replaced_date_leaves_the_day_before_it_in_force(book):
    load(book.repayments(row("A", as_of="2017-05-10"), row("B", as_of="2017-05-10")))
    load(book.repayments(late("A", 3), row("B"), tail="b"))
    load(book.repayments(row("B"), tail="c"), words=["--replace"])
    close("2017-05")
    assert buckets() == {"A": Bucket.M0, "B": Bucket.M0}


# what carries a balance


@pytest.mark.parametrize("status", ["结清", "核销"])
@pytest.mark.parametrize("amount", ["", "0", "700", "-700"])
def test_a_closed_loan_carries_no_balance_and_no_count(book, status, amount):
    month(book, "201705", closed(status, outstanding_principal=amount), row("B"))
    assert close("2017-05")[0]["loans"] == 1
    line = total("2017-05")
    assert [line[name] for name in BALANCES] == ["50000.00", "50000.00", *["0.00"] * 4]
    assert [line[name] for name in COUNTS] == ["1", "0", "0", "0", "0"]


def test_a_closed_loan_with_days_overdue_carries_nothing_either(book):
    late_and_closed = closed("核销", days_overdue="200", instalments_overdue="7")
    month(book, "201705", late_and_closed, row("B"))
    close("2017-05")
    assert total("2017-05")["n_tail"] == "0"


def test_a_live_loan_at_balance_zero_counts(book):
    month(
        book, "201705", row("A", outstanding_principal="0"), late("B", 5, outstanding_principal="0")
    )
    assert close("2017-05")[0]["loans"] == 2
    line = total("2017-05")
    assert [line[name] for name in COUNTS] == ["1", "1", "0", "0", "0"]
    assert [line[name] for name in (*BALANCES, *RATIOS)] == [*["0.00"] * 6, "", "", ""]


def test_rejected_rows_do_not_count(book):
    month(book, "201705", row("A"), row("B", status="?"))
    assert close("2017-05")[0]["loans"] == 1


# loans that were not reported


def test_a_live_loan_without_a_row_is_not_reported_with_its_last_balance_and_returns(book):
    month(book, "201705", row("A"), late("B", 40, 2, outstanding_principal="300"))
    month(book, "201706", row("A"))
    month(book, "201707", row("A"), row("B", outstanding_principal="200"))
    outcomes = close("2017-05", through="2017-07")
    assert [(each["loans"], each["not_reported"]) for each in outcomes] == [(2, 0), (1, 1), (2, 0)]
    june = total("2017-06")
    assert (june["n_not_reported"], june["not_reported_balance"]) == ("1", "300.00")
    assert (june["outstanding"], june["m2"], june["n_m2"]) == ("50000.00", "0.00", "0")
    assert total("2017-07")["outstanding"] == "50200.00"


def test_a_loan_stays_not_reported_for_as_long_as_it_is_silent(book):
    month(book, "201705", row("A"), row("B"))
    for text in ("201706", "201707", "201708"):
        month(book, text, row("A"))
    outcomes = close("2017-05", through="2017-08")
    assert [each["not_reported"] for each in outcomes] == [0, 1, 1, 1]
    assert total("2017-08")["not_reported_balance"] == "50000.00"


@pytest.mark.parametrize("status", ["结清", "核销"])
def test_a_loan_whose_latest_row_is_closed_is_not_missing(book, status):
    month(book, "201705", closed(status), row("B"))
    month(book, "201706", row("B"))
    assert [each["not_reported"] for each in close("2017-05", through="2017-06")] == [0, 0]


def test_a_loan_that_never_had_a_row_is_not_yet_reported(book):
    month(book, "201705", row("A"))
    outcome = close("2017-05")[0]
    assert (outcome["loans"], outcome["not_reported"]) == (1, 0)
    assert buckets() == {"A": Bucket.M0}


def test_a_row_that_was_corrected_to_closed_later_ends_the_waiting(book):
    month(book, "201705", row("A"), row("B"))
    month(book, "201706", row("A"))
    close("2017-05", through="2017-06")
    month(book, "201705", closed("结清", "B"), tail="_v2")
    month(book, "201707", row("A"))
    assert close("2017-07")[0]["not_reported"] == 0


def test_a_row_delivered_late_for_an_earlier_month_makes_a_loan_missing(book):
    month(book, "201705", row("A"))
    close("2017-05")
    month(book, "201705", row("B", outstanding_principal="5"), tail="_v2")
    month(book, "201706", row("A"))
    assert close("2017-06")[0]["not_reported"] == 1
    assert total("2017-06")["not_reported_balance"] == "5.00"


def test_the_loans_of_a_silent_lender_are_not_reported(book):
    load(book.loans(loan("X"), name="loans_x.csv"), lender="L02")
    load(book.repayments(row("X"), name="repayment_201705_x.csv"), lender="L02")
    month(book, "201705", row("A"))
    month(book, "201706", row("A"))
    assert [each["not_reported"] for each in close("2017-05", through="2017-06")] == [0, 1]
    assert [line["lender"] for line in indicators("2017-06", "--by", "lender")] == ["L01"]


def test_a_slice_without_a_live_row_prints_no_line(book):
    month(book, "201705", row("A"), row("E"))
    month(book, "201706", row("A"))
    month(book, "201707", row("A"), closed("结清", "E"))
    close("2017-05", through="2017-07")
    branches = [
        [line["branch"] for line in indicators(text, "--by", "branch")]
        for text in ("2017-05", "2017-06", "2017-07")
    ]
    assert branches == [["上海", "北京"], ["北京"], ["北京"]]
    assert (
        Figure.objects.get(
            month_end__month="2017-06-01", dimension="branch", value="上海", lender=None
        ).n_not_reported
        == 1
    )


def test_a_month_without_any_live_row_prints_its_header_alone(book):
    month(book, "201705", closed())
    assert close("2017-05")[0]["loans"] == 0
    assert indicators_text("2017-05").count("\n") == 1


# denominators


def test_roll_rates_divide_by_the_calendar_months_before(book):
    month(
        book, "201705", row("A", outstanding_principal="600"), row("B", outstanding_principal="300")
    )
    month(
        book,
        "201706",
        row("A", outstanding_principal="500"),
        late("B", 1, outstanding_principal="300"),
    )
    month(
        book,
        "201707",
        late("A", 7, outstanding_principal="400"),
        late("B", 31, 2, outstanding_principal="300"),
    )
    close("2017-05", through="2017-07")
    ratios = [[total(text)[name] for name in RATIOS] for text in ("2017-05", "2017-06", "2017-07")]
    assert ratios == [
        ["", "", "0.00000000"],
        ["0.33333333", "", "0.37500000"],
        ["0.80000000", "0.33333333", "1.00000000"],
    ]


def test_a_gap_month_leaves_the_ratios_undefined(book):
    month(book, "201705", row("A"), row("B"))
    month(book, "201707", late("A", 3), late("B", 33, 2))
    month(book, "201708", late("A", 3), row("B"))
    close("2017-05", through="2017-08")
    july, august = total("2017-07"), total("2017-08")
    assert (july["roll_m0_1"], july["roll_m0_2"]) == ("", "0.50000000")
    assert (august["roll_m0_1"], august["roll_m0_2"]) == ("", "")


def test_a_ratio_is_undefined_without_such_a_slice_and_at_zero(book):
    month(book, "201705", late("A", 3), row("B", outstanding_principal="0"))
    month(book, "201706", late("A", 3), late("E", 3))
    close("2017-05", through="2017-06")
    lines = {line["branch"]: line for line in indicators("2017-06", "--by", "branch")}
    assert lines["北京"]["roll_m0_1"] == ""
    assert lines["上海"]["roll_m0_1"] == ""
    assert lines["上海"]["overdue_rate"] == "1.00000000"


def test_a_roll_rate_may_exceed_one(book):
    month(book, "201705", row("A", outstanding_principal="1"), late("B", 3))
    month(book, "201706", late("A", 3, outstanding_principal="1"), late("B", 3))
    close("2017-05", through="2017-06")
    assert total("2017-06")["roll_m0_1"] == "50001.00000000"


def test_ratios_are_rounded_half_up_to_eight_places(book):
    month(book, "201705", row("A", outstanding_principal="64"), row("B", outstanding_principal="0"))
    month(
        book,
        "201706",
        late("A", 3, outstanding_principal="0.01"),
        row("B", outstanding_principal="3.19"),
    )
    close("2017-05", through="2017-06")
    # 0.01 / 64 = 0.00015625; 0.01 / 3.20 = 0.003125
    assert total("2017-06")["roll_m0_1"] == "0.00015625"
    month(
        book,
        "201707",
        late("A", 3, outstanding_principal="0.01"),
        row("B", outstanding_principal="6.39"),
    )
    close("2017-07")
    assert total("2017-07")["overdue_rate"] == "0.00156250"
    assert total("2017-07")["roll_m0_1"] == "0.00313480"  # 0.01 / 3.19 = 0.003134796…


# what may be closed


def test_a_month_without_a_file_is_refused(book):
    assert "2017-05" in refusal_of("2017-05")
    month(book, "201705", row("A"))
    close("2017-05")
    assert "2017-06" in refusal_of("2017-06")


def test_a_refused_file_is_no_file_of_the_month(book):
    from tests.builders import load_all

    load_all(book.raw("repayment_201705.csv", "x"))
    assert "2017-05" in refusal_of("2017-05")


def test_a_month_behind_an_open_one_is_refused(book):
    month(book, "201705", row("A"))
    month(book, "201706", row("A"))
    assert "2017-05" in refusal_of("2017-06")
    assert not MonthEnd.objects.exists()


def test_closing_again_is_a_no_op_with_the_present_version(book):
    month(book, "201705", row("A"))
    first = close("2017-05")
    month(book, "201705", row("B"), tail="_v2")
    assert close("2017-05") == first
    assert MonthEnd.objects.count() == 1
    assert total("2017-05")["n_m0"] == "1"


def test_closing_through_a_month_closes_what_is_open_and_skips_months_without_files(book):
    month(book, "201705", row("A"))
    month(book, "201708", row("A"))
    close("2017-05")
    outcomes = close("2017-05", through="2017-12")
    assert [(each["month"], each["version"]) for each in outcomes] == [
        ("2017-05", 1),
        ("2017-08", 1),
    ]


def test_a_month_that_was_skipped_may_be_closed_when_its_file_comes(book):
    month(book, "201705", row("A"))
    month(book, "201707", row("A"))
    close("2017-05", through="2017-07")
    month(book, "201706", row("A"))
    month(book, "201708", row("A"))
    assert "2017-06" in refusal_of("2017-08")
    assert [each["month"] for each in close("2017-06", through="2017-08")] == [
        "2017-06", "2017-07", "2017-08",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", [["2017-13"], ["201705"], ["2017-5"], ["2017-05", "--through", "x"]]
)
def test_what_is_no_month_is_wrong_usage(words):
    refusal_of(*words)


def test_closing_through_an_earlier_month_is_wrong_usage(book):
    month(book, "201705", row("A"))
    assert "2017-04" in refusal_of("2017-05", "--through", "2017-04")


def test_the_json_has_exactly_the_promised_shape(book):
    month(book, "201705", row("A"))
    (outcome,) = close("2017-05")
    assert [*outcome] == ["month", "version", "loans", "not_reported", "warnings"]
    assert {*outcome["warnings"]} == {"red", "orange", "yellow", "data_quality", "new", "closed"}
    assert all(isinstance(count, int) for count in outcome["warnings"].values())


def test_without_json_each_month_is_one_line(book):
    month(book, "201705", row("A"))
    out = io.StringIO()
    call_command("close_month", "2017-05", stdout=out, stderr=io.StringIO())
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().startswith("2017-05 v1: 1 loans")


# data quality


def test_loans_that_were_not_reported_raise_one_warning_per_lender_branch_and_month(book):
    from postloss.enums import WarningKind
    from postloss.models import RiskWarning

    month(book, "201705", *(row(name) for name in "ABCDE"))
    month(book, "201706", row("A"))
    outcome = close("2017-05", through="2017-06")[1]
    assert outcome["not_reported"] == 4
    raised = RiskWarning.objects.filter(kind=WarningKind.NOT_REPORTED)
    assert sorted(raised.values_list("lender__code", "value")) == [("L01", "上海"), ("L01", "北京")]
    assert outcome["warnings"]["data_quality"] >= 2
