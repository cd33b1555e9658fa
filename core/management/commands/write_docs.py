"""`manage.py write_docs [--check]`: write the pages of `docs/` that come from the code."""

import importlib
import importlib.util
import inspect
from dataclasses import fields, is_dataclass
from itertools import groupby
from pathlib import Path
from types import ModuleType

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.dispatch import Signal
from django.utils import translation

from core import jobs
from core.data_inventory import Entry, entries

DOCS = Path(settings.BASE_DIR) / "docs"
WRITTEN = "<!-- Written by `make docs`; change the code, not this page. -->\n"


class Command(BaseCommand):
    """Write what can be read from the code, so that it cannot grow old."""

    help = "Write the pages of docs/ that come from the code."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one switch."""
        parser.add_argument("--check", action="store_true", help="write nothing, fail on a change")

    def handle(self, *, check: bool, **_options: object) -> None:
        """Write the pages that differ."""
        stale = [name for name, text in pages().items() if _present(name) != text]
        if check and stale:
            raise CommandError(f"Run make docs: {', '.join(stale)} differ from the code.")
        for name in stale:
            path = DOCS / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages()[name], encoding="utf-8")
            self.stderr.write(f"wrote docs/{name}")


def pages() -> dict[str, str]:
    """Return the text of every generated page by its path in `docs/`."""
    with translation.override(None):
        states = {
            f"states/{app.name}.md": _states_page(app, table)
            for app in _ours()
            if (table := _module(app, "states"))
        }
        return states | {
            "events.md": _events_page(),
            "map.md": _map_page(),
            "data-inventory.md": _inventory_page(),
        }


def _present(name: str) -> str | None:
    path = DOCS / name
    return path.read_text(encoding="utf-8") if path.exists() else None


def _ours() -> list[AppConfig]:
    root = Path(settings.BASE_DIR)
    return [app for app in apps.get_app_configs() if Path(app.path).parent == root]


def _module(app: AppConfig, name: str) -> ModuleType | None:
    found = importlib.util.find_spec(f"{app.name}.{name}")
    return importlib.import_module(f"{app.name}.{name}") if found else None


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


def _states_page(app: AppConfig, table: ModuleType) -> str:
    kind = type(next(iter(table.OWNERS)))
    moves = [
        (before, action, after)
        for action, (given, after) in table.TRANSITIONS.items()
        for before in kind
        if before == given or (not isinstance(given, str) and before in given)
    ]
    lines = [f"# States: {app.name}", WRITTEN, _first_line(table), "", "```mermaid"]
    lines += ["stateDiagram-v2", f"    [*] --> {next(iter(kind)).value}"]
    lines += [f"    {before.value} --> {after} : {action}" for before, action, after in moves]
    lines += [f"    {state.value} --> [*]" for state in kind if not table.OWNERS.get(state)]
    lines += ["```", "", "| state | in words | whose turn | steps |", "|---|---|---|---|"]
    for state in kind:
        steps = ", ".join(str(action) for before, action, _ in moves if before == state)
        owner = table.OWNERS.get(state)
        turn = f"`{owner}`" if owner else "nobody: an end"
        lines.append(f"| `{state.value}` | {state.label} | {turn} | {steps or '—'} |")
    return "\n".join(lines) + "\n"


def _events_page() -> str:
    lines = ["# Events", WRITTEN]
    lines.append("What an app announces to those above it: a signal and a frozen dataclass.\n")
    count = len(lines)
    for app in _ours():
        module = _module(app, "events")
        for name, thing in sorted(vars(module).items()) if module else []:
            if is_dataclass(thing) and thing.__module__ == module.__name__:
                words = ", ".join(f"`{each.name}`" for each in fields(thing))
                lines.append(f"- `{app.name}.{name}` ({words}): {_first_line(thing)}")
            elif isinstance(thing, Signal):
                lines.append(f"- signal `{app.name}.{name}`")
    if len(lines) == count:
        lines.append("No app announces anything yet: what exists is called from above.")
    return "\n".join(lines) + "\n"


def _map_page() -> str:
    lines = ["# Map: apps, tables, jobs", WRITTEN]
    lines.append(
        "From the ground up. An app uses those above it in this page, never those below.\n"
    )
    for app in _ours():
        lines += [f"## {app.name}", "", _first_line(app.module), ""]
        models = sorted(app.get_models(), key=lambda model: model.__name__)
        if models:
            lines += ["| table | what it holds |", "|---|---|"]
            lines += [f"| `{model.__name__}` | {_first_line(model)} |" for model in models]
            lines.append("")
        for kind, body in sorted(jobs._bodies.items()):
            if body.__module__.split(".")[0] == app.name:
                lines.append(f"- job `{kind}`: {_first_line(body)}")
        if lines[-1].startswith("- job"):
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _inventory_page() -> str:
    lines = ["# Data inventory", WRITTEN]
    lines.append(
        "Every field that is classified (C3, C2, C1 of JR/T 0171), how it is kept, what for, and on"
        " which basis. Technical fields are left out. How long a record is kept says the register"
        " of retention. Nothing is sent abroad. Source: PRE-45a, CRM-46, CRM-47; how it is held:"
        " [0014](adr/0014-data-levels-and-keys.md).\n"
    )
    for app, found in groupby(entries(), key=lambda entry: entry.app):
        rows = [_inventory_row(entry) for entry in found if entry.level]
        if rows:
            lines += [f"## {app}", "", "| field | level | kept | purpose | basis |"]
            lines += ["|---|---|---|---|---|", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def _inventory_row(entry: Entry) -> str:
    kept = f"{entry.keeping_words}: {entry.reason}" if entry.reason else f"{entry.keeping_words}"
    purpose = entry.ground.purpose if entry.ground else "—"
    basis = entry.ground.basis if entry.ground else "—"
    return f"| `{entry.table}.{entry.field}` | {entry.level} | {kept} | {purpose} | {basis} |"
