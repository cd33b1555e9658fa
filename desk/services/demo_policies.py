"""The demo's policies and their accounts, month by month, through the services.

A portfolio is taken under cover on one day: a policy for each loan then alive, for what was owed
and the months left. What happens to it afterwards follows the lender's files: who pays, who settles
early, what is written off. `demo/SOURCE.md` says what is real.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import timezone

from core.money import from_fen, round_fen, split_fen, to_fen
from core.months import add_months, month_end, month_text
from ledger.enums import LedgerEvent, PeriodStatus
from ledger.models import LedgerPeriod
from ledger.services import (
    Part,
    approve_voucher,
    close_period,
    post,
    post_manual,
    prepare_closing,
)
from organization.models import Staff, Unit
from partners.models import Lender
from postloss.enums import LoanState
from postloss.models import LoanStatus
from products.selectors import Method, PremiumMode, PricingTerms, price, sellable_version
from underwriting.enums import DeliveryMode, DeliveryTo, PolicyStatus
from underwriting.models import Loan, NameMapping, Policy, PremiumInstalment
from underwriting.services.drafts import PolicyDraft, schedule_rows
from underwriting.services.endings import end_policies, expire_policies, settle_early
from underwriting.services.instalments import dimensions
from underwriting.services.issuing import write_policies
from underwriting.services.premiums import (
    Receipt,
    move_premiums,
    receive_premiums,
    set_unearned_premiums,
)

PRODUCT = "CAR-LOAN"
FIRST = dt.date(2017, 5, 1)
COVER_FROM = dt.date(2017, 5, 31)
COMMISSION = Decimal("0.10")  # of premium received
RESERVE = Decimal("0.06")  # of what is owed and late by more than sixty days
RECOVERED = Decimal("0.25")  # of a claim, a third in each of the three months after it
EXPENSE, TAXES = Decimal("0.16"), Decimal("0.0072")  # of premium received
LATE = 60
Say = Callable[[str], None]


@dataclass
class Book:
    """What the demo carries from month to month."""

    claims: dict[dt.date, dict[str, Decimal]] = field(default_factory=dict)


def at_noon(day: dt.date) -> dt.datetime:
    """Return noon of a business day, when the demo's people work."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=timezone.get_default_timezone())


def issue_portfolio(*, lender: Lender, by: Staff, say: Say) -> None:
    """Issue a policy for each loan alive at the start, priced by the filed version."""
    if Policy.objects.exists():
        return
    owed = {
        row.loan_id: from_fen(row.outstanding_fen)
        for row in LoanStatus.objects.filter(as_of=COVER_FROM, loan__lender=lender)
        if row.status != LoanState.SETTLED and row.outstanding_fen > 0
    }
    version = sellable_version(product_code=PRODUCT, on=COVER_FROM)
    units = _units(lender)
    say(f"issuing {len(owed)} policies")
    drafts = []
    for loan in Loan.objects.filter(pk__in=owed).select_related("segment__channel", "segment"):
        terms = PricingTerms(
            principal=owed[loan.pk],
            annual_rate=loan.rate,
            periods=max(1, _months_between(COVER_FROM, loan.maturity_on)),
            start=COVER_FROM,
            first_due=dt.date(2017, 6, 15),
            method=Method.EQUAL_INSTALMENT,
            grade="",
            channel=loan.segment.channel.name,
            obligor_type="person",
            lender_code=lender.code,
            lender_type="auto_finance",
            mode=PremiumMode.DECLINING,
        )
        worksheet = price(version=version, terms=terms)
        if worksheet.findings:
            raise RuntimeError(f"{loan.loan_no}: {worksheet.findings}")
        drafts.append(
            PolicyDraft(
                version=version,
                unit=units[loan.segment.branch_id],
                lender_id=lender.pk,
                lender_code=lender.code,
                obligor_id=loan.obligor_id,
                policyholder_id=loan.obligor_id,
                contract_no=loan.loan_no,
                cover_from=worksheet.parts[0].covers_from,
                cover_to=worksheet.parts[-1].covers_to,
                sum_insured=worksheet.sum_insured,
                parts=worksheet.parts,
                schedule=schedule_rows(worksheet.schedule),
                worksheet=worksheet.as_json() | {"steps": [], "schedule": [], "parts": []},
                loan_id=loan.pk,
                deliveries={
                    DeliveryTo.POLICYHOLDER: DeliveryMode.E_POLICY,
                    DeliveryTo.INSURED: DeliveryMode.DOWNLOAD,
                },
            )
        )
    write_policies(
        drafts=drafts, key="issue:demo", by=by, at=at_noon(COVER_FROM), on=COVER_FROM
    )


def _units(lender: Lender) -> dict[int, Unit]:
    return {
        mapping.book_name_id: mapping.unit
        for mapping in NameMapping.objects.filter(lender=lender, unit__isnull=False).select_related(
            "unit"
        )
    }


def _months_between(first: dt.date, last: dt.date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def keep_accounts(*, lender: Lender, people: dict[str, Staff], through: dt.date, say: Say) -> None:
    """Do what a month brings, for every month that the books are not closed for."""
    closed = set(
        LedgerPeriod.objects.filter(status=PeriodStatus.CLOSED).values_list("month", flat=True)
    )
    book, month = Book(), FIRST
    while month <= through:
        if month not in closed:
            say(f"accounts of {month_text(month)}")
            if month > FIRST:
                _business(book, month, lender, people)
            _end_of_month(month, people)
        month = add_months(month, 1)


def _business(book: Book, month: dt.date, lender: Lender, people: dict[str, Staff]) -> None:
    last = month_end(month)
    at, sun = at_noon(last), people["sun"]
    move_premiums(through=last, by=sun, at=at)
    states = {
        row.loan_id: row for row in LoanStatus.objects.filter(as_of=last, loan__lender=lender)
    }
    live = list(
        Policy.objects.filter(status=PolicyStatus.IN_FORCE).select_related(
            "lender", "unit", "product_version__product"
        )
    )
    _receive(month, live, states, sun, at)
    bai = people["bai"]
    settled = [
        each for each in live if _is(states.get(each.loan_id), LoanState.SETTLED)
    ]
    if settled:
        settle_early(
            policies=settled,
            on=last + dt.timedelta(days=1),
            by=bai,
            at=at,
            reason="借款已提前结清（资金方还款文件）。",
        )
    _claims(book, month, live, states, people, at)
    _reserves(live, states, sun, at)
    expire_policies(through=last, by=bai, at=at)


def _is(row: LoanStatus | None, state: int) -> bool:
    return row is not None and row.status == state
