"""Closed months with figures of a small book, and finance figures that were signed off."""

import datetime as dt
import io
from decimal import Decimal

import pytest

from core.months import add_months, month_text
from ledger.enums import FinanceLine
from ledger.services import import_finance_figures, sign_off_finance_figures
from organization.services import appoint_staff
from postloss.enums import Bucket, Dimension, MonthEndState
from postloss.models import Figure, Migration, MonthEnd

Q2 = dt.date(2017, 4, 1)
BOOK = {
    # the worked example “F10 book”, in millions: April, May and June, of two branches
    dt.date(2017, 4, 1): ("900.0", "17.0", "8.0", "11.0", "5.0"),
    dt.date(2017, 5, 1): ("940.0", "18.0", "8.5", "12.0", "5.5"),
    dt.date(2017, 6, 1): ("950.0", "18.8", "9.0", "12.2", "6.0"),
}
F1_F2 = {
    FinanceLine.CLAIMS_PAID: "62.0",
    FinanceLine.RECOVERY_INCOME: "9.5",
    FinanceLine.CEDED_CLAIMS_RECOVERED: "7.0",
    FinanceLine.INWARD_RI_CLAIMS: "0.5",
    FinanceLine.CLAIMS_RESERVE_CHANGE: "18.0",
    FinanceLine.RI_CLAIMS_RESERVE_CHANGE: "2.0",
    FinanceLine.EARNED_PREMIUM: "80.0",
    FinanceLine.OPERATING_EXPENSE: "14.0",
    FinanceLine.RI_COMMISSION_RECOVERED: "3.2",
    FinanceLine.COMMISSION_EXPENSE: "8.4",
    FinanceLine.INWARD_RI_EXPENSE: "0.2",
    FinanceLine.TAXES_AND_SURCHARGES: "0.6",
}


def _balances(parts, scale):
    names = ("m0", "m1", "m2", "m3", "tail_over_180")
    return {
        name: (Decimal(part) * 1_000_000 * scale).quantize(Decimal("0.01"))
        for name, part in zip(names, parts, strict=True)
    }


def _ratio(part, whole):
    return part / whole if whole else None


class Closer:
    """Closes months with figures of our own making, as the month-end would leave them."""

    def __init__(self, hq, at):
        self.hq, self.at = hq, at

    def close(self, month, parts=None, *, branches=(("FL", "0.6"), ("𠮷林", "0.4")), reason=""):
        before = {
            n: MonthEnd.objects.filter(month=add_months(month, -n)).order_by("-version").first()
            for n in (1, 2)
        }
        version = MonthEnd.objects.filter(month=month).count() + 1
        month_end = MonthEnd.objects.create(
            month=month,
            version=version,
            state=MonthEndState.CLOSED,
            reason=reason,
            known_at=self.at,
            one_before=before[1],
            two_before=before[2],
            loans=1500,
            not_reported=3,
            has_snapshot=True,
            has_figures=True,
            closed_at=self.at,
        )
        parts = parts or BOOK[month]
        self._figure(month_end, before, (Dimension.TOTAL, ""), parts, Decimal(1))
        for name, share in branches:
            self._figure(month_end, before, (Dimension.BRANCH, name), parts, Decimal(share))
        self._figure(month_end, before, (Dimension.VINTAGE, "2016Q4"), parts, Decimal(1))
        self._figure(month_end, before, (Dimension.MOB, "5"), parts, Decimal(1))
        return month_end

    def _figure(self, month_end, before, at_slice, parts, scale):
        dimension, value = at_slice
        balances = _balances(parts, scale)
        outstanding = sum(balances[name] for name in ("m0", "m1", "m2", "m3"))
        overdue = outstanding - balances["m0"]
        m0 = {n: self._m0(each, dimension, value) for n, each in before.items()}
        Figure.objects.create(
            month_end=month_end,
            unit=self.hq,
            dimension=dimension,
            value=value,
            outstanding=outstanding,
            roll_m0_1=_ratio(balances["m1"], m0[1]),
            roll_m0_2=_ratio(balances["m2"], m0[2]),
            overdue_rate=_ratio(overdue, outstanding),
            disbursed_amount=outstanding * 2,
            retained_exposure=outstanding * Decimal("0.45"),
            n_m0=1400,
            n_m1=50,
            n_m2=30,
            n_m3=20,
            n_tail=5,
            n_not_reported=3,
            not_reported_balance=Decimal("1000.00"),
            n_basis_differs=1,
            **balances,
        )

    def _m0(self, month_end, dimension, value):
        if month_end is None:
            return None
        figure = Figure.objects.filter(month_end=month_end, dimension=dimension, value=value)
        return figure.values_list("m0", flat=True).first()

    def migrate(self, month_end):
        for bucket, loans, balance in ((Bucket.M0, 1300, "900"), (Bucket.M1, 40, "40")):
            Migration.objects.create(
                month_end=month_end,
                unit=self.hq,
                before_bucket=Bucket.M0,
                bucket=bucket,
                loans=loans,
                before_balance=Decimal(balance) * 1_000_000,
                balance=Decimal(balance) * 1_000_000,
            )


@pytest.fixture
def closer(hq, at) -> Closer:
    return Closer(hq, at)


@pytest.fixture
def quarter(closer) -> dt.date:
    """The second quarter of 2017, all closed; nothing before it."""
    for month in BOOK:
        month_end = closer.close(month)
    closer.migrate(month_end)
    return Q2


@pytest.fixture
def finance_sun(hq):
    return appoint_staff(
        username="sun", name="孙账", unit=hq, roles=["finance_officer"], password="sun-cast-2026!"
    )


@pytest.fixture
def bring_finance(finance_sun, chief_chen, at):
    """Import and sign off amounts (in millions) of a month."""

    def _bring(month, amounts, *, at=at):
        lines = [
            f"{month_text(month)},{code},{Decimal(amount) * 1_000_000:.2f}"
            for code, amount in amounts.items()
        ]
        text = "\n".join(["month,code,amount", *lines])
        batch = import_finance_figures(
            stream=io.BytesIO(text.encode()), name=f"{month:%Y%m}.csv", by=finance_sun, at=at
        )
        return sign_off_finance_figures(batch=batch, by=chief_chen, at=at)

    return _bring
