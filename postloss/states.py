"""The states of a warning: what follows what, and whose turn it is."""

from __future__ import annotations

from postloss.enums import WarningAction, WarningState

_STANDING = frozenset(
    {
        WarningState.OPEN,
        WarningState.ACKNOWLEDGED,
        WarningState.DISPOSED,
        WarningState.REVIEWED,
    }
)

TRANSITIONS: dict[str, tuple[frozenset[str], str]] = {
    WarningAction.ACKNOWLEDGE: (frozenset({WarningState.OPEN}), WarningState.ACKNOWLEDGED),
    WarningAction.DISPOSE: (frozenset({WarningState.ACKNOWLEDGED}), WarningState.DISPOSED),
    WarningAction.REVIEW: (frozenset({WarningState.DISPOSED}), WarningState.REVIEWED),
    WarningAction.RETURN: (frozenset({WarningState.DISPOSED}), WarningState.ACKNOWLEDGED),
    WarningAction.CLOSE: (frozenset({WarningState.REVIEWED}), WarningState.CLOSED),
    WarningAction.WORSEN: (_STANDING, WarningState.OPEN),
    WarningAction.CLEAR: (_STANDING, WarningState.CLOSED),
    WarningAction.CONTINUE: (_STANDING, WarningState.CLOSED),
}

OWNERS = {
    WarningState.OPEN: "handle_warnings",
    WarningState.ACKNOWLEDGED: "handle_warnings",
    WarningState.DISPOSED: "review_warnings",
    WarningState.REVIEWED: "review_warnings",
    WarningState.CLOSED: "",
}


def next_state(state: str, action: str) -> str | None:
    """Return the state that follows, or nothing where the action is not allowed now."""
    allowed_from, following = TRANSITIONS[action]
    return following if state in allowed_from else None
