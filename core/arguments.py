"""Words of the command line that several commands take; a wrong one is wrong usage (exit 2)."""

import argparse
import datetime as dt

from core.errors import DomainError
from core.months import parse_month


def month(text: str) -> dt.date:
    """Read `YYYY-MM` as the first day of the month."""
    try:
        return parse_month(text)
    except DomainError as refusal:
        raise argparse.ArgumentTypeError(refusal.message) from refusal


def reason(text: str) -> str:
    """Read a reason, which must say something."""
    if not text.strip():
        raise argparse.ArgumentTypeError("Say the reason in a few words.")
    return text.strip()
