"""Manual vouchers and posting rules: one proposes, another approves."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.errors import Conflict, NotPermitted, RuleBroken, WrongState
from ledger.models import Entry, PostingRule, Voucher
from ledger.selectors import rule_in_force
from ledger.services import (
    approve_posting_rule,
    approve_voucher,
    draft_reversal,
    number_entries,
    post_manual,
    propose_posting_rule,
    refuse_posting_rule,
    refuse_voucher,
    reverse,
)
from organization.models import WorkItem
from tests.conftest import AT
from tests.factories.book import DAY, MARCH, lines, part, posted

OFFICE = ({"account": "6601", "debit": "1,250.50"}, {"account": "1002", "credit": "1250.50"})
JULY = dt.date(2026, 7, 1)
COMMISSION = [
    {"side": "debit", "account": "6421", "amount": "amount"},
    {"side": "credit", "account": "1002", "amount": "amount"},
]


@pytest.fixture
def draft(finance_sun):
    def _draft(*rows, by=finance_sun, summary="办公费"):
        return post_manual(on=DAY, summary=summary, lines=rows or OFFICE, by=by, at=AT)

    return _draft


@pytest.fixture
def proposed(finance_sun):
    def _proposed(by=finance_sun, valid_from=JULY, rows=COMMISSION):
        return propose_posting_rule(
            event="commission", valid_from=valid_from, lines=rows, reason="现付", by=by, at=AT
        )

    return _proposed


def test_a_voucher_is_posted_when_another_approves_it(draft, chief_chen, finance_sun):
    voucher = draft()
    assert not Entry.objects.exists()
    assert WorkItem.objects.get(finished_at=None).kind == "voucher_approval"
    voucher = approve_voucher(voucher=voucher, by=chief_chen, at=AT)
    yuan = Decimal("1250.50")
    assert lines(voucher.entry) == [("6601", yuan, 0), ("1002", 0, yuan)]
    assert (voucher.entry.event, voucher.entry.rule, voucher.entry.month) == ("manual", None, MARCH)
    assert voucher.entry.posted_by == finance_sun
    assert not WorkItem.objects.filter(finished_at=None).exists()
    with pytest.raises(WrongState):
        approve_voucher(voucher=voucher, by=chief_chen, at=AT)


def test_whoever_drafts_a_voucher_does_not_approve_it(draft, finance_head, manager_lin):
    voucher = draft(by=finance_head)
    for nobody in (finance_head, manager_lin):
        with pytest.raises(NotPermitted):
            approve_voucher(voucher=voucher, by=nobody, at=AT)
    with pytest.raises(NotPermitted):
        draft(by=manager_lin)
    with pytest.raises(IntegrityError, match="maker_is_not_checker"), transaction.atomic():
        Voucher.objects.update(decided_by=finance_head, decided_at=AT)


def five(account="6601", **sides):
    return [{"account": account, **sides}, {"account": "1002", "credit": "5"}]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (five(debit="4"), "voucher_unbalanced"),
        (five(debit="5", credit="5"), "voucher_line"),
        (five(), "voucher_line"),
        (five(debit="5.005"), "voucher_line"),
        (five(debit="-5"), "voucher_line"),
        (five(debit="viel"), "voucher_line"),
        (five("9999", debit="5"), "account_unknown"),
        (five("1201", debit="5"), "control_account"),
        (five(debit="5")[:1], "voucher_short"),
    ],
)
def test_a_voucher_that_is_wrong_is_refused(draft, rows, code):
    with pytest.raises(RuleBroken) as refusal:
        draft(*rows)
    assert refusal.value.code == code
    assert not Voucher.objects.exists()


def test_a_draft_is_refused_or_taken_back_with_a_reason(draft, finance_sun, chief_chen, at):
    with pytest.raises(RuleBroken):
        refuse_voucher(voucher=draft(), by=chief_chen, at=AT, remark="")
    for who in (chief_chen, finance_sun):
        refused = refuse_voucher(voucher=draft(), by=who, at=AT, remark="重复")
        assert refused.status == "refused"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Voucher.objects.filter(pk=refused.pk).update(status="draft", decided_by=None)


def test_a_reversal_that_a_person_asks_for_is_approved_by_another(finance_sun, chief_chen):
    entry = posted("claim_paid", part(amount=10))
    wish = draft_reversal(entry=entry, on=DAY, reason="付错", by=finance_sun, at=AT)
    with pytest.raises(Conflict):
        draft_reversal(entry=entry, on=DAY, reason="付错", by=finance_sun, at=AT)
    wish = approve_voucher(voucher=wish, by=chief_chen, at=AT)
    assert wish.entry.reverses == entry
    with pytest.raises(Conflict):
        draft_reversal(entry=entry, on=DAY, reason="付错", by=finance_sun, at=AT)
    with pytest.raises(RuleBroken):
        draft_reversal(entry=wish.entry, on=DAY, reason="付错", by=finance_sun, at=AT)


def test_a_reversal_that_came_first_wins_over_the_wish(finance_sun, chief_chen):
    entry = posted("claim_paid", part(amount=10))
    wish = draft_reversal(entry=entry, on=DAY, reason="付错", by=finance_sun, at=AT)
    reverse(entry=entry, on=DAY, key="r", reason="系统", by=None, at=AT)
    number_entries()
    with pytest.raises(Conflict):
        approve_voucher(voucher=wish, by=chief_chen, at=AT)


def test_a_new_version_of_a_rule_counts_from_its_day_once_another_approved_it(
    proposed, finance_sun, chief_chen
):
    before = posted("commission", part(amount=10))
    rule = proposed()
    assert (rule.version, rule.status) == (2, "proposed")
    assert rule_in_force(event="commission", on=JULY).version == 1
    with pytest.raises(Conflict):
        proposed()
    approve_posting_rule(rule=rule, by=chief_chen, at=AT)
    assert rule_in_force(event="commission", on=JULY - dt.timedelta(days=1)).version == 1
    after = posted("commission", part(amount=10), on=JULY)
    assert (before.rule.version, after.rule.version) == (1, 2)
    assert lines(after)[1][0] == "1002"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PostingRule.objects.filter(pk=rule.pk).update(lines=[])


def test_whoever_proposes_a_rule_does_not_approve_it(proposed, finance_head, manager_lin):
    rule = proposed(by=finance_head)
    with pytest.raises(NotPermitted):
        approve_posting_rule(rule=rule, by=finance_head, at=AT)
    with pytest.raises(NotPermitted):
        refuse_posting_rule(rule=rule, by=manager_lin, at=AT, remark="nein")
    with pytest.raises(NotPermitted):
        proposed(by=manager_lin)


def test_an_unsound_rule_is_refused_with_everything_that_is_wrong(proposed):
    rows = [
        {"side": "debit", "account": "9999", "amount": "bonus"},
        {"side": "credit", "account": "1002", "amount": "amount"},
    ]
    with pytest.raises(RuleBroken) as refusal:
        proposed(rows=rows)
    found = [(each.code, each.about) for each in refusal.value.context["findings"]]
    assert found == [
        ("account_unknown", "9999"),
        ("amount_unknown", "bonus"),
        ("unbalanced", "amount"),
        ("unbalanced", "bonus"),
    ]


def test_a_version_begins_no_earlier_than_the_one_before(proposed, chief_chen):
    approve_posting_rule(rule=proposed(), by=chief_chen, at=AT)
    early = proposed(valid_from=JULY - dt.timedelta(days=1))
    with pytest.raises(RuleBroken):
        approve_posting_rule(rule=early, by=chief_chen, at=AT)
    refused = refuse_posting_rule(rule=early, by=chief_chen, at=AT, remark="日期")
    assert refused.status == "refused"
