"""Writes of evidence packs. Who may ask is the interface's question; core asks no permission."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import anchors, files, jobs
from core.chain import export_heads, seal_chain
from core.digests import SHA256, digest
from core.enums import AnchorKind
from core.errors import RuleBroken
from core.evidence.registry import PackContent, builder_of
from core.evidence.writing import zip_of
from core.models import AuditRecord, EvidencePack, Job, PackEntry, SignedHead
from core.services.audit import record_audit, settle

KIND = "make_evidence_pack"
WHOLE = "(pack)"  # the entry of the zip itself
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that reads like something else


def new_code() -> str:
    """Return what a stranger types in to check a file: twelve characters that nobody guesses."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return f"E{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def open_pack(*, subject: Any, title: str, reason: str, by: Any, at: dt.datetime) -> EvidencePack:
    """Record that somebody wants a pack of an object; a job makes it."""
    pack = EvidencePack.objects.create(
        code=new_code(),
        object_type=subject._meta.label_lower,
        object_id=str(subject.pk),
        title=title[:200],
        reason=reason,
        asked_by=by,
        asked_at=at,
    )
    record_audit(
        action="core.evidence_asked", subject=subject, by=by, at=at, reason=reason, code=pack.code
    )
    return pack


def order_pack(
    *, subject: Any, title: str, reason: str, by: Any, at: dt.datetime
) -> tuple[EvidencePack, Job]:
    """Record that somebody wants a pack of an object, and have a job make it."""
    pack = open_pack(subject=subject, title=title, reason=reason, by=by, at=at)
    job = jobs.enqueue(
        kind=KIND,
        key=pack.code,
        title=_("Evidence pack %(code)s") % {"code": pack.code},
        payload={"pack": pack.pk},
        by=by,
        at=at,
    )
    pack.job = job
    pack.save(update_fields=["job"])
    return pack, job


def make_pack(*, pack: EvidencePack, at: dt.datetime, heartbeat: Callable[..., None]) -> None:
    """Seal what the pack will hold in the chain, sign a head over it, write and keep the zip.

    Done twice it does nothing the second time.

    Raises:
        RuleBroken: the chain is not whole, so nothing is proven until it is.
    Source: EVID-03, EVID-15.
    """
    if pack.stored_id:
        return
    builder = builder_of(label=pack.object_type)
    subject = builder.find(pack.asked_by, int(pack.object_id), timezone.localdate(at))
    heartbeat(done=0, total=4, text=_("Gathering"))
    with translation.override("zh-hans"):
        content = builder.build(subject)
    artefacts = {f"artefacts/{each.name}": each.content for each in content.artefacts}
    with transaction.atomic():
        _seal(pack, subject, content, artefacts, at)
    heartbeat(done=1, total=4, text=_("Signing"))
    seal_chain(at=at)
    export_heads(at=at)
    anchors.deposit_heads(at=at, kinds=(AnchorKind.FILE.value,))
    records = _records_of(content)
    heads = _heads_over(records)
    heartbeat(done=2, total=4, text=_("Writing"))
    with translation.override("zh-hans"):
        data = zip_of(pack=pack, content=content, artefacts=artefacts, records=records, heads=heads)
    heartbeat(done=3, total=4, text=_("Storing"))
    _keep(pack, data, artefacts, at)


def _seal(
    pack: EvidencePack,
    subject: Any,
    content: PackContent,
    artefacts: dict[str, bytes],
    at: dt.datetime,
) -> None:
    record_audit(
        action="core.evidence_sealed",
        subject=subject,
        by=pack.asked_by,
        at=at,
        code=pack.code,
        artefacts={name: digest(data, algorithm=SHA256) for name, data in artefacts.items()},
        outside=content.outside,
    )
    settle()


def _records_of(content: PackContent) -> list[AuditRecord]:
    found: dict[int, AuditRecord] = {}
    for subject in content.subjects:
        rows = AuditRecord.objects.select_related("link", "by").filter(
            object_type=subject._meta.label_lower, object_id=str(subject.pk)
        )
        found |= {row.pk: row for row in rows}
    return sorted(found.values(), key=lambda row: row.link.number)


def _heads_over(records: list[AuditRecord]) -> list[SignedHead]:
    numbers = {record.link.number for record in records}
    heads = [
        head
        for head in SignedHead.objects.select_related("key").order_by("serial")
        if any(head.first_number <= number <= head.last_number for number in numbers)
    ]
    covered = {
        number
        for number in numbers
        if any(head.first_number <= number <= head.last_number for head in heads)
    }
    if covered != numbers:
        raise RuleBroken(
            "chain_not_whole",
            _("The evidence chain is not whole; until that is cleared up nothing can be proven."),
        )
    return heads


@transaction.atomic
def _keep(pack: EvidencePack, data: bytes, artefacts: dict[str, bytes], at: dt.datetime) -> None:
    locked = EvidencePack.objects.select_for_update(of=("self",)).get(pk=pack.pk)
    if locked.stored_id:
        return
    stored = files.store(stream=io.BytesIO(data), name=f"{pack.code}.zip", by=pack.asked_by, at=at)
    locked.stored, locked.made_at = stored, at
    locked.save(update_fields=["stored", "made_at"])
    entries = {
        name: (len(each), hashlib.sha256(each).hexdigest()) for name, each in artefacts.items()
    }
    entries[WHOLE] = (stored.size, stored.sha256)
    PackEntry.objects.bulk_create(
        PackEntry(pack=locked, code=locked.code, name=name[:255], size=size, sha256=sha)
        for name, (size, sha) in entries.items()
    )
    record_audit(
        action="core.evidence_made", subject=locked, by=pack.asked_by, at=at, sha256=stored.sha256
    )


def job_of_pack(*, pack: EvidencePack) -> Job | None:
    """Return the newest job that makes the pack."""
    return Job.objects.filter(kind=KIND, key=pack.code).order_by("-created_at", "-pk").first()
