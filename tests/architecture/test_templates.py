"""Templates: each is used, targets exist, and nothing breaks the content policy."""

import ast
import re

import pytest

from tests.architecture.house import ROOT, files, sources, tree

FOLDER = ROOT / "templates"
TEMPLATES = {
    path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
    for path in files(".html", ".css", ".txt", ".svg", under=FOLDER)
}
PRINTED = "reporting/pack/"  # made into a PDF by WeasyPrint; no browser opens it
REFERENCE = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")
DYNAMIC = re.compile(r"""\{%\s*(?:include|extends)\s+(?!["'])""")
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
VARIABLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def named_in_code() -> set[str]:
    """Return the templates that Python names: as a text, or as an f-string that fits."""
    wanted = set()
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and node.value in TEMPLATES:
                wanted.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                shape = "".join(
                    re.escape(part.value) if isinstance(part, ast.Constant) else "[^/]+"
                    for part in node.values
                )
                if re.search(r"\\\.(html|css|txt)$", shape):
                    wanted |= {name for name in TEMPLATES if re.fullmatch(shape, name)}
    return wanted


def test_every_template_is_used():
    used, waiting = set(), named_in_code()
    while waiting:
        name = waiting.pop()
        used.add(name)
        waiting |= {each for each in REFERENCE.findall(TEMPLATES[name]) if each in TEMPLATES} - used
    assert used
    assert set(TEMPLATES) - used == set()


def test_every_included_template_exists_and_is_named_in_words():
    missing = {
        f"{name} → {each}"
        for name, text in TEMPLATES.items()
        for each in REFERENCE.findall(text)
        if each not in TEMPLATES
    }
    assert missing == set()
    assert [name for name, text in TEMPLATES.items() if DYNAMIC.search(text)] == []


def test_components_see_only_what_they_are_given():
    """A component that reads the page's context works on one page and breaks on the next."""
    call = re.compile(r"""\{%\s*include\s+["']components/[^%]*%\}""")
    leaky = [
        f"{name}: {match[0]}"
        for name, text in TEMPLATES.items()
        for match in call.finditer(text)
        if not re.search(r"\bonly\s*%\}$", match[0]) and " with " in match[0]
    ]
    assert leaky == []


def test_every_target_is_an_id_that_some_template_declares():
    declared = {
        VARIABLE.sub("*", each)
        for text in TEMPLATES.values()
        for each in re.findall(r"""\bid=["']([^"']+)["']""", COMMENT.sub("", text))
    }
    aims = re.compile(r"""(?:hx-(?:target|select|include|indicator)|data-bs-target)="#([^" ]+)""")
    lost = {
        f"{name} → #{each}"
        for name, text in TEMPLATES.items()
        for each in aims.findall(COMMENT.sub("", text))
        if VARIABLE.sub("*", each) not in declared
    }
    assert declared
    assert lost == set()


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a style attribute", r"<[^>]*\sstyle\s*="),
        ("a style element", r"<style[\s>]"),
        ("a script without a source", r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[\s>]"),
        ("an event attribute", r"<[^>]*\son[a-z]+\s*="),
        ("an htmx event attribute", r"\bhx-on[:-]"),
        ("a javascript address", r"javascript:"),
        ("another host", r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//"""),
        ("text taken as safe", r"\|\s*safe\b|\{%\s*autoescape off"),
    ],
)
def test_no_template_holds(what, pattern):
    found = [
        name
        for name, text in TEMPLATES.items()
        if not name.startswith(PRINTED) and re.search(pattern, COMMENT.sub("", text))
    ]
    assert found == []
