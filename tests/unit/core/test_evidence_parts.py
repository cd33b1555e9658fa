"""Canonical text, Merkle trees and signatures, against figures and texts that others wrote down."""

import datetime as dt
import hashlib
from decimal import Decimal

import pytest

from core import merkle
from core.canonical import canonical, plain
from core.digests import digest

# RFC 6962 trees over the eight inputs of Certificate Transparency's own tests
INPUTS = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@pytest.mark.parametrize("count", range(1, 9))
def test_EVID_05_roots_are_those_of_certificate_transparency(count):
    assert merkle.root(INPUTS[:count]) == ROOTS[count - 1]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 64, 65])
def test_every_leaf_leads_to_its_root_and_to_no_other(count):
    leaves = [hashlib.sha256(bytes([n])).hexdigest() for n in range(count)]
    top = merkle.root(leaves)
    for place, leaf in enumerate(leaves):
        path = merkle.proof(leaves, place)
        assert merkle.leads_to(leaf, path, top)
        assert not merkle.leads_to(leaf, path, ROOTS[0])
        assert not merkle.leads_to(ROOTS[1], path, top)


def test_a_tree_of_nothing_has_no_root():
    with pytest.raises(ValueError, match="no root"):
        merkle.root([])


def test_EVID_02_one_content_has_one_text():
    content = {
        "z": Decimal("1.50"), "a": [1, True, None, 0.1], "é": "林\n\"q\"",
        "at": dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        "on": dt.date(2026, 3, 2), "of": {"b", "a"},
    }  # fmt: skip
    assert canonical(plain(content)).decode() == (
        '{"a":[1,true,null,"0.1"],"at":"2026-03-02T01:00:00.000000Z","of":["a","b"],'
        '"on":"2026-03-02","z":"1.50","é":"林\\n\\"q\\""}'
    )


def test_what_the_database_cannot_keep_is_replaced_before_it_is_hashed():
    assert plain("a\0b\ud800c𠮷") == "a\ufffdb\ufffdc𠮷"


def test_sm3_is_that_of_its_standard():
    """GB/T 32905, examples 1 and 2."""
    assert digest(b"abc", algorithm="sm3") == (
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    )
    assert digest(b"abcd" * 16, algorithm="sm3") == (
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )
