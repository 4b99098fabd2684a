"""``GET /snmp``: one poll of a device now, as snmp_exporter answers."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from exporters.blocks import Sample
from exporters.exposition import Style, exposition
from exporters.labels import label
from exporters.latest import SERIES_PER_DEVICE
from exporters.readings import snmp_blocks, system_samples
from exporters.targets.aim import Agent, Held
from exporters.targets.asked import RefusedError, exposed, narrowed, not_held, patience, style_of
from exporters.targets.kept import Kept
from exporters.targets.modules import IF_MIB, SNMP_MODULES, SYSTEM
from exporters.targets.probed import Polled, Probing
from exporters.targets.runs import CrowdedError, Runs
from exporters.targets.text import headed, text_of
from model.inventory import Inventory
from model.measurement import Failure, SnmpReading
from model.text import one_line

AT_ONCE: Final = 32
"""Polls for requests at a time."""

_TABLES: Final = frozenset({"ifTable", "ifXTable"})


class SnmpPage:
    """Answers ``/snmp``.

    Args:
        inventory: What is watched now.
        held: Its targets.
        probing: Who polls.
    """

    def __init__(self, inventory: Callable[[], Inventory], held: Kept[Held], probing: Probing) -> None:
        self._inventory = inventory
        self._held = held
        self._probing = probing
        self._runs = Runs[Polled](AT_ONCE, lambda _: True)

    async def answer(self, request: Request) -> Response:
        """Metrics; 400 and 404 for what is not polled, 500 where nothing was read, so that ``up`` is 0."""
        try:
            wanted = _modules(request.query_params.getlist("module"))
            agent = await self._agent(request)
            polled = await self._polled(agent, patience(request, None))
            reading = _whole(agent, polled, wanted)
        except RefusedError as refusal:
            return refusal.answer()
        style = style_of(request)
        # A chassis with thousands of ports takes a while to write.
        return exposed(await asyncio.to_thread(_text, reading, polled.duration, wanted, style), style)

    async def _agent(self, request: Request) -> Agent:
        targets, auths = request.query_params.getlist("target"), request.query_params.getlist("auth")
        if len(targets) != 1 or not targets[0]:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "'target' parameter must be specified once")
        if len(auths) > 1:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "'auth' parameter must only be specified once")
        inventory = self._inventory()
        agent = (await self._held.of(inventory)).agent(targets[0], narrowed(request))
        if agent is None:
            mend = "only what it holds is polled, and /sd?kind=devices lists it; a port other than 161 must be named"
            raise not_held(targets[0], "device that is polled at", mend)
        auth = next(iter(auths), "")
        if auth and auth != agent.polling.credentials:
            words = f"Unknown auth {one_line(auth)!r} for this device: leave it out, the inventory has its credentials"
            raise RefusedError(HTTPStatus.BAD_REQUEST, words)
        return agent

    async def _polled(self, agent: Agent, seconds: float) -> Polled:
        try:
            return await self._runs.get(agent.subject, seconds, lambda _: self._probing.poll(agent))
        except CrowdedError as crowded:
            words = f"{AT_ONCE} polls are under way and none ended in time: scrape fewer devices, or less often"
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, words) from crowded
        except TimeoutError as late:
            words = f"error getting target {agent.subject.instance}: the poll takes longer than the scrape may"
            raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, words) from late


def _modules(written: Sequence[str]) -> tuple[str, ...]:
    """The modules, each once, in the order in which they were asked for.

    Raises:
        RefusedError: 400; one is not known, or there is none between the commas.
    """
    if not written:
        return (IF_MIB,)
    names = tuple(dict.fromkeys(name for part in written for name in part.split(",") if name))
    if not names:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "'module' parameter must contain at least one module name")
    for name in names:
        if name not in SNMP_MODULES:
            known = " and ".join(SNMP_MODULES)
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"Unknown module '{one_line(name)}': the modules are {known}")
    return names


def _whole(agent: Agent, polled: Polled, wanted: Sequence[str]) -> SnmpReading:
    """The reading, if all that was asked for is in it.

    Raises:
        RefusedError: 500; a part would look like interfaces that are gone.
    """
    reading = polled.outcome
    if isinstance(reading, Failure):
        words = f"error getting target {agent.subject.instance}: {reading.detail or reading.reason.value}"
        raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, words)
    if IF_MIB in wanted and reading.missing.keys() >= _TABLES:
        reason = reading.missing["ifTable"].value
        words = f"error walking target {agent.subject.instance}: its interfaces could not all be read ({reason})"
        raise RefusedError(HTTPStatus.INTERNAL_SERVER_ERROR, words)
    return reading


def _text(reading: SnmpReading, duration: float, wanted: Sequence[str], style: Style) -> str:
    """One poll serves all modules; its packets are counted once, for the first of them."""
    started = time.monotonic()
    system = _system(reading) if SYSTEM in wanted else []
    tables = _tables(reading, style) if IF_MIB in wanted else ""
    took = duration + time.monotonic() - started
    counts = [count for name in wanted for count in _counts(reading, name, duration, took)]
    packets = _packets(reading, wanted)
    return tables + text_of(system, style) + text_of(sorted([*counts, *packets]), style)


def _system(reading: SnmpReading) -> list[Sample]:
    kind = label("sysObjectID", reading.system.object_id)
    found = list(system_samples(reading))
    return [*found, Sample("sysObjectID", 1, f",{kind}")] if reading.system.object_id else found


def _tables(reading: SnmpReading, style: Style) -> str:
    found = snmp_blocks(reading, 0.0, "", SERIES_PER_DEVICE)
    facts, rows = found.rows.facts, found.rows
    if facts is None:
        return ""
    indices = tuple([reading.interfaces[at].index for at in rows.kept[: rows.room]])
    numbered = (facts.template % indices).replace(b"\0", b"ifIndex").decode()
    return headed("ifIndex", numbered, style) + b"".join(exposition(found.blocks[1:], style)).decode()


def _counts(reading: SnmpReading, module: str, walk: float, whole: float) -> Iterator[Sample]:
    own = f',module="{module}"'
    yield Sample("snmp_scrape_walk_duration_seconds", walk, own)
    yield Sample("snmp_scrape_duration_seconds", whole, own)
    yield Sample("snmp_scrape_pdus_returned", len(_system(reading)) if module == SYSTEM else reading.pdus, own)


def _packets(reading: SnmpReading, wanted: Sequence[str]) -> Iterator[Sample]:
    for at, module in enumerate(wanted):
        retried = 0 if at else reading.packets_retried
        sent = 0 if at else reading.packets_sent + retried
        yield Sample("snmp_scrape_packets_sent", sent, f',module="{module}"')
        yield Sample("snmp_scrape_packets_retried", retried, f',module="{module}"')
