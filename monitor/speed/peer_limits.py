"""How much one client of a throughput peer gets: so many streams at once, so many octets an hour."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from model.speed_access import LASTS

_HOUR: Final = 3_600.0
_MOST_CLIENTS: Final = 1_000
_MOST_USED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may take.

    Attributes:
        streams: At once.
        seconds: Of one stream.
        octets: Of one stream.
        octets_per_hour: Of all streams of a client.
        connections: Of all clients, those included that have not said yet who they are.
    """

    streams: int = 32
    seconds: float = 40.0
    octets: int = 64_000_000_000
    octets_per_hour: int = 20_000_000_000
    connections: int = 96


class Ledger:
    """Counts what clients have and had. Threads may share it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._streams: dict[str, int] = {}
        self._promised: dict[str, int] = {}  # octets of the streams that go on
        self._taken: dict[str, deque[tuple[float, int]]] = {}
        self._used: dict[tuple[str, int], float] = {}

    def use(self, ticket: tuple[str, int], now: float) -> bool:
        """Use up the right to one stream; ``False`` where it was used before, or too many others were."""
        with self._lock:
            if len(self._used) >= _MOST_USED:
                self._used = {known: at for known, at in self._used.items() if now - at <= LASTS}
            if ticket in self._used or len(self._used) >= _MOST_USED:
                return False
            self._used[ticket] = now
            return True

    def begin(self, client: str, now: float) -> str | None:
        """Begin a stream; why not, or ``None``. One that has begun must ``end``."""
        with self._lock:
            if self._streams.get(client, 0) >= self._limits.streams:
                return f"more than {self._limits.streams} streams at once"
            if self._room(client, now) <= 0:
                return f"more than {self._limits.octets_per_hour} octets within an hour"
            self._streams[client] = self._streams.get(client, 0) + 1
            return None

    def room(self, client: str, now: float) -> int:
        """Octets that a client may still have."""
        with self._lock:
            return self._room(client, now)

    def promise(self, client: str, octets: int, now: float) -> bool:
        """Promise so many octets to a stream that has begun, so that no other counts on them; whether there are."""
        with self._lock:
            if octets > self._room(client, now):
                return False
            self._promised[client] = self._promised.get(client, 0) + octets
            return True

    def end(self, client: str, octets: int, now: float, promised: int = 0) -> None:
        """A stream has ended, after so many octets of those that it was promised."""
        with self._lock:
            self._promised[client] = self._promised.get(client, 0) - promised
            if not self._promised[client]:
                del self._promised[client]
            self._streams[client] = self._streams.get(client, 1) - 1
            if not self._streams[client]:
                del self._streams[client]
            if len(self._taken) >= _MOST_CLIENTS and client not in self._taken:
                self._taken.pop(next(iter(self._taken)))
            self._taken.setdefault(client, deque()).append((now, octets))

    def _room(self, client: str, now: float) -> int:
        taken = self._taken.get(client, deque())
        while taken and now - taken[0][0] > _HOUR:
            taken.popleft()
        spoken_for = self._promised.get(client, 0) + sum(octets for _, octets in taken)
        return self._limits.octets_per_hour - spoken_for
