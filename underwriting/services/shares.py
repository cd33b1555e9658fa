"""Own and ceded shares of a lender's products over time. Source: F13, PRE-02b."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from core.errors import RuleBroken
from partners.models import Lender
from underwriting.enums import NameKind
from underwriting.models import BookName, ShareLine

COLUMNS = ("lender", "product", "from", "to", "own_share", "ceded_share")


@transaction.atomic
def load_shares(*, lines: Iterable[str], source: str, at: dt.datetime) -> int:
    """Load a dated shares file (CSV with `COLUMNS`); all of it or nothing. Return its lines.

    `to` is the first day on which the line no longer holds; empty is open. A line with the start
    of a known one takes its place; closed months keep what they were closed with.

    Raises:
        RuleBroken: a line cannot be read, names an unknown lender, or overlaps another.
    """
    reader = csv.DictReader(lines)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise RuleBroken(
            "shares_columns",
            gettext("The file lacks the column %(names)s.") % {"names": ", ".join(missing)},
        )
    lenders = {lender.code: lender for lender in Lender.objects.all()}
    count = 0
    for number, row in enumerate(reader, 2):
        _load_line(number, row, lenders, source, at)
        count += 1
    return count


def _load_line(
    number: int, row: dict[str, str], lenders: dict[str, Lender], source: str, at: dt.datetime
) -> None:
    lender = lenders.get(row["lender"].strip())
    if lender is None:
        raise RuleBroken(
            "shares_lender",
            gettext("Line %(number)s: there is no lender %(code)s.")
            % {"number": number, "code": row["lender"]},
        )
    name = row["product"].strip()
    if not 0 < len(name) <= 120:
        raise RuleBroken(
            "shares_product",
            gettext("Line %(number)s: the product must have 1-120 characters.")
            % {"number": number},
        )
    product, _ = BookName.objects.get_or_create(kind=NameKind.PRODUCT, name=name)
    first, last = _day(number, row["from"]), _day(number, row["to"]) if row["to"].strip() else None
    if last is not None and last <= first:
        raise RuleBroken(
            "shares_dates",
            gettext("Line %(number)s: it ends before it begins.") % {"number": number},
        )
    others = ShareLine.objects.filter(lender=lender, product=product).exclude(valid_from=first)
    overlaps = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=first))
    if last is not None:
        overlaps = overlaps.filter(valid_from__lt=last)
    if overlaps.exists():
        raise RuleBroken(
            "shares_overlap",
            gettext("Line %(number)s: it overlaps a known line of %(product)s; end that first.")
            % {"number": number, "product": name},
        )
    ShareLine.objects.update_or_create(
        lender=lender,
        product=product,
        valid_from=first,
        defaults={
            "valid_to": last,
            "own_share": _share(number, row["own_share"]),
            "ceded_share": _share(number, row["ceded_share"]),
            "source": source,
            "recorded_at": at,
        },
    )


def _day(number: int, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise RuleBroken(
            "shares_date",
            gettext("Line %(number)s: “%(text)s” is not YYYY-MM-DD.")
            % {"number": number, "text": text},
        ) from None


def _share(number: int, text: str) -> Decimal:
    try:
        share = Decimal(text.strip())
    except InvalidOperation:
        share = Decimal(-1)
    if not 0 <= share <= 1:
        raise RuleBroken(
            "shares_share",
            gettext("Line %(number)s: “%(text)s” is not a share from 0 to 1.")
            % {"number": number, "text": text},
        )
    return share
