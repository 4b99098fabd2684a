"""docs/standards.md names what the code names."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("model", "history", "alerts", "exporters", "reports", "monitor")
NAMED = re.compile(r"\bRFC \d+|\b[GXY]\.\d{3,4}(?!\d)|\bQCVN \d+")
ROW = re.compile(
    r"^\| \[?(?:ITU-T )?(?P<standard>RFC \d+|[GXY]\.\d+|QCVN \d+)\b.*\| (?P<modules>`.*`) \|$", re.MULTILINE
)


def rows() -> dict[str, list[str]]:
    """Standard → the modules that use it, as the page says."""
    page = (ROOT / "docs/standards.md").read_text()
    return {row["standard"]: re.findall(r"`([^`]+)`", row["modules"]) for row in ROW.finditer(page)}


def named(path: Path) -> set[str]:
    """The standards that a file names."""
    return set(NAMED.findall(path.read_text()))


def test_every_standard_that_the_code_names_is_in_the_table() -> None:
    """Who reads of an RFC in the code finds it, with its title, in the table."""
    files = [path for folder in PACKAGES for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".yml"}]
    missing = {f"{path.relative_to(ROOT)}: {each}" for path in files for each in named(path) - set(rows())}
    assert missing == set()


def test_every_module_in_the_table_names_its_standard() -> None:
    """A row does not outlive its use: the modules are there and say what they follow."""
    wrong = [
        f"{standard}: {module}"
        for standard, modules in rows().items()
        for module in modules
        if not (ROOT / module).is_file() or standard not in named(ROOT / module)
    ]
    assert wrong == []


def test_the_table_is_read() -> None:
    """The page has the rows that this test thinks it has."""
    page = (ROOT / "docs/standards.md").read_text()
    assert len(rows()) == page.count("\n| ") - 1 > 50
