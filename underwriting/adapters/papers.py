"""A policy, its certificate or an endorsement on A4, in Chinese."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from core.printing import print_pdf


def render_paper(*, template: str, context: dict[str, Any]) -> bytes:
    """Print one paper of a policy.

    Raises:
        NoPdfError: Pango or the fonts are missing on this machine.
    """
    with translation.override("zh-hans"):
        html = render_to_string(f"underwriting/papers/{template}.html", context)
        css = render_to_string("underwriting/papers/paper.css", {})
    return print_pdf(html=html, css=css)
