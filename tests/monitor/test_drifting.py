"""The file of ``linkward topology``, followed by the daemon."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.topology_proposals import Change, Drift
from monitor.drifting import Drifting
from monitor.enrol.looking import Remembered, facts_beside, write_remembered

AT, LOOKED = datetime(2026, 11, 20, 3, 10, tzinfo=UTC), datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MOVED = Drift("sw", Change.MOVED, "ap", "ether4", "ether9")


class Changes:
    """Counts."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        """One more."""
        self.count += 1


def following(folder: Path) -> tuple[Drifting, Changes, Path]:
    """The daemon of an inventory in this folder, and the file that it follows."""
    changes = Changes()
    return Drifting(folder / "ward.yml", changes), changes, folder / "topology.json"


async def test_what_was_found_is_shown_until_something_else_is(tmp_path: Path) -> None:
    """Nobody has looked; something has moved; it was accepted. Who listens is told once of each."""
    drifting, changes, file = following(tmp_path)
    await drifting.look()
    assert (drifting.drifted, changes.count) == (None, 0)
    write_remembered(file, Remembered(AT, {}, LOOKED, (MOVED,)))
    await drifting.look()
    await drifting.look()
    assert drifting.drifted is not None
    assert (drifting.drifted.since, drifting.drifted.of("sw"), drifting.drifted.of("rt")) == (AT, [MOVED], [])
    assert changes.count == 1
    write_remembered(file, Remembered(LOOKED, {}, LOOKED))
    await drifting.look()
    assert drifting.drifted.changes == ()  # type: ignore[union-attr,unused-ignore]  # it is another one by now
    file.unlink()
    await drifting.look()
    assert changes.count == 3
    assert drifting.drifted is None


async def test_a_file_that_is_another_is_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It shows nothing, and the log says what to do; one from before looks were kept shows nothing either."""
    drifting, changes, file = following(tmp_path)
    file.write_text("{}")
    for _ in range(3):
        await drifting.look()
    (record,) = caplog.messages
    assert "topology.json: holds no facts of devices" in record
    file.write_text('{"at": "2026-11-20T03:10:00Z", "devices": {}}')
    os.utime(file, ns=(1, 1))
    await drifting.look()
    assert (drifting.drifted, changes.count, len(caplog.messages)) == (None, 0, 1)


def test_the_file_lies_beside_the_inventory(tmp_path: Path) -> None:
    """Of a folder it lies inside."""
    assert facts_beside(tmp_path) == facts_beside(tmp_path / "ward.yml") == tmp_path / "topology.json"
