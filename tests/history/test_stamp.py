"""Whether anything was added to a part of the history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from history.facts import AuditEntry, Fact, Heartbeat, IncidentRecord, SpeedTest, Terms
from history.rollup import RollupBlock, Span
from model.incident import Incident
from model.measurement import SubjectKey
from model.state import State
from model.transition import Transition
from tests.peers.desk import incident
from tests.peers.facts import opened

START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
WITHIN = datetime(2026, 10, 7, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
LINK: SubjectKey = ("link", "office-vnpt")


def turned(at: datetime) -> Transition:
    """A line that was cut."""
    return Transition(LINK, State.UP, State.DOWN, at, 0.5, at)


def incident_at(opened_at: datetime) -> Incident:
    """One that was opened then."""
    return replace(incident(), opened_at=opened_at, closed_at=opened_at + HOUR)


ADDED: dict[str, Fact] = {
    "transition": turned(WITHIN),
    "the end of an outage that began in it": turned(END + timedelta(days=6)),
    "heartbeat": Heartbeat(WITHIN, WITHIN + HOUR),
    "rollups": RollupBlock("w", Span.HOUR, WITHIN, WITHIN + HOUR, ()),
    "speed test": SpeedTest("office-vnpt", "download", WITHIN, 10.0, 1_000, 2e8),
    "terms": Terms(LINK, WITHIN, "digest", None),
    "an incident about its end": IncidentRecord(incident_at(END + timedelta(seconds=3))),
    "what somebody wrote later": AuditEntry(END + timedelta(days=20), "an", "annotate", {"about": "x"}),
}


@pytest.mark.parametrize("name", list(ADDED))
async def test_every_fact_that_is_added_is_noticed(name: str, tmp_path: Path) -> None:
    """Of every table that a review reads; and the same history has the same stamp."""
    async with opened(f"sqlite:///{tmp_path}/h.db") as store:
        before = await store.stamp(START, END)
        assert before == await store.stamp(START, END)
        await store.record(ADDED[name])
        assert before != await store.stamp(START, END)


@pytest.mark.parametrize(
    "fact",
    [
        turned(END + timedelta(days=8)),
        SpeedTest("office-vnpt", "download", END, 10.0, 1_000, 2e8),
        IncidentRecord(incident_at(END + timedelta(days=8))),
    ],
    ids=["transition", "speed test", "incident"],
)
async def test_what_came_after_it_changes_nothing(fact: Fact, tmp_path: Path) -> None:
    """Or a month that is over would be reckoned anew forever."""
    async with opened(f"sqlite:///{tmp_path}/h.db") as store:
        before = await store.stamp(START, END)
        await store.record(fact)
        assert before == await store.stamp(START, END)


async def test_a_run_that_goes_on_changes_nothing_behind_its_month(tmp_path: Path) -> None:
    """The monitor's heartbeat grows every few seconds."""
    async with opened(f"sqlite:///{tmp_path}/h.db") as store:
        await store.record(Heartbeat(WITHIN, END + HOUR))
        before = await store.stamp(START, END)
        await store.record(Heartbeat(WITHIN, END + 2 * HOUR))
        assert before == await store.stamp(START, END)


async def test_an_incident_that_grows_is_noticed(tmp_path: Path) -> None:
    """Each change of it has a higher version."""
    one = incident()
    start, end = one.opened_at - HOUR, one.opened_at + HOUR
    async with opened(f"sqlite:///{tmp_path}/h.db") as store:
        stamps = [await store.stamp(start, end)]
        for version in (1, 2):
            await store.record(IncidentRecord(replace(one, version=version)))
            stamps.append(await store.stamp(start, end))
    assert len(set(stamps)) == 3
