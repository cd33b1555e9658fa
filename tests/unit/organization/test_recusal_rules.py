"""Who must stay out (PRE-12e)."""

import pytest

from organization.rules.recusal import Relation, recusal_findings, traits

CASE = traits([("document", b"d"), ("phone", b"p"), ("account", b"a")])


def found(own=(), relations=(), maker_id=7):
    findings = recusal_findings(own=traits(own), relations=relations, case=CASE, maker_id=maker_id)
    return [(each.source, each.kind) for each in findings]


@pytest.mark.parametrize("kind", ["document", "phone", "account"])
def test_a_shared_trait_keeps_out(kind):
    assert found([(kind, kind[0].encode())]) == [("detected", kind)]


def test_the_same_index_under_another_kind_is_another_thing():
    assert found([("address", b"p")]) == []


def test_a_declared_relation_binds_to_the_party_and_to_the_colleague_who_made_the_case():
    to_party = Relation(kind="family", colleague_id=None, index=b"d")
    to_maker = Relation(kind="other", colleague_id=7, index=None)
    elsewhere = Relation(kind="family", colleague_id=8, index=None)
    assert found(relations=[to_party, to_maker, elsewhere]) == [
        ("declared", "family"),
        ("declared", "other"),
    ]
    assert found(relations=[elsewhere], maker_id=None) == []
