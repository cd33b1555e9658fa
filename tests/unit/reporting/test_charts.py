"""Charts: inert text, gaps where nothing is known."""

from decimal import Decimal
from xml.etree import ElementTree as ET

from reporting.adapters.charts import bar_chart, line_chart, stacked_chart

SVG = "{http://www.w3.org/2000/svg}"


def test_names_are_text_and_nothing_else():
    svg = bar_chart(title='"><script>', bars=[("<script>alert(1)</script>", Decimal("0.1"))])
    root = ET.fromstring(svg)  # noqa: S314 -- our own
    assert "script" not in {each.tag.removeprefix(SVG) for each in root.iter()}
    assert "<script>alert(1)</script>" in [each.text for each in root.iter(f"{SVG}text")]


def test_an_undefined_point_is_a_gap_not_a_zero():
    points = [(0.0, Decimal("0.1")), (1.0, None), (2.0, Decimal("0.2")), (3.0, Decimal("0.3"))]
    svg = line_chart(title="x", series=[("a", points)], ticks=[(0.0, "0"), (3.0, "3")])
    root = ET.fromstring(svg)  # noqa: S314 -- our own
    assert len(list(root.iter(f"{SVG}circle"))) == 3


def test_nothing_to_draw_is_still_a_chart():
    for svg in (
        line_chart(title="x", series=[], ticks=[(0.0, "0")]),
        bar_chart(title="x", bars=[("a", None)]),
        stacked_chart(title="x", names=["M1"], columns=[]),
    ):
        assert ET.fromstring(svg).tag == f"{SVG}svg"  # noqa: S314 -- our own
