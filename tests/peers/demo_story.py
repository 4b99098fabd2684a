"""A daemon on the simulated ward, through a story that is written down: what it must find is known."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process, create_subprocess_exec
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from history.facts import Heartbeat
from history.rollup import Rollup, RollupBlock, merged
from history.store import Store
from model.availability import Availability, Frame, availability
from model.intervals import Interval, instant
from model.inventory import Link
from model.measurement import SubjectKey
from model.timeline import Watch
from model.transition import Transition
from monitor.config import load
from monitor.demo.fault import Fault, FaultKind
from monitor.demo.ground import Ground
from monitor.demo.launch import SimulatedWard, simulated_ward
from monitor.demo.ward import LinkPlan, WardPlan, plan_ward
from tests.peers.processes import fetch, free_port, wait_for

SITES = 8
PLAN: WardPlan = plan_ward(Ground(41, 18_000), SITES)
LINKS: Mapping[str, LinkPlan] = {link.id: link for site in PLAN.sites for link in site.links}
QUIET, LOSSY, FRAIL, SLOW, CUT, STRUCK, HIT, KILLED, CALM = LINKS
"""What happens to each link: its role in the story."""

LOSS = 0.18
"""Share of packets that the lossy links lose."""

STORY = (
    Fault(FaultKind.PACKET_LOSS, 0, 999, (LOSSY, FRAIL), LOSS),
    Fault(FaultKind.DELAY, 0, 999, (SLOW,), 0.005),
    Fault(FaultKind.LINK_CUT, 14, 26, (CUT,)),
    Fault(FaultKind.LINK_CUT, 44, 56.5, (CUT,)),  # ten seconds and more after the return
    Fault(FaultKind.PROVIDER_OUTAGE, 20, 33, (STRUCK, HIT)),
    Fault(FaultKind.LINK_CUT, 22, 52, (KILLED,)),
)
CUTS = frozenset({FaultKind.LINK_CUT, FaultKind.PROVIDER_OUTAGE})
KILL, RESTART, END = 30.0, 33.0, 75.0
"""Seconds after the begin of the world."""

_PACE = {LOSSY: "10ms", FRAIL: "10ms", SLOW: "20ms", QUIET: "20ms"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a history tells.

    Attributes:
        log: Every transition, by subject.
        runs: The heartbeats.
        hours: The measurements of each link.
    """

    log: Mapping[SubjectKey, Sequence[Transition]]
    runs: Sequence[Heartbeat]
    hours: Mapping[str, Rollup]

    def of(self, link: str) -> Sequence[Transition]:
        """What happened to a link."""
        return self.log.get(("link", link), ())

    def availability(self, link: str, start: datetime, end: datetime) -> Availability:
        """Of one link, at all hours."""
        period = Interval(instant(start), instant(end))
        watch = Watch(Interval(instant(run.began), instant(run.until)) for run in self.runs if not run.blind)
        return availability(self.of(link), watch, Frame(period, (period,)))


@dataclass(slots=True)
class Ended:
    """The story is over.

    Attributes:
        epoch: When the world began.
        truth: What the world says of each link at the end.
        whole: What the daemon has written that lived through all of it.
        before: What the history of the other one held when it was killed.
        after: The same when it had ended well.
        killed_at: When it was killed.
        restarted_at: When it was started again.
        metrics: What it exported at the end.
        totals: What the first one exported at the end.
    """

    epoch: float
    truth: Mapping[str, Mapping[str, Any]]
    whole: Told
    before: Told
    after: Told
    killed_at: datetime
    restarted_at: datetime
    metrics: str
    totals: str

    def at(self, seconds: float) -> datetime:
        """A time of the story."""
        return datetime.fromtimestamp(self.epoch + seconds, UTC)


def cuts(link: str) -> list[Fault]:
    """The cuts of a link."""
    return [fault for fault in STORY if fault.kind in CUTS and link in fault.subjects]


async def lived(folder: Path) -> Ended:
    """Tell the whole story, in about seventy seconds."""
    for name in ("whole", "other"):
        (folder / name).mkdir()
    async with simulated_ward(SITES, story=STORY) as ward:
        epoch = float(ward.truth()["epoch"])
        links = {link.id: link for _, link in load(ward.inventory).links()}
        whole = await _start(folder / "whole", [link for name, link in links.items() if name not in {KILLED, CALM}])
        other = await _start(folder / "other", [links[KILLED], links[CALM]])
        await _until(epoch + KILL)
        killed_at = datetime.now(UTC)
        other.process.send_signal(signal.SIGKILL)
        await other.process.wait()
        before = await read(other.url)
        await _until(epoch + RESTART)
        restarted_at = datetime.now(UTC)
        other = await _start(folder / "other", [links[KILLED], links[CALM]])
        await _until(epoch + END)
        metrics, totals = [await asyncio.to_thread(fetch, f"{each.web}/metrics") for each in (other, whole)]
        for each in (whole, other):
            await each.end()
        truth = await _truth_after(ward, time.time() - epoch)
    history, after = await read(whole.url), await read(other.url)
    return Ended(epoch, truth, history, before, after, killed_at, restarted_at, metrics, totals)


async def read(url: str) -> Told:
    """All that a history holds."""
    start, end = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    store = Store(url, "reader")
    await store.start()
    try:
        blocks = [block async for block in store.blocks(start, end)]
        return Told(await store.transitions(start, end), await store.heartbeats(start, end), _hours(blocks))
    finally:
        await store.close()


@dataclass(slots=True)
class _Daemon:
    """A daemon in a process of its own."""

    process: Process
    url: str
    web: str
    log: Path = field(repr=False)

    async def end(self) -> None:
        """Ask it to end, and see that it does so well."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            status = await self.process.wait()
        assert status == 0, self.log.read_text()


async def _start(folder: Path, links: Sequence[Link]) -> _Daemon:
    config, log, port = folder / "ward.yml", folder / "log", free_port()
    config.write_text(_inventory(links))
    url, web = f"sqlite:///{folder / 'history.db'}", f"http://127.0.0.1:{port}"
    options = [f"--config.file={config}", f"--storage.url={url}", f"--web.listen-address=127.0.0.1:{port}"]
    with log.open("ab") as output:
        process = await create_subprocess_exec(
            *(sys.executable, "-m", "monitor", "run", *options), stderr=output, env={**os.environ, "NO_COLOR": "1"}
        )
    await asyncio.to_thread(wait_for, f"{web}/-/healthy")
    return _Daemon(process, url, web, log)


def _inventory(links: Sequence[Link]) -> str:
    lines = ["sites:"]
    for link in links:
        source = f", source: {link.source}" if link.source else ""
        pace = _PACE.get(link.id, "1s")
        lines += [
            f"  - id: at-{link.id}",
            f'    links: [{{id: {link.id}, target: "{link.targets[0]}", interval: {pace}, timeout: {pace}{source}}}]',
        ]
    return "\n".join(lines) + "\n"


async def _until(wall: float) -> None:
    await asyncio.sleep(max(0.0, wall - time.time()))


async def _truth_after(ward: SimulatedWard, seconds: float) -> Mapping[str, Mapping[str, Any]]:
    async with asyncio.timeout(10):
        while (facts := ward.truth())["time"] < seconds:  # noqa: ASYNC110  # a file has no event
            await asyncio.sleep(0.1)
    links: Mapping[str, Mapping[str, Any]] = facts["links"]
    return links


def _hours(blocks: Sequence[RollupBlock]) -> Mapping[str, Rollup]:
    parts: dict[str, list[Rollup]] = {}
    for block in blocks:
        for rollup in block.rollups:
            parts.setdefault(rollup.subject[1], []).append(rollup)
    return {link: merged(some) for link, some in parts.items()}
