"""How a finance file is read, line by line."""

import datetime as dt
from decimal import Decimal

import pytest

from core.errors import RuleBroken
from ledger.enums import CheckCode, FinanceLine, RowFault
from ledger.rules.checks import checks_of_month
from ledger.rules.files import FinanceRow, RejectedRow, decode, read_finance_sheet

HEADER = "month,code,amount\n"


def _rejects(*lines):
    return read_finance_sheet(HEADER + "\n".join(lines)).rejects


def test_a_good_line_is_a_month_a_line_and_yuan():
    sheet = read_finance_sheet(HEADER + "2017-06,claims_paid,-12.50\n\n2017-07,claims_paid,3\n")
    assert sheet.rows == [
        FinanceRow(2, dt.date(2017, 6, 1), "claims_paid", Decimal("-12.50")),
        FinanceRow(4, dt.date(2017, 7, 1), "claims_paid", Decimal(3)),
    ]
    assert sheet.rejects == []


def test_columns_stand_in_any_order_and_others_are_noted():
    sheet = read_finance_sheet("备注,amount,code,month\nx,1.00,claims_paid,2017-06\n")
    assert sheet.rows[0].amount == Decimal("1.00")
    assert sheet.ignored_columns == ["备注"]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("2017-06,claims_paid", [RowFault.COLUMN_COUNT]),
        ("2017-13,claims_paid,1", [RowFault.MONTH_UNREADABLE]),
        ("2017-06,claims,1", [RowFault.CODE_UNKNOWN]),
        ("2017-06,claims_paid,", [RowFault.AMOUNT_UNREADABLE]),
        ("2017-06,claims_paid,NaN", [RowFault.AMOUNT_UNREADABLE]),
        ("2017-06,claims_paid,1e3", [RowFault.AMOUNT_UNREADABLE]),
        ("2017-06,claims_paid,\uff11\uff12", [RowFault.AMOUNT_UNREADABLE]),
        ("2017-06,claims_paid,1.005", [RowFault.MORE_DECIMALS]),
        ("2017-06,claims_paid,1234567890123456789", [RowFault.AMOUNT_TOO_LARGE]),
        (
            "2017/6,claim,x",
            [RowFault.MONTH_UNREADABLE, RowFault.CODE_UNKNOWN, RowFault.AMOUNT_UNREADABLE],
        ),
    ],
)
def test_a_bad_line_is_kept_with_all_its_reasons(line, faults):
    assert _rejects(line) == [RejectedRow(2, line, tuple(faults))]


def test_each_line_of_a_repeated_key_is_rejected():
    rejects = _rejects("2017-06,claims_paid,1", "2017-06,claims_paid,2")
    assert [(row.line_no, row.faults) for row in rejects] == [
        (2, (RowFault.REPEATED,)),
        (3, (RowFault.REPEATED,)),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "file_empty"),
        (HEADER, "file_empty"),
        ("month,amount\n2017-06,1\n", "column_missing"),
        ("month,code,amount,month\n2017-06,claims_paid,1,2017-06\n", "column_missing"),
        ("PK\x03\x04\0\0", "not_csv"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(text, code):
    with pytest.raises(RuleBroken) as refusal:
        read_finance_sheet(text)
    assert refusal.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_comes_in_three_encodings(encoding):
    assert decode("备注,month𠮷".encode(encoding)) == "备注,month𠮷"


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(RuleBroken):
        decode(b"\xff\xff\xff")


def test_negative_amounts_are_pointed_out_except_on_changes():
    month = dt.date(2017, 6, 1)
    lines = {line.value: Decimal(-1) for line in FinanceLine}
    lines[FinanceLine.CEDED_PREMIUM] = Decimal(1)
    codes = {check.lines: check.code for check in checks_of_month(month, lines)}
    assert codes[(FinanceLine.CLAIMS_PAID,)] == CheckCode.NEGATIVE_AMOUNT
    assert codes[(FinanceLine.EARNED_PREMIUM,)] == CheckCode.NEGATIVE_EARNED_PREMIUM
    assert (FinanceLine.CLAIMS_RESERVE_CHANGE,) not in codes
    assert CheckCode.LINES_MISSING not in codes.values()


def test_missing_lines_are_named():
    month = dt.date(2017, 6, 1)
    [check] = checks_of_month(month, {"claims_paid": Decimal(1)})
    assert check.code == CheckCode.LINES_MISSING
    assert "earned_premium" in check.lines
    assert "claims_paid" not in check.lines
