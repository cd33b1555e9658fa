"""Contacts: one normal form, sealed, found exactly, shown masked. Source: CRM-39, PRE-40a."""

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditRecord
from parties.enums import ContactKind
from parties.errors import ContactRefused
from parties.models import Party, PartyContact
from parties.permissions import may_see_clear
from parties.rules import normal_contact
from parties.selectors import clear_contact, masked_contacts, parties_found, party_by_document
from parties.services import end_contact, know_contact, know_parties
from tests.conftest import AT

NUMBER, OTHER = "11010519491231002X", "440308199901101512"
PHONE, CARD = "13800138000", "6222021234567890128"
KIND = ContactKind


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        (KIND.PHONE, " +86 138-0013-8000", PHONE),
        (KIND.PHONE, "0086 13800138000", PHONE),
        (KIND.PHONE, "8613800138000", PHONE),
        (KIND.PHONE, "１３８００１３８０００", PHONE),
        (KIND.PHONE, "(010) 6666 8888", "01066668888"),
        (KIND.PHONE, "+86 10 66668888", "01066668888"),
        (KIND.PHONE, "0755-12345678-123", "075512345678-123"),
        (KIND.PHONE, "0755-12345678转123", "075512345678-123"),
        (KIND.PHONE, "1380013800", None),
        (KIND.PHONE, "", None),
        (KIND.CARD, "6222 0212 3456 7890 128", CARD),
        (KIND.CARD, "6222-0212-3456-7890-128", CARD),
        (KIND.CARD, "12345678", None),
        (KIND.CARD, "62220212345678901a8", None),
        (KIND.EMAIL, " Zhang.San@Example.COM", "zhang.san@example.com"),
        (KIND.EMAIL, "zhang.san", None),
        (KIND.ADDRESS, "北京市 朝阳区 a座", "北京市朝阳区A座"),
        (KIND.ADDRESS, "  ", None),
    ],
)
def test_each_kind_has_one_form_by_which_it_is_found(kind, text, normal):
    assert normal_contact(kind, text) == normal


@pytest.fixture
def party(db):
    know_parties(names_by_document={NUMBER: "张三"}, at=AT)
    return party_by_document(number=NUMBER)


def contact(party, kind=KIND.PHONE, value=PHONE):
    return know_contact(party=party, kind=kind, value=value, by=None, at=AT)


def test_a_contact_is_sealed_known_once_and_shown_masked(party):
    first = contact(party, value="+86 138 0013 8000")
    assert contact(party).pk == first.pk
    contact(party, KIND.CARD, CARD)
    contact(party, KIND.ADDRESS, "广东省深圳市南山区科技路1号")
    assert clear_contact(first) == PHONE
    for row in PartyContact.objects.all():
        for kept in (bytes(row.sealed_value), bytes(row.value_index)):
            assert PHONE.encode() not in kept
            assert CARD.encode() not in kept
    shown = [text for _row, text in masked_contacts(party=party)]
    assert shown == ["广东省深圳市******", "***************0128", "138****8000"]
    assert PHONE not in str(list(AuditRecord.objects.values_list("detail", "reason")))


def test_a_malformed_contact_is_refused_and_not_repeated(party):
    with pytest.raises(ContactRefused) as refusal:
        contact(party, value="1380013800")
    assert "1380013800" not in refusal.value.message
    assert not PartyContact.objects.exists()


def test_a_party_is_found_by_its_whole_document_phone_or_card_and_by_nothing_less(party):
    know_parties(names_by_document={OTHER: "李四"}, at=AT)
    contact(party)
    contact(party, KIND.CARD, CARD)
    asked = (NUMBER.lower(), "138 0013 8000", "+86-13800138000", "6222 0212 3456 7890 128")
    for text in asked:
        assert list(parties_found(text=text)) == [party], text
    for text in (NUMBER[:17], "1380013", CARD[:-1], CARD[-4:], "张三", "", "*", "%"):
        assert list(parties_found(text=text)) == [], text


def test_two_parties_of_one_phone_are_both_found(party):
    know_parties(names_by_document={OTHER: "李四"}, at=AT)
    contact(party)
    contact(party_by_document(number=OTHER))
    assert parties_found(text=PHONE).count() == 2


def test_a_contact_that_ended_finds_nobody_and_may_come_again(party):
    first = contact(party)
    with pytest.raises(ContactRefused):
        end_contact(contact=first, by=None, at=AT, reason=" ")
    end_contact(contact=first, by=None, at=AT, reason="号码已换")
    assert list(parties_found(text=PHONE)) == []
    assert masked_contacts(party=party) == []
    assert contact(party).pk != first.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        PartyContact.objects.filter(pk=first.pk).update(ended_at=None)


def test_nobody_sees_c2_in_clear_unless_the_parameter_names_the_role(manager_lin, chief_chen):
    from core.models import RegulatoryParameter

    day = AT.date()
    assert may_see_clear(manager_lin, level="C1", as_of=day)
    assert not may_see_clear(manager_lin, level="C2", as_of=day)
    RegulatoryParameter.objects.filter(name="privacy.levels_in_clear").update(
        value={"*": ["C1"], "risk_manager": ["C1", "C2", "C3"]}
    )
    assert may_see_clear(manager_lin, level="C2", as_of=day)
    assert not may_see_clear(chief_chen, level="C2", as_of=day)
    assert not may_see_clear(manager_lin, level="C3", as_of=day)
    assert not may_see_clear(None, level="C1", as_of=day)
    assert Party.objects.count() == 0
