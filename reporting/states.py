"""The states of a quarterly report: what follows what, and whose turn it is."""

from reporting.enums import ReportState

TRANSITIONS: dict[str, tuple[str, str]] = {
    "review": (ReportState.DRAFT, ReportState.REVIEWED),
    "release": (ReportState.REVIEWED, ReportState.RELEASED),
}

OWNERS = {
    ReportState.DRAFT: "review_report",
    ReportState.REVIEWED: "release_report",
    ReportState.RELEASED: "",
}


def next_state(state: str, action: str) -> str | None:
    """Return the state that follows, or nothing where the action is not allowed now."""
    allowed_from, following = TRANSITIONS[action]
    return following if state == allowed_from else None
