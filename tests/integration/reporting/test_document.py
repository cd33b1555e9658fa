"""The PDF: Chinese on the page, no hole in a name, nothing fetched. Skips without Pango."""

import re
import zlib

import pytest

from core.printing import FONTS, NoPdfError, _fetcher, _weasyprint, printable
from reporting.adapters.document import render_pdf
from reporting.selectors import report_content
from reporting.services import draft_report


@pytest.fixture(scope="module")
def weasyprint():
    try:
        return _weasyprint()
    except NoPdfError as reason:
        pytest.skip(f"no PDF on this machine: {reason}")


@pytest.fixture
def pdf(weasyprint, quarter, manager_lin, at):
    report = draft_report(quarter=quarter, by=manager_lin, at=at)
    try:
        return render_pdf(report_content(report=report))
    except NoPdfError as reason:
        pytest.skip(f"no PDF on this machine: {reason}")


def _streams(pdf):
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(stream)
        except zlib.error:
            yield stream


def _mapped_characters(pdf):
    """Read which characters the embedded fonts draw, from their ToUnicode tables."""
    text = b"\n".join(_streams(pdf)).decode("latin-1")
    found = set()
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for target in re.findall(r"<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>", block):
            found.update(bytes.fromhex(target).decode("utf-16-be"))
    return found


def test_the_text_is_chinese_and_its_fonts_are_embedded(pdf):
    drawn = _mapped_characters(pdf)
    assert set("融资性信用保证保险业务季度报告转化率逾期内部模板") <= drawn
    assert b"/FontFile2" in pdf or any(b"/FontFile2" in each for each in _streams(pdf))


def test_a_character_that_the_fonts_lack_is_a_visible_mark(pdf):
    assert "𠮷" not in _mapped_characters(pdf)
    assert "〓" in _mapped_characters(pdf)


def test_what_cannot_be_drawn_is_replaced_and_all_else_kept():
    assert printable("𠮷林 中A，—\n") == "〓[U+20BB7]林 中A，—\n"
    assert printable("a\x00b\x1bc") == "abc"


def test_both_weights_draw_the_same(pdf):
    from django.conf import settings
    from fontTools.ttLib import TTFont

    drawn = []
    for name in FONTS:
        with TTFont(settings.BASE_DIR / "static" / "vendor" / "fonts" / name, lazy=True) as font:
            drawn.append(set(font.getBestCmap()))
    assert drawn[0] == drawn[1]


def test_only_our_static_files_and_data_are_read(weasyprint):
    fetch = _fetcher(weasyprint)
    for address in (
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "https://example.com/x.png",
        "static:../manage.py",
        "static:/etc/passwd",
        "static:..%2fmanage.py",
    ):
        with pytest.raises((ValueError, OSError)):
            fetch.fetch(address)
    assert fetch.fetch("data:text/plain,ok").read() == b"ok"


def test_a_page_is_drawn(pdf):
    assert pdf.startswith(b"%PDF")
    pages = b"\n".join(_streams(pdf)).count(b"/Type /Page") + pdf.count(b"/Type /Page")
    assert pages >= 3
