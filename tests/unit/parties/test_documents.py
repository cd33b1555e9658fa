"""What a document number tells. Source: GB 11643 (annex examples), GB 32100; python-stdnum."""

import pytest

from parties.enums import PartyKind
from parties.rules import is_credit_code, is_resident_number, kind_of_document

RESIDENTS = ["11010519491231002X", "440524188001010014", "440308199901101512", "810000199408230021"]
ENTERPRISES = ["91110000600037341L"]
NEITHER = [
    "440308199901101513",  # checksum
    "11010519491231002",
    "A1010519491231002X",
    "91110000600037341N",  # checksum
    "A1110000600037341L",
    "91110000600037341I",  # a letter that no code has
    "12345",
    "",
]


@pytest.mark.parametrize("number", RESIDENTS)
def test_a_resident_number_names_a_person(number):
    assert is_resident_number(number)
    assert kind_of_document(number) == PartyKind.PERSON


@pytest.mark.parametrize("number", ENTERPRISES)
def test_a_credit_code_names_an_enterprise(number):
    assert is_credit_code(number)
    assert kind_of_document(number) == PartyKind.ENTERPRISE


@pytest.mark.parametrize("number", NEITHER)
def test_any_other_number_names_neither(number):
    assert not is_resident_number(number)
    assert not is_credit_code(number)
    assert kind_of_document(number) == PartyKind.UNKNOWN


def test_every_wrong_digit_is_found():
    for place in range(17):
        for digit in "0123456789":
            number = RESIDENTS[0][:place] + digit + RESIDENTS[0][place + 1 :]
            assert is_resident_number(number) == (number == RESIDENTS[0])
