"""The daemon as it is installed, in a process of its own."""

import http.client
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

from bench.children import free_port, program


@asynccontextmanager
async def daemon(inventory: Path) -> AsyncIterator[tuple[Process, int]]:
    """Run it on an inventory; its process, and the port of its web server, which it need not listen on yet."""
    port = free_port()
    command = (sys.executable, "-m", "monitor", "run", f"--config.file={inventory}")
    options = (f"--web.listen-address=127.0.0.1:{port}", "--log.level=warning")
    async with program((*command, *options), None) as process:
        yield process, port


def page(port: int, path: str) -> str:
    """What it answers with status 200; empty where it answers otherwise, or not yet. Blocks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection), suppress(OSError, http.client.HTTPException):
        connection.request("GET", path, headers={"Accept": "text/plain"})
        answer = connection.getresponse()
        text = answer.read().decode()
        return text if answer.status == http.client.OK else ""
    return ""
