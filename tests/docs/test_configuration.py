"""The pages that are written from the code, and what they hold."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from model.fields import Record
from monitor.config import load
from monitor.config.shape import fields_of, records
from scripts.generate_docs import PAGES, ROOT, main

PAGE = (ROOT / "docs" / "configuration.md").read_text("utf-8")
SECTIONS = re.split(r"^### ", PAGE.partition("## Every key")[2], flags=re.MULTILINE)
BLOCKS = [
    pytest.param(block, id=f"{path.relative_to(ROOT)}-{number}")
    for path in sorted([*(ROOT / "docs").glob("**/*.md"), *ROOT.glob("*.md")])
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", path.read_text("utf-8"), flags=re.DOTALL))
    if re.search(r"^(ward|wards|sites):", block, flags=re.MULTILINE)
]


@pytest.mark.parametrize(("path", "page"), PAGES, ids=[path for path, _ in PAGES])
def test_a_generated_page_is_as_the_code_would_write_it(path: str, page: Callable[[], str]) -> None:
    """`make docs` has been run since the code was changed."""
    assert (ROOT / path).read_text("utf-8") == page(), "run `make docs`"


def test_make_docs_writes_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its target writes each page of the list, the rules and the dashboards, under the root."""
    for folder in ("rules", "dashboards/en", "dashboards/vi"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setattr("scripts.generate_docs.ROOT", tmp_path)
    monkeypatch.setattr("scripts.generate_docs.PAGES", (("page.md", lambda: "# Page\n"),))
    main()
    assert (tmp_path / "page.md").read_text("utf-8") == "# Page\n"
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "page.md"
    assert all((tmp_path / name).is_file() for name in said)
    assert {name.partition("/")[0] for name in said[1:]} == {"rules", "dashboards"}


@pytest.mark.parametrize(("place", "record"), list(records()), ids=[place or "top" for place, _ in records()])
def test_every_key_is_on_the_page_with_its_meaning(place: str, record: type[Record]) -> None:
    """No table of the file is left out, no key of it, and no key is without a sentence."""
    heading = f"`{place}`" if place else "At the top"
    (section,) = (part for part in SECTIONS if heading in part.partition("\n")[0].split(" · "))
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (.*?) \|$", section, flags=re.MULTILINE))
    assert list(rows) == list(fields_of(record))
    assert all(rows.values())


def test_defaults_stand_in_the_spelling_of_the_file() -> None:
    """`1s`, not 1.0."""
    assert re.search(r"^\| `interval` \|.*\| `60s` \|", PAGE, flags=re.MULTILINE)
    assert re.search(r"^\| `transitions` \|.*\| `5y` \|", PAGE, flags=re.MULTILINE)
    assert re.search(r"^\| `verify` \|.*\| `true` \|", PAGE, flags=re.MULTILINE)
    assert re.search(r"^\| `address` \|.*\| \*\*needed\*\* \|", PAGE, flags=re.MULTILINE)


@pytest.mark.parametrize("block", BLOCKS)
def test_an_inventory_in_the_documentation_loads(block: str, tmp_path: Path) -> None:
    """What a reader copies out of a page works."""
    path = tmp_path / "ward.yml"
    path.write_text(block, "utf-8")
    assert load(path, {"AN_CHANNEL": "zalo://token/chat"})
