"""Refusals of watching."""

from core.errors import Missing, RuleBroken

__all__ = ["FileRefused", "Missing", "RuleBroken"]


class FileRefused(RuleBroken):
    """The whole file is refused, with the sentence that says why and what to do."""

    def __init__(self, sentence: str):
        super().__init__("file_refused", sentence)
