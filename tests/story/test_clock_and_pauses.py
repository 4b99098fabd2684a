"""The wall clock is set, or the process is held up: no outage is invented, and every instant is accounted for once."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from history.facts import Heartbeat
from model.intervals import Interval, instant
from model.state import State
from model.timeline import timeline
from model.transition import Transition
from monitor.accounts import watch_of
from monitor.heart import Heart
from tests.peers.daemon import Process, daemon
from tests.peers.snmp import SnmpPeer, agent_mib

WARD = """
ward: {{id: test, timezone: Asia/Ho_Chi_Minh}}
credentials: {{c: {{version: 2c, community: public}}}}
sites:
  - id: office
    devices:
      - id: sw
        address: 127.0.0.1
        icmp: false
        snmp: {{credentials: c, port: {agent}, interval: 2s, timeout: 500ms, retries: 1}}
    links:
      - {{id: alive, target: "tcp://127.0.0.1:{port}", interval: 1s, timeout: 900ms}}
"""
UP = 'linkward_link_state{link="alive",site="office",state="up"} 1'
SECONDS = 'linkward_link_state_seconds_total{{link="alive",site="office",state="{}"}}'
FAKETIME = next(Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1"), None)


@asynccontextmanager
async def watching(folder: Path, **environment: str) -> AsyncIterator[Process]:
    """A daemon that watches a link and a device which are always there."""
    async with SnmpPeer(agent_mib({1: "eth0"})) as peer:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        inventory = WARD.format(agent=peer.port, port=server.sockets[0].getsockname()[1])
        async with server, daemon(folder, inventory, environment=environment) as process:
            await process.until("/metrics", UP)
            yield process


async def account(process: Process) -> dict[str, int]:
    """Milliseconds of the month so far by state, which must sum to the month so far."""
    answer: Any = await process.json("/api/v1/availability?link=alive")
    spent: dict[str, int] = answer["links"][0]["milliseconds"]["net"]
    start, end = (datetime.fromisoformat(answer[edge]) for edge in ("start", "end"))
    assert sum(spent.values()) == round((end - start) / timedelta(milliseconds=1))
    assert min(spent.values()) >= 0
    return spent


def outages(process: Process) -> list[str]:
    """Lines of the log by which something was lost, or something went wrong."""
    words = (" is down", " is unreachable", "ERROR", "Traceback")
    return [line for line in process.log.splitlines() if any(word in line for word in words)]


def _set(clock: Path, step: str) -> None:
    """Set the clock by so many seconds; it never finds half of the words."""
    aside = clock.with_suffix(".new")
    aside.write_text(step)
    aside.replace(clock)


@pytest.mark.live
async def test_a_daemon_that_was_stopped_invents_no_outage(tmp_path: Path) -> None:
    """SIGSTOP for longer than three beats: afterwards all is up, the gap is unknown, and nothing was down."""
    async with watching(tmp_path) as process:
        await asyncio.sleep(2)
        before = await account(process)
        process.send(signal.SIGSTOP)
        await asyncio.sleep(17)
        process.send(signal.SIGCONT)
        await process.until("/metrics", UP)
        await asyncio.sleep(6)  # a heartbeat, and what is noticed late
        after = await account(process)
        assert after["down"] == after["unreachable"] == 0
        assert after["unknown"] - before["unknown"] >= 15_000
        assert 2_000 <= after["up"] - before["up"] <= 14_000
        assert outages(process) == []


@pytest.mark.live
@pytest.mark.skipif(FAKETIME is None, reason="libfaketime is not installed (Debian: faketime)")
async def test_a_clock_that_leaps_makes_no_storm(tmp_path: Path) -> None:
    """Steps of an hour and of a day, there and back: nothing is down, no time is negative, each account adds up."""
    clock = tmp_path / "clock"
    _set(clock, "+0")
    environment = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",  # seconds; it would read the file at every look at the clock otherwise
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    async with watching(tmp_path, **environment) as process:
        known = dict.fromkeys(("up", "down", "unknown"), 0.0)
        for step in ("+3600", "-3600", "+86400", "-86400", "+0"):
            _set(clock, step)
            await asyncio.sleep(7)
            await account(process)
            await process.until("/metrics", UP, within=5)
            if 'state_seconds_total{link="alive"' in await process.text("/metrics"):
                now = {state: await process.value(SECONDS.format(state)) for state in known}
                assert all(now[state] >= known[state] for state in known)
                known = now
        assert (await account(process))["down"] == 0
        assert process.log.count("link alive is unknown") == 5
        assert outages(process) == []


def test_an_hour_that_never_was_hides_nothing_afterwards() -> None:
    """A clock that was an hour ahead for a moment costs that moment, and not the hour after it was set right."""
    link, begun = ("link", "alive"), datetime(2026, 11, 24, 8, tzinfo=UTC)
    heart, runs, log = Heart(begun, 0.0), dict[datetime, Heartbeat](), list[Transition]()

    def change(before: State, after: State, since: datetime, noticed_at: datetime) -> None:
        log.append(Transition(("link", link[1]), before, after, since, 0.0, noticed_at))

    change(State.UNKNOWN, State.UP, begun, begun)
    for second in range(5, 125, 5):
        ahead = timedelta(hours=1) if 60 <= second < 75 else timedelta()
        now = begun + timedelta(seconds=second) + ahead
        beat = heart.beat(now, float(second))
        runs |= {run.began: run for run in beat.runs}
        if beat.lost_since is not None:
            change(State.UP, State.UNKNOWN, beat.lost_since, now)
            change(State.UNKNOWN, State.UP, now, now)
    here = Interval(instant(begun), instant(begun + timedelta(seconds=120)))
    stretches = [part for part in timeline(log, watch_of(runs.values())) if part.start < here.end]
    assert sum(min(part.end, here.end) - part.start for part in stretches) >= 90_000
