"""A daemon that is killed at any moment while lines are cut and mended: nobody misses a cut, nobody is told a tale."""

import asyncio
import logging
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from history.facts import Notification
from history.store import Store
from model.incident import Incident
from model.measurement import SubjectKey
from model.state import State
from model.transition import Transition
from tests.peers.killed import LINES, SITES, Heard, Hunt

log = logging.getLogger(__name__)

KILLS = int(os.environ.get("LINKWARD_KILLS", "24"))
"""In all; each takes some four seconds, and a third of that because three daemons live side by side."""
OF_ONE = 8
"""Of one daemon: its lines would be flapping after more, and single cuts of them no news."""
SIDE_BY_SIDE = 3
TOLERANCE = 0.6  # seconds; as far may a begin or an end be off, at four probes a second, on a busy machine

pytestmark = [pytest.mark.alone, pytest.mark.timeout(60 + 6 * KILLS)]


@dataclass(frozen=True)
class Ended:
    """All lives of one daemon.

    Attributes:
        hunt: What was done to it, and what it told.
        transitions: That its history holds, by subject.
        incidents: The same, by id.
        unsent: Messages that were not receipted.
    """

    hunt: Hunt
    transitions: Mapping[SubjectKey, Sequence[Transition]]
    incidents: Mapping[str, Incident]
    unsent: Sequence[Notification]

    def messages(self, kind: str) -> Iterator[Heard]:
        """The alerts of all messages of a kind, in order."""
        return (each for each in self.hunt.heard if each.kind == kind)

    def tells_of(self, name: str) -> str:
        """The incident that tells of an incident now: itself, or what it has become a part of."""
        while (after := self.incidents[name].merged_into) is not None:
            name = after
        return name


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> list[Ended]:
    """Daemons, each through all of its lives."""
    folders = [tmp_path_factory.mktemp(f"daemon-{number}") for number in range(-(-KILLS // OF_ONE))]
    stories = asyncio.run(_all(folders))
    log.info("%s", _figures(stories))
    return stories


async def _all(folders: Sequence[Path]) -> list[Ended]:
    room = asyncio.Semaphore(SIDE_BY_SIDE)
    return await asyncio.gather(*(_one(folder, seed, room) for seed, folder in enumerate(folders)))


async def _one(folder: Path, seed: int, room: asyncio.Semaphore) -> Ended:
    hunt = Hunt(folder, random.Random(seed))  # noqa: S311  # the same moments each time
    async with room:
        await hunt.through(OF_ONE)
    store = Store(hunt.url, "reader")
    await store.start()
    begin, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    try:
        found = await store.incidents(begin, end)
        incidents = {incident.id: incident for incident in found}
        return Ended(hunt, await store.transitions(begin, end), incidents, await store.outbox())
    finally:
        await store.close()


def _figures(stories: Sequence[Ended]) -> dict[str, object]:
    """What came of it, for whoever asks with ``--log-cli-level=INFO``."""
    kills: Counter[str] = Counter()
    for story in stories:
        kills.update({moment.value: number for moment, number in story.hunt.kills.items()})
    messages = sum(story.hunt.messages for story in stories)
    return {
        "kills": kills.total(),
        **kills,
        "cuts": sum(len(line.cuts) for story in stories for line in story.hunt.lines.values()),
        "outages in the history": sum(len(list(_outages(story))) for story in stories),
        "incidents": sum(len(story.incidents) for story in stories),
        "messages": messages,
        "sent again with the same key": messages - sum(len({each.key for each in s.hunt.heard}) for s in stories),
    }


def _outages(story: Ended) -> Iterator[tuple[str, Transition]]:
    for line in LINES:
        for transition in story.transitions[("link", line)]:
            if transition.after is State.DOWN:
                yield line, transition


def test_the_hunt_has_met_its_prey(ended: list[Ended]) -> None:
    """Lines were cut, messages told, and daemons killed in between; and none of them has complained."""
    assert sum(len(list(_outages(story))) for story in ended) >= len(ended)
    assert {"opened", "resolved"} <= {each.kind for story in ended for each in story.hunt.heard}
    for story in ended:
        assert "Traceback" not in story.hunt.log


def test_every_outage_that_was_durable_was_told(ended: list[Ended]) -> None:
    """Whatever the history calls down lies in an incident of which a message has come that says so of this line."""
    for story in ended:
        said = {(each.incident, line) for each in story.hunt.heard if each.is_firing for line in each.lines}
        for line, outage in _outages(story):
            covering = {each.id for each in story.incidents.values() if _covers(each, outage)}
            covering |= {story.tells_of(name) for name in covering}
            assert said & {(name, line) for name in covering}, (line, outage, covering)


def _covers(incident: Incident, outage: Transition) -> bool:
    """Whether an incident lasted at the time of an outage."""
    began = incident.began_at <= outage.noticed_at
    return began and (incident.closed_at is None or incident.closed_at >= outage.at)


def test_nothing_is_told_as_over_that_is_not(ended: list[Ended]) -> None:
    """At the end that a message names, give or take the uncertainty of a probe, something did pass."""
    for story in ended:
        for each in story.hunt.heard:
            if not each.is_firing:
                at = each.ends.timestamp()
                lines = [story.hunt.lines[name] for name in each.lines]
                assert any(line.passed(at - TOLERANCE, at + TOLERANCE) for line in lines), each


def test_nothing_is_told_as_over_that_was_not_told_before(ended: list[Ended]) -> None:
    """Of each incident the begin comes before the end."""
    for story in ended:
        opened: set[str] = set()
        for each in story.hunt.heard:
            if each.kind == "opened":
                opened.add(each.incident)
            assert each.incident in opened, each


def test_what_comes_twice_bears_the_same_key(ended: list[Ended]) -> None:
    """Of each incident one message tells the begin and one the end, however often it is sent; the header agrees."""
    for story in ended:
        keys: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for each in story.hunt.heard:
            assert each.header == each.key
            if each.kind in {"opened", "resolved"}:
                keys[each.incident, each.kind].add(each.key)
        assert {which: some for which, some in keys.items() if len(some) > 1} == {}


def test_one_cut_is_one_incident(ended: list[Ended]) -> None:
    """A cut that lasts through several lives is told as opened once: no restart makes another of it."""
    for story in ended:
        for (name,) in (lines for lines in SITES.values() if len(lines) == 1):
            keys = {each.key: each for each in story.messages("opened") if name in each.lines}
            for begin, end in story.hunt.lines[name].cuts:
                starts = [each.starts.timestamp() for each in keys.values()]
                within = [at for at in starts if begin - TOLERANCE / 2 <= at <= end - TOLERANCE]
                assert len(within) <= 1, (name, begin, end, within)


def test_everything_is_over_in_the_end(ended: list[Ended]) -> None:
    """Once all is mended every incident that was told is told as over, and nothing waits to be sent."""
    for story in ended:
        resolved = {each.incident for each in story.messages("resolved")}
        for name in {each.incident for each in story.messages("opened")}:
            assert story.tells_of(name) in resolved, name
        assert [each.id for each in story.incidents.values() if each.is_open] == []
        assert story.unsent == []
