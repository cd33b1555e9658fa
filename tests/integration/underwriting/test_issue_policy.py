"""A policy is issued from a quote: PRE-02, PRE-11c, PRE-34a, PRE-41; safety.md R10, R11."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import NotPermitted, RuleBroken, WrongState
from ledger.models import Entry, EntryLine
from products.models import ProductVersion
from tests.factories.policies import ENTERPRISE, OBLIGOR
from underwriting.models import Policy, PolicyTerms, PremiumInstalment, Quote
from underwriting.rules.assignments import Transfer
from underwriting.services.quotes import Person, make_quote, withdraw_quote

pytestmark = pytest.mark.django_db
D = Decimal


def codes(quote):
    return [each["code"] for each in quote.findings]


def test_a_quote_keeps_every_step_of_the_price_and_binds_nothing(counter):
    quote = counter.quote()
    assert quote.quote_no == "QBJ2026000001"
    assert quote.findings == []
    assert quote.sum_insured == D("120000.00")
    assert quote.premium == sum(D(part["amount"]) for part in quote.worksheet["parts"])
    assert len(quote.worksheet["steps"]) == 12
    assert not Policy.objects.exists()
    assert not Entry.objects.exists()


def test_the_policy_says_what_was_quoted_and_its_premium_is_in_the_book(counter):
    quote = counter.quote()
    policy = counter.issue(quote)
    assert policy.policy_no == "XBBJ20260000001"
    assert (policy.sum_insured, policy.premium) == (quote.sum_insured, quote.premium)
    assert policy.policyholder == policy.obligor
    assert policy.insured == counter.lender
    instalments = list(policy.instalments.order_by("n"))
    assert sum(each.amount for each in instalments) == policy.premium
    vat = sum(each.vat for each in instalments)
    assert list(
        EntryLine.objects.filter(policy_no=policy.policy_no)
        .order_by("no")
        .values_list("account_id", "debit", "credit")
    ) == [
        ("112201", policy.premium - vat, 0),
        ("603101", 0, policy.premium - vat),
        ("112201", vat, 0),
        ("2221", 0, vat),
    ]
    assert {each.to: each.mode for each in policy.deliveries.all()} == {
        "policyholder": "e_policy",
        "insured": "download",
    }


def test_PRE_34a_the_first_sale_closes_the_version(counter):
    assert counter.version.sold_at is None
    counter.issue()
    counter.version.refresh_from_db()
    assert counter.version.sold_at == counter.at
    with pytest.raises(Exception, match=r"sold|PRE-34a"), transaction.atomic():
        ProductVersion.objects.filter(pk=counter.version.pk).update(waiting_days=10)


def test_R10_the_same_key_issues_once(counter):
    quote, key = counter.quote(), uuid.uuid4()
    first = counter.issue(quote, key=key)
    assert counter.issue(quote, key=key) == first
    assert Policy.objects.count() == 1
    with pytest.raises(WrongState):
        counter.issue(quote)


def test_HQ_43_whoever_made_the_quote_does_not_issue_the_policy(counter):
    with pytest.raises(NotPermitted):
        counter.issue(by=counter.maker)


def test_PRE_11c_beyond_the_authority_nobody_issues(counter):
    quote = counter.quote(terms=counter.terms(principal=D("1500000.00")))
    with pytest.raises(NotPermitted):
        counter.issue(quote)
    assert not Policy.objects.exists()
    quote.refresh_from_db()
    assert quote.status == "quoted"


def test_PRE_12b_above_the_ceiling_no_policy_is_issued(counter):
    quote = counter.quote(terms=counter.terms(annual_rate=D("0.23")))
    assert codes(quote) == ["cost_above_ceiling"]
    assert quote.findings[0]["article"] == "PRE-12b"
    with pytest.raises(RuleBroken, match="PRE-12b"):
        counter.issue(quote)


def test_PRE_34b_a_price_outside_the_filed_table_is_named(counter):
    quote = counter.quote(terms=counter.terms(rate=D("0.05")))
    assert [each["article"] for each in quote.findings] == ["PRE-34b"]


def test_PRE_02f_a_second_assignment_is_not_insured(counter):
    chain = tuple(
        Transfer(
            sequence=n,
            from_name=giver,
            to_name=taker,
            contract_no=f"Z{n}",
            transferred_on=dt.date(2026, 1, n),
        )
        for n, (giver, taker) in enumerate(
            [("甲小贷", "乙信托"), ("乙信托", counter.lender.name)], 1
        )
    )
    quote = counter.quote(history=chain, original_creditor="甲小贷")
    assert codes(quote) == ["second_transfer"]
    assert quote.transfers.count() == 2
    with pytest.raises(RuleBroken):
        counter.issue(quote)


def test_HQ_15_an_unknown_history_blocks(counter):
    quote = counter.quote(history=None)
    assert codes(quote) == ["history_unknown"]


def test_a_first_assignment_is_counted_on_the_policy(counter):
    once = (
        Transfer(
            sequence=1,
            from_name="甲小贷",
            to_name=counter.lender.name,
            contract_no="Z1",
            transferred_on=dt.date(2026, 1, 5),
        ),
    )
    policy = counter.issue(history=once, original_creditor="甲小贷")
    assert policy.transfers_before == 1


def test_PRE_02a_obligor_and_underlying_obligor_are_two(counter):
    policy = counter.issue(underlying_obligor=ENTERPRISE)
    assert policy.underlying_obligor not in {None, policy.obligor}
    with pytest.raises(RuleBroken):
        counter.quote(underlying_obligor=OBLIGOR)


def test_a_quote_ends_and_may_be_withdrawn(counter):
    quote = counter.quote()
    late = counter.at + dt.timedelta(days=31)
    counter.at = late
    with pytest.raises(RuleBroken):
        counter.issue(quote)
    withdraw_quote(quote=quote, by=counter.maker, at=late, reason="客户放弃")
    with pytest.raises(WrongState):
        counter.issue(quote)


def test_one_contract_has_one_policy_in_force(counter):
    counter.issue(contract_no="HT-9")
    with pytest.raises(RuleBroken, match=r"已承保|covered already"):
        counter.issue(contract_no="HT-9")
    assert Policy.objects.count() == 1


def test_terms_once_written_are_never_changed(counter):
    counter.issue()
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        PolicyTerms.objects.update(number=5)


def test_nobody_quotes_for_a_branch_that_is_not_the_own(counter, shanghai):
    with pytest.raises(NotPermitted):
        make_quote(order=counter.order(unit=shanghai), by=counter.maker, at=counter.at)


def test_terms_that_make_no_premium_are_refused_with_every_finding(counter):
    with pytest.raises(RuleBroken) as refusal:
        counter.quote(terms=counter.terms(grade=None))
    assert [each.article for each in refusal.value.context["findings"]] == ["PRE-34b"]
    assert not Quote.objects.exists()


def test_instalments_are_of_the_periods_that_the_loan_has(counter):
    policy = counter.issue()
    rows = policy.terms.get(number=0).schedule
    assert [row["due_on"] for row in rows] == [
        f"{each:%Y-%m-%d}"
        for each in PremiumInstalment.objects.order_by("n").values_list("covers_to", flat=True)
    ]


def test_persons_of_a_quote_are_one_identity(counter):
    first = counter.quote()
    again = counter.quote(obligor=Person(document=OBLIGOR.document.lower(), name=OBLIGOR.name))
    assert first.obligor == again.obligor


def test_PRE_34a_policy_and_page_say_what_was_quoted_and_price_nothing_again(counter, client):
    quote = counter.quote()
    kept = quote.worksheet
    kept["formula"]["text"], kept["steps"][0]["result"] = "the text of then", "4711.00"
    kept["parts"][0]["amount"] = "4711.00"
    Quote.objects.filter(pk=quote.pk).update(worksheet=kept)
    client.force_login(counter.maker)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("underwriting:quote", args=[quote.pk])).content.decode()
    assert "the text of then" in page
    assert "4711.00" in page
    assert not [each for each in asked if "tariffrow" in each["sql"] or "formula" in each["sql"]]
    policy = counter.issue(quote)
    assert policy.instalments.get(n=1).amount == D("4711.00")
    assert policy.terms.get(number=0).schedule[0] == {
        name: kept["schedule"][0][name] for name in ("due_on", "principal", "interest", "balance")
    }
