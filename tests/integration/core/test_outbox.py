"""The outbox: told after the commit, once for each key, whatever dies. Source: R4, I6, A10, A12."""

import datetime as dt
import http.server
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core import mail
from django.db import connection, transaction

from core import channels, clock, notices, outbox
from core.channels import Down, Parcel, Refused, Unclear
from core.channels.folder import FolderSms
from core.channels.gateway import Gateway
from core.enums import MessageStatus
from core.errors import RuleBroken, WrongState
from core.invariants import check_all
from core.models import AuditRecord, Message, MessageTemplate, OutboxEntry
from core.notices import Notice
from core.outbound import Outbound
from core.selectors.messages import messages_to
from core.services import Outside, send_message
from core.services.messages import clear_delivery, deliver
from tests import databases

CODE = "test_news"
PHONE = "13812345678"
MINUTE = dt.timedelta(minutes=1)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def ground(db, monkeypatch, settings, tmp_path):
    notice = Notice(code=CODE, title="News", samples={"what": "sample"})
    monkeypatch.setitem(notices._notices, CODE, notice)
    settings.SMS_FOLDER, settings.EMAIL_FILE_PATH = str(tmp_path / "sms"), str(tmp_path / "mail")
    for channel in ("email", "sms"):
        MessageTemplate.objects.create(
            code=CODE, channel=channel, language="zh-hans", version=1, subject="消息：{what}",
            body="消息 {what}。", placeholders=["what"], valid_from="2020-01-01", status="approved",
            proposed_at=clock.now(), decided_at=clock.now(),
        )  # fmt: skip


def send(address=PHONE, channel="sms", what="x", **words):
    return send_message(
        template=CODE,
        to=Outside(address=address),
        values={"what": what},
        at=words.pop("at", clock.now()),
        channel=channel,
        urgent=True,
        **words,
    )


def folder(name="SMS_FOLDER"):
    return sorted(path.name for path in Path(getattr(settings, name)).glob("*"))


class Script:
    """A carrier that does what it is told, one word for each call."""

    name = "script"

    def __init__(self, *words):
        self.words, self.calls = list(words), []

    def deliver(self, parcel):
        self.calls.append(parcel.key)
        word = self.words.pop(0) if self.words else "receipt"
        if isinstance(word, Exception):
            raise word
        return word


@pytest.fixture
def carrier(monkeypatch):
    """Let a script serve a channel."""

    def serve(*words, channel="sms"):
        script = Script(*words)
        monkeypatch.setitem(channels._carriers, channel, lambda: script)
        return script

    return serve


def outcomes(message):
    rows = message.deliveries.order_by("at", "attempt", "pk")
    return sorted(rows.values_list("attempt", "outcome", "receipt"))


def test_a_message_that_was_rolled_back_is_never_told():
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert outbox.relay(at=clock.now()) == 0
    assert not OutboxEntry.objects.exists()


def test_what_is_due_is_told_once_with_its_receipt_in_the_chain():
    message = send()
    assert [outbox.relay(at=clock.now()) for _again in range(2)] == [1, 0]
    message.refresh_from_db()
    assert message.status == MessageStatus.DELIVERED
    assert folder() == [f"{message.pk}.txt"]
    assert outcomes(message) == [(1, "delivered", f"{message.pk}.txt"), (1, "started", "")]
    detail = AuditRecord.objects.get(action="core.message_delivered").detail
    assert (detail["receipt"], detail["channel"]) == (f"{message.pk}.txt", "sms")
    assert PHONE not in json.dumps(detail)


def test_what_is_not_due_waits(at):
    send()
    OutboxEntry.objects.update(due_at=clock.now() + MINUTE)
    assert outbox.relay(at=clock.now()) == 0


def test_a_channel_that_is_down_is_tried_again_later_each_time(carrier, at):
    script = carrier(Down("no line"), Down("no line"))
    message, moment, waits = send(at=at), at, []
    for _round in range(3):
        assert outbox.relay(at=moment) == 1
        entry = OutboxEntry.objects.get()
        waits.append((entry.due_at - moment).total_seconds() if entry.done_at is None else None)
        moment = entry.due_at
    assert [wait and round(wait) for wait in waits] == [30, 60, None]
    message.refresh_from_db()
    assert message.status == MessageStatus.DELIVERED
    assert len(script.calls) == 3


def test_after_the_last_attempt_it_has_failed_and_a_person_may_send_it_again(
    carrier, at, system_han
):
    script = carrier(*[Down("no line")] * 6)
    message, moment = send(at=at), at
    for _round in range(6):
        outbox.relay(at=moment)
        moment = OutboxEntry.objects.get().due_at
    message.refresh_from_db()
    assert message.status == MessageStatus.FAILED
    clear_delivery(message=message, has_arrived=False, remark="线路已恢复", by=system_han, at=at)
    outbox.relay(at=at)
    message.refresh_from_db()
    assert message.status == MessageStatus.DELIVERED
    assert len(script.calls) == 7


def test_what_the_channel_refuses_is_not_tried_again(carrier):
    script = carrier(Refused("no such number"))
    message = send()
    outbox.relay(at=clock.now())
    message.refresh_from_db()
    assert message.status == MessageStatus.FAILED
    assert outbox.relay(at=clock.now() + 60 * MINUTE) == 0
    assert len(script.calls) == 1


def test_R3_what_is_unclear_waits_for_a_person(carrier, system_han, at):
    script = carrier(Unclear("no answer"))
    message = send()
    for _again in range(2):
        outbox.relay(at=clock.now() + 60 * MINUTE)
    message.refresh_from_db()
    assert (message.status, len(script.calls)) == (MessageStatus.UNCLEAR, 1)
    (told,) = messages_to(person=system_han)
    assert told.url == f"/message-deliveries/{message.pk}/"
    with pytest.raises(RuleBroken):
        clear_delivery(message=message, has_arrived=True, remark=" ", by=system_han, at=at)
    clear_delivery(message=message, has_arrived=True, remark="网关查询已送达", by=system_han, at=at)
    with pytest.raises(WrongState):
        clear_delivery(message=message, has_arrived=True, remark="x", by=system_han, at=at)
    message.refresh_from_db()
    assert message.status == MessageStatus.DELIVERED
    assert AuditRecord.objects.get(action="core.message_confirmed").by == system_han


def test_a_short_message_begun_by_a_dead_worker_is_unclear_and_an_email_is_given_again(carrier):
    sms, mails = carrier(), carrier(channel="email")
    messages = [send(), send("a@example.com", "email")]
    for message in messages:  # what a worker leaves that died after it had begun
        message.deliveries.create(attempt=1, outcome="started", at=clock.now())
    Message.objects.update(status=MessageStatus.SENDING)
    outbox.relay(at=clock.now())
    assert [Message.objects.get(pk=each.pk).status for each in messages] == [
        MessageStatus.UNCLEAR,
        MessageStatus.DELIVERED,
    ]
    assert (sms.calls, mails.calls) == ([], [str(messages[1].pk)])


def test_a_handler_that_breaks_stops_no_other_entry(monkeypatch, at):
    def broken(_entry, _at):
        raise ZeroDivisionError

    monkeypatch.setitem(outbox._handlers, "broken", broken)
    outbox.put(topic="broken", entries=[("1", at - MINUTE)], at=at)
    message = send(at=at)
    assert outbox.relay(at=at) == 2
    message.refresh_from_db()
    assert message.status == MessageStatus.DELIVERED
    entry = OutboxEntry.objects.get(topic="broken")
    assert entry.done_at is None
    assert entry.due_at > at


def test_I6_names_what_waited_too_long():
    send()
    now = clock.now()
    OutboxEntry.objects.update(due_at=now - 2 * MINUTE)
    bad = check_all(at=now)["I6"].bad
    assert [words for words in bad if "outbox" in words] != []
    outbox.relay(at=now)
    assert [words for words in check_all(at=clock.now())["I6"].bad if "outbox" in words] == []


def test_A12_an_email_has_the_headers_that_we_wrote_and_no_other():
    hostile = "合同\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script> {{ 7*7 }}"
    send("a@example.com", "email", hostile)
    outbox.relay(at=clock.now())
    (sent,) = mail.outbox
    parsed = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert parsed["Bcc"] is None
    assert parsed["To"] == "a@example.com"
    assert parsed["Subject"].strip().startswith("消息：合同 Bcc: evil@example.com <script>")
    assert parsed.get_content_type() == "text/plain"
    assert "{{ 7*7 }}" in parsed.get_content()


def test_an_email_of_the_embedded_form_is_one_file_for_each_key():
    settings.EMAIL_BACKEND = "core.channels.folder.MailFolder"
    try:
        parcel = Parcel(key="k-1", address="a@example.com", subject="消息", body="x")
        numbers = {channels.carrier_of("email").deliver(parcel) for _again in range(2)}
    finally:
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert numbers == {"<k-1@localhost>"}
    assert folder("EMAIL_FILE_PATH") == ["k-1.eml"]


def test_a_folder_takes_a_key_once():
    for body in ("first", "second"):
        FolderSms().deliver(Parcel(key="../k", address=PHONE, subject="", body=body))
    (path,) = Path(settings.SMS_FOLDER).glob("*")
    assert path.name == "k.txt"
    assert "first" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def house(django_db_setup):
    """Return a function that starts a step of the driver, on a database of its own."""
    copy = f"{connection.settings_dict['NAME']}_relay"
    environment = os.environ | {
        "DATABASE_URL": databases.clone(copy),
        "XINBAO_HOME": str(settings.XINBAO_HOME),
    }

    def start(*words, **others):
        return subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=environment | others, stdout=subprocess.PIPE, start_new_session=True,
            text=True,
        )  # fmt: skip

    yield start
    databases.drop(copy)


@pytest.fixture
def step(house, tmp_path):
    """Return a function that starts one call of the driver, whose gateway is a folder."""

    def start(name, **others):
        script = (
            f"from tests.integration.core import relay_driver as d; d.{name}({str(tmp_path)!r})"
        )
        return house("shell", "--no-imports", "-c", script, **others)

    return start


# One of Valkey's databases for each worker, which no other test uses.
QUEUE = 9 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 6


@pytest.mark.parametrize("is_dead", [False, True], ids=["flushed", "dead"])
def test_R4_a_message_is_told_although_redis_forgot_or_is_dead(step, is_dead):
    queue = f"{settings.REDIS_URL}?virtual_host={QUEUE}"  # as Celery names a database
    client = redis.Redis.from_url(f"{settings.REDIS_URL}?db={QUEUE}")
    client.flushdb()
    sending = step("send", REDIS_URL="redis://127.0.0.1:1/0" if is_dead else queue)
    sending.communicate()
    assert sending.returncode == 0
    assert client.exists("celery") == (not is_dead)  # the wake-up that is lost
    client.flushdb()
    client.close()
    told = json.loads(step("relay", REDIS_URL=queue).communicate()[0])  # as the beat does
    assert told == {
        "driven": [1, 0],
        "status": "delivered",
        "outcomes": ["started", "delivered"],
        "files": 1,
    }


def test_a_worker_killed_between_call_and_record_leaves_it_unclear_and_told_once(step):
    step("send").communicate()
    worker = step("die")
    try:
        assert worker.stdout.readline() == "delivered\n"
        meanwhile = json.loads(step("relay").communicate()[0])
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate()
    after = json.loads(step("relay").communicate()[0])
    # while it lives nobody else drives its entry; when it is dead nobody sends again
    assert meanwhile == {"driven": [0, 0], "status": "sending", "outcomes": ["started"], "files": 1}
    assert after == {
        "driven": [1, 0],
        "status": "unclear",
        "outcomes": ["started", "unclear"],
        "files": 1,
    }


class _Answers(http.server.BaseHTTPRequestHandler):
    """A gateway that answers as its address says."""

    heard: list = []
    script: list = []

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        type(self).heard.append(
            (self.headers["Idempotency-Key"], json.loads(self.rfile.read(size)))
        )
        status, body, headers = type(self).script.pop(0)
        if status == 0:
            self.connection.close()
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """Say nothing."""


@pytest.fixture
def gateway(tmp_path):
    """A gateway over TLS on this machine, and a carrier that may reach it."""
    certificate, key = _certificate(tmp_path)
    server = http.server.HTTPServer(("127.0.0.1", 0), _Answers)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    _Answers.heard, _Answers.script = [], []
    url = f"https://localhost:{server.server_port}/messages"
    trust = ssl.create_default_context(cafile=certificate)

    def make(may_reach=lambda _address: True, hosts=("localhost",)):
        outbound = Outbound(hosts=hosts, may_reach=may_reach, trust=trust)
        return Gateway(url=url, token="t", outbound=outbound)

    yield make
    server.shutdown()
    server.server_close()
    thread.join()


def _certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(certificate), str(private)


PARCEL = Parcel(key="k", address=PHONE, subject="", body="消息")


def test_a_gateway_is_told_key_address_and_words_and_its_number_is_the_receipt(gateway):
    _Answers.script = [(200, b'{"id": "G-1"}', {})]
    assert gateway().deliver(PARCEL) == "G-1"
    assert _Answers.heard == [("k", {"id": "k", "to": PHONE, "text": "消息"})]


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (429, b"", Down),
        (503, b"", Down),
        (400, b"", Refused),
        (500, b"", Unclear),
        (200, b"not json", Unclear),
        (200, b"{}", Unclear),
        (0, b"", Unclear),
    ],
)
def test_a_gateways_answer_is_understood(gateway, status, body, meaning):
    _Answers.script = [(status, body, {})]
    with pytest.raises(meaning):
        gateway().deliver(PARCEL)


def test_A10_a_redirect_is_not_followed(gateway):
    _Answers.script = [(302, b"", {"Location": "https://localhost/inside"})]
    with pytest.raises(Unclear):
        gateway().deliver(PARCEL)
    assert len(_Answers.heard) == 1


def test_A10_a_private_address_is_never_called(gateway):
    from core.outbound import is_public

    with pytest.raises(Refused):
        gateway(may_reach=is_public).deliver(PARCEL)
    with pytest.raises(Refused):
        gateway(hosts=("sms.example.com",)).deliver(PARCEL)
    assert _Answers.heard == []


def test_no_gateway_there_is_down_not_unclear():
    outbound = Outbound(hosts=["localhost"], may_reach=lambda _address: True)
    with pytest.raises(Down):
        Gateway(url="https://localhost:1/", token="t", outbound=outbound).deliver(PARCEL)


def test_the_handler_of_messages_is_registered():
    assert outbox._handlers["message"] is deliver
