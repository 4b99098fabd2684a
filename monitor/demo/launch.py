"""Starts the simulated ward in a process of its own, so that its costs are not the daemon's, and ends it again."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process, create_subprocess_exec
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from monitor.demo.fault import Fault
from monitor.demo.ground import WorldError
from monitor.demo.words import Happening

_PATIENCE: Final = 5.0  # seconds for a good end, before it is ended less well
_MOST_UNREAD: Final = 1_000  # happenings that are kept for who does not listen; older ones are dropped


@dataclass(frozen=True, slots=True)
class SimulatedWard:
    """A running simulated ward.

    Attributes:
        inventory: Its inventory file, in a folder of its own that goes when the ward goes.
        truth_file: What is really the case, as JSON, never older than a second.
        pid: Of its process.
    """

    inventory: Path
    truth_file: Path
    pid: int
    _told: "asyncio.Queue[Happening | None]" = field(repr=False)

    def truth(self) -> dict[str, Any]:
        """What is really the case: ``time``, ``links``, ``devices``, ``services``, ``faults``."""
        facts: dict[str, Any] = json.loads(self.truth_file.read_text(encoding="utf-8"))
        return facts

    async def happenings(self) -> AsyncIterator[Happening]:
        """Each fault that begins or ends, when it does. Ends with the ward."""
        while (happening := await self._told.get()) is not None:
            yield happening


@asynccontextmanager
async def simulated_ward(
    sites: int = 41, seed: int = 1, *, story: Sequence[Fault] | None = None, start_within: float = 30.0
) -> AsyncIterator[SimulatedWard]:
    """A ward with its faults, alive while the context lasts.

    Its process ends with the context, and with this process, however that ends.

    Args:
        sites: One office and ``sites`` - 1 community points; 1 to 800.
        seed: The same seed gives the same ward and the same story.
        story: Faults in place of the endless story.
        start_within: Seconds that it may take to be ready.

    Raises:
        WorldError: It could not be started; the message says why.
    """
    # The world removes the folder too, when we are killed.
    with TemporaryDirectory(prefix="linkward-demo-", ignore_cleanup_errors=True) as folder:
        options = ["--attached", f"--sites={sites}", f"--seed={seed}", f"--folder={folder}"]
        if story is not None:
            options.append(f"--story={json.dumps([fault.to_json() for fault in story])}")
        complaints = Path(folder) / "complaints"
        process = await _spawn(options, complaints)
        try:
            files = await _made_ready(process, complaints, start_within)
            async with _heard(process) as told:
                yield SimulatedWard(Path(files["inventory"]), Path(files["truth_file"]), process.pid, told)
        finally:
            await _end(process)


async def _spawn(options: Sequence[str], complaints: Path) -> Process:
    command = (sys.executable, "-m", "monitor.demo", *options)
    with complaints.open("wb") as stderr:
        # A session of its own: Ctrl+C in the terminal is for its parent, which then ends it in good order.
        return await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=stderr, start_new_session=True)


async def _made_ready(process: Process, complaints: Path, within: float) -> dict[str, str]:
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    try:
        async with asyncio.timeout(within):
            line = await process.stdout.readline()
    except TimeoutError:
        message = (
            f"the simulated ward was not ready within {within:.0f} s: this machine is busy, or ask for fewer sites"
        )
        raise WorldError(message) from None
    if not line:
        raise WorldError(_last_words(complaints))
    answer: dict[str, str] = json.loads(line)
    if "error" in answer:
        raise WorldError(answer["error"])
    return answer


def _last_words(complaints: Path) -> str:
    words = complaints.read_text(errors="replace").strip() if complaints.exists() else ""
    return f"the simulated ward ended before it was ready: {words.splitlines()[-1] if words else 'it did not say why'}"


@asynccontextmanager
async def _heard(process: Process) -> "AsyncIterator[asyncio.Queue[Happening | None]]":
    told: asyncio.Queue[Happening | None] = asyncio.Queue(_MOST_UNREAD)
    listening = asyncio.create_task(_listen(process, told))
    try:
        yield told
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening


async def _listen(process: Process, told: "asyncio.Queue[Happening | None]") -> None:
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    async for line in process.stdout:
        _put(told, Happening.from_json(json.loads(line)))
    _put(told, None)


def _put(told: "asyncio.Queue[Happening | None]", happening: Happening | None) -> None:
    # Read on, even if nobody listens: a full pipe would hold up the world.
    if told.full():
        told.get_nowait()
    told.put_nowait(happening)


async def _end(process: Process) -> None:
    """Close its standard input, at which it ends; insist where it does not."""
    assert process.stdin is not None  # noqa: S101  # it is a pipe
    process.stdin.close()
    for insist in (process.terminate, process.kill):
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                # Reads what it still says, or it could wait for us while we wait for it.
                await process.communicate()
            return
        with suppress(ProcessLookupError):
            insist()
    await process.wait()
