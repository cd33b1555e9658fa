"""Warnings, thresholds and controls at the screen: scope, steps, constant queries."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.months import add_months
from postloss.enums import Dimension
from postloss.forms.thresholds import initial_lines
from postloss.models import RiskWarning, ThresholdSet
from postloss.selectors.thresholds import lines_of, threshold_set_in_force
from postloss.selectors.warnings import open_warning_counts, standing_warnings, warning_trend
from postloss.services.warnings import escalate_overdue_warnings
from postloss.tasks import check_clocks
from tests.factories.authority import let_lift
from tests.factories.warning_months import (
    AT,
    JANUARY,
    good_months,
    red_month,
    through_the_loop,
    watched_month,
)

pytestmark = pytest.mark.django_db
LIST, THRESHOLDS, CONTROLS = "/warnings/", "/thresholds/", "/controls/"


def page(warning) -> str:
    return reverse("postloss:warning", args=[warning.pk])


@pytest.fixture
def two_branches(hq, beijing, shanghai):
    """The same breach in two branches: each must see its own and never the other's."""
    slices = [{"unit": unit, "overdue": "0.30"} for unit in (beijing, shanghai)]
    watched_month(month=JANUARY, slices=slices)
    return {each.unit.code: each for each in RiskWarning.objects.select_related("unit")}


def test_a_branch_sees_its_own_warnings_and_no_others(client, two_branches, branch_wang):
    client.force_login(branch_wang)
    text = client.get(LIST).text
    assert page(two_branches["BJ"]) in text
    assert page(two_branches["SH"]) not in text
    assert "上海" not in text


@pytest.mark.parametrize(
    "name", ["warning", "warning_acknowledgement", "warning_disposal", "warning_review"]
)
def test_a_strangers_warning_does_not_exist(client, two_branches, stranger_gu, name):
    client.force_login(stranger_gu)
    address = reverse(f"postloss:{name}", args=[two_branches["BJ"].pk])
    answer = client.get(address) if name == "warning" else client.post(address, {"remark": "x"})
    assert answer.status_code == 404
    assert RiskWarning.objects.get(pk=two_branches["BJ"].pk).state == "open"


@pytest.mark.parametrize("address", [LIST, THRESHOLDS, CONTROLS, "/thresholds/proposal/"])
def test_a_page_asks_who_you_are(client, db, address):
    assert client.get(address).status_code == 302


def test_counts_and_trend_follow_the_scope(two_branches, branch_wang, manager_lin):
    nothing = {"orange": 0, "yellow": 0, "data_quality": 0}
    assert open_warning_counts(staff=branch_wang) == {"red": 1, **nothing}
    assert open_warning_counts(staff=manager_lin) == {"red": 2, **nothing}
    assert warning_trend(staff=branch_wang) == [{"month": JANUARY, "red": 1, **nothing}]


def test_standing_warnings_of_a_version_are_those_it_saw(hq, manager_lin, chief_chen):
    warning = red_month()
    first = warning.raised_in
    good_months(after=JANUARY)
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen)
    assert list(standing_warnings(staff=manager_lin)) == []
    (then,) = standing_warnings(staff=manager_lin, month_end=first)
    assert (then, then.seen_level) == (warning, "red")


def test_filters_stand_in_the_address(client, two_branches, manager_lin):
    client.force_login(manager_lin)
    shown = client.get(LIST, {"unit": "BJ", "level": "red", "mine": ""}).text
    assert page(two_branches["BJ"]) in shown
    assert page(two_branches["SH"]) not in shown
    assert page(two_branches["BJ"]) not in client.get(LIST, {"level": "yellow"}).text
    assert page(two_branches["BJ"]) not in client.get(LIST, {"state": "closed"}).text
    assert client.get(LIST, {"state": "nonsense", "level": "x"}).status_code == 200


def test_the_missed_clock_comes_first(client, hq, manager_lin):
    slices = [{"dimension": Dimension.CHANNEL, "value": "旧", "overdue": "0.16"}]
    watched_month(month=JANUARY, overdue="0.14", slices=slices)
    watched_month(month=add_months(JANUARY, 1), overdue="0.30")
    old = RiskWarning.objects.get(level="yellow")
    new = RiskWarning.objects.get(level="red")
    RiskWarning.objects.filter(pk=new.pk).update(due_at=AT.replace(year=2099))
    client.force_login(manager_lin)
    text = client.get(LIST).text
    assert text.index(page(old)) < text.index(page(new))


def test_htmx_gets_the_rows_alone(client, two_branches, manager_lin):
    client.force_login(manager_lin)
    text = client.get(LIST, headers={"HX-Request": "true"}).text
    assert page(two_branches["BJ"]) in text
    assert "<html" not in text


def test_the_whole_loop_at_the_screen(client, hq, manager_lin, chief_chen):
    warning = red_month()
    good_months(after=JANUARY)
    client.force_login(manager_lin)
    assert client.post(f"{page(warning)}acknowledgement/", {"remark": ""}).status_code == 302
    proof = SimpleUploadedFile("名单.txt", "张三 已还".encode())
    answer = client.post(
        f"{page(warning)}disposal/",
        {"measure": "collect", "remark": "<b>催收</b>", "evidence": proof},
    )
    assert answer.status_code == 302
    refused = client.post(f"{page(warning)}review/", {"decision": "accept", "remark": "ok"})
    assert refused.status_code == 403
    client.force_login(chief_chen)
    words = {"remark": "ok", "decision": "accept"}
    assert client.post(f"{page(warning)}review/", words).status_code == 302
    asked = client.get(page(warning)).text
    assert "今日谁可签批" in asked
    alone = client.post(f"{page(warning)}closing/", {"remark": "ok"})
    assert (alone.status_code, "没有任何授权" in alone.text) == (403, True)
    let_lift(chief_chen, at=AT)
    assert client.post(f"{page(warning)}closing/", {"remark": "ok"}).status_code == 302
    text = client.get(page(warning)).text
    assert "&lt;b&gt;催收&lt;/b&gt;" in text
    assert "名单.txt" in text
    warning.refresh_from_db()
    assert (warning.state, warning.closed_by) == ("closed", chief_chen)


def test_a_form_with_a_fault_comes_back_with_its_reason(client, hq, manager_lin):
    warning = red_month()
    through_the_loop(warning, handler=manager_lin, reviewer=None, until="acknowledged")
    client.force_login(manager_lin)
    answer = client.post(f"{page(warning)}disposal/", {"measure": "collect", "remark": ""})
    assert answer.status_code == 422
    assert "field-errors" in answer.text


def test_a_step_that_is_not_open_is_a_conflict(client, hq, manager_lin):
    warning = red_month()
    client.force_login(manager_lin)
    answer = client.post(f"{page(warning)}disposal/", {"measure": "collect", "remark": "early"})
    assert answer.status_code == 409


def test_closing_too_early_says_every_reason(client, hq, manager_lin, chief_chen):
    warning = red_month()
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen, until="reviewed")
    client.force_login(chief_chen)
    assert client.post(f"{page(warning)}closing/", {"remark": "now"}).status_code == 422


def test_evidence_is_handed_out_as_an_attachment_to_those_in_scope(
    client, two_branches, branch_wang, stranger_gu, chief_chen
):
    warning = two_branches["BJ"]
    through_the_loop(warning, handler=branch_wang, reviewer=chief_chen, until="disposed")
    step = warning.steps.get(action="dispose")
    address = reverse("postloss:warning_evidence", args=[warning.pk, step.pk])
    client.force_login(branch_wang)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == "逾期客户已全部联系".encode()
    assert answer["Content-Disposition"].startswith("attachment")
    client.force_login(stranger_gu)
    assert client.get(address).status_code == 404


def test_get_changes_nothing(client, hq, manager_lin):
    warning = red_month()
    client.force_login(manager_lin)
    assert client.get(f"{page(warning)}acknowledgement/").status_code == 405


def test_a_branch_is_not_shown_the_book_that_it_is_measured_against(
    client, hq, beijing, branch_wang, manager_lin
):
    slices = [{"dimension": Dimension.BRANCH, "value": "AK", "overdue": "0.123"}]
    watched_month(month=JANUARY, overdue="0.0417", slices=slices)
    RiskWarning.objects.update(unit=beijing)
    warning = RiskWarning.objects.get()
    client.force_login(branch_wang)
    assert "4.17%" not in client.get(page(warning)).text
    client.force_login(manager_lin)
    assert "4.17%" in client.get(page(warning)).text


@pytest.mark.parametrize("slices", [1, 3])
def test_the_list_costs_the_same_with_more_rows(
    client, hq, manager_lin, slices, django_assert_num_queries
):
    watched_month(
        month=JANUARY,
        slices=[
            {"dimension": Dimension.CHANNEL, "value": f"c{n}", "overdue": "0.30"}
            for n in range(slices)
        ],
    )
    client.force_login(manager_lin)
    with django_assert_num_queries(10):
        client.get(LIST)


@pytest.mark.parametrize("months", [1, 3])
def test_a_warning_costs_the_same_with_a_longer_story(
    client, hq, manager_lin, months, django_assert_max_num_queries
):
    warning = red_month()
    good_months(after=JANUARY, count=months)
    client.force_login(manager_lin)
    with django_assert_max_num_queries(12):
        client.get(page(warning))


def test_data_warnings_have_a_page(client, hq, manager_lin):
    watched_month(month=JANUARY, overdue=None)
    client.force_login(manager_lin)
    assert client.get(page(RiskWarning.objects.get())).status_code == 200


# clocks


def test_the_clock_task_escalates(hq):
    warning = red_month()
    check_clocks(anything="more")
    warning.refresh_from_db()
    assert warning.escalated_at is not None
    assert escalate_overdue_warnings(at=AT.replace(year=2099)) == 0


# thresholds and controls


def test_the_starter_is_bannered(client, hq, manager_lin):
    client.force_login(manager_lin)
    assert "公司自定初始值，未经批准；无外部依据" in client.get(THRESHOLDS).text


def proposal(**words) -> dict[str, object]:
    lines = initial_lines(lines_of(threshold_set=threshold_set_in_force(as_of=JANUARY)))
    lines[0]["yellow"] = "0.14"
    fields = {
        "title": "2025",
        "source": "committee",
        "reason": "review",
        "valid_from": "2025-01-01",
        "line-TOTAL_FORMS": len(lines),
        "line-INITIAL_FORMS": len(lines),
    }
    for number, line in enumerate(lines):
        fields |= {f"line-{number}-{k}": "" if v is None else v for k, v in line.items()}
    return fields | words


def test_a_set_is_proposed_compared_and_approved_at_the_screen(client, hq, manager_lin, chief_chen):
    client.force_login(manager_lin)
    assert client.get("/thresholds/proposal/").status_code == 200
    answer = client.post("/thresholds/proposal/", proposal())
    new = ThresholdSet.objects.get(is_starter=False)
    address = reverse("postloss:threshold_set", args=[new.pk])
    assert (answer.status_code, answer.url) == (302, address)
    text = client.get(address).text
    assert "14.00%" in text
    assert f"{address}approval/" not in text
    assert client.post(f"{address}approval/").status_code == 403
    client.force_login(chief_chen)
    assert f"{address}approval/" in client.get(address).text
    assert client.post(f"{address}approval/").status_code == 302
    new.refresh_from_db()
    assert (new.status, new.approved_by) == ("approved", chief_chen)
    assert threshold_set_in_force(as_of=JANUARY) == new


@pytest.mark.parametrize(
    "words",
    [{"line-0-yellow": "0.9"}, {"line-0-key": "a|b|c"}, {"source": ""}, {"line-0-yellow": "x"}],
)
def test_a_proposal_with_a_fault_comes_back(client, hq, manager_lin, words):
    client.force_login(manager_lin)
    answer = client.post("/thresholds/proposal/", proposal(**words))
    assert answer.status_code == 422
    assert ThresholdSet.objects.count() == 1


def test_a_branch_reads_thresholds_and_proposes_none(client, branch_wang):
    client.force_login(branch_wang)
    assert client.get(THRESHOLDS).status_code == 200
    assert client.get("/thresholds/proposal/").status_code == 403


def test_controls_are_listed_with_their_history(client, hq, manager_lin, chief_chen):
    warning = red_month()
    good_months(after=JANUARY)
    client.force_login(manager_lin)
    assert page(warning) in client.get(CONTROLS).text
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen)
    assert page(warning) not in client.get(CONTROLS).text
    assert page(warning) in client.get(CONTROLS, {"show": "all"}).text
