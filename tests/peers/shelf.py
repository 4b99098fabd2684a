"""A history that keeps facts in a list, and a board that notes what it is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from history.errors import HistoryError
from history.facts import Fact
from history.retention import Keep
from history.rollup import Span
from history.store import Fate, Store
from model.availability import Tally
from model.measurement import Measurement, ProbeKind, SubjectKey
from model.throughput import Throughput
from model.verdict import Verdict
from model.window import StableMinutes, WindowFacts


class Shelf(Store):
    """Keeps what is recorded; fails at everything else when it is told to."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.folds: list[tuple[str, Span, datetime, datetime]] = []
        self.pruned: list[Keep] = []
        self.is_broken = False

    async def record(self, *facts: Fact) -> Fate:
        """At once."""
        self.facts += facts
        return Fate.DURABLE

    async def fold(self, ward: str, span: Span, start: datetime, end: datetime) -> bool:
        """Note it."""
        self._may_fail()
        self.folds.append((ward, span, start, end))
        return True

    async def prune(self, now: datetime, keep: Keep) -> None:  # noqa: ARG002  # of no interest
        """Note it."""
        self._may_fail()
        self.pruned.append(keep)

    def _may_fail(self) -> None:
        if self.is_broken:
            raise HistoryError("the disk is full", "make room")


class Board:
    """Everybody who shows something: the last of each."""

    def __init__(self) -> None:
        self.verdicts: dict[SubjectKey, Sequence[Verdict]] = {}
        self.windows: dict[str, tuple[WindowFacts, float]] = {}
        self.stable: dict[str, StableMinutes] = {}
        self.rates: dict[SubjectKey, Mapping[float, float | None]] = {}
        self.accounts: dict[SubjectKey, tuple[Tally, float | None, float | None, Mapping[str, int]]] = {}
        self.measurements: list[tuple[Measurement, float]] = []
        self.traffic: list[tuple[str, Throughput, float]] = []
        self.flaps: dict[str, bool] = {}
        self.runs: dict[tuple[ProbeKind, str], int] = {}

    def judged(self, subject: SubjectKey, verdicts: Sequence[Verdict]) -> None:
        """Note the verdicts."""
        self.verdicts[subject] = verdicts

    def windowed(self, link_id: str, facts: WindowFacts, until: float) -> None:
        """Note the window."""
        self.windows[link_id] = facts, until

    def minutes(self, link_id: str, known: StableMinutes) -> None:
        """Note the minutes."""
        self.stable[link_id] = known

    def burning(self, subject: SubjectKey, rates: Mapping[float, float | None]) -> None:
        """Note the rates."""
        self.rates[subject] = rates

    def accounted(
        self, subject: SubjectKey, tally: Tally, ratio: float | None, budget: float | None, outages: Mapping[str, int]
    ) -> None:
        """Note the account."""
        self.accounts[subject] = tally, ratio, budget, outages

    def record(self, measurement: Measurement, fresh_for: float, now: float) -> None:
        """Note the measurement."""
        assert now >= 0
        self.measurements.append((measurement, fresh_for))

    def carried(self, link_id: str, throughput: Throughput, until: float) -> None:
        """Note the traffic."""
        self.traffic.append((link_id, throughput, until))

    def flapping(self, link_id: str, is_flapping: bool) -> None:  # noqa: FBT001  # it is the fact
        """Note it."""
        self.flaps[link_id] = is_flapping

    def ran(self, kind: ProbeKind, outcome: str) -> None:
        """Count the run."""
        self.runs[kind, outcome] = self.runs.get((kind, outcome), 0) + 1
