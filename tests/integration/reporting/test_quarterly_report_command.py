"""`manage.py quarterly_report`: exit codes, streams and files."""

import csv
import json
import sys

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from core.enums import JobStatus
from core.models import Job
from reporting.models import QuarterlyReport
from reporting.rules.pack import sha256
from reporting.services.drafting import KIND
from reporting.tasks import draft_quarterly_report
from tests.integration.reporting.conftest import BOOK

NAMES = ["figures.csv", "manifest.json", "report.pdf", "report.xlsx"]


def _run(capsys, *words):
    call_command("quarterly_report", *map(str, words))
    return capsys.readouterr()


def test_draft_and_reissue_write_the_same_figures(quarter, tmp_path, capsys, closer):
    said = _run(capsys, "2017Q2", "--out", tmp_path / "a" / "b", "--json")
    assert json.loads(said.out) == {
        "draft": 1,
        "versions": {"2017-04": 1, "2017-05": 1, "2017-06": 1},
    }
    month = next(iter(BOOK))
    closer.close(month, ("1", "2", "3", "4", "5"), reason="更正")
    again = _run(capsys, "2017Q2", "--out", tmp_path / "c", "--reissue", "1", "--json")
    assert json.loads(again.out) == json.loads(said.out)
    first = (tmp_path / "a" / "b" / "figures.csv").read_bytes()
    assert (tmp_path / "c" / "figures.csv").read_bytes() == first
    third = _run(capsys, "2017Q2", "--out", tmp_path / "d", "--json")
    assert json.loads(third.out)["versions"]["2017-04"] == 2
    assert (tmp_path / "d" / "figures.csv").read_bytes() != first


def test_without_json_it_prints_the_files(quarter, tmp_path, capsys):
    said = _run(capsys, "2017Q2", "--out", tmp_path)
    printed = sorted(line.rsplit("/", 1)[1] for line in said.out.splitlines())
    assert printed == sorted(path.name for path in tmp_path.iterdir())
    assert set(printed) <= set(NAMES)
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    for name, entry in manifest["files"].items():
        assert sha256((tmp_path / name).read_bytes()) == entry["sha256"]
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        assert {row["version"] for row in csv.DictReader(file)} == {"1"}


def test_without_pango_only_the_pdf_is_missing_and_the_manifest_says_why(
    quarter, tmp_path, capsys, monkeypatch
):
    class NoPango:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    (tmp_path / "report.pdf").write_bytes(b"of an earlier run")
    said = _run(capsys, "2017Q2", "--out", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(set(NAMES) - {"report.pdf"})
    manifest = json.loads((tmp_path / "manifest.json").read_bytes())
    assert "Pango" in manifest["missing"]["report.pdf"]
    assert "Pango" in said.err


def test_an_open_month_is_refused_with_one_sentence(closer, tmp_path):
    closer.close(next(iter(BOOK)))
    with pytest.raises(CommandError, match="2017-05, 2017-06") as refusal:
        call_command("quarterly_report", "2017Q2", "--out", str(tmp_path / "x"))
    assert refusal.value.returncode == 1
    assert not (tmp_path / "x").exists()
    assert not QuarterlyReport.objects.exists()


def test_an_unknown_draft_is_refused(quarter, tmp_path):
    with pytest.raises(CommandError):
        call_command("quarterly_report", "2017Q2", "--out", str(tmp_path), "--reissue", "7")


@pytest.mark.parametrize("words", [["2017-Q2"], ["2017Q5"], ["2017Q2", "--reissue", "0"], []])
def test_wrong_usage_ends_with_2(words, tmp_path, db):
    from reporting.management.commands.quarterly_report import Command

    with pytest.raises(SystemExit) as end:
        Command().run_from_argv(["manage.py", "quarterly_report", *words, "--out", str(tmp_path)])
    assert end.value.code == 2


def test_a_job_that_is_driven_again_makes_one_draft_and_one_set_of_files(quarter, manager_lin, at):
    job = Job.objects.create(
        kind=KIND,
        key="2017Q2",
        payload={"quarter": "2017Q2"},
        title="x",
        created_by=manager_lin,
        created_at=at,
    )
    first = draft_quarterly_report(job, lambda **_: None)
    second = draft_quarterly_report(job, lambda **_: None)
    assert first == second
    [report] = QuarterlyReport.objects.all()
    assert report.drafted_by == manager_lin
    assert report.files.count() in {3, 4}


def test_the_same_command_takes_up_a_job_that_was_left(quarter, tmp_path, capsys, at):
    job = Job.objects.create(
        kind=KIND, key="2017Q2", payload={"quarter": "2017Q2"}, title="x", created_at=at
    )
    _run(capsys, "2017Q2", "--out", tmp_path)
    job.refresh_from_db()
    assert job.status == JobStatus.DONE
    assert QuarterlyReport.objects.get().job == job
