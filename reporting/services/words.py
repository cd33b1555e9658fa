"""What every register asks of the words that people give."""

from core.errors import RuleBroken


def check_words(message: str, **words: str) -> None:
    """Refuse an empty text.

    Raises:
        RuleBroken: the first empty one is named as field.
    """
    for field, text in words.items():
        if not text.strip():
            raise RuleBroken("words_missing", message, field=field)
