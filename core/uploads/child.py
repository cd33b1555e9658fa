"""Look into one hostile file, in a process of its own with little memory and little time.

Run by path and isolated (`python -I child.py`), so it imports neither Django nor the house. It
reads the file from an inherited descriptor, prints one line of JSON, and for an image writes the
re-encoded copy to a second descriptor. Source: safety.md, uploads; A7.
"""

import datetime as dt
import io
import json
import os
import re
import resource
import sys
import zipfile
import zlib
from xml.parsers import expat

PIECE = 1 << 20
ZIP_START, ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
ARCHIVES = (
    ZIP_START,
    ZIP_END,
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
)
MACROS = ("vbaproject", "macrosheets/", "activex/", "oleobject", "embeddings/", "ctrlprops/")
MACRO_TYPE = b"macroenabled"
# What a PDF may do beyond being read: run, start, fetch, send, carry.
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|GoToR|XFA|Rendition)"
    rb"(?![A-Za-z0-9])"
)
NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class Refused(Exception):
    """The file must not be taken; the code says why."""


def main() -> None:
    """Judge the file of descriptor `argv[2]` as the kind `argv[1]` under the limits `argv[4]`."""
    kind, source, sink, limits = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    limits = json.loads(limits)
    _bound(limits)
    try:
        with os.fdopen(source, "rb") as stream:
            facts = INSPECTORS[kind](stream, sink, limits)
        verdict = {"facts": facts}
    except Refused as refusal:
        verdict = {"refused": str(refusal)}
    except MemoryError:
        verdict = {"refused": "too_much_work"}
    except Exception as failure:  # noqa: BLE001 -- whatever a parser stumbles over is no good file
        verdict = {"refused": "unreadable", "failure": type(failure).__name__}
    sys.stdout.write(json.dumps(verdict) + "\n")


def _bound(limits: dict) -> None:
    memory, seconds = limits["child_bytes"], limits["child_seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


# archives


def inspect_zip(stream: io.BufferedReader, _sink: int, limits: dict) -> dict:
    """Check an archive: whole, bounded, flat, readable to the last byte."""
    with _archive(stream, limits) as archive:
        size = 0
        for entry in archive.infolist():
            size += _count(archive, entry, limits["unpacked_bytes"] - size, is_flat=True)
        return {"entries": len(archive.infolist()), "unpacked": size}


def inspect_xlsx(stream: io.BufferedReader, _sink: int, limits: dict) -> dict:
    """Check a workbook: an archive without macros whose XML declares no entity."""
    with _archive(stream, limits) as archive:
        names = [entry.filename.lower() for entry in archive.infolist()]
        if any(word in name for name in names for word in MACROS):
            raise Refused("macro")
        if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
            raise Refused("no_workbook")
        size = 0
        for entry in archive.infolist():
            name = entry.filename.lower()
            if name.endswith((".xml", ".rels", ".vml")):
                is_list = name == "[content_types].xml"
                size += _parse(archive, entry, limits["unpacked_bytes"] - size, is_list=is_list)
            else:
                size += _count(archive, entry, limits["unpacked_bytes"] - size)
        return {"entries": len(names), "unpacked": size}


def _archive(stream: io.BufferedReader, limits: dict) -> zipfile.ZipFile:
    if stream.read(4) not in {ZIP_START, ZIP_END}:
        raise Refused("polyglot")
    try:
        archive = zipfile.ZipFile(stream)
    except zipfile.BadZipFile as failure:
        raise Refused("unreadable") from failure
    entries = archive.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > limits["entries"]:
        raise Refused("too_many_entries")
    if size > limits["unpacked_bytes"] or size / packed > limits["unpacked_ratio"]:
        raise Refused("bomb")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Refused("encrypted")
    if any(_leaves(entry.filename) for entry in entries):
        raise Refused("path")
    return archive


def _leaves(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]


def _count(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int, *, is_flat=False) -> int:
    """Unpack an entry into nothing and count what really comes out."""
    size = 0
    with archive.open(entry) as part:
        for number, piece in enumerate(iter(lambda: part.read(PIECE), b"")):
            if is_flat and not number and piece.startswith(ARCHIVES):
                raise Refused("nested")
            size += len(piece)
            if size > room:
                raise Refused("bomb")
    return size


def _parse(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int, *, is_list: bool) -> int:
    parser, size = expat.ParserCreate(), 0
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.EntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    with archive.open(entry) as part:
        for piece in iter(lambda: part.read(PIECE), b""):
            size += len(piece)
            if size > room:
                raise Refused("bomb")
            if is_list and MACRO_TYPE in piece.lower():
                raise Refused("macro")
            parser.Parse(piece, False)
    parser.Parse(b"", True)
    return size


def _refuse_entities(*_: object) -> int:
    raise Refused("entities")


def rows_xlsx(stream: io.BufferedReader, sink: int, limits: dict) -> dict:
    """Write the rows of every sheet to the sink, each as a line of JSON."""
    from openpyxl import load_workbook  # noqa: PLC0415 -- only where it is needed

    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    count = 0
    with os.fdopen(sink, "w", encoding="utf-8") as lines:
        for index, sheet in enumerate(book.worksheets):
            for values in sheet.iter_rows(values_only=True, max_col=limits["columns"]):
                lines.write(json.dumps([index, *map(_plain, values)]) + "\n")
                count += 1
    return {"rows": count}


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    return str(value)


# images


def inspect_image(stream: io.BufferedReader, sink: int, limits: dict, *, form: str) -> dict:
    """Draw the image anew: what is not picture does not come along."""
    from PIL import Image, ImageOps  # noqa: PLC0415 -- only where it is needed

    Image.MAX_IMAGE_PIXELS = None
    with Image.open(stream, formats=[form]) as image:
        width, height = image.size
        if width * height > limits["pixels"]:
            raise Refused("pixels")
        if getattr(image, "n_frames", 1) > 1:
            raise Refused("frames")
        image.load()
        plain = ImageOps.exif_transpose(image)
        modes = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA", "1", "I;16")}[form]
        if plain.mode not in modes:
            has_alpha = form == "PNG" and plain.has_transparency_data
            plain = plain.convert("RGBA" if has_alpha else "RGB")
        plain.info = {}
        with os.fdopen(sink, "wb") as copy:
            plain.save(copy, form, **({"quality": 92} if form == "JPEG" else {"optimize": False}))
    return {"width": width, "height": height}


# documents


def inspect_pdf(stream: io.BufferedReader, _sink: int, limits: dict) -> dict:
    """Check a PDF: nothing before it, nothing behind it, nothing in it that acts."""
    raw = stream.read()
    end = raw.rfind(b"%%EOF")
    if not raw.startswith(b"%PDF-"):
        raise Refused("polyglot")
    if end < 0:
        raise Refused("unreadable")
    if raw[end + 5 :].strip(b"\r\n \t\x00"):
        raise Refused("polyglot")
    _refuse_active(raw)
    if re.search(rb"/Encrypt(?![A-Za-z])", raw[max(0, len(raw) - (1 << 16)) :]) or re.search(
        rb"trailer\s*<<[^>]*?/Encrypt(?![A-Za-z])", raw
    ):
        raise Refused("encrypted")
    size = before = 0
    for start in re.finditer(rb"stream\r?\n", raw):
        if raw[start.start() - 3 : start.start()] == b"end":
            continue
        head = _unescaped(raw[max(before, start.start() - (1 << 16)) : start.start()])
        before = start.end()
        if b"/ObjStm" in head and not _is_plainly_packed(head):
            raise Refused("hidden")
        body = _inflated(raw, start.end(), limits["unpacked_bytes"] - size)
        size += len(body)
        _refuse_active(body)
    return {"unpacked": size}


def _unescaped(raw: bytes) -> bytes:
    return NAME_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), raw)


def _refuse_active(raw: bytes) -> None:
    if ACTIVE.search(raw) or (b"#" in raw and ACTIVE.search(_unescaped(raw))):
        raise Refused("active")


def _is_plainly_packed(head: bytes) -> bool:
    """Tell whether objects in a stream can be read by unpacking zlib alone."""
    if re.search(rb"/(DecodeParms|DP)(?![A-Za-z])", head):
        return False
    filters = re.findall(rb"/(?:Filter|F)(?![A-Za-z])\s*\[?\s*((?:/\w+\s*)*)", head)
    return all(each.split() in ([], [b"/FlateDecode"], [b"/Fl"]) for each in filters)


def _inflated(raw: bytes, start: int, room: int) -> bytes:
    """Unpack a stream as far as it is packed by zlib; nothing where it is not."""
    if raw[start] & 0x0F != 8:
        return b""
    unpacker, body, size = zlib.decompressobj(), [], 0
    try:
        while not unpacker.eof and start < len(raw):
            body.append(unpacker.decompress(raw[start : start + 65536], room - size + 1))
            size += len(body[-1])
            if size > room:
                raise Refused("bomb")
            start += 65536
    except zlib.error:
        pass
    return b"".join(body)


INSPECTORS = {
    "zip": inspect_zip,
    "xlsx": inspect_xlsx,
    "rows": rows_xlsx,
    "png": lambda *words: inspect_image(*words, form="PNG"),
    "jpeg": lambda *words: inspect_image(*words, form="JPEG"),
    "pdf": inspect_pdf,
}


if __name__ == "__main__":
    main()
