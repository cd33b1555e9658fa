"""Which funders qualify. Source: PRE-02j, PRE-02k, PRE-02l, COMMENT-03."""

import datetime as dt

import pytest

from partners.enums import FunderType
from partners.rules import LicenceFacts, funder_findings, is_locally_supervised, is_non_bank

DAY = dt.date(2026, 3, 2)


def facts(**words):
    return LicenceFacts(**({"standing": "active", "funds_source": "own", "valid_to": None} | words))


def codes(licence):
    return [(each.code, each.article) for each in funder_findings(licence, day=DAY)]


def test_a_licensed_funder_of_its_own_money_has_no_finding():
    assert codes(facts()) == []


@pytest.mark.parametrize(
    ("licence", "found"),
    [
        (None, [("not_licensed", "PRE-02k")]),
        (facts(standing="suspended"), [("not_active", "PRE-02k")]),
        (facts(standing="revoked"), [("not_active", "PRE-02k")]),
        (facts(valid_to=DAY), [("licence_ended", "PRE-02k")]),
        (facts(valid_to=DAY + dt.timedelta(days=1)), []),
        (facts(funds_source="entrusted"), [("funds_entrusted", "PRE-02l")]),
        (
            facts(standing="revoked", funds_source="entrusted"),
            [("not_active", "PRE-02k"), ("funds_entrusted", "PRE-02l")],
        ),
    ],
)
def test_every_reason_is_found_with_its_article(licence, found):
    assert codes(licence) == found


def test_PRE_02j_only_a_bank_is_a_bank_and_three_kinds_are_supervised_locally():
    assert [each for each in FunderType if not is_non_bank(each)] == ["bank"]
    assert {each for each in FunderType if is_locally_supervised(each)} == {
        "micro_loan", "finance_leasing", "factoring",
    }  # fmt: skip


def test_COMMENT_03_thirteen_kinds_are_known_and_a_further_one_goes_by_the_head_office():
    assert len(set(FunderType) - {FunderType.OTHER}) == 13
