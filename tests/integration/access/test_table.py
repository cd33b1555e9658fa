"""Every endpoint × role × relation × method equals the one declared table. Source: safety.md A1.

`table.csv` holds a line for each (endpoint, method, relation) and a column for each role at its
place: `ok` is an answer below 400 or a refusal of the business (409, 422); everything else is the
status. `login` is the way to the sign-in page. After a change of an endpoint, run
`pytest tests/integration/access/test_table.py`: it names every cell that differs.
"""

import copy
import csv
import logging
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from tests.conftest import StaffClient
from tests.integration.access.world import World, build, endpoints

TABLE = Path(__file__).with_name("table.csv")
KEYS = ["endpoint", "method", "relation"]
REFUSALS_OF_BUSINESS = {409, 422}
SHARES = 2  # so that both workers can take part
NOT_OURS = {"metrics", "set_language"}  # answer everybody the same, see test_doors


def answer(client: Client, method: str, address: str, payload: dict) -> str:
    """Return the cell of one request, and take back what it wrote."""
    cookies = copy.deepcopy(client.cookies)  # signing out would throw the session away
    for word in payload.values():
        if hasattr(word, "seek"):
            word.seek(0)  # a file is sent once for everybody
    with transaction.atomic():
        response = getattr(client, method)(address, payload if method == "post" else {})
        if response.streaming:
            list(response.streaming_content)  # the last piece closes its file
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.headers.get("Location", "").startswith("/login"):
        return "login"
    is_ok = response.status_code < 400 or response.status_code in REFUSALS_OF_BUSINESS
    return "ok" if is_ok else str(response.status_code)


def actual(world: World, names: list[str]) -> dict[tuple[str, ...], dict[str, str]]:
    return {
        (name, method, relation): {
            who: answer(client, method, address, world.payloads.get(name, {}))
            for who, client in world.people.items()
        }
        for name in names
        for relation, address in world.addresses(name)
        for method in ("get", "post")
    }


def declared() -> dict[tuple[str, ...], dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {tuple(row.pop(key) for key in KEYS): row for row in csv.DictReader(lines)}


@pytest.fixture
def world(db, tmp_path):
    logging.disable(logging.ERROR)
    yield build(tmp_path, StaffClient)
    logging.disable(logging.NOTSET)


def ours() -> list[str]:
    return sorted(set(endpoints()) - NOT_OURS)


def test_every_endpoint_is_declared():
    assert ours() == sorted({name for name, *_ in declared()})


@pytest.mark.parametrize("share", range(SHARES))
def test_every_cell_of_the_access_table_is_as_declared(world, share):
    names = ours()[share::SHARES]
    table = {key: row for key, row in declared().items() if key[0] in names}
    found = actual(world, names)
    wrong = [
        f"{' '.join(key)} {who}: declared {table.get(key, {}).get(who)}, is {cell}"
        for key, cells in found.items()
        for who, cell in cells.items()
        if table.get(key, {}).get(who) != cell
    ]
    assert wrong == []
    assert set(table) == set(found)
    assert all(set(row) == set(world.people) for row in table.values())
