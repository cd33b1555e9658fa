"""PRE-34a, PRE-41c: the short-rate table of a version, entered, previewed and compared."""

import pytest
from django.urls import reverse

from core.errors import NotPermitted, RuleBroken, WrongState
from products.rules.refunds import read_steps
from products.services import revise_version, set_refund_table, what_is_missing
from tests.factories.products import DAY, complete, draft

FILED = {"until_0": "25", "kept_0": "40", "until_1": "50", "kept_1": "70", "until_2": "100",
         "kept_2": "100"}  # fmt: skip


def send(client, who, version, **words):
    client.force_login(who)
    return client.post(reverse("products:refunds", args=[version.pk]), words)


def test_a_table_is_previewed_then_saved_and_shown_in_words(client, house):
    version = draft(by=house.drafter, at=house.at)
    seen = send(client, house.drafter, version, **FILED, preview="1").content.decode()
    version.refresh_from_db()
    assert version.refund_rule == {"kind": "pro_rata"}
    assert "7,200.00" in seen  # within a quarter, 40 % of 12,000 is kept
    assert "3,600.00" in seen
    assert send(client, house.drafter, version, **FILED).status_code == 302
    version.refresh_from_db()
    assert [(float(each.until), float(each.kept)) for each in read_steps(version.refund_rule)] == [
        (0.25, 0.4), (0.5, 0.7), (1.0, 1.0),
    ]  # fmt: skip
    shown = client.get(reverse("products:version", args=[version.pk])).content.decode()
    assert "不超过期间的 25% 40%" in shown
    assert "不超过期间的 100% 100%" in shown
    form = client.get(reverse("products:refunds", args=[version.pk])).content.decode()
    assert 'value="25"' in form


def test_a_table_by_months_stays_a_table_by_months(client, house):
    version = draft(by=house.drafter, at=house.at)
    words = {"months": "12", "until_0": "1", "kept_0": "20", "until_1": "12", "kept_1": "90"}
    assert send(client, house.drafter, version, **words).status_code == 302
    version.refresh_from_db()
    assert version.refund_rule["table"] == [
        {"until": "1/12", "kept": "1/5"}, {"until": "1", "kept": "9/10"},
    ]  # fmt: skip
    shown = client.get(reverse("products:version", args=[version.pk])).content.decode()
    assert "不超过 1 个月（共 12 个月）" in shown


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kept_1": "30"}, "第2行"),
        ({"until_2": "90"}, "末行"),
        ({"kept_2": "101"}, "0至100%"),
        ({"kept_1": ""}, "第2行"),
        ({"until_1": "20"}, "第2行"),
    ],
)
def test_a_table_that_is_not_in_order_is_refused_and_named(client, house, wrong, said):
    version = draft(by=house.drafter, at=house.at)
    answer = send(client, house.drafter, version, **{**FILED, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    version.refresh_from_db()
    assert version.refund_rule == {"kind": "pro_rata"}


def test_only_a_draft_takes_a_table_and_a_short_rate_without_one_is_missing(house):
    version = draft(by=house.drafter, at=house.at, refund_rule={"kind": "short_rate"})
    complete(version, by=house.drafter, checker=house.reviewer, at=house.at)
    assert [each.code for each in what_is_missing(version)] == ["refund"]
    with pytest.raises(NotPermitted):
        set_refund_table(version=version, steps=[], by=house.seller, at=house.at)
    with pytest.raises(RuleBroken, match="PRE-41c"):
        set_refund_table(version=version, steps=[], by=house.drafter, at=house.at)
    with pytest.raises(WrongState, match="PRE-34a"):
        set_refund_table(
            version=house.on_sale(code="SOLD"), steps=[], by=house.drafter, at=house.at
        )


def test_two_tables_are_compared_step_by_step(client, house):
    first = house.on_sale(
        refund_rule={"kind": "short_rate", "table": [{"until": "0.5", "kept": "0.5"},
                                                      {"until": "1", "kept": "1"}]}
    )  # fmt: skip
    second = revise_version(version=first, valid_from=DAY, by=house.drafter, at=house.at)
    assert send(client, house.drafter, second, **FILED).status_code == 302
    text = client.get(reverse("products:difference", args=[second.pk, first.pk])).content.decode()
    assert "不超过期间的 25%" in text
    assert "70.00%" in text
    assert "50.00%" in text
