"""The monitor's own heartbeat: the time in which it was alive and saw something. All other time is unknown."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from history.facts import Heartbeat

INTERVAL: Final = 5.0
"""Seconds between two beats."""
LONGEST_PAUSE: Final = timedelta(seconds=3 * INTERVAL)
"""Who has not beaten for longer was held up."""
_CLOCK_STEP: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Beat:
    """What a beat brings about.

    Attributes:
        runs: For the history, in order: the run that goes on, or the one that begins, or one of each.
        lost_since: Where a run was broken off, so that everything has to be measured and said anew: from when on that
            is said, aware UTC; ``None`` where none was. Where the clock was set, that is now: said of a time before,
            it would outrank what is measured there once the clock is right again.
    """

    runs: tuple[Heartbeat, ...]
    lost_since: datetime | None = None


class Heart:
    """Beats while the monitor lives.

    A run ends, and another begins, when the process was held up, when the wall clock was stepped, when time that was
    there twice is over, and when the monitor becomes blind or sees again.
    """

    def __init__(self, utc: datetime, monotonic: float) -> None:
        self._run = Heartbeat(utc, utc)
        self._monotonic = monotonic
        self._farthest = utc  # end of the run that reached farthest, before this one

    @property
    def run(self) -> Heartbeat:
        """The run that is going on."""
        return self._run

    def outlast(self, end: datetime) -> None:
        """Take into account that an earlier run ended then, aware UTC.

        That lies ahead only where the clock was set back while the monitor was off.
        """
        self._farthest = max(self._farthest, end)

    def beat(self, utc: datetime, monotonic: float) -> Beat:
        """One more beat.

        Args:
            utc: Now, by the wall clock.
            monotonic: Now, in monotonic seconds.
        """
        before, passed = self._run, timedelta(seconds=monotonic - self._monotonic)
        self._monotonic = monotonic
        was_set = abs(utc - before.until - passed) > _CLOCK_STEP
        if was_set or passed > LONGEST_PAUSE:
            self.outlast(before.until)
            self._run = Heartbeat(utc, utc, before.blind)
            return Beat((self._run,), utc if was_set else before.until)
        ended = self._run = replace(before, until=utc)
        if before.until < self._farthest <= utc:
            # Of two runs at one time, a claim ends with the first (model.timeline.Watch): all has to be said anew.
            self._run = Heartbeat(utc, utc, before.blind)
            return Beat((ended, self._run), utc)
        return Beat((ended,))

    def turn(self, since: datetime, utc: datetime, monotonic: float, *, blind: bool) -> Beat:
        """The monitor has become blind since then, or sees again: another run begins.

        A heartbeat that is written cannot be shortened: a blind run that overlaps the one before takes its time away.
        """
        last = self.beat(utc, monotonic)
        self._run = Heartbeat(max(since, self._run.began), utc, blind)
        return replace(last, runs=(*last.runs, self._run))
