"""Nothing waits unseen: whatever anybody posts, each thing that waits has its work item (I6)."""

import logging

import pytest
from django.db import connection, transaction

from core import clock
from organization.enums import WorkKind
from organization.models import WorkItem
from organization.services.awaiting import align_everything, declared, everything_that_waits_is_work
from tests.conftest import StaffClient
from tests.integration.access.test_table import declared as table
from tests.integration.access.world import STRANGER, build


@pytest.fixture
def world(db, tmp_path):
    logging.disable(logging.ERROR)
    house = build(tmp_path, StaffClient)
    align_everything(at=clock.now())  # some of its rows are made past the services
    yield house
    logging.disable(logging.NOTSET)


def found():
    return everything_that_waits_is_work(clock.now()).bad


def test_whatever_anybody_posts_all_that_waits_is_work_and_no_work_is_idle(world):
    assert "\n".join(found()) == ""
    wrong, posted = [], 0
    for (name, method, relation), cells in table().items():
        who = next((who for who, cell in cells.items() if cell == "ok" and who != STRANGER), None)
        if method != "post" or who is None or name not in world.payloads:
            continue
        for place, address in world.addresses(name):
            if place != relation:
                continue
            for word in world.payloads[name].values():
                if hasattr(word, "seek"):
                    word.seek(0)
            with transaction.atomic():
                world.people[who].post(address, world.payloads[name])
                wrong += [f"{name} by {who}: {words}" for words in found()]
                transaction.set_rollback(True)
            posted += 1
    assert wrong == []
    assert posted > 40


def test_an_item_taken_away_and_one_too_many_are_named_kind_by_kind(world):
    kinds = set(WorkItem.objects.filter(finished_at=None).values_list("kind", flat=True))
    assert len(kinds) > 15
    for kind in kinds:
        item = WorkItem.objects.filter(kind=kind, finished_at=None).first()
        of = f"{item.subject_type} {item.subject_id} waits and has no {kind}"
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute("DELETE FROM organization_workitem WHERE id = %s", [item.pk])
            assert found() == [of]
            transaction.set_rollback(True)
        with transaction.atomic():
            WorkItem.objects.filter(pk=item.pk).update(subject_id="999999")
            gone = f"work item {item.pk} ({kind}): {item.subject_type} 999999 does not wait"
            assert found() == sorted([of, gone])
            transaction.set_rollback(True)


def test_an_item_of_no_declared_kind_is_named(world):
    item = WorkItem.objects.filter(finished_at=None).first()
    WorkItem.objects.filter(pk=item.pk).update(kind="unheard_of")
    assert f"work item {item.pk} is of no declared kind (unheard_of)" in found()


def test_every_kind_of_work_is_declared_once_and_has_a_word():
    kinds = [each.kind for each in declared()]
    assert sorted(kinds) == sorted(WorkKind.values)
