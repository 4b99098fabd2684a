"""How exact a round-trip time is while the same process polls a thousand devices."""

import asyncio
from dataclasses import dataclass
from typing import Final

from bench import world
from bench.children import peer
from bench.figures import CannotRunError, Figure, Findings, Goal, percentile
from bench.mainloop import Observer, main_loop
from bench.meter import own_cpu
from bench.scenario import Scenario
from model.measurement import ProbeKind
from monitor.process import allow_many_sockets

_SNMP_INTERVAL: Final = 10.0
_ICMP_INTERVAL: Final = 5.0
_GOAL: Final = Goal(0.2)


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        devices: Polled each 10 s and pinged each 5 s.
        seconds: For how long.
    """

    devices: int
    seconds: float


async def measure(size: Size) -> Findings:
    """Ping and poll at their pace; the answers come over loopback, so the true time is some microseconds."""
    allow_many_sockets()
    async with peer("bench.responder") as agents:
        inventory = world.polled_and_pinged(size.devices, agents["port"], _SNMP_INTERVAL, _ICMP_INTERVAL)
        async with main_loop(inventory) as loop, loop.at_its_pace() as observer:
            observer.forget()
            before = own_cpu()
            await asyncio.sleep(size.seconds)
            share = (own_cpu() - before) / size.seconds
            return _findings(observer, size, share)


def _findings(observer: Observer, size: Size, share: float) -> Findings:
    rtts, lags = list(observer.rtts), list(observer.lags[ProbeKind.ICMP])
    if not rtts:
        raise CannotRunError(f"no echo was answered: {dict(observer.outcomes)}")
    failed = observer.outcomes.total() - observer.outcomes["success"]
    return Findings(
        (
            Figure("RTT over loopback, p50", percentile(rtts, 0.5) * 1e3, "ms"),
            Figure("RTT over loopback, p99", percentile(rtts, 0.99) * 1e3, "ms", goal=_GOAL),
            Figure("RTT over loopback, highest", max(rtts) * 1e3, "ms"),
            Figure("echoes sent after they were due, p99", percentile(lags, 0.99) * 1e3, "ms"),
            Figure("CPU of all of it", share, "core"),
            Figure("runs that failed", failed, "", goal=Goal(0)),
        ),
        (f"{size.devices:,} devices polled each {_SNMP_INTERVAL:g} s; {len(rtts):,} echoes answered",),
    )


RTT: Final = Scenario("rtt", "round-trip time under load", measure, Size(1_000, 30.0), Size(1_000, 8.0))
