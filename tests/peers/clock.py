"""An event loop whose clock stands still until everything is done, and then jumps to the next timer."""

import asyncio
import selectors


class _NeverWaiting(selectors.SelectSelector):
    """A selector that polls, and tells the loop how long it would have waited."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Poll; note the time that the loop wanted to sleep."""
        events = super().select(0)
        self.wanted = timeout or 0.0 if not events else 0.0
        return events


class SteppedLoop(asyncio.SelectorEventLoop):
    """Hours pass in milliseconds: a sleep costs nothing, and its end is exact."""

    def __init__(self) -> None:
        self._waiting = _NeverWaiting()
        self._now = 0.0
        super().__init__(self._waiting)

    def time(self) -> float:
        """Seconds since the loop was made."""
        return self._now

    def _run_once(self) -> None:
        super()._run_once()  # type: ignore[misc]  # asyncio's own step, which has no public name
        self._now += self._waiting.wanted
        self._waiting.wanted = 0.0
