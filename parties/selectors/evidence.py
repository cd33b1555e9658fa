"""What evidence packs of deletions and exports hold. Source: EVID-03, HQ-25, PRE-45c.

The pack of an approved list is the proof of deletion: what was deleted, by which rule, by whose
approval, with which hash and by which method, and where that stands in the chain.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core.errors import Missing
from core.evidence import PackContent, Section
from core.evidence.parts import document, instant_text, places_in_chain, table
from core.masking import scrub
from core.shipped import shipped
from organization.models import Staff
from parties.enums import ListStatus, RecordKind
from parties.models import DeletionList, Export, RetentionRule
from parties.permissions import may_keep, may_see_exports
from parties.selectors.exports import export_of
from parties.selectors.retention import deletion_of
from parties.selectors.retention_rules import retention_rule, rule_words


def provable_deletion(person: Staff, pk: int, _as_of: dt.date) -> DeletionList:
    """Return a list of deletion, for whoever sees what is kept. Raises `Missing`."""
    if not may_keep(person):
        raise Missing("deletion_missing", _("There is no such list."))
    return deletion_of(staff=person, pk=pk)


def provable_export(person: Staff, pk: int, _as_of: dt.date) -> Export:
    """Return an export of the person's register. Raises `Missing`."""
    if not may_see_exports(person):
        raise Missing("export_missing", _("There is no such export."))
    return export_of(staff=person, pk=pk)


def provable_rule(person: Staff, pk: int, _as_of: dt.date) -> RetentionRule:
    """Return a retention rule. Raises `Missing` as `retention_rule` does."""
    return retention_rule(staff=person, pk=pk)


def deletion_title(deletion: DeletionList) -> str:
    """Name a list in one line."""
    words = _("Proof of deletion") if _is_done(deletion) else _("List of deletion")
    return f"{words} #{deletion.pk}"


def deletion_pack(deletion: DeletionList) -> PackContent:
    """Return what a list deleted, and how that is known."""
    lines = list(deletion.lines.order_by("pk"))
    header = [_("Record concerned"), _("Kind"), "SHA-256", _("Bytes"),
              _("Rule (years) and its source"),
              _("Contract ended"), _("May be deleted from"), _("Deleted")]  # fmt: skip
    rows = [
        (
            str(line.record_id),
            str(line.get_kind_display()),
            line.sha256,
            str(line.size),
            rule_words(line.rule_text),
            line.ended_on.isoformat(),
            line.retain_until.isoformat(),
            instant_text(line.shredded_at),
        )
        for line in lines
    ]
    facts = [
        (_("List"), str(deletion.pk)),
        (_("State"), deletion.get_status_display()),
        (_("Why it is deleted"), scrub(deletion.reason)),
        (_("Proposed"), _signature(deletion.proposed_by_id, deletion.proposed_at)),
        (_("Decided"), _signature(deletion.decided_by_id, deletion.decided_at)),
        (_("Remark"), scrub(deletion.remark)),
        (_("How many"), str(len(lines))),
        (_("Bytes"), str(sum(line.size for line in lines))),
        (_("Method"), _method() if _is_done(deletion) else ""),
    ]
    return PackContent(
        title=deletion_title(deletion),
        facts=facts,
        subjects=[deletion],
        sections=[
            Section(_("How many of each kind"), [_("Kind"), _("How many")], _counts(lines)),
            Section(_("Originals"), header, rows),
        ],
        artefacts=[
            document("deletion.json", _as_json(deletion, lines)),
            table("originals.csv", header, rows),
        ],
    )


def rule_title(rule: RetentionRule) -> str:
    """Name a rule in one line."""
    return f"{_('Retention rule')} · {rule.get_kind_display()} · {rule.valid_from.isoformat()}"


def rule_pack(rule: RetentionRule) -> PackContent:
    """Return a rule: its years, its source, who proposed and who decided on it."""
    return PackContent(
        title=rule_title(rule),
        facts=[
            (_("Kind"), rule.get_kind_display()),
            (_("Up to 12 months (years)"), str(rule.short_years)),
            (_("Over 12 months (years)"), str(rule.long_years)),
            (_("At least, by another law (years)"), str(rule.floor_years)),
            (_("After a dispute (years)"), str(rule.dispute_years)),
            (_("Valid from"), rule.valid_from.isoformat()),
            (_("State"), rule.get_status_display()),
            (_("Source"), shipped(rule.source)),
            (_("Reason"), scrub(rule.reason)),
            (_("Proposed"), _signature(rule.proposed_by_id, rule.proposed_at)),
            (_("Decided"), _signature(rule.decided_by_id, rule.decided_at)),
        ],
        subjects=[rule],
    )


def export_title(export: Export) -> str:
    """Name an export in one line."""
    return f"{_('Export')} {export.number}"


def export_pack(export: Export) -> PackContent:
    """Return who took what out, when and by whose leave; the file stays, its hash goes."""
    return PackContent(
        title=export_title(export),
        facts=[
            (_("Number"), export.number),
            (_("Title"), scrub(export.title)),
            (_("State"), export.get_status_display()),
            (_("Rows"), str(export.rows)),
            (_("Unit"), export.unit.name),
            (_("Reason"), scrub(export.reason)),
            (_("Asked"), _signature(export.asked_by_id, export.asked_at)),
            (_("Decided"), _signature(export.decided_by_id, export.decided_at)),
            (_("Remark"), scrub(export.remark)),
            (_("Made"), instant_text(export.made_at)),
            ("SHA-256", export.sha256),
        ],
        subjects=[export],
        outside={export.file_name: export.sha256} if export.sha256 else {},
    )


def _is_done(deletion: DeletionList) -> bool:
    return deletion.status == ListStatus.APPROVED


def _method() -> str:
    return _(
        "Each file lost its own key (AES-256-GCM), so that no copy of its bytes can be read, and "
        "its bytes were removed from the store. Each identity lost its sealed columns; its indexes "
        "were replaced by random bytes."
    )


def _counts(lines: list) -> list[tuple[str, str]]:
    return [
        (str(kind.label), str(count))
        for kind in RecordKind
        if (count := sum(line.kind == kind for line in lines))
    ]


def _as_json(deletion: DeletionList, lines: list) -> dict[str, object]:
    return {
        "form": 1,
        "kind": "xinbao-proof-of-deletion",
        "list": deletion.pk,
        "status": deletion.status,
        "proposed": {"staff_no": deletion.proposed_by_id, "at": deletion.proposed_at},
        "approved": {"staff_no": deletion.decided_by_id, "at": deletion.decided_at},
        "method": {"file": "key destroyed, bytes removed", "identity": "sealed columns emptied"},
        "count": len(lines),
        "bytes": sum(line.size for line in lines),
        "originals": [
            {
                "record": line.record_id,
                "kind": line.kind,
                "sha256": line.sha256,
                "size": line.size,
                "rule": line.rule_text,
                "contract_ended_on": line.ended_on,
                "deletable_from": line.retain_until,
                "deleted_at": line.shredded_at,
            }
            for line in lines
        ],
        "records_in_chain": places_in_chain(label="parties.deletionlist", pk=deletion.pk),
    }


def _signature(person: int | None, at: dt.datetime | None) -> str:
    return f"{_('Staff no.')} {person} · {instant_text(at)}" if person else ""
