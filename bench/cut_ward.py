"""The simulated ward of the demo with cuts that are planned, and a second probe of each of its links.

Run as ``python -m bench.cut_ward SITES SEED STORY``; it prints where everything is as JSON, begins the story at
SIGUSR1, writes when that was into the file ``began`` beside the inventory, and ends when its input ends.

Beside the STAMP reflector of each link a resolver answers queries over UDP, behind the same simulated line: a program
that knows no STAMP can watch the same links, and a cut silences both at the same instant.
"""

import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import cast

import uvloop

from bench.peers import dns_answer
from monitor.demo.fault import Chronicle, Fault, FixedStory
from monitor.demo.impairment import Impairment
from monitor.demo.truth import Truth
from monitor.demo.ward import LinkPlan
from monitor.demo.world import World, open_world
from monitor.process import allow_many_sockets


class Resolver(asyncio.DatagramProtocol):
    """Answers every question with one address, from behind a simulated line."""

    def __init__(self, line: Impairment) -> None:
        """A resolver behind this line."""
        self._line = line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one query when it would have come and gone; not at all where it or its answer is lost."""
        answer = dns_answer(data)
        if answer is None or (there := self._line.forward()) is None or (back := self._line.backward()) is None:
            return
        asyncio.get_running_loop().call_later(there + back, self._send, answer, addr)

    def _send(self, answer: bytes, addr: tuple[str, int]) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(answer, addr)


@asynccontextmanager
async def _resolvers(world: World) -> AsyncIterator[dict[str, str]]:
    """Where each link's resolver listens, by the link's id."""
    loop, transports, found = asyncio.get_running_loop(), [], {}
    links = [link for site in world.ward.sites for link in site.links]
    try:
        for link in links:
            transport, _ = await loop.create_datagram_endpoint(
                partial(_resolver, world, link), (link.endpoint.address, 0)
            )
            transports.append(transport)
            address, port = transport.get_extra_info("sockname")
            found[link.id] = f"{address}:{port}"
        yield found
    finally:
        for transport in transports:
            transport.close()


def _resolver(world: World, link: LinkPlan) -> Resolver:
    return Resolver(Impairment(partial(world.link, link), f"second {world.ward.seed} {link.id}"))


async def serve(sites: int, seed: int, faults: tuple[Fault, ...]) -> None:
    """Be there until standard input ends."""
    with tempfile.TemporaryDirectory(prefix="linkward-bench-") as folder:
        async with open_world(sites, seed, (), Path(folder)) as world, _resolvers(world) as resolvers:
            began = Path(folder) / "began"
            asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _begin, world, faults, began)
            told = {"inventory": f"{folder}/ward.yml", "resolvers": resolvers}
            print(json.dumps(told), flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def _begin(world: World, faults: tuple[Fault, ...], began: Path) -> None:
    world.truth = Truth(world.ward, Chronicle(FixedStory(faults)))
    world.restart_clock()
    aside = began.with_suffix(".new")
    aside.write_text(json.dumps(world.facts()["epoch"]), encoding="utf-8")
    aside.replace(began)


if __name__ == "__main__":
    allow_many_sockets()
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]), tuple(map(Fault.from_json, json.loads(sys.argv[3])))))
