"""Files of the registers go out by a link for one person, noted, and only to who may see them."""

import io
import re

import pytest
from django.urls import reverse

from core.models import AuditRecord
from reporting.enums import AnswerKind, IncidentGrade, IncidentKind
from reporting.models import Finding
from reporting.services import incidents
from reporting.services.findings import plan_inspection, record_inspection, rectify_finding
from reporting.services.self_checks import GivenAnswer, open_questionnaire, submit_self_check
from tests.conftest import AT
from tests.factories.papers import plain_pdf

LINK = re.compile(r'href="(/files/[^"]+)"')


@pytest.fixture
def check(officer_qian, branch_wang, beijing, at):
    opened = open_questionnaire(
        title="合规自查", period="2026Q1", questions=["双录完整？"], units=[beijing],
        by=officer_qian, at=at,
    )  # fmt: skip
    check = opened.self_checks.get()
    answer = GivenAnswer(
        question=opened.questions.get(), answer=AnswerKind.NO, remark="缺两份",
        evidence=io.BytesIO(plain_pdf()), evidence_name="自查底稿.pdf",
    )  # fmt: skip
    return submit_self_check(self_check=check, answers=[answer], by=branch_wang, at=at)


@pytest.fixture
def finding(check, branch_wang, at):
    return rectify_finding(
        finding=Finding.objects.get(), text="已补录", by=branch_wang, at=at,
        evidence=io.BytesIO(plain_pdf(b"% put right")), evidence_name="整改.pdf",
    )  # fmt: skip


@pytest.fixture
def inspection(officer_qian, beijing, at):
    planned = plan_inspection(
        unit=beijing, title="年度检查", planned_on=AT.date(), lead=officer_qian,
        by=officer_qian, at=at,
    )  # fmt: skip
    return record_inspection(
        inspection=planned, done_on=AT.date(), conclusion="合规", findings=[],
        report=io.BytesIO(plain_pdf(b"% inspected")), report_name="检查报告.pdf",
        by=officer_qian, at=at,
    )  # fmt: skip


@pytest.fixture
def incident(officer_qian, beijing, at):
    opened = incidents.open_incident(
        kind=IncidentKind.DATA_LEAK, grade=IncidentGrade.LARGER, title="误发", account="一名",
        unit=beijing, found_at=at, by=officer_qian, at=at,
    )  # fmt: skip
    paper = incidents.Paper(stream=io.BytesIO(plain_pdf(b"% contained")), name="处置.pdf")
    incidents.contain_incident(
        incident=opened, text="已撤回", by=officer_qian, at=at, evidence=paper
    )
    return opened


PAGES = [
    ("check", "governance:self_check", "自查底稿.pdf"),
    ("finding", "governance:finding", "整改.pdf"),
    ("inspection", "governance:inspection", "检查报告.pdf"),
    ("incident", "governance:incident", "处置.pdf"),
]


@pytest.mark.parametrize(("thing", "page", "name"), PAGES)
def test_a_file_goes_out_by_a_link_for_one_person_and_is_noted(
    client, request, officer_qian, chief_zheng, thing, page, name
):
    subject = request.getfixturevalue(thing)
    client.force_login(officer_qian)
    shown = client.get(reverse(page, args=[subject.pk])).text
    assert name in shown
    link = LINK.search(shown)[1]
    answer = client.get(link)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    record = AuditRecord.objects.get(action="file_handed_out")
    assert record.by == officer_qian
    client.force_login(chief_zheng)
    assert client.get(link).status_code == 404  # hers is another link
    assert AuditRecord.objects.filter(action="file_handed_out").count() == 1


@pytest.mark.parametrize(("thing", "page", "name"), PAGES)
def test_a_stranger_sees_neither_page_nor_file(client, request, stranger_gu, thing, page, name):
    subject = request.getfixturevalue(thing)
    client.force_login(stranger_gu)
    answer = client.get(reverse(page, args=[subject.pk]))
    assert answer.status_code in {403, 404}
    assert name not in answer.text


def test_an_incident_takes_the_report_that_was_made(client, incident, officer_qian):
    client.force_login(officer_qian)
    clock = incident.clocks.get(kind="first_report")
    paper = io.BytesIO(plain_pdf(b"% reported"))
    paper.name = "首报.pdf"
    address = reverse("governance:incident_clock", args=[incident.pk, clock.pk, "report"])
    assert client.post(address, {"text": "已报", "evidence": paper}).status_code == 302
    step = incident.steps.get(action="report")
    assert step.evidence.name == "首报.pdf"
    record = AuditRecord.objects.get(action="reporting.incident_report")
    assert record.detail["sha256"] == step.evidence.sha256
