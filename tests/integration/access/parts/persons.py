"""Exports, use of personal data, retention, and requests of persons."""

from __future__ import annotations

import datetime as dt
import io

from core import clock, files
from organization.models import Staff, Unit
from parties.enums import AlertKind, ExportStatus, RecordKind, RequestKind, UseKind
from parties.models import (
    BehaviourAlert,
    DeletionList,
    Export,
    KeptRecord,
    Party,
    RetentionRule,
)
from parties.rules import Years
from parties.services import enter_request, open_hold, propose_rule
from tests.factories.portfolio_book import BEIJING_PERSON
from tests.integration.access.world import HOUSE, OTHER, OUTSIDER, OWN, World

DAY = dt.timedelta(days=1)


def _exports(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    waiting, made = {}, {}
    for relation, unit, person in ((OWN, own, "branch_manager"), (OTHER, other, OUTSIDER)):
        words = {
            "kind": "snapshot_loans",
            "title": "x",
            "file_name": "x.xlsx",
            "rows": 1,
            "unit": unit,
            "reason": "x",
            "asked_by": people[person],
            "asked_at": clock.now(),
        }
        waiting[relation] = Export.objects.create(
            **words, status=ExportStatus.WAITING, needs_approval=True
        ).pk
        stored = files.store(stream=io.BytesIO(b"PK"), name="x.xlsx", by=None, at=clock.now())
        made[relation] = Export.objects.create(
            **words,
            status=ExportStatus.MADE,
            needs_approval=False,
            made_at=clock.now(),
            sha256=stored.sha256,
            size=stored.size,
            stored=stored,
        ).pk
    for name in ("export", "export_decision"):
        world.place(f"parties:{name}", **waiting)
    world.place("parties:export_file", **made)
    world.payloads["parties:export_decision"] = {"decision": "approve", "remark": "x"}


def _alerts(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    alerts = {
        relation: BehaviourAlert.objects.create(
            staff=people[person],
            kind=AlertKind.UNUSUAL,
            use=UseKind.REVEAL,
            window="day",
            starts_at=clock.now() - DAY,
            observed=90,
            allowed=9,
            raised_at=clock.now(),
        )
        for relation, person in ((OWN, "branch_manager"), (OTHER, OUTSIDER))
    }
    for name in ("alert", "conclusion"):
        world.place(f"parties:{name}", **{relation: row.pk for relation, row in alerts.items()})
    world.payloads["parties:conclusion"] = {"conclusion": "justified", "remark": "x"}


def _retention(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    by, at = people["compliance_officer"], clock.now()
    kept, held = Party.objects.order_by("pk")[:2]
    record = KeptRecord.objects.create(
        kind=RecordKind.IDENTITY,
        party=kept,
        rule=RetentionRule.objects.filter(kind=RecordKind.IDENTITY).first(),
        ended_on=dt.date(2000, 1, 1),
        term_months=12,
        retain_until=dt.date(2010, 1, 1),
        computed_at=at,
    )
    deletion = DeletionList.objects.create(reason="x", proposed_by=by, proposed_at=at)
    hold = open_hold(reason="x", by=by, at=at, party=held)
    world.place("parties:hold", **{HOUSE: record.pk})
    world.place("parties:lifting", **{HOUSE: hold.pk})
    for name in ("deletion", "deletion_decision"):
        world.place(f"parties:{name}", **{HOUSE: deletion.pk})
    rule = propose_rule(
        kind=RecordKind.EXPORT_FILE,
        years=Years(4, 6, 0, 2),
        valid_from=clock.today(),
        source="x",
        reason="x",
        by=by,
        at=at,
    )
    for name in ("rule", "rule_decision"):
        world.place(f"parties:{name}", **{HOUSE: rule.pk})
    world.payloads |= {
        "parties:rule_proposal": {
            "kind": RecordKind.REPORT_FILE.value,
            "short_years": 10,
            "long_years": 10,
            "floor_years": 0,
            "dispute_years": 2,
            "valid_from": clock.today().isoformat(),
            "source": "x",
            "reason": "x",
        },
        "parties:rule_decision": {"decision": "approve", "remark": "x"},
        "parties:proposal": {"records": record.pk, "reason": "x"},
        "parties:hold": {"reason": "x"},
        "parties:lifting": {"reason": "x", "dispute_ended_on": clock.today().isoformat()},
        "parties:deletion_decision": {"decision": "approve", "remark": "x"},
    }


def _requests(world: World, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    words = {"kind": RequestKind.ACCESS.value, "document": BEIJING_PERSON, "channel": "柜面"}
    asked = enter_request(
        **words, received_on=clock.today(), by=people["compliance_officer"], at=clock.now()
    )
    for name in ("request", "request_identity", "request_hold", "request_answer"):
        world.place(f"parties:{name}", **{HOUSE: asked.pk})
    world.payloads |= {
        "parties:request_entry": words | {"received_on": clock.today().isoformat()},
        "parties:request_identity": {"decision": "shown", "note": "x"},
        "parties:request_hold": {"reason": "x"},
        "parties:request_answer": {"answer": "told", "reason": "x"},
    }


PARTS = (_exports, _alerts, _retention, _requests)
