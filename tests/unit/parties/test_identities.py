"""One identity per number, sealed, found through its blind index. Source: PRE-40a, safety.md."""

import pytest
from django.db import DatabaseError, connection, transaction

from parties.enums import PartyKind
from parties.models import Party, PartyName
from parties.selectors import (
    clear_identity,
    earlier_names,
    ids_by_document,
    masked_identity,
    party_by_document,
)
from parties.services import know_parties
from tests.conftest import AT

pytestmark = pytest.mark.django_db
NUMBER, COMPANY = "11010519491231002X", "91110000600037341L"


def test_an_identity_is_known_once_whatever_its_number_looks_like():
    first = know_parties(names_by_document={NUMBER: "张三", COMPANY: "某公司"}, at=AT)
    again = know_parties(names_by_document={NUMBER.lower(): "张三", f" {NUMBER}": "张三"}, at=AT)
    assert {*again.values()} == {first[NUMBER]}
    assert Party.objects.count() == 2
    assert Party.objects.get(pk=first[NUMBER]).kind == PartyKind.PERSON
    assert Party.objects.get(pk=first[COMPANY]).kind == PartyKind.ENTERPRISE


def test_two_forms_of_a_new_number_come_in_together():
    ids = know_parties(names_by_document={NUMBER: "张三", NUMBER.lower(): "张三"}, at=AT)
    assert len({*ids.values()}) == 1
    assert {*ids} == {NUMBER, NUMBER.lower()}


def test_nothing_personal_stands_in_the_table():
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    (row,) = Party.objects.values_list(
        "sealed_document", "document_index", "sealed_name", "name_index"
    )
    for value in row:
        assert NUMBER.encode() not in bytes(value)
        assert "张三".encode() not in bytes(value)


def test_a_party_is_found_by_its_number_and_shown_masked():
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    party = party_by_document(number=NUMBER.lower())
    assert masked_identity(party) == ("张*", "1101**********002X")
    assert party_by_document(number=COMPANY) is None
    assert ids_by_document(numbers=[NUMBER, COMPANY]) == {NUMBER: party.pk}


def test_nobody_new_costs_one_query(django_assert_num_queries):
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    with django_assert_num_queries(3):  # savepoint, one select, release
        know_parties(names_by_document={NUMBER: "张三", NUMBER.lower(): "张三"}, at=AT)


def test_a_corrected_name_takes_the_place_of_the_one_before_and_history_keeps_that():
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    know_parties(names_by_document={NUMBER: "张三丰"}, at=AT)
    know_parties(names_by_document={f" {NUMBER.lower()}": "张三丰 "}, at=AT)
    party = party_by_document(number=NUMBER)
    assert clear_identity(party).name == "张三丰"
    ((row, shown),) = earlier_names(party=party)
    assert (row.replaced_at, shown) == (AT, "张*")
    assert "张三".encode() not in bytes(row.sealed_name)


def test_a_name_that_a_lender_leaves_out_takes_no_ones_place():
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    know_parties(names_by_document={NUMBER: " "}, at=AT)
    assert clear_identity(party_by_document(number=NUMBER)).name == "张三"
    assert not PartyName.objects.exists()


def test_an_enterprises_name_is_shown_and_nobody_prints_an_identity():
    know_parties(names_by_document={COMPANY: "某公司"}, at=AT)
    party = party_by_document(number=COMPANY)
    assert masked_identity(party)[0] == "某公司"
    assert repr(clear_identity(party)) == "Identity(…)"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE parties_partyname SET replaced_at = now()",
        "UPDATE parties_partyname SET sealed_name = ''",
        "SET LOCAL xinbao.resealing = 'on'; UPDATE parties_partyname SET replaced_at = now()",
        "DELETE FROM parties_partyname",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE parties_partyname",
    ],
)
def test_the_history_of_names_is_appended_only(statement):
    for name in ("张三", "张三丰"):
        know_parties(names_by_document={NUMBER: name}, at=AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
