"""PRE-45c, CRM-22, A20: every file is registered and marked; large ones are approved by another."""

import hashlib
import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from core import clock, files, jobs
from core.models import AuditRecord, Job
from organization.models import WorkItem
from organization.selectors.leavers import leaver_things
from organization.services.personnel import order_personnel
from parties.enums import ExportStatus
from parties.errors import NotPermitted, RuleBroken, WrongState
from parties.models import BehaviourAlert, Export
from parties.services import decide_export
from tests.factories.portfolio_book import BEIJING_PERSON, CANARY

pytestmark = pytest.mark.django_db
LOANS = "/month-ends/2017-07/loans.xlsx"


def bytes_of(answer) -> bytes:
    return b"".join(answer.streaming_content)


def take(client, page: str = LOANS) -> None:
    bytes_of(client.get(page))


@pytest.fixture
def asked(client, book, branch_wang, figure) -> Export:
    figure("privacy.export_rows_free", 3)
    client.force_login(branch_wang)
    answer = client.post(LOANS, {"reason": "分公司贷后检查"})
    export = Export.objects.get()
    assert answer.headers["Location"] == reverse("parties:export", args=[export.pk])
    return export


def approve(export, by, *, yes=True):
    return decide_export(export=export, is_approved=yes, remark="同意", by=by, at=clock.now())


def test_a_free_export_is_registered_with_the_hash_of_its_bytes_and_its_number_is_in_the_mark(
    client, book, branch_wang
):
    client.force_login(branch_wang)
    content = bytes_of(client.get(LOANS))
    export = Export.objects.get()
    assert (export.rows, export.status, export.needs_approval) == (5, "made", False)
    assert export.sha256 == hashlib.sha256(content).hexdigest()
    assert (export.size, export.stored) == (len(content), None)
    page = load_workbook(io.BytesIO(content)).active
    for word in ("王京", "wang", export.number):
        assert word in page["A1"].value
        assert word in page.oddFooter.center.text
    record = AuditRecord.objects.get(action="export_made")
    assert (record.detail["rows"], record.detail["sha256"]) == (5, export.sha256)


@pytest.mark.parametrize("page", ["/dashboard/export.xlsx", "/month-ends/2017-07/loans.xlsx"])
def test_every_way_out_passes_the_register(client, book, manager_lin, page):
    client.force_login(manager_lin)
    take(client, page)
    assert Export.objects.get().asked_by == manager_lin


def test_the_rejects_workbook_is_registered_and_marked_outside_its_cells(client, book, manager_lin):
    from partners.models import LenderFile

    file = LenderFile.objects.first()
    client.force_login(manager_lin)
    content = bytes_of(client.get(reverse("postloss:file_rejects", args=[file.pk])))
    page = load_workbook(io.BytesIO(content)).active
    assert page["A1"].value == "line_key"  # the header that is read back
    assert Export.objects.get().number in page.oddHeader.center.text


def test_a_large_export_waits_and_makes_nothing(asked, branch_wang):
    assert (asked.status, asked.rows, asked.needs_approval) == ("waiting", 5, True)
    assert not Job.objects.filter(kind="make_export").exists()


def test_without_a_purpose_nobody_is_asked(client, book, branch_wang, figure):
    figure("privacy.export_rows_free", 3)
    client.force_login(branch_wang)
    assert client.get(LOANS).status_code == 200
    assert client.post(LOANS, {"reason": " "}).status_code == 422
    assert not Export.objects.exists()


def test_another_person_approves_a_job_makes_it_and_only_the_asker_fetches_it(
    client, asked, branch_wang, chief_chen, stranger_gu
):
    client.force_login(chief_chen)
    detail = reverse("parties:export", args=[asked.pk])
    assert asked.reason in client.get(detail).text
    answer = client.post(f"{detail}decision/", {"decision": "approve", "remark": "同意"})
    assert answer.status_code == 302
    job = Job.objects.get(kind="make_export")
    assert job.created_by == branch_wang  # it stands in the drawer of who asked
    jobs.run(job.pk, reraise=True)
    asked.refresh_from_db()
    assert asked.status == "made"
    assert asked.sha256 == hashlib.sha256(b"".join(files.pieces(asked.stored))).hexdigest()
    fetch = f"{detail}file/"
    assert client.get(fetch).status_code == 404  # the approver has no use for it
    client.force_login(stranger_gu)
    assert client.get(detail).status_code == client.get(fetch).status_code == 404
    client.force_login(branch_wang)
    content = bytes_of(client.get(fetch))
    page = load_workbook(io.BytesIO(content)).active
    assert asked.number in page["A1"].value
    texts = str([cell.value for line in page.iter_rows() for cell in line])
    assert "1101**********002X" in texts
    assert BEIJING_PERSON not in texts
    assert CANARY not in texts
    assert AuditRecord.objects.filter(action="export_fetched", by=branch_wang).count() == 1


def test_a_job_driven_again_makes_no_second_file(asked, chief_chen):
    from core.models import StoredFile

    approve(asked, chief_chen)
    job = Job.objects.get(kind="make_export")
    jobs.run(job.pk)
    before = StoredFile.objects.count()
    Job.objects.filter(pk=job.pk).update(status="queued", finished_at=None)
    jobs.run(job.pk)
    assert StoredFile.objects.count() == before


def test_the_right_is_asked_again_when_the_file_is_made(asked, branch_wang, chief_chen):
    approve(asked, chief_chen)
    branch_wang.roles.clear()
    job = Job.objects.get(kind="make_export")
    jobs.run(job.pk)
    job.refresh_from_db()
    asked.refresh_from_db()
    assert (job.status, asked.status, asked.stored) == ("refused", "cleared", None)


def test_whoever_asks_does_not_approve(book, chief_chen, client, figure):
    figure("privacy.export_rows_free", 3)
    client.force_login(chief_chen)
    client.post(LOANS, {"reason": "x"})
    export = Export.objects.get()
    with pytest.raises(NotPermitted):
        approve(export, chief_chen)
    with pytest.raises(IntegrityError, match="export_maker_is_not_checker"), transaction.atomic():
        Export.objects.update(
            decided_by=chief_chen, decided_at=clock.now(), status=ExportStatus.CLEARED
        )


def test_no_file_is_made_without_leave_even_past_the_service(asked):
    with pytest.raises(IntegrityError, match="export_made_by_leave"), transaction.atomic():
        Export.objects.update(status=ExportStatus.CLEARED)


def test_one_decision_is_the_last(asked, chief_chen, chief_zheng):
    approve(asked, chief_chen, yes=False)
    with pytest.raises(WrongState):
        approve(asked, chief_zheng)
    asked.refresh_from_db()
    assert asked.status == "turned_down"


def test_turning_down_needs_a_remark(client, asked, chief_chen):
    client.force_login(chief_chen)
    address = reverse("parties:export_decision", args=[asked.pk])
    assert client.post(address, {"decision": "refuse"}).status_code == 422


def test_A20_over_the_daily_rows_approval_is_needed_and_an_alert_is_raised(
    client, book, branch_wang, figure
):
    figure("privacy.export_rows_per_day", 9)
    client.force_login(branch_wang)
    take(client)
    answer = client.get(LOANS)
    assert "需要审批" in answer.text
    assert Export.objects.count() == 1
    alert = BehaviourAlert.objects.get()
    assert (alert.staff, alert.use, alert.observed, alert.allowed) == (
        branch_wang, "export_row", 14, 9,
    )  # fmt: skip


def test_a_file_is_fetched_within_some_days_only(client, asked, branch_wang, chief_chen, figure):
    approve(asked, chief_chen)
    jobs.run(Job.objects.get(kind="make_export").pk)
    figure("privacy.export_fetch_days", -1)
    client.force_login(branch_wang)
    assert client.get(reverse("parties:export_file", args=[asked.pk])).status_code == 409


def test_the_register_asks_the_same_for_one_row_and_for_three(
    client, book, branch_wang, django_assert_num_queries
):
    client.force_login(branch_wang)
    address = reverse("parties:exports")
    take(client)
    client.get(address)
    for _ in range(2):
        with django_assert_num_queries(7):
            assert client.get(address).status_code == 200
        take(client)
        take(client)


def test_the_register_is_closed_to_those_who_take_nothing(client, auditor_he, regulator_guan):
    for person in (auditor_he, regulator_guan):
        client.force_login(person)
        assert client.get(reverse("parties:exports")).status_code == 403


def test_the_watermark_names_who_looks_and_is_never_cached(client, branch_wang):
    client.force_login(branch_wang)
    answer = client.get(reverse("parties:watermark"))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "王京 wang 20" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_waiting_export_is_work_and_its_holder_from_elsewhere_sees_it_until_it_is_done(
    client, asked, chief_chen, stranger_gu
):
    page = reverse("parties:export", args=[asked.pk])
    item = WorkItem.objects.get(kind="export_approval")
    assert (item.url, item.initiator, item.unit) == (page, asked.asked_by, asked.unit)
    client.force_login(stranger_gu)
    assert client.get(page).status_code == 404
    WorkItem.objects.filter(pk=item.pk).update(holder=stranger_gu)
    assert client.get(page).status_code == 200
    assert str(asked.number) not in client.get(reverse("parties:exports")).text
    approve(asked, chief_chen)
    assert client.get(page).status_code == 404


def test_CRM_30_a_leavers_exports_are_told_and_what_waits_is_approved_no_more(
    client, asked, branch_wang, chief_chen, system_han
):
    told = [thing.title for thing in leaver_things(person=branch_wang, at=clock.now())]
    assert any(asked.number in title for title in told)
    order_personnel(
        staff=branch_wang,
        kind="dismiss",
        effective_on=clock.today(),
        by=system_han,
        at=clock.now(),
        reason="leaves",
    )
    with pytest.raises(RuleBroken):
        approve(asked, chief_chen)
    approve(asked, chief_chen, yes=False)
    assert not WorkItem.objects.filter(kind="export_approval", finished_at=None).exists()
    client.force_login(system_han)
    page = client.get(reverse("organization:person", args=[branch_wang.pk])).text
    assert asked.number in page
