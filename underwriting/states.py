"""The states of a policy, a quote and an endorsement: what follows what, and whose turn it is."""

from underwriting.enums import EndorsementStatus, PolicyStatus, QuoteStatus

TRANSITIONS: dict[str, tuple[str, str]] = {
    # policies
    "settle": (PolicyStatus.IN_FORCE, PolicyStatus.SETTLED),
    "surrender": (PolicyStatus.IN_FORCE, PolicyStatus.SURRENDERED),
    "lapse": (PolicyStatus.IN_FORCE, PolicyStatus.LAPSED),
    "expire": (PolicyStatus.IN_FORCE, PolicyStatus.EXPIRED),
    "claim": (PolicyStatus.IN_FORCE, PolicyStatus.CLAIMED),
    # quotes
    "issue": (QuoteStatus.OPEN, QuoteStatus.ISSUED),
    "withdraw": (QuoteStatus.OPEN, QuoteStatus.WITHDRAWN),
    # endorsements
    "approve": (EndorsementStatus.REQUESTED, EndorsementStatus.IN_FORCE),
    "approve_unconfirmed": (EndorsementStatus.REQUESTED, EndorsementStatus.UNCONFIRMED),
    "confirm": (EndorsementStatus.UNCONFIRMED, EndorsementStatus.IN_FORCE),
    "refuse": (EndorsementStatus.REQUESTED, EndorsementStatus.REFUSED),
}

OWNERS = {
    PolicyStatus.IN_FORCE: "issue_policies",
    PolicyStatus.SETTLED: "",
    PolicyStatus.SURRENDERED: "",
    PolicyStatus.LAPSED: "",
    PolicyStatus.EXPIRED: "",
    PolicyStatus.CLAIMED: "",
    QuoteStatus.OPEN: "issue_policies",
    QuoteStatus.ISSUED: "",
    QuoteStatus.WITHDRAWN: "",
    EndorsementStatus.REQUESTED: "issue_policies",
    EndorsementStatus.UNCONFIRMED: "quote_policies",
    EndorsementStatus.IN_FORCE: "",
    EndorsementStatus.REFUSED: "",
}


def next_state(state: str, action: str) -> str | None:
    """Return the state that follows, or nothing where the action is not allowed now."""
    allowed_from, following = TRANSITIONS[action]
    return following if state == allowed_from else None
