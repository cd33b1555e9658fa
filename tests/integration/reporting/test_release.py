"""Draft → reviewed → released: who may, in which order, and what stays as it was."""

import datetime as dt
import json

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core import files
from core.errors import Missing, NotPermitted, RuleBroken, WrongState
from core.models import Job
from core.selectors import audit_of
from organization.services import appoint_staff
from reporting.enums import PackFile, ReportState
from reporting.models import QuarterlyReport, ReportFile
from reporting.selectors import numbered_report, report_file, report_of, reports
from reporting.services import draft_report, make_pack, release_report, review_report
from reporting.services.release import FILES_KIND
from reporting.tasks import keep_released_files
from tests.integration.reporting.conftest import Q2

ALL = ["risk_manager", "chief_risk_officer", "general_manager"]


@pytest.fixture
def report(quarter, manager_lin, at):
    return draft_report(quarter=quarter, by=manager_lin, at=at)


@pytest.fixture
def reviewed(report, chief_chen, at):
    return review_report(report=report, by=chief_chen, at=at, remark="数字已核对")


@pytest.fixture
def all_rights(hq):
    return appoint_staff(username="all", name="全权", unit=hq, roles=ALL, password="all-cast-2026!")


def _do_the_job(report):
    job = Job.objects.get(kind=FILES_KIND, payload__report=report.pk)
    keep_released_files(job, lambda **_: None)
    keep_released_files(job, lambda **_: None)  # driven again it changes nothing


def _bytes(report, name):
    return b"".join(files.pieces(report_file(report=report, name=name).stored))


def test_three_people_take_three_steps_and_the_files_are_kept(
    reviewed, manager_lin, chief_chen, director_zhao, at
):
    released = release_report(report=reviewed, by=director_zhao, at=at, remark="同意发布")
    assert released.state == ReportState.RELEASED
    _do_the_job(released)
    assert {file.name for file in released.files.all()} <= set(PackFile.values)
    assert json.loads(_bytes(released, "manifest.json"))["state"] == "released"
    steps = audit_of(object_type="reporting.quarterlyreport", object_id=released.pk)
    assert [(step.action, step.by, step.reason) for step in steps] == [
        ("draft_report", manager_lin, ""),
        ("review_report", chief_chen, "数字已核对"),
        ("release_report", director_zhao, "同意发布"),
    ]


def test_a_released_report_still_shows_and_makes_the_old_figures(
    reviewed, director_zhao, closer, at
):
    released = release_report(report=reviewed, by=director_zhao, at=at)
    _do_the_job(released)
    before = _bytes(released, "figures.csv")
    closer.close(dt.date(2017, 5, 1), ("1", "2", "3", "4", "5"), reason="资金方更正")
    assert _bytes(released, "figures.csv") == before
    assert make_pack(report=released).files["figures.csv"] == before


def test_the_drafter_does_not_review(quarter, all_rights, at):
    report = draft_report(quarter=quarter, by=all_rights, at=at)
    with pytest.raises(NotPermitted):
        review_report(report=report, by=all_rights, at=at)


def test_the_reviewer_does_not_release(report, all_rights, at):
    reviewed = review_report(report=report, by=all_rights, at=at)
    with pytest.raises(NotPermitted):
        release_report(report=reviewed, by=all_rights, at=at)


def test_the_drafter_does_not_release(quarter, all_rights, chief_chen, at):
    report = draft_report(quarter=quarter, by=all_rights, at=at)
    reviewed = review_report(report=report, by=chief_chen, at=at)
    with pytest.raises(NotPermitted):
        release_report(report=reviewed, by=all_rights, at=at)


def test_the_database_too_wants_different_people(reviewed, chief_chen, at):
    with pytest.raises(IntegrityError, match="releaser_is_another"), transaction.atomic():
        QuarterlyReport.objects.filter(pk=reviewed.pk).update(
            state=ReportState.RELEASED, released_by=chief_chen, released_at=at
        )


def test_a_draft_is_not_released_and_a_reviewed_one_not_reviewed_again(
    report, chief_chen, director_zhao, at
):
    with pytest.raises(WrongState):
        release_report(report=report, by=director_zhao, at=at)
    review_report(report=report, by=chief_chen, at=at)
    with pytest.raises(WrongState):
        review_report(report=report, by=chief_chen, at=at)


def test_without_the_right_no_step(report, quarter, director_zhao, branch_wang, at):
    with pytest.raises(NotPermitted):
        draft_report(quarter=quarter, by=branch_wang, at=at)
    with pytest.raises(NotPermitted):
        review_report(report=report, by=director_zhao, at=at)
    with pytest.raises(NotPermitted):
        review_report(report=report, by=branch_wang, at=at)


def test_the_database_refuses_to_change_what_was_released(reviewed, director_zhao, at):
    released = release_report(report=reviewed, by=director_zhao, at=at)
    _do_the_job(released)
    for change in (
        lambda: QuarterlyReport.objects.filter(pk=released.pk).update(release_remark="x"),
        lambda: ReportFile.objects.filter(report=released).update(state="draft"),
        lambda: released.months.update(is_of_quarter=False),
        lambda: released.files.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()


def test_figures_that_are_no_longer_those_recorded_are_refused(report):
    QuarterlyReport.objects.filter(pk=report.pk).update(figures_sha256="0" * 64)
    report.refresh_from_db()
    with pytest.raises(RuleBroken) as refusal:
        make_pack(report=report)
    assert refusal.value.code == "figures_differ"


def test_people_outside_the_head_office_find_no_report(report, manager_lin, branch_wang):
    assert list(reports(for_user=branch_wang)) == []
    assert list(reports(for_user=manager_lin)) == [report]
    with pytest.raises(Missing):
        report_of(for_user=branch_wang, quarter=Q2, number=1)
    with pytest.raises(Missing):
        numbered_report(quarter=Q2, number=2)
