"""A house with one object of everything for each branch, and everybody who works in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from organization.enums import UnitKind
from organization.models import Role, Staff, StaffSession, Unit
from organization.selectors import head_office
from organization.services import appoint_staff, open_unit

OWN, OTHER, HOUSE = "own", "other", "house"
BRANCH_ROLES = ("branch_manager", "underwriter")
STRANGER = "stranger"
OUTSIDER = "branch_manager@other"
LONG_AFTER = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


@dataclass
class World:
    """Addresses of objects by endpoint and relation, what is posted to them, and who comes."""

    objects: dict[str, dict[str, list]] = field(default_factory=dict)
    payloads: dict[str, dict] = field(default_factory=dict)
    people: dict[str, Client] = field(default_factory=dict)

    def place(self, name: str, **by_relation: object) -> None:
        """Say what an endpoint's address takes: one value, or a list, for each relation."""
        self.objects[name] = {
            relation: value if isinstance(value, list) else [value]
            for relation, value in by_relation.items()
        }

    def addresses(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield (relation, address) of every object of an endpoint."""
        for relation, words in self.objects.get(name, {HOUSE: []}).items():
            yield relation, reverse(name, args=words)


def endpoints(patterns=None, namespace="") -> Iterator[str]:
    """Yield the name of every address of the house."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from endpoints(pattern.url_patterns, inner)
        else:
            yield f"{namespace}{pattern.name}"


def branches() -> tuple[Unit, Unit]:
    """Open the own and the other branch."""
    hq = head_office()
    own, other = (
        open_unit(code=code, name=name, name_en=code, kind=UnitKind.BRANCH, parent=hq)
        for code, name in (("BJ", "北京分公司"), ("SH", "上海分公司"))
    )
    return own, other


def appoint_everybody(own: Unit, other: Unit) -> dict[str, Staff]:
    """Appoint one person for every role, at its place, and a manager of the other branch."""
    people = {
        role.code: _appoint(role.code, own if role.code in BRANCH_ROLES else head_office())
        for role in Role.objects.order_by("code")
    }
    return people | {OUTSIDER: _appoint("branch_manager", other, username="outsider")}


def _appoint(role: str, unit: Unit, *, username: str = "") -> Staff:
    return appoint_staff(
        username=username or role,
        name=role,
        unit=unit,
        roles=[role],
        password="access-2026-long!",
        access_until=LONG_AFTER if role == "regulator" else None,
    )


def build(folder: Path, make_client) -> World:
    """Fill the house; every app's part stands in `parts`."""
    from tests.integration.access.parts import fill

    own, other = branches()
    people = appoint_everybody(own, other)
    world = World()
    fill(world, folder, own=own, other=other, people=dict(people))
    for name, staff in people.items():
        world.people[name] = make_client()
        world.people[name].force_login(staff)
    world.people[STRANGER] = make_client()
    # What a request writes is taken back, so its touch would be written again each time.
    StaffSession.objects.update(seen_at=LONG_AFTER, expires_at=LONG_AFTER, ends_at=LONG_AFTER)
    return world
