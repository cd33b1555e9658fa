"""One identity per number, sealed, found through its blind index. Source: PRE-40a, safety.md."""

import pytest

from parties.enums import PartyKind
from parties.models import Party
from parties.selectors import ids_by_document, masked_identity, party_by_document
from parties.services import know_parties

pytestmark = pytest.mark.django_db
NUMBER, COMPANY = "11010519491231002X", "91110000600037341L"


def test_an_identity_is_known_once_whatever_its_number_looks_like():
    first = know_parties(names_by_document={NUMBER: "张三", COMPANY: "某公司"})
    again = know_parties(names_by_document={NUMBER.lower(): "张三", f" {NUMBER}": "张三"})
    assert {*again.values()} == {first[NUMBER]}
    assert Party.objects.count() == 2
    assert Party.objects.get(pk=first[NUMBER]).kind == PartyKind.PERSON
    assert Party.objects.get(pk=first[COMPANY]).kind == PartyKind.ENTERPRISE


def test_two_forms_of_a_new_number_come_in_together():
    ids = know_parties(names_by_document={NUMBER: "张三", NUMBER.lower(): "张三"})
    assert len({*ids.values()}) == 1
    assert {*ids} == {NUMBER, NUMBER.lower()}


def test_nothing_personal_stands_in_the_table():
    know_parties(names_by_document={NUMBER: "张三"})
    (row,) = Party.objects.values_list(
        "sealed_document", "document_index", "sealed_name", "name_index"
    )
    for value in row:
        assert NUMBER.encode() not in bytes(value)
        assert "张三".encode() not in bytes(value)


def test_a_party_is_found_by_its_number_and_shown_masked():
    know_parties(names_by_document={NUMBER: "张三"})
    party = party_by_document(number=NUMBER.lower())
    assert masked_identity(party) == ("张*", "1101**********002X")
    assert party_by_document(number=COMPANY) is None
    assert ids_by_document(numbers=[NUMBER, COMPANY]) == {NUMBER: party.pk}


def test_nobody_new_costs_one_query(django_assert_num_queries):
    know_parties(names_by_document={NUMBER: "张三"})
    with django_assert_num_queries(3):  # savepoint, one select, release
        know_parties(names_by_document={NUMBER: "张三", NUMBER.lower(): "张三"})
