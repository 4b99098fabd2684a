"""What the tutorial tells a newcomer to write is a right inventory."""

import re
from pathlib import Path

import pytest

from monitor.config import load_checked

TUTORIAL = Path(__file__).parents[2] / "docs/tutorial.md"
INVENTORIES = re.findall(r"```yaml\n(.*?)```", TUTORIAL.read_text(), re.DOTALL)


@pytest.mark.parametrize("inventory", INVENTORIES, ids=range(len(INVENTORIES)))
def test_an_inventory_of_the_tutorial_is_right(inventory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It loads without a problem and without a warning, with what it takes from the environment."""
    monkeypatch.setenv("AN_CHANNEL", "zalo://token/chat")
    file = tmp_path / "ward.yml"
    file.write_text(inventory)
    _, warnings = load_checked(file)
    assert warnings == ()
