"""The pages of the finance figures."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ledger.models import FinanceBatch
from ledger.services import sign_off_finance_figures


def _upload(client, content):
    file = SimpleUploadedFile("finance.csv", content.encode(), "text/csv")
    return client.post(reverse("ledger:batch_create"), {"file": file})


def test_upload_check_and_sign_off_in_the_browser(client, finance_sun, chief_chen):
    client.force_login(finance_sun)
    sent = _upload(client, "month,code,amount\n2017-06,claims_paid,62.00\n2017-06,bad,1\n")
    batch = FinanceBatch.objects.get()
    assert sent.url == reverse("ledger:batch", args=[batch.pk])
    page = client.get(sent.url).content.decode()
    assert "62.00" in page
    assert "2017-06,bad,1" in page
    assert reverse("ledger:sign_off", args=[batch.pk]) not in page

    client.force_login(chief_chen)
    sign_off = reverse("ledger:sign_off", args=[batch.pk])
    assert sign_off in client.get(sent.url).content.decode()
    assert client.post(sign_off, {"remark": "已核对"}).status_code == 302
    month = client.get(reverse("ledger:month", args=["2017-06"])).content.decode()
    assert "62.00" in month
    assert "陈衡" in month


def test_the_maker_who_posts_a_sign_off_is_refused(client, bring, finance_head):
    batch = bring("2017-06,claims_paid,62.00", by=finance_head)
    client.force_login(finance_head)
    assert client.post(reverse("ledger:sign_off", args=[batch.pk])).status_code == 403


def test_a_file_that_is_none_comes_back_with_its_sentence(client, finance_sun):
    client.force_login(finance_sun)
    answer = _upload(client, "month,amount\n2017-06,1\n")
    assert answer.status_code == 422
    assert "code" in answer.content.decode()


def test_withdrawing_asks_for_a_reason(client, bring, finance_sun):
    batch = bring("2017-06,claims_paid,62.00")
    client.force_login(finance_sun)
    address = reverse("ledger:withdrawal", args=[batch.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "错了"}).status_code == 302


def test_people_outside_the_head_office_find_nothing(client, bring, branch_wang):
    batch = bring("2017-06,claims_paid,62.00")
    client.force_login(branch_wang)
    for address in (
        reverse("ledger:batches"),
        reverse("ledger:batch", args=[batch.pk]),
        reverse("ledger:month", args=["2017-06"]),
    ):
        assert client.get(address).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, db):
    assert client.get(reverse("ledger:batches")).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client, bring, chief_chen, number, django_assert_num_queries
):
    for index in range(number):
        batch = bring(f"2017-0{index + 1},claims_paid,1", name=f"f{index}.csv")
        sign_off_finance_figures(batch=batch, by=chief_chen, at=batch.imported_at)
    client.force_login(chief_chen)
    client.get(reverse("ledger:batches"))
    with django_assert_num_queries(7):
        assert client.get(reverse("ledger:batches")).status_code == 200
