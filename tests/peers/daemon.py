"""The daemon as a process of its own, on an inventory that a test writes."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


@dataclass
class Process:
    """A running daemon.

    Attributes:
        folder: Where its inventory, history and log are.
        web: Asks it.
        id: Its process id.
    """

    folder: Path
    web: httpx.AsyncClient
    id: int

    @property
    def log(self) -> str:
        """All that it has written on standard error."""
        return (self.folder / "log").read_text(errors="backslashreplace")

    @property
    def arguments(self) -> bytes:
        """What ``ps`` shows of it to everybody."""
        return Path(f"/proc/{self.id}/cmdline").read_bytes()

    @property
    def standing(self) -> str:
        """What the kernel says of it: its user, its capabilities, its memory."""
        return Path(f"/proc/{self.id}/status").read_text()

    async def text(self, path: str) -> str:
        """What it answers."""
        return (await self.web.get(path)).text

    async def json(self, path: str) -> Any:
        """What it answers a program."""
        return json.loads(await self.text(path))

    async def until(self, path: str, wanted: str, within: float = 20.0) -> str:
        """The answer once it holds a text."""
        async with asyncio.timeout(within):
            while wanted not in (text := await self.text(path)):  # noqa: ASYNC110  # asked over HTTP, which has no event
                await asyncio.sleep(0.1)
        return text

    async def value(self, series: str) -> float:
        """The value of one series of ``/metrics``, written as it stands there."""
        found = [line for line in (await self.text("/metrics")).splitlines() if line.startswith(f"{series} ")]
        assert len(found) == 1, (series, found)
        return float(found[0].rpartition(" ")[2])

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.id, number)


@asynccontextmanager
async def daemon(
    folder: Path,
    inventory: str,
    options: Sequence[str] = (),
    *,
    within: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
    storage: str | None = "sqlite:///{folder}/history.db",
    client: Mapping[str, Any] | None = None,
) -> AsyncIterator[Process]:
    """Run a daemon until the block ends; it must end with status 0.

    Args:
        folder: For its files.
        inventory: As YAML.
        options: Further ones of ``linkward run``.
        within: A program, with its options, that starts the daemon as its last argument.
        environment: Variables beside those of the test.
        storage: Where its history is; ``None`` for what the inventory says.
        client: How the test asks it, where that takes a password or a certificate.
    """
    (folder / "ward.yml").write_text(inventory)
    command = [*within, sys.executable, "-m", "monitor", "run", f"--config.file={folder}/ward.yml"]
    command += ["--web.listen-address=127.0.0.1:0", *options]
    command += [] if storage is None else [f"--storage.url={storage.format(folder=folder)}"]
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=log, stderr=log, env={**os.environ, **(environment or {})}
        )
    ended = asyncio.ensure_future(process.wait())
    try:
        url = await _address(folder / "log", ended)
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=10, **(client or {})) as web:
            yield Process(folder, web, process.pid)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(ended, 20) == 0
    finally:
        if not ended.done():
            process.kill()
            await ended


async def _address(log: Path, ended: "asyncio.Future[int]") -> str:
    async with asyncio.timeout(20):
        while not (found := re.search(r"Linkward: (https?://[\d.:]+/)", log.read_text(errors="replace"))):  # noqa: ASYNC240  # a few lines
            assert not ended.done(), log.read_text()  # noqa: ASYNC240  # as above
            await asyncio.sleep(0.05)
    return found[1]
