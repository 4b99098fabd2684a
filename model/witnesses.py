"""The targets of one link as witnesses of it: how fast each answers, and which of them have stopped to."""

from typing import Final

from model.lateness import Lateness
from model.probing import Fate, Probe

MUTE_AFTER: Final = 10
"""Probes in a row that one target leaves unanswered, while others answer, before it no longer counts."""


class Witnesses:
    """All targets of one link.

    A target whose answers are filtered on the way would raise a suspicion with each probe and, worse, fill the row of
    silences with what proves nothing. So it becomes mute until it answers again.

    Attributes:
        heard: Indices of the targets that are not mute, in order. Never empty: a target becomes mute only while
            another one answers.
        lost_after: Seconds after which a probe to any of them is lost.
    """

    __slots__ = ("_lateness", "_silences", "_timeout", "heard", "lost_after")

    def __init__(self, targets: int, timeout: float) -> None:
        """Know nothing yet.

        Args:
            targets: How many there are, one and more.
            timeout: Seconds after which a probe is lost at the earliest.
        """
        self._timeout = timeout
        self._lateness = [Lateness() for _ in range(targets)]
        self._silences = [0] * targets
        self.heard = list(range(targets))
        self.lost_after = timeout

    def __len__(self) -> int:
        return len(self._lateness)

    def answered(self, target: int, rtt: float) -> None:
        """A probe to this target took so many seconds."""
        lateness = self._lateness[target]
        lateness.learn(rtt)
        if lateness.lost_after(self._timeout) != self.lost_after:
            self.lost_after = max(each.lost_after(self._timeout) for each in self._lateness)
        if self._silences[target]:
            self._silences[target] = 0
            self._listen()

    def silent_while_others_answer(self, target: int) -> None:
        """A probe to this target was lost, though another one that left later was answered."""
        self._silences[target] += 1
        self._listen()

    def is_mute(self, target: int) -> bool:
        """Whether this target's silence proves nothing."""
        return self._silences[target] >= MUTE_AFTER

    def rtt(self, target: int) -> float:
        """The smoothed round-trip time of this target, seconds; 0 while it has never answered."""
        return self._lateness[target].smoothed or 0.0

    def late_at(self, probe: Probe) -> float | None:
        """When a missing answer to this probe is late; ``None`` if it is not awaited."""
        if probe.fate is not Fate.PENDING or self.is_mute(probe.target):
            return None
        return probe.sent + self._lateness[probe.target].suspicious_after(self.lost_after)

    def _listen(self) -> None:
        self.heard = [number for number in range(len(self)) if not self.is_mute(number)]
