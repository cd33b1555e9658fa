"""Every field has its level, and the check says so where one has not. Source: PRE-45a."""

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from core.checks import check_data_levels, findings_of
from core.data_inventory import KEEPING, entries
from core.data_levels import levels, sealed_by


def codes(model) -> list[str]:
    return [finding.id.rpartition(".E")[2] for finding in findings_of(model)]


@pytest.fixture
def table():
    """Make a table of core with these columns; it exists for one test."""

    def make(columns, **words):
        names = {"__module__": "core.models", **words}
        names |= {name: field.clone() for name, field in columns.items()}
        names["Meta"] = type("Meta", (), {"app_label": "core"})
        with isolate_apps():
            return type("Trial", (models.Model,), names)

    return make


def text():
    return models.CharField(max_length=10)


def test_the_whole_house_is_classified():
    assert check_data_levels() == []
    assert [each for each in run_checks() if each.id.startswith("xinbao")] == []


def test_a_table_without_levels_is_found(table):
    assert codes(table({"name": text()})) == ["001"]


def test_a_field_that_is_missing_twice_or_gone_is_found(table):
    fields = {"name": text(), "other": text(), "third": text()}
    model = table(fields, data_levels=levels(c1="name other", none="name gone"))
    assert codes(model) == ["002", "003", "004"]
    assert codes(table(fields, data_levels=levels(c1="name other", none="third"))) == []


@pytest.mark.parametrize("level", ["c2", "c3"])
@pytest.mark.parametrize(
    "field", [text(), models.TextField(), models.JSONField(), models.EmailField()]
)
def test_personal_text_in_clear_is_found_unless_excused(table, level, field):
    assert codes(table({"name": field}, data_levels=levels(**{level: "name"}))) == ["005"]
    excused = levels(**{level: "name"}, clear={"name": "a trial"})
    assert codes(table({"name": field}, data_levels=excused)) == []
    silent = levels(**{level: "name"}, clear={"name": " "})
    assert codes(table({"name": field}, data_levels=silent)) == ["005"]


def test_personal_figures_need_no_seal(table):
    fields = {"balance": models.BigIntegerField(), "index": models.BinaryField()}
    assert codes(table(fields, data_levels=levels(c2="balance index"))) == []


def test_a_sealed_column_says_its_place_or_a_rotation_would_leave_it_behind(table):
    fields = {"sealed_name": models.BinaryField(), "path": text()}
    words = {"data_levels": levels(c2="sealed_name", c1="path")}
    assert codes(table(fields, **words)) == ["006"]
    assert codes(table(fields, **words, sealed_by=sealed_by(sealed_name="path"))) == []
    assert codes(table(fields, **words, sealed_by=sealed_by(sealed_name="gone"))) == ["007"]


def test_the_inventory_says_of_each_field_how_it_is_kept_and_what_for():
    found = {(each.app, each.table, each.field): each for each in entries()}
    name = found["parties", "Party", "sealed_name"]
    assert (name.level, name.keeping, name.goes_abroad) == ("C2", "sealed", False)
    assert name.ground is not None
    assert found["parties", "Party", "name_index"].keeping == "index"
    password = found["organization", "Staff", "password"]
    assert (password.level, password.keeping, bool(password.reason)) == ("C3", "clear", True)
    assert found["organization", "Staff", "is_active"].level == ""
    assert {each.keeping for each in found.values()} == set(KEEPING)
    assert [
        key
        for key, each in found.items()
        if each.level in {"C2", "C3"} and not each.ground and each.is_ours
    ] == []
