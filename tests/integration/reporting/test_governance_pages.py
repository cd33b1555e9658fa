"""Pages of parameters, calendar and registers: who opens them, and what they cost."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import CalendarNotice, RegulatoryParameter
from core.selectors import is_working_day, parameter
from reporting.enums import AnswerKind, IncidentGrade, IncidentKind, PolicyKind
from reporting.models import Finding, Incident, Inspection, PolicyDocument, SelfCheck
from reporting.services.incidents import open_incident
from reporting.services.policies import enter_policy
from reporting.services.self_checks import open_questionnaire
from tests.conftest import AT
from tests.factories.papers import plain_pdf

READ = ["parameters", "calendar", "regulations", "policies"]
NAME = "complaint.simple_days"


def get(client, person, name, *args, **query):
    client.force_login(person)
    return client.get(reverse(f"governance:{name}", args=args), query)


def post(client, person, name, *args, **data):
    client.force_login(person)
    return client.post(reverse(f"governance:{name}", args=args), data)


@pytest.mark.parametrize("name", READ)
def test_registers_open_to_readers_and_to_nobody_else(client, name, officer_qian, system_han):
    assert get(client, officer_qian, name).status_code == 200
    assert get(client, system_han, name).status_code == 403


@pytest.mark.parametrize("name", ["self_checks", "findings", "inspections", "coverage"])
def test_self_checks_open_to_the_branch_and_the_officers(
    client, name, branch_wang, officer_qian, manager_lin
):
    assert get(client, branch_wang, name).status_code == 200
    assert get(client, officer_qian, name).status_code == 200
    assert get(client, manager_lin, name).status_code == 403


@pytest.mark.parametrize(
    "name", ["calendar_proposal", "regulation_entry", "policy_entry", "questionnaire_entry"]
)
def test_forms_open_to_those_who_maintain(client, name, officer_qian, branch_wang):
    assert get(client, officer_qian, name).status_code == 200
    assert get(client, branch_wang, name).status_code == 403


def test_the_register_shows_the_banner_and_finds_by_name_and_day(client, officer_qian):
    page = get(client, officer_qian, "parameters", q="internet_aid_loan", as_of="2026-03-02")
    text = page.content.decode()
    assert "未经批准" in text
    assert "rate.internet_aid_loan_all_in" in text
    earlier = get(client, officer_qian, "parameters", q="internet_aid_loan", as_of="2025-09-30")
    assert "rate.internet_aid_loan_all_in" not in earlier.content.decode()


def test_a_value_is_proposed_and_approved_on_the_pages(client, officer_qian, chief_zheng):
    day = dt.date(2026, 3, 2)
    form = {
        "value_text": "10",
        "valid_from": day.isoformat(),
        "verification": "verified",
        "source": "新办法第十八条",
        "reason": "修订",
    }
    assert post(client, officer_qian, "parameter_proposal", NAME, **form).status_code == 302
    row = RegulatoryParameter.objects.get(name=NAME, status="proposed")
    decision = ("parameter_decision", NAME, row.pk)
    assert post(client, officer_qian, *decision, decision="approve").status_code == 403
    assert post(client, chief_zheng, "parameter_decision", "x.y", row.pk).status_code == 404
    assert 'value="approve"' in get(client, chief_zheng, "parameter", NAME).content.decode()
    assert post(client, chief_zheng, *decision, decision="approve").status_code == 302
    assert parameter(name=NAME, as_of=day).value == 10
    assert post(client, chief_zheng, *decision, decision="approve").status_code == 409


def test_a_wrong_value_comes_back_with_its_reason(client, officer_qian):
    form = {
        "value_text": "zehn",
        "valid_from": "2026-03-02",
        "verification": "verified",
        "source": "x",
        "reason": "y",
    }
    page = post(client, officer_qian, "parameter_proposal", NAME, **form)
    assert page.status_code == 422
    assert "“zehn”不是数字" in page.content.decode()


def test_a_day_is_changed_on_the_pages_by_two_people(client, officer_qian, chief_zheng):
    form = {"title": "停业", "source": "公司", "reason": "迁址", "days": "2026-03-04 holiday 停业"}
    assert post(client, officer_qian, "calendar_proposal", **form).status_code == 302
    notice = CalendarNotice.objects.get(title="停业")
    decision = ("calendar_decision", notice.pk)
    assert post(client, officer_qian, *decision, decision="approve").status_code == 403
    assert post(client, chief_zheng, *decision, decision="approve").status_code == 302
    assert not is_working_day(day=dt.date(2026, 3, 4))
    page = get(client, chief_zheng, "calendar", year="2026").content.decode()
    assert "停业" in page
    assert get(client, chief_zheng, "calendar", year="1999").status_code == 200


def test_a_policy_goes_from_draft_to_published_with_its_file(client, officer_qian, chief_zheng):
    form = {
        "code": "IC-1",
        "title": "内控办法",
        "kind": PolicyKind.INTERNAL_CONTROL,
        "owner_department": "合规部",
        "division_of_duties": "合规部牵头",
    }
    assert post(client, officer_qian, "policy_entry", **form).status_code == 302
    policy = PolicyDocument.objects.get()
    for clause, expected in (("", 422), ("第二条", 302)):
        post(
            client,
            officer_qian,
            "policy_draft",
            policy.pk,
            file=SimpleUploadedFile("内控办法.pdf", plain_pdf()),
            effective_from="2026-04-01",
            clause_responsibility=clause,
        )
        number = policy.versions.count()
        answer = post(client, chief_zheng, "policy_publication", policy.pk, number)
        assert answer.status_code == expected
    file = get(client, officer_qian, "policy_file", policy.pk, 2)
    assert b"".join(file.streaming_content) == plain_pdf()
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "第二条" in get(client, officer_qian, "policy", policy.pk).content.decode()


def test_a_branch_answers_and_another_branch_meets_nothing(
    client, officer_qian, chief_zheng, branch_wang, stranger_gu
):
    open_questionnaire(
        title="自查", period="2026Q1", questions=["甲？"], units=[branch_wang.unit],
        by=officer_qian, at=AT,
    )  # fmt: skip
    check = SelfCheck.objects.get()
    question = check.questionnaire.questions.get()
    assert get(client, stranger_gu, "self_check", check.pk).status_code == 404
    form = {f"{question.pk}-answer": AnswerKind.NO, f"{question.pk}-remark": ""}
    assert post(client, branch_wang, "self_check", check.pk, **form).status_code == 422
    form[f"{question.pk}-remark"] = "缺页"
    assert post(client, branch_wang, "self_check", check.pk, **form).status_code == 302
    assert post(client, branch_wang, "self_check_signed", check.pk).status_code == 403
    assert post(client, officer_qian, "self_check_signed", check.pk).status_code == 302
    finding = Finding.objects.get()
    assert get(client, stranger_gu, "finding", finding.pk).status_code == 404
    put_right = {"text": "补页", "evidence": SimpleUploadedFile("p.txt", b"p")}
    answer = post(client, branch_wang, "finding_rectification", finding.pk, **put_right)
    assert answer.status_code == 302
    answer = post(client, chief_zheng, "finding_verification", finding.pk, decision="accept")
    assert answer.status_code == 302
    assert get(client, branch_wang, "finding", finding.pk).status_code == 200


def test_an_incident_is_worked_off_on_its_page(client, officer_qian, chief_zheng, manager_lin, hq):
    form = {
        "kind": IncidentKind.SYSTEM,
        "grade": IncidentGrade.ORDINARY,
        "unit": hq.pk,
        "title": "宕机",
        "account": "数据库重启",
        "found_at": "2026-03-02T09:00",
    }
    assert post(client, officer_qian, "incident_entry", **form).status_code == 302
    incident = Incident.objects.get()
    assert get(client, manager_lin, "incident", incident.pk).status_code == 403
    assert get(client, officer_qian, "incident", incident.pk).status_code == 200
    for step in ("contain", "notify"):
        answer = post(client, officer_qian, "incident_step", incident.pk, step, text="重启")
        assert answer.status_code == 302
    assert post(client, officer_qian, "incident_step", incident.pk, "x").status_code == 404
    assert post(client, chief_zheng, "incident_step", incident.pk, "close").status_code == 422
    for clock in incident.clocks.all():
        words = ("incident_clock", incident.pk, clock.pk, "report")
        assert post(client, officer_qian, *words, text="已报").status_code == 302
    answer = post(client, chief_zheng, "incident_step", incident.pk, "close", text="加监控")
    assert answer.status_code == 302


def test_an_inspection_is_planned_and_recorded_on_its_page(client, officer_qian, beijing):
    form = {"unit": beijing.pk, "title": "年检", "planned_on": "2026-03-02"}
    assert post(client, officer_qian, "inspections", **form).status_code == 302
    pk = Inspection.objects.get().pk
    form = {"done_on": "2026-03-02", "conclusion": "合规", "findings": "!缺页\n无签名"}
    assert post(client, officer_qian, "inspection", pk, **form).status_code == 302
    severities = Finding.objects.order_by("pk").values_list("severity", flat=True)
    assert list(severities) == ["major", "ordinary"]
    assert get(client, officer_qian, "inspection", pk).status_code == 200


def _policy(number, by, at):
    enter_policy(
        code=f"P{number}", title="制度", kind=PolicyKind.OTHER, owner_department="部",
        division_of_duties="责", by=by, at=at,
    )  # fmt: skip


def _incident(number, by, at):
    open_incident(
        kind=IncidentKind.OTHER, grade=IncidentGrade.ORDINARY, title=f"事 {number}", account="x",
        unit=by.unit, found_at=at, by=by, at=at,
    )  # fmt: skip


def _check(number, by, at):
    open_questionnaire(
        title="查", period=str(number), questions=["甲？"], units=[by.unit], by=by, at=at
    )


@pytest.mark.parametrize(
    ("name", "make"), [("policies", _policy), ("incidents", _incident), ("self_checks", _check)]
)
def test_one_row_and_three_cost_the_same_queries(client, officer_qian, at, name, make):
    get(client, officer_qian, name)  # signs in
    costs = []
    for numbers in ([1], [2, 3]):
        for number in numbers:
            make(number, officer_qian, at)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"governance:{name}")).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_workbench_tells_those_who_decide_how_many_figures_nobody_approved(
    client, officer_qian, manager_lin
):
    for person, expected in ((officer_qian, True), (manager_lin, False)):
        client.force_login(person)
        page = client.get(reverse("desk:home")).content.decode()
        assert ("现行参数未经批准" in page) is expected
