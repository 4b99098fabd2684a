"""The repository checks itself: what is written down agrees with what is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    return [page for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")] if ".venv" not in page.parts]


def test_every_decision_is_in_the_index() -> None:
    """An ADR that the index does not name would not be found."""
    index = (ROOT / "docs/adr/README.md").read_text()
    decisions = [path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md")]
    assert decisions
    assert [name for name in decisions if f"({name})" not in index] == []


def test_every_decision_says_what_it_costs() -> None:
    """Context, decision, cost, and how one would notice that it is wrong."""
    for path in (ROOT / "docs/adr").glob("[0-9]*.md"):
        text = path.read_text()
        wanted = ["**Context.**", "**Decision.**", "**Cost.**", "**We would notice that it is wrong**"]
        assert [word for word in wanted if word not in text] == [], path.name


def test_no_link_between_pages_is_broken() -> None:
    """Every relative link leads to a file."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in LINK.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_map_names_every_package_and_module_room() -> None:
    """docs/architecture.md knows each package below monitor, so that a newcomer finds it."""
    text = (ROOT / "docs/architecture.md").read_text()
    rooms = [path.parent.name for path in (ROOT / "monitor").glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}`" not in text] == []
