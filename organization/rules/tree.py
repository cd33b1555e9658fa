"""A flat list of places as a tree, with what each holds summed up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=True)
class TreeNode:
    """A place with its children; `below` counts the place itself and all below it."""

    path: str
    place: Any
    own: Mapping[str, int]
    below: dict[str, int]
    children: list[TreeNode] = field(default_factory=list)
    is_match: bool = False
    is_open: bool = False


def grow_tree(
    places: Iterable[tuple[str, Any, Mapping[str, int]]], *, matches: frozenset[str] | None = None
) -> list[TreeNode]:
    """Return the roots of the tree of (path, place, counts), in the order of paths.

    With `matches` (paths), only these and what is above them is kept, and the way to them is open;
    the counts stay those of the whole tree. Without, the first level is open.
    """
    nodes: dict[str, TreeNode] = {}
    roots: list[TreeNode] = []
    for path, place, own in sorted(places, key=lambda each: each[0]):
        node = TreeNode(path=path, place=place, own=own, below=dict(own))
        parent = nodes.get(_above(path))
        (roots if parent is None else parent.children).append(node)
        nodes[path] = node
    for path in sorted(nodes, reverse=True):
        parent = nodes.get(_above(path))
        if parent is not None:
            for name, number in nodes[path].below.items():
                parent.below[name] = parent.below.get(name, 0) + number
    if matches is None:
        for root in roots:
            root.is_open = True
        return roots
    return [kept for root in roots if (kept := _kept(root, matches)) is not None]


def _above(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"


def _kept(node: TreeNode, matches: frozenset[str]) -> TreeNode | None:
    node.is_match = node.path in matches
    node.children = [kept for each in node.children if (kept := _kept(each, matches)) is not None]
    node.is_open = bool(node.children)
    return node if node.is_match or node.children else None
