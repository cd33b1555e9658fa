"""Reads of retention rules: their history, and what one of them would make due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from core.models import EvidencePack
from core.selectors import parameter
from core.shipped import shipped
from organization.models import Staff
from parties.enums import RecordKind
from parties.errors import Missing
from parties.models import DeletionList, KeptRecord, RetentionRule
from parties.permissions import may_keep
from parties.rules import Years, deletable_from
from parties.selectors.retention import rule_of

# Records of a contract, and those that prove who somebody is and what was paid.
OF_CONTRACTS = (
    RecordKind.IDENTITY,
    RecordKind.LENDER_FILE,
    RecordKind.WARNING_EVIDENCE,
    RecordKind.POLICY_PAPER,
)
OF_MONEY_LAUNDERING = (RecordKind.IDENTITY, RecordKind.LENDER_FILE, RecordKind.POLICY_PAPER)
IN_USE_AGAIN = 9999


def retention_rules(*, staff: Staff) -> QuerySet[RetentionRule]:
    """Return every rule that ever was or was proposed, by kind, the latest first."""
    if not may_keep(staff):
        return RetentionRule.objects.none()
    return RetentionRule.objects.select_related("proposed_by", "decided_by").order_by(
        "kind", "-valid_from", "-pk"
    )


def retention_rule(*, staff: Staff, pk: int) -> RetentionRule:
    """Return one rule.

    Raises:
        Missing: it does not exist or is not the person's to see.
    """
    found = retention_rules(staff=staff).filter(pk=pk).first()
    if found is None:
        raise Missing("rule_missing", _("There is no such rule."))
    return found


def least_years(*, kind: str, as_of: dt.date) -> Years:
    """Return the least that the law asks of a kind of record on a day; zeros where it is silent.

    Source: PRE-10a-c (`trace.retention`), HQ-24 (`aml.record_years`).
    """
    short = long = dispute = floor = 0
    if kind in OF_CONTRACTS:
        of_trace = parameter(name="trace.retention", as_of=as_of).value
        short, long = of_trace["term_up_to_one_year"], of_trace["term_over_one_year"]
        dispute = of_trace["after_dispute_at_least"]
    if kind in OF_MONEY_LAUNDERING:
        floor = int(parameter(name="aml.record_years", as_of=as_of).value)
    return Years(int(short), int(long), floor, int(dispute))


def years_of(rule: RetentionRule) -> Years:
    """Return the periods of a rule."""
    return Years(rule.short_years, rule.long_years, rule.floor_years, rule.dispute_years)


def rule_words(text: str) -> str:
    """Say the rule that a tombstone keeps in the language of the page."""
    years, _dot, source = text.partition(" · ")
    return f"{years} · {shipped(source)}" if source else text


@dataclass(frozen=True)
class Effect:
    """What a rule would do to the originals whose contract has ended."""

    kept: int
    due_now: int
    due_then: int
    earlier: int
    later: int


def effect_of(*, kind: str, years: Years, as_of: dt.date) -> Effect:
    """Return how many originals would be due on a day under a rule, against the one in force.

    Holds are not looked at: what is held stays under either.
    """
    now = years_of(rule_of(kind=kind, as_of=as_of))
    counts = dict.fromkeys(("kept", "due_now", "due_then", "earlier", "later"), 0)
    groups = (
        KeptRecord.objects.filter(
            kind=kind, deleted_at__isnull=True, retain_until__year__lt=IN_USE_AGAIN
        )
        .order_by()
        .values("ended_on", "term_months", "disputed_until")
        .annotate(number=Count("pk"))
    )
    for group in groups.iterator():
        number = group.pop("number")
        before, after = _day(group, now), _day(group, years)
        counts["kept"] += number
        counts["due_now"] += number * (before <= as_of)
        counts["due_then"] += number * (after <= as_of)
        counts["earlier"] += number * (after < before)
        counts["later"] += number * (after > before)
    return Effect(**counts)


def _day(group: dict[str, object], years: Years) -> dt.date:
    return deletable_from(
        ended=group["ended_on"],
        term_months=group["term_months"],
        short_years=years.short,
        long_years=years.long,
        floor_years=years.floor,
        disputed_until=group["disputed_until"],
        dispute_years=years.after_dispute,
    )


def proofs_of(*, deletion: DeletionList) -> QuerySet[EvidencePack]:
    """Return the proofs that were made of a list of deletion, the newest first."""
    return (
        EvidencePack.objects.filter(
            object_type=deletion._meta.label_lower, object_id=str(deletion.pk)
        )
        .select_related("stored", "asked_by")
        .order_by("-asked_at", "-pk")
    )
