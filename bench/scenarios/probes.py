"""What one probe of each other kind costs until it is recorded, beside blackbox_exporter where it has that kind.

A daemon probes each second and is scraped each 15 s, so the text is no part of a probe; ``exposition`` measures it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bench import world
from bench.children import peer
from bench.figures import CannotRunError, Figure, Findings, Goal
from bench.mainloop import main_loop
from bench.meter import Round, costs, own_cpu
from bench.references import BLACKBOX, Reference, blackbox_configuration, reference
from bench.scenario import Scenario
from model.inventory import Inventory

_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Size:
    """How much.

    Attributes:
        subjects: Probed in each round.
        repetitions: Rounds.
    """

    subjects: int
    repetitions: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of probe: what is probed by us and by the reference.

    Attributes:
        title: For a person.
        inventory: What we probe.
        module: Of blackbox_exporter; empty where it has none.
        targets: What the reference probes.
        goal: Of the CPU.
    """

    title: str
    inventory: Inventory
    module: str = ""
    targets: tuple[str, ...] = ()
    goal: Goal | None = None


def _kinds(ports: Mapping[str, Any], subjects: int) -> tuple[_Kind, ...]:
    web, resolver = f"127.0.0.1:{ports['http']}", f"127.0.0.1:{ports['dns']}"
    dns = {"dns": {"server": resolver, "name": "bench.example", "type": "A"}}
    addresses = tuple(world.address(number) for number in range(subjects))
    return (
        _Kind("ICMP echo", world.pinged(subjects), "icmp", addresses, Goal.share(15)),
        _Kind(
            "HTTP exchange of 1 kB",
            world.served(subjects, {"url": f"http://{web}/"}),
            "http",
            (f"http://{web}/",) * subjects,
            Goal.share(6),
        ),
        _Kind("TCP handshake", world.linked(subjects, f"tcp://{web}"), "tcp", (web,) * subjects),
        _Kind("DNS query over UDP", world.served(subjects, dns), "dns", (resolver,) * subjects),
        _Kind("STAMP packet", world.linked(subjects, f"stamp://127.0.0.1:{ports['stamp']}")),
    )


async def measure(size: Size) -> Findings:
    """Each kind in turn, the reference's rounds between ours."""
    async with peer("bench.peers") as ports:
        kinds = _kinds(ports, size.subjects)
        try:
            async with reference(BLACKBOX, blackbox_configuration()) as other:
                return await _measured(kinds, size, other)
        except CannotRunError as error:
            found = await _measured(kinds, size, None)
            return Findings(found.figures, (*found.notes, f"without a reference: {error}"))


async def _measured(kinds: tuple[_Kind, ...], size: Size, other: Reference | None) -> Findings:
    figures: list[Figure] = []
    notes = []
    for kind in kinds:
        try:
            figures += await _figures(kind, size, other if kind.module else None)
        except CannotRunError as error:
            notes.append(f"{kind.title} could not be measured: {error}")
    return Findings(tuple(figures), tuple(notes))


async def _figures(kind: _Kind, size: Size, other: Reference | None) -> list[Figure]:
    """One probe after the other, and where there is a goal also several at once, on both sides alike."""
    ways = {"": 1, f", {_AT_ONCE} at once": _AT_ONCE} if kind.goal else {"": 1}
    async with main_loop(kind.inventory) as ours:
        rounds = [Round(partial(ours.round_of_many, number), own_cpu, size.subjects) for number in ways.values()]
        if other:
            rounds += [
                Round(partial(_scrapes, kind, other, number), other.cpu, size.subjects) for number in ways.values()
            ]
        microseconds = [1e6 * seconds for seconds in await costs(rounds, size.repetitions)]
    theirs, name = (microseconds[len(ways) :], other.name) if other else ([None] * len(ways), "")
    return [
        Figure(f"CPU per {kind.title}{way}", mine, "µs", beside, name, kind.goal)
        for way, mine, beside in zip(ways, microseconds, theirs, strict=False)
    ]


async def _scrapes(kind: _Kind, other: Reference, connections: int) -> None:
    queries = [{"module": kind.module, "target": target} for target in kind.targets]
    await other.scrape("/probe", queries, "probe_success 1", connections)


PROBES: Final = Scenario("probes", "one probe, recorded", measure, Size(300, 7), Size(150, 3))
