"""Starts the tester, a process of its own, and listens to it; ends it when nobody waits for it any more."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from model.speed_run import Ending, SpeedRun
from monitor.speed.iperf3 import run_iperf3
from monitor.speed.order import ORDER, SAID, Order, Said

Heed = Callable[[Said], None]

_MODULE: Final = "monitor.speed.worker"
_AROUND: Final = 20.0  # seconds that a test takes beside its transfer, at most
_LONGEST_LINE: Final = 1 << 20


async def run_test(order: Order, heed: Heed) -> SpeedRun:
    """Run one test of one direction.

    Args:
        order: What to do.
        heed: Told what the tester says while it works.

    Returns:
        What it saw; where it could not even work, a run that says so.
    """
    if urlsplit(order.url).scheme == "iperf3":
        return await run_iperf3(order, heed)
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _MODULE),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            limit=_LONGEST_LINE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
    except OSError as error:
        return SpeedRun(order.way, Ending.LOCAL, f"the tester did not start: {error.strerror}")
    try:
        async with asyncio.timeout(order.seconds + _AROUND):
            return await _listen(process, order, heed)
    except TimeoutError:
        return SpeedRun(order.way, Ending.LOCAL, "the tester did not come to an end")
    finally:
        await _end(process)


async def _listen(process: Process, order: Order, heed: Heed) -> SpeedRun:
    if process.stdin is None or process.stdout is None:
        raise AssertionError
    with contextlib.suppress(ConnectionError):
        process.stdin.write(ORDER.dump_json(order) + b"\n")
        await process.stdin.drain()
    try:
        async for line in process.stdout:
            said = SAID.validate_json(line)
            heed(said)
            if said.run is not None:
                return said.run
    except ValueError:  # no JSON of ours, or a line without an end
        return SpeedRun(order.way, Ending.LOCAL, "the tester said what cannot be understood")
    return SpeedRun(order.way, Ending.LOCAL, "the tester ended without a word")


async def _end(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()
