"""30,000 credit cards in Taiwan over six months (UCI 350; data/SOURCE.md)."""

import pytest

from tests.outside.panels import differences, load_and_close, oracle, unpack

PANEL = "uci_taiwan"


@pytest.mark.django_db
def test_every_month_equals_the_oracle_in_total_and_by_branch(tmp_path):
    folder = unpack(PANEL, tmp_path)
    batches, months = load_and_close(folder, first="2005-04", last="2005-09", lender="L02")
    assert (len(batches), len(months)) == (7, 6)
    assert sum(batch["rejected"] for batch in batches) == 0
    assert all(batch["rows"] == batch["accepted"] == 30_000 for batch in batches)

    assert differences(oracle(PANEL, "month_end_f4_f10.csv")) == []
    by_branch = oracle(PANEL, "month_end_f4_f10_by_branch.csv")
    assert differences(by_branch, "--by", "branch") == []
    assert {month["not_reported"] for month in months} == {0}
