"""The report as PDF on A4, in Chinese."""

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from core.printing import NoPdfError, print_pdf
from reporting.adapters import page_parts
from reporting.selectors import ReportContent

__all__ = ["NoPdfError", "render_pdf"]


def render_pdf(content: ReportContent) -> bytes:
    """Print a report on A4.

    Raises:
        NoPdfError: Pango or the fonts are missing on this machine.
    """
    with translation.override("zh-hans"):
        html = render_to_string("reporting/pack/report.html", _context(content))
        css = render_to_string("reporting/pack/report.css", {})
    return print_pdf(html=html, css=css)


def _context(content: ReportContent) -> dict[str, object]:
    parts = page_parts.of(content)
    charts = {name: mark_safe(svg) for name, svg in parts.pop("charts").items()}  # noqa: S308 -- ours
    return {**parts, "charts": charts}
