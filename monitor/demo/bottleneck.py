"""A simulated line before a throughput peer: so many bit/s each way, which others use, too; nothing while it is cut."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from model.speed_run import Direction

_LOOK_EVERY: Final = 0.1  # seconds, while the line is cut


@dataclass(slots=True)
class _Way:
    """One direction: until when what was let through takes, and how much that was."""

    busy_until: float = 0.0
    octets: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


class Bottleneck:
    """Holds each piece of a stream for as long as the line takes for it; the streams of a way share it.

    Args:
        room: Bit/s that others leave of each direction at this moment; ``None`` while nothing passes.
        clock: Monotonic seconds.
        sleep: Waits so many seconds, in the thread of the stream.
    """

    def __init__(
        self,
        room: Callable[[Direction], float | None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._room, self._clock, self._sleep = room, clock, sleep
        self._ways: Mapping[Direction, _Way] = {"download": _Way(), "upload": _Way()}

    def octets(self, direction: Direction) -> int:
        """What has passed since the begin."""
        return self._ways[direction].octets

    def come(self, octets: int) -> None:
        """Let octets through to the site."""
        self._let("download", octets)

    def go(self, octets: int) -> None:
        """Let octets through from the site."""
        self._let("upload", octets)

    def _let(self, direction: Direction, octets: int) -> None:
        while (room := self._room(direction)) is None:
            self._sleep(_LOOK_EVERY)
        way = self._ways[direction]
        with way.lock:
            now = self._clock()
            way.busy_until = max(way.busy_until, now) + octets * 8 / room
            left = way.busy_until - now
        self._sleep(left)
        with way.lock:
            way.octets += octets
