"""Documents: links lead somewhere, names that they cite exist, generated pages are fresh."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from core.management.commands.write_docs import DOCS, pages
from tests.architecture.house import ROOT, files, named, sources

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *files(".md", under=DOCS)]
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
PICTURES = ROOT / "docs" / "screenshots"  # taken by the browser journeys


def links():
    for page in PAGES:
        for words, target in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
            yield page, words, target


def test_every_link_leads_to_a_file_and_every_anchor_to_a_heading():
    lost = []
    for page, _, target in links():
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        name, _, anchor = unquote(target).partition("#")
        path = (page.parent / name).resolve() if name else page
        is_awaited = path.parent == PICTURES and not PICTURES.exists()
        if not (path.exists() or is_awaited) or (anchor and anchor not in _anchors(path)):
            lost.append(f"{named(page)} → {target}")
    assert lost == []


def _anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_name_that_a_link_cites_stands_in_the_code_it_leads_to():
    """`[`close_month`](...py)` is wrong once the function has moved."""
    wrong = []
    for page, words, target in links():
        path = (page.parent / target.partition("#")[0]).resolve()
        name = re.fullmatch(r"`([A-Za-z_][\w.]*)(?:\(\))?`", words)
        if name and path.suffix == ".py" and path.is_file() and "/" not in words:
            last = name[1].rpartition(".")[2]
            if name[1] != path.name and not re.search(
                rf"^\s*(?:def|class) {last}\b|^\s*{last}\b\s*[:=]", path.read_text(), re.MULTILINE
            ):
                wrong.append(f"{named(page)}: {words} is not in {named(path)}")
    assert wrong == []


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_equal_their_code(name):
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_every_decision_says_context_decision_consequences_and_what_was_rejected():
    decisions = sorted(path for path in PAGES if path.parent.name == "adr")
    numbers = [int(path.name[:4]) for path in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    for path in decisions:
        headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        wanted = ["Context", "Decision", "Consequences", "Rejected"]
        assert headings[: len(wanted)] == wanted, named(path)


def test_every_identifier_of_the_glossary_is_used_in_the_code():
    rows = re.findall(
        r"^\|([^|]*)\|([^|]*)\|([^|]*)\|[^|]*\|$",
        (DOCS / "glossary.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    used = {
        word for path in sources() for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))
    }
    cited = [name for row in rows for name in re.findall(r"`([\w.]+)`", row[2])]
    assert len(cited) > 60
    assert [name for name in cited if name.rpartition(".")[2] not in used] == []
    english = [row[1].strip() for row in rows if "`" in row[2]]
    assert len(english) == len(set(english)), "a term stands twice"
