"""Work items: inboxes, sight of exactly one case, bulk, and the workbench."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.errors import Conflict, Missing, NotPermitted, RuleBroken
from core.months import add_months
from organization.models import Staff, WorkItem
from organization.selectors.work import has_sight, item_of, work_counts, workload
from organization.services.personnel import order_personnel
from organization.services.work import copy_to, hand_over_work, take_work
from postloss.models import RiskWarning
from tests.factories.warning_months import (
    JANUARY,
    good_months,
    red_month,
    through_the_loop,
    watched_month,
)
from tests.factories.work import open_work

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def wait(subject, unit, at, **words):
    return open_work(
        **{"kind": "warning_handling", "permission": "handle_warnings", "by": None} | words,
        subject=subject,
        title=f"#{subject.pk}",
        url="/warnings/1/",
        unit=unit,
        at=at,
    )


@pytest.fixture
def two_branches(hq, beijing, shanghai):
    slices = [{"unit": unit, "overdue": "0.30"} for unit in (beijing, shanghai)]
    watched_month(month=JANUARY, slices=slices)
    return {each.unit.code: each for each in RiskWarning.objects.select_related("unit")}


def open_kinds(warning):
    return {
        item.kind: item.holder
        for item in WorkItem.objects.filter(subject_id=str(warning.pk), finished_at=None)
    }


def test_a_warning_waits_for_its_unit_then_for_its_reviewer_until_it_is_closed(
    hq, manager_lin, chief_chen
):
    warning = red_month()
    good_months(after=JANUARY)
    assert open_kinds(warning) == {"warning_handling": None}
    people = {"handler": manager_lin, "reviewer": chief_chen}
    through_the_loop(warning, **people, until="acknowledged")
    assert open_kinds(warning) == {"warning_handling": manager_lin}
    loop = {"disposed": {"warning_review": None}, "reviewed": {"warning_closing": chief_chen}}
    from postloss.services import warnings as services

    at = warning.raised_at
    services.dispose_warning(warning=warning, measure="watch", remark="x", by=manager_lin, at=at)
    assert open_kinds(warning) == loop["disposed"]
    services.review_warning(warning=warning, is_accepted=False, remark="more", by=chief_chen, at=at)
    assert open_kinds(warning) == {"warning_handling": manager_lin}


def test_closing_the_thing_finishes_its_work(hq, manager_lin, chief_chen):
    warning = red_month()
    good_months(after=JANUARY)
    through_the_loop(warning, handler=manager_lin, reviewer=chief_chen)
    assert open_kinds(warning) == {}
    ends = WorkItem.objects.filter(subject_id=str(warning.pk)).order_by("pk")
    assert [item.outcome for item in ends] == ["dispose", "review", "close"]


def test_a_month_end_opens_all_its_work_in_one_statement(hq, beijing, shanghai):
    def statements(month, branches):
        slices = [{"unit": unit, "overdue": "0.30"} for unit in branches]
        with CaptureQueriesContext(connection) as caught:
            watched_month(month=month, slices=slices)
        return [
            query["sql"]
            for query in caught
            if query["sql"].startswith('INSERT INTO "organization_workitem"')
        ]

    assert len(statements(JANUARY, [beijing])) == 1
    assert len(statements(add_months(JANUARY, 1), [beijing, shanghai])) == 1
    assert WorkItem.objects.filter(kind="warning_handling").count() == 2


def test_a_holder_of_another_branch_sees_that_warning_and_nothing_else(
    client, two_branches, branch_wang, stranger_gu, at
):
    mine, other = two_branches["BJ"], two_branches["SH"]
    item = WorkItem.objects.get(subject_id=str(mine.pk))
    client.force_login(stranger_gu)
    page = reverse("postloss:warning", args=[mine.pk])
    assert client.get(page).status_code == 404
    hand_over_work(item=item, to=stranger_gu, by=branch_wang, at=at)
    assert has_sight(staff=stranger_gu, subject=mine, at=at)
    assert not has_sight(staff=branch_wang, subject=mine, at=at)
    assert client.get(page).status_code == 200
    assert page not in client.get(reverse("postloss:warnings")).text
    mine.refresh_from_db()
    assert mine.assigned_to == stranger_gu
    client.force_login(branch_wang)
    assert client.get(reverse("postloss:warning", args=[other.pk])).status_code == 404


def test_the_holder_may_take_the_step_and_the_sight_ends_with_it(
    client, two_branches, branch_wang, stranger_gu, at
):
    warning = two_branches["BJ"]
    item = WorkItem.objects.get(subject_id=str(warning.pk))
    hand_over_work(item=item, to=stranger_gu, by=branch_wang, at=at)
    client.force_login(stranger_gu)
    page = reverse("postloss:warning", args=[warning.pk])
    assert client.post(f"{page}acknowledgement/", {"remark": "ok"}).status_code == 302
    answer = client.post(f"{page}disposal/", {"measure": "collect", "remark": "called"})
    assert answer.headers["Location"] == reverse("desk:home")
    warning.refresh_from_db()
    assert (warning.state, warning.handled_by) == ("disposed", stranger_gu)
    assert client.get(page).status_code == 404


def test_work_is_taken_once_and_only_by_its_team(
    beijing, branch_wang, stranger_gu, manager_lin, at
):
    item = wait(beijing, beijing, at)
    with pytest.raises(NotPermitted):
        take_work(item=item, by=stranger_gu, at=at)
    take_work(item=item, by=branch_wang, at=at)
    with pytest.raises(Conflict):
        take_work(item=item, by=manager_lin, at=at)


def test_work_is_not_handed_to_whoever_may_not_do_it(
    beijing, branch_wang, system_han, chief_chen, at
):
    item = wait(beijing, beijing, at)
    for other in (system_han, chief_chen):
        with pytest.raises(RuleBroken):
            hand_over_work(item=item, to=other, by=branch_wang, at=at)


def test_a_copy_shows_the_title_and_widens_no_sight(
    beijing, branch_wang, stranger_gu, two_branches, at
):
    warning = two_branches["BJ"]
    item = WorkItem.objects.get(subject_id=str(warning.pk))
    with pytest.raises(Missing):
        item_of(staff=stranger_gu, pk=item.pk)
    copy_to(item=item, people=[stranger_gu], by=branch_wang, at=at)
    assert item_of(staff=stranger_gu, pk=item.pk) == item
    assert work_counts(staff=stranger_gu, at=at)["copied"] == 1
    assert not has_sight(staff=stranger_gu, subject=warning, at=at)


def test_dismissing_a_handler_at_the_screen_reassigns_what_the_administrator_cannot_see(
    client, two_branches, branch_wang, manager_lin, system_han
):
    at = clock.now()
    warning = two_branches["BJ"]
    take_work(item=WorkItem.objects.get(subject_id=str(warning.pk)), by=branch_wang, at=at)
    client.force_login(system_han)
    words = {
        "kind": "dismiss",
        "effective_on": "2099-01-01",
        "successor": manager_lin.pk,
        "reason": "contract ends",
    }
    address = reverse("organization:order", args=[branch_wang.pk])
    assert client.get(address).status_code == 200
    words["effective_on"] = clock.today().isoformat()
    assert client.post(address, words).status_code == 302
    warning.refresh_from_db()
    assert warning.assigned_to == manager_lin
    page = client.get(reverse("organization:person", args=[branch_wang.pk])).text
    assert "离职交接报告" in page
    assert manager_lin.name in page


def test_a_leaver_is_out_at_once(client, branch_wang, system_han, at):
    client.force_login(branch_wang)
    assert client.get(reverse("desk:home")).status_code == 200
    order_personnel(
        staff=branch_wang,
        kind="dismiss",
        effective_on=at.date(),
        by=system_han,
        at=at,
        reason="x",
    )
    assert client.get(reverse("desk:home")).status_code == 302


def test_the_workbench_puts_the_late_first_and_counts_its_tabs(
    client, shanghai, branch_wang, manager_lin, at
):
    beijing = branch_wang.unit
    wait(beijing, beijing, at, holder=branch_wang, due_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    wait(shanghai, beijing, at, holder=branch_wang, due_at=at, by=manager_lin)
    wait(branch_wang, beijing, at)
    wait(manager_lin, shanghai, at)
    assert work_counts(staff=branch_wang, at=at + HOUR) == {
        "todo": 2,
        "team": 1,
        "done": 0,
        "started": 0,
        "copied": 0,
        "todo_late": 1,
        "team_late": 0,
    }
    assert work_counts(staff=manager_lin, at=at)["team"] == 2
    assert work_counts(staff=manager_lin, at=at)["started"] == 1
    client.force_login(branch_wang)
    text = client.get(reverse("desk:home")).text
    assert text.index(f"#{shanghai.pk}<") < text.index(f"#{beijing.pk}<")
    assert text.count("mark-red") == 2  # the item, and how many of them on the tab
    assert "1 项超期" in text
    late = client.get(reverse("desk:home"), {"is_late": "on"}).text
    assert f"#{beijing.pk}<" not in late
    assert client.get(reverse("desk:next_work")).headers["Location"] == "/warnings/1/"


@pytest.mark.parametrize("number", [1, 3, 60])
def test_the_workbench_costs_at_most_twelve_questions_whatever_waits(
    client, beijing, manager_lin, at, number
):
    for unit_no in range(number):
        open_work(
            kind=f"k{unit_no}",
            subject=beijing,
            title="#1",
            url="/",
            by=manager_lin,
            at=at,
            unit=beijing,
            holder=manager_lin,
            permission="handle_warnings",
        )
    client.force_login(manager_lin)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(reverse("desk:home")).status_code == 200
    asked = [query["sql"] for query in caught if query["sql"].startswith("SELECT")]
    assert len(asked) <= 12, "\n".join(asked)


def test_a_strangers_work_does_not_exist(client, beijing, stranger_gu, at):
    item = wait(beijing, beijing, at)
    client.force_login(stranger_gu)
    assert client.get(reverse("desk:work", args=[item.pk])).status_code == 404
    for name in ("work_holder", "work_hand_over", "work_copy"):
        assert client.post(reverse(f"desk:{name}", args=[item.pk])).status_code == 404


def test_the_item_page_takes_hands_over_and_copies(client, beijing, branch_wang, manager_lin, at):
    item = wait(beijing, beijing, at)
    client.force_login(branch_wang)
    address = reverse("desk:work", args=[item.pk])
    assert client.get(address).status_code == 200
    assert client.post(f"{address}holder/").status_code == 302
    assert client.post(f"{address}copies/", {"to": manager_lin.pk}).status_code == 302
    answer = client.post(f"{address}hand-over/", {"to": manager_lin.pk, "remark": "holiday"})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert item.holder == manager_lin
    assert [step.action for step in item.steps.order_by("pk")] == ["take", "copy", "hand_over"]
    assert "holiday" in client.get(address).text


def test_PRE_12c_the_workload_board_says_who_is_overloaded(
    client, beijing, underwriter_xu, branch_wang, at
):
    for number in range(41):
        open_work(
            kind=f"k{number}",
            subject=beijing,
            title="#1",
            url="/",
            by=None,
            at=at,
            unit=beijing,
            holder=underwriter_xu,
        )
    load = workload(staff=branch_wang, at=at, as_of=at.date())
    assert (load["people"][0]["person"], load["people"][0]["level"]) == (underwriter_xu, "red")
    assert [(unit["cases"], unit["qualified"], unit["level"]) for unit in load["units"]] == [
        (41, 2, "green")
    ]
    client.force_login(branch_wang)
    assert "超负荷" in client.get(reverse("desk:workload")).text


@pytest.mark.parametrize("who", ["system_han", "security_shen", "chief_zheng"])
def test_pages_of_the_organisation_open_for_whom_they_are(request, client, beijing, who):
    person = request.getfixturevalue(who)
    client.force_login(person)
    seen = {
        name: client.get(reverse(f"organization:{name}")).status_code
        for name in ("units", "staff", "posts", "roles", "recertifications")
    }
    expected = dict.fromkeys(seen, 200)
    if who == "system_han":
        expected |= {"roles": 404, "recertifications": 404}
    assert seen == expected
    own = client.get(reverse("organization:person", args=[person.pk]))
    assert own.status_code == 200


def test_pages_of_the_organisation_do_not_exist_for_the_business(client, beijing, manager_lin):
    client.force_login(manager_lin)
    for name in ("units", "staff", "posts", "roles", "recertifications"):
        assert client.get(reverse(f"organization:{name}")).status_code == 404
    for name in ("unit_opening", "appointment", "role_proposal"):
        assert client.get(reverse(f"organization:{name}")).status_code == 403


def test_the_staff_list_costs_the_same_for_one_and_for_many(
    client, beijing, system_han, branch_wang, django_assert_num_queries
):
    client.force_login(system_han)
    address = reverse("organization:staff")
    client.get(address)
    with CaptureQueriesContext(connection) as two:
        client.get(address)
    for number in range(3):
        Staff.objects.create(username=f"n{number}", name="新", unit=beijing)
    with CaptureQueriesContext(connection) as five:
        client.get(address)
    assert len(five) == len(two)


def test_whoever_tells_others_of_work_has_not_done_it(beijing, branch_wang, manager_lin, at):
    item = wait(beijing, beijing, at)
    copy_to(item=item, people=[manager_lin], by=branch_wang, at=at)
    assert work_counts(staff=branch_wang, at=at)["done"] == 0
    assert work_counts(staff=manager_lin, at=at)["copied"] == 1


def test_an_empty_tab_says_why_and_where_else_work_waits(client, beijing, branch_wang, at):
    client.force_login(branch_wang)
    page = reverse("desk:home")
    assert "查看团队待办" not in client.get(page).text
    wait(beijing, beijing, at)
    assert "查看团队待办" in client.get(page).text
    assert "尚无已办事项" in client.get(page, {"tab": "done"}).text
    assert "没有符合条件的事项" in client.get(page, {"tab": "team", "text": "none such"}).text
