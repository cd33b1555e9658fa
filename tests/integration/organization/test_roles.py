"""三员 are disjoint, duties apart, roles dated, definitions checked, access certified."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from organization.enums import CertificationDecision, DefinitionStatus
from organization.models import Role, RoleAssignment, Staff, WorkItem
from organization.permissions import permissions_of
from organization.services.assignments import (
    apply_due_assignments,
    assign_role,
    end_assignment,
)
from organization.services.recertification import (
    certify,
    open_recertification,
    open_recertification_of_quarter,
    suspend_uncertified,
)
from organization.services.roles import decide_role, propose_role

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def role(code):
    return Role.objects.get(code=code)


def again(staff):
    return Staff.objects.get(pk=staff.pk)


@pytest.fixture
def today(at):
    return dt.date(2026, 3, 2)


@pytest.fixture
def assign(security_shen, today, at):
    def give(staff, code, **words):
        return assign_role(
            **{"valid_from": today, "by": security_shen, "at": at, "reason": "post"} | words,
            staff=staff,
            role=role(code),
        )

    return give


@pytest.mark.parametrize(
    ("cast", "code"),
    [
        ("manager_lin", "system_administrator"),
        ("system_han", "security_administrator"),
        ("auditor_he", "risk_manager"),
        ("regulator_guan", "auditor"),
    ],
)
def test_nobody_holds_roles_of_two_kinds(request, assign, cast, code):
    person = request.getfixturevalue(cast)
    with pytest.raises(RuleBroken) as refusal:
        assign(person, code)
    assert refusal.value.code == "kinds_mixed"


def test_the_database_itself_refuses_two_kinds(system_han):
    insert = "INSERT INTO organization_staff_roles (staff_id, role_id) VALUES (%s, %s)"
    with (
        pytest.raises(IntegrityError, match="two kinds"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert, [system_han.pk, role("risk_manager").pk])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organization_role SET permissions = '{manage_staff,view_portfolio}'"
        " WHERE code = 'system_administrator'",
        "UPDATE organization_role SET permissions = '{view_portfolio,assign_roles}'"
        " WHERE code = 'risk_manager'",
        "UPDATE organization_role SET kind = 'audit', permissions = '{}' WHERE code = 'auditor'",
    ],
)
def test_the_database_keeps_permissions_within_their_kind(db, statement):
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_refuses_a_gift_to_oneself(security_shen):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(
            staff=security_shen,
            role=role("audit_administrator"),
            valid_from=dt.date(2026, 1, 1),
            assigned_by=security_shen,
        )


def test_there_is_no_superuser(db):
    with pytest.raises(CommandError, match="no superuser"):
        call_command("createsuperuser", "--noinput", "--username", "root")
    assert not Staff.objects.filter(username="root").exists()


def test_PRE_38c_duties_that_must_be_apart_are_refused(assign, manager_lin):
    with pytest.raises(RuleBroken) as refusal:
        assign(manager_lin, "chief_risk_officer")
    assert refusal.value.code == "duties_conflict"
    assert ("approve_thresholds", "propose_thresholds") in refusal.value.context["findings"]


def test_PRE_11a_a_role_of_the_head_office_is_not_given_to_a_branch(assign, branch_wang):
    with pytest.raises(RuleBroken) as refusal:
        assign(branch_wang, "data_officer")
    assert refusal.value.code == "head_office_only"


def test_who_assigns_is_neither_the_beneficiary_nor_the_system_administrator(
    assign, security_shen, system_han, manager_lin
):
    with pytest.raises(NotPermitted):
        assign(security_shen, "audit_administrator")
    with pytest.raises(NotPermitted):
        assign(manager_lin, "data_officer", by=system_han)


def test_a_role_counts_from_its_day_to_its_day(assign, manager_lin, today, at):
    assign(manager_lin, "finance_officer", valid_from=today + DAY, valid_to=today + 3 * DAY)
    assert "import_finance" not in permissions_of(again(manager_lin))
    assert apply_due_assignments(at=at) == 0
    assert apply_due_assignments(at=at + DAY) == 1
    assert "import_finance" in permissions_of(again(manager_lin))
    assert apply_due_assignments(at=at + 3 * DAY) == 1
    assert "import_finance" not in permissions_of(again(manager_lin))


def test_an_ended_role_is_gone_at_once_and_stays_readable(assign, manager_lin, security_shen, at):
    given = assign(manager_lin, "finance_officer")
    end_assignment(assignment=given, by=security_shen, at=at, reason="other post")
    assert "import_finance" not in permissions_of(again(manager_lin))
    given.refresh_from_db()
    assert (given.ended_by, given.end_reason) == (security_shen, "other post")
    with pytest.raises(WrongState):
        end_assignment(assignment=given, by=security_shen, at=at, reason="again")


def propose(by, at, **words):
    return propose_role(
        **{
            "code": "analyst",
            "name": "分析员",
            "kind": "business",
            "permissions": ["view_portfolio"],
            "by": by,
            "at": at,
            "reason": "new post",
        }
        | words
    )


def test_a_role_is_proposed_by_one_and_approved_by_another(security_shen, chief_zheng, at):
    proposal = propose(security_shen, at)
    assert not Role.objects.filter(code="analyst").exists()
    item = WorkItem.objects.get(kind="role_approval")
    with pytest.raises(NotPermitted):
        decide_role(definition=proposal, is_approved=True, by=security_shen, at=at)
    done = decide_role(definition=proposal, is_approved=True, by=chief_zheng, at=at)
    assert (done.version, done.status) == (1, DefinitionStatus.APPROVED)
    assert role("analyst").permissions == ["view_portfolio"]
    item.refresh_from_db()
    assert (item.outcome, item.finished_by) == ("approved", chief_zheng)


def test_a_new_version_reaches_its_holders_at_once(security_shen, chief_zheng, manager_lin, at):
    words = {"code": "risk_manager", "name": "总公司风险经理", "permissions": ["export"]}
    proposal = propose(security_shen, at, **words)
    assert "close_month" in permissions_of(again(manager_lin))
    decide_role(definition=proposal, is_approved=True, by=chief_zheng, at=at)
    assert permissions_of(again(manager_lin)) == {"export"}
    proposal.refresh_from_db()
    assert proposal.version == 2


def test_a_role_holds_neither_another_kinds_permission_nor_both_sides_of_a_duty(security_shen, at):
    for permissions, code in (
        (["view_portfolio", "manage_staff"], "permission_of_other_kind"),
        (["import_finance", "sign_off_finance"], "duties_conflict"),
        ([], "permissions_missing"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            propose(security_shen, at, permissions=permissions)
        assert refusal.value.code == code


def test_one_proposal_for_a_role_waits_at_a_time(security_shen, at):
    propose(security_shen, at)
    with pytest.raises(Conflict):
        propose(security_shen, at)


def line_of(campaign, staff):
    return campaign.lines.get(staff=staff)


def test_PRE_38c_access_is_certified_by_another_or_taken_away(
    chief_zheng, security_shen, branch_wang, manager_lin, at
):
    campaign = open_recertification(by=chief_zheng, at=at)
    certify(line=line_of(campaign, branch_wang), is_confirmed=True, by=chief_zheng, at=at)
    certify(
        line=line_of(campaign, manager_lin), is_confirmed=False, by=chief_zheng, at=at, reason="x"
    )
    assert permissions_of(again(branch_wang)) != set()
    assert permissions_of(again(manager_lin)) == set()
    own = line_of(campaign, chief_zheng)
    with pytest.raises(NotPermitted):
        certify(line=own, is_confirmed=True, by=chief_zheng, at=at)
    certify(line=own, is_confirmed=True, by=security_shen, at=at)
    with pytest.raises(NotPermitted):
        certify(line=line_of(campaign, security_shen), is_confirmed=True, by=branch_wang, at=at)


def test_PRE_38c_what_nobody_certified_in_time_is_suspended_and_may_be_restored(
    chief_zheng, branch_wang, at
):
    campaign = open_recertification(by=chief_zheng, at=at)
    assert suspend_uncertified(at=at + 14 * DAY) == 0
    assert suspend_uncertified(at=at + 15 * DAY) == 2
    assert permissions_of(again(branch_wang)) == set()
    campaign.refresh_from_db()
    assert campaign.closed_at == at + 15 * DAY
    line = line_of(campaign, branch_wang)
    assert line.decision == CertificationDecision.SUSPENDED


def test_a_suspended_role_comes_back_when_it_is_certified_late(
    chief_zheng, security_shen, branch_wang, at
):
    campaign = open_recertification(by=chief_zheng, at=at)
    own = line_of(campaign, chief_zheng)
    certify(line=own, is_confirmed=True, by=security_shen, at=at)
    suspend_uncertified(at=at + 15 * DAY)
    certify(line=line_of(campaign, branch_wang), is_confirmed=True, by=again(chief_zheng), at=at)
    assert "handle_warnings" in permissions_of(again(branch_wang))


def test_a_quarter_has_one_recertification(branch_wang, at):
    assert open_recertification_of_quarter(at=at)
    assert not open_recertification_of_quarter(at=at)
    with pytest.raises(Conflict):
        open_recertification(by=None, at=at)
