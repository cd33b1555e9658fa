"""Frozen months, late corrections, restatements and their versions. Source: HQ-44."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.months import month_text
from postloss.models import MonthEnd
from tests.builders import Folder, close, indicators, indicators_text, late, load, loan, row

pytestmark = pytest.mark.django_db
MONTHS = ("2017-05", "2017-06", "2017-07")


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


@pytest.fixture
def closed(folder):
    """Three closed months of A and B; B falls late in June and stays so."""
    load(folder.loans(loan("A"), loan("B"), loan("C")))
    may = [row("A", outstanding_principal="600"), row("B", outstanding_principal="400")]
    june = [
        row("A", as_of="2017-06-30", outstanding_principal="500"),
        late("B", 5, as_of="2017-06-30", outstanding_principal="400"),
    ]
    july = [
        row("A", as_of="2017-07-31", outstanding_principal="400"),
        late("B", 36, 2, as_of="2017-07-31", outstanding_principal="400"),
    ]
    load(
        folder.repayments(*may),
        folder.repayments(*june, month="201706"),
        folder.repayments(*july, month="201707"),
    )
    close("2017-05", through="2017-07")
    return folder


def correct_may(folder):
    """B owed only 200 in May, and C was there too."""
    lines = [row("B", outstanding_principal="200"), row("C", outstanding_principal="1000")]
    load(folder.repayments(*lines, tail="_v2"))


def printed(*words):
    """What `indicators` prints of every month, text by text."""
    return [indicators_text(month, *words) for month in MONTHS]


def total(month, *words):
    (line,) = indicators(month, *words)
    return line


def denominators():
    """(month, version) → versions of the one and two months before."""
    rows = MonthEnd.objects.select_related("one_before", "two_before").order_by("month", "version")
    return {
        (month_text(each.month), each.version): tuple(
            before and (month_text(before.month), before.version)
            for before in (each.one_before, each.two_before)
        )
        for each in rows
    }


def test_a_late_correction_does_not_move_frozen_months(closed):
    before = printed()
    correct_may(closed)
    load(closed.loans(loan("A", branch="上海", principal="5"), name="loans_2.csv"))
    assert printed() == before
    close("2017-05", through="2017-07")
    assert printed() == before


def test_a_restatement_is_a_new_version_with_the_corrected_figures(closed):
    before = printed()
    correct_may(closed)
    (outcome,) = close("2017-05", restate="B 五月余额更正")
    assert (outcome["version"], outcome["loans"]) == (2, 3)
    may = total("2017-05")
    assert (may["outstanding"], may["n_m0"], may["version"]) == ("1800.00", "3", "2")
    assert indicators_text("2017-05", "--version", "1") == before[0]
    assert MonthEnd.objects.get(month="2017-05-01", version=2).reason == "B 五月余额更正"


def test_later_months_keep_the_denominators_that_they_were_frozen_with(closed):
    before = printed()
    correct_may(closed)
    close("2017-05", restate="x")
    assert printed()[1:] == before[1:]
    assert denominators()["2017-06", 1] == (("2017-05", 1), None)


def test_a_later_month_restated_alone_takes_the_present_versions(closed):
    correct_may(closed)
    close("2017-05", restate="x")
    close("2017-06", restate="y")
    assert denominators()["2017-06", 2] == (("2017-05", 2), None)
    june = total("2017-06")
    assert june["roll_m0_1"] == "0.22222222"  # 400 / 1800
    assert june["n_not_reported"] == "1"


def test_restating_through_a_month_restates_each(closed):
    old = printed()
    correct_may(closed)
    outcomes = close("2017-05", through="2017-07", restate="x")
    assert [(each["month"], each["version"]) for each in outcomes] == [
        (month, 2) for month in MONTHS
    ]
    assert [total(month)["roll_m0_1"] for month in MONTHS] == ["", "0.22222222", "0.00000000"]
    assert total("2017-07")["roll_m0_2"] == "0.22222222"  # 400 / 1800
    assert denominators()["2017-07", 2] == (("2017-06", 2), ("2017-05", 2))
    assert printed("--version", "1") == old


def test_restating_through_an_open_month_closes_it(closed):
    load(closed.repayments(row("A", as_of="2017-08-31"), month="201708"))
    outcomes = close("2017-07", through="2017-08", restate="x")
    assert [(each["month"], each["version"]) for each in outcomes] == [
        ("2017-07", 2),
        ("2017-08", 1),
    ]


def test_a_month_closed_later_divides_by_the_latest_versions(closed):
    correct_may(closed)
    close("2017-06", restate="x")
    load(closed.repayments(late("A", 3, as_of="2017-08-31"), month="201708"))
    close("2017-08")
    assert denominators()["2017-08", 1] == (("2017-07", 1), ("2017-06", 2))


def test_a_restatement_without_a_change_has_the_same_figures(closed):
    before = printed()
    close("2017-05", through="2017-07", restate="x")
    assert [text.replace(",2\n", ",1\n") for text in printed()] == before


def test_old_versions_stay_as_they_are_after_many_restatements(closed):
    before = printed()
    for number in range(3):
        correct_may(closed)
        close("2017-05", through="2017-06", restate=f"第{number}次")
    assert printed("--version", "1") == before
    assert total("2017-05")["version"] == "4"


@pytest.mark.parametrize("words", [["2017-08", "--restate", "x"], ["2017-05", "--restate", " "]])
def test_only_a_closed_month_is_restated_and_only_with_a_reason(closed, words):
    load(closed.repayments(row("A", as_of="2017-08-31"), month="201708"))
    with pytest.raises(CommandError):
        call_command("close_month", *words, stdout=io.StringIO(), stderr=io.StringIO())
    assert MonthEnd.objects.count() == 3


def test_a_restatement_whose_job_died_behind_it_is_not_made_twice(closed):
    from core import clock
    from core.enums import JobStatus
    from core.jobs import run
    from core.models import Job

    close("2017-05", restate="x")
    job = Job.objects.filter(kind="close_month").latest("pk")
    lease = clock.now()
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, finished_at=None, result=None, lease_until=lease
    )
    assert run(job.pk)
    job.refresh_from_db()
    assert (job.status, job.result["version"]) == (JobStatus.DONE, 2)
    assert MonthEnd.objects.filter(month="2017-05-01").count() == 2
    assert close("2017-05", restate="x")[0]["version"] == 3


def test_a_replacement_that_names_fewer_loans_restates_them_away(closed):
    load(closed.repayments(row("A", outstanding_principal="600"), tail="_v2"), words=["--replace"])
    (outcome,) = close("2017-05", restate="x")
    assert (outcome["loans"], outcome["not_reported"]) == (1, 0)
    assert total("2017-05")["outstanding"] == "600.00"


def test_a_replacement_that_names_fewer_loans_leaves_them_not_reported(closed):
    replacement = row("A", as_of="2017-07-31", outstanding_principal="400")
    load(closed.repayments(replacement, month="201707", tail="_v2"), words=["--replace"])
    (outcome,) = close("2017-07", restate="x")
    assert (outcome["loans"], outcome["not_reported"]) == (1, 1)
    assert total("2017-07")["not_reported_balance"] == "400.00"


def test_a_version_that_does_not_exist_is_refused(closed):
    for words in (["2017-05", "--version", "2"], ["2017-08"]):
        with pytest.raises(CommandError):
            indicators_text(*words)
