"""What one SNMP poll costs with all that follows it, beside snmp_exporter on the same agents."""

from dataclasses import dataclass
from statistics import mean
from typing import Final

from bench import world
from bench.children import peer
from bench.figures import CannotRunError, Figure, Findings, Goal
from bench.mainloop import main_loop
from bench.meter import Round, costs, own_cpu
from bench.mib import EIGHT
from bench.references import SNMP_EXPORTER, Reference, reference, snmp_configuration
from bench.scenario import Scenario
from model.measurement import SnmpReading

_PACKETS: Final = {52: Goal(8)}


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        devices: Polled in each round by the engine of every day, and scraped through the reference.
        slow_devices: Polled in each round by the engine beside it.
        repetitions: Rounds.
    """

    devices: int
    slow_devices: int
    repetitions: int


async def measure(size: Size) -> Findings:
    """Agents of 8 and of 52 interfaces with eight columns."""
    eight, fifty_two = await _compared(8, size), await _compared(52, size)
    notes = tuple(dict.fromkeys((*eight.notes, *fifty_two.notes)))
    return Findings((*eight.figures, *fifty_two.figures), notes)


async def _compared(interfaces: int, size: Size) -> Findings:
    async with peer("bench.responder", "--interfaces", str(interfaces)) as agents:
        port = agents["port"]
        try:
            async with reference(SNMP_EXPORTER, snmp_configuration(EIGHT)) as other:
                return Findings(await _figures(interfaces, port, size, other))
        except CannotRunError as error:
            return Findings(await _figures(interfaces, port, size, None), (f"without a reference: {error}",))


async def _figures(interfaces: int, port: int, size: Size, other: Reference | None) -> tuple[Figure, ...]:
    ours, slow = world.polled(size.devices, port), world.polled(size.slow_devices, port, engine="pysnmp")
    async with main_loop(ours) as gufo, main_loop(slow) as pysnmp:
        rounds = [
            Round(gufo.round_with_scrape, own_cpu, size.devices),
            Round(pysnmp.round_with_scrape, own_cpu, size.slow_devices),
        ]
        if other:
            rounds.append(Round(_Scrapes(other, interfaces, port, size.devices), other.cpu, size.devices))
        milliseconds = [1e3 * seconds for seconds in await costs(rounds, size.repetitions)]
        sent = [poll.outcome.packets_sent for poll in await gufo.round() if isinstance(poll.outcome, SnmpReading)]
    theirs, name = (milliseconds[2], other.name) if other else (None, "")
    shape = f"{interfaces} interfaces by 8 columns"
    return (
        Figure(f"CPU per poll, {shape}", milliseconds[0], "ms", theirs, name, Goal.share(6)),
        Figure(f"CPU per poll, {shape}, engine pysnmp", milliseconds[1], "ms", theirs, name),
        Figure(f"packets per poll, {shape}", mean(sent), "", goal=_PACKETS.get(interfaces)),
    )


class _Scrapes:
    """A round of the reference."""

    def __init__(self, other: Reference, interfaces: int, port: int, devices: int) -> None:
        self._other = other
        self._queries = [{"module": "if_mib", "target": f"{world.address(n)}:{port}"} for n in range(devices)]
        self._expected = f'ifHCOutOctets{{ifAlias="to room {interfaces}",'

    async def __call__(self) -> None:
        await self._other.scrape("/snmp", self._queries, self._expected)


SNMP: Final = Scenario("snmp", "one SNMP poll, recorded and exported", measure, Size(100, 5, 7), Size(50, 2, 3))
