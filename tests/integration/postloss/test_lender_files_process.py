"""The three commands as processes: exit codes, and a standard output that holds data alone."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests import databases
from tests.builders import Folder, late, loan, row

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def manage(django_db_setup):
    """Run `manage.py` on an empty, migrated database of its own."""
    copy = f"{connection.settings_dict['NAME']}_commands"
    environment = os.environ | {
        "DATABASE_URL": databases.clone(copy),
        "XINBAO_HOME": str(settings.XINBAO_HOME),
    }

    def run(*words):
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    yield run
    databases.drop(copy)


def test_one_flow_from_files_to_figures(manage, tmp_path):
    folder = Folder(tmp_path)
    folder.loans(loan("A"), loan("B"))
    folder.repayments(row("A"), late("B", 31, 2), row("Z"))
    folder.raw("stranger.txt", "x")

    loaded = manage(
        "load_lender_files", "--lender", "L01", "--create-lender", "甲银行", tmp_path, "--json"
    )
    assert loaded.returncode == 0, loaded.stderr
    assert [batch["rejected"] for batch in json.loads(loaded.stdout)["batches"]] == [0, 1]
    assert "left alone: stranger.txt" in loaded.stderr
    assert Path(json.loads(loaded.stdout)["batches"][1]["rejects_file"]).is_file()

    folder.raw("repayment_201706.csv", "nonsense")
    refused = manage("load_lender_files", "--lender", "L01", tmp_path, "--json")
    assert refused.returncode == 1
    batches = json.loads(refused.stdout)["batches"]
    assert [bool(batch["refused"]) for batch in batches] == [False, False, True]
    assert "Traceback" not in refused.stderr

    closed = manage("close_month", "2017-05", "--json")
    assert closed.returncode == 0, closed.stderr
    (month,) = json.loads(closed.stdout)["months"]
    assert (month["month"], month["version"], month["loans"]) == ("2017-05", 1, 2)

    figures = manage("indicators", "2017-05", "--by", "branch", "--format", "csv")
    assert figures.returncode == 0, figures.stderr
    (line,) = csv.DictReader(io.StringIO(figures.stdout))
    assert (line["branch"], line["outstanding"], line["m2"]) == ("北京", "100000.00", "50000.00")

    open_month = manage("close_month", "2017-06", "--json")
    assert (open_month.returncode, open_month.stdout) == (1, "")
    assert len(open_month.stderr.strip().splitlines()[-1]) > 10
    assert "Traceback" not in open_month.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["load_lender_files", "--lender", "L77", "."], 1),
        (["indicators", "2017-05", "--by", "nonsense"], 2),
        (["close_month", "2017-05", "--through", "2017-04"], 2),
    ],
)
def test_refused_is_1_and_wrong_usage_is_2_with_nothing_on_standard_output(manage, words, code):
    ended = manage(*words)
    assert (ended.returncode, ended.stdout) == (code, "")
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr
