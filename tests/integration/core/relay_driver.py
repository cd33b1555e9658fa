"""A worker that dies between the channel's receipt and its own record, on a database of its own.

Run by `manage.py shell`, one call a process: `send`, `die` (killed by the test), `relay`.
"""

import datetime as dt
import json
import sys
import time
from pathlib import Path

from django.conf import settings

from core import clock, notices, outbox
from core.channels import register_carrier
from core.channels.folder import FolderSms
from core.models import Message, MessageTemplate
from core.notices import Notice
from core.services import Outside, send_message

CODE = "test_news"
notices.register(Notice(code=CODE, title="News", samples={"what": "sample"}))


class Dying(FolderSms):
    """Delivers as the folder does, says so, and waits to be killed."""

    def deliver(self, parcel):
        super().deliver(parcel)
        say("delivered")
        time.sleep(300)


def say(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def send(folder):
    """Write one urgent short message; the outbox is the only thing that knows."""
    words = {"subject": "{what}", "body": "{what}", "placeholders": ["what"]}
    times = {"valid_from": "2020-01-01", "proposed_at": clock.now(), "decided_at": clock.now()}
    MessageTemplate.objects.get_or_create(
        code=CODE, channel="sms", language="zh-hans", version=1,
        defaults={"status": "approved", **words, **times},
    )  # fmt: skip
    send_message(
        template=CODE, to=Outside(address="13812345678"), values={"what": "x"}, at=clock.now(),
        channel="sms", urgent=True,
    )  # fmt: skip


def die(folder):
    register_carrier("sms", Dying)
    settings.SMS_FOLDER = folder
    outbox.relay(at=clock.now())


def relay(folder):
    """Relay twice, now and much later, and say what became of the message."""
    settings.SMS_FOLDER = folder
    now = clock.now()
    driven = [outbox.relay(at=now), outbox.relay(at=now + dt.timedelta(days=1))]
    message = Message.objects.latest("created_at")
    say(
        json.dumps(
            {
                "driven": driven,
                "status": message.status,
                "outcomes": list(
                    message.deliveries.order_by("at").values_list("outcome", flat=True)
                ),
                "files": len(list(Path(folder).glob("*"))),
            }
        )
    )
