"""Sources: small, explained, and free of the machine they were written on."""

import ast
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.architecture.house import ROOT, files, named, sources, tree

LONGEST, LONG = 500, 300
EXPLAINED = {"rules", "services", "selectors", "permissions", "errors", "states"}
UNITS = re.compile(
    r"yuan|fen\b|fraction|multiple|share|unrounded|percent|days|months|hours|per year|unit",
    re.IGNORECASE,
)


def test_no_source_is_over_500_lines():
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files(".py", ".html", ".js", ".css", ".sh")
        if "migrations" not in path.parts  # records, not code
    }
    over = {name: lines for name, lines in lengths.items() if lines > LONG}
    for name, lines in sorted(over.items(), key=lambda each: -each[1]):
        print(f"over {LONG} lines, to be cut by noun some day: {name} {lines}")  # noqa: T201
    assert lengths
    assert {name: lines for name, lines in over.items() if lines > LONGEST} == {}


def public_functions():
    """Yield (place, function) of what other modules may call where the rules live."""
    for path in sources():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not EXPLAINED.intersection(parts) or parts[0] in {"core", "config"}:
            continue
        body = tree(path).body
        classes = [node for node in body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
        inside = [each for node in classes for each in node.body]
        for node in [*body, *inside]:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield f"{named(path)}:{node.lineno} {node.name}", node


def test_every_public_function_where_the_rules_live_says_what_it_does():
    functions = dict(public_functions())
    silent = [place for place, node in functions.items() if not ast.get_docstring(node)]
    assert len(functions) > 100
    assert silent == []


def test_every_rule_that_returns_a_decimal_states_its_unit():
    mute = [
        place
        for place, node in public_functions()
        if "/rules" in place
        and node.returns is not None
        and "Decimal" in ast.unparse(node.returns)
        and not UNITS.search(ast.get_docstring(node) or "")
    ]
    assert mute == []


def texts():
    for path in files():
        try:
            yield named(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_knows_where_it_stands_or_whence_packages_come():
    """A lock or a guide that names a host works on one network only."""
    patterns = [
        re.compile(
            # in pieces, so that this file names no host either
            r"\b(?:py"
            r"pi|python"
            r"hosted)[.][a-z]{2,3}\b"
            r"|\bregis"
            r"try[.](?:np"
            r"m|yar"
            r"n)|\bde"
            r"b[.]deb"
            r"ian"
        ),
        re.compile(r"--(?:extra-)?index-url|--registry[= ]|trusted-host"),
        re.compile(r'"resolved"\s*:'),
        re.compile(r"https?://(?!127[.]|0[.]0[.]0[.]0)\d+[.]\d+[.]\d+[.]\d+"),
    ]
    hosts = {urlsplit(os.environ.get(name, "")).hostname for name in _INDEX_VARIABLES} - {None}
    patterns += [re.compile(re.escape(host)) for host in hosts - {"localhost", "127.0.0.1"}]
    if len(ROOT.parts) > 2:
        patterns.append(re.compile(re.escape(str(ROOT)) + r"(?=[/\s\"'`]|$)"))
    here = named(Path(__file__))
    found = [
        f"{name}: {match[0]}"
        for name, text in texts()
        if name != here
        for pattern in patterns
        if (match := pattern.search(text))
    ]
    assert found == []


_INDEX_VARIABLES = (
    "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX",
    "NPM_CONFIG_REGISTRY", "npm_config_registry",
)  # fmt: skip


def test_every_variable_that_settings_read_is_named_in_the_example():
    text = (ROOT / "config/settings.py").read_text() + (ROOT / "Makefile").read_text()
    asked = set(re.findall(r'(?:env\.\w+|_secret|_service)\(\s*"([A-Z_]+)"', text))
    told = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert len(asked) > 10
    assert asked - told == set()
