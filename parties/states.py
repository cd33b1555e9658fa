"""The states of a personal-information request: what follows what, and whose turn it is."""

from parties.enums import PersonRequestState

TRANSITIONS: dict[str, tuple[str, str]] = {
    "verify": (PersonRequestState.RECEIVED, PersonRequestState.VERIFIED),
    "turn_away": (PersonRequestState.RECEIVED, PersonRequestState.TURNED_AWAY),
    "answer": (PersonRequestState.VERIFIED, PersonRequestState.ANSWERED),
}

OWNERS = {
    PersonRequestState.RECEIVED: "answer_persons",
    PersonRequestState.VERIFIED: "answer_persons",
    PersonRequestState.ANSWERED: "",
    PersonRequestState.TURNED_AWAY: "",
}


def next_state(state: str, action: str) -> str | None:
    """Return the state that follows, or nothing where the action is not allowed now."""
    allowed_from, following = TRANSITIONS[action]
    return following if state == allowed_from else None
