"""Pages of lender files: upload, watch, rejects, one line, reconciliation; and who sees them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from core.models import Job
from partners.models import LenderFile
from partners.services import admit_lender
from postloss.services.importing import load_file, receive_file
from underwriting.models import NameMapping
from underwriting.services.names import confirm_name

pytestmark = pytest.mark.django_db
LOANS = (
    "loan_no,obligor_id,obligor_name,principal,rate,term,disbursed_on,maturity,product,channel,"
    "branch\n"
    "A1,110101199003074258,王小明,1000.00,0.07,12,2026-01-05,2027-01-05,车贷,直销,北京\n"
    "A2,310101199003074259,李小红,2000.00,0.07,12,2026-01-05,2027-01-05,车贷,直销,上海\n"
)
REPAYMENTS = (
    "loan_no,as_of,instalments_due,instalments_overdue,days_overdue,due_on,due_amount,paid_amount,"
    "outstanding_principal,status\n"
    "A1,2026-01-31,0,0,0,,,0,1000.00,正常\n"
    "A2,2026-01-31,0,0,0,,,0,2000.00,正常\n"
)
FEBRUARY = (
    REPAYMENTS.replace("2026-01-31", "2026-02-28")
    .replace(",0,1000.00", ",100.00,920.00")
    .replace(",0,2000.00", ",100.00,1700.00")
)


@pytest.fixture
def lender(db):
    return admit_lender(code="L1", name="甲银行")


def loaded(lender, name: str, text: str, at) -> LenderFile:
    file = receive_file(lender=lender, name=name, stream=io.BytesIO(text.encode()), by=None, at=at)
    return load_file(file=file, heartbeat=lambda **_: None)


@pytest.fixture
def book(lender, beijing, shanghai, at):
    loaded(lender, "loans.csv", LOANS, at)
    for mapping in NameMapping.objects.filter(book_name__kind="branch"):
        unit = beijing if mapping.book_name.name == "北京" else shanghai
        confirm_name(mapping=mapping, place=unit, valid_from=at.date(), by=None, at=at)
    loaded(lender, "repayment_202601.csv", REPAYMENTS, at)
    return loaded(lender, "repayment_202602.csv", FEBRUARY, at)


def test_many_files_are_uploaded_at_once_and_each_is_loaded_by_a_job(client, manager_lin, lender):
    client.force_login(manager_lin)
    uploads = [
        SimpleUploadedFile("repayment_202601.csv", REPAYMENTS.encode()),
        SimpleUploadedFile("loans.csv", LOANS.encode()),
        SimpleUploadedFile("notes.csv", b"x"),
    ]
    data = {"lender": lender.pk, "files": uploads}
    answer = client.post(reverse("postloss:upload"), data, follow=True)
    assert [job.title for job in Job.objects.order_by("pk")] == [
        "L1 loans.csv",
        "L1 repayment_202601.csv",
    ]
    assert "notes.csv" in answer.content.decode()


def test_a_person_without_the_permission_may_not_upload(client, chief_chen, lender):
    client.force_login(chief_chen)
    assert client.get(reverse("postloss:upload")).status_code == 403


def test_a_branch_sees_no_lender_files(client, branch_wang, book):
    client.force_login(branch_wang)
    assert "repayment_202601.csv" not in client.get(reverse("postloss:files")).content.decode()
    for name in ("file", "file_reconciliation"):
        assert client.get(reverse(f"postloss:{name}", args=[book.pk])).status_code == 404


def test_a_line_is_seen_by_those_who_see_its_loan_and_nobody_else(
    client, branch_wang, stranger_gu, book
):
    of_beijing = reverse("postloss:file_line", args=[book.pk, 2])
    client.force_login(branch_wang)
    answer = client.get(of_beijing)
    assert answer.status_code == 200
    assert "920.00" in answer.content.decode()
    client.force_login(stranger_gu)
    assert client.get(of_beijing).status_code == 404


def test_a_line_of_a_loans_file_is_masked(client, manager_lin, book):
    client.force_login(manager_lin)
    loans = LenderFile.objects.get(name="loans.csv")
    page = client.get(reverse("postloss:file_line", args=[loans.pk, 2])).content.decode()
    assert "1101**********4258" in page
    assert "王小明" not in page
    assert "110101199003074258" not in page


def test_rejects_come_as_a_workbook_with_reasons(client, manager_lin, lender, book, at):
    bad = loaded(lender, "repayment_202603.csv", REPAYMENTS, at)
    client.force_login(manager_lin)
    answer = client.get(reverse("postloss:file_rejects", args=[bad.pk]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    header, first, *_ = sheet.iter_rows(values_only=True)
    assert header[0] == "line_key"
    assert first[header.index("loan_no")] == "A1"
    assert "2026-01-31" in first[header.index("reasons")]


def test_EVID_12_the_roll_forward_names_loans_that_repaid_more_than_was_paid(
    client, manager_lin, book
):
    client.force_login(manager_lin)
    page = client.get(reverse("postloss:file_reconciliation", args=[book.pk])).content.decode()
    assert "3,000.00" in page  # opening
    assert "380.00" in page  # repaid = 3000 − 2620
    assert "A2" in page  # fell by 300 with 100 paid
    assert ">A1<" not in page


def test_the_file_list_asks_as_many_questions_for_many_files_as_for_one(
    client, manager_lin, lender, at, django_assert_num_queries
):
    client.force_login(manager_lin)
    loaded(lender, "loans.csv", LOANS, at)
    client.get(reverse("postloss:files"))
    with django_assert_num_queries(7):
        client.get(reverse("postloss:files"))
    loaded(lender, "repayment_202601.csv", REPAYMENTS, at)
    loaded(lender, "repayment_202602.csv", FEBRUARY, at)
    with django_assert_num_queries(7):
        client.get(reverse("postloss:files"))
