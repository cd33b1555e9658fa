"""Charts as SVG of our own, for the PDF; each stands beside the table that it pictures."""

from collections.abc import Sequence
from decimal import Decimal
from xml.etree import ElementTree as ET

from reporting.adapters.words import percent

Points = Sequence[tuple[float, Decimal | None]]

COLOURS = ("#17375e", "#c2410c", "#2f9e58", "#7c3aed", "#b58900", "#0e7490", "#9d174d", "#475569")
INK, SOFT, LINE = "#1f2937", "#64748b", "#d7dee7"
WIDTH, HEIGHT = 680, 230
LEFT, RIGHT, TOP, BOTTOM = 56, 26, 30, 34
BAR_TOP = 6
_STEPS = 4
_ROUND = (
    Decimal(1),
    Decimal("1.2"),
    Decimal("1.6"),
    Decimal(2),
    Decimal("2.4"),
    Decimal(3),
    Decimal(4),
    Decimal(5),
    Decimal(6),
    Decimal(8),
    Decimal(10),
)


def line_chart(
    *,
    title: str,
    series: Sequence[tuple[str, Points]],
    ticks: Sequence[tuple[float, str]],
) -> str:
    """Draw fractions over a numeric axis; an undefined point leaves a gap."""
    svg = _canvas(title, HEIGHT)
    known = [value for _, points in series for _, value in points if value is not None]
    xs = [x for x, _ in ticks] + [x for _, points in series for x, _ in points] or [0.0]
    low, high = min(xs), max(xs)
    top = _ceiling(max(known, default=Decimal(0)))

    def place(x: float, value: float) -> tuple[float, float]:
        share = (x - low) / (high - low) if high > low else 0.5
        inner = HEIGHT - TOP - BOTTOM
        return LEFT + share * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - value / float(top) * inner

    _grid(svg, top, HEIGHT)
    for x, label in ticks:
        _text(svg, place(x, 0)[0], HEIGHT - BOTTOM + 15, label, anchor="middle")
    for index, (name, points) in enumerate(series):
        colour = COLOURS[index % len(COLOURS)]
        for run in _runs(points):
            places = [place(x, float(value)) for x, value in run]
            _line(svg, places, colour)
            for x, y in places:
                ET.SubElement(svg, "circle", cx=_n(x), cy=_n(y), r="2.2", fill=colour)
        _legend(svg, index, name, colour)
    return ET.tostring(svg, encoding="unicode")


def bar_chart(*, title: str, bars: Sequence[tuple[str, Decimal | None]]) -> str:
    """Draw fractions as horizontal bars with their labels; an undefined one shows a dash."""
    row = 18
    height = BAR_TOP + row * len(bars) + 10
    svg = _canvas(title, height)
    left = 150
    top = _ceiling(max((value for _, value in bars if value is not None), default=Decimal(0)))
    for index, (label, value) in enumerate(bars):
        y = BAR_TOP + index * row
        _text(svg, left - 8, y + 12, label, anchor="end")
        length = float(value or 0) / float(top) * (WIDTH - left - 70)
        ET.SubElement(
            svg, "rect", x=_n(left), y=_n(y + 3), width=_n(max(length, 0)), height="11",
            fill=COLOURS[0],
        )  # fmt: skip
        _text(svg, left + length + 6, y + 12, percent(value))
    return ET.tostring(svg, encoding="unicode")


def stacked_chart(
    *, title: str, names: Sequence[str], columns: Sequence[tuple[str, Sequence[Decimal]]]
) -> str:
    """Draw columns whose parts are fractions of a whole."""
    svg = _canvas(title, HEIGHT)
    top = _ceiling(max((sum(parts, Decimal(0)) for _, parts in columns), default=Decimal(0)))
    _grid(svg, top, HEIGHT)
    step = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    inner = HEIGHT - TOP - BOTTOM
    for index, (label, parts) in enumerate(columns):
        x = LEFT + step * (index + 0.2)
        y = float(HEIGHT - BOTTOM)
        for number, part in enumerate(parts):
            tall = float(part) / float(top) * inner
            y -= tall
            ET.SubElement(
                svg, "rect", x=_n(x), y=_n(y), width=_n(step * 0.6), height=_n(tall),
                fill=COLOURS[number % len(COLOURS)],
            )  # fmt: skip
        _text(svg, x + step * 0.3, HEIGHT - BOTTOM + 15, label, anchor="middle")
    for number, name in enumerate(names):
        _legend(svg, number, name, COLOURS[number % len(COLOURS)])
    return ET.tostring(svg, encoding="unicode")


def _canvas(title: str, height: float) -> ET.Element:
    return ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": str(WIDTH),
            "height": _n(height),
            "viewBox": f"0 0 {WIDTH} {_n(height)}",
            "font-family": "Noto Sans SC",
            "font-size": "10",
            "role": "img",
            "aria-label": title,
        },
    )


def _grid(svg: ET.Element, top: Decimal, height: float) -> None:
    for step in range(_STEPS + 1):
        y = height - BOTTOM - step / _STEPS * (height - TOP - BOTTOM)
        _line(svg, [(LEFT, y), (WIDTH - RIGHT, y)], LINE, width="0.6")
        _text(svg, LEFT - 6, y + 3.5, percent(top * step / _STEPS), anchor="end")


def _legend(svg: ET.Element, index: int, name: str, colour: str) -> None:
    x = LEFT + (index % len(COLOURS)) * 76
    ET.SubElement(svg, "rect", x=_n(x), y="8", width="10", height="10", fill=colour)
    _text(svg, x + 14, 17, name)


def _text(svg: ET.Element, x: float, y: float, words: str, anchor: str = "start") -> None:
    item = ET.SubElement(svg, "text", {"x": _n(x), "y": _n(y), "fill": INK, "text-anchor": anchor})
    item.text = words


def _line(
    svg: ET.Element, places: Sequence[tuple[float, float]], colour: str, width: str = "1.6"
) -> None:
    ET.SubElement(
        svg,
        "polyline",
        {
            "points": " ".join(f"{_n(x)},{_n(y)}" for x, y in places),
            "fill": "none",
            "stroke": colour,
            "stroke-width": width,
        },
    )


def _runs(points: Points) -> list[list[tuple[float, Decimal]]]:
    runs: list[list[tuple[float, Decimal]]] = [[]]
    for x, value in points:
        if value is None:
            runs.append([])
        else:
            runs[-1].append((x, value))
    return [run for run in runs if run]


def _ceiling(highest: Decimal) -> Decimal:
    """Round up to a few steps of a power of ten, so that the axis has round numbers."""
    if highest <= 0:
        return Decimal("0.01")
    power = Decimal(10) ** highest.adjusted()
    return next(power * step for step in _ROUND if power * step >= highest)


def _n(number: float) -> str:
    return f"{number:.1f}"
