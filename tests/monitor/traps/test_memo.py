"""What of traps is written to the history."""

from datetime import UTC, datetime, timedelta

import pytest

from model.trap import Trap, TrapKind
from monitor.traps.listener import Noted
from monitor.traps.memo import A_DAY, HEARD, Memo

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def noted(kind: TrapKind, *, by_hand: bool | None = None, device: str = "r") -> Noted:
    """A notification of a device."""
    port = kind.is_about_a_port
    return Noted("s", device, Trap(kind, if_index=7 if port else None, by_hand=by_hand), "10.0.0.1")


def test_a_restart_is_written_down() -> None:
    """With its device, its site, and where it came from."""
    entry = Memo().entry(noted(TrapKind.COLD_START), NOW)
    assert entry is not None
    assert (entry.at, entry.action) == (NOW, HEARD)
    assert entry.content == {"device": "r", "site": "s", "trap": "coldStart", "source": "10.0.0.1"}


def test_a_port_that_somebody_switched_off_is_written_down() -> None:
    """One that fell by itself is not: its link is probed, and tells more."""
    entry = Memo().entry(noted(TrapKind.LINK_DOWN, by_hand=True), NOW)
    assert entry is not None
    assert (entry.content["interface"], entry.content["by_hand"]) == ("7", True)
    assert Memo().entry(noted(TrapKind.LINK_DOWN, by_hand=False), NOW) is None


@pytest.mark.parametrize("kind", [TrapKind.AUTHENTICATION_FAILURE, TrapKind.OTHER, TrapKind.NEIGHBOURS_CHANGED])
def test_what_tells_no_cause_is_not_written(kind: TrapKind) -> None:
    """It is counted, and that is enough."""
    assert Memo().entry(noted(kind), NOW) is None


def test_one_device_writes_so_much_a_day() -> None:
    """Ten entries, and ten more tomorrow; another device has its own."""
    memo = Memo()
    written = [memo.entry(noted(TrapKind.COLD_START), NOW) is not None for _ in range(50)]
    assert sum(written) == A_DAY
    assert memo.entry(noted(TrapKind.COLD_START, device="q"), NOW) is not None
    assert memo.entry(noted(TrapKind.COLD_START), NOW + timedelta(days=1)) is not None
