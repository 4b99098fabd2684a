"""The simulated ward as a process of its own: ``python -m monitor.demo``.

It speaks in lines of JSON: first ``{"inventory": …, "truth_file": …}`` or ``{"error": …}``, then one for each fault
that begins or ends.
"""

import asyncio
import json
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import click
import uvloop

from monitor.demo.fault import Fault
from monitor.demo.ground import MOST_SITES, WorldError
from monitor.demo.words import Happening, Narrator
from monitor.demo.world import World, open_world
from monitor.process import allow_many_sockets

TRUTH_INTERVAL: Final = 1.0
"""Seconds between two writings of the truth; it is written at each change too."""


class _LastBreath(asyncio.Protocol):
    """Hears that the other end of our standard input is gone, however its owner died."""

    def __init__(self, gone: asyncio.Event) -> None:
        self._gone = gone

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # any end is an end
        self._gone.set()


@asynccontextmanager
async def _end_noticed(*, attached: bool) -> AsyncIterator[asyncio.Event]:
    """An event that is set by SIGTERM or SIGINT and, when attached, by the end of standard input."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    if not attached:
        yield over
        return
    transport, _ = await loop.connect_read_pipe(lambda: _LastBreath(over), sys.stdin)
    try:
        yield over
    finally:
        transport.close()


def _tell(line: dict[str, Any]) -> None:
    # Who started us may have stopped listening; the end of standard input tells us so.
    with suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


async def happenings(world: World, truth_file: Path) -> AsyncIterator[Happening]:
    """Each change of the story when it comes, for ever; meanwhile the truth is kept on file."""
    narrator, before = Narrator(world.ward), list[Fault]()
    while True:
        now = world.now()
        active = world.truth.chronicle.active(now)
        world.write_facts(truth_file)
        for fault in before:
            if fault not in active:
                yield narrator.over(fault)
        for fault in active:
            if fault not in before:
                yield narrator.begun(fault)
        before = active
        wake = min(world.truth.chronicle.next_change(now), now + TRUTH_INTERVAL)
        await asyncio.sleep(max(0.0, wake - world.now()))


async def _narrate(world: World, truth_file: Path) -> None:
    async for happening in happenings(world, truth_file):
        _tell(happening.to_json())


async def _live(sites: int, seed: int, faults: tuple[Fault, ...] | None, folder: Path, *, attached: bool) -> None:
    async with (
        _end_noticed(attached=attached) as over,
        open_world(sites, seed, faults, folder) as world,
        asyncio.TaskGroup() as tasks,
    ):
        truth_file = folder / "truth.json"
        world.write_facts(truth_file)
        _tell({"inventory": str(folder / "ward.yml"), "truth_file": str(truth_file)})
        narration = tasks.create_task(_narrate(world, truth_file))
        await over.wait()
        narration.cancel()


def _read_story(text: str | None) -> tuple[Fault, ...] | None:
    return None if text is None else tuple(map(Fault.from_json, json.loads(text)))


@click.command()
@click.option("--sites", default=41, show_default=True, type=click.IntRange(1, MOST_SITES))
@click.option("--seed", default=1, show_default=True)
@click.option("--story", help="Faults as JSON in place of the endless story.")
@click.option("--folder", type=click.Path(path_type=Path), help="An empty folder to use and to remove at the end.")
@click.option("--attached", is_flag=True, help="End when standard input ends.")
def main(sites: int, seed: int, story: str | None, folder: Path | None, *, attached: bool) -> None:
    """Simulate a ward on loopback until SIGTERM or SIGINT."""
    allow_many_sockets()
    place = folder or Path(mkdtemp(prefix="linkward-demo-"))
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_live(sites, seed, _read_story(story), place, attached=attached))
    except WorldError as error:
        _tell({"error": str(error)})
        sys.exit(1)
    finally:
        # Who gave the folder may have been killed.
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
