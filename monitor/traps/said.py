"""What devices have said in the last minutes: evidence for whoever looks at an incident."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from model.trap import TrapKind
from monitor.traps.listener import Noted

LATELY: Final = timedelta(minutes=10)
"""How long something that was said is remembered."""
OF_ONE: Final = 8
"""Notifications that are remembered of one device, the last ones."""
MOST_TOLD: Final = 16
"""Notifications that are told at once, the last ones."""


class _Once(NamedTuple):
    at: datetime
    noted: Noted


class Said:
    """The last that each device has said; what it said again and again within 30 s is one."""

    def __init__(self) -> None:
        self._of: dict[str, deque[_Once]] = {}

    def note(self, noted: Noted, now: datetime) -> None:
        """Remember this.

        Args:
            noted: What was said.
            now: Aware UTC.
        """
        self._of.setdefault(noted.device, deque(maxlen=OF_ONE)).append(_Once(now, noted))

    def retain(self, devices: Iterable[str]) -> None:
        """Forget what others have said."""
        self._of = {device: self._of[device] for device in devices if device in self._of}

    def lately(self, devices: Collection[str], now: datetime) -> list[Mapping[str, object]]:
        """What these devices have said in the last ten minutes, in order of time, as JSON has it.

        Args:
            devices: Their ids.
            now: Aware UTC.
        """
        found = [once for device in devices for once in self._of.get(device, ()) if now - once.at <= LATELY]
        return [_row(once) for once in sorted(found, key=lambda once: once.at)[-MOST_TOLD:]]


def _row(once: _Once) -> Mapping[str, object]:
    trap = once.noted.trap
    return {
        "at": once.at.isoformat(),
        "device": once.noted.device,
        "trap": trap.oid if trap.kind is TrapKind.OTHER else trap.kind.value,
        "interface": trap.port or None,
        "by_hand": trap.by_hand,
    }
