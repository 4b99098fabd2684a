"""One subject's probes held against its requirement, window after window: verdicts that do not flicker."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from model.evidence import Count, Evidence
from model.judge import Facts, judge, limits_of
from model.requirement import Requirement
from model.verdict import Quality, Verdict, VerdictHolder
from model.window import Window, WindowFacts

FROM_PROBES: Final = frozenset({Quality.RTT, Quality.LOSS, Quality.DELAY_VARIATION})
"""What is judged by probes, and so held for a window before a breach is over."""

Rest = Callable[[WindowFacts | None, Mapping[Quality, Sequence[Count]]], Facts]
"""Adds to the facts of the probes whatever else is known."""


class Judging:
    """The windows and verdicts of one link or service.

    Attributes:
        window: Its probes.
        least: The shortest round-trip time of the window when it was last judged, in seconds; ``None`` before that.
    """

    __slots__ = ("_counted_at", "_evidence", "_holders", "_longer", "least", "window")

    def __init__(self, span: float, interval: float, timeout: float) -> None:
        """Nothing is measured yet.

        Args:
            span: The requirement's window in seconds.
            interval: Seconds from one probe to the next.
            timeout: Seconds after which a probe counts as lost.
        """
        self.window = Window(span, interval, timeout)
        self.least: float | None = None
        self._evidence = Evidence(span, interval)
        self._counted_at: float | None = None  # the end of the last window that was counted
        self._longer: Mapping[Quality, Sequence[Count]] = {}
        self._holders: dict[Quality, VerdictHolder] = {}

    def judge(
        self, requirement: Requirement, rest: Rest, now: float, utc: datetime, *, is_up: bool
    ) -> tuple[WindowFacts, list[Verdict]]:
        """Judge now.

        Args:
            requirement: The version that holds now.
            rest: Adds what is known beside the probes.
            now: Monotonic seconds.
            utc: The same, aware UTC.
            is_up: Whether the subject answers: an outage is judged once, as availability.
        """
        facts = self.window.facts(now)
        self.least = facts.least
        self._count(requirement, facts, now, is_up=is_up)
        verdicts = judge(requirement, rest(facts if is_up else None, self._longer), utc)
        return facts, [self._held(verdict, requirement, now) for verdict in verdicts]

    def _count(self, requirement: Requirement, facts: WindowFacts, now: float, *, is_up: bool) -> None:
        end = now - self.window.timeout
        if self._counted_at is None or not is_up:
            self._counted_at = end
        elif end - self._counted_at >= self.window.span:
            self._evidence.note(facts, limits_of(requirement), end)
            self._counted_at, self._longer = end, self._evidence.longer(now)

    def _held(self, verdict: Verdict, requirement: Requirement, now: float) -> Verdict:
        hold = requirement.window if verdict.requirement in FROM_PROBES else 0.0
        holder = self._holders.get(verdict.requirement, VerdictHolder()).after(verdict, hold, now)
        self._holders[verdict.requirement] = holder
        return holder.shown or verdict
