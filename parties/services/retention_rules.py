"""Retention rules: proposed by one person, approved by another, never edited. Source: PRE-10a-d."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import jobs
from core.services import record_audit
from organization.models import Staff
from organization.services.awaiting import align_work
from parties.enums import RecordKind, RuleStatus
from parties.errors import Conflict, RuleBroken, WrongState
from parties.models import RetentionRule
from parties.permissions import check_decide_rule, check_manage_retention
from parties.rules import Years, shortcomings
from parties.selectors.retention_rules import least_years, years_of

RECOMPUTE = "compute_retention"  # the job that gives every original its day


@transaction.atomic
def propose_rule(
    *,
    kind: str,
    years: Years,
    valid_from: dt.date,
    source: str,
    reason: str,
    by: Staff,
    at: dt.datetime,
) -> RetentionRule:
    """Propose how long a kind of record is kept from a day on.

    Raises:
        NotPermitted: the permission over the head office is lacking.
        RuleBroken: source or reason is missing, the day is past, the long term is shorter than the
            short one, or a period is shorter than the law's (`findings`).
        Conflict: a proposal for this kind waits already.
    """
    check_manage_retention(by)
    if not source.strip():
        raise RuleBroken("source_missing", _("Name the source: article or resolution."), "source")
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say why the rule changes."), "reason")
    if valid_from < timezone.localdate(at):
        raise RuleBroken("day_past", _("A rule begins today or later."), "valid_from")
    if years.long < years.short:
        raise RuleBroken(
            "years_in_order", _("The long term is not shorter than the short one."), "long_years"
        )
    _refuse_too_short(kind, years, valid_from)
    try:
        with transaction.atomic():
            rule = RetentionRule.objects.create(
                kind=kind,
                short_years=years.short,
                long_years=years.long,
                floor_years=years.floor,
                dispute_years=years.after_dispute,
                valid_from=valid_from,
                source=source.strip(),
                status=RuleStatus.PROPOSED,
                reason=reason.strip(),
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as clash:
        raise Conflict(
            "rule_proposed", _("A proposal for this kind waits for its decision.")
        ) from clash
    record_audit(
        action="retention_rule_proposed", subject=rule, by=by, at=at, reason=reason, **_terms(rule)
    )
    align_work(subjects=[rule], by=by, at=at)
    return rule


@transaction.atomic
def decide_rule(
    *, rule: RetentionRule, is_approved: bool, remark: str, by: Staff, at: dt.datetime
) -> RetentionRule:
    """Approve a rule, which is in force from its day on, or reject it with a remark.

    An approval has every original computed anew.

    Raises:
        NotPermitted: the permission is lacking, or the person proposed it.
        WrongState: it is decided.
        RuleBroken: rejected without a remark, the day has passed, or the law asks for longer now.
        Conflict: another approved rule begins on the same day.
    """
    rule = RetentionRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    check_decide_rule(by, rule=rule)
    if rule.status != RuleStatus.PROPOSED:
        raise WrongState("rule_decided", _("This rule is decided."))
    if not is_approved and not remark.strip():
        raise RuleBroken("remark_missing", _("Say why it is rejected."), "remark")
    if is_approved:
        if rule.valid_from < timezone.localdate(at):
            raise RuleBroken("day_past", _("Its day has passed; propose it anew."))
        _refuse_too_short(rule.kind, years_of(rule), rule.valid_from)
    rule.status = RuleStatus.APPROVED if is_approved else RuleStatus.REJECTED
    rule.decided_by, rule.decided_at, rule.remark = by, at, remark.strip()
    try:
        with transaction.atomic():
            rule.save(update_fields=["status", "decided_by", "decided_at", "remark"])
    except IntegrityError as clash:
        raise Conflict(
            "rule_begins", _("A rule of this kind begins on this day already.")
        ) from clash
    record_audit(
        action="retention_rule_approved" if is_approved else "retention_rule_rejected",
        subject=rule,
        by=by,
        at=at,
        reason=remark,
        **_terms(rule),
    )
    align_work(subjects=[rule], by=by, at=at, outcome=rule.status)
    if is_approved:
        title = _("Days of deletion after a change of rule")
        jobs.enqueue(kind=RECOMPUTE, key=f"rule-{rule.pk}", title=title, payload={}, by=by, at=at)
    return rule


def _refuse_too_short(kind: str, years: Years, as_of: dt.date) -> None:
    least = least_years(kind=kind, as_of=as_of)
    short = shortcomings(wanted=years, least=least)
    if short:
        words = {
            "short": _("up to 12 months: at least %s years") % max(least.short, least.floor),
            "long": _("over 12 months: at least %s years") % max(least.long, least.floor),
            "after_dispute": _("after a dispute: at least %s years") % least.after_dispute,
        }
        findings = [words[each] for each in short]
        sentence = _("The law asks for longer. %(kind)s, %(findings)s.") % {
            "kind": RecordKind(kind).label,
            "findings": "; ".join(findings),
        }
        raise RuleBroken("too_short", sentence, findings=findings)


def _terms(rule: RetentionRule) -> dict[str, object]:
    return {
        "kind": rule.kind,
        "years": [rule.short_years, rule.long_years, rule.floor_years, rule.dispute_years],
        "valid_from": str(rule.valid_from),
        "source": rule.source,
    }
