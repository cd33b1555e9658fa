"""Sealing: a signed head over what came since the last one, kept in the database and outside."""

from __future__ import annotations

import datetime as dt
import functools
import json

import structlog
from django.conf import settings
from django.db import connection, transaction

from core import merkle, signing
from core.canonical import canonical, instant
from core.chain import folder
from core.chain.verify import ChainReport, Say, verify_chain
from core.chain.walk import BadRecord, Broken, walk
from core.digests import NOTHING, SHA256, digest
from core.events import ChainBroken, chain_broken
from core.models import ChainLink, SignedHead, SigningKey

log = structlog.get_logger(__name__)
STREAM = "audit"
_LOCK = 0x48454144  # "HEAD"


def seal_chain(*, at: dt.datetime, stream: str = STREAM) -> SignedHead | None:
    """Sign a head over the links since the last one and keep it outside as well.

    What does not hold is not signed: `ChainBroken` is announced and nothing is made. Returns None
    where nothing is new or nothing was made. Source: EVID-05.
    """
    try:
        with transaction.atomic():
            return _seal(stream, at)
    except Broken as broken:
        announce(broken.bad, at)
        return None


def _seal(stream: str, at: dt.datetime) -> SignedHead | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, stream])
    last = SignedHead.objects.filter(stream=stream).order_by("-serial").first()
    first = last.last_number + 1 if last else 1
    before = json.loads(last.statement)["last_hash"] if last else NOTHING
    _check_the_folder_is_not_ahead(stream, last)
    hashes = [mine for _, mine in walk(stream=stream, first=first, previous=before)]
    if not hashes:
        return None
    key = _present_key(at)
    says = {
        "form": 1,
        "kind": "xinbao-head",
        "stream": stream,
        "serial": last.serial + 1 if last else 1,
        "first_number": first,
        "last_number": first + len(hashes) - 1,
        "root": merkle.root(hashes),
        "last_hash": hashes[-1],
        "algorithm": SHA256,
        "previous_head": digest(last.statement.encode(), algorithm=SHA256) if last else NOTHING,
        "made_at": instant(at),
        "key_id": key.key_id,
    }
    statement = canonical(says)
    head = SignedHead.objects.create(
        stream=stream,
        serial=says["serial"],
        first_number=first,
        last_number=says["last_number"],
        root=says["root"],
        statement=statement.decode(),
        signature=signing.sign(statement),
        key=key,
        made_at=at,
    )
    transaction.on_commit(functools.partial(_export, head, hashes, at))
    return head


def _check_the_folder_is_not_ahead(stream: str, last: SignedHead | None) -> None:
    """An old backup must not go on as if nothing had been lost."""
    kept = list(folder.kept_heads(stream=stream))
    if kept and kept[-1].serial > (last.serial if last else 0):
        says = kept[-1].says
        number = (last.last_number if last else 0) + 1
        why = f"signed head {kept[-1].serial} reaches number {says['last_number']}; it is not here"
        raise Broken(BadRecord(stream, number, None, why))


def _present_key(at: dt.datetime) -> SigningKey:
    public = signing.public_key()
    key, _ = SigningKey.objects.get_or_create(
        key_id=settings.EVIDENCE_KEY_ID, defaults={"public_key": public, "since": at}
    )
    if key.public_key != public:
        why = f"key {key.key_id} is another than the register has; a new key needs a new id"
        raise Broken(BadRecord(STREAM, None, None, why))
    return key


def _export(head: SignedHead, hashes: list[str], at: dt.datetime) -> None:
    content = {
        "statement": head.statement,
        "signature": head.signature,
        "key_id": head.key.key_id,
    }
    try:
        folder.keep(name=f"keys/{head.key.key_id}.pub", content=head.key.public_key.encode())
        leaves = "".join(f"{each}\n" for each in hashes).encode()
        folder.keep(name=folder.head_name(head.stream, head.serial, "leaves"), content=leaves)
        folder.keep(name=folder.head_name(head.stream, head.serial), content=canonical(content))
    except folder.OtherContent as other:
        why = f"the folder holds another {other}: there are two chains"
        announce(BadRecord(head.stream, head.first_number, None, why), at)
    except OSError as failure:  # the next round tries again
        log.warning("head_not_exported", serial=head.serial, failure=type(failure).__name__)


def export_heads(*, at: dt.datetime, stream: str = STREAM) -> int:
    """Write the heads that the folder lacks (it was full or away); return how many."""
    there = {kept.serial for kept in folder.kept_heads(stream=stream)}
    lacking = SignedHead.objects.filter(stream=stream).exclude(serial__in=there)
    for head in lacking.select_related("key").order_by("serial"):
        _export(head, leaves_of(head), at)
    return len(lacking)


def leaves_of(head: SignedHead) -> list[str]:
    """Return the hashes under a head, in order."""
    stretch = ChainLink.objects.filter(
        stream=head.stream, number__range=(head.first_number, head.last_number)
    )
    return list(stretch.order_by("number").values_list("hash", flat=True))


def check_chain(*, at: dt.datetime, say: Say | None = None) -> ChainReport:
    """Verify everything, announce the first bad record. Source: EVID-04."""
    report = verify_chain(say=say)
    if report.bad:
        announce(report.bad, at)
    return report


def announce(bad: BadRecord, at: dt.datetime) -> None:
    """Tell those above that the chain does not hold."""
    log.error("chain_broken", stream=bad.stream, number=bad.number, why=bad.why)
    event = ChainBroken(
        stream=bad.stream, number=bad.number, record_id=bad.record_id, why=bad.why, at=at
    )
    chain_broken.send(sender=ChainBroken, event=event)
