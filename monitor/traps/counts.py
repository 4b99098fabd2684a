"""What has come to the trap port, counted: in all, and of each device."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from model.trap import UNREAD, TrapKind, TrapOutcome


@dataclass(slots=True)
class TrapCounts:
    """Counters; each only grows.

    Attributes:
        is_listening: Whether the port is open; ``None`` where traps are not heard at all.
    """

    is_listening: bool | None = None
    _messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    _devices: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _dropped: int = 0

    def count(self, outcome: TrapOutcome, kind: TrapKind | None = None) -> None:
        """One message more; ``kind`` where it was read."""
        self._messages[kind.value if kind else UNREAD, outcome.value] += 1

    def of_device(self, site: str, device: str, kind: TrapKind) -> None:
        """One message more that was read and is about this device, the repeated ones among them."""
        self._devices[site, device, kind.value] += 1

    def dropped(self, more: int) -> None:
        """The kernel has dropped so many at a port that is closed now."""
        self._dropped += more

    def messages(self, dropped: int = 0) -> Mapping[tuple[str, str], int]:
        """By kind and outcome.

        Args:
            dropped: What the kernel has dropped at the port that is open.
        """
        lost = (UNREAD, TrapOutcome.DROPPED.value)
        return {**self._messages, lost: self._dropped + dropped}

    def devices(self) -> Mapping[tuple[str, str, str], int]:
        """By site, device and kind; of each what has come, and nothing of what has not."""
        return dict(self._devices)

    def retain(self, devices: frozenset[str]) -> None:
        """Forget what is not of these devices."""
        self._devices = Counter({key: count for key, count in self._devices.items() if key[1] in devices})
