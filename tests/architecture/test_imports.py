"""Who may import whom. The contracts stand in pyproject.toml; front doors are checked here."""

import ast

import grimp
import pytest
from importlinter.cli import lint_imports

from tests.architecture.house import ORDER, PACKAGES, ROOT, named, sources, tree

# `permissions` is a door because a button of one app and the action of another ask one function.
FRONT_DOORS = {"models", "selectors", "services", "events", "enums", "errors", "permissions"}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def test_the_contracts_of_the_import_linter_are_kept(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = lint_imports(no_cache=True, no_logo=True)
    assert code == 0, capsys.readouterr().out


def test_every_app_stands_in_the_order_and_every_package_is_linted():
    here = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert here == set(PACKAGES) == set(ORDER)


def test_apps_enter_each_other_by_the_front_doors(graph):
    through_windows = set()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            app, *rest = imported.split(".")
            is_across = app != importer.split(".")[0]
            is_open = app == "core" or (rest and rest[0] in FRONT_DOORS)
            if is_across and not is_open and "migrations" not in importer:
                through_windows.add(f"{importer} → {imported}")
    assert not through_windows, "\n".join(sorted(through_windows))


def test_nobody_fetches_a_model_by_its_name():
    """`get_model` and relations written as text would go round the linter."""
    hidden = [
        f"{named(path)}:{node.lineno}"
        for path in sources()
        if path.parts[-2:] != ("commands", "write_docs.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get_model"
    ]
    assert hidden == []


def test_no_package_lacks_its_init():
    """A folder without one slips past the linter unseen."""
    bare = {
        named(path.parent)
        for path in sources(tests=True)
        if path.parent != ROOT and not (path.parent / "__init__.py").exists()
    }
    assert bare == set()


def test_the_database_driver_is_psycopg2_alone():
    """Where psycopg 3 can be imported, Django takes it without a word and errors change class."""
    from importlib.util import find_spec

    assert find_spec("psycopg") is None
    assert find_spec("psycopg2") is not None


def test_requirements_are_pinned_one_by_one():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    loose = [line for line in wanted if not _is_pinned(line)]
    assert wanted
    assert loose == []


def _is_pinned(line: str) -> bool:
    name, pin, version = line.split(";", maxsplit=1)[0].strip().partition("==")
    return bool(pin) and version[:1].isdigit() and not set("*<>~ @/") & set(name + version)
