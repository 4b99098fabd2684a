"""Stands for whoever probes: answers what a test says, and notes what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from fastapi import FastAPI

from exporters.targets.aim import Agent
from exporters.targets.endpoints import add_targets
from exporters.targets.probed import Polled, Probed, Probing, Wish
from model.inventory import Inventory
from model.measurement import EchoReading, Failure, Reading, SnmpReading
from tests.peers.board import AT, ETHER1, poll, ward
from tests.peers.past import Kept


@dataclass
class FakeProbing:
    """Probes nothing.

    Attributes:
        outcome: What every probe finds.
        reading: What every poll reads.
        wishes: The probes that were asked for.
        agents: The devices of which a poll was asked for.
        gate: Nothing ends before it is open.
    """

    outcome: Reading | Failure = field(default_factory=lambda: EchoReading(0.0125, 57))
    reading: SnmpReading | Failure = field(default_factory=lambda: poll(ETHER1))
    wishes: list[Wish] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def probe(self, wish: Wish) -> Probed:
        """As a test says."""
        self.wishes.append(wish)
        await self.gate.wait()
        return Probed(AT, 0.5, self.outcome, "192.0.2.7", 0.125)

    async def poll(self, agent: Agent) -> Polled:
        """As a test says."""
        self.agents.append(agent)
        await self.gate.wait()
        return Polled(0.25, self.reading)


@asynccontextmanager
async def asking(
    probing: Probing, inventory: Callable[[], Inventory] = ward
) -> AsyncIterator[tuple[httpx.AsyncClient, Kept]]:
    """A client of an application with these targets alone, and what it watches."""
    app, kept = FastAPI(), Kept(inventory())
    add_targets(app, kept, probing)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://monitor") as web:
        yield web, kept
