"""The states of a policy: what follows what, and whose turn it is."""

from underwriting.enums import PolicyState

TRANSITIONS: dict[str, tuple[str, str]] = {
    "settle": (PolicyState.IN_FORCE, PolicyState.SETTLED),
    "surrender": (PolicyState.IN_FORCE, PolicyState.SURRENDERED),
    "lapse": (PolicyState.IN_FORCE, PolicyState.LAPSED),
    "expire": (PolicyState.IN_FORCE, PolicyState.EXPIRED),
    "claim": (PolicyState.IN_FORCE, PolicyState.CLAIMED),
}

OWNERS = {
    PolicyState.IN_FORCE: "issue_policies",
    PolicyState.SETTLED: "",
    PolicyState.SURRENDERED: "",
    PolicyState.LAPSED: "",
    PolicyState.EXPIRED: "",
    PolicyState.CLAIMED: "",
}


def next_state(state: str, action: str) -> str | None:
    """Return the state that follows, or nothing where the action is not allowed now."""
    allowed_from, following = TRANSITIONS[action]
    return following if state == allowed_from else None
