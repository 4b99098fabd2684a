"""The pages that links in alerts lead to."""

import re
import unicodedata
from pathlib import Path

import pytest

from alerts.words import annotations_of
from exporters.rules.daemon_alerts import DAEMON_ALERTS
from model.incident import AlertName
from tests.alerts.words.stories import BEGAN, FAULTS, telling

DOCS = Path(__file__).parents[3] / "docs"
PAGES = {
    "runbook.md": ("Means", "First", "Call", "Goes away"),
    "runbook.vi.md": ("Nghĩa là", "Kiểm tra trước", "Gọi cho", "Khi nào hết"),
}


def sections(page: str) -> dict[str, str]:
    """What stands under each heading of a page."""
    _, *rest = re.split(r"^## ", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in rest}


@pytest.mark.parametrize("page", PAGES)
def test_every_alert_has_its_section(page: str) -> None:
    """Each kind of fault is explained: what it means, what to look at, whom to call, when it goes away.

    So is what Prometheus says of the daemon itself.
    """
    found = sections(page)
    assert list(found) == [*(alert.value for alert in AlertName), *(rule.alert for rule in DAEMON_ALERTS)]
    for name, text in found.items():
        assert re.findall(r"^\*\*(.+?)\.\*\*", text, flags=re.MULTILINE) == list(PAGES[page]), name


def test_the_vietnamese_page_is_composed() -> None:
    """Unicode NFC, as TCVN 6909 has it, so that a search finds what is written."""
    assert unicodedata.is_normalized("NFC", (DOCS / "runbook.vi.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("base", ["https://mang.example/runbook.vi.html", "https://mang.example/runbook.vi.html#"])
def test_links_lead_to_the_section(base: str) -> None:
    """An alert links to the anchor that a heading gets, with or without a # at the end of the base."""
    for incident in FAULTS.values():
        url = annotations_of(incident.entries[0], incident, telling("vi", BEGAN, runbook_url=base))["runbook_url"]
        page, _, anchor = url.partition("#")
        assert page == "https://mang.example/runbook.vi.html"
        assert anchor in {heading.lower() for heading in sections("runbook.vi.md")}
