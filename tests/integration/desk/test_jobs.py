"""The job drawer: my jobs, and nobody else's."""

import datetime as dt

import pytest
from django.urls import reverse

from core.enums import JobStatus
from core.models import Job

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def job_of(at):
    def make(person, title, **fields):
        return Job.objects.create(
            kind="test", key=title, title=title, created_by=person, created_at=at, **fields
        )

    return make


@pytest.fixture
def lins_page(client, manager_lin):
    client.force_login(manager_lin)
    return lambda name, *args, **headers: client.get(reverse(name, args=args), headers=headers)


def running(at):
    return {"status": JobStatus.RUNNING, "lease_until": at + dt.timedelta(seconds=20)}


def test_the_drawer_shows_only_my_jobs(lins_page, job_of, manager_lin, chief_chen):
    job_of(manager_lin, "林的任务")
    job_of(chief_chen, "陈的任务")
    drawer = lins_page("desk:jobs", **FRAGMENT).content.decode()
    assert "林的任务" in drawer
    assert "陈的任务" not in drawer


def test_somebody_elses_job_is_missing(lins_page, job_of, chief_chen):
    assert lins_page("desk:job", job_of(chief_chen, "陈的任务").pk).status_code == 404


def test_the_drawer_asks_again_only_while_a_job_is_open(lins_page, job_of, manager_lin, at):
    job = job_of(manager_lin, "关账", **running(at))
    assert 'hx-trigger="every 2s"' in lins_page("desk:jobs", **FRAGMENT).content.decode()
    Job.objects.filter(pk=job.pk).update(status=JobStatus.DONE, finished_at=at, lease_until=None)
    assert "hx-trigger" not in lins_page("desk:jobs", **FRAGMENT).content.decode()


def test_a_fragment_has_no_shell_and_a_page_has_one(lins_page):
    assert "<html" not in lins_page("desk:jobs", **FRAGMENT).content.decode()
    assert "<html" in lins_page("desk:jobs").content.decode()


def test_the_badge_counts_what_waits_or_runs(lins_page, job_of, manager_lin, at):
    job_of(manager_lin, "一")
    job_of(manager_lin, "二", **running(at))
    job_of(manager_lin, "三", status=JobStatus.DONE, finished_at=at)
    assert '<span class="job-badge" ' in lins_page("desk:job_badge").content.decode()
    assert ">2<span" in lins_page("desk:job_badge").content.decode()


def test_a_job_page_shows_progress_then_result_with_its_link(lins_page, job_of, manager_lin, at):
    job = job_of(
        manager_lin, "装载", progress_done=1, progress_total=4, progress_text="核对", **running(at)
    )
    page = lins_page("desk:job", job.pk).content.decode()
    assert '<progress class="progress-line" max="100" value="25"' in page
    result = {"text": "收下 3 行", "url": "/files/7/"}
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.DONE, finished_at=at, lease_until=None, result=result
    )
    page = lins_page("desk:job", job.pk).content.decode()
    assert "收下 3 行" in page
    assert 'href="/files/7/"' in page


def test_a_refused_job_says_why(lins_page, job_of, manager_lin, at):
    job = job_of(
        manager_lin, "装载", status=JobStatus.REFUSED, finished_at=at, message="行数不符 <b>"
    )
    assert "行数不符 &lt;b&gt;" in lins_page("desk:job", job.pk).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_however_long(
    lins_page, job_of, manager_lin, django_assert_num_queries, rows
):
    for number in range(rows):
        job_of(manager_lin, f"任务 {number}")
    with django_assert_num_queries(5):  # session, person, rights and unit for the menu, jobs
        lins_page("desk:jobs", **FRAGMENT)


def test_the_workbench_greets_and_counts_and_lists_my_latest(lins_page, job_of, manager_lin, at):
    job_of(manager_lin, "导出", status=JobStatus.FAILED, finished_at=at)
    page = lins_page("desk:home").content.decode()
    assert "您好，林风" in page
    assert "导出" in page
    assert "已装载的资金方文件" in page


def test_the_workbench_hides_a_tile_from_those_without_the_right(client, branch_wang):
    client.force_login(branch_wang)
    assert "已装载的资金方文件" not in client.get(reverse("desk:home")).content.decode()
