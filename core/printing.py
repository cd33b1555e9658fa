"""PDF from our own pages: whole fonts, nothing fetched from elsewhere, no empty boxes."""

from __future__ import annotations

import io
import logging
import re
from functools import cache
from pathlib import Path
from types import ModuleType

from django.conf import settings

FONTS = ("NotoSansSC_400Regular.ttf", "NotoSansSC_700Bold.ttf")
PLACEHOLDER = "〓"
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class NoPdfError(Exception):
    """This machine lacks what the PDF needs; the message says what."""


def print_pdf(*, html: str, css: str) -> bytes:
    """Print a page.

    Raises:
        NoPdfError: Pango or the fonts are missing on this machine.
    """
    weasyprint = _weasyprint()
    folder = Path(settings.BASE_DIR, "static", "vendor", "fonts")
    if not all((folder / name).is_file() for name in FONTS):
        raise NoPdfError("The Chinese fonts are missing: run `make setup`.")
    fonts = weasyprint.text.fonts.FontConfiguration()
    fetch = _fetcher(weasyprint)
    sheet = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetch)
    document = weasyprint.HTML(string=printable(html), url_fetcher=fetch)
    return document.write_pdf(stylesheets=[sheet], font_config=fonts)


def printable(text: str) -> str:
    """Replace what the fonts cannot draw by 〓 with its code point, so that no name has a hole."""
    text = _NOT_PRINTED.sub("", text)
    known = _drawn()
    return "".join(
        char if char.isspace() or ord(char) in known else f"{PLACEHOLDER}[U+{ord(char):04X}]"
        for char in text
    )


@cache
def _drawn() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- only where a PDF is made

    with TTFont(Path(settings.BASE_DIR, "static", "vendor", "fonts", FONTS[0]), lazy=True) as font:
        return frozenset(font.getBestCmap())  # both weights draw the same, as a test asserts


def _weasyprint() -> ModuleType:
    try:
        import weasyprint  # noqa: PLC0415 -- needs Pango, which a machine may lack
    except OSError as missing:
        raise NoPdfError(
            "WeasyPrint cannot load Pango on this machine; the README names the packages."
        ) from missing
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    return weasyprint


def _fetcher(weasyprint: ModuleType) -> object:
    """Allow `data:` and `static:` below our static folder; refuse every other address."""
    root = Path(settings.BASE_DIR, "static").resolve()

    class StaticOnly(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: dict | None = None) -> object:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = (root / url.removeprefix("static:")).resolve()
            if not url.startswith("static:") or not path.is_relative_to(root):
                raise ValueError(f"not allowed in a report: {url[:80]}")
            return weasyprint.urls.URLFetcherResponse(url, io.BytesIO(path.read_bytes()))

    return StaticOnly(allowed_protocols=["data"], allow_redirects=False)
