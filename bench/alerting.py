"""Simulated wards whose links are cut by a plan, each with its daemon, all telling one webhook."""

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from bench.alert_stack import FAST, USUAL, alert_stack
from bench.children import peer
from bench.daemon import daemon, page
from bench.figures import CannotRunError
from bench.outages import Course, Outage
from bench.told import Message, Tally, message, tally
from bench.webhook import Inbox, Receipt, inbox
from monitor.demo.ground import Ground
from monitor.demo.ward import plan_ward

_OURS: Final = "/linkward/"
_READY_WITHIN: Final = 60.0
_ANYWHERE: Final = Ground(41, 18_000)  # names do not depend on it


@dataclass(slots=True)
class CutWard:
    """A simulated ward, running.

    Attributes:
        name: Of the ward, and its path at the webhook.
        outages: What befalls it.
        pid: Of its process.
        inventory: Its inventory file.
        resolvers: By link, where the second probe is answered.
        links_of: By site, the ids of its links.
        epoch: When its story began, seconds of the Unix epoch.
    """

    name: str
    outages: Sequence[Outage]
    pid: int
    inventory: Path
    resolvers: Mapping[str, str]
    links_of: Mapping[str, Sequence[str]]
    epoch: float = 0.0

    async def begin(self) -> None:
        """Let the story begin."""
        os.kill(self.pid, signal.SIGUSR1)
        began = self.inventory.with_name("began")
        while not began.exists():  # noqa: ASYNC110  # a file has no event
            await asyncio.sleep(0.01)
        self.epoch = float(began.read_text(encoding="utf-8"))


@dataclass(slots=True)
class Told:
    """What each side told.

    Attributes:
        ours: Linkward.
        fast: Alertmanager without a wait; ``None`` where it could not run.
        usual: Alertmanager with its usual wait, likewise.
        cannot: Why it could not.
    """

    ours: Tally = field(default_factory=Tally)
    fast: Tally | None = None
    usual: Tally | None = None
    cannot: str = ""


async def played(course: Course, wards: int, sites: int, *, beside: bool) -> Told:
    """Let everything happen, and say what was told of it.

    Args:
        course: What happens to each ward.
        wards: How many of them stand side by side.
        sites: Of each.
        beside: Whether Prometheus and Alertmanager watch the same links.

    Raises:
        CannotRunError: A daemon does not get ready.
    """
    found = Told()
    async with AsyncExitStack() as stack:
        hook = await stack.enter_async_context(inbox())
        opened = [
            stack.enter_async_context(_open_ward(f"ward-{number}", course, sites, seed=1 + number))
            for number in range(wards)
        ]
        cut = await asyncio.gather(*opened)
        ports = [await stack.enter_async_context(_watched(ward, hook)) for ward in cut]
        if beside:
            found.cannot = await _beside(stack, cut, hook)
        for ward, port in zip(cut, ports, strict=True):
            await _ready(ward, port)
        for ward in cut:
            await ward.begin()
        await asyncio.sleep(max(ward.epoch for ward in cut) + course.end - time.time())
        _count(found, cut, hook, beside=beside and not found.cannot)
    return found


@asynccontextmanager
async def _open_ward(name: str, course: Course, sites: int, seed: int) -> AsyncIterator[CutWard]:
    plan = plan_ward(_ANYWHERE, sites, seed)
    outages = course.of(plan, random.Random(seed))  # noqa: S311  # the same each time
    office = [device.id for device in plan.sites[0].devices]
    story = [fault.to_json() for outage in outages for fault in outage.faults(office)]
    async with peer("bench.cut_ward", str(sites), str(seed), json.dumps(story)) as told:
        links_of = {site.id: [link.id for link in site.links] for site in plan.sites}
        yield CutWard(name, outages, told["pid"], Path(told["inventory"]), told["resolvers"], links_of)


@asynccontextmanager
async def _watched(ward: CutWard, hook: Inbox) -> AsyncIterator[int]:
    """A daemon on a ward, that tells the webhook and knows no night; the port of its web server."""
    content = yaml.safe_load(ward.inventory.read_text(encoding="utf-8"))
    content["alerts"] = {
        "receivers": {"hook": {"webhook": hook.url(_OURS + ward.name)}},
        "routes": [{"receiver": "hook"}],
        "service_hours": "ignore",
    }
    told = ward.inventory.with_name("told.yml")
    told.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
    async with daemon(told) as (_, port):
        yield port


async def _beside(stack: AsyncExitStack, wards: Sequence[CutWard], hook: Inbox) -> str:
    """Start the others; why they cannot run, or an empty text."""
    targets = {(ward.name, link): at for ward in wards for link, at in ward.resolvers.items()}
    try:
        await stack.enter_async_context(alert_stack(targets, hook.url("")))
    except CannotRunError as error:
        return str(error)
    return ""


async def _ready(ward: CutWard, port: int) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while not await asyncio.to_thread(page, port, "/-/ready"):
        if time.monotonic() > deadline:
            raise CannotRunError(f"the daemon of {ward.name} was not ready within {_READY_WITHIN:g} s")
        await asyncio.sleep(0.2)


def _count(found: Told, wards: Sequence[CutWard], hook: Inbox, *, beside: bool) -> None:
    for ward in wards:
        found.ours.add(tally(ward.outages, _messages(hook.receipts, _OURS + ward.name, ward)))
    if beside:
        found.fast, found.usual = (_others(hook, path, wards) for path in (FAST, USUAL))


def _others(hook: Inbox, path: str, wards: Sequence[CutWard]) -> Tally:
    found = Tally()
    for ward in wards:
        receipts = [each for each in hook.receipts if each.path == path and _ward_of(each.content) == ward.name]
        found.add(tally(ward.outages, _messages(receipts, path, ward), by_cause=False))
    return found


def _ward_of(content: Any) -> str:
    name: str = content["groupLabels"].get("ward", "")
    return name


def _messages(receipts: Sequence[Receipt], path: str, ward: CutWard) -> list[Message]:
    return [message(each, ward.epoch, ward.links_of) for each in receipts if each.path == path]
