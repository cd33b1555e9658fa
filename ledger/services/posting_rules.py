"""Posting rules: proposed by one person, approved by another, never edited."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.services import record_audit
from ledger.enums import LedgerEvent, RuleStatus
from ledger.errors import Conflict, RuleBroken
from ledger.models import Account, PostingRule
from ledger.permissions import check_decide_rule, check_post_vouchers
from ledger.rules.posting import check_rule
from ledger.selectors.posting_rules import chart_kinds
from organization.models import Staff
from organization.services.awaiting import align_work


@transaction.atomic
def propose_posting_rule(
    *,
    event: str,
    valid_from: dt.date,
    lines: list[dict[str, Any]],
    reason: str,
    by: Staff,
    at: dt.datetime,
) -> PostingRule:
    """Propose a new version of the rule of an event; nothing changes before another approves it.

    Raises:
        NotPermitted: the person does not draft posting rules.
        RuleBroken: no reason is given, or the rule is unsound (`findings` names everything).
        Conflict: a version of this event awaits approval already.

    Source: architecture rule 8 and 10.
    """
    check_post_vouchers(by)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why."), field="reason")
    _refuse_unsound(event, lines)
    list(Account.objects.select_for_update().order_by("code")[:1])  # one proposal at a time
    versions = PostingRule.objects.filter(event=event)
    if versions.filter(status=RuleStatus.PROPOSED).exists():
        raise Conflict("rule_waits", _("A rule of this event awaits approval already."))
    last = versions.aggregate(last=Max("version"))["last"] or 0
    proposed = PostingRule.objects.create(
        event=event,
        version=last + 1,
        valid_from=valid_from,
        lines=lines,
        reason=reason,
        proposed_by=by,
        proposed_at=at,
    )
    record_audit(
        action="ledger.rule_proposed",
        subject=proposed,
        by=by,
        at=at,
        reason=reason,
        event=LedgerEvent(event),
        version=proposed.version,
        lines=lines,
    )
    align_work(subjects=[proposed], by=by, at=at)
    return proposed


@transaction.atomic
def approve_posting_rule(
    *, rule: PostingRule, by: Staff, at: dt.datetime, remark: str = ""
) -> PostingRule:
    """Put a proposed version in force from its day; entries that were posted keep their version.

    Raises:
        NotPermitted: the person does not approve posting rules, or proposed this one.
        WrongState: it no longer awaits approval.
        RuleBroken: it is unsound, or begins before the version in force.
    """
    locked = _locked(rule, by)
    locked.decide(RuleStatus.APPROVED, by=by, at=at, remark=remark)
    _refuse_unsound(locked.event, locked.lines)
    last = PostingRule.objects.filter(event=locked.event, status=RuleStatus.APPROVED).aggregate(
        last=Max("valid_from")
    )["last"]
    if last and locked.valid_from < last:
        raise RuleBroken(
            "rule_begins_too_early",
            _("A version begins no earlier than the version before it (%(day)s).")
            % {"day": f"{last:%Y-%m-%d}"},
            field="valid_from",
        )
    _save(locked, by, at, "approved")
    record_audit(
        action="ledger.rule_approved",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        event=locked.event,
        version=locked.version,
    )
    return locked


@transaction.atomic
def refuse_posting_rule(
    *, rule: PostingRule, by: Staff, at: dt.datetime, remark: str
) -> PostingRule:
    """Refuse a proposed version, saying why.

    Raises:
        NotPermitted: the person does not approve posting rules, or proposed this one.
        WrongState: it no longer awaits approval.
        RuleBroken: nothing is said.
    """
    locked = _locked(rule, by)
    if not remark.strip():
        raise RuleBroken("remark_missing", _("Say why."), field="remark")
    locked.decide(RuleStatus.REFUSED, by=by, at=at, remark=remark)
    _save(locked, by, at, "refused")
    record_audit(
        action="ledger.rule_refused",
        subject=locked,
        by=by,
        at=at,
        reason=remark,
        event=locked.event,
        version=locked.version,
    )
    return locked


def _locked(rule: PostingRule, by: Staff) -> PostingRule:
    locked = PostingRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    check_decide_rule(by, locked)
    return locked


def _save(rule: PostingRule, by: Staff, at: dt.datetime, outcome: str) -> None:
    rule.save(update_fields=["status", "remark", "decided_by", "decided_at"])
    align_work(subjects=[rule], by=by, at=at, outcome=outcome)


def _refuse_unsound(event: str, lines: list[dict[str, Any]]) -> None:
    found = check_rule(event, lines, chart_kinds())
    if found:
        raise RuleBroken(
            "posting_rule_unsound",
            " ".join(f"{each.message}." for each in found),
            field="lines",
            findings=found,
        )
