"""Chinese is complete, figures read as they should, and no page breaks the content policy."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.forms import BooleanField, CharField, ChoiceField, Form, RadioSelect
from django.http import QueryDict
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from core.enums import JobStatus
from desk.management import catalog
from desk.templatetags import xinbao
from postloss.enums import RepaymentStatus

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def test_every_message_has_its_chinese():
    gaps = catalog.gaps(catalog.read(), catalog.found())
    assert gaps == [], "run `manage.py messages` and fill the empty entries"


def test_a_translation_keeps_the_placeholders():
    for message in catalog.read():
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        for word in filter(None, words if message.id else ()):
            assert set(PLACEHOLDER.findall(word)) == set(PLACEHOLDER.findall(ids[0])), ids[0]


def test_messages_are_found_in_code_and_in_templates():
    found = catalog.found()
    assert (None, "Being closed") in found  # postloss/enums.py
    assert (None, "Sign out") in found  # templates/base.html
    assert found[None, "%(number)s thing to correct"] == (
        "%(number)s thing to correct",
        "%(number)s things to correct",
    )


def test_the_catalogue_is_written_in_one_way_only(tmp_path, monkeypatch):
    before = catalog.PATH.read_bytes()
    words = catalog.read()
    monkeypatch.setattr(catalog, "PATH", tmp_path / "django.po")
    catalog.write(words)
    assert catalog.PATH.read_bytes() == before


STATES = ("State", "Status", "Outcome", "Standing", "Quarantine")
HEADINGS = ("时间", "日期", "编号")


def test_a_state_does_not_borrow_the_word_of_a_column():
    states = [each for each in TextChoices.__subclasses__() if each.__name__.endswith(STATES)]
    assert len(states) > 20
    with translation.override("zh-hans"):
        borrowed = [
            f"{each.__name__}.{member.name}"
            for each in states
            for member in each
            if str(member.label).endswith(HEADINGS)
        ]
    assert borrowed == [], "give the state or the column a message id of its own"


def test_an_empty_and_a_fuzzy_entry_are_gaps():
    words = catalog.Catalog(locale="zh_Hans")
    words.add("Empty", "")
    words.add("Fuzzy", "模糊", flags=["fuzzy"])
    words.add("Good", "好")
    wanted = {(None, each): each for each in ["Empty", "Fuzzy", "Good", "New"]}
    assert catalog.gaps(words, wanted) == [(None, "Empty"), (None, "Fuzzy"), (None, "New")]
    assert catalog.add_missing(words, wanted) == 1
    assert catalog.drop_unused(words, {(None, "Good"): "Good"}) == 3


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (xinbao.yuan(Decimal("1234567.895")), "1,234,567.90"),
        (xinbao.yuan(Decimal("-0.004")), "0.00"),
        (xinbao.yuan(Decimal("-1234.5")), "-1,234.50"),
        (xinbao.yuan(0), "0.00"),
        (xinbao.yuan(None), "—"),
        (xinbao.fen(123456789), "1,234,567.89"),
        (xinbao.wan(Decimal("12345678.9")), "1,234.57"),
        (xinbao.percent(Decimal("0.070450")), "7.05%"),
        (xinbao.percent(Decimal("0.070449")), "7.04%"),
        (xinbao.percent(Decimal(0)), "0.00%"),
        (xinbao.percent(None), "—"),
        (xinbao.ratio(Decimal("1.23455")), "1.2346"),
        (xinbao.count(1234567), "1,234,567"),
    ],
)
def test_figures_are_rounded_half_up_and_unknown_is_a_dash(shown, expected):
    assert shown == expected


def test_a_page_masks_by_kind_and_shows_nothing_of_an_unknown_one():
    page = Template("{% load xinbao %}{{ n|masked:'phone' }} {{ n|masked:'shoe size' }}")
    assert page.render(Context({"n": "13800138000"})) == "138****8000 ***********"


def test_money_is_never_a_float():
    with pytest.raises(TypeError):
        xinbao.yuan(1.5)


def badge(**words):
    with translation.override("zh-hans"):
        return render_to_string("components/_badge.html", words)


def test_a_badge_is_colour_and_icon_and_word():
    expected = '<span class="mark mark-red"><i class="ti ti-alert-octagon" aria-hidden="true"></i>'
    assert badge(status="red").strip() == expected + "红色</span>"


def test_a_badge_takes_the_word_of_an_enum_member():
    assert "mark-blue" in badge(status=JobStatus.RUNNING)
    assert "进行中" in badge(status=JobStatus.RUNNING)
    assert "mark-red" in badge(status=RepaymentStatus.OVERDUE)


def test_every_level_and_job_status_has_a_look():
    assert {"red", "orange", "yellow", "green", "unknown", *JobStatus.values} <= set(xinbao.LOOKS)


class Sample(Form):
    name = CharField(label="名称", help_text="不超过 20 字")
    sure = BooleanField(label="已核对")
    way = ChoiceField(label="方式", choices=[("a", "甲")], widget=RadioSelect)


def test_a_form_shows_each_error_at_its_field_and_in_the_summary():
    with translation.override("zh-hans"):
        page = render_to_string("components/_form.html", {"form": Sample({}), "submit": "提交"})
    assert "有 3 处需要更正" in page
    assert '<a href="#id_name">名称</a>' in page
    assert 'class="form-control is-invalid"' in page
    assert 'aria-invalid="true"' in page
    assert page.count("field-errors") == 3
    assert re.search(r'<input type="radio"[^>]* class="form-check-input">', page)


def test_pages_keep_the_filters_of_the_list():
    words = {"page": Paginator(range(95), 10).page(2), "query": QueryDict("level=red&page=2")}
    page = render_to_string("components/_pagination.html", words)
    assert 'href="?level=red&amp;page=3"' in page
    assert "2 / 10" in page


FORBIDDEN = re.compile(
    r"""\sstyle=|<style|<script(?![^>]*\bsrc=)|\son\w+=|javascript:|(?:src|href)="https?:"""
)


def test_no_template_breaks_the_content_policy():
    folder = Path(settings.BASE_DIR) / "templates"
    broken = [
        str(path.relative_to(folder))
        for path in folder.rglob("*.html")
        if FORBIDDEN.search(path.read_text(encoding="utf-8"))
    ]
    assert broken == []
