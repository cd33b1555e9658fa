"""Who sees which level of personal data in clear."""

from __future__ import annotations

import datetime as dt

from core.errors import Missing
from core.selectors import parameter
from organization.models import Staff

LEVELS_IN_CLEAR = "privacy.levels_in_clear"


def may_see_clear(staff: Staff | None, *, level: str, as_of: dt.date) -> bool:
    """Tell whether a role of the person shows a level (C1, C2, C3) without a mask.

    The parameter `privacy.levels_in_clear` names levels by role code, `*` for everybody. Its
    starter value shows C1 to everybody and nothing personal to anybody: C2 is then seen by
    unmasking one record, with a reason. C3 is never shown. Source: CRM-39, safety.md.
    """
    if staff is None or not staff.is_active or level == "C3":
        return False
    try:
        shown = parameter(name=LEVELS_IN_CLEAR, as_of=as_of).value
    except Missing:
        return level == "C1"
    roles = ["*", *staff.roles.values_list("code", flat=True)]
    return any(level in shown.get(role, ()) for role in roles)
