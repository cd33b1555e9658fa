"""Rows of figures: printing, order, reasons."""

from dataclasses import replace
from decimal import Decimal

import pytest

from reporting.enums import FigureCode, MissingReason, ReportState
from reporting.rules.pack import figures_csv, manifest_json
from reporting.rules.rows import (
    Denominators,
    SliceFigures,
    in_order,
    ratio_reason,
    ratio_row,
    slice_rows,
)
from reporting.states import OWNERS, TRANSITIONS, next_state

KNOWN = Denominators({("branch", "FL"): Decimal(0)}, {("branch", "FL"): Decimal(5)})
FL = SliceFigures(
    dimension="branch",
    value="FL",
    m0=Decimal("100000.00"),
    m1=Decimal("140000.00"),
    m2=Decimal("90000.00"),
    m3=Decimal("50000.00"),
    tail_over_180=Decimal("20000.00"),
    outstanding=Decimal("380000.00"),
    disbursed_amount=Decimal("350000.00"),
    retained_exposure=Decimal("171000.005000"),
    not_reported_balance=Decimal(0),
    n_m0=1,
    n_m1=2,
    n_m2=2,
    n_m3=2,
    n_tail=1,
    n_not_reported=0,
    n_basis_differs=0,
    roll_m0_1=Decimal("0.28"),
    roll_m0_2=None,
    overdue_rate=Decimal(280) / Decimal(380),
)


def _printed(figures, before=KNOWN):
    rows = slice_rows(figures, before, period="2017-06", version=2)
    return {row.code: (row.value, row.unit, row.reason) for row in rows}


def test_amounts_to_the_fen_ratios_to_eight_places_counts_whole():
    printed = _printed(FL)
    assert printed["retained_exposure"] == ("171000.01", "yuan", "")
    assert printed["m3_incl_tail"] == ("70000.00", "yuan", "")
    assert printed["roll_m0_1"] == ("0.28000000", "ratio", "")
    assert printed["overdue_rate"] == ("0.73684211", "ratio", "")
    assert printed["n_m1"] == ("2", "count", "")


def test_a_zero_ratio_is_printed_plain():
    assert _printed(replace(FL, roll_m0_1=Decimal("0E-18")))["roll_m0_1"][0] == "0.00000000"


def test_claimed_principal_is_a_line_of_the_whole_book_alone_and_not_zero():
    assert "claimed_principal" not in _printed(FL)
    total = _printed(replace(FL, dimension="total", value=""))
    assert total["claimed_principal"] == ("", "yuan", MissingReason.CLAIMS_NOT_RECORDED)


@pytest.mark.parametrize(
    ("code", "key", "before", "reason"),
    [
        ("roll_m0_1", ("branch", "FL"), KNOWN, MissingReason.DENOMINATOR_ZERO),
        ("roll_m0_1", ("branch", "GA"), KNOWN, MissingReason.NO_SUCH_SLICE_BEFORE),
        ("roll_m0_1", ("branch", "FL"), Denominators(None, {}), MissingReason.NO_MONTH_BEFORE),
        (
            "roll_m0_2",
            ("branch", "FL"),
            Denominators({}, None),
            MissingReason.NO_TWO_MONTHS_BEFORE,
        ),
        ("overdue_rate", ("branch", "FL"), KNOWN, MissingReason.DENOMINATOR_ZERO),
    ],
)
def test_why_a_ratio_is_undefined(code, key, before, reason):
    assert ratio_reason(code, key, before) == reason


def test_slices_stand_in_the_order_of_dimensions_and_numbers_by_size():
    slices = [
        replace(FL, dimension=dimension, value=value)
        for dimension, value in (("mob", "10"), ("mob", "9"), ("branch", "FL"), ("total", ""))
    ]
    assert [each.key for each in in_order(slices, ["total", "branch", "mob"])] == [
        ("total", ""),
        ("branch", "FL"),
        ("mob", "9"),
        ("mob", "10"),
    ]


def test_the_file_is_plain_csv_with_quoted_names():
    row = ratio_row(
        "overdue_rate",
        Decimal("0.5"),
        "",
        period="2017-06",
        version=3,
        at_slice=("branch", 'A,"B"'),
    )
    assert figures_csv([row]).decode() == (
        "code,period,dimension,value,unit,version,reason\n"
        'overdue_rate,2017-06,"branch=A,""B""",0.50000000,ratio,3,\n'
    )


def test_the_manifest_hashes_what_there_is_and_says_what_is_missing():
    body = manifest_json(
        files={"a": b"abc"}, missing={"report.pdf": "no Pango"}, about={"quarter": "2017Q2"}
    ).decode()
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" in body
    assert "no Pango" in body


def test_every_code_is_printed_under_a_chinese_name():
    from reporting.adapters.words import CODES

    assert set(CODES) == set(FigureCode)


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("action", TRANSITIONS)
def test_every_state_and_action(state, action):
    expected = {("draft", "review"): "reviewed", ("reviewed", "release"): "released"}
    assert next_state(state, action) == expected.get((state.value, action))


def test_every_state_has_an_owner_or_is_the_end():
    assert set(OWNERS) == set(ReportState)
    assert [state for state, owner in OWNERS.items() if not owner] == [ReportState.RELEASED]
