"""The one refusal of this package."""


class StackError(Exception):
    """A service cannot be started, found or stopped; the text is one sentence for the user."""
