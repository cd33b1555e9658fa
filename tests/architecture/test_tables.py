"""Tables: keys point upstream, migrations are complete, states have owners."""

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import TextChoices
from django.utils import translation

from organization.enums import Permission
from tests.architecture.house import ORDER

OURS = [config for config in apps.get_app_configs() if config.name in ORDER]
# States without a table of their own, and who moves them on.
MOVED_WITHOUT_TABLE = {
    "FileState": "the loading of a file (postloss/services/importing.py)",
    "MonthEndState": "the closing of a month (postloss/services/month_end.py)",
    "BatchState": "sign_off and withdraw on ledger.FinanceBatch",
}


def test_every_key_points_upstream():
    back = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for config in OURS
        for model in config.get_models(include_auto_created=True)
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.is_relation and _is_downstream(config.name, field.related_model)
    ]
    assert back == []


def _is_downstream(app: str, target) -> bool:
    name = target._meta.app_config.name
    if name not in ORDER or target._meta.label == settings.AUTH_USER_MODEL:
        return False
    return ORDER.index(name) > ORDER.index(app)


def test_deleting_never_cascades():
    cascades = [
        f"{model._meta.label}.{field.name}"
        for config in OURS
        for model in config.get_models()
        for field in model._meta.local_fields
        if field.is_relation and field.remote_field.on_delete.__name__ in {"CASCADE", "SET_NULL"}
    ]
    assert cascades == []


def test_no_model_saves_or_orders_behind_your_back():
    strange = [
        model._meta.label
        for config in OURS
        for model in config.get_models()
        if "save" in vars(model) or model._meta.ordering
    ]
    assert strange == []


def test_every_change_of_a_model_has_its_migration():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    with translation.override(None):  # labels in English, as makemigrations sees them
        detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=loader.graph)
    assert {app: changes[app] for app in changes if app in ORDER} == {}


def state_modules():
    names = [f"{config.name}.states" for config in OURS if Path(config.path, "states.py").exists()]
    assert names
    return [importlib.import_module(name) for name in names]


@pytest.mark.parametrize("table", state_modules(), ids=lambda table: table.__name__)
def test_every_state_has_an_owner_and_every_end_is_named(table):
    """An owner is a permission; an end has none, and nothing leads out of it."""
    states = type(next(iter(table.OWNERS)))
    assert set(table.OWNERS) == set(states)
    leaving = {each for frm, _ in table.TRANSITIONS.values() for each in _several(frm)}
    reached = {to for _, to in table.TRANSITIONS.values()}
    ends = {state for state, owner in table.OWNERS.items() if not owner}
    assert ends
    assert leaving == set(states) - ends
    assert reached | {next(iter(states))} == set(states)
    assert set(table.OWNERS.values()) - {""} <= set(Permission.values)


@pytest.mark.parametrize("table", state_modules(), ids=lambda table: table.__name__)
def test_next_state_says_what_its_table_says(table):
    states = type(next(iter(table.OWNERS)))
    for action, (frm, to) in table.TRANSITIONS.items():
        for state in states:
            expected = to if state in _several(frm) else None
            assert table.next_state(state, action) == expected, (state, action)


def _several(states) -> set:
    return {states} if isinstance(states, str) else set(states)


def test_every_kind_of_state_has_a_table_or_says_who_moves_it():
    tabled = {type(next(iter(table.OWNERS))).__name__ for table in state_modules()}
    known = {
        name
        for config in OURS
        if (Path(config.path) / "enums.py").exists()
        for name, value in vars(importlib.import_module(f"{config.name}.enums")).items()
        if isinstance(value, type) and issubclass(value, TextChoices) and name.endswith("State")
    }
    assert known == tabled | set(MOVED_WITHOUT_TABLE)
