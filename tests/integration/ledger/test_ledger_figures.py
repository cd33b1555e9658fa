"""F1 to F3 from entries, beside what finance imports; differences are explained."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from core.errors import NotPermitted, RuleBroken
from core.selectors import parameter
from ledger.enums import ClaimBasis, FinanceLine, RecoveryWindow
from ledger.models import FigureExplanation, FinanceBatch
from ledger.rules.figures import read_figure_lines
from ledger.selectors import (
    Exposure,
    chart_kinds,
    figures_of_month,
    figures_with_books,
    finance_figures,
    ledger_figures,
    ratios_of_month,
    reconciliation,
)
from ledger.services import (
    approve_voucher,
    close_period,
    explain_difference,
    post_manual,
    prepare_closing,
    sign_off_finance_figures,
)
from tests.conftest import AT
from tests.factories.book import DAY, MARCH, part, posted

pytestmark = pytest.mark.django_db
M = Decimal(1_000_000)
JANUARY = dt.date(2026, 1, 1)


def m(word):
    return Decimal(word) * M


@pytest.fixture
def worked_example(finance_sun, chief_chen):
    """The month of requirements section 3 (F1, F1a, F2), million yuan, as business posts it."""
    posted("balances_brought_forward", part(unearned_premium=m(50), ri_unearned_premium=m(10)))
    posted("policy_issued", part(premium=m("108.5")))
    posted("inward_ri", part("IN1", premium=m("1.5"), claim=m("0.5"), expense=m("0.2")))
    posted("ceded_premium", part(amount=m(24)))
    posted("ceding_commission", part(amount=m("3.2")))
    posted("unearned_premium", part(balance=m(60)))
    posted("ri_unearned_premium", part(balance=m(14)))
    posted("claim_approved", part(amount=m(62)))
    posted("claim_paid", part(amount=m(55)))
    posted("claim_reserve", part(balance=m(18), claim_no="C1"))
    posted("ri_claim_reserve", part(balance=m(2), claim_no="C1"))
    posted("ceded_claim", part(amount=m("8.5")))
    posted("recovery_ceded", part(amount=m("1.5")))
    posted("subrogation_recognised", part(amount=m(8)))
    posted("recovery_received", part(recognised=m(4), unrecognised=m("1.5")))
    posted("commission", part(amount=m("8.4")))
    voucher = post_manual(
        on=DAY,
        summary="费用和税金",
        lines=[
            {"account": "6601", "debit": m(14)},
            {"account": "6403", "debit": m("0.6")},
            {"account": "1002", "credit": m("14.6")},
        ],
        by=finance_sun,
        at=AT,
    )
    approve_voucher(voucher=voucher, by=chief_chen, at=AT)


def ratios(book):
    exposure = Exposure(before=m(1000), now=m(1000), by_month={}, in_force_since=JANUARY)
    return ratios_of_month(
        month=MARCH,
        finance=book,
        exposure=exposure,
        window=RecoveryWindow.MONTH,
        basis=ClaimBasis.GROSS,
    )


def test_the_worked_examples_posted_as_entries_give_their_ratios(worked_example):
    found = ledger_figures(months=[MARCH])[MARCH]
    letters = "claims_paid recovery_income ceded_claims_recovered inward_ri_claims"
    letters += " claims_reserve_change ri_claims_reserve_change earned_premium"
    assert [found[code] / M for code in letters.split()] == [
        Decimal(word) for word in ["62", "9.5", "7", "0.5", "18", "2", "80"]
    ]
    assert [found[code] / M for code in ("premium_income", "ceded_premium", "upr_change_net")] == [
        110,
        24,
        6,
    ]
    ratio = ratios({MARCH: found})
    assert ratio["comprehensive_loss_ratio"].value == Decimal("0.775")
    assert ratio["comprehensive_expense_ratio"].value == Decimal("0.25")
    assert ratio["alr_gross"].value == (55 - Decimal("5.5")) * 12 / 1000
    assert (
        ratio["alr_month"].value
        == (55 - Decimal("8.5") - (Decimal("5.5") - Decimal("1.5"))) * 12 / 1000
    )


def test_a_month_without_entries_is_missing_and_a_line_that_nothing_moved_is_zero(worked_example):
    assert ledger_figures(months=[JANUARY]) == {}
    posted("commission", part(amount=1), on=JANUARY)
    january = ledger_figures(months=[JANUARY])[JANUARY]
    assert january["commission_expense"] == 1
    assert january["claims_paid"] == 0
    assert set(january) == set(FinanceLine.values)


def test_what_finance_imported_wins_and_each_figure_tells_its_source(
    worked_example, bring, chief_chen, at
):
    batch = bring("2026-03,earned_premium,81000000")
    sign_off_finance_figures(batch=batch, by=chief_chen, at=at)
    found = {each.line: each for each in figures_of_month(month=MARCH)}
    premium, claims = found[FinanceLine.EARNED_PREMIUM], found[FinanceLine.CLAIMS_PAID]
    assert (premium.amount, premium.source) == (m(81), "imported")
    assert (claims.amount, claims.source) == (m(62), "open_ledger")
    assert {each.source for each in figures_of_month(month=JANUARY)} == {""}
    assert figures_with_books(months=[MARCH, JANUARY])[MARCH]["earned_premium"] == m(81)
    assert finance_figures(months=[MARCH]) == {MARCH: {"earned_premium": m(81)}}


def test_a_closed_month_gives_its_figures_to_reports_and_an_import_still_wins(
    worked_example, bring, finance_sun, chief_chen, at
):
    prepare_closing(month=MARCH, by=finance_sun, at=AT)
    close_period(month=MARCH, by=chief_chen, at=AT)
    [frozen] = FinanceBatch.objects.all()
    assert (frozen.source, frozen.state, frozen.accepted) == ("ledger", "signed_off", 19)
    assert finance_figures(months=[MARCH])[MARCH] == ledger_figures(months=[MARCH])[MARCH]
    later = at + dt.timedelta(hours=1)
    batch = bring("2026-03,claims_paid,63000000", at=later)
    sign_off_finance_figures(batch=batch, by=chief_chen, at=later)
    assert finance_figures(months=[MARCH])[MARCH]["claims_paid"] == m(63)
    assert finance_figures(months=[MARCH])[MARCH]["earned_premium"] == m(80)
    again = finance_figures(months=[MARCH], batch_ids=[frozen.pk])
    assert again[MARCH]["claims_paid"] == m(62)


def test_a_difference_keeps_the_month_open_until_somebody_explains_it(
    worked_example, bring, finance_sun, chief_chen, manager_lin, at
):
    batch = bring("2026-03,claims_paid,63000000", "2026-03,recovery_income,9500000")
    sign_off_finance_figures(batch=batch, by=chief_chen, at=at)
    rows = {row.line: row for row in reconciliation(month=MARCH)}
    claims = rows[FinanceLine.CLAIMS_PAID]
    assert (claims.imported, claims.ledger, claims.difference) == (m(63), m(62), m(1))
    assert rows[FinanceLine.RECOVERY_INCOME].difference == 0
    assert rows[FinanceLine.EARNED_PREMIUM].difference is None
    with pytest.raises(RuleBroken) as refusal:
        prepare_closing(month=MARCH, by=finance_sun, at=AT)
    assert [each.code for each in refusal.value.context["findings"]] == ["explained"]

    def explain(line=FinanceLine.CLAIMS_PAID, words="手工预提，下月冲回", by=finance_sun):
        return explain_difference(month=MARCH, line=line, words=words, by=by, at=AT)

    with pytest.raises(NotPermitted):
        explain(by=manager_lin)
    with pytest.raises(RuleBroken):
        explain(words=" ")
    with pytest.raises(RuleBroken):
        explain(FinanceLine.RECOVERY_INCOME)
    explain()
    prepare_closing(month=MARCH, by=finance_sun, at=AT)
    posted("claim_approved", part(amount=1))  # another difference than the one explained
    assert not {r.line: r for r in reconciliation(month=MARCH)}[FinanceLine.CLAIMS_PAID].is_settled
    with pytest.raises(RuleBroken):
        close_period(month=MARCH, by=chief_chen, at=AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        FigureExplanation.objects.update(words="anders")


def test_the_shipped_mapping_names_every_line_and_only_accounts_of_the_chart():
    lines = read_figure_lines(parameter(name="ledger.figure_lines", as_of=DAY).value)
    assert set(lines) == set(FinanceLine.values)
    assert {term.account for terms in lines.values() for term in terms} <= set(chart_kinds())
