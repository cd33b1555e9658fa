"""Derive the shares that the month-end reads from co-insurance agreements and treaties.

The month-end knows one pair of shares per lender's product and day. That is exact only where no
share depends on the single loan; everything else is refused here and needs the lines of policies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import RuleBroken
from core.row_security import past_the_wall
from core.services import record_audit
from organization.models import Staff
from partners.models import Lender
from underwriting.enums import NameKind, TreatyBasis, TreatyKind
from underwriting.models import BookName, CoinsuranceShare, Loan, NameMapping, ShareLine
from underwriting.permissions import check_propose_treaties
from underwriting.rules.cessions import TreatyTerms, shares_on
from underwriting.selectors.cessions import agreements_of, approved_treaties, terms_of

SIX = Decimal(1).scaleb(-6)
Wanted = tuple[dt.date, dt.date | None, Decimal, Decimal]


@transaction.atomic
def apply_treaties(*, lender: Lender, by: Staff | None, at: dt.datetime) -> int:
    """Write the shares of a lender's products as its agreements and treaties say; return lines.

    All lines of a product that is ceded or co-insured are put in their place; what differs goes.
    Products that nothing is said of stay. Closed months keep what they were closed with.

    Raises:
        NotPermitted: the person does not propose treaties.
        RuleBroken: a treaty takes shares that depend on the single loan (risks attaching; a limit
            or retention that a loan exceeds), or a share has more than six places.

    Source: F13.
    """
    check_propose_treaties(by)
    with past_the_wall():
        list(Lender.objects.select_for_update(of=("self",)).filter(pk=lender.pk))
        terms = [
            terms_of(each) for each in approved_treaties() if each.kind != TreatyKind.EXCESS_OF_LOSS
        ]
        agreements = agreements_of(lender_code=lender.code)
        largest = _largest_loans(lender)
        written = 0
        for name, code in _products_of(lender):
            wanted = _wanted(
                [each for each in terms if _is_of(each, lender.code, code)],
                _agreed(agreements, code),
                largest.get(name.pk, Decimal(0)),
            )
            if wanted:
                written += _put(lender, name, wanted, by, at)
    return written


def _products_of(lender: Lender) -> list[tuple[BookName, str]]:
    found = NameMapping.objects.filter(
        lender=lender, book_name__kind=NameKind.PRODUCT, product_version__isnull=False
    ).select_related("book_name", "product_version__product")
    last = {
        each.book_name: each.product_version.product.code for each in found.order_by("valid_from")
    }
    return list(last.items())


def _largest_loans(lender: Lender) -> dict[int, Decimal]:
    found = (
        Loan.objects.filter(lender=lender)
        .values_list("segment__product")
        .annotate(most=Max("principal"))
    )
    return dict(found)


def _is_of(terms: TreatyTerms, lender_code: str, product_code: str) -> bool:
    return (not terms.lender_codes or lender_code in terms.lender_codes) and (
        not terms.product_codes or product_code in terms.product_codes
    )


def _agreed(agreements: Iterable[CoinsuranceShare], code: str) -> list[CoinsuranceShare]:
    rows = list(agreements)
    return [row for row in rows if row.product_code == code] or [
        row for row in rows if not row.product_code
    ]


def _wanted(
    terms: Sequence[TreatyTerms], agreements: Sequence[CoinsuranceShare], largest: Decimal
) -> list[Wanted]:
    single = sorted(each.code for each in terms if _depends_on_the_loan(each, largest))
    if single:
        raise RuleBroken(
            "shares_of_single_loans",
            _("These treaties take shares that depend on the single loan: %(codes)s.")
            % {"codes": ", ".join(single)},
        )
    dated = [*terms, *agreements]
    days = {each.valid_from for each in dated} | {each.valid_to for each in dated}
    starts = sorted(day for day in days if day is not None)
    stretches = [*pairwise(starts), *([(starts[-1], None)] if None in days else [])]
    found: list[Wanted] = []
    for first, end in stretches:
        own = next((each.own_share for each in agreements if _holds(each, first)), Decimal(1))
        ceded = sum(
            shares_on(
                risk=largest,
                certificates=[],
                treaties=[each for each in terms if each.holds(first)],
            ).values(),
            Decimal(0),
        )
        if found and found[-1][1:] == (first, _six(own), _six(ceded)):
            found[-1] = (found[-1][0], end, *found[-1][2:])
        else:
            found.append((first, end, _six(own), _six(ceded)))
    return found


def _depends_on_the_loan(terms: TreatyTerms, largest: Decimal) -> bool:
    if terms.basis == TreatyBasis.RISK_ATTACHING:
        return True
    if terms.kind == TreatyKind.SURPLUS:
        return largest > terms.retention * (1 + terms.lines_below)
    return terms.max_per_risk is not None and largest > terms.max_per_risk


def _holds(row: CoinsuranceShare, day: dt.date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _six(share: Decimal) -> Decimal:
    kept = share.quantize(SIX)
    if kept != share:
        raise RuleBroken(
            "share_places",
            _("The month-end keeps shares of six places; %(share)s has more.")
            % {"share": share.normalize()},
        )
    return kept


def _put(
    lender: Lender, name: BookName, wanted: Sequence[Wanted], by: Staff | None, at: dt.datetime
) -> int:
    known = {
        each.valid_from: each for each in ShareLine.objects.filter(lender=lender, product=name)
    }
    before = [_words(each) for each in known.values()]
    fresh = []
    for first, end, own, ceded in wanted:
        line = known.pop(first, None) or ShareLine(lender=lender, product=name, valid_from=first)
        said = (line.valid_to, line.own_share, line.ceded_share)
        if said == (end, own, ceded):
            continue
        line.valid_to, line.own_share, line.ceded_share = end, own, ceded
        line.source, line.recorded_at = "treaties", at
        fresh.append(line)
    if not fresh and not known:
        return 0
    ShareLine.objects.filter(pk__in=[each.pk for each in known.values()]).delete()
    for line in fresh:
        line.save()
    record_audit(
        action="underwriting.shares_derived",
        subject=lender,
        by=by,
        at=at,
        product=name.name,
        before=before,
        lines=[[str(word) for word in each] for each in wanted],
    )
    return len(fresh)


def _words(line: ShareLine) -> list[str]:
    return [
        str(each) for each in (line.valid_from, line.valid_to, line.own_share, line.ceded_share)
    ]
