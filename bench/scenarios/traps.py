"""A flood at the trap port while devices are polled and pinged: what it costs, and whom it keeps waiting."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyasn1.codec.ber import encoder
from pysnmp.proto.api import v2c

from bench import world
from bench.children import Ask, answering, peer
from bench.figures import CannotRunError, Figure, Findings, Goal
from bench.mainloop import MainLoop, Observer, main_loop
from bench.meter import own_cpu, resident_megabytes
from bench.scenario import Scenario
from model.inventory import Inventory, Traps
from model.measurement import Failure, ProbeKind, Reason
from model.trap import TrapOutcome
from monitor.ports import Ports
from monitor.process import allow_many_sockets
from monitor.traps.haste import Haste
from monitor.traps.listener import TrapListener

_RATE: Final = 10_000
_SNMP_INTERVAL: Final = 10.0
_ICMP_INTERVAL: Final = 1.0
_STRANGERS: Final = "127.200.0.1"
_TURN: Final = 0.005
_BESIDE: Final = "without"
_PATIENCE: Final = 10.0
_CORE, _DELAY, _GROWN, _NONE = Goal(1.0), Goal(100.0), Goal(5.0), Goal(0)


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        devices: Polled each 10 s and pinged each second.
        seconds: Of each flood.
        sources: From how many addresses those come that come from many.
    """

    devices: int
    seconds: float
    sources: int


@dataclass(frozen=True, slots=True)
class _Flood:
    """One kind of flood.

    Attributes:
        what: In words.
        data: Each of its datagrams.
        first: The first address that it comes from.
        sources: How many addresses.
    """

    what: str
    data: bytes
    first: str
    sources: int


def _floods(size: Size) -> Iterator[_Flood]:
    yield _Flood("a stranger", _trap("public"), _STRANGERS, 1)
    yield _Flood(f"{size.sources:,} strangers", _trap("public"), _STRANGERS, size.sources)
    yield _Flood("a device, wrong community", _trap("guess"), world.address(0), 1)
    yield _Flood("a device, right community", _trap("public"), world.address(0), 1)
    yield _Flood(f"{size.devices:,} devices, right community", _trap("public"), world.address(0), size.devices)


async def measure(size: Size) -> Findings:
    """Flood after flood, while everything else goes on at its pace."""
    allow_many_sockets()
    async with peer("bench.responder") as agents, answering("bench.trap_flood") as ask:
        inventory = world.polled_and_pinged(size.devices, agents["port"], _SNMP_INTERVAL, _ICMP_INTERVAL)
        async with main_loop(inventory) as loop, loop.at_its_pace() as observer, _hearing(loop, inventory) as listener:
            return await _measured(size, observer, listener, ask)


async def _measured(size: Size, observer: Observer, listener: TrapListener, ask: Ask) -> Findings:
    quiet = await _watched(observer, asyncio.sleep(size.seconds))
    figures, memory, sent, rates = list[Figure](), None, 0, list[float]()
    for flood in _floods(size):
        question = {
            "port": _port(listener),
            "data": flood.data.hex(),
            "first": flood.first,
            "sources": flood.sources,
            "rate": _RATE,
            "seconds": size.seconds,
        }
        asked = asyncio.ensure_future(ask(question))
        figures += _of_flood(flood, await _watched(observer, asked), quiet)
        answer = asked.result()
        sent += answer["sent"]
        rates.append(answer["sent"] / answer["seconds"])
        await _read(listener, sent)
        memory = memory if memory is not None else resident_megabytes(os.getpid())
    grown = resident_megabytes(os.getpid()) - (memory or 0.0)
    lost = abs(sent - sum(listener.messages().values()))
    figures.append(Figure("memory that all floods but the first took", max(grown, 0.0), "MB", goal=_GROWN))
    figures.append(Figure("messages that nobody counted", lost, "", goal=_NONE))
    failed = observer.outcomes.total() - observer.outcomes["success"]
    notes = [
        f"{size.devices:,} devices; each flood {size.seconds:g} s, {min(rates):,.0f} to {max(rates):,.0f} a second"
    ]
    notes.append("; ".join(f"{outcome} {count:,}" for outcome, count in _by_outcome(listener).items()))
    notes += [f"failed: {failed} runs of the last flood"] if failed else []
    return Findings(tuple(figures), tuple(notes))


async def _read(listener: TrapListener, sent: int) -> None:
    """Wait until what was let in has been read; what was not counted then never will be."""
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while sum(listener.messages().values()) < sent and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110  # it tells a number, and no event
        await asyncio.sleep(0.1)


class _Seen(NamedTuple):
    """What was seen of the process for a while.

    Attributes:
        cpu: Cores that it used.
        delay: Seconds after which a probe started that was due, at most.
        held: Seconds for which the event loop did not turn, at most; others of the machine hold it, too.
        busy: Seconds of CPU that it used in a turn, at most.
    """

    cpu: float
    delay: float
    held: float
    busy: float


def _of_flood(flood: _Flood, seen: _Seen, quiet: _Seen) -> Iterator[Figure]:
    def beside(words: str, place: str, unit: str, goal: Goal, factor: float = 1.0) -> Figure:
        value, before = getattr(seen, place) * factor, getattr(quiet, place) * factor
        return Figure(f"{flood.what}: {words}", value, unit, before, _BESIDE, goal)

    yield beside("CPU with all probing", "cpu", "core", _CORE)
    yield beside("longest delay of a probe", "delay", "ms", _DELAY, 1e3)
    yield beside("longest that the loop is held", "held", "ms", _DELAY, 1e3)
    yield beside("most CPU in one turn of it", "busy", "ms", _DELAY, 1e3)


async def _watched(observer: Observer, going: Awaitable[object]) -> _Seen:
    """What is seen until something has ended."""
    observer.forget()
    loop, before = asyncio.get_running_loop(), own_cpu()
    began, held, busy = loop.time(), 0.0, 0.0
    ending = asyncio.ensure_future(going)
    while not ending.done():
        asked, used = loop.time(), own_cpu()
        await asyncio.sleep(_TURN)
        held, busy = max(held, loop.time() - asked - _TURN), max(busy, own_cpu() - used)
    lags = [*observer.lags[ProbeKind.ICMP], *observer.lags[ProbeKind.SNMP]]
    if not lags:
        raise CannotRunError("nothing was probed")
    return _Seen((own_cpu() - before) / (loop.time() - began), max(lags), held, busy)


class _Literals:
    """Nothing here is known by a name."""

    async def address(self, host: str, _version: str = "any") -> Failure:
        return Failure(Reason.UNRESOLVED, host)


@asynccontextmanager
async def _hearing(loop: MainLoop, inventory: Inventory) -> AsyncIterator[TrapListener]:
    haste = Haste(loop.prober.run, Ports())
    haste.load(inventory, loop.tasks, {})
    listener = TrapListener(haste, _Literals(), "bench", clock=asyncio.get_running_loop().time)
    listener.load(inventory.model_copy(update={"traps": Traps(listen=f"127.0.0.1:{_free_port()}")}))
    try:
        yield listener
    finally:
        listener.close()
        haste.close()


def _by_outcome(listener: TrapListener) -> dict[str, int]:
    heard = listener.messages()
    counted = {each: sum(count for (_, outcome), count in heard.items() if outcome == each) for each in TrapOutcome}
    return {outcome.value: count for outcome, count in counted.items() if count}


def _port(listener: TrapListener) -> int:
    if listener.address is None:
        raise CannotRunError("no port can be listened at")
    return listener.address[1]


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _trap(community: str) -> bytes:
    """A linkDown of version 2c, as pysnmp writes it."""
    pdu, message = v2c.TrapPDU(), v2c.Message()
    row = "1.3.6.1.2.1.2.2.1"
    v2c.apiTrapPDU.set_defaults(pdu)
    v2c.apiTrapPDU.set_varbinds(
        pdu,
        [
            (v2c.apiTrapPDU.sysUpTime, v2c.TimeTicks(4711)),
            (v2c.apiTrapPDU.snmpTrapOID, v2c.ObjectIdentifier("1.3.6.1.6.3.1.1.5.3")),
            *((v2c.ObjectIdentifier(f"{row}.{column}.1"), v2c.Integer32(value)) for column, value in ((1, 1), (8, 2))),
        ],
    )
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, community)
    v2c.apiMessage.set_pdu(message, pdu)
    encoded: bytes = encoder.encode(message)
    return encoded


TRAPS: Final = Scenario(
    "traps", "a flood of traps, 10,000 a second", measure, Size(300, 10.0, 10_000), Size(300, 3.0, 10_000)
)
