"""Find every message id in code and templates, and keep the Chinese catalogue complete.

Python only: no gettext programs are needed. Chinese stands in `django.po` of `locale/zh_Hans`.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PATH = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Key = tuple[str | None, str]  # context and (singular) message id


def found() -> dict[Key, Any]:
    """Return every message id (or pair of singular and plural) of code and templates."""
    messages: dict[Key, Any] = {}
    for path in sources():
        for _line, ids, _comments, context in _messages_of(path):
            key = (context, ids[0] if isinstance(ids, tuple) else ids)
            if key not in messages or isinstance(ids, tuple):
                messages[key] = ids
    return messages


def sources() -> Iterator[Path]:
    """Yield the Python files of all packages but the tests, and the templates."""
    for package in sorted(Path(settings.BASE_DIR).glob("*/__init__.py")):
        if package.parent.name != "tests":
            for path in sorted(package.parent.rglob("*.py")):
                if "migrations" not in path.parts:
                    yield path
    for folder in settings.TEMPLATES[0]["DIRS"]:
        yield from sorted(path for path in Path(folder).rglob("*") if path.is_file())


def _messages_of(path: Path) -> Iterator[tuple[int, Any, list[str], str | None]]:
    if path.suffix == ".py":
        with path.open("rb") as source:
            yield from extract(extract_python, source, keywords=KEYWORDS)
        return
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    flat = "\n".join(line.strip() for line in calls.splitlines())
    yield from extract(extract_python, io.BytesIO(flat.encode()), keywords=KEYWORDS)


def read() -> Catalog:
    """Return the catalogue as it stands in its file."""
    with PATH.open("rb") as source:
        return read_po(source, locale="zh_Hans", abort_invalid=True)


def gaps(catalog: Catalog, wanted: dict[Key, Any]) -> list[Key]:
    """Return the keys that are missing, empty or fuzzy in the catalogue, sorted."""
    return sorted(
        (key for key in wanted if not _is_translated(catalog.get(key[1], key[0]))),
        key=lambda key: (key[1], key[0] or ""),
    )


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:
        return False
    words = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(words)


def add_missing(catalog: Catalog, wanted: dict[Key, Any]) -> int:
    """Add an empty entry for every id that the catalogue lacks; return how many."""
    missing = [key for key in wanted if catalog.get(key[1], key[0]) is None]
    for key in missing:
        catalog.add(wanted[key], context=key[0])
    return len(missing)


def drop_unused(catalog: Catalog, wanted: dict[Key, Any]) -> int:
    """Drop the entries that nothing asks for any more; return how many."""
    unused = [(m.id, m.context) for m in catalog if m.id and _key(m) not in wanted]
    for message_id, context in unused:
        catalog.delete(message_id, context)
    catalog.obsolete.clear()
    return len(unused)


def _key(message: Message) -> Key:
    return message.context, message.id[0] if isinstance(message.id, tuple) else message.id


def write(catalog: Catalog) -> None:
    """Write the catalogue sorted, without line numbers: the same ids give the same bytes."""
    with PATH.open("wb") as target:
        write_po(target, catalog, width=0, no_location=True, sort_output=True)


def compile_to_mo() -> Path:
    """Compile the catalogue to the binary file that Django reads; return its path."""
    target = PATH.with_suffix(".mo")
    with target.open("wb") as binary:
        write_mo(binary, read())
    return target
