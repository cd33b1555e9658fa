"""Masks by kind, and the sieve of texts. Source: safety.md, CRM-39, A19."""

import json
import logging

import pytest
import structlog
from django.conf import settings

from core.masking import HIDDEN, holds_personal, mask, scrub, scrub_line
from core.sieve import sieve

ID, PHONE, CARD = "11010519491231002X", "13800138000", "6222021234567890128"


@pytest.mark.parametrize(
    ("kind", "text", "masked"),
    [
        ("document", ID, "1101**********002X"),
        ("document", "12345678901", "1234***8901"),
        ("document", "1234567890", "**********"),
        ("document", "", ""),
        ("name", "张三", "张*"),
        ("name", "张", "张*"),
        ("name", "欧阳锋", "欧阳*"),
        ("name", "欧阳", "欧*"),
        ("name", "Ann", "A**"),
        ("name", "", ""),
        ("phone", PHONE, "138****8000"),
        ("phone", "01066668888", "*******8888"),
        ("phone", "10086", "*****"),
        ("card", CARD, "***************0128"),
        ("card", "12345678", "********"),
        ("address", "广东省深圳市南山区科技路1号", "广东省深圳市******"),
        ("address", "北京市朝阳区建国路88号", "北京市******"),
        ("address", "内蒙古自治区呼和浩特市新城区", "内蒙古自治区呼和浩特市******"),
        ("address", "朝阳区菜市口大街1号", "******"),
        ("address", "", ""),
        ("email", "zhang.san@example.com", "z***@example.com"),
        ("email", "zhang", "*****"),
        ("unheard of", "abc", "***"),
    ],
)
def test_each_kind_shows_what_it_may(kind, text, masked):
    assert mask(text, kind) == masked


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"号码{ID}。", "号码1101**********002X。"),
        (f"({ID.lower()})", "(1101**********002X)"),
        ("110105 19491231 002X", "1101**********002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", "1101**********002X"),
        ("110105194912310021", "1101**********0021"),  # wrong check digit, a day of birth
        (f"2026-11-27 {PHONE} x", "2026-11-27 138****8000 x"),
        ("+86 138-0013-8000", "138****8000"),
        ("8613800138000", "138****8000"),
        (f"card={CARD},", "card=***************0128,"),
        ("6222 0212 3456 7890 128", "***************0128"),
        ("mail zhang.san@example.com", "mail z***@example.com"),
        (f"A{PHONE}B", "A138****8000B"),
        (f"{PHONE}x", "138****8000x"),
        (f"99{ID[:17]}X", "9911" + "*" * 12 + "002X"),
        (f"loans_{PHONE}.csv", "loans_138****8000.csv"),
    ],
)
def test_the_sieve_finds_personal_numbers_in_any_text(text, clean):
    assert scrub(text) == clean
    assert holds_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "repayment_201705.csv", "2026-11-27T00:51:35.123456+08:00", "1,234,567,890.12",
        "12345678901", "50000000000000000001", "L01-2017-000123456",
        "month 2017-05 v12, 1000000 loans", "全角１２３", "A1380013800B",
        "6222021234567890129", "第 12 页", "",
    ],
)  # fmt: skip
def test_the_sieve_leaves_other_numbers_alone(text):
    assert scrub(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "password=geheim1", "'SECRET_KEY': 'geheim1'", "Authorization: Bearer geheim1",
        "postgres://xinbao:geheim1@db/xinbao", '{"csrf_token": "geheim1"}', "sessionid=geheim1; x",
        "FIELD_KEY=geheim1", "recovery_codes: geheim1",
    ],
)  # fmt: skip
def test_what_stands_behind_the_name_of_a_secret_leaves_the_line(line):
    assert "geheim1" not in scrub_line(line)


def test_what_the_database_repeats_of_a_row_leaves_the_line():
    line = (
        'psycopg2.errors.InvalidText: value "甄探雀" of column "name" is wrong\n'
        "LINE 1: SELECT '甄探雀'::integer\n               ^\n"
        "DETAIL:  Failing row contains (1, 甄探雀).\n"
        'django.db.utils.DataError: null value in column "name" of relation "x"'
    )
    assert scrub_line(line) == (
        f'psycopg2.errors.InvalidText: value {HIDDEN} of column "name" is wrong\n'
        f"LINE 1: {HIDDEN}\nDETAIL: {HIDDEN}\n"
        'django.db.utils.DataError: null value in column "name" of relation "x"'
    )


def test_a_line_of_the_log_is_sifted_to_its_depth():
    line = {
        "event": f"seen {ID}",
        "password": "x",
        "number": int(PHONE),
        "deep": {"cards": [{"no": CARD}], "token": "y"},
        "kept": [1, 2.5, None, True],
        "error": ValueError(PHONE),
    }
    assert sieve(None, "info", line) == {
        "event": "seen 1101**********002X",
        "password": HIDDEN,
        "number": "138****8000",
        "deep": {"cards": [{"no": "***************0128"}], "token": HIDDEN},
        "kept": [1, 2.5, None, True],
        "error": "138****8000",
    }


@pytest.fixture
def written():
    """What the house's own formatter writes of a line, as the handler of the log does."""
    words = settings.LOGGING["formatters"]["json"]
    formatter = words["()"](
        processors=words["processors"], foreign_pre_chain=words["foreign_pre_chain"]
    )
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(formatter.format(record))

    handler = Keep()
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def test_whoever_speaks_the_log_holds_nothing_personal(written):
    structlog.get_logger("ours").warning("seen", document=ID, note=f"call {PHONE}")
    logging.getLogger("theirs").warning("seen %s and %s", ID, {"card": CARD})
    try:
        int(f"duplicate key ({ID})")
    except ValueError:
        structlog.get_logger("ours").exception("failed", password="geheim1")
        logging.getLogger("theirs").exception("failed for %s", PHONE)
    assert len(written) == 4
    assert not [word for word in (ID, PHONE, CARD, "geheim1") if word in "".join(written)]
    assert [json.loads(line)["level"] for line in written] == ["warning", "warning"] + ["error"] * 2
    assert "Traceback" in written[2]
    assert "Traceback" in written[3]
    assert "1101**********002X" in written[0]
