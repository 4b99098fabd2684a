"""Recovery hysteresis: a link has come back once it has answered well for a while."""

from dataclasses import dataclass
from typing import Final

CLEAN_FOR: Final = 10.0
"""Seconds of answers after which a link is up again."""
FEWEST_PROBES: Final = 5
"""Probes with a known fate that a recovery takes at least, where the pace is slow."""


@dataclass(slots=True)
class Recovery:
    """A row of answers that may become a recovery. Times are monotonic seconds.

    Attributes:
        since: Departure of the first answered probe.
        rtt: What its answer took, seconds.
        before: Departure of the last probe before it that was not answered; ``None`` where there is none.
        answers: Answered probes in the row.
        losses: Probes in the row without an answer.
        late: Answers that came after the link's time-out.
    """

    since: float
    rtt: float
    before: float | None
    answers: int = 0
    losses: int = 0
    late: int = 0

    def answered(self, *, late: bool) -> None:
        """One more answer."""
        self.answers += 1
        self.late += late

    def lost(self, sent: float) -> None:
        """A probe that left at ``sent`` has no answer."""
        if sent >= self.since:
            self.losses += 1
        elif self.before is None or sent > self.before:
            self.before = sent

    def succeeded(self, now: float) -> bool | None:
        """Whether the link is back, with less than half of the probes lost; ``None`` while it is too early to say."""
        if now - self.since < CLEAN_FOR or self.answers + self.losses < FEWEST_PROBES:
            return None
        return self.losses < self.answers
