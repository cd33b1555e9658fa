"""The inclusive flag of obligors, and quarters that are frozen and restated: PRE-02e, F12."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from core.errors import Missing, NotPermitted, RuleBroken
from parties.models import Party
from parties.services import know_parties
from tests.conftest import AT
from tests.factories.authority import granted
from underwriting.models import InclusiveFlag, InclusiveRatio
from underwriting.rules.inclusive import InsuredLoan
from underwriting.rules.insured import InsuredBook
from underwriting.selectors.inclusive import (
    financing_cap_multiple,
    flag_of,
    inclusive_sme_ratio,
    register_insured_loans,
)
from underwriting.services.inclusive import freeze_inclusive_ratio, freeze_last_quarter
from underwriting.services.inclusive_flags import (
    UseOfLoan,
    flag_inclusive,
    note_business_use,
)
from underwriting.services.sizes import classify_size

pytestmark = pytest.mark.django_db
D = Decimal
Q4, Q1, Q2, Q3 = (
    dt.date(2025, 10, 1),
    dt.date(2026, 1, 1),
    dt.date(2026, 4, 1),
    dt.date(2026, 7, 1),
)
IN_APRIL, IN_JULY = (dt.datetime(2026, month, 2, 9, tzinfo=dt.UTC) for month in (4, 7))


def loan(yuan, obligor="A", *, amount="1000000", is_small=True):
    return InsuredLoan(
        policy_no=f"P{obligor}", obligor=obligor, insured_amount=D(amount), balance=D(yuan),
        is_small=is_small,
    )  # fmt: skip


def book(inclusive, others, as_of=dt.date(2026, 3, 31)):
    loans = [loan(inclusive), loan(others, "B", amount="99000000")]
    return InsuredBook(as_of=as_of, loans=loans, made_from={"month_end": "2026-03 v1"})


def frozen(quarter, *books, at=IN_APRIL, **words):
    return freeze_inclusive_ratio(quarter=quarter, books=books, by=None, at=at, **words)


def test_F12_a_quarter_uses_what_was_frozen_at_the_end_of_the_one_before(db):
    frozen(Q1, book("3300000000", "6700000000"))
    frozen(Q2, book("2990000000", "7010000000"), at=IN_JULY)
    assert inclusive_sme_ratio(quarter=Q2).ratio == D("0.33")
    assert inclusive_sme_ratio(quarter=dt.date(2026, 9, 30)).ratio == D("0.299")
    caps = [financing_cap_multiple(on=day) for day in (Q1, Q2, dt.date(2026, 6, 30), Q3)]
    assert caps == [4, 6, 6, 4]


def test_F12_exactly_thirty_percent_is_raised(db):
    row = frozen(Q1, book("3000000000", "7000000000"))
    assert (row.ratio, financing_cap_multiple(on=Q2)) == (D("0.3"), 6)


def test_F12_nothing_insured_is_undefined_and_raises_nothing(db):
    row = frozen(Q1, InsuredBook(as_of=dt.date(2026, 3, 31), loans=[]))
    assert (row.ratio, bool(row.undefined_because)) == (None, True)
    assert financing_cap_multiple(on=Q2) == 4


def test_a_restatement_is_another_version_with_a_reason_and_decisions_keep_the_old(db):
    first = frozen(Q1, book("3300000000", "6700000000"))
    with pytest.raises(RuleBroken) as refusal:
        frozen(Q1, book("1", "1"))
    assert refusal.value.code == "reason_missing"
    later = IN_APRIL + dt.timedelta(days=20)
    second = frozen(Q1, book("2000000000", "8000000000"), at=later, reason="补报文件")
    assert (second.version, second.ratio) == (2, D("0.2"))
    assert inclusive_sme_ratio(quarter=Q2) == second
    assert inclusive_sme_ratio(quarter=Q2, known_at=IN_APRIL) == first
    assert financing_cap_multiple(on=Q2, known_at=IN_APRIL) == 6
    for change in (
        lambda: InclusiveRatio.objects.update(ratio=1),
        lambda: InclusiveRatio.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_frozen_quarter_names_what_it_was_made_from(db):
    row = frozen(Q1, book("3", "7"))
    assert row.made_from["as_of"] == "2026-03-31"
    assert row.made_from["sources"] == [{"month_end": "2026-03 v1"}]
    assert len(row.made_from["digest"]) == 64
    assert (row.inclusive_balance, row.insured_balance, row.loans, row.limit_amount) == (
        3, 10, 2, 10_000_000,
    )  # fmt: skip


def test_a_quarter_is_frozen_once_it_has_ended_by_whoever_restates_months(manager_lin, chief_bai):
    with pytest.raises(RuleBroken) as refusal:
        frozen(Q1, book("3", "7"), at=AT)
    assert refusal.value.code == "quarter_not_ended"
    words = {"quarter": Q1, "books": [book("3", "7")], "at": IN_APRIL}
    with pytest.raises(NotPermitted):
        freeze_inclusive_ratio(by=chief_bai, **words)
    assert freeze_inclusive_ratio(by=manager_lin, **words).frozen_by == manager_lin


def test_the_job_freezes_once_and_waits_for_who_knows_the_loans(no_source):
    words = {"today": IN_APRIL.date(), "at": IN_APRIL}
    assert freeze_last_quarter(**words) is None
    with pytest.raises(Missing):
        freeze_inclusive_ratio(quarter=Q1, by=None, at=IN_APRIL)
    known = []
    register_insured_loans("test", lambda as_of: known[-1] if known else None)
    assert freeze_last_quarter(**words) is None
    known.append(book("3", "7"))
    assert freeze_last_quarter(**words).quarter == Q1
    assert freeze_last_quarter(**words) is None


@pytest.fixture
def obligor(db):
    [pk] = know_parties(names_by_document={"91110000MA0000001X": "某商贸公司"}, at=AT).values()
    return Party.objects.get(pk=pk)


def test_PRE_02e_the_flag_follows_the_sum_at_every_new_loan_and_keeps_its_history(obligor):
    words = {"obligor": obligor, "as_of": dt.date(2026, 3, 1), "at": AT}
    two = {"P1": D("6000000"), "P2": D("4000000")}
    assert flag_inclusive(amounts={"P1": D("6000000")}, **words).is_inclusive
    assert flag_inclusive(amounts=two, **words).is_inclusive
    flag = flag_inclusive(amounts=two | {"P3": D("10000")}, **words)
    assert (flag.is_inclusive, flag.total_amount) == (False, D("10010000"))
    assert flag.amounts == {"P1": "6000000.00", "P2": "4000000.00", "P3": "10000.00"}
    assert flag_inclusive(amounts=two | {"P3": D("10000")}, **words) == flag
    assert flag_of(obligor=obligor) == flag
    history = InclusiveFlag.objects.order_by("pk").values_list("is_inclusive", flat=True)
    assert list(history) == [True, True, False]


# at issue


@pytest.fixture
def rich_counter(counter):
    granted(
        counter.unit, by=counter.drafter, checker=counter.reviewer, at=counter.at,
        person=counter.issuer, max_amount=D("50000000"),
    )  # fmt: skip
    return counter


def sold(counter, yuan, **words):
    return counter.issue(terms=counter.terms(principal=D(yuan)), **words)


def flags():
    rows = InclusiveFlag.objects.order_by("pk")
    return [(each.total_amount, each.is_inclusive, len(each.amounts)) for each in rows]


def test_PRE_02e_the_third_loan_takes_the_flag_from_all_three_at_its_issue(rich_counter):
    for yuan in ("6000000", "4000000"):
        sold(rich_counter, yuan)
    assert flags() == [(6_000_000, True, 1), (10_000_000, True, 2)]
    third = sold(rich_counter, "10000")
    assert flags()[2] == (D("10010000"), False, 3)
    flag = flag_of(obligor=third.obligor)
    assert not flag.is_inclusive
    assert sorted(flag.amounts.values()) == ["10000.00", "4000000.00", "6000000.00"]


def test_HQ_17_what_an_owner_borrows_for_the_business_counts_to_it(rich_counter, obligor):
    first = sold(rich_counter, "9000000")
    person = first.obligor
    words = {"lender": rich_counter.lender, "contract_no": "HT-OWNER", "obligor": person}
    use = UseOfLoan(
        **words, enterprise=obligor, role="legal_representative", relation_proof="工商登记",
        purpose_proof="采购合同",
    )  # fmt: skip
    note_business_use(uses=[use], on=AT.date(), by=rich_counter.maker, at=AT)
    sold(rich_counter, "3000000", contract_no="HT-OWNER")
    assert flag_of(obligor=person).total_amount == 9_000_000
    assert flag_of(obligor=obligor).total_amount == 3_000_000
    private = UseOfLoan(**words, purpose_proof="装修发票")
    note_business_use(uses=[private], on=AT.date(), by=None, at=AT)
    assert flag_of(obligor=person).total_amount == 12_000_000
    assert (flag_of(obligor=person).is_inclusive, flag_of(obligor=obligor).total_amount) == (
        False, 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"purpose_proof": " "}, "purpose_unproved"),
        ({"relation_proof": ""}, "relation_unproved"),
        ({"role": ""}, "relation_unproved"),
        ({"role": "sole_trader"}, "sole_trader"),
        ({"enterprise": None}, "use_of_none"),
    ],
)
def test_PRE_02d_a_use_without_both_proofs_is_refused(counter, obligor, words, code):
    person = counter.quote().obligor
    use = {
        "lender": counter.lender, "contract_no": "X", "obligor": person, "enterprise": obligor,
        "role": "controller", "relation_proof": "工商登记", "purpose_proof": "合同", **words,
    }  # fmt: skip
    with pytest.raises(RuleBroken) as refusal:
        note_business_use(uses=[UseOfLoan(**use)], on=AT.date(), by=None, at=AT)
    assert refusal.value.code == code


def test_an_endorsed_amount_is_summed_anew(rich_counter):
    from underwriting.services.endorsements import Change, ask_endorsement, decide_endorsement

    policy = sold(rich_counter, "600000")
    before = flag_of(obligor=policy.obligor).total_amount
    change = Change(
        kind="prepayment", effective_on=policy.cover_from + dt.timedelta(days=40),
        changes={"amount": "100000.00", "effect": "reduce_instalment"}, reason="部分还款",
    )  # fmt: skip
    asked = ask_endorsement(policy=policy, change=change, by=rich_counter.maker, at=AT)
    decide_endorsement(endorsement=asked, is_approved=True, by=rich_counter.issuer, at=AT)
    policy.refresh_from_db()
    assert before == 600_000
    assert flag_of(obligor=policy.obligor).total_amount == policy.sum_insured


def test_a_portfolio_is_flagged_in_a_fixed_number_of_statements(rich_counter):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from underwriting.services.inclusive_flags import follow_obligors

    policies = [sold(rich_counter, "1000").pk for _ in range(3)]
    counts = []
    for part in (policies[:1], policies):
        with CaptureQueriesContext(connection) as queries:
            assert follow_obligors(policies=part, as_of=AT.date(), at=AT) == []
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_PRE_02c_a_classification_keeps_its_worksheet_and_the_version_of_its_bounds(obligor):
    words = {"obligor": obligor, "on": dt.date(2026, 3, 1), "by": None, "at": AT}
    figures = {"headcount": D(40), "revenue": D(900)}
    row = classify_size(industry="retail", figures=figures, **words)
    assert row.size == "small"
    assert row.worksheet["figures"] == {"headcount": "40", "revenue": "900", "assets": None}
    assert row.worksheet["bounds"]["medium"] == {"headcount": 50, "revenue": 500}
    assert "sme.retail" in row.rule_version
    for industry, code in (("retail", "size_open"), ("alchemy", "industry_unknown")):
        with pytest.raises(RuleBroken) as refusal:
            classify_size(industry=industry, figures={"headcount": D(40)}, **words)
        assert refusal.value.code == code


def test_PRE_02c_every_industry_that_has_bounds_has_all_three(db):
    from core.models import RegulatoryParameter

    names = RegulatoryParameter.objects.filter(name__startswith="sme.")
    lower = {each.name.removeprefix("sme."): each.value for each in names}
    upper = lower.pop("large_from")
    assert set(upper) == set(lower)
    for industry, bounds in upper.items():
        known = lower[industry]
        assert set(bounds) == set(known["medium_from"]) == set(known["small_from"]), industry
        assert all(bounds[name] > known["medium_from"][name] for name in bounds), industry
