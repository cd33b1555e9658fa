"""The objects of each app in the house of the access table, cut by noun."""

from __future__ import annotations

from pathlib import Path

from core.services import settle
from organization.models import Staff, Unit
from tests.factories.portfolio_book import closed_book
from tests.integration.access.parts import (
    authority,
    book,
    cessions,
    doors,
    evidence,
    messages,
    people,
    persons,
    policies,
    products,
    registers,
    reports,
    warnings,
)
from tests.integration.access.world import World

CHAPTERS = (
    book,
    authority,
    warnings,
    reports,
    people,
    doors,
    evidence,
    messages,
    persons,
    registers,
    policies,
    products,
    cessions,
)


def fill(world: World, folder: Path, *, own: Unit, other: Unit, people: dict[str, Staff]) -> None:
    """Make one object of everything, or one for each branch where it belongs to one."""
    closed_book(folder, beijing=own, shanghai=other)
    for chapter in CHAPTERS:
        for part in chapter.PARTS:
            part(world, own, other, people)
    settle()  # what is written in one transaction joins the chain when it ends
