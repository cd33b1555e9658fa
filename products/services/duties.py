"""The duties for a product, set anew as a whole."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.services import record_audit
from organization.models import Post, Staff, Unit
from products.enums import Activity
from products.errors import RuleBroken
from products.models import Duty, DutySet, Product
from products.permissions import check_edit
from products.rules.duties import Held, duty_findings
from products.selectors import with_article


@dataclasses.dataclass(frozen=True)
class DutyLine:
    """One duty as it is set: an activity, its kind, and a post or a unit."""

    activity: str
    kind: str
    post: Post | None = None
    unit: Unit | None = None


@transaction.atomic
def set_duties(
    *,
    product: Product,
    lines: Sequence[DutyLine],
    valid_from: dt.date,
    reason: str,
    by: Staff,
    at: dt.datetime,
) -> DutySet:
    """Set who does what for a product from a day on; what held before stays readable.

    Raises:
        NotPermitted: the person does not draft products.
        RuleBroken: nothing is said, not exactly one post answers for an activity, or nobody does
            it; `findings` names each.
    Source: PRE-33a.
    """
    check_edit(by)
    locked = Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    if not reason.strip():
        raise RuleBroken("reason_missing", _("Say the reason in a few words."), field="reason")
    held = [Held(each.activity, each.kind, each.post is not None) for each in lines]
    findings = duty_findings(held, Activity.values)
    if findings:
        words = " ".join(_sentence(each.code, each.values["activity"]) for each in findings)
        raise RuleBroken(
            "duties", with_article(words, "PRE-33a"), article="PRE-33a", findings=findings
        )
    made = DutySet.objects.create(
        product=locked,
        number=locked.duty_sets.count() + 1,
        valid_from=valid_from,
        reason=reason,
        set_by=by,
        set_at=at,
    )
    Duty.objects.bulk_create(
        Duty(duty_set=made, **{f.name: getattr(each, f.name) for f in dataclasses.fields(each)})
        for each in lines
    )
    record_audit(
        action="products.duties_set", subject=made, by=by, at=at, product=locked.code,
        number=made.number, reason=reason, valid_from=valid_from.isoformat(),
    )  # fmt: skip
    return made


def _sentence(code: str, activity: str) -> str:
    words = {
        "duty_nobody_answers": _("%(activity)s: exactly one post answers for it."),
        "duty_nobody_does": _("%(activity)s: nobody does it."),
    }
    return words[code] % {"activity": Activity(activity).label}
