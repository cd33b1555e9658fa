"""What Xinbao ships in rows is shown in the language of the page, what people typed as typed."""

import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from core.models import CalendarNotice, RegulatoryParameter
from core.shipped import SHIPPED, shipped, value_words
from ledger.models import PostingRule
from organization.models import RoleDefinition
from parties.models import RetentionRule
from postloss.models import ThresholdSet
from reporting.models import InternalControl

SENTENCE = re.compile(r"[a-z]{3}")  # codes of requirements and of standards are no sentences
COLUMNS = [
    (RegulatoryParameter, "source unit note owner effective_text"),
    (CalendarNotice, "source"),
    (RoleDefinition, "reason"),
    (RetentionRule, "source"),
    (ThresholdSet, "title source"),
    (PostingRule, "reason"),
    (InternalControl, "title owner"),
]


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_of(each)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(("model", "columns"), COLUMNS, ids=str)
def test_every_english_sentence_in_a_shipped_row_has_its_chinese(db, model, columns):
    shown = {
        text
        for row in model.objects.all()
        for column in columns.split()
        for text in [shipped(getattr(row, column))]
    }
    assert shown, "nothing is shipped, so nothing was looked at"
    assert [text for text in shown if SENTENCE.search(text) and not has_chinese(text)] == []


def test_every_value_in_words_has_its_chinese(db):
    values = {t for row in RegulatoryParameter.objects.all() for t in texts_of(row.value)}
    left = [t for t in values if SENTENCE.search(t) and not has_chinese(shipped(t))]
    assert left == []


def has_chinese(text: str) -> bool:
    return any("一" <= char <= "鿿" for char in text)


def test_every_shipped_text_still_stands_in_a_row(db):
    rows = RegulatoryParameter.objects.all()
    names = {name for row in rows if isinstance(row.value, dict) for name in names_of(row.value)}
    standing = {t for row in rows for t in texts_of(row.value)} | names
    for model, columns in COLUMNS:
        for column in columns.split():
            standing |= set(model.objects.values_list(column, flat=True))
    assert sorted(SHIPPED - standing) == []


def names_of(table: dict) -> Iterator[str]:
    for name, value in table.items():
        yield name
        if isinstance(value, dict):
            yield from names_of(value)


def test_what_a_person_typed_stays_as_typed():
    typed = "Resolution of the board"
    assert shipped(typed) == typed
    assert value_words({"from": typed, "years": 3, "sure": True}) == (
        "起: Resolution of the board; 年: 3; sure: 是"
    )
    with translation.override("en"):
        assert shipped("memory") == "memory"
        assert value_words(["gross", 2]) == "gross, 2"
