"""Papers of policies are kept by a rule: PRE-10a-d."""

import datetime as dt
import io

import pytest

from parties.models import KeptRecord, RetentionRule
from parties.services import compute_retention
from parties.services.mapping import sources
from postloss.services.retention import ended_identities
from tests.factories.papers import plain_pdf
from tests.integration.parties.test_retention import SETTLED, ended_book, party
from underwriting.models import PolicyDocument
from underwriting.rules.assignments import Transfer
from underwriting.services.endings import end_policies, end_policy
from underwriting.services.papers import make_paper
from underwriting.services.quotes import Person, make_quote, withdraw_quote
from underwriting.services.retention import ended_papers, months_begun

pytestmark = pytest.mark.django_db
__all__ = ["ended_book"]  # fixtures
ON = dt.date(2026, 9, 2)
AFTER = dt.date(2027, 1, 1)


@pytest.fixture
def printed(counter):
    policy = counter.issue()
    make_paper(policy=policy, kind="policy", by=counter.maker, at=counter.at)
    return policy


def end(counter, policy, action="settle"):
    end_policies(action, policies=[policy], on=ON, by=counter.issuer, at=counter.at, reason="结清")


def test_PRE_10_a_paper_is_kept_for_the_years_after_its_policy_ended(counter, printed):
    end(counter, printed)
    compute_retention(as_of=AFTER, at=counter.at, heartbeat=lambda **_words: None)
    record = KeptRecord.objects.get(kind="policy_paper")
    assert record.stored == PolicyDocument.objects.get().stored
    assert (record.ended_on, record.term_months) == (ON, 12)
    rule = RetentionRule.objects.get(kind="policy_paper")
    years = max(rule.short_years, rule.floor_years)
    assert record.retain_until == dt.date(ON.year + years, ON.month, ON.day) + dt.timedelta(days=1)


def test_a_policy_in_force_and_one_that_ended_by_a_claim_keep_their_papers(counter, printed):
    assert list(ended_papers(AFTER)) == []
    end(counter, printed, "claim")
    assert list(ended_papers(AFTER)) == []


def test_an_end_ahead_has_not_come(counter, printed):
    end_policy(
        action="settle", policy=printed, on=ON, by=counter.issuer, at=counter.at, reason="结清"
    )
    assert list(ended_papers(ON - dt.timedelta(days=1))) == []
    assert len(list(ended_papers(ON))) == 1


def test_papers_of_a_quote_that_came_to_nothing_end_with_it(counter):
    once = Transfer(
        sequence=1, from_name="甲小贷", to_name=counter.lender.name, contract_no="Z1",
        transferred_on=dt.date(2026, 1, 5),
    )  # fmt: skip
    quote = make_quote(
        order=counter.order(history=(once,), original_creditor="甲小贷"), by=counter.maker,
        at=counter.at, papers=[("转让.pdf", io.BytesIO(plain_pdf()))],
    )  # fmt: skip
    assert list(ended_papers(counter.at.date())) == []
    withdraw_quote(quote=quote, by=counter.maker, at=counter.at, reason="客户放弃")
    (ended,) = ended_papers(AFTER)
    assert ended.stored_id == quote.transfers.get().document_id
    assert (ended.ended_on, ended.term_months) == (counter.at.date(), 0)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (dt.date(2026, 1, 31), dt.date(2027, 1, 31), 12),
        (dt.date(2026, 1, 31), dt.date(2027, 2, 1), 13),
        (dt.date(2026, 3, 2), dt.date(2026, 3, 3), 1),
    ],
)
def test_a_month_begun_counts_whole(first, last, months):
    assert months_begun(first, last) == months


def test_every_kind_of_record_has_its_source():
    assert "policy_paper" in sources()


def test_PRE_10_an_identity_stays_while_a_policy_of_the_person_is_in_force(counter, ended_book):
    ours = party(SETTLED)
    assert [each.party_id for each in ended_identities(AFTER)] == [ours.pk]
    policy = counter.issue(obligor=Person(document=SETTLED, name="王小明"))
    assert policy.obligor == ours
    assert list(ended_identities(AFTER)) == []
    end(counter, policy)
    (ended,) = ended_identities(AFTER)
    assert (ended.party_id, ended.ended_on, ended.term_months) == (ours.pk, ON, 12)
