"""Entries, their lines and vouchers, as people of finance look them up."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from ledger.errors import Missing
from ledger.models import Account, Entry, EntryLine, Voucher
from ledger.permissions import check_view_books
from organization.models import Staff

FILTERS = ("policy_no", "lender_code", "product_code")


def chart() -> QuerySet[Account]:
    """Return the chart of accounts, by code."""
    return Account.objects.order_by("code")


def account_of(*, code: str) -> Account:
    """Return an account of the chart.

    Raises:
        Missing: the chart has no such account.
    """
    account = Account.objects.filter(pk=code).first()
    if account is None:
        raise Missing("account_missing", _("The chart has no account %(code)s.") % {"code": code})
    return account


def account_lines(
    *, for_user: Staff, month: dt.date, account: Account, filters: Mapping[str, str]
) -> QuerySet[EntryLine]:
    """Return what moved on an account in a month with the entries, latest first.

    `filters` may name a policy, lender, product (whole values) or an event.

    Raises:
        NotPermitted: the person may not read the books.
    """
    check_view_books(for_user)
    lines = EntryLine.objects.filter(month=month, account=account).select_related("entry")
    for name in FILTERS:
        if filters.get(name):
            lines = lines.filter(**{name: filters[name]})
    if filters.get("event"):
        lines = lines.filter(entry__event=filters["event"])
    return lines.order_by("-entry__business_on", "-entry_id", "no")


def entries_of_month(*, for_user: Staff, month: dt.date) -> QuerySet[Entry]:
    """Return the entries of a month with how many lines each has, latest first.

    Raises:
        NotPermitted: the person may not read the books.
    """
    check_view_books(for_user)
    return (
        Entry.objects.filter(month=month)
        .select_related("posted_by")
        .annotate(line_count=Count("lines"))
        .order_by("-sequence", "-pk")
    )


def entry_of(*, for_user: Staff, pk: int) -> Entry:
    """Return one entry with its rule, voucher and what it reverses or is reversed by.

    Raises:
        NotPermitted: the person may not read the books.
        Missing: there is no such entry.
    """
    check_view_books(for_user)
    entry = (
        Entry.objects.select_related(
            "rule", "reverses", "reversed_by", "voucher__decided_by", "posted_by"
        )
        .filter(pk=pk)
        .first()
    )
    if entry is None:
        raise Missing("entry_missing", _("There is no such entry."))
    return entry


def lines_of_entry(*, entry: Entry) -> QuerySet[EntryLine]:
    """Return the lines of an entry with their accounts, in order."""
    return entry.lines.select_related("account").order_by("no")


def vouchers(*, for_user: Staff) -> QuerySet[Voucher]:
    """Return manual vouchers with the people on them, latest first.

    Raises:
        NotPermitted: the person may not read the books.
    """
    check_view_books(for_user)
    return Voucher.objects.select_related("drafted_by", "decided_by", "entry", "reverses").order_by(
        "-pk"
    )


def voucher_of(*, for_user: Staff, pk: int) -> Voucher:
    """Return one voucher.

    Raises:
        NotPermitted: the person may not read the books.
        Missing: there is no such voucher.
    """
    voucher = vouchers(for_user=for_user).filter(pk=pk).first()
    if voucher is None:
        raise Missing("voucher_missing", _("There is no such voucher."))
    return voucher


def lines_of_month(*, month: dt.date) -> QuerySet[EntryLine]:
    """Return every line of a month with entry and account, in the order of the numbers."""
    return (
        EntryLine.objects.filter(month=month)
        .select_related("entry", "account")
        .order_by("entry__sequence", "entry_id", "no")
    )


def last_month() -> dt.date | None:
    """Return the last month in which something was posted."""
    return Entry.objects.order_by("-month").values_list("month", flat=True).first()
