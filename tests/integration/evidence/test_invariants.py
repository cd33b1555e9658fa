"""`check_invariants`: each invariant that exists is seen to fail when it is broken."""

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.enums import JobStatus
from core.history import kept_columns, put_up_triggers
from core.masking import holds_personal
from core.models import AuditRecord, Job, RowChange
from core.services import record_audit, settle
from organization.models import Role, Staff
from organization.services import appoint_staff
from tests.factories.portfolio_book import closed_book
from underwriting.models import BookName

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(settings, tmp_path):
    settings.XINBAO_HOME = tmp_path
    (tmp_path / "log").mkdir()
    return tmp_path


@pytest.fixture
def found(home, capsys):
    """Run the command; return what it says and whether it failed."""

    def check():
        settle()
        capsys.readouterr()
        try:
            call_command("check_invariants", "--json")
        except CommandError:
            return json.loads(capsys.readouterr().out), True
        return json.loads(capsys.readouterr().out), False

    return check


def behind_the_triggers(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_all_hold_on_a_book_that_was_loaded_and_closed(found, tmp_path, beijing, shanghai):
    closed_book(tmp_path / "book", beijing=beijing, shanghai=shanghai)
    says, failed = found()
    assert {code: one["bad"] for code, one in says.items()} == {key: [] for key in says}
    assert set(says) == {"I1", "I5", "I6", "I7", "I8", "I9"}
    assert says["I5"]["checked"] > 10
    assert not failed


def test_I5_an_effect_without_its_record_is_named(found, warning):
    settle()
    record = AuditRecord.objects.get(action="postloss.warning_close")
    behind_the_triggers("DELETE FROM core_chainlink WHERE record_id = %s", record.pk)
    behind_the_triggers("DELETE FROM core_auditrecord WHERE id = %s", record.pk)
    says, failed = found()
    assert failed
    assert any("postloss.warning_close" in words for words in says["I5"]["bad"])
    assert any("missing" in words for words in says["I5"]["bad"])


def test_I6_a_running_job_that_nobody_holds_is_named(found):
    job = Job.objects.create(
        kind="x", key="1", title="x", status=JobStatus.RUNNING, created_at=clock.now(),
        lease_until=clock.now() - dt.timedelta(seconds=1),
    )  # fmt: skip
    says, failed = found()
    assert failed
    assert says["I6"]["bad"] == [f"job {job.pk} is running and nobody holds it"]


def test_I7_a_word_outside_its_list_is_named(found):
    name = BookName.objects.create(kind="emperor", name="x")
    says, failed = found()
    assert failed
    assert says["I7"]["bad"] == [f"underwriting.bookname {name.pk}: kind is none of its words"]


def test_I9_a_number_of_a_person_in_a_log_is_named_but_not_shown(found, home):
    (home / "log" / "web.log").write_text("fine\nuser 11010519491231002X\ncall 13812345678\n")
    says, failed = found()
    assert failed
    assert says["I9"]["bad"] == [
        "web.log:2 shows a number of a person",
        "web.log:3 shows a number of a person",
    ]


@pytest.mark.parametrize(
    "text",
    ["2026-11-27T01:12:46.637824Z", "1342ed8b-5a64-4abf-9c7c-780269ec6bc9", "1764205966637824",
     "sha256 " + "13812345678a" * 5 + "beef", "a13812345678" * 10 + "deadbeef"],
)  # fmt: skip
def test_what_only_looks_like_a_number_of_a_person_is_left_alone(text):
    assert not holds_personal(text)


def test_CRM_34_row_history_keeps_before_and_after_and_no_secret(hq):
    staff = appoint_staff(
        username="neu", name="新人", unit=hq, roles=["auditor"], password="neu-cast-2026!"
    )
    staff.is_active = False
    staff.save()
    staff.set_password("another-cast-2026!")
    staff.save()
    changes = list(RowChange.objects.filter(table="organization_staff").order_by("pk"))
    assert [each.verb for each in changes] == ["insert", "update"]  # a new password is no change
    assert (changes[1].before["is_active"], changes[1].after["is_active"]) == (True, False)
    assert {"password", "name", "last_login"} & set(changes[0].after) == set()
    assert "新人" not in json.dumps([each.after for each in changes], ensure_ascii=False)
    given = RowChange.objects.filter(table="organization_staff_roles")
    assert [each.verb for each in given] == ["insert"]


def test_row_history_is_told_by_the_record_of_its_transaction(hq, officer_qian, at):
    role = Role.objects.get(code="auditor")
    role.name = "审计"
    role.save()
    record = record_audit(action="test.renamed", subject=role, by=officer_qian, at=at)
    record.refresh_from_db()
    change = RowChange.objects.get(table="organization_role")
    assert (change.transaction, change.recorded_at) == (record.transaction, record.recorded_at)


def test_a_second_migration_finds_its_triggers_as_they_are(db):
    put_up_triggers()
    with CaptureQueriesContext(connection) as queries:
        put_up_triggers()
    assert len(queries) == 2  # it looked, and put up nothing


def test_the_history_of_staff_keeps_no_password():
    assert "password" not in kept_columns(Staff)
    assert "is_active" in kept_columns(Staff)
