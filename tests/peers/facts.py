"""Facts and histories that the tests write down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from history.rollup import RollingHour, Rollup, RollupBlock, Span, Traffic
from history.store import Store
from model.incident import AlertName, Entry, Fault, Incident, Severity
from model.state import State
from model.transition import Transition

START = datetime(2026, 10, 31, 17, tzinfo=UTC)
"""Midnight of 1 November in Hanoi."""


def moment(seconds: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=seconds)


def transition(seconds: float, after: State = State.DOWN, link: str = "office-vnpt") -> Transition:
    """A link changes its state."""
    before = State.UP if after is State.DOWN else State.DOWN
    at = moment(seconds)
    return Transition(("link", link), before, after, at, 0.5, at + timedelta(seconds=3), {"n": 4.0, "why": "silent"})


def incident(name: str, seconds: float, version: int = 1, closed: float | None = None) -> Incident:
    """A link that is down, told of since so many seconds after the start, until it is closed."""
    began, opened_at = moment(seconds), moment(seconds + 3)
    ended = None if closed is None else moment(closed)
    evidence: dict[str, str | float] = {"rtt": float("inf"), "why": "im lặng"}
    fault = Fault(AlertName.LINK_DOWN, ("link", name), began, opened_at, Severity.CRITICAL, evidence=evidence)
    changed = opened_at if ended is None else ended
    entries = (Entry(fault, ended),)
    return Incident(name, "xuan-dinh", began, opened_at, changed, entries, version=version, closed_at=ended)


def hour(number: int, link: str = "office-vnpt", answers: int = 8) -> Rollup:
    """An hour of a link in which two probes were lost."""
    start = START + timedelta(hours=number)
    rolling = RollingHour(("link", link), start)
    for probe in range(answers):
        rolling.answered(0.010 + probe / 1000, probe / 1000)
    rolling.unanswered()
    rolling.unanswered(late=True)
    rolling.was(State.UP, timedelta(minutes=59, microseconds=1))
    rolling.was(State.DOWN, timedelta(seconds=59, microseconds=999_999))
    rolling.carried(Traffic(1_000, 2.5e6), None)
    rolling.minute(stable=True)
    rolling.minute(stable=False)
    rolling.measured(timedelta(hours=1))
    return rolling.rollup(start + timedelta(hours=1))


def block(number: int, ward: str = "xuan-dinh", links: tuple[str, ...] = ("office-vnpt",)) -> RollupBlock:
    """An hour of a ward."""
    start = START + timedelta(hours=number)
    rollups = tuple(hour(number, link) for link in links)
    return RollupBlock(ward, Span.HOUR, start, start + timedelta(hours=1), rollups)


@asynccontextmanager
async def opened(url: str, monitor: str = "north", patience: float = 5.0) -> AsyncIterator[Store]:
    """A store that is started, and closed afterwards."""
    store = Store(url, monitor, patience)
    await store.start()
    try:
        yield store
    finally:
        await store.close()
