"""2,171 used-car loans over 44 months (Ally Auto Receivables Trust 2017-3; data/SOURCE.md)."""

import pytest

from tests.builders import counts, load
from tests.outside.panels import differences, load_and_close, oracle, unpack

PANEL = "aart2017used"


@pytest.mark.django_db
def test_every_month_equals_the_oracle_in_total_and_by_branch(tmp_path):
    folder = unpack(PANEL, tmp_path)
    batches, months = load_and_close(folder, first="2017-05", last="2020-12", lender="L01")
    assert (len(batches), len(months)) == (45, 44)
    assert sum(batch["rejected"] for batch in batches) == 0
    assert all(batch["rows"] == batch["accepted"] for batch in batches)

    assert differences(oracle(PANEL, "month_end_f4_f10.csv")) == []
    by_branch = oracle(PANEL, "month_end_f4_f10_by_branch.csv")
    assert differences(by_branch, "--by", "branch") == []

    assert months[-1]["not_reported"] == 13  # they vanish while still open
    again = load(folder / "loans.csv", folder / "repayment_202012.csv")
    assert [counts(batch)[1:4] for batch in again] == [(0, 0, batch["rows"]) for batch in again]
