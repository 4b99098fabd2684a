"""What devices have said lately, for whoever looks at an incident."""

from datetime import UTC, datetime, timedelta

from model.trap import Trap, TrapKind
from monitor.traps.listener import Noted
from monitor.traps.said import LATELY, MOST_TOLD, OF_ONE, Said

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DOWN = Trap(TrapKind.LINK_DOWN, if_index=7, if_name="ether1", by_hand=True)


def noted(device: str, trap: Trap = DOWN) -> Noted:
    """A notification of a device."""
    return Noted("s", device, trap, "10.0.0.1")


def test_what_was_said_is_told_in_order_of_time() -> None:
    """Of those devices that are asked for, with the port and whose hand it was."""
    said = Said()
    said.note(noted("a"), NOW)
    said.note(noted("ups", Trap(TrapKind.ON_BATTERY)), NOW - timedelta(seconds=1))
    said.note(noted("b"), NOW)
    assert said.lately(["a", "ups", "nobody"], NOW) == [
        {
            "at": "2026-11-24T02:59:59+00:00",
            "device": "ups",
            "trap": "upsTrapOnBattery",
            "interface": None,
            "by_hand": None,
        },
        {"at": "2026-11-24T03:00:00+00:00", "device": "a", "trap": "linkDown", "interface": "ether1", "by_hand": True},
    ]


def test_after_ten_minutes_it_is_told_no_more() -> None:
    """What was said long before an incident has nothing to do with it."""
    said = Said()
    said.note(noted("a"), NOW)
    assert said.lately(["a"], NOW + LATELY)
    assert not said.lately(["a"], NOW + LATELY + timedelta(seconds=1))


def test_it_is_bounded_and_forgets_who_is_gone() -> None:
    """Eight of one device, sixteen in all."""
    said = Said()
    for device in "abc":
        for second in range(50):
            said.note(noted(device), NOW + timedelta(seconds=second))
    later = NOW + timedelta(seconds=50)
    assert len(said.lately(["a"], later)) == OF_ONE
    assert len(said.lately(["a", "b", "c"], later)) == MOST_TOLD
    said.retain(["b"])
    assert {row["device"] for row in said.lately(["a", "b", "c"], later)} == {"b"}
