"""What people do about incidents, over a real history; and what that history answers when it is asked why."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exporters.desk import (
    ClosedError,
    FixedWindowError,
    TakenError,
    UnknownIncidentError,
    UnknownSilenceError,
    UnknownWindowError,
)
from exporters.past import PastUnavailableError
from history.facts import Fact
from history.store import Fate, Store
from model.alerting import MaintenanceWindow
from model.incident import About, Incident
from model.inventory import Inventory
from model.matcher import parse_matcher
from model.measurement import SubjectKey
from model.silence import Silence, make_silence
from model.state import State
from model.transition import Transition
from monitor.added_windows import added_windows
from monitor.alerting import Alerting
from monitor.desk import Desk
from monitor.silences import known_silences
from monitor.states import Change
from tests.peers.alert_desk import ALERTS, Counts, Drawer, Looks
from tests.peers.facts import opened
from tests.peers.stage import BEGIN, link, site

HOUR = 3_600.0


@dataclass
class Room:
    """A desk, what is behind it, and a clock that is set by hand."""

    store: Store
    inventory: Inventory
    seconds: float = 0.0
    silent: set[SubjectKey] = field(default_factory=set)
    alerting: Alerting = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.alerting = Alerting(self.store, self.answered_at, Counts(), Looks(), self.now)
        self.alerting.load(self.inventory)
        self.desk = Desk(self.alerting, self.store, lambda: self.inventory, self.take_windows, self.now)

    def now(self) -> datetime:
        """So many seconds after the begin."""
        return BEGIN + timedelta(seconds=self.seconds)

    def answered_at(self, subject: SubjectKey) -> datetime | None:
        """What is not down answers all the time."""
        return None if subject in self.silent else self.now()

    async def take_windows(self, windows: Sequence[MaintenanceWindow]) -> None:
        """As the daemon does it."""
        own = [window for window in self.inventory.maintenance if window.reason == "fixed"]
        self.inventory = self.inventory.model_copy(update={"maintenance": (*own, *windows)})
        self.alerting.load(self.inventory)

    async def at(self, seconds: float) -> None:
        """Let time pass, looking whenever the pipeline wants to."""
        wake_at = await self.look()
        while wake_at is not None and wake_at <= BEGIN + timedelta(seconds=seconds):
            self.seconds = max(self.seconds, (wake_at - BEGIN).total_seconds())
            wake_at = await self.look()
        self.seconds = seconds
        await self.look()

    async def look(self) -> datetime | None:
        """What is decided now is carried out."""
        step = self.alerting.pipeline.step(self.now())
        await self.alerting._carry_out(step)
        return step.wake_at

    async def shows(self, name: str, after: State, noun: Any = "link") -> None:
        """A change of state is on the disk."""
        subject: SubjectKey = (noun, name)
        if after is State.DOWN:
            self.silent.add(subject)
        else:
            self.silent.discard(subject)
        fact = Transition(subject, State.UP, after, self.now(), 0.0, self.now(), {})
        self.alerting.saw(Change(subject, after, fact))
        await self.look()

    async def explained(self, name: str, seconds: float, noun: Any = "link") -> list[str]:
        """What ``linkward explain`` shows of a time: outcomes and words."""
        about: About = (noun, name)
        decided = await self.desk.decisions(about, BEGIN + timedelta(seconds=seconds))
        return [f"{each.alertname} {each.outcome} {each.detail}".strip() for each in decided]

    def only(self) -> Incident:
        """The incident that is open."""
        (incident,) = self.desk.open_incidents()
        return incident


def places(**more: Any) -> Inventory:
    """An office with two lines, and a clinic behind its main one."""
    sites = [
        site("office", link("main"), link("spare", role="backup")),
        site("clinic", link("clinic-1", depends_on=["main"])),
    ]
    ward = {"id": "w", "timezone": "Asia/Ho_Chi_Minh", "language": "en"}
    return Inventory.model_validate({"ward": ward, "sites": sites, "alerts": ALERTS, **more})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A history that is empty."""
    async with opened(f"sqlite:///{tmp_path / 'history.db'}") as started:
        yield started


@pytest.fixture
def room(store: Store) -> Room:
    """All is well."""
    return Room(store, places())


async def test_an_acknowledgement_is_written_down_and_in_force(room: Room, store: Store) -> None:
    """With who, when and why; taken back, nobody has it."""
    await room.shows("spare", State.DOWN)
    name = room.only().id
    room.seconds = 60
    taken = await room.desk.acknowledge(name, "lan", "I call VNPT")
    await room.look()
    assert taken.acknowledged is not None
    assert (taken.acknowledged.who, taken.acknowledged.at) == ("lan", room.now())
    assert room.only() == taken
    assert await store.incident(name) == taken
    room.seconds = 120
    back = await room.desk.unacknowledge(name, "an")
    assert back.acknowledged is None
    assert await store.incident(name) == back
    entries = await store.audit(BEGIN, BEGIN + timedelta(hours=1))
    assert [(entry.who, entry.action) for entry in entries] == [("lan", "acknowledge"), ("an", "unacknowledge")]
    assert entries[0].content == {"incident": name, "comment": "I call VNPT"}


async def test_what_cannot_be_written_down_is_not_in_force(
    room: Room, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever hears that it failed has not got it: it goes on to be told to others."""
    await room.shows("spare", State.DOWN)
    before = room.only()

    async def refuse(*_: Fact) -> Fate:
        return Fate.REFUSED

    with monkeypatch.context() as broken:
        broken.setattr(store, "record", refuse)
        with pytest.raises(PastUnavailableError):
            await room.desk.acknowledge(before.id, "lan", "")
    assert room.only().acknowledged is None
    assert room.only().version > before.version
    assert (await room.desk.acknowledge(before.id, "an", "")).acknowledged is not None


async def test_only_what_is_open_can_be_acknowledged(room: Room) -> None:
    """What nobody knows is unknown, what is over is over."""
    with pytest.raises(UnknownIncidentError):
        await room.desk.acknowledge("nothing-000000", "lan", "")
    await room.shows("spare", State.DOWN)
    name = room.only().id
    room.seconds = 60
    await room.shows("spare", State.UP)
    with pytest.raises(ClosedError):
        await room.desk.acknowledge(name, "lan", "")
    room.seconds = 2 * HOUR
    await room.look()
    with pytest.raises(ClosedError):  # forgotten by the pipeline, known by the history
        await room.desk.unacknowledge(name, "lan")


async def test_whoever_acknowledges_what_became_part_of_another_has_that(room: Room) -> None:
    """The link in the first message still leads to where the matter is."""
    other = Room(room.store, places(sites=[site(name, link(f"{name}1", "VNPT")) for name in "abc"]))
    for name in "abc":
        await other.shows(f"{name}1", State.DOWN)
        other.seconds += 4
    merged = [one for one in await other.desk.incidents(BEGIN, other.now()) if one.merged_into]
    assert merged
    taken = await other.desk.acknowledge(merged[0].id, "lan", "")
    assert taken.id == other.only().id != merged[0].id
    assert other.only().acknowledged is not None


async def test_incidents_are_found_open_and_over(room: Room) -> None:
    """The newest first; those of a time as they are now."""
    await room.shows("spare", State.DOWN)
    room.seconds = 600
    await room.shows("clinic-1", State.DOWN)
    await room.at(660)
    assert [one.cause.subject[1] for one in room.desk.open_incidents()] == ["clinic", "spare"]
    room.seconds = 700
    await room.shows("spare", State.UP)
    assert {one.cause.subject[1] for one in await room.desk.incidents(BEGIN, room.now())} == {"spare", "clinic"}
    assert await room.desk.incidents(BEGIN - timedelta(hours=2), BEGIN - timedelta(hours=1)) == []
    assert await room.desk.incident("nothing-000000") is None


async def test_a_silence_is_written_down_in_force_and_ended(room: Room, store: Store) -> None:
    """It survives in the history as it is; who made and who ended it is known."""
    silence = await room.desk.add_silence(a_silence(room))
    await room.shows("spare", State.DOWN)
    assert room.desk.silences() == [silence]
    assert list(known_silences(await store.silences(room.now()))) == [silence]
    room.seconds = 60
    over = await room.desk.end_silence(silence.id, "an")
    assert (over.ended_by, over.until) == ("an", room.now())
    assert list(known_silences(await store.silences(room.now()))) == [over]
    await room.look()
    assert room.only().told
    with pytest.raises(ClosedError):
        await room.desk.end_silence(silence.id, "an")
    with pytest.raises(UnknownSilenceError):
        await room.desk.end_silence("silence-000000", "an")
    entries = await store.audit(BEGIN, BEGIN + timedelta(hours=1))
    assert [(entry.who, entry.action) for entry in entries] == [("lan", "silence"), ("an", "end-silence")]


def a_silence(room: Room, seconds: float = HOUR) -> Silence:
    """Of the spare line, from now on."""
    matchers = (parse_matcher('link="spare"'),)
    return make_silence(matchers, room.now(), room.now() + timedelta(seconds=seconds), "lan", "digging", now=room.now())


async def test_windows_are_added_and_taken_back_but_not_those_of_the_inventory(store: Store) -> None:
    """An id is taken once; what the inventory says only a person changes there."""
    fixed = {"id": "fixed", "links": ["main"], "every": "Sun 02:00-03:00", "reason": "fixed"}
    room = Room(store, places(maintenance=[fixed]))
    window = MaintenanceWindow.model_validate({
        "id": "noon",
        "links": ["spare"],
        "from": "2026-11-24T10:00",
        "to": "2026-11-24T11:00",
    })
    await room.desk.add_maintenance(window, "lan")
    assert [one.id for one in room.desk.maintenance()] == ["fixed", "noon"]
    assert added_windows(await store.audit(BEGIN, BEGIN + timedelta(hours=1))) == (window,)
    await room.shows("spare", State.DOWN)
    assert not room.only().told
    for taken in (window, window.model_copy(update={"id": "fixed"})):
        with pytest.raises(TakenError):
            await room.desk.add_maintenance(taken, "lan")
    room.seconds = 60
    with pytest.raises(FixedWindowError):
        await room.desk.end_maintenance("fixed", "lan")
    with pytest.raises(UnknownWindowError):
        await room.desk.end_maintenance("other", "lan")
    await room.desk.end_maintenance("noon", "lan")
    await room.look()
    assert room.only().told
    assert added_windows(await store.audit(BEGIN, BEGIN + timedelta(hours=1))) == ()


async def test_a_history_that_cannot_be_read_says_so_to_whoever_asks(store: Store) -> None:
    """In the words of the history, for people."""
    drawer = Drawer()
    room = Room(drawer, places())
    drawer.is_broken = True
    with pytest.raises(PastUnavailableError, match="the disk is full: make room"):
        await room.desk.incidents(BEGIN, room.now())
    assert store.health().fault is None


async def test_there_is_no_signer_without_a_key(room: Room) -> None:
    """And with one there is."""
    assert room.desk.link_signer() is None
    room.alerting.load(places(alerts={**ALERTS, "link_key": "k" * 32, "external_url": "https://w.example"}))
    assert room.desk.link_signer() is not None


async def test_it_is_explained_why_somebody_was_told(room: Room) -> None:
    """At the time of the outage, long after its begin, and after its end; before it there is nothing to explain."""
    await room.shows("spare", State.DOWN)
    await room.at(HOUR)
    await room.shows("spare", State.UP)
    await room.at(3 * HOUR)
    assert await room.explained("spare", 1_800) == ["LinkDown told opened to hook"]
    assert await room.explained("spare", HOUR + 60) == ["LinkDown told resolved to hook"]
    assert await room.explained("spare", 3 * HOUR) == ["LinkDown told resolved to hook"]
    assert await room.explained("spare", -HOUR) == []


async def test_it_is_explained_what_hid_an_outage(room: Room) -> None:
    """A window, with its end and reason; when it is over nobody was told, and it was over."""
    window = {
        "id": "noon",
        "links": ["spare"],
        "from": "2026-11-24T10:00",
        "to": "2026-11-24T12:00",
        "reason": "splice",
    }
    await room.desk.add_maintenance(MaintenanceWindow.model_validate(window), "lan")
    await room.shows("spare", State.DOWN)
    await room.at(HOUR)
    await room.shows("spare", State.UP)
    await room.at(3 * HOUR)
    words = "maintenance window `noon` until 2026-11-24 12:00 Asia/Ho_Chi_Minh: splice"
    assert await room.explained("spare", 1_800) == [f"LinkDown maintenance {words}"]
    assert await room.explained("spare", 3 * HOUR) == ["LinkDown over"]


async def test_it_is_explained_whose_silence_held_and_that_it_was_told_when_that_ended(room: Room) -> None:
    """In order of time."""
    silence = await room.desk.add_silence(a_silence(room, 300))
    await room.shows("spare", State.DOWN)
    await room.at(600)
    words = f"silence `{silence.id}` of lan until 2026-11-24 10:05 Asia/Ho_Chi_Minh: digging"
    assert await room.explained("spare", 200) == [f"LinkDown silence {words}", "LinkDown told opened to hook"]


async def test_it_is_explained_what_a_silent_child_was_part_of(room: Room) -> None:
    """Also of one that was never found down itself; with what was told of its cause. Once it is over, that is said."""
    room.alerting.pipeline.correlator.faults.states["link", "spare"] = State.UP
    await room.shows("main", State.DOWN)
    await room.shows("clinic-1", State.UNREACHABLE)
    await room.at(HOUR)
    assert await room.explained("clinic-1", 1_800) == [
        "LinkDown part explained by LinkDown of link main",
        "LinkDown told opened to hook",
    ]
    await room.shows("main", State.UP)
    await room.shows("clinic-1", State.UP)
    await room.at(3 * HOUR)
    assert await room.explained("clinic-1", 3 * HOUR) == ["LinkDown over", "LinkDown told resolved to hook"]


async def test_it_is_explained_what_was_waited_for(store: Store) -> None:
    """A parent was asked before anybody was told of its child."""
    room = Room(store, places())
    room.alerting.pipeline.correlator.faults.states["link", "main"] = State.UP
    room.silent.add(("link", "main"))
    await room.shows("clinic-1", State.DOWN)
    await room.at(60)
    explained = await room.explained("clinic-1", 30)
    assert explained[0] == "LinkDown held link main is being asked"
    assert explained[-1] == "SiteUnreachable told opened to hook"


@pytest.mark.parametrize(
    ("alerts", "outcome"),
    [
        ({**ALERTS, "via": "prometheus"}, "via_prometheus `alerts.via` is prometheus: its rules and Alertmanager tell"),
        ({**ALERTS, "routes": []}, "no_route no route under `alerts.routes` takes it"),
    ],
)
async def test_it_is_explained_why_nobody_ever_was(store: Store, alerts: Any, outcome: str) -> None:
    """By configuration."""
    room = Room(store, places(alerts=alerts))
    await room.shows("spare", State.DOWN)
    await room.at(HOUR)
    assert await room.explained("spare", 1_800) == [f"LinkDown {outcome}"]
