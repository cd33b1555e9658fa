"""The demo's policies: a portfolio taken under cover on one day, through the services.

A policy for each loan then alive, for our share of what was owed and the months left.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from core import clock
from core.money import from_fen, round_fen
from core.selectors import parameter
from core.services import approve_parameter, propose_parameter
from desk.services.demo_products import POOL
from organization.models import Staff, Unit
from partners.models import Lender
from postloss.enums import RepaymentStatus
from postloss.models import LoanStatus
from products.selectors import Method, PremiumMode, PricingTerms, price_all, sellable_version
from underwriting.enums import DeliveryMode, DeliveryTo
from underwriting.models import Loan, NameMapping, Policy
from underwriting.selectors.territory import SERVED
from underwriting.services.drafts import PolicyDraft, schedule_rows
from underwriting.services.issuing import write_policies

COVER_FROM = dt.date(2017, 5, 31)
OWN = Decimal("0.80")  # our share of the co-insurance: each insurer issues for its own
Say = Callable[[str], None]


def at_noon(day: dt.date) -> dt.datetime:
    """Return noon of a business day, when the demo's people work."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=timezone.get_default_timezone())


def issue_portfolio(*, lender: Lender, by: Staff, say: Say) -> None:
    """Issue a policy for each loan alive at the start, priced by the filed version."""
    if Policy.objects.exists():
        return
    owed = {
        row.loan_id: round_fen(from_fen(row.outstanding_fen) * OWN)
        for row in LoanStatus.objects.filter(as_of=COVER_FROM, loan__lender=lender)
        if row.status != RepaymentStatus.SETTLED and row.outstanding_fen > 0
    }
    version = sellable_version(product_code=POOL, on=COVER_FROM)
    units = _units(lender)
    say(f"issuing {len(owed)} policies")
    loans = list(Loan.objects.filter(pk__in=owed).select_related("segment__channel").order_by("pk"))
    worksheets = price_all(
        version=version, terms=[_terms(loan, owed[loan.pk], lender) for loan in loans]
    )
    drafts = []
    for loan, worksheet in zip(loans, worksheets, strict=True):
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
                worksheet=worksheet.as_json(is_brief=True),
                loan_id=loan.pk,
                deliveries={
                    DeliveryTo.POLICYHOLDER: DeliveryMode.E_POLICY,
                    DeliveryTo.INSURED: DeliveryMode.DOWNLOAD,
                },
            )
        )
    write_policies(drafts=drafts, key="issue:demo", by=by, at=at_noon(COVER_FROM), on=COVER_FROM)


def stop_calendar() -> None:
    """Let no premium fall due by today's date: the demo's book ends with 2020."""
    midnight, _is_new = CrontabSchedule.objects.get_or_create(minute="30", hour="0")
    PeriodicTask.objects.update_or_create(
        name="policies",
        defaults={"task": "underwriting.run_day", "crontab": midnight, "enabled": False},
    )


def set_territories(people: dict[str, Staff], regions: dict[str, str]) -> None:
    """Let two people of the head office say which region each branch serves (PRE-24a)."""
    served = {unit: [code] for unit, code in sorted(regions.items()) if code}
    if parameter(name=SERVED, as_of=clock.today()).value == served:
        return
    proposed = propose_parameter(
        name=SERVED,
        value_text=json.dumps(served),
        valid_from=COVER_FROM,
        source="演示公司分支机构属地表",
        reason="分公司在所在省级行政区内出单。",
        by=people["qian"],
        at=clock.now(),
    )
    approve_parameter(row=proposed, by=people["zheng"], at=clock.now())


def _terms(loan: Loan, owed: Decimal, lender: Lender) -> PricingTerms:
    return PricingTerms(
        principal=owed,
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


def _units(lender: Lender) -> dict[int, Unit]:
    return {
        mapping.book_name_id: mapping.unit
        for mapping in NameMapping.objects.filter(lender=lender, unit__isnull=False).select_related(
            "unit"
        )
    }


def _months_between(first: dt.date, last: dt.date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
