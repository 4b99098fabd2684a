"""Processes beside the measured one: our own peers, and other programs. None outlives who started it."""

import asyncio
import json
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final

from bench.figures import CannotRunError

_PATIENCE: Final = 10.0
_ROOT: Final = Path(__file__).resolve().parent.parent


@asynccontextmanager
async def peer(module: str, *arguments: str) -> AsyncIterator[dict[str, Any]]:
    """Run a module of the bench that prints one line of JSON when it is ready, and ends when its input ends.

    Raises:
        CannotRunError: It did not get ready.
    """
    command = (sys.executable, "-m", module, *arguments)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=_ROOT)
    try:
        yield await _announcement(process, module)
    finally:
        await _end(process)


Ask = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""Puts one question to a child, and gives back its answer."""


@asynccontextmanager
async def answering(module: str) -> AsyncIterator[Ask]:
    """Run a module of the bench that answers each line of JSON with another, one after the other.

    Raises:
        CannotRunError: It did not get ready, or ended instead of answering.
    """
    command = (sys.executable, "-m", module)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=_ROOT)
    assert process.stdin
    assert process.stdout
    into, out = process.stdin, process.stdout

    async def ask(question: dict[str, Any]) -> dict[str, Any]:
        into.write(json.dumps(question).encode() + b"\n")
        line = await out.readline()
        if not line:
            raise CannotRunError(f"{module} ended instead of answering")
        answer: dict[str, Any] = json.loads(line)
        return answer

    try:
        await _announcement(process, module)
        yield ask
    finally:
        await _end(process)


async def _announcement(process: Process, module: str) -> dict[str, Any]:
    assert process.stdout
    try:
        line = await asyncio.wait_for(process.stdout.readline(), _PATIENCE)
    except TimeoutError as error:
        raise CannotRunError(f"{module} was not ready within {_PATIENCE:g} s") from error
    if not line:
        raise CannotRunError(f"{module} ended before it was ready")
    ready: dict[str, Any] = json.loads(line)
    return ready | {"pid": process.pid}


@asynccontextmanager
async def program(command: Sequence[str | Path], port: int | None) -> AsyncIterator[Process]:
    """Run another program, and end it afterwards.

    Args:
        command: Name or path, and arguments.
        port: TCP port of 127.0.0.1 on which it must listen before the context begins; ``None`` does not wait.

    Raises:
        CannotRunError: It is not installed, or does not listen.
    """
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=_ROOT)
    except FileNotFoundError as error:
        raise CannotRunError(f"{command[0]} is not installed") from error
    drains = [asyncio.create_task(stream.read()) for stream in (process.stdout, process.stderr) if stream]
    try:
        if port is not None:
            await _listening(process, str(command[0]), port, drains)
        yield process
    finally:
        await _end(process)
        await asyncio.gather(*drains)


async def _listening(process: Process, name: str, port: int, drains: list[asyncio.Task[bytes]]) -> None:
    deadline = asyncio.get_running_loop().time() + _PATIENCE
    while asyncio.get_running_loop().time() < deadline:
        if process.returncode is not None:
            said = b"".join(await asyncio.gather(*drains)).decode(errors="replace").strip().splitlines()
            raise CannotRunError(f"{name} ended at once: {said[-1] if said else f'status {process.returncode}'}")
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.05)
    raise CannotRunError(f"{name} does not listen on port {port} after {_PATIENCE:g} s")


async def _end(process: Process) -> None:
    if process.stdin:
        process.stdin.close()
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
