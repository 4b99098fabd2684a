"""Whether the daemon does what it is there for: each part that does not is named."""

import asyncio
from dataclasses import dataclass, field

import pytest

from monitor.health import MOST_SILENT, MOST_UNWRITTEN, Health


@dataclass
class Parts:
    """Everything that the daemon is made of.

    Attributes:
        is_writing: Whether the history's thread lives.
        is_working: Whether alerting goes on.
        oldest: How long a fact waits.
        fault: Why.
        late: How long a probe is overdue.
        now: The time.
    """

    is_writing: bool = True
    is_working: bool = True
    oldest: float | None = None
    fault: str | None = None
    late: float = 0.0
    now: float = 100.0
    health_of_it: Health = field(init=False)

    def __post_init__(self) -> None:
        self.health_of_it = Health(self, self, lambda: self.late, lambda: self.now)

    def health(self) -> "Parts":
        """How the history is."""
        return self


@pytest.fixture
async def parts() -> Parts:
    """All well, a moment after a beat."""
    made = Parts()
    await made.health_of_it.beat()
    return made


async def test_all_is_well(parts: Parts) -> None:
    """A history that is slow for a moment, and a probe that is a little late, are no illness."""
    assert parts.health_of_it.ailments() == []
    parts.oldest, parts.fault, parts.late, parts.now = MOST_UNWRITTEN, "locked", MOST_SILENT, 100 + MOST_SILENT
    assert parts.health_of_it.ailments() == []


async def test_each_part_is_named(parts: Parts) -> None:
    """All that is wrong at once, in words."""
    parts.oldest, parts.fault, parts.late, parts.now = 600, "the disk is full", 90, 300
    parts.is_working = False
    parts.health_of_it.writing = asyncio.create_task(asyncio.sleep(0))
    await parts.health_of_it.writing
    assert parts.health_of_it.ailments() == [
        "nothing of the calendar has run for 200 s",
        "no probe has been started for 90 s, though one is due",
        "alerting has ended: nobody would be told of anything",
        "changes of state are neither written nor shown any more",
        "the history has not been written for 600 s: the disk is full",
    ]


async def test_a_dead_writer_is_named(parts: Parts) -> None:
    """Before anything has waited for long."""
    parts.is_writing = False
    assert parts.health_of_it.ailments() == ["what writes the history has ended"]


def test_nothing_is_ill_before_it_has_begun() -> None:
    """A start may take long; whoever restarts what is ill must not restart that."""
    made = Parts(is_writing=False, is_working=False, late=1e6)
    assert made.health_of_it.ailments() == []
