"""A lender's text file as frames of cells: encoding, separator, header, trailer, chunks of lines.

Streams the stored file; memory does not grow with it. Lines are physical lines: a line break
inside quotes is not supported and shows as a line with the wrong number of columns.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl
from django.conf import settings
from django.utils.translation import gettext

from core import files
from core.models import StoredFile
from postloss.adapters.lender_blocks import sort_lines
from postloss.errors import FileRefused
from postloss.rules.lender_files import (
    TRAILER,
    Header,
    Layout,
    Trailer,
    choose_separator,
    read_header,
    read_trailer,
)

CHUNK_BYTES = settings.LENDER_CHUNK_BYTES
LINE_NO = "line_no"
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Chunk:
    """Lines of a file: those with the right number of columns as a frame of text, and the rest.

    `frame` has `line_no` and one text column per header name, empty cells as nulls.
    `misfits` are (line number, cells).
    """

    frame: pl.DataFrame
    misfits: list[tuple[int, list[str]]] = field(default_factory=list)
    last_line_no: int = 0

    @property
    def rows(self) -> int:
        """Data lines in the chunk."""
        return self.frame.height + len(self.misfits)

    def behind(self, line_no: int) -> Chunk:
        """Return the lines behind a line, for a load that goes on within a chunk."""
        frame = self.frame.filter(pl.col(LINE_NO) > line_no)
        misfits = [misfit for misfit in self.misfits if misfit[0] > line_no]
        return Chunk(frame, misfits, self.last_line_no)


@dataclass(frozen=True)
class TextSource:
    """A readable text file: how it is encoded and separated, and what its header names."""

    stored: StoredFile
    encoding: str
    separator: str
    header: Header

    def chunks(self, *, only: Sequence[str] = ()) -> Iterator[Chunk | Trailer]:
        """Yield the data lines chunk by chunk, then the trailer if there is one.

        `only`: the columns that the frames need to have (default: all).

        Raises:
            FileRefused: the trailer cannot be read.
        """
        only = only or self.header.names
        line_no = 2
        pending: bytes | None = None
        for block in _line_blocks(self._text(), CHUNK_BYTES):
            if pending is not None:
                chunk, line_no = self._chunk(pending, line_no, only)
                yield chunk
            pending = block
        body, trailer = self._cut_trailer(pending or b"")
        if body.strip():
            chunk, line_no = self._chunk(body, line_no, only)
            yield chunk
        if trailer is not None:
            yield trailer

    def _text(self) -> Iterator[bytes]:
        pieces = _utf8(self.stored, self.encoding)
        rest = b""
        for piece in pieces:
            rest += piece
            _head, newline, tail = rest.partition(b"\n")
            if newline:
                yield tail
                yield from pieces
                return

    def _cut_trailer(self, block: bytes) -> tuple[bytes, Trailer | None]:
        text = block.rstrip(b"\r\n \t")
        start = text.rfind(b"\n") + 1
        last = text[start:].decode()
        if not last.strip().strip('"').startswith(TRAILER):
            return block, None
        try:
            return text[:start], read_trailer(last.strip(), self.separator)
        except ValueError as refusal:
            raise FileRefused(str(refusal)) from refusal

    def _chunk(self, block: bytes, first_line_no: int, only: Sequence[str]) -> tuple[Chunk, int]:
        block = block.replace(b"\r\n", b"\n")
        if not block.endswith(b"\n"):
            block += b"\n"
        chunk, lines = self._sorted(block, first_line_no, only)
        chunk.last_line_no = first_line_no + lines - 1
        return chunk, first_line_no + lines

    def _sorted(self, block: bytes, first_line_no: int, only: Sequence[str]) -> tuple[Chunk, int]:
        """Read the plain lines at once, and the odd ones one by one."""
        names = self.header.names
        found = sort_lines(block, separator=self.separator, width=len(names))
        odd = self._one_by_one(found.odd, first_line_no)
        plain = self._at_once(found.plain, [*dict.fromkeys(name for name in names if name in only)])
        numbers = pl.Series(LINE_NO, found.plain_lines + first_line_no, dtype=pl.UInt32)
        frame = plain.insert_column(0, numbers)
        if odd.frame.height:
            frame = pl.concat([frame, odd.frame.select(frame.columns)]).sort(LINE_NO)
        return Chunk(frame, odd.misfits), len(found.plain_lines) + len(found.odd)

    def _at_once(self, block: bytes, only: Sequence[str]) -> pl.DataFrame:
        if not block:
            return pl.DataFrame(schema=dict.fromkeys(only, pl.String))
        frame = pl.read_csv(
            block,
            has_header=False,
            columns=[self.header.names.index(name) for name in only],
            separator=self.separator,
            quote_char=None,
            infer_schema=False,
        )
        frame.columns = list(only)
        return frame

    def _one_by_one(self, lines: list[tuple[int, str]], first_line_no: int) -> Chunk:
        width = len(self.header.names)
        numbers, rows, misfits = [], [], []
        for place, line in lines:
            if not line.strip():
                continue
            cells = _cells(line, self.separator)
            if len(cells) == width:
                numbers.append(first_line_no + place)
                rows.append(cells)
            else:
                misfits.append((first_line_no + place, cells))
        return Chunk(frame_of(self.header.names, numbers, rows), misfits)


def frame_of(names: tuple[str, ...], numbers: list[int], rows: list[list[str]]) -> pl.DataFrame:
    """Make a frame of text cells from lists; empty cells become nulls."""
    columns = list(zip(*rows, strict=True)) or [[] for _ in names]
    return pl.DataFrame(
        {
            LINE_NO: pl.Series(numbers, dtype=pl.UInt32),
            **{
                name: pl.Series([cell or None for cell in cells], dtype=pl.String)
                for name, cells in zip(names, columns, strict=True)
            },
        }
    )


def _cells(line: str, separator: str) -> list[str]:
    if '"' not in line:
        return line.rstrip("\r").split(separator)
    try:
        return next(csv.reader([line], delimiter=separator, strict=True))
    except (csv.Error, StopIteration):
        return [line]


def open_text(stored: StoredFile, layout: Layout) -> TextSource:
    """Find out how a text file is encoded and separated, and read its header.

    Raises:
        FileRefused: it is empty, no text, or its header lacks a column.
    """
    encoding = _detect_encoding(stored)
    head = b"".join(_take(_utf8(stored, encoding), 1 << 16))
    if not head.strip():
        raise FileRefused(
            gettext("“%(name)s” is empty; send it with a header and its lines.")
            % {"name": stored.name}
        )
    line = head.split(b"\n", 1)[0].decode(errors="replace").strip("\r\n")
    separator = choose_separator(line, layout.names)
    try:
        header = read_header(line, separator, layout)
    except ValueError as refusal:
        raise FileRefused(str(refusal)) from refusal
    return TextSource(stored, encoding, separator, header)


def _take(pieces: Iterator[bytes], count: int) -> Iterator[bytes]:
    for piece in pieces:
        yield piece
        count -= len(piece)
        if count <= 0:
            return


def _detect_encoding(stored: StoredFile) -> str:
    first = next(files.pieces(stored), b"")
    if first.startswith(_WIDE_BOMS) or first.count(b"\x00") > len(first) // 8:
        raise FileRefused(
            gettext(
                "“%(name)s” is not text in UTF-8 or GB18030;"
                " save it as CSV UTF-8 and send it again."
            )
            % {"name": stored.name}
        )
    if _decodes(stored, "utf-8"):
        return "utf-8"
    if not _was_utf8(first) and _decodes(stored, "gb18030"):
        return "gb18030"
    raise FileRefused(
        gettext("“%(name)s” can be read neither as UTF-8 nor as GB18030; save it as CSV UTF-8.")
        % {"name": stored.name}
    )


def _decodes(stored: StoredFile, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in files.pieces(stored):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _was_utf8(first: bytes) -> bool:
    """Tell broken UTF-8, which GB18030 would often read as other characters, from GB18030."""
    if first.startswith(codecs.BOM_UTF8):
        return True
    wide = [char for char in first.decode(errors="replace") if char > "\x7f"]
    return len(wide) > 2 * wide.count("\ufffd")


def _utf8(stored: StoredFile, encoding: str) -> Iterator[bytes]:
    """Yield the text as UTF-8 without its byte-order mark."""
    is_first = True
    decoder = codecs.getincrementaldecoder(encoding)()
    for piece in files.pieces(stored):
        text = piece if encoding == "utf-8" else decoder.decode(piece).encode()
        if is_first:
            text, is_first = text.removeprefix(codecs.BOM_UTF8), False
        yield text


def _line_blocks(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Regroup pieces into blocks of at most about `size` bytes that end at a line's end."""
    buffer = io.BytesIO()
    for piece in pieces:
        buffer.write(piece)
        if buffer.tell() < size:
            continue
        rest, start = buffer.getvalue(), 0
        while len(rest) - start >= size:
            cut = rest.rfind(b"\n", start, start + size) + 1 or rest.find(b"\n", start) + 1
            if not cut:
                break
            yield rest[start:cut]
            start = cut
        buffer = io.BytesIO()
        buffer.write(rest[start:])
    if buffer.tell():
        yield buffer.getvalue()
