"""Reasons of the rules of authority and recusal, in sentences for people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from organization.enums import ExceptionKind, IdentityKind, RelationKind
from organization.rules.authority import Reason
from organization.rules.recusal import RecusalFinding


def fact_word(fact: str) -> str:
    """Return the word for a fact of a case."""
    return {
        "unit": _("Unit"),
        "product": _("Product"),
        "obligor_type": _("Obligor type"),
        "channel": _("Channel"),
        "grade": _("Grade"),
        "amount": _("Amount (yuan)"),
        "rate": _("Price (per year)"),
        "ltv": _("Loan-to-value"),
        "term": _("Term (months)"),
        "exceptions": _("Exceptions"),
    }.get(fact, fact)


def sentence_of(reason: Reason) -> str:
    """Say why an authority does not cover or does not stand, with its article."""
    words = {
        "fact": fact_word(reason.fact),
        "asked": shown(reason.asked),
        "allowed": shown(reason.allowed),
    }
    return f"{_template(reason.code) % words} ({reason.article})"


def _template(code: str) -> str:
    return {
        "outside": _("%(fact)s %(asked)s is not among %(allowed)s."),
        "above": _("%(fact)s %(asked)s is above %(allowed)s."),
        "below": _("%(fact)s %(asked)s is below %(allowed)s."),
        "unknown": _("%(fact)s is not known and the authority limits it to %(allowed)s."),
        "other_matter": _(
            "Lifting controls and deciding cases are granted apart: asked is %(asked)s, granted is"
            " %(allowed)s."
        ),
        "exception": _("The exception %(asked)s is not granted."),
        "revoked": _("It was revoked at %(asked)s."),
        "not_approved": _("It is proposed, not approved."),
        "not_yet": _("It stands from %(allowed)s."),
        "expired": _("It ended at %(allowed)s."),
        "not_own_unit": _("The case belongs to no unit below the person's own."),
        "lender_lost_it": _("Whoever delegated it does not hold it any more."),
        "no_permission": _("The person's roles do not let decide this."),
        "no_grant": _("The person holds no authority."),
        "internet": _("Internet business is decided at head office alone."),
        "maker": _("Whoever makes a case does not decide it."),
    }[code]


def shown(value: Any) -> str:
    """Show a figure, a day, a set of codes; a dash for what is not known."""
    if value is None or value == ():
        return "—"
    if isinstance(value, tuple | list | frozenset):
        return "、".join(shown(each) for each in value)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if hasattr(value, "hour"):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if value in ExceptionKind.values:
        return str(ExceptionKind(value).label)
    return str(value)


def recusal_sentence(finding: RecusalFinding) -> str:
    """Say why somebody stays out of a case, with the article."""
    if finding.source == "declared":
        words = _("Recused: a declared relation (%(kind)s).") % {
            "kind": RelationKind(finding.kind).label
        }
    else:
        words = _("Recused: the same %(kind)s as a party of the case.") % {
            "kind": IdentityKind(finding.kind).label
        }
    return f"{words} ({finding.article})"
