"""PRE-10a-d: retention rules are decided by two people, dated, sourced, never edited."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse

from core import clock
from core.models import AuditRecord, Job, StoredFile
from parties.enums import RecordKind, RuleStatus
from parties.errors import Conflict, NotPermitted, RuleBroken, WrongState
from parties.models import KeptRecord, RetentionRule
from parties.rules import Years
from parties.selectors import effect_of, rule_of
from parties.services import decide_rule, propose_deletion, propose_rule

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 2)
KIND = RecordKind.EXPORT_FILE


@pytest.fixture
def propose(officer_qian, at):
    def do(**words):
        given = {
            "kind": KIND,
            "years": Years(4, 6, 0, 2),
            "valid_from": TODAY,
            "source": "公司制度 2026-12",
            "reason": "与审计要求一致",
            "by": officer_qian,
            "at": at,
        }
        return propose_rule(**(given | words))

    return do


def decide(rule, by, at, *, yes=True, remark=""):
    return decide_rule(rule=rule, is_approved=yes, remark=remark, by=by, at=at)


@pytest.fixture
def kept(officer_qian, at):
    """Three originals: ended 3, 5 and 7 years ago; the last one of a long term."""
    rule = RetentionRule.objects.get(kind=KIND)
    return [
        KeptRecord.objects.create(
            kind=KIND,
            stored=StoredFile.objects.create(
                name=f"{ended}.xlsx", size=1, sha256="0" * 64, sealed_key=b"k", path=f"{ended}",
                created_by=officer_qian, created_at=at,
            ),
            rule=rule, ended_on=dt.date(ended, 1, 1), term_months=term,
            retain_until=dt.date(ended + 3, 1, 2), computed_at=at,
        )
        for ended, term in ((2023, 12), (2021, 12), (2019, 13))
    ]  # fmt: skip


def test_a_proposal_changes_nothing_until_another_person_approves_it(propose, chief_zheng, at):
    before = rule_of(kind=KIND, as_of=TODAY)
    rule = propose()
    assert rule_of(kind=KIND, as_of=TODAY) == before
    decide(rule, chief_zheng, at)
    assert rule_of(kind=KIND, as_of=TODAY).pk == rule.pk
    assert rule_of(kind=KIND, as_of=TODAY - dt.timedelta(days=1)) == before
    actions = ["retention_rule_proposed", "retention_rule_approved"]
    records = AuditRecord.objects.filter(object_type="parties.retentionrule").order_by("pk")
    assert [each.action for each in records] == actions
    assert records[1].detail["years"] == [4, 6, 0, 2]
    assert Job.objects.filter(kind="compute_retention", key=f"rule-{rule.pk}").exists()


def test_a_rejected_rule_is_never_in_force_and_says_why(propose, chief_zheng, at):
    rule = propose()
    with pytest.raises(RuleBroken):
        decide(rule, chief_zheng, at, yes=False)
    decide(rule, chief_zheng, at, yes=False, remark="依据不足")
    assert rule_of(kind=KIND, as_of=TODAY).status == RuleStatus.UNAPPROVED
    with pytest.raises(WrongState):
        decide(rule, chief_zheng, at)
    assert propose().status == RuleStatus.PROPOSED  # the way is free again


def test_R11_whoever_proposes_does_not_approve(propose, officer_qian, chief_zheng, manager_lin, at):
    rule = propose()
    for person in (officer_qian, manager_lin):
        with pytest.raises(NotPermitted):
            decide(rule, person, at)
    with pytest.raises(NotPermitted):
        propose(by=chief_zheng)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.filter(pk=rule.pk).update(
            status="approved", decided_by=officer_qian, decided_at=at
        )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"source": " "}, "source_missing"),
        ({"reason": ""}, "reason_missing"),
        ({"valid_from": TODAY - dt.timedelta(days=1)}, "day_past"),
        ({"years": Years(6, 4, 0, 2)}, "years_in_order"),
        ({"kind": RecordKind.IDENTITY, "years": Years(5, 10, 9, 2)}, "too_short"),
        ({"kind": RecordKind.WARNING_EVIDENCE, "years": Years(4, 10, 0, 2)}, "too_short"),
        ({"kind": RecordKind.WARNING_EVIDENCE, "years": Years(5, 9, 0, 2)}, "too_short"),
        ({"kind": RecordKind.LENDER_FILE, "years": Years(5, 10, 10, 1)}, "too_short"),
    ],
)
def test_a_rule_without_a_source_or_below_the_law_is_refused(propose, words, code):
    with pytest.raises(RuleBroken) as refusal:
        propose(**words)
    assert refusal.value.code == code


def test_one_proposal_of_a_kind_waits_at_a_time(propose):
    propose()
    with pytest.raises(Conflict):
        propose(valid_from=TODAY + dt.timedelta(days=9))


def test_two_approved_rules_do_not_begin_on_one_day(propose, chief_zheng, at):
    decide(propose(), chief_zheng, at)
    with pytest.raises(Conflict):
        decide(propose(years=Years(5, 6, 0, 2)), chief_zheng, at)


def test_what_was_decided_is_never_edited(propose, chief_zheng, at):
    rule = decide(propose(), chief_zheng, at)
    for change in (
        lambda: RetentionRule.objects.filter(pk=rule.pk).update(short_years=1),
        lambda: RetentionRule.objects.filter(pk=rule.pk).delete(),
    ):
        with pytest.raises(ProgrammingError, match="never changes"), transaction.atomic():
            change()


def test_the_preview_counts_what_would_become_due(kept):
    # In force 3 years: all three are due. 4 and 6 years: the one of 2023 is not, the others are.
    effect = effect_of(kind=KIND, years=Years(4, 6, 0, 2), as_of=TODAY)
    assert (effect.kept, effect.due_now, effect.due_then) == (3, 3, 2)
    assert (effect.earlier, effect.later) == (0, 3)
    shorter = effect_of(kind=KIND, years=Years(1, 1, 0, 2), as_of=TODAY)
    assert (shorter.due_then, shorter.earlier, shorter.later) == (3, 3, 0)


def test_a_longer_rule_protects_at_once_what_was_due_the_night_before(
    kept, propose, chief_zheng, officer_qian, at
):
    decide(propose(), chief_zheng, at)
    with pytest.raises(RuleBroken) as refusal:
        propose_deletion(records=[kept[0]], reason="保存期满", by=officer_qian, at=at)
    assert refusal.value.code == "too_early"


def test_the_pages_propose_preview_and_approve(client, kept, officer_qian, chief_zheng):
    client.force_login(officer_qian)
    form = {
        "kind": KIND.value, "short_years": 4, "long_years": 6, "floor_years": 0,
        "dispute_years": 2, "valid_from": clock.today().isoformat(),
        "source": "决议", "reason": "x",
    }  # fmt: skip
    address = reverse("parties:rule_proposal")
    preview = client.post(address, form | {"preview": "1"})
    assert preview.status_code == 200
    assert "按本规则今天可删除" in preview.text
    assert not RetentionRule.objects.filter(status="proposed").exists()
    assert client.post(address, form | {"source": ""}).status_code == 422
    page = client.post(address, form)
    rule = RetentionRule.objects.get(status="proposed")
    assert page.headers["Location"] == reverse("parties:rule", args=[rule.pk])
    decision = reverse("parties:rule_decision", args=[rule.pk])
    assert client.post(decision, {"decision": "approve"}).status_code == 403
    client.force_login(chief_zheng)
    assert client.post(decision, {"decision": "refuse"}).status_code == 422
    assert client.post(decision, {"decision": "approve"}).status_code == 302
    assert "公司制度（初始值）" in client.get(reverse("parties:rules")).text


def test_rules_are_closed_to_others(client, manager_lin, branch_wang, auditor_he):
    for person in (manager_lin, branch_wang, auditor_he):
        client.force_login(person)
        assert client.get(reverse("parties:rules")).status_code == 403
        assert client.get(reverse("parties:rule_proposal")).status_code == 403


def test_one_rule_more_or_three_cost_the_same(
    client, propose, chief_zheng, at, django_assert_num_queries
):
    client.force_login(chief_zheng)
    address = reverse("parties:rules")
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
    for n in range(3):
        decide(propose(valid_from=TODAY + dt.timedelta(days=n)), chief_zheng, at)
    with django_assert_num_queries(8):
        client.get(address)
