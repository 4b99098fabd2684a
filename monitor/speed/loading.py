"""Which links are full by a speed test of ours: what their probes say meanwhile is nobody's fault."""

from typing import Final

AFTERWARDS: Final = 1.0
"""Seconds after a test in which queues still empty themselves."""


def site_name(site: str) -> str:
    """What stands for all services of a site."""
    return f"site {site}"


class Loading:
    """The tests that go on, and those that have just ended. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._spans: dict[str, tuple[float, float]] = {}

    def begin(self, name: str, now: float) -> None:
        """A test loads a link, or the links of a site."""
        self._since.setdefault(name, now)

    def end(self, name: str, now: float) -> tuple[float, float] | None:
        """It does no more; from when until when it is to be left out, or ``None`` where it did not."""
        since = self._since.pop(name, None)
        if since is None:
            return None
        self._spans[name] = since, now + AFTERWARDS
        return self._spans[name]

    def covers(self, name: str, sent: float, ended: float) -> bool:
        """Whether a probe was under way while a link was full."""
        since = self._since.get(name)
        if since is not None and ended >= since:
            return True
        start, end = self._spans.get(name, (0.0, 0.0))
        return sent < end and ended >= start
