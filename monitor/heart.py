"""The monitor's own heartbeat: the time in which it was alive and saw something. All other time is unknown."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from history.facts import Heartbeat

INTERVAL: Final = 5.0
"""Seconds between two beats."""
_LONGEST_PAUSE: Final = 3 * INTERVAL
_CLOCK_STEP: Final = 1.0


@dataclass(frozen=True, slots=True)
class Beat:
    """What a beat brings about.

    Attributes:
        run: For the history.
        is_new_run: Whether a new run begins, in which everything has to be measured and said anew.
    """

    run: Heartbeat
    is_new_run: bool


class Heart:
    """Beats while the monitor lives.

    A run ends, and another begins, when the process was held up, when the wall clock was stepped, and when the monitor
    becomes blind or sees again.
    """

    def __init__(self, utc: datetime, monotonic: float) -> None:
        self._run = Heartbeat(utc, utc)
        self._monotonic = monotonic

    @property
    def run(self) -> Heartbeat:
        """The run that is going on."""
        return self._run

    def beat(self, utc: datetime, monotonic: float) -> Beat:
        """One more beat.

        Args:
            utc: Now, by the wall clock.
            monotonic: Now, in monotonic seconds.
        """
        passed = monotonic - self._monotonic
        stepped = abs((utc - self._run.until).total_seconds() - passed) > _CLOCK_STEP
        self._monotonic = monotonic
        if stepped or passed > _LONGEST_PAUSE:
            self._run = Heartbeat(utc, utc, self._run.blind)
            return Beat(self._run, is_new_run=True)
        self._run = replace(self._run, until=utc)
        return Beat(self._run, is_new_run=False)

    def turn(self, since: datetime, utc: datetime, *, blind: bool) -> Heartbeat:
        """The monitor has become blind since then, or sees again; the heartbeat of the run that begins with it.

        A heartbeat that is written cannot be shortened: a blind run that overlaps the one before takes its time away.
        """
        self._run = Heartbeat(max(since, self._run.began), utc, blind)
        return self._run
