"""Messages of two people, their deliveries, and words that wait for a decision."""

from __future__ import annotations

from core import clock
from core.models import Message
from core.services import tell
from desk.services.messages import propose_template
from organization.models import Staff, Unit
from tests.integration.access.world import HOUSE, OTHER, OUTSIDER, OWN, World

WORDS = {"code": "job_done", "channel": "in_app", "language": "en", "subject": "x", "body": "x"}


def _told(person: Staff) -> Message:
    values = {"title": "x", "text": "x"}
    return tell(notice="job_done", people=[person], values=values, at=clock.now())[0]


def _messages(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    told = {OWN: _told(people["branch_manager"]), OTHER: _told(people[OUTSIDER])}
    world.place("desk:message_reading", **{place: each.pk for place, each in told.items()})
    world.place("desk:delivery", **{place: each.pk for place, each in told.items()})
    failed = _told(people[OUTSIDER])
    Message.objects.filter(pk=failed.pk).update(status="failed")
    world.place("desk:delivery_clearing", **{HOUSE: failed.pk})
    world.payloads["desk:delivery_clearing"] = {"decision": "arrived", "remark": "x"}
    world.payloads["desk:message_wishes"] = {"wanted": []}
    world.payloads["desk:message_addresses"] = {"email": "a@example.com", "sms": ""}


def _words(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    words = WORDS | {"valid_from": clock.today(), "reason": "x"}
    row = propose_template(**words, by=people["compliance_officer"], at=clock.now())
    for name in ("message_template", "message_template_decision"):
        world.place(f"desk:{name}", **{HOUSE: row.pk})
    world.payloads["desk:message_template_decision"] = {"decision": "approve"}
    world.payloads["desk:message_template_proposal"] = words | {"channel": "email"}


PARTS = (_messages, _words)
