"""Posting rules: which version is in force on a day."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ledger.enums import LedgerEvent, RuleStatus
from ledger.errors import Missing
from ledger.models import Account, PostingRule


def rule_in_force(*, event: str, on: dt.date) -> PostingRule:
    """Return the approved rule of an event on a business date: the latest that has begun.

    Raises:
        Missing: no rule is in force on that day.
    """
    rule = (
        PostingRule.objects.filter(event=event, status=RuleStatus.APPROVED, valid_from__lte=on)
        .order_by("-valid_from", "-version")
        .first()
    )
    if rule is None:
        raise Missing(
            "posting_rule_missing",
            _("No posting rule for “%(event)s” is in force on %(day)s.")
            % {"event": LedgerEvent(event).label, "day": f"{on:%Y-%m-%d}"},
        )
    return rule


def chart_kinds() -> dict[str, str]:
    """Return the chart of accounts: kind by code."""
    return dict(Account.objects.values_list("code", "kind"))


def posting_rules() -> QuerySet[PostingRule]:
    """Return every version of every rule with the people on it, by event, latest first."""
    return PostingRule.objects.select_related("proposed_by", "decided_by").order_by(
        "event", "-version"
    )


def posting_rule_of(*, pk: int) -> PostingRule:
    """Return one version of a rule with the people on it.

    Raises:
        Missing: there is no such version.
    """
    rule = posting_rules().filter(pk=pk).first()
    if rule is None:
        raise Missing("posting_rule_unknown", _("There is no such posting rule."))
    return rule


def version_before(*, rule: PostingRule) -> PostingRule | None:
    """Return the approved version before this one, for comparison."""
    return (
        PostingRule.objects.filter(
            event=rule.event, status=RuleStatus.APPROVED, version__lt=rule.version
        )
        .order_by("-version")
        .first()
    )
