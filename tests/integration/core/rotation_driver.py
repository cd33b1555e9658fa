"""Rotate the keys on committed data while two writers run; print what was found as JSON.

Run by `manage.py shell` on a database of its own: `main(folder)`.
"""

import base64
import json
import secrets
import sys
import threading
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from django.conf import settings
from django.db import connections

from core import clock, jobs
from core.encryption import (
    SealingKey,
    Unsealable,
    blind_index,
    place_key,
    seal,
    sealing_under,
    unseal_bytes,
)
from core.models import FieldKey, Job, KeyRotation, StoredFile
from core.selectors.keys import field_keys, sealed_columns, stale_values, values_by_key
from core.services import tell
from core.services.keys import approve_rotation, propose_rotation
from core.services.messages import set_address
from core.services.resealing import reseal_all
from organization.adapters.sessions import SessionStore
from organization.enums import CasePartyKind, IdentityKind, RelationKind
from organization.models import (
    AuthorityCase,
    CaseIdentity,
    CaseParty,
    Certificate,
    DeclaredRelation,
    Staff,
    StaffIdentity,
)
from organization.selectors import head_office
from organization.services import appoint_staff
from parties.enums import ContactKind
from parties.models import Party, PartyName
from parties.selectors import clear_identity, parties_found, party_by_document
from parties.services import know_contact, know_parties
from partners.enums import FileKind
from partners.models import Lender, LenderFile
from postloss.adapters.rejects_workbook import seal_cells
from postloss.models import RejectedLine

PARTIES, LINES = 1200, 700
OLD = SealingKey("k1", "AES-256-GCM")


class Stopped(Exception):
    """The worker was killed."""


def number(place: int) -> str:
    return f"D{place:017d}"


def phone(place: int) -> str:
    return f"138{place:08d}"


def write_book() -> None:
    """What stands there before: parties, a renamed one, contacts, a file, rejected lines."""
    at = clock.now()
    names = {number(place): f"姓名{place}" for place in range(PARTIES)}
    know_parties(names_by_document=names, at=at)
    know_parties(names_by_document={number(0): "新名"}, at=at)
    for place in range(50):
        party = party_by_document(number=number(place))
        know_contact(party=party, kind=ContactKind.PHONE, value=phone(place), by=None, at=at)
    from io import BytesIO

    from core.files import store

    stored = store(stream=BytesIO(b"content"), name="loans.csv", by=None, at=at)
    lender = Lender.objects.create(code="L01", name="甲银行")
    file = LenderFile.objects.create(
        lender=lender, kind=FileKind.LOANS, name="loans.csv", stored=stored, received_at=at
    )
    SessionStore().create()
    write_people()
    write_messages()
    RejectedLine.objects.bulk_create(
        RejectedLine(
            file=file,
            line_no=line,
            sealed_cells=seal_cells(file.pk, line, {"obligor_name": f"姓名{line}"}),
        )
        for line in range(LINES)
    )


def write_people() -> None:
    """What is sealed of colleagues and in the cases that they sign."""
    at, value = clock.now(), number(10**7)
    by = blind_index(value, purpose=IdentityKind.DOCUMENT)
    unit = head_office()
    staff = appoint_staff(
        username="sealed", name="封存", unit=unit, roles=["risk_manager"], password="sealed-2026!x"
    )

    def sealed(column: str, text: str, *key: object) -> bytes:
        return seal(text, column=f"organization_{column}", key=place_key(*key))

    Certificate.objects.create(
        staff=staff, name="执业证", issued_on=at.date(), entered_at=at,
        sealed_number=sealed("certificate.sealed_number", "A1", staff.pk, "执业证"),
    )  # fmt: skip
    known = {"person": staff, "index": by}
    StaffIdentity.objects.create(
        **known, kind=IdentityKind.DOCUMENT, recorded_by=staff, recorded_at=at,
        sealed_value=sealed("staffidentity.sealed_value", value, staff.pk, by),
    )  # fmt: skip
    DeclaredRelation.objects.create(
        **known, kind=RelationKind.FAMILY, identity_kind=IdentityKind.DOCUMENT,
        valid_from=at.date(), declared_at=at,
        sealed_name=sealed("declaredrelation.sealed_name", "姓名", by),
        sealed_value=sealed("declaredrelation.sealed_value", value, by),
    )  # fmt: skip
    case = AuthorityCase.objects.create(
        title="x", text="x", unit=unit, amount=1, maker=staff, submitted_at=at
    )
    party = CaseParty.objects.create(
        case=case, kind=CasePartyKind.OBLIGOR,
        sealed_name=sealed("caseparty.sealed_name", "姓名", case.pk),
    )  # fmt: skip
    CaseIdentity.objects.create(
        party=party, kind=IdentityKind.DOCUMENT, index=by,
        sealed_value=sealed("caseidentity.sealed_value", value, party.pk, by),
    )  # fmt: skip


def write_messages() -> None:
    """What is sealed of messages: an address, and what went to it."""
    at, staff = clock.now(), Staff.objects.get(username="sealed")
    set_address(person=staff, channel="email", address="sealed@example.com", at=at)
    values = {"text": "姓名", "title": "x"}
    tell(notice="job_done", people=[staff], values=values, at=at)


class Writers:
    """Two threads: one brings and renames parties, one brings contacts; both look up."""

    def __init__(self):
        self.stop, self.found = threading.Event(), Counter()
        self.faults: list[str] = []
        self.old_until = float("inf")  # how long the second still believes in the key before
        self.threads = [threading.Thread(target=self._run, args=(each,)) for each in (1, 2)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _run(self, which: int) -> None:
        rounds = 0
        try:
            while not self.stop.is_set():
                rounds += 1
                is_behind = which == 2 and time.monotonic() < self.old_until
                with sealing_under(OLD) if is_behind else nullcontext():
                    self._write(which, rounds)
                self._look(which, rounds)
        except Exception as failure:  # noqa: BLE001 (told by the report)
            self.faults.append(f"writer {which}: {failure!r}")
        finally:
            connections.close_all()

    def _write(self, which: int, rounds: int) -> None:
        at = clock.now()
        if which == 1:
            names = {number(10**6 + rounds): f"新来{rounds}"}
            names |= {number((7 * rounds + step) % PARTIES): f"改{rounds}" for step in range(5)}
            know_parties(names_by_document=names, at=at)
        else:
            party = party_by_document(number=number(rounds % PARTIES))
            value = phone(10**6 + rounds)
            know_contact(party=party, kind=ContactKind.PHONE, value=value, by=None, at=at)
        self.found[f"writes {which}"] += 1

    def _look(self, which: int, rounds: int) -> None:
        place = (13 * rounds) % PARTIES
        party = party_by_document(number=number(place))
        if party is None or clear_identity(party).document != number(place):
            self.faults.append(f"{place} was not found or does not open")
        if not parties_found(text=phone(place % 50)).exists():
            self.faults.append(f"no party of telephone {place % 50}")
        self.found["look-ups"] += 1


def unreadable() -> int:
    """Open every sealed value of the house; count those that do not."""
    nowhere = SealingKey("none", "AES-256-GCM")  # every value is under another key than this
    bad = 0
    for place in sealed_columns():
        rows = stale_values(place, under=nowhere, after=None, at_most=10**9)
        for _pk, value, *identity in rows:
            try:
                unseal_bytes(value, column=place.column, key=place_key(*identity))
            except Unsealable:
                bad += 1
    return bad


def lost_names() -> int:
    """Count the parties whose sealed name is not the one that their index names."""
    return sum(
        blind_index(clear_identity(party).name, purpose="name") != bytes(party.name_index)
        for party in Party.objects.all()
    )


def rotate(key_id: str, cipher: str, people, folder: Path) -> KeyRotation:
    folder.joinpath(key_id).write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    words = {"key_id": key_id, "cipher": cipher, "reason": "每年轮换"}
    rotation = propose_rotation(**words, by=people[0], at=clock.now())
    return approve_rotation(rotation=rotation, by=people[1], at=clock.now())


def killed_after(batches: int):
    left = [batches]

    def heartbeat(**_words):
        left[0] -= 1
        if left[0] < 0:
            raise Stopped

    return heartbeat


def main(folder: str) -> None:
    """Rotate to k2 while two write, after a worker that was killed; then to k3 with SM4."""
    settings.FIELD_KEYS_FOLDER = Path(folder)
    settings.FIELD_KEY_CACHE_SECONDS = 1
    hq = head_office()
    people = [
        appoint_staff(
            username=name, name=name, unit=hq, roles=["security_administrator"], password="x" * 20
        )
        for name in ("shen", "shi")
    ]
    write_book()
    before = values_by_key()
    with Writers() as writers:
        time.sleep(0.5)
        rotation = rotate("k2", "AES-256-GCM", people, Path(folder))
        writers.old_until = time.monotonic() + 1
        try:
            reseal_all(rotation=rotation, at=clock.now(), heartbeat=killed_after(2))
        except Stopped:
            killed_at = values_by_key()
        done = jobs.run(Job.objects.get(kind="rotate_field_keys").pk)
        time.sleep(0.3)
    after = values_by_key()
    first = {
        "before": dict(before),
        "killed_at": dict(killed_at),
        "after": dict(after),
        "faults": writers.faults[:5],
        "writes": [writers.found["writes 1"], writers.found["writes 2"]],
        "look_ups": writers.found["look-ups"],
        "unreadable": unreadable(),
        "lost_names": lost_names(),
        "job_was_done": done,
        "status": KeyRotation.objects.get(pk=rotation.pk).status,
        "keys": dict(FieldKey.objects.values_list("key_id", "status")),
        "columns": [place.column for place in sealed_columns()],
        "columns_with_values": [
            place.column
            for place in sealed_columns()
            if place.model._base_manager.filter(**{f"{place.field}__isnull": False}).exists()
        ],
        "parties": Party.objects.count() - PARTIES,
        "history": PartyName.objects.count(),
        "files": StoredFile.objects.count(),
    }
    rotate("k3", "SM4-GCM", people, Path(folder))
    jobs.run(Job.objects.filter(kind="rotate_field_keys").latest("pk").pk)
    Path(folder, "k2").unlink()  # the key before is taken away
    second = {
        "after": dict(values_by_key()),
        "unreadable": unreadable(),
        "removable": {each.key.key_id: each.key.may_be_removed for each in field_keys()},
        "name": clear_identity(party_by_document(number=number(PARTIES - 1))).document,
    }
    sys.stdout.write("\n" + json.dumps({"first": first, "second": second}) + "\n")
