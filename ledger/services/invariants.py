"""I1 and I8 of the safety rules: the book balances, and sub-ledgers tie to it."""

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from core.invariants import Finding
from ledger.models import Entry
from ledger.services.periods import sides_by_day, unbalanced_entries
from ledger.services.subledgers import subledger_gaps, subledgers


def the_book_balances(_at: dt.datetime) -> Finding:
    """Find entries and days whose debit and credit differ. Source: I1."""
    found = Finding(Entry.objects.count())
    for words in (*unbalanced_entries(), *sides_by_day()):
        found.note(words)
    return found


def subledgers_tie(at: dt.datetime) -> Finding:
    """Find policies of which a sub-ledger and the general ledger differ today. Source: I8."""
    found = Finding(len(subledgers()))
    today = timezone.localdate(at)
    last = Entry.objects.aggregate(last=Max("month"))["last"] or today
    for gap in subledger_gaps(month=max(last, today.replace(day=1))):
        found.note(f"{gap.account_code} {gap.policy_no}: {gap.subledger} / {gap.ledger}")
    return found
