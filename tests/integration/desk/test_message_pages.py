"""Messages at the screen: the bell, reading, wishes, addresses, deliveries, words. Source: A12."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from core import clock, outbox
from core.enums import MessageStatus
from core.models import Message, MessageTemplate
from core.selectors.messages import addresses_of, messages_to, unread_count
from core.services import Outside, send_message, tell
from core.services.messages import read_message

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}"


def told(person, *, title="loans.csv", url="", at=None):
    values = {"title": title, "text": "200 accepted"}
    tell(notice="job_done", people=[person], values=values, at=at or clock.now(), url=url)
    return messages_to(person=person).first()


def at_the_door(client, person):
    client.force_login(person)
    return client


def test_the_bell_counts_what_is_unread_and_no_page_pays_for_it(client, manager_lin, stranger_gu):
    told(manager_lin)
    told(stranger_gu)
    page = at_the_door(client, manager_lin).get("/jobs/").text
    assert 'hx-get="/messages/bell/"' in page
    assert 'hx-trigger="load, messages-changed from:body"' in page
    bell = client.get("/messages/bell/").text
    assert ">1<" in bell
    assert "load" not in bell  # or it would ask without end


def test_the_badge_of_jobs_rings_when_none_is_open(client, manager_lin):
    answer = at_the_door(client, manager_lin).get("/jobs/badge/")
    assert answer.headers["HX-Trigger"] == "messages-changed"


def test_a_message_is_opened_read_and_leads_to_its_object(client, manager_lin):
    message = told(manager_lin, url="/jobs/")
    page = at_the_door(client, manager_lin).get("/messages/").text
    assert "任务完成：loans.csv" in page
    answer = client.post(f"/messages/{message.pk}/reading/", {"open": "1"})
    assert answer.headers["Location"] == "/jobs/"
    assert unread_count(person=manager_lin) == 0
    assert "暂无消息" in client.get("/messages/?show=unread").text
    assert "任务完成：loans.csv" in client.get("/messages/").text


def test_all_are_read_at_once(client, manager_lin):
    for _each in range(3):
        told(manager_lin)
    answer = at_the_door(client, manager_lin).post("/messages/reading/", follow=True)
    assert "3 条消息已标为已读" in answer.text
    assert unread_count(person=manager_lin) == 0


def test_somebody_elses_message_does_not_exist(client, manager_lin, stranger_gu):
    message = told(manager_lin)
    at_the_door(client, stranger_gu)
    assert client.post(f"/messages/{message.pk}/reading/").status_code == 404
    assert "loans.csv" not in client.get("/messages/").text
    assert unread_count(person=manager_lin) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    client, manager_lin, django_assert_num_queries, rows
):
    for _each in range(rows):
        told(manager_lin)
    at_the_door(client, manager_lin).get("/messages/")
    with django_assert_num_queries(8):
        client.get("/messages/")


def test_A12_hostile_words_are_inert_on_the_page(client, manager_lin):
    told(manager_lin, title=HOSTILE)
    page = at_the_door(client, manager_lin).get("/messages/").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_wishes_are_kept_and_what_is_mandatory_is_not_offered(client, manager_lin):
    page = at_the_door(client, manager_lin).get("/messages/wishes/").text
    assert 'value="job_done"' in page
    assert "account_password" not in page
    client.post("/messages/wishes/", {"wanted": ["job_failed"]})
    told(manager_lin)
    assert unread_count(person=manager_lin) == 0
    assert client.post("/messages/wishes/", {"wanted": ["account_password"]}).status_code == 422


def test_the_address_before_is_told_that_it_was_replaced(client, manager_lin):
    at_the_door(client, manager_lin)
    client.post("/messages/addresses/", {"email": "lin@example.com", "sms": ""})
    client.post("/messages/addresses/", {"email": "other@example.com", "sms": ""})
    assert addresses_of(person=manager_lin) == {"email": "other@example.com"}
    kinds = Message.objects.filter(template__code="account_address")
    assert sorted(kinds.values_list("channel", flat=True)) == ["email", "in_app", "in_app"]


def test_an_unfit_address_is_refused_at_its_field(client, manager_lin):
    answer = at_the_door(client, manager_lin).post(
        "/messages/addresses/", {"email": "lin at example", "sms": ""}
    )
    assert answer.status_code == 422
    assert "不是该通道的有效地址" in answer.text
    assert not Message.objects.exists()


@pytest.fixture
def doubtful(system_han):
    """A short message to a customer whose delivery is unclear."""
    MessageTemplate.objects.create(
        code="job_done", channel="sms", language="zh-hans", version=1, subject="{title}",
        body="{title} {text}", placeholders=["text", "title"], valid_from="2020-01-01",
        status="approved", proposed_at=clock.now(), decided_at=clock.now(),
    )  # fmt: skip
    message = send_message(
        template="job_done",
        to=Outside(address="13812345678"),
        values={"title": "机密内容", "text": "x"},
        at=clock.now(),
        channel="sms",
    )
    Message.objects.filter(pk=message.pk).update(
        status=MessageStatus.UNCLEAR, settled_at=clock.now()
    )
    return message


def test_deliveries_show_who_was_told_masked_and_never_the_words(
    client, doubtful, auditor_he, manager_lin
):
    at_the_door(client, auditor_he)
    for page in ("/message-deliveries/?status=unclear", f"/message-deliveries/{doubtful.pk}/"):
        text = client.get(page).text
        assert "138****5678" in text
        assert "13812345678" not in text
        assert "机密内容" not in text
    assert client.post(f"/message-deliveries/{doubtful.pk}/clearing/").status_code == 403
    at_the_door(client, manager_lin)
    assert client.get("/message-deliveries/").status_code == 403
    assert client.get(f"/message-deliveries/{doubtful.pk}/").status_code == 403


def test_who_keeps_the_system_decides_what_is_unclear(client, doubtful, system_han, settings):
    page = f"/message-deliveries/{doubtful.pk}/"
    at_the_door(client, system_han)
    assert client.post(f"{page}clearing/", {"decision": "again", "remark": " "}).status_code == 422
    answer = client.post(f"{page}clearing/", {"decision": "again", "remark": "网关无此记录"})
    assert answer.status_code == 302
    doubtful.refresh_from_db()
    assert doubtful.status == MessageStatus.WAITING
    assert "网关无此记录" in client.get(page).text
    assert client.post(f"{page}clearing/", {"remark": "x"}).status_code == 409
    tomorrow = clock.now() + dt.timedelta(days=1)  # also at night, when short messages wait
    assert outbox.relay(at=tomorrow) == 1


def test_a_message_that_is_not_there_is_404(client, system_han):
    at_the_door(client, system_han)
    assert client.get(f"/message-deliveries/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_deliveries_cost_the_same_for_one_and_for_three(
    client, auditor_he, manager_lin, django_assert_num_queries, rows
):
    for _each in range(rows):
        told(manager_lin)
    at_the_door(client, auditor_he).get("/message-deliveries/")
    with django_assert_num_queries(7):
        client.get("/message-deliveries/")


WORDS = {
    "code": "job_done",
    "channel": "in_app",
    "language": "zh-hans",
    "subject": "好消息：{title}",
    "body": "{title} 已完成：{text}",
    "valid_from": "2026-01-01",
    "reason": "更亲切",
}
PROPOSAL = "/message-templates/proposal/"


def test_words_are_previewed_proposed_and_approved_by_two(
    client, officer_qian, chief_zheng, manager_lin
):
    at_the_door(client, officer_qian)
    preview = client.post(PROPOSAL, WORDS | {"preview": "1"}).text
    assert "好消息：loans.csv" in preview
    assert not MessageTemplate.objects.filter(version=2).exists()
    answer = client.post(PROPOSAL, WORDS)
    row = MessageTemplate.objects.get(version=2)
    page = reverse("desk:message_template", args=[row.pk])
    assert answer.headers["Location"] == page
    assert 'value="approve"' not in client.get(page).text
    assert client.post(f"{page}decision/", {"decision": "approve"}).status_code == 403
    at_the_door(client, chief_zheng)
    assert page in client.get("/message-templates/").text
    assert client.post(f"{page}decision/", {"decision": "approve"}).status_code == 302
    told(manager_lin)
    assert "好消息：loans.csv" in at_the_door(client, manager_lin).get("/messages/").text


def test_a_new_version_begins_with_the_words_before(client, officer_qian):
    row = MessageTemplate.objects.get(code="job_done", channel="in_app", language="zh-hans")
    page = at_the_door(client, officer_qian).get(f"{PROPOSAL}?from={row.pk}").text
    assert "任务完成：{title}" in page
    assert client.get(f"{PROPOSAL}?from=x").status_code == 200
    assert client.get(f"{PROPOSAL}?from=999999").status_code == 404


def test_A11_words_with_a_strange_place_are_refused_with_the_list_of_those_that_may_be_used(
    client, officer_qian
):
    answer = at_the_door(client, officer_qian).post(PROPOSAL, WORDS | {"body": "{{ settings }}"})
    assert answer.status_code == 422
    assert "可用的占位符" in answer.text


def test_a_rejection_says_why(client, officer_qian, chief_zheng):
    at_the_door(client, officer_qian).post(PROPOSAL, WORDS)
    page = f"/message-templates/{MessageTemplate.objects.get(version=2).pk}/decision/"
    at_the_door(client, chief_zheng)
    assert client.post(page, {"decision": "reject", "remark": " "}).status_code == 422
    assert client.post(page, {"decision": "reject", "remark": "措辞不妥"}).status_code == 302
    assert client.post(page, {"decision": "approve"}).status_code == 409


@pytest.mark.parametrize("who", ["manager_lin", "system_han", "branch_wang"])
def test_the_register_of_words_is_not_everybodys(client, request, who):
    at_the_door(client, request.getfixturevalue(who))
    row = MessageTemplate.objects.first()
    for page in ("/message-templates/", f"/message-templates/{row.pk}/", PROPOSAL):
        assert client.get(page).status_code == 403


def test_a_page_says_its_words_in_english_too(client, manager_lin):
    message = told(manager_lin)
    read_message(message=message, by=manager_lin, at=clock.now())
    client.cookies["django_language"] = "en"
    page = at_the_door(client, manager_lin).get("/messages/").text
    assert "My messages" in page
