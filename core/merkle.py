"""A Merkle tree after RFC 6962: leaf = H(0x00 ‖ data), node = H(0x01 ‖ left ‖ right).

A proof is the list of (`left` or `right`, sibling) from the leaf to the root. Source: EVID-05.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.digests import SHA256, digest_bytes

Proof = list[tuple[str, str]]


def root(leaves: Sequence[str], *, algorithm: str = SHA256) -> str:
    """Return the root over leaves given as hexadecimal digits; there is at least one."""
    if not leaves:
        raise ValueError("a tree without leaves has no root")
    level = [_leaf(each, algorithm) for each in leaves]
    while len(level) > 1:
        level = _above(level, algorithm)
    return level[0].hex()


def proof(leaves: Sequence[str], place: int, *, algorithm: str = SHA256) -> Proof:
    """Return how the leaf at `place` (from 0) leads to the root."""
    level = [_leaf(each, algorithm) for each in leaves]
    path: Proof = []
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < place else "right", level[sibling].hex()))
        level, place = _above(level, algorithm), place // 2
    return path


def leads_to(leaf: str, path: Proof, top: str, *, algorithm: str = SHA256) -> bool:
    """Tell whether the proof leads from the leaf to this root."""
    node = _leaf(leaf, algorithm)
    for side, sibling in path:
        other = bytes.fromhex(sibling)
        pair = other + node if side == "left" else node + other
        node = digest_bytes(b"\x01" + pair, algorithm=algorithm)
    return node.hex() == top


def _leaf(data: str, algorithm: str) -> bytes:
    return digest_bytes(b"\x00" + bytes.fromhex(data), algorithm=algorithm)


def _above(level: list[bytes], algorithm: str) -> list[bytes]:
    pairs = [
        digest_bytes(b"\x01" + level[i] + level[i + 1], algorithm=algorithm)
        for i in range(0, len(level) - 1, 2)
    ]
    return pairs + level[len(pairs) * 2 :]
