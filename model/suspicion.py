"""A row of silences, and the burst of probes that confirms or clears what it makes us suspect."""

import bisect
from collections import deque
from collections.abc import Iterable
from typing import Final

from model.confirmation import Plan, burst_offsets
from model.probing import Probe

_SHORTEST_BURST: Final = 1.0
_TOLERATED_LAG: Final = 0.05
_ROUNDING: Final = 1e-6


class Suspicion:
    """What speaks against one link since its last answer.

    Attributes:
        row: Lost probes, in order of departure.
        plan: What would be enough; ``None`` while nothing is suspected.
    """

    __slots__ = ("_agenda", "plan", "row")

    def __init__(self) -> None:
        self.row: list[Probe] = []
        self.plan: Plan | None = None
        self._agenda: deque[float] = deque()

    @property
    def ask_at(self) -> float | None:
        """When the next probe of the burst is to leave; ``None`` when all have."""
        return self._agenda[0] if self._agenda else None

    def add(self, probe: Probe) -> None:
        """One more silence."""
        bisect.insort(self.row, probe, key=lambda each: each.sent)

    def begin(self, plan: Plan, since: float, now: float) -> None:
        """Suspect the link because of a probe that left at ``since``; plan a burst, from now until the span is over."""
        self.plan = plan
        span = max(since + plan.span - now, _SHORTEST_BURST)
        self._agenda.extend(now + offset for offset in burst_offsets(plan.silences - 1, span))

    def end(self) -> None:
        """Suspect nothing, and forget the row."""
        self.plan = None
        self._agenda.clear()
        self.row.clear()

    def take_due(self, now: float) -> float | None:
        """The time of a probe that is to leave now; ``None`` if there is none."""
        if not self._agenda or self._agenda[0] > now:
            return None
        planned = self._agenda.popleft()
        lag = now - planned
        if lag > _TOLERATED_LAG:
            # The process was held up. The gaps matter more than the times.
            self._agenda = deque(later + lag for later in self._agenda)
        return planned

    def is_proved(self, awaited: Iterable[Probe], heard: Iterable[int]) -> bool:
        """Whether the row is long enough, and nothing can break it any more.

        Args:
            awaited: Probes that may still be answered.
            heard: Targets that must all be silent.
        """
        if self.plan is None or len(self.row) < self.plan.silences:
            return False
        until = self.row[0].sent + self.plan.span - _ROUNDING
        silent = {probe.target for probe in self.row}
        return (
            self.row[-1].sent >= until
            and all(probe.sent >= until for probe in awaited)
            and all(target in silent for target in heard)
        )
