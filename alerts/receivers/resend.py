"""What Alertmanager is told again: what fires each minute, what is over for a quarter of an hour.

It keeps nothing over a restart and believes nothing for longer than it is told to; Prometheus does the same to it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from alerts.notice import AlertEntry
from alerts.receivers.fingerprint import fingerprint

EVERY: Final = timedelta(minutes=1)
AFTERWARDS: Final = timedelta(minutes=15)


class Resend:
    """Says what is to be sent to one cluster, and when.

    Args:
        every: Between two rounds.
        afterwards: How long what is over is told of.
    """

    def __init__(self, every: timedelta = EVERY, afterwards: timedelta = AFTERWARDS) -> None:
        self._every = every
        self._afterwards = afterwards
        self._last: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether a round is to go out; also where the clock has been set back."""
        return self._last is None or not timedelta(0) <= now - self._last < self._every

    def due(
        self, firing: Iterable[AlertEntry], resolved: Iterable[AlertEntry], now: datetime
    ) -> tuple[AlertEntry, ...]:
        """What to send now; nothing between two rounds.

        Args:
            firing: What the cluster was told of and lasts.
            resolved: What it was told of and is over, since when ever.
            now: Aware UTC.

        Returns:
            What fires, then what ended at most a quarter of an hour ago and does not fire again: the latest of each
            set of labels.
        """
        if not self.is_due(now):
            return ()
        self._last = now
        lasting = {fingerprint(entry.labels): entry for entry in firing}
        ended: dict[str, AlertEntry] = {}
        for entry in sorted(resolved, key=lambda entry: entry.ends_at or now):
            name = fingerprint(entry.labels)
            if name not in lasting and self._is_fresh(entry, now):
                ended[name] = entry
        return (*lasting.values(), *ended.values())

    def _is_fresh(self, entry: AlertEntry, now: datetime) -> bool:
        return entry.ends_at is not None and now - entry.ends_at <= self._afterwards
