"""The states of a case for signature: what follows what, and whose turn it is."""

from organization.enums import CaseState, DecisionOutcome

TRANSITIONS: dict[str, tuple[str | frozenset[CaseState], str]] = {
    DecisionOutcome.SIGN: (CaseState.SUBMITTED, CaseState.SIGNED),
    DecisionOutcome.RETURN: (CaseState.SUBMITTED, CaseState.RETURNED),
    DecisionOutcome.REFUSE: (CaseState.SUBMITTED, CaseState.REFUSED),
    "resubmit": (CaseState.RETURNED, CaseState.SUBMITTED),
    "withdraw": (frozenset({CaseState.SUBMITTED, CaseState.RETURNED}), CaseState.WITHDRAWN),
}

OWNERS = {
    CaseState.SUBMITTED: "sign_cases",
    CaseState.RETURNED: "sign_cases",
    CaseState.SIGNED: "",
    CaseState.REFUSED: "",
    CaseState.WITHDRAWN: "",
}


def next_state(state: str, action: str) -> str | None:
    """Return the state that follows, or nothing where the action is not allowed now."""
    allowed_from, following = TRANSITIONS[action]
    allowed = {allowed_from} if isinstance(allowed_from, str) else allowed_from
    return following if state in allowed else None
