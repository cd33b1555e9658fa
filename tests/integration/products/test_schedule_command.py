"""`manage.py schedule`, run as people run it: its own process, a home with nothing in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import ManagementUtility

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"
LOAN = ("--principal", "280000", "--rate", "0.084", "--periods", "20", "--start", "2024-01-31")
WHOLE = ("--method", "equal_instalment", "--rounding", "up", "--unit", "1")


def run(home, *arguments):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "FILES_ROOT"}
    }
    return subprocess.run(
        [sys.executable, MANAGE, "schedule", *arguments],
        env=environment | {"XINBAO_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def schedule(capsys):
    """Run the command in this process; return its exit code, output and words."""

    def call(*arguments):
        code = 0
        try:
            ManagementUtility(["manage.py", "schedule", *arguments]).execute()
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return call


def test_it_prints_the_schedule_and_nothing_else_and_starts_no_service(tmp_path):
    done = run(tmp_path, *LOAN, *WHOLE, "--format", "csv")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert lines[0] == "n,due_on,principal,interest,instalment,balance"
    assert lines[1] == "1,2024-02-29,13092.00,1960.00,15052.00,266908.00"
    assert lines[20] == "20,2025-09-30,14941.00,105.00,15046.00,0.00"
    assert len(lines) == 21
    assert {each.name for each in tmp_path.iterdir()} <= {"secrets", "files"}


def test_a_refusal_leaves_the_process_with_1_and_wrong_usage_with_2(tmp_path):
    refused = run(tmp_path, *LOAN, "--method", "bullet", "--principal", "0")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert run(tmp_path, *LOAN, "--method", "balloon").returncode == 2


def test_a_fixed_instalment_has_its_own_number_of_rows_and_says_so(schedule):
    code, output, words = schedule(
        *LOAN, "--method", "fixed_instalment", "--instalment", "14000", "--unit", "1"
    )
    assert code == 0
    assert output.splitlines()[22] == "22,2025-11-30,8651.00,61.00,8712.00,0.00"
    assert words == "The instalment repays in 22 periods.\n"


def test_a_broken_first_period_by_days(schedule):
    broken = ("--first-due", "2024-03-10", "--day-count", "act/365")
    _, output, _ = schedule(*LOAN, "--method", "interest_first", *broken)
    # 280,000 at 8.4 % for 39 days over 365
    assert output.splitlines()[1] == "1,2024-03-10,0.00,2513.10,2513.10,280000.00"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--method", "bullet", "--principal", "-1"), "The principal must be above zero."),
        (("--method", "bullet", "--rate", "8.4"), "from 0 to 1"),
        (("--method", "bullet", "--periods", "0"), "The periods must be"),
        (("--method", "bullet", "--first-due", "2024-01-31"), "must be after the start"),
        (("--method", "bullet", "--start", "9999-01-31"), "beyond the calendar"),
        (
            ("--method", "fixed_instalment", "--instalment", "1959"),
            "The instalment of 1959.00 does not cover the interest of 1960.00 due on 2024-02-29.",
        ),
    ],
)
def test_impossible_terms_are_refused_with_one_sentence(schedule, arguments, sentence):
    code, output, words = schedule(*LOAN, *arguments)
    assert (code, output) == (1, "")
    assert sentence in words
    assert len(words.splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--method", "balloon"),
        ("--method", "bullet", "--rate", "a tenth"),
        ("--method", "bullet", "--rate", "NaN"),
        ("--method", "bullet", "--start", "31.01.2024"),
        ("--method", "bullet", "--day-count", "30/365"),
        ("--method", "bullet", "--unit", "0.1"),
        ("--method", "bullet", "--instalment", "100"),
        ("--method", "fixed_instalment"),
    ],
)
def test_wrong_usage_is_exit_2(schedule, arguments):
    code, output, words = schedule(*LOAN, *arguments)
    assert (code, output) == (2, "")
    assert words
