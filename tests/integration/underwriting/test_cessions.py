"""Policies, claims and recoveries ceded: who has what, and what stands in the book."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from core.errors import Conflict, RuleBroken, WrongState
from core.row_security import seen_by
from core.selectors import audit_of
from ledger.models import Entry, EntryLine, LedgerPeriod
from ledger.services import number_entries
from organization.selectors import eyes_of
from tests.conftest import AT
from tests.factories.cessions import BEIJING, END, START, draft, policy, reinsurer, surplus, treaty
from underwriting.models import CessionLine
from underwriting.services.ceded_money import CededClaim, cede_claim, cede_recovery, set_ri_unearned
from underwriting.services.cession_lines import correct_cession, follow_treaties
from underwriting.services.cessions import cede
from underwriting.services.coinsurance import place_facultative, set_coinsurance

pytestmark = pytest.mark.django_db
D = Decimal
ON = dt.date(2026, 3, 1)
CLAIM = CededClaim(
    claim_no="C1", policy_no="P1", product_code="K1", lender_code="L1", unit_path=BEIJING,
    cover_from=START, loss_on=dt.date(2027, 2, 1),
)  # fmt: skip


@pytest.fixture
def quota(chief_bai, chief_chen):
    return treaty(draft(), by=chief_bai, checker=chief_chen)


def ceded(*policies, key="issue:1", on=ON, at=AT, **words):
    return cede(policies=policies or [policy()], on=on, key=key, by=None, at=at, **words)


def lines(policy_no="P1", **words):
    found = CessionLine.objects.known(words.get("at")).filter(policy_no=policy_no)
    found = found.order_by("treaty__code", "valid_from")
    return [(line.share, line.valid_from, line.valid_to) for line in found]


def ceded_lines():
    found = EntryLine.objects.filter(entry__event="ceded_premium", debit__gt=0)
    return sorted(found.values_list("policy_no", "treaty_code", "debit"))


def test_a_policy_is_ceded_with_its_premium_and_commission_in_one(quota):
    bordereau = ceded()
    assert lines() == [(D("0.25"), START, END)]
    assert (bordereau.premium_amount, bordereau.commission_amount) == (D("250.00"), D("75.00"))
    premium, commission = Entry.objects.order_by("pk")
    assert (premium.event, premium.total) == ("ceded_premium", D("250.00"))
    assert (commission.event, commission.total) == ("ceding_commission", D("75.00"))
    for line in EntryLine.objects.all():
        assert (line.policy_no, line.treaty_code, line.lender_code, line.product_code) == (
            "P1", "Q26", "L1", "K1",
        )  # fmt: skip
        assert line.unit_path == BEIJING
    [record] = audit_of(object_type="underwriting.bordereau", object_id=bordereau.pk)
    assert (record.action, record.detail["lines"]) == ("underwriting.policies_ceded", 1)


def test_the_same_key_cedes_once_and_other_content_is_refused(quota):
    first = ceded()
    assert ceded() == first
    assert (CessionLine.objects.count(), Entry.objects.count()) == (1, 2)
    with pytest.raises(Conflict):
        ceded(policy(premium="1000.01"))


def test_a_later_premium_of_a_policy_follows_the_lines_it_has(quota, chief_bai, chief_chen):
    ceded()
    treaty(draft("Q2", fraction=D("0.5")), by=chief_bai, checker=chief_chen)
    ceded(policy(premium="100.00"), key="instalment:2", on=dt.date(2026, 6, 1))
    assert lines() == [(D("0.25"), START, END)]
    assert Entry.objects.filter(event="ceded_premium").aggregate(Sum("total"))["total__sum"] == 275


def test_surplus_and_quota_share_split_a_premium_to_the_fen(quota, chief_bai, chief_chen):
    treaty(surplus(), by=chief_bai, checker=chief_chen)
    ceded(policy(premium="100.01"), policy("P2", sum_insured="1500000", premium="0.03"))
    assert lines() == [(D("0.05"), START, END), (D("0.8"), START, END)]
    assert lines("P2") == [(D("0.25"), START, END)]
    assert ceded_lines() == [
        ("P1", "Q26", D("5.00")), ("P1", "S26", D("80.01")), ("P2", "Q26", D("0.01")),
    ]  # fmt: skip
    total = Entry.objects.get(event="ceded_premium").total
    assert total == D("5.00") + D("80.01") + D("0.01")


# what goes back


def standing(account, **words):
    found = EntryLine.objects.filter(account=account, **words).aggregate(
        net=Sum("debit", default=0) - Sum("credit", default=0)
    )
    return found["net"]


def test_a_return_premium_goes_back_to_the_fen_with_its_commission(quota, chief_bai, chief_chen):
    treaty(surplus(), by=chief_bai, checker=chief_chen)
    ceded(policy(premium="100.01"))
    assert (standing("6541"), standing("2261"), standing("6203")) == (
        D("85.01"), D("-85.01"), D("-25.50"),
    )  # fmt: skip
    back = ceded(policy(premium="-100.01"), key="back", on=dt.date(2026, 6, 1))
    assert (back.lines, back.premium_amount, back.commission_amount) == (
        0, D("-85.01"), D("-25.50"),
    )  # fmt: skip
    for account in ("6541", "2261", "6203", "1211"):
        assert standing(account) == 0
    assert ceded(policy(premium="-100.01"), key="back", on=dt.date(2026, 6, 1)) == back


def test_a_return_goes_back_in_the_shares_in_which_the_premium_went(quota, chief_bai):
    ceded()
    correct_cession(
        line=CessionLine.objects.get(), share=D("0.1"), valid_from=START, reason="更正",
        by=chief_bai, at=AT + dt.timedelta(days=9),
    )  # fmt: skip
    later = AT + dt.timedelta(days=40)
    ceded(policy(premium="-400.00"), key="back", on=dt.date(2026, 4, 10), at=later)
    assert standing("6541", policy_no="P1", treaty_code="Q26") == D("150.00")
    ceded(policy(premium="100.00"), key="more", on=dt.date(2026, 5, 10), at=later)
    assert standing("6541") == D("160.00")


def test_no_treaty_gives_back_more_than_it_got_and_what_was_not_ceded_gives_nothing(quota):
    ceded(policy(premium="100.00"))
    with pytest.raises(RuleBroken) as refusal, transaction.atomic():
        ceded(policy(premium="-100.05"), key="back")
    assert refusal.value.code == "return_too_much"
    nothing = ceded(policy("P9", premium="-5.00"), key="other")
    assert (nothing.premium_amount, standing("6541", policy_no="P9")) == (0, 0)


def test_what_came_in_parts_and_goes_back_whole_is_capped_at_what_was_got(quota):
    for number in range(3):  # a quarter of 1.01 is 0.25 each time; a quarter of 3.03 is 0.76
        ceded(policy(premium="1.01"), key=f"part {number}")
    with pytest.raises(RuleBroken), transaction.atomic():
        ceded(policy(premium="-3.03"), key="refused")
    ceded(policy(premium="-3.03"), key="back", is_capped=True)
    assert standing("6541") == 0


def test_without_a_treaty_nothing_is_ceded_and_nothing_posted(db):
    bordereau = ceded()
    assert (bordereau.lines, bordereau.premium_amount) == (0, 0)
    assert not Entry.objects.exists()


def test_a_closed_month_takes_no_cession_and_leaves_no_line(quota):
    LedgerPeriod.objects.create(month=dt.date(2026, 3, 1), status="closed", closed_at=AT)
    with pytest.raises(WrongState), transaction.atomic():
        ceded()
    assert not CessionLine.objects.exists()
    assert ceded(month=dt.date(2026, 4, 1)).lines == 1


@pytest.mark.parametrize(
    ("policies", "code"),
    [
        ((policy(), policy()), "policy_twice"),
        ((policy(cover_to=START),), "cover_empty"),
    ],
)
def test_unsound_policies_are_refused(quota, policies, code):
    with pytest.raises(RuleBroken) as refusal:
        ceded(*policies)
    assert refusal.value.code == code


def test_lines_are_never_edited_or_deleted(quota):
    ceded()
    for change in (
        lambda: CessionLine.objects.update(share=D("0.5")),
        lambda: CessionLine.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_correction_ends_a_line_and_adds_another_and_the_past_is_told_as_it_was_known(
    quota, chief_bai
):
    ceded()
    line = CessionLine.objects.get()
    turn, later = dt.date(2027, 1, 1), AT + dt.timedelta(days=30)
    fresh = correct_cession(
        line=line, share=D("0.2"), valid_from=turn, reason="批单 3", by=chief_bai, at=later
    )
    assert lines() == [(D("0.25"), START, turn), (D("0.2"), turn, END)]
    assert lines(at=AT) == [(D("0.25"), START, END)]
    with pytest.raises(Conflict):
        correct_cession(line=line, share=D(0), valid_from=turn, reason="x", by=chief_bai, at=later)
    correct_cession(line=fresh, share=D(0), valid_from=turn, reason="x", by=chief_bai, at=later)
    assert lines() == [(D("0.25"), START, turn), (D(0), turn, END)]


def test_a_correction_cedes_at_most_the_whole(quota, chief_bai, chief_chen):
    treaty(surplus(), by=chief_bai, checker=chief_chen)
    ceded()
    line = CessionLine.objects.get(treaty__code="S26")
    words = {"line": line, "reason": "x", "by": chief_bai, "at": AT}
    with pytest.raises(RuleBroken) as refusal:
        correct_cession(share=D("0.96"), valid_from=START, **words)
    assert refusal.value.code == "line_share"
    with pytest.raises(RuleBroken) as refusal:
        correct_cession(share=D("0.5"), valid_from=END, **words)
    assert refusal.value.code == "line_day"
    assert correct_cession(share=D("0.95"), valid_from=START, **words).pk


def test_lines_follow_a_treaty_that_was_approved_late(chief_bai, chief_chen):
    ceded()
    assert lines() == []
    treaty(draft(), by=chief_bai, checker=chief_chen)
    words = {"policies": [policy()], "reason": "合同补签", "by": chief_bai, "at": AT}
    assert follow_treaties(**words) == 1
    assert lines() == [(D("0.25"), START, END)]
    assert follow_treaties(**words) == 0


def test_a_certificate_comes_before_the_treaties(quota, chief_bai):
    ceded()
    words = {
        "policy": policy(), "reinsurer": reinsurer(), "commission_rate": D("0.2"),
        "valid_from": START, "valid_to": END, "reason": "大额业务", "by": chief_bai, "at": AT,
    }  # fmt: skip
    place_facultative(code="F1", share=D("0.4"), **words)
    assert lines() == [(D("0.15"), START, END), (D("0.4"), START, END)]
    with pytest.raises(RuleBroken) as refusal:
        place_facultative(code="F2", share=D("0.61"), **words)
    assert refusal.value.code == "certificate_share"
    with pytest.raises(Conflict):
        place_facultative(code="F1", share=D("0.1"), **words)


def coinsured(own="0.6", *, by, **words):
    return set_coinsurance(
        **{
            "role": "leader", "own_share": D(own), "partners": {"乙财险": 1 - D(own)},
            "agreement_no": "共保 1", "lender_code": "L1", "product_code": "K1",
            "valid_from": dt.date(2026, 1, 1), "reason": "共保协议", "by": by, "at": AT, **words,
        }
    )  # fmt: skip


def test_a_surplus_looks_at_our_part_of_a_co_insured_policy(chief_bai, chief_chen):
    treaty(surplus(), by=chief_bai, checker=chief_chen)
    coinsured(by=chief_bai)
    ceded()
    assert lines() == [(D("0.666666666666"), START, END)]


def test_co_insurance_ends_where_another_begins_and_nothing_is_edited(chief_bai):
    from underwriting.models import CoinsuranceShare

    first = coinsured(by=chief_bai)
    turn = dt.date(2027, 1, 1)
    coinsured("0.5", by=chief_bai, valid_from=turn, at=AT + dt.timedelta(days=1))
    known = CoinsuranceShare.objects.known().order_by("valid_from")
    assert list(known.values_list("own_share", "valid_from", "valid_to")) == [
        (D("0.6"), dt.date(2026, 1, 1), turn),
        (D("0.5"), turn, None),
    ]
    assert list(CoinsuranceShare.objects.known(AT)) == [first]
    with pytest.raises(RuleBroken) as refusal:
        coinsured("0.7", by=chief_bai, valid_from=dt.date(2026, 6, 1))
    assert refusal.value.code == "coinsurance_later"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"partners": {"乙财险": D("0.39")}}, "coinsurance_shares"),
        ({"policy_no": "P1"}, "coinsurance_of_what"),
        ({"agreement_no": ""}, "coinsurance_of_what"),
    ],
)
def test_unsound_co_insurance_is_refused(chief_bai, words, code):
    with pytest.raises(RuleBroken) as refusal:
        coinsured(by=chief_bai, **words)
    assert refusal.value.code == code


def test_a_claim_is_borne_and_a_recovery_shared_by_the_share_at_the_covers_start(quota, chief_bai):
    ceded()
    line = CessionLine.objects.get()
    turn = dt.date(2027, 1, 1)
    correct_cession(line=line, share=D("0.2"), valid_from=turn, reason="x", by=chief_bai, at=AT)
    words = {"claim": CLAIM, "on": ON, "by": None, "at": AT}
    borne = cede_claim(amount=D("10000.01"), key="claim:C1", **words)
    assert borne.total == D("2500.00")
    assert cede_claim(amount=D("10000.01"), key="claim:C1", **words) == borne
    assert {each.claim_no for each in borne.lines.all()} == {"C1"}
    assert cede_recovery(amount=D("400.00"), key="recovery:1", **words).total == D("100.00")


def test_of_losses_occurring_the_share_on_the_day_of_the_loss_counts(chief_bai, chief_chen):
    basis = {"basis": "losses_occurring"}
    treaty(draft(**basis), by=chief_bai, checker=chief_chen)
    year = {"valid_from": dt.date(2027, 1, 1), "valid_to": dt.date(2028, 1, 1)}
    treaty(draft("Q27", fraction=D("0.2"), **year, **basis), by=chief_bai, checker=chief_chen)
    ceded()
    borne = cede_claim(claim=CLAIM, amount=D(1000), on=ON, key="c", by=None, at=AT)
    assert borne.total == D("200.00")
    assert {each.treaty_code for each in borne.lines.all()} == {"Q27"}


def test_nobody_bears_a_claim_on_a_policy_that_is_not_ceded(db):
    assert cede_claim(claim=CLAIM, amount=D(10), on=ON, key="c", by=None, at=AT) is None


def test_the_reinsurers_part_of_unearned_premium_is_set_and_the_change_posted(quota):
    ceded()
    first = set_ri_unearned(unearned={"P1": D("800.00")}, on=ON, key="u1", by=None, at=AT)
    assert first.total == D("200.00")
    later = set_ri_unearned(
        unearned={"P1": D("700.00")}, on=dt.date(2026, 4, 30), key="u2", by=None, at=AT
    )
    assert later.total == D("25.00")
    number_entries()


def test_a_branch_sees_the_lines_of_its_own_policies(
    quota, beijing, shanghai, branch_wang, stranger_gu
):
    ceded(policy(unit_path=beijing.path), policy("P2", unit_path=shanghai.path))
    for who, seen in ((branch_wang, ["P1"]), (stranger_gu, ["P2"])):
        eyes = eyes_of(staff=who)
        with seen_by(scope=eyes.scope, staff_id=eyes.staff_id, kind=eyes.kind):
            assert list(CessionLine.objects.values_list("policy_no", flat=True)) == seen


def test_five_thousand_policies_are_ceded_in_one_call(quota, chief_bai, chief_chen):
    treaty(surplus(), by=chief_bai, checker=chief_chen)
    many = [policy(f"P{number}", premium="99.99") for number in range(5000)]
    start = time.monotonic()
    bordereau = ceded(*many)
    number_entries()
    assert bordereau.lines == 10_000
    assert time.monotonic() - start < 30
