"""What a file is by its first bytes, and whether its name agrees."""

from __future__ import annotations

import codecs
from pathlib import PurePath

from core.enums import ContentKind

HEAD = 4096
SUFFIXES = {
    ".csv": ContentKind.CSV,
    ".tsv": ContentKind.CSV,
    ".txt": ContentKind.TEXT,
    ".xlsx": ContentKind.XLSX,
    ".pdf": ContentKind.PDF,
    ".png": ContentKind.PNG,
    ".jpg": ContentKind.JPEG,
    ".jpeg": ContentKind.JPEG,
    ".webm": ContentKind.WEBM,
    ".mp4": ContentKind.MP4,
    ".zip": ContentKind.ZIP,
}
PLAIN = frozenset({ContentKind.CSV, ContentKind.TEXT})
_ARCHIVED = frozenset({ContentKind.ZIP, ContentKind.XLSX})
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", ContentKind.PNG),
    (b"\xff\xd8\xff", ContentKind.JPEG),
    (b"%PDF-", ContentKind.PDF),
    (b"PK\x03\x04", ContentKind.ZIP),
    (b"PK\x05\x06", ContentKind.ZIP),
)
# What nobody may send under any name: programs, old office files, other archives.
_FOREIGN = (
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xd0\xcf\x11\xe0",
    b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"GIF8", b"RIFF", b"{\\rtf",
)  # fmt: skip
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def kind_by_content(head: bytes) -> ContentKind | None:
    """Return the kind that the first bytes show; `None` where they show none that we take.

    A workbook shows as an archive, and a table of text as text: only the whole file says more.
    """
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[4:8] == b"ftyp":
        return ContentKind.MP4
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]:
        return ContentKind.WEBM
    if head.startswith(_FOREIGN) or (b"\x00" in head and not head.startswith(_WIDE)):
        return None
    return ContentKind.TEXT


def kind_by_name(name: str) -> ContentKind | None:
    """Return the kind that the name claims; `None` where it has no ending that we know."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def agree(claimed: ContentKind, shown: ContentKind | None) -> bool:
    """Tell whether the content may be what the name claims."""
    if claimed in PLAIN:
        return shown == ContentKind.TEXT
    if claimed in _ARCHIVED:
        return shown == ContentKind.ZIP
    return claimed == shown
