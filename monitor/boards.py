"""What the rounds find goes to two places: it is shown, and it may be worth an alert."""

from collections.abc import Callable, Mapping, Sequence

from exporters.latest import Latest
from model.availability import Tally
from model.measurement import SubjectKey
from model.verdict import Outcome, Verdict
from model.window import StableMinutes, WindowFacts
from monitor.alerting import Alerting


class Boards:
    """Shows what it is told, and has it judged whether somebody is to be told.

    Args:
        latest: Shows it.
        alerting: Judges it.
        turned: Told of each link or service of which a requirement is met, breached or unknown where it was not before.
    """

    def __init__(
        self, latest: Latest, alerting: Alerting, turned: Callable[[SubjectKey], None] = lambda _: None
    ) -> None:
        self._latest = latest
        self._alerting = alerting
        self._turned = turned
        self._outcomes: dict[SubjectKey, tuple[Outcome, ...]] = {}

    def judged(self, subject: SubjectKey, verdicts: Sequence[Verdict]) -> None:
        """These are the verdicts now."""
        self._latest.judged(subject, verdicts)
        self._alerting.judged(subject, verdicts)
        outcomes = tuple(verdict.outcome for verdict in verdicts)
        if self._outcomes.get(subject, ()) != outcomes:
            self._outcomes[subject] = outcomes
            self._turned(subject)

    def windowed(self, link_id: str, facts: WindowFacts, until: float) -> None:
        """Show what the window of a link holds, until then (monotonic)."""
        self._latest.windowed(link_id, facts, until)

    def minutes(self, link_id: str, known: StableMinutes) -> None:
        """Show how many minutes of a link were stable."""
        self._latest.minutes(link_id, known)

    def burning(self, subject: SubjectKey, rates: Mapping[float, float | None]) -> None:
        """So fast goes the error budget of a link or service."""
        self._latest.burning(subject, rates)
        self._alerting.burning(subject, rates)

    def accounted(
        self, subject: SubjectKey, tally: Tally, ratio: float | None, budget: float | None, outages: dict[str, int]
    ) -> None:
        """Show the month's account of a link or service."""
        self._latest.accounted(subject, tally, ratio, budget, outages)
