"""One fault of the story, and the chronicle of all of them: what struck whom, from when to when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class FaultKind(StrEnum):
    """What can go wrong, with the meaning of its strength."""

    LINK_CUT = "link_cut"  # no packet passes, the interface is down
    PACKET_LOSS = "packet_loss"  # strength: share of packets lost on the way to the site, in runs
    DELAY = "delay"  # strength: further seconds each way
    SPEED_REDUCED = "speed_reduced"  # strength: Mbit/s that are left
    INTERFACE_ERRORS = "interface_errors"  # strength: damaged frames per second
    PROVIDER_OUTAGE = "provider_outage"  # as link_cut, on several links of one provider
    AGENT_SILENT = "agent_silent"  # the device works, its SNMP agent does not answer
    SERVICE_SLOW = "service_slow"  # strength: seconds to the first byte
    SERVICE_FAILING = "service_failing"  # strength: the HTTP status; 200 is a page without its contents
    RESOLVER_FAILING = "resolver_failing"  # SERVFAIL to every question
    POWER_CUT = "power_cut"  # nothing at the site answers; afterwards everything has been restarted


CUTS = frozenset({FaultKind.LINK_CUT, FaultKind.PROVIDER_OUTAGE})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        kind: What happens.
        start: Seconds since the start of the world.
        end: The same; the fault is over at this instant.
        subjects: Ids of the links, devices and services that it strikes, and ``device/ifName`` of interfaces.
        strength: How much, in the unit that the kind states; 0 where the kind has none.
    """

    kind: FaultKind
    start: float
    end: float
    subjects: tuple[str, ...]
    strength: float = 0.0

    def is_active(self, time: float) -> bool:
        """Whether it lasts at ``time``."""
        return self.start <= time < self.end

    def to_json(self) -> dict[str, Any]:
        """Itself as plain data."""
        return {
            "kind": self.kind.value,
            "start": self.start,
            "end": self.end,
            "subjects": list(self.subjects),
            "strength": self.strength,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Fault":
        """The fault that plain data describes.

        Raises:
            KeyError: A field is missing.
            ValueError: The kind is not known.
        """
        kind, subjects = FaultKind(data["kind"]), tuple(data["subjects"])
        return cls(kind, float(data["start"]), float(data["end"]), subjects, float(data.get("strength", 0.0)))


class Story(Protocol):
    """Faults in chapters; a fault begins and ends within its chapter."""

    def chapter_at(self, time: float) -> int:
        """Number of the chapter that ``time`` lies in, from 0."""

    def chapter(self, number: int) -> Sequence[Fault]:
        """Its faults, the same whenever it is asked for."""


@dataclass(frozen=True, slots=True)
class FixedStory:
    """Faults that somebody has written down; afterwards nothing ever happens."""

    faults: tuple[Fault, ...]

    def chapter_at(self, time: float) -> int:  # noqa: ARG002  # there is but one
        """The only chapter."""
        return 0

    def chapter(self, number: int) -> Sequence[Fault]:  # noqa: ARG002  # there is but one
        """All faults."""
        return self.faults


class Chronicle:
    """A story as far as it has been read, with an index by subject."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._chapters: list[Sequence[Fault]] = []
        self._struck: list[dict[str, list[Fault]]] = []
        self._past: defaultdict[str, list[Fault]] = defaultdict(list)

    def active(self, time: float) -> list[Fault]:
        """The faults that last at ``time``."""
        self._read_until(time)
        return [fault for fault in self._chapters[self._story.chapter_at(time)] if fault.is_active(time)]

    def active_on(self, subject: str, time: float) -> list[Fault]:
        """The faults that strike one subject at ``time``."""
        self._read_until(time)
        candidates = self._struck[self._story.chapter_at(time)].get(subject, ())
        return [fault for fault in candidates if fault.is_active(time)]

    def begun_on(self, subject: str, time: float) -> list[Fault]:
        """The faults that have struck one subject until ``time``, over or not, in order of their start."""
        self._read_until(time)
        return [fault for fault in self._past.get(subject, ()) if fault.start <= time]

    def next_change(self, time: float) -> float:
        """When the next fault after ``time`` begins or ends; infinite where none does."""
        number = self._story.chapter_at(time)
        chapters = (self._story.chapter(number), self._story.chapter(number + 1))
        edges = (edge for chapter in chapters for fault in chapter for edge in (fault.start, fault.end))
        return min((edge for edge in edges if edge > time), default=float("inf"))

    def _read_until(self, time: float) -> None:
        while len(self._chapters) <= self._story.chapter_at(time):
            chapter = sorted(self._story.chapter(len(self._chapters)), key=lambda fault: fault.start)
            self._chapters.append(chapter)
            self._struck.append(_by_subject(chapter))
            for subject, faults in self._struck[-1].items():
                self._past[subject].extend(faults)


def _by_subject(faults: Iterable[Fault]) -> dict[str, list[Fault]]:
    struck: defaultdict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        for subject in fault.subjects:
            struck[subject].append(fault)
    return dict(struck)
