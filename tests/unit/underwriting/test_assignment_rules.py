"""PRE-02f, PRE-02g, HQ-15: which claims are insured, and whose insured may change."""

import datetime as dt

import pytest

from underwriting.rules.assignments import (
    Transfer,
    assignment_findings,
    change_of_insured_findings,
)


def transfer(sequence, giver, taker):
    return Transfer(
        sequence=sequence,
        from_name=giver,
        to_name=taker,
        contract_no=f"T{sequence}",
        transferred_on=dt.date(2026, 1, sequence),
    )


@pytest.mark.parametrize(
    ("chain", "insured", "expected"),
    [
        ((), "甲银行", []),
        ((transfer(1, "甲银行", "乙信托"),), "乙信托", []),
        (None, "甲银行", ["history_unknown"]),
        (
            (transfer(1, "甲银行", "乙信托"), transfer(2, "乙信托", "丙银行")),
            "丙银行",
            ["second_transfer"],
        ),
        ((transfer(1, "丁小贷", "乙信托"),), "乙信托", ["not_by_original_creditor"]),
        ((), "乙信托", ["insured_holds_no_claim"]),
    ],
)
def test_PRE_02f_only_a_first_assignment_by_the_original_creditor_is_insured(
    chain, insured, expected
):
    found = assignment_findings(chain, original_creditor="甲银行", insured=insured)
    assert [each.code for each in found] == expected


def test_PRE_02g_the_insured_of_an_assigned_claim_stays():
    found = change_of_insured_findings(transfers_before=1, changes_before=0, most_changes=1)
    assert [(each.code, each.article) for each in found] == [("assigned_before_cover", "PRE-02g")]


def test_HQ_15_the_insured_changes_as_often_as_the_company_allows():
    def codes(before):
        return [
            each.code
            for each in change_of_insured_findings(
                transfers_before=0, changes_before=before, most_changes=1
            )
        ]

    assert (codes(0), codes(1)) == ([], ["changed_already"])
