"""The loans behind a figure: exactly its slice of the frozen snapshot.

Counts and sums come from the figure itself, so a page costs one sort and a few rows.
Source: POST-09b-d, POST-35g-j (loan lists), HQ-01, HQ-02, HQ-04.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from core.errors import Missing
from core.money import from_fen
from core.months import month_index
from organization.models import Unit
from postloss.enums import Bucket, Dimension
from postloss.models import Figure, Migration, MonthEnd, Snapshot
from postloss.selectors.places import in_places, places_at

LIVE = "live"
BASIS_DIFFERS = "basis_differs"
BUCKETS: dict[str, tuple[Bucket, ...]] = {
    LIVE: (Bucket.M0, Bucket.M1, Bucket.M2, Bucket.M3, Bucket.TAIL),
    "m0": (Bucket.M0,),
    "m1": (Bucket.M1,),
    "m2": (Bucket.M2,),
    "m3": (Bucket.M3,),
    "overdue": (Bucket.M1, Bucket.M2, Bucket.M3),
    "tail": (Bucket.TAIL,),
    "not_reported": (Bucket.NOT_REPORTED,),
}
CLOSED_BUCKETS = {"settled": Bucket.SETTLED, "written_off": Bucket.WRITTEN_OFF}
COHORT_BUCKETS = {
    name: buckets[0] for name, buckets in BUCKETS.items() if len(buckets) == 1
} | CLOSED_BUCKETS
BUCKET_NAMES = {bucket: name for name, bucket in COHORT_BUCKETS.items()}
_PARTS = {
    Bucket.M0: ("n_m0", "m0"),
    Bucket.M1: ("n_m1", "m1"),
    Bucket.M2: ("n_m2", "m2"),
    Bucket.M3: ("n_m3", "m3"),
    Bucket.TAIL: ("n_tail", "tail_over_180"),
    Bucket.NOT_REPORTED: ("n_not_reported", "not_reported_balance"),
}
_BY_NAME = {
    Dimension.BRANCH: "segment__branch__name",
    Dimension.CHANNEL: "segment__channel__name",
    Dimension.PRODUCT: "segment__product__name",
    Dimension.LENDER: "segment__lender__code",
    Dimension.GRADE: "segment__grade",
    Dimension.OBLIGOR_TYPE: "segment__obligor_type",
}
_SORTS = {
    "balance": "balance_fen",
    "days": "days_overdue",
    "instalments": "instalments_overdue",
    "loan": "loan_id",
    "disbursed": "segment__disbursed_month",
}


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A part of a month-end: unit, lender or all, dimension and value, bucket, bucket before."""

    month_end: MonthEnd
    unit: Unit
    lender: str = ""
    dimension: str = Dimension.TOTAL
    value: str = ""
    bucket: str = LIVE
    before: str = ""

    def check(self) -> None:
        """Refuse a slice that no figure has.

        Raises:
            Missing: as said.
        """
        known = COHORT_BUCKETS if self.before else {*BUCKETS, BASIS_DIFFERS}
        is_cohort = not self.before or (
            self.before in COHORT_BUCKETS and self.dimension == Dimension.TOTAL and not self.lender
        )
        if self.bucket not in known or not is_cohort:
            raise Missing("slice_missing", _("There is no such slice."))


@dataclass(frozen=True, kw_only=True)
class SliceSum:
    """How many loans a slice holds and their balance in yuan, as the frozen figure says."""

    loans: int
    balance: Decimal


def sum_of(*, asked: Slice) -> SliceSum:
    """Return the totals row of a slice: from its figure, or from its cell of the cohort matrix."""
    if asked.before:
        cell = Migration.objects.filter(
            month_end=asked.month_end,
            unit=asked.unit,
            before_bucket=COHORT_BUCKETS[asked.before],
            bucket=COHORT_BUCKETS[asked.bucket],
        ).first()
        return SliceSum(
            loans=cell.loans if cell else 0, balance=cell.balance if cell else Decimal(0)
        )
    figure = _figure_of(asked)
    if figure is None:
        return SliceSum(loans=0, balance=Decimal(0))
    if asked.bucket == BASIS_DIFFERS:
        fen = rows_of(asked=asked).aggregate(fen=Sum("balance_fen"))["fen"] or 0
        return SliceSum(loans=figure.n_basis_differs, balance=from_fen(fen))
    parts = [_PARTS[bucket] for bucket in BUCKETS[asked.bucket]]
    return SliceSum(
        loans=sum(getattr(figure, count) for count, _amount in parts),
        balance=sum((getattr(figure, amount) for _count, amount in parts), Decimal(0)),
    )


def _figure_of(asked: Slice) -> Figure | None:
    lender = Q(lender__code=asked.lender) if asked.lender else Q(lender=None)
    if asked.dimension == Dimension.LENDER:
        lender = Q(lender=None)
    return Figure.objects.filter(
        lender,
        month_end=asked.month_end,
        unit=asked.unit,
        dimension=asked.dimension,
        value=asked.value,
    ).first()


def rows_of(*, asked: Slice) -> QuerySet[Snapshot]:
    """Return the snapshot rows of a slice, unordered.

    Raises:
        Missing: the value is not one of the dimension.
    """
    rows = Snapshot.objects.filter(
        in_places(places_at(unit=asked.unit, month_end=asked.month_end), "segment"),
        _value_filter(asked),
        month_end=asked.month_end,
    )
    if asked.lender:
        rows = rows.filter(segment__lender__code=asked.lender)
    if asked.before:
        return rows.filter(
            before_bucket=COHORT_BUCKETS[asked.before], bucket=COHORT_BUCKETS[asked.bucket]
        )
    if asked.bucket == BASIS_DIFFERS:
        return rows.filter(basis_differs=True)
    return rows.filter(bucket__in=BUCKETS[asked.bucket])


def _value_filter(asked: Slice) -> Q:
    if asked.dimension == Dimension.TOTAL:
        return Q()
    if asked.dimension in _BY_NAME:
        return Q(**{_BY_NAME[Dimension(asked.dimension)]: asked.value})
    try:
        if asked.dimension == Dimension.VINTAGE:
            year, quarter = map(int, asked.value.split("Q"))
            first = year * 12 + 3 * (quarter - 1)
            return Q(segment__disbursed_month__range=(first, first + 2))
        month = month_index(asked.month_end.month)
        return Q(segment__disbursed_month=month - int(asked.value))
    except ValueError as unreadable:
        raise Missing("slice_missing", _("There is no such slice.")) from unreadable


def loan_ids(*, asked: Slice, sort: str = "-balance") -> QuerySet[Snapshot, int]:
    """Return the loans of a slice in order, as ids: what a page or an export is cut from."""
    field = F(_SORTS[sort.lstrip("-")])
    order = field.desc() if sort.startswith("-") else field.asc()
    return rows_of(asked=asked).order_by(order, "loan_id").values_list("loan_id", flat=True)


def rows_with_facts(*, asked: Slice, ids: list[int]) -> list[Snapshot]:
    """Return the snapshot rows of these loans, in their order, with all that a list shows; one
    query: loan, masked obligor's party, names of the slice, file.
    """
    found = Snapshot.objects.filter(month_end=asked.month_end, loan_id__in=ids).select_related(
        "loan__obligor",
        "segment__lender",
        "segment__branch",
        "segment__channel",
        "segment__product",
        "file",
    )
    by_loan = {row.loan_id: row for row in found}
    return [by_loan[pk] for pk in ids]


def rows_for_export(*, asked: Slice, sort: str, at_most: int) -> Iterator[Snapshot]:
    """Yield the rows of a slice with all facts, a few thousand at a time."""
    ids = list(loan_ids(asked=asked, sort=sort)[:at_most])
    for start in range(0, len(ids), 2000):
        yield from rows_with_facts(asked=asked, ids=ids[start : start + 2000])
