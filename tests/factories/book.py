"""Entries of the book by the hand of tests."""

import datetime as dt
from decimal import Decimal

from django.db import connection

from ledger.enums import LedgerEvent
from ledger.models import Entry
from ledger.services import Part, number_entries, post
from tests.conftest import AT

MARCH = dt.date(2026, 3, 1)
DAY = dt.date(2026, 3, 10)
BEIJING = "/HQ/BJ/"


def part(policy_no="P1", *, unit_path=BEIJING, treaty_code="", claim_no="", **amounts) -> Part:
    """One policy's amounts in yuan."""
    return Part(
        amounts={name: Decimal(str(yuan)) for name, yuan in amounts.items()},
        policy_no=policy_no,
        lender_code="L1",
        product_code="K1",
        unit_path=unit_path,
        treaty_code=treaty_code,
        claim_no=claim_no,
    )


def posted(event, *parts, on=DAY, key=None, month=None, by=None, at=AT, number=True) -> Entry:
    """Post an event and give the entry its number."""
    entry = post(
        event=LedgerEvent(event),
        on=on,
        month=month,
        parts=parts,
        key=key or f"test:{Entry.objects.count()}:{event}",
        summary="测试",
        by=by,
        at=at,
    )
    if number and entry is not None:
        number_entries()
        entry.refresh_from_db()
    return entry


def lines(entry) -> list[tuple[str, Decimal, Decimal]]:
    """What an entry did: account, debit, credit in the order of its lines."""
    return list(entry.lines.order_by("no").values_list("account_id", "debit", "credit"))


def by_hand(sql, *values) -> None:
    """Run a statement past all services."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
