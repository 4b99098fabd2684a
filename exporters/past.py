"""What is asked of whoever keeps the past: a Protocol, and the facts that it gives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from model.availability import Availability
from model.intervals import Interval
from model.inventory import Inventory
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology
from model.transition import Transition


class PastUnavailableError(Exception):
    """The past cannot be read now.

    Args:
        what: Why, in one sentence without its full stop.
        mend: What a person can do.
    """

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what, self.mend = what, mend


@dataclass(frozen=True, slots=True)
class Past:
    """What is kept about some subjects, as far as one question needs it.

    Attributes:
        transitions: Of each subject those in the period, and before them the last one before it.
        runs: When the monitor was alive and saw, in runs, as ``model.timeline.Watch`` takes them: from the earliest of
            the transitions on. The present run reaches to now.
        blind: When it was alive and its anchors were silent.
        announcements: Planned work, whomever it covers.
    """

    transitions: Mapping[SubjectKey, Sequence[Transition]]
    runs: Sequence[Interval] = ()
    blind: Sequence[Interval] = ()
    announcements: Sequence[Announcement] = ()


class PastSource(Protocol):
    """Knows what is watched, what it is in, and what happened to it."""

    @property
    def inventory(self) -> Inventory:
        """What is watched."""

    @property
    def topology(self) -> Topology:
        """What depends on what in it."""

    def now(self) -> datetime:
        """The time, aware UTC."""

    def state(self, subject: SubjectKey) -> tuple[State, datetime | None]:
        """The state that is shown now, and since when; ``None`` until that is known."""

    async def past(self, subjects: Collection[SubjectKey], period: Interval) -> Past:
        """What happened to these subjects.

        Raises:
            PastUnavailableError: It cannot be read now.
        """

    async def availabilities(
        self, subjects: Collection[SubjectKey], period: Interval
    ) -> Mapping[SubjectKey, Availability]:
        """How long each of these subjects was in which state, by service hours and announced maintenance.

        It lets the event loop breathe; what is missing in the answer has no account.

        Raises:
            PastUnavailableError: It cannot be read now.
        """
