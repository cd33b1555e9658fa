"""`load_lender_files`: what it takes, in which order, what it prints, how it ends."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from partners.models import Lender, LenderFile
from tests.builders import Folder, counts, load, load_all, load_one, loan, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def test_a_folder_is_loaded_loans_first_then_by_month(folder):
    folder.repayments(row("A", as_of="2017-06-30"), month="201706")
    folder.repayments(row("A"))
    folder.repayments(row("A", as_of="2016-12-31"), month="201612", tail="_new")
    folder.loans(loan("A"))
    names = [batch["file"] for batch in load(folder.path)]
    assert names == [
        "loans.csv",
        "repayment_201612_new.csv",
        "repayment_201705.csv",
        "repayment_201706.csv",
    ]


def test_files_named_in_any_order_are_sorted_too(folder):
    paths = [folder.repayments(row("A")), folder.loans(loan("A"), name="loans_1.csv")]
    batches = load(*paths)
    assert [counts(batch)[1] for batch in batches] == [1, 1]


def test_files_of_one_month_keep_the_order_in_which_they_are_named(folder):
    later = folder.repayments(row("A", outstanding_principal="1"), tail="_a")
    first = folder.repayments(row("A", outstanding_principal="2"), tail="_b")
    batches = load(folder.loans(loan("A")), first, later)
    assert [batch["file"] for batch in batches][1:] == [
        "repayment_201705_b.csv",
        "repayment_201705_a.csv",
    ]


def test_the_files_of_strangers_in_a_folder_are_left_alone(folder):
    folder.loans(loan("A"))
    for name in ("readme.txt", "repayment.csv", "repayment_201713.csv", "old_loans.csv", ".loans"):
        folder.raw(name, "nothing of ours")
    folder.raw("sub/loans.csv", "not looked at")
    assert [batch["file"] for batch in load(folder.path)] == ["loans.csv"]


@pytest.mark.parametrize(
    "name",
    ["loans", "LOANS.CSV", "loans_2017.txt", "repayment_201705", "repayment_20170531.csv",
     "repayment_201705-v2.tsv", "Repayment_201705.CSV"],
)  # fmt: skip
def test_a_name_says_what_a_file_is(folder, name):
    kind = "loans" if name.lower().startswith("loans") else "repayments"
    load(folder.loans(loan("A"), name="loans_first.csv"))
    make = folder.loans if kind == "loans" else folder.repayments
    line = loan("B") if kind == "loans" else row("A")
    batch = load_one(make(line, name=name))
    assert (batch["kind"], counts(batch)) == (kind, (1, 1, 0, 0, 0))


@pytest.mark.parametrize(
    "name", ["book.csv", "repayment.csv", "repayment_201713.csv", "x_loans.csv"]
)
def test_a_name_that_says_nothing_is_refused_when_it_is_asked_for(folder, name):
    (good, batch), refusal = load_all(folder.raw(name, "x"), folder.loans(loan("A")))
    assert counts(good) == (1, 1, 0, 0, 0)
    assert batch["file"] == name
    assert batch["kind"] is None
    assert "repayment_YYYYMM" in batch["refused"]
    assert name in refusal


def test_a_refused_file_does_not_stop_the_others_and_ends_with_1(folder):
    folder.loans(loan("A"))
    folder.raw("repayment_201705.csv", "nonsense\n")
    folder.repayments(row("A", as_of="2017-06-30"), month="201706")
    batches, refusal = load_all(folder.path)
    assert [counts(batch)[1] for batch in batches] == [1, 0, 1]
    assert [bool(batch["refused"]) for batch in batches] == [False, True, False]
    assert "repayment_201705.csv" in refusal
    assert "loans.csv" not in refusal


def test_a_missing_path_is_refused_and_the_others_load(folder):
    batches, refusal = load_all(folder.loans(loan("A")), folder.path / "loans_gone.csv")
    assert [counts(batch)[1] for batch in batches] == [1, 0]
    assert "loans_gone.csv" in refusal


def test_rejected_rows_end_with_0(folder):
    _, refusal = load_all(folder.loans(loan("A", rate="7")))
    assert refusal == ""


def test_a_refused_file_is_kept_as_refused_with_its_sentence(folder):
    load_all(folder.raw("loans.csv", "x\n"))
    file = LenderFile.objects.get()
    assert (file.state, file.rows) == ("refused", 0)
    assert "loan_no" in file.refusal


def test_an_unknown_lender_is_refused_with_what_to_do(folder):
    folder.loans(loan("A"))
    with pytest.raises(CommandError, match="--create-lender"):
        call_command("load_lender_files", str(folder.path), "--lender", "L99", stderr=io.StringIO())
    assert not LenderFile.objects.exists()


def test_a_lender_is_created_once_and_keeps_its_name(folder):
    load(folder.loans(loan("A")))
    with_other_name = ["--create-lender", "别的名字"]
    load(folder.loans(loan("B"), name="loans_b.csv"), words=with_other_name)
    assert [*Lender.objects.values_list("code", "name")] == [("L01", "甲银行")]


def test_the_json_has_exactly_the_promised_shape(folder):
    batches, _ = load_all(folder.loans(loan("A")), folder.repayments(row("A"), row("Z")),
                          folder.raw("repayment_201706.csv", ""))  # fmt: skip
    path = batches[1].pop("rejects_file")
    assert path.endswith("repayment_201705.rejects.xlsx")
    assert batches == [
        {"file": "loans.csv", "kind": "loans", "as_of": None, "rows": 1, "accepted": 1,
         "rejected": 0, "unchanged": 0, "flagged": 0, "refused": None, "rejects_file": None},
        {"file": "repayment_201705.csv", "kind": "repayments", "as_of": "2017-05-31", "rows": 2,
         "accepted": 1, "rejected": 1, "unchanged": 0, "flagged": 0, "refused": None},
        {"file": "repayment_201706.csv", "kind": "repayments", "as_of": None, "rows": 0,
         "accepted": 0, "rejected": 0, "unchanged": 0, "flagged": 0,
         "refused": batches[2]["refused"], "rejects_file": None},
    ]  # fmt: skip


def test_the_as_of_of_a_batch_is_the_latest_of_its_good_lines(folder):
    lines = [
        row("A", as_of="2017-05-10"),
        row("B", as_of="2017-05-20"),
        row("Z", as_of="2017-05-31"),
    ]
    batches = load(folder.loans(loan("A"), loan("B")), folder.repayments(*lines))
    assert batches[1]["as_of"] == "2017-05-20"


def test_without_json_each_file_is_one_line_of_words(folder):
    folder.loans(loan("A"))
    out, err = io.StringIO(), io.StringIO()
    call_command("load_lender_files", str(folder.path), "--lender", "L01", "--create-lender", "甲",
                 stdout=out, stderr=err)  # fmt: skip
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().startswith("loans.csv: ")
    assert "loading loans.csv" in err.getvalue()


def test_with_json_standard_output_holds_nothing_else(folder):
    folder.loans(loan("A"))
    folder.raw("stranger.txt", "x")
    out = io.StringIO()
    call_command("load_lender_files", str(folder.path), "--lender", "L01", "--create-lender", "甲",
                 "--json", stdout=out, stderr=io.StringIO())  # fmt: skip
    assert [*json.loads(out.getvalue())] == ["batches"]
