"""The tree with its days; joiners, movers and leavers; what they leave behind."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.errors import NotPermitted, RuleBroken, WrongState
from core.models import AuditRecord
from organization.enums import PersonnelKind, Standing, UnitKind
from organization.models import Certificate, Post, Staff, Unit, WorkItem, WorkStep
from organization.selectors.leavers import leaving_report
from organization.selectors.staff import certificates_of, post_register
from organization.selectors.units import tree_as_of, unit_as_of
from organization.services import open_unit
from organization.services.personnel import apply_due_orders, end_visits, order_personnel
from organization.services.staff import enter_certificate, hire_staff, hold_post
from organization.services.units import (
    apply_due_unit_changes,
    close_unit,
    move_unit,
    rename_unit,
)
from organization.services.work import finish_works, take_work
from tests.factories.work import open_work

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)


def again(row):
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def haidian(beijing):
    return open_unit(
        code="BJ01", name="海淀", name_en="Haidian", kind=UnitKind.SUB_BRANCH, parent=beijing
    )


def order(staff, kind, by, at, **words):
    return order_personnel(
        **{"effective_on": TODAY, "reason": "as agreed"} | words,
        staff=staff,
        kind=kind,
        by=by,
        at=at,
    )


def wait(subject, unit, at, **words):
    return open_work(
        **{"kind": "warning_handling", "permission": "handle_warnings", "by": None} | words,
        subject=subject,
        title="#1",
        url="/warnings/1/",
        unit=unit,
        at=at,
    )


def test_PRE_11a_a_moved_unit_takes_all_below_it_and_its_past_stays(
    beijing, shanghai, haidian, system_han, at
):
    move_unit(
        unit=haidian, parent=shanghai, effective_on=TODAY, by=system_han, at=at, reason="merger"
    )
    assert again(haidian).path == "/HQ/SH/BJ01/"
    assert unit_as_of(unit=haidian, as_of=TODAY - DAY).path == "/HQ/BJ/BJ01/"
    assert unit_as_of(unit=haidian, as_of=TODAY).path == "/HQ/SH/BJ01/"
    before = tree_as_of(staff=system_han, as_of=TODAY - DAY)
    assert [each.path for each in before] == ["/HQ/", "/HQ/BJ/", "/HQ/BJ/BJ01/", "/HQ/SH/"]


def test_a_change_of_a_day_ahead_waits_for_the_beat(beijing, system_han, at):
    rename_unit(
        unit=beijing,
        name="华北分公司",
        name_en="North",
        effective_on=TODAY + DAY,
        by=system_han,
        at=at,
        reason="new name",
    )
    assert again(beijing).name == "北京分公司"
    assert apply_due_unit_changes(at=at) == 0
    assert apply_due_unit_changes(at=at + DAY) == 1
    assert again(beijing).name == "华北分公司"
    assert unit_as_of(unit=beijing, as_of=TODAY).name == "北京分公司"


def test_a_unit_with_people_or_work_or_units_does_not_close(
    beijing, haidian, branch_wang, system_han, at
):
    wait(beijing, beijing, at)
    with pytest.raises(RuleBroken) as refusal:
        close_unit(unit=beijing, effective_on=TODAY, by=system_han, at=at, reason="merger")
    assert len(refusal.value.context["findings"]) == 3
    assert again(beijing).closed_on is None
    close_unit(unit=haidian, effective_on=TODAY, by=system_han, at=at, reason="merger")
    assert again(haidian).closed_on == TODAY
    paths = [each.path for each in tree_as_of(staff=system_han, as_of=TODAY)]
    assert "/HQ/BJ/BJ01/" not in paths


def test_a_closing_that_is_refused_on_its_day_keeps_its_reason(
    beijing, branch_wang, system_han, at
):
    change = close_unit(
        unit=beijing, effective_on=TODAY + DAY, by=system_han, at=at, reason="merger"
    )
    assert apply_due_unit_changes(at=at + DAY) == 0
    assert again(change).refusal != ""
    assert again(beijing).closed_on is None


def test_only_the_system_administrator_changes_the_tree(
    beijing, shanghai, haidian, manager_lin, at
):
    with pytest.raises(NotPermitted):
        move_unit(
            unit=haidian, parent=shanghai, effective_on=TODAY, by=manager_lin, at=at, reason="x"
        )


def test_a_joiner_has_no_role_and_the_inbox_of_roles_knows(beijing, system_han, at):
    joined = hire_staff(
        username="ma",
        name="马新",
        unit=beijing,
        password="Joiner-2026-long!",
        by=system_han,
        at=at,
        reason="new post",
    )
    assert list(joined.roles.all()) == []
    item = WorkItem.objects.get(kind="roles_assignment")
    assert (item.permission, item.initiator, "马新" in item.title) == (
        "assign_roles",
        system_han,
        False,
    )


def test_CRM_30_a_leavers_work_passes_on_and_access_is_cut_in_one_transaction(
    branch_wang, chief_bai, manager_lin, system_han, at
):
    beijing = branch_wang.unit
    items = [
        wait(beijing, beijing, at, holder=branch_wang),
        wait(branch_wang, beijing, at, holder=branch_wang, permission="sign_cases"),
    ]
    done = order(branch_wang, PersonnelKind.DISMISS, system_han, at, successor=manager_lin)
    left = again(branch_wang)
    assert (left.is_active, left.standing, list(left.roles.all())) == (False, Standing.LEFT, [])
    # the successor takes what they may do; the rest goes to the nearest who may
    assert [again(item).holder for item in items] == [manager_lin, chief_bai]
    report = leaving_report(person=left, at=at)
    assert report["order"] == done
    assert [step.to_holder for step in report["passed"]] == [manager_lin, chief_bai]
    assert AuditRecord.objects.filter(action="organization.staff_dismiss").count() == 1


def test_a_leavers_work_that_nobody_could_do_goes_back_to_the_team(
    beijing, branch_wang, system_han, at
):
    item = wait(beijing, beijing, at, holder=branch_wang)
    order(branch_wang, PersonnelKind.DISMISS, system_han, at)
    assert (again(item).holder, again(item).finished_at) == (None, None)


def test_work_that_would_be_lost_stops_the_dismissal(beijing, branch_wang, system_han, at):
    wait(beijing, beijing, at, holder=branch_wang, permission="")
    with pytest.raises(RuleBroken) as refusal:
        order(branch_wang, PersonnelKind.DISMISS, system_han, at)
    assert refusal.value.field == "successor"
    assert again(branch_wang).is_active
    assert WorkStep.objects.count() == 0


def test_a_mover_gives_up_roles_and_work_on_the_day(shanghai, branch_wang, system_han, at):
    beijing = branch_wang.unit
    order(
        branch_wang,
        PersonnelKind.TRANSFER,
        system_han,
        at,
        unit=shanghai,
        effective_on=TODAY + DAY,
    )
    assert again(branch_wang).unit == beijing
    assert apply_due_orders(at=at + DAY) == 1
    moved = again(branch_wang)
    assert (moved.unit, list(moved.roles.all())) == (shanghai, [])
    assert WorkItem.objects.filter(kind="roles_assignment").count() == 1


def test_whoever_is_on_leave_may_not_sign_in_and_comes_back_with_the_same_roles(
    branch_wang, system_han, at
):
    order(branch_wang, PersonnelKind.LEAVE, system_han, at)
    assert (again(branch_wang).is_active, again(branch_wang).standing) == (False, "on_leave")
    order(branch_wang, PersonnelKind.RETURN, system_han, at)
    back = again(branch_wang)
    assert (back.is_active, [role.code for role in back.roles.all()]) == (True, ["branch_manager"])
    with pytest.raises(WrongState):
        order(branch_wang, PersonnelKind.RETURN, system_han, at)


def test_a_rehire_comes_back_without_roles(beijing, branch_wang, system_han, at):
    order(branch_wang, PersonnelKind.DISMISS, system_han, at)
    order(branch_wang, PersonnelKind.REHIRE, system_han, at, unit=beijing)
    assert (again(branch_wang).is_active, list(again(branch_wang).roles.all())) == (True, [])


def test_nobody_orders_about_themselves(system_han, at):
    with pytest.raises(NotPermitted):
        order(system_han, PersonnelKind.DISMISS, system_han, at)


def test_the_database_lets_nobody_sign_in_who_left(branch_wang):
    with pytest.raises(DatabaseError), transaction.atomic():
        Staff.objects.filter(pk=branch_wang.pk).update(standing=Standing.LEFT)


def test_a_finished_item_and_its_steps_never_change(beijing, branch_wang, at):
    item = wait(beijing, beijing, at)
    take_work(item=item, by=branch_wang, at=at)
    finish_works(subjects=[beijing], by=branch_wang, at=at)
    for change in (
        lambda: WorkItem.objects.filter(pk=item.pk).update(outcome="other"),
        lambda: WorkItem.objects.filter(pk=item.pk).delete(),
        lambda: WorkStep.objects.update(remark="other"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_PRE_12d_the_post_register_names_who_lacks_a_certificate(branch_wang, system_han, at):
    post = Post.objects.get(code="underwriter")
    hold_post(staff=branch_wang, post=post, valid_from=TODAY, by=system_han, at=at)
    (row,) = [each for each in post_register(as_of=TODAY) if each["post"] == post]
    assert row["holders"][0]["lacks"] == ["保险从业资格"]
    enter_certificate(
        staff=branch_wang,
        name="保险从业资格",
        number="CERT-20260001",
        issued_on=TODAY - DAY,
        expires_on=TODAY + DAY,
        by=system_han,
        at=at,
    )
    (row,) = [each for each in post_register(as_of=TODAY) if each["post"] == post]
    assert row["holders"][0]["lacks"] == []
    (late,) = [each for each in post_register(as_of=TODAY + DAY) if each["post"] == post]
    assert late["holders"][0]["lacks"] == ["保险从业资格"]
    assert b"CERT-20260001" not in bytes(Certificate.objects.get().sealed_number)
    assert certificates_of(person=branch_wang)[0][1] == "****0001"


def test_HQ_47_a_visit_ends_to_the_second_and_every_access_is_on_record(client, regulator_guan):
    client.force_login(regulator_guan)
    assert client.get(reverse("reporting:reports")).status_code == 200
    seen = AuditRecord.objects.get(action="organization.visit")
    assert (seen.by, seen.detail["path"]) == (regulator_guan, "/reports/")
    Staff.objects.filter(pk=regulator_guan.pk).update(
        access_until=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    answer = client.get(reverse("reporting:reports"))
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("desk:login"))
    assert client.get(reverse("reporting:reports")).status_code == 302


def test_HQ_47_the_beat_cuts_the_access_of_a_visitor_whose_time_is_over(regulator_guan, at):
    assert end_visits(at=at) == 0
    assert end_visits(at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC)) == 1
    assert not again(regulator_guan).is_active


@pytest.mark.parametrize("cast", ["system_han", "security_shen", "auditor_he", "regulator_guan"])
@pytest.mark.parametrize(
    "name",
    [
        "postloss:dashboard",
        "postloss:warnings",
        "postloss:thresholds",
        "postloss:month_ends",
        "postloss:ageing",
        "postloss:files",
        "ledger:batches",
        "underwriting:names",
        "underwriting:controls",
        "desk:workload",
    ],
)
def test_administrators_and_regulators_see_no_business(request, client, cast, name):
    client.force_login(request.getfixturevalue(cast))
    assert client.get(reverse(name)).status_code in (403, 404)


@pytest.mark.parametrize("cast", ["system_han", "security_shen", "auditor_he"])
def test_administrators_see_no_report(request, client, cast):
    client.force_login(request.getfixturevalue(cast))
    assert client.get(reverse("reporting:reports")).status_code == 404


def test_the_tree_keeps_one_open_period_per_unit(beijing, haidian):
    assert Unit.objects.count() == 3
    assert {unit.periods.filter(valid_to=None).count() for unit in Unit.objects.all()} == {1}


def test_CRM_30_the_sessions_of_a_leaver_and_of_whoever_gets_another_role_are_gone(
    client, branch_wang, system_han, security_shen, at
):
    from organization.models import Role, StaffSession
    from organization.services.assignments import assign_role

    role = Role.objects.get(code="underwriter")
    client.force_login(branch_wang)
    assert StaffSession.objects.filter(staff=branch_wang).count() == 1
    assign_role(
        staff=branch_wang, role=role, valid_from=TODAY, by=security_shen, at=at, reason="post"
    )
    assert StaffSession.objects.filter(staff=branch_wang).count() == 0
    client.force_login(branch_wang)
    order(branch_wang, PersonnelKind.DISMISS, system_han, at)
    assert StaffSession.objects.filter(staff=branch_wang).count() == 0
