"""Why a file is not taken: one sentence for each code, which says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from core.errors import RuleBroken

_SENTENCES = {
    "empty": gettext_lazy("“%(name)s” is empty; send it with its content."),
    "disguised": gettext_lazy(
        "“%(name)s” is something else than its ending says; send it under its right name."
    ),
    "polyglot": gettext_lazy(
        "“%(name)s” is more than one thing at once; save it again from its program."
    ),
    "unreadable": gettext_lazy("“%(name)s” cannot be read; save it again and send it."),
    "no_workbook": gettext_lazy("“%(name)s” is not a workbook that can be read."),
    "entities": gettext_lazy(
        "“%(name)s” declares entities of XML; save it again as a plain workbook."
    ),
    "macro": gettext_lazy("“%(name)s” holds macros; save it as a plain .xlsx workbook."),
    "bomb": gettext_lazy("“%(name)s” is too large when unpacked; send it as CSV."),
    "too_many_entries": gettext_lazy(
        "“%(name)s” holds too many parts (more than %(entries)s); send it as CSV."
    ),
    "encrypted": gettext_lazy("“%(name)s” is locked with a password; send it without one."),
    "path": gettext_lazy("“%(name)s” holds names that lead outside; pack it again."),
    "nested": gettext_lazy("“%(name)s” holds an archive within; unpack it and send its files."),
    "pixels": gettext_lazy(
        "“%(name)s” has more than %(pixels)s pixels; make it smaller and send it again."
    ),
    "frames": gettext_lazy("“%(name)s” holds more than one picture; send each by itself."),
    "active": gettext_lazy(
        "“%(name)s” holds scripts, actions or files within; print it to PDF again."
    ),
    "hidden": gettext_lazy(
        "“%(name)s” packs its objects so that they cannot be looked into; print it to PDF again."
    ),
    "too_much_work": gettext_lazy(
        "“%(name)s” asks for more memory or time than a file may; make it smaller."
    ),
    "virus": gettext_lazy("“%(name)s” carries something that the virus scanner knows."),
}


def refusal_of(code: str, name: str, limits: Mapping[str, Any]) -> RuleBroken:
    """Return the refusal for a code; an unknown one says that the file cannot be read."""
    sentence = _SENTENCES.get(code, _SENTENCES["unreadable"])
    words = {"name": name, "entries": limits.get("entries"), "pixels": limits.get("pixels")}
    return RuleBroken(f"file_{code}", str(sentence) % words)
