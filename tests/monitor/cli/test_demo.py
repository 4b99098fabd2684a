"""What the demo says as it begins."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.inventory import Inventory
from monitor.cli.demo import closed_now, program

WARD = {"id": "w", "timezone": "Asia/Ho_Chi_Minh"}
POINT = {"id": "point", "service_hours": ["Mon-Fri 07:30-11:30"]}
NIGHT, MORNING = (datetime(2026, 11, day, hour, 3, tzinfo=UTC) for day, hour in ((24, 17), (25, 2)))


def ward(**alerts: object) -> Inventory:
    """A point with hours, and an office that is always open."""
    return Inventory.model_validate({"ward": WARD, "sites": [POINT, {"id": "office"}], "alerts": alerts})


def test_at_night_it_is_said_why_no_message_comes() -> None:
    """By the ward's clock; not where all are open, nor where the hours make no difference."""
    assert closed_now(ward(), NIGHT).startswith("It is 00:03 there: 1 of 2 sites are closed")
    assert closed_now(ward(), MORNING) == ""
    assert closed_now(ward(service_hours="ignore"), NIGHT) == ""


def test_the_command_that_is_shown_can_be_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its path, unless the shell finds this very program by its name."""
    ours = tmp_path / "a folder" / "linkward"
    ours.parent.mkdir()
    ours.touch(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert program(str(ours)) == f"'{ours}'"
    monkeypatch.setattr(shutil, "which", lambda _: str(ours))
    assert program(str(ours)) == "linkward"
    assert program("/somewhere/monitor/__main__.py") == "python -m monitor"
