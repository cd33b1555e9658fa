"""The bytes of a pack: files in a fixed order, a signed manifest, the same content the same zip."""

from __future__ import annotations

import html
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from core import merkle, signing
from core.audit_words import action_word, object_word
from core.canonical import canonical, instant, plain
from core.chain.heads import leaves_of
from core.digests import SHA256, digest
from core.evidence import verifier
from core.evidence.registry import PackContent
from core.models import AuditRecord, EvidencePack, SignedHead, SigningKey
from core.printing import NoPdfError, print_pdf
from core.services.audit import content_of

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # a zip knows no time before
SUMMARY = "summary.pdf"
SHEET = "core/evidence/summary.css"
WATERMARKS = 8  # times on each page


def mark_of(pack: EvidencePack) -> str:
    """Return the watermark of a pack: who asked for it, when, and its number."""
    at = timezone.localtime(pack.asked_at)
    return f"{pack.asked_by.username} · {at:%Y-%m-%d %H:%M} · {pack.code}"


def zip_of(
    *,
    pack: EvidencePack,
    content: PackContent,
    artefacts: dict[str, bytes],
    records: list[AuditRecord],
    heads: list[SignedHead],
) -> bytes:
    """Return the pack. Heads cover all records."""
    files = dict(artefacts)
    missing: dict[str, str] = {}
    try:
        files[SUMMARY] = _summary(pack, content, records, heads)
    except NoPdfError as reason:
        missing[SUMMARY] = str(reason)
    files["facts.json"] = _facts(pack, content)
    files["records.json"] = canonical(_records(records, heads))
    files["heads.json"] = canonical(
        [
            {"statement": each.statement, "signature": each.signature, "key_id": each.key.key_id}
            for each in heads
        ]
    )
    files["keys.json"] = canonical(dict(SigningKey.objects.values_list("key_id", "public_key")))
    for head in heads:
        for receipt in head.receipts.order_by("kind"):
            ending = "tsr" if receipt.kind == "rfc3161" else "json"
            files[f"receipts/{head.serial:06d}-{receipt.kind}.{ending}"] = bytes(receipt.receipt)
    files["verify.py"] = Path(verifier.__file__).read_bytes()
    for language in ("zh", "en"):
        words = {"pack": pack, "artefacts": [(name, len(data)) for name, data in artefacts.items()]}
        text = html.unescape(render_to_string(f"core/evidence/guide_{language}.txt", words))
        files[f"GUIDE.{language}.txt"] = text.encode("utf-8-sig")  # so that any editor reads it
    return _zipped(files, _manifest(pack, content, files, missing))


def _manifest(
    pack: EvidencePack, content: PackContent, files: dict[str, bytes], missing: dict[str, str]
) -> bytes:
    return canonical(
        {
            "form": 1,
            "kind": "xinbao-evidence-pack",
            "code": pack.code,
            "object_type": pack.object_type,
            "object_id": pack.object_id,
            "title": content.title,
            "asked_at": instant(pack.asked_at),
            "files": {
                name: {"size": len(data), "sha256": digest(data, algorithm=SHA256)}
                for name, data in files.items()
            },
            "missing": missing,
        }
    )


def _zipped(files: dict[str, bytes], manifest: bytes) -> bytes:
    seal = {"key_id": settings.EVIDENCE_KEY_ID, "signature": signing.sign(manifest)}
    files = files | {"manifest.json": manifest, "manifest.sig": canonical(seal)}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return sink.getvalue()


def _records(records: list[AuditRecord], heads: list[SignedHead]) -> list[dict[str, Any]]:
    trees = [(head, leaves_of(head)) for head in heads]
    return [_record(record, *_tree_over(record, trees)) for record in records]


def _tree_over(
    record: AuditRecord, trees: list[tuple[SignedHead, list[str]]]
) -> tuple[SignedHead, list[str]]:
    number = record.link.number
    return next(
        (head, leaves) for head, leaves in trees if head.first_number <= number <= head.last_number
    )


def _record(record: AuditRecord, head: SignedHead, leaves: list[str]) -> dict[str, Any]:
    link = record.link
    return {
        "content": content_of(record),
        "link": {
            "number": link.number,
            "previous": link.previous,
            "hash": link.hash,
            "record_id": record.pk,
            "recorded_at": instant(record.recorded_at),
            "transaction": record.transaction,
            "algorithm": record.algorithm,
            "digest": record.digest,
        },
        "head": head.serial,
        "proof": merkle.proof(leaves, link.number - head.first_number),
    }


def _facts(pack: EvidencePack, content: PackContent) -> bytes:
    says = {
        "code": pack.code,
        "title": content.title,
        "facts": [list(each) for each in content.facts],
        "sections": [
            {"title": each.title, "header": list(each.header), "rows": [list(r) for r in each.rows]}
            for each in content.sections
        ],
        "files_that_stay_with_the_insurer": content.outside,
    }
    return json.dumps(plain(says), ensure_ascii=False, sort_keys=True, indent=1).encode()


def _summary(
    pack: EvidencePack,
    content: PackContent,
    records: list[AuditRecord],
    heads: list[SignedHead],
) -> bytes:
    page = summary_html(pack=pack, content=content, records=records, heads=heads)
    return print_pdf(html=page, css=render_to_string(SHEET, {}))


def summary_html(
    *,
    pack: EvidencePack,
    content: PackContent,
    records: list[AuditRecord],
    heads: list[SignedHead],
) -> str:
    """Return the summary for people; who asked for it, when and the number stand on every page."""
    context = {
        "pack": pack,
        "mark": mark_of(pack),
        "watermark": range(WATERMARKS),
        "content": content,
        "object_word": object_word(pack.object_type),
        "records": [(record, action_word(record.action)) for record in records],
        "heads": [(head, json.loads(head.statement)["made_at"]) for head in heads],
        "public_key": signing.public_key(),
    }
    return render_to_string("core/evidence/summary.html", context)
