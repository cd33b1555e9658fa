"""The short-rate table of a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from organization.models import Staff
from products.enums import RefundKind
from products.errors import RuleBroken
from products.models import ProductVersion
from products.permissions import check_edit
from products.rules.refunds import RefundStep
from products.selectors import refund_problems
from products.services.versions import changed, locked_draft


def refund_rule(*, steps: Sequence[RefundStep], months: int | None = None) -> dict[str, Any]:
    """Return a short-rate table as a version keeps it: parts and shares as exact text.

    Raises:
        RuleBroken: lines do not rise to the end, or what is kept falls or is no share.
    Source: PRE-34a, PRE-41c.
    """
    problems = refund_problems(steps)
    if problems:
        raise RuleBroken("refund_table", " ".join(problems), article="PRE-41c", findings=problems)
    rows = [{"until": str(step.until), "kept": str(step.kept)} for step in steps]
    rule: dict[str, Any] = {"kind": RefundKind.SHORT_RATE.value, "table": rows}
    return {**rule, "months": months} if months else rule


@transaction.atomic
def set_refund_table(
    *,
    version: ProductVersion,
    steps: Sequence[RefundStep],
    by: Staff,
    at: dt.datetime,
    months: int | None = None,
) -> ProductVersion:
    """Let a draft give premium back by a short-rate table; it replaces the rule before.

    `months` only says that the parts were filed as months of so many.

    Raises:
        NotPermitted: the person does not draft products.
        WrongState: it is no draft (PRE-34a).
        RuleBroken: as `refund_rule`.
    Source: PRE-34a, PRE-41c.
    """
    check_edit(by)
    locked = locked_draft(version)
    locked.refund_rule = refund_rule(steps=steps, months=months)
    return changed(locked, by, at, "refund")
