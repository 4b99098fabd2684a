"""What is written to the history of traps: those that tell a cause, as a part of the audit that nobody did."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

from history.facts import AuditEntry, Value
from monitor.traps.listener import Noted

HEARD: Final = "trap"
"""The action of such an entry."""
WHO: Final = "traps"
A_DAY: Final = 10
"""Entries that one device may make in a day (UTC)."""


class Memo:
    """Makes the entries: restarts, power, and ports that somebody switched off; few of each device."""

    def __init__(self) -> None:
        self._day = datetime.min.replace(tzinfo=UTC).date()
        self._made: Counter[str] = Counter()

    def entry(self, noted: Noted, now: datetime) -> AuditEntry | None:
        """What to write of a notification; ``None`` where it tells no cause, or its device has told enough today.

        Args:
            noted: What was said.
            now: Aware UTC.
        """
        trap = noted.trap
        if not (trap.kind.tells_a_cause or trap.by_hand):
            return None
        if now.date() != self._day:
            self._day = now.date()
            self._made.clear()
        self._made[noted.device] += 1
        if self._made[noted.device] > A_DAY:
            return None
        content: dict[str, Value] = {"device": noted.device, "site": noted.site, "trap": trap.kind.value}
        content["source"] = noted.source
        if trap.kind.is_about_a_port:
            content |= {"interface": trap.port, "by_hand": trap.by_hand}
        return AuditEntry(now, WHO, HEARD, content)
