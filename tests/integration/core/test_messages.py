"""Messages: approved words, one for each key, wishes, quiet hours, sealed, and read once."""

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from core import notices
from core.enums import MessageStatus
from core.errors import Conflict, Missing, NotPermitted, RuleBroken, WrongState
from core.models import (
    AuditRecord,
    Delivery,
    Message,
    MessageAddress,
    MessageTemplate,
    OutboxEntry,
)
from core.notices import Notice
from core.row_security import seen_by
from core.selectors.messages import (
    address_of,
    messages_to,
    templates_in_force,
    unread_count,
    words_of,
)
from core.services import Outside, send_message, tell
from core.services.messages import (
    decide_template,
    propose_template,
    read_all,
    read_message,
    set_address,
    set_wishes,
    stop_messages,
)
from organization.selectors import eyes_of

pytestmark = pytest.mark.django_db
CODE = "test_news"
DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def news(monkeypatch, db):
    """A kind of message of these tests, with words in every channel."""

    def register(**words):
        notice = Notice(code=CODE, title="News", samples={"what": "sample"}, **words)
        monkeypatch.setitem(notices._notices, CODE, notice)

    register()
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    for channel in ("in_app", "email", "sms"):
        for language, word in (("zh-hans", "消息"), ("en", "News")):
            MessageTemplate.objects.create(
                code=CODE, channel=channel, language=language, version=1,
                subject=f"{word}: {{what}}", body=f"{word} {{what}}.", placeholders=["what"],
                valid_from="2020-01-01", status="approved", proposed_at=long_ago,
                decided_at=long_ago,
            )  # fmt: skip
    return register


def words(**more):
    return {"code": CODE, "channel": "in_app", "language": "zh-hans", "subject": "新：{what}",
            "body": "新的 {what}", "valid_from": DAY, "reason": "更清楚"} | more  # fmt: skip


def eyes(staff):
    seen = eyes_of(staff=staff)
    return {"scope": seen.scope, "staff_id": seen.staff_id, "kind": seen.kind}


def test_words_are_proposed_by_one_and_approved_by_another(officer_qian, chief_zheng, at):
    proposed = propose_template(**words(), by=officer_qian, at=at)
    assert proposed.version == 2
    with pytest.raises(NotPermitted):
        decide_template(template=proposed, is_approved=True, by=officer_qian, at=at)
    decide_template(template=proposed, is_approved=True, by=chief_zheng, at=at)
    with pytest.raises(WrongState):
        decide_template(template=proposed, is_approved=True, by=chief_zheng, at=at)
    actions = list(AuditRecord.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["core.template_proposed", "core.template_approved"]


def test_the_database_refuses_one_person_for_both(officer_qian, at):
    proposed = propose_template(**words(), by=officer_qian, at=at)
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        MessageTemplate.objects.filter(pk=proposed.pk).update(
            status="approved", decided_by=officer_qian, decided_at=at
        )


@pytest.mark.parametrize("body", ["{other}", "{{what}}", "{% include 'x' %}", "{what.pk}"])
def test_A11_a_place_that_is_not_declared_is_refused_when_saved(officer_qian, at, body):
    with pytest.raises(RuleBroken) as refusal:
        propose_template(**words(body=body), by=officer_qian, at=at)
    assert refusal.value.code == "place_undeclared"
    assert MessageTemplate.objects.filter(version=2).count() == 0


def test_only_one_proposal_waits(officer_qian, chief_zheng, at):
    propose_template(**words(), by=officer_qian, at=at)
    with pytest.raises(Conflict):
        propose_template(**words(), by=chief_zheng, at=at)


def test_words_are_those_in_force_on_the_day(officer_qian, chief_zheng, at):
    later = propose_template(
        **words(valid_from=DAY + dt.timedelta(days=10)), by=officer_qian, at=at
    )
    decide_template(template=later, is_approved=True, by=chief_zheng, at=at)
    version = {
        day: templates_in_force(code=CODE, as_of=day).one("in_app", "zh-hans").version
        for day in (DAY, DAY + dt.timedelta(days=9), DAY + dt.timedelta(days=10))
    }
    assert list(version.values()) == [1, 1, 2]


def test_decided_words_never_change(chief_zheng):
    row = MessageTemplate.objects.filter(code=CODE).first()
    for change in ({"body": "forged"}, {"status": "rejected"}):
        with pytest.raises(ProgrammingError, match="keeps its words"), transaction.atomic():
            MessageTemplate.objects.filter(pk=row.pk).update(**change)


def test_a_message_is_said_in_its_readers_language(manager_lin, chief_chen, at):
    chief_chen.language = "en"
    tell(notice=CODE, people=[manager_lin, chief_chen], values={"what": "x"}, at=at)
    said = [words_of(messages_to(person=each).get()).subject for each in (manager_lin, chief_chen)]
    assert said == ["消息: x", "News: x"]


def test_what_was_told_stays_in_the_words_of_then(manager_lin, officer_qian, chief_zheng, at):
    tell(notice=CODE, people=[manager_lin], values={"what": "x"}, at=at)
    proposed = propose_template(**words(), by=officer_qian, at=at)
    decide_template(template=proposed, is_approved=True, by=chief_zheng, at=at)
    tell(notice=CODE, people=[manager_lin], values={"what": "y"}, at=at)
    said = {words_of(each).subject for each in messages_to(person=manager_lin)}
    assert said == {"消息: x", "新：y"}


def test_values_are_sealed_and_personal_numbers_masked_for_colleagues(manager_lin, at):
    secret = "张三丰 13812345678"
    message = send_message(template=CODE, to=manager_lin, values={"what": secret}, at=at)
    assert "张三丰" not in bytes(message.sealed_values).decode(errors="replace")
    assert words_of(message).subject == "消息: 张三丰 138****5678"
    assert "张三丰" not in str(AuditRecord.objects.values_list("detail", "reason"))


@pytest.mark.parametrize("values", [{}, {"what": "x", "more": "y"}])
def test_exactly_the_declared_values_are_given(manager_lin, at, values):
    with pytest.raises(RuleBroken, match="what"):
        send_message(template=CODE, to=manager_lin, values=values, at=at)


def test_an_unknown_kind_is_refused(manager_lin, at):
    with pytest.raises(Missing):
        send_message(template="no_such", to=manager_lin, values={}, at=at)


@pytest.mark.parametrize("url", ["https://evil.example.com/", "//evil.example.com", "javascript:1"])
def test_A12_a_message_leads_to_a_page_of_ours_or_nowhere(manager_lin, at, url):
    with pytest.raises(RuleBroken) as refusal:
        send_message(template=CODE, to=manager_lin, values={"what": "x"}, at=at, url=url)
    assert refusal.value.code == "url_unfit"


def test_the_same_key_is_told_once(manager_lin, chief_chen, at):
    people = {"notice": CODE, "values": {"what": "x"}, "at": at, "key": "k"}
    assert len(tell(people=[manager_lin], **people)) == 1
    assert len(tell(people=[manager_lin, chief_chen], **people)) == 1
    assert Message.objects.filter(template__code=CODE).count() == 2
    assert Delivery.objects.count() == 2
    assert AuditRecord.objects.filter(action="core.message_delivered").count() == 2


def test_a_page_tells_whom_it_cannot_see_and_only_once(branch_wang, stranger_gu, at):
    with seen_by(**eyes(branch_wang)):
        for _again in range(2):
            tell(notice=CODE, people=[stranger_gu], values={"what": "x"}, at=at, key="k")
        assert Message.objects.count() == 0
    with seen_by(**eyes(stranger_gu)):
        assert unread_count(person=stranger_gu) == 1
        assert Delivery.objects.count() == 1


def test_a_declined_kind_is_kept_as_declined_and_a_mandatory_one_cannot_be(manager_lin, at, news):
    set_wishes(person=manager_lin, declined=[CODE], at=at)
    tell(notice=CODE, people=[manager_lin], values={"what": "x"}, at=at)
    assert unread_count(person=manager_lin) == 0
    assert Message.objects.get().status == MessageStatus.DECLINED
    news(is_mandatory=True)
    with pytest.raises(RuleBroken):
        set_wishes(person=manager_lin, declined=[CODE], at=at)
    tell(notice=CODE, people=[manager_lin], values={"what": "x"}, at=at)
    assert unread_count(person=manager_lin) == 1


def test_CRM_13_an_address_outside_that_wants_no_more_gets_no_more(at):
    words = {"template": CODE, "values": {"what": "x"}, "at": at, "channel": "sms"}
    stop_messages(notice=CODE, address="13812345678", at=at)
    declined = send_message(to=Outside(address="13812345678"), **words)
    sent = send_message(to=Outside(address="13912345678"), **words)
    assert [declined.status, sent.status] == [MessageStatus.DECLINED, MessageStatus.WAITING]
    assert OutboxEntry.objects.values_list("subject", flat=True).get() == str(sent.pk)
    assert "13912345678" not in bytes(sent.sealed_address).decode(errors="replace")
    assert address_of(sent) == "13912345678"


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("email", "a@example.com\nBcc: b@example.com"),
        ("email", "a b@example.com"),
        ("sms", "138-1234"),
        ("sms", ""),
        ("in_app", "a@example.com"),
    ],
)
def test_what_is_no_address_of_the_channel_is_refused(at, channel, address):
    with pytest.raises(RuleBroken) as refusal:
        send_message(
            template=CODE,
            to=Outside(address=address),
            values={"what": "x"},
            at=at,
            channel=channel,
        )
    assert refusal.value.code == "address_unfit"
    assert Message.objects.count() == 0


def test_quiet_hours_hold_what_is_not_urgent_until_morning(at):
    night = dt.datetime(2026, 3, 2, 22, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    words = {"template": CODE, "values": {"what": "x"}, "at": night, "channel": "sms"}
    calm = send_message(to=Outside(address="13812345678"), **words)
    urgent = send_message(to=Outside(address="13812345678"), urgent=True, **words)
    assert calm.not_before == night + dt.timedelta(hours=10)
    assert urgent.not_before == night
    assert set(OutboxEntry.objects.values_list("due_at", flat=True)) == {
        calm.not_before,
        urgent.not_before,
    }


def test_urgent_news_take_every_channel_with_an_address(manager_lin, at, news):
    set_address(person=manager_lin, channel="email", address="lin@example.com", at=at)
    set_address(person=manager_lin, channel="sms", address="13812345678", at=at)
    calm = tell(notice=CODE, people=[manager_lin], values={"what": "x"}, at=at)
    news(is_urgent=True)
    urgent = tell(notice=CODE, people=[manager_lin], values={"what": "x"}, at=at)
    assert [each.channel for each in calm] == ["in_app", "email"]
    assert [each.channel for each in urgent] == ["in_app", "email", "sms"]


def test_an_address_is_sealed_changed_and_forgotten(manager_lin, at):
    words = {"person": manager_lin, "channel": "email", "at": at}
    assert set_address(address="lin@example.com", **words)
    assert not set_address(address="lin@example.com", **words)
    assert b"lin@example" not in bytes(MessageAddress.objects.get().sealed_address)
    assert set_address(address="", **words)
    assert not MessageAddress.objects.exists()
    assert "lin@example" not in str(AuditRecord.objects.values_list("detail", "reason"))


def test_reading_is_noted_once_and_is_evidence(manager_lin, stranger_gu, at):
    tell(notice=CODE, people=[manager_lin, stranger_gu], values={"what": "x"}, at=at)
    message = messages_to(person=manager_lin).get()
    for _again in range(2):
        read_message(message=message, by=manager_lin, at=at)
    assert read_all(by=manager_lin, at=at) == 0
    outcomes = list(message.deliveries.order_by("outcome").values_list("outcome", flat=True))
    assert outcomes == ["delivered", "read"]
    assert AuditRecord.objects.filter(action="core.message_read").count() == 1
    assert unread_count(person=stranger_gu) == 1


def test_nobody_reads_for_another(manager_lin, stranger_gu, at):
    tell(notice=CODE, people=[stranger_gu], values={"what": "x"}, at=at)
    message = messages_to(person=stranger_gu).get()
    read_message(message=message, by=manager_lin, at=at)
    assert unread_count(person=stranger_gu) == 1


def test_a_delivery_is_never_rewritten(manager_lin, at):
    tell(notice=CODE, people=[manager_lin], values={"what": "x"}, at=at)
    with (
        pytest.raises(ProgrammingError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE core_delivery SET receipt = 'forged'")


def test_unread_comes_first_then_the_newest(manager_lin, at):
    for minute, what in enumerate("abc"):
        moment = at + dt.timedelta(minutes=minute)
        tell(notice=CODE, people=[manager_lin], values={"what": what}, at=moment)
    newest = messages_to(person=manager_lin).first()
    read_message(message=newest, by=manager_lin, at=at)
    said = [words_of(each).subject[-1] for each in messages_to(person=manager_lin)]
    assert said == ["b", "a", "c"]
