"""Tests against an iperf3 server, by the iperf3 client where that is installed."""

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any, Final
from urllib.parse import urlsplit

from model.hosts import is_address
from model.speed_plateau import SLICE
from model.speed_run import Ending, Slice, SpeedRun
from monitor.speed.order import Order, Said

_AROUND: Final = 10.0
_PROGRAM: Final = "iperf3"
_PORT: Final = 5201
_LONGEST: Final = 200


async def run_iperf3(order: Order, heed: Callable[[Said], None]) -> SpeedRun:
    """Run one test; it lasts as long as the order allows, for iperf3 does not stop by itself."""
    program = shutil.which(_PROGRAM)
    if program is None:
        return SpeedRun(order.way, Ending.UNSUPPORTED, "iperf3 is not installed on the monitor: install that package")
    process = await asyncio.create_subprocess_exec(program, *arguments(order), stdout=PIPE, stderr=PIPE)
    heed(Said("load"))
    try:
        async with asyncio.timeout(order.seconds + _AROUND):
            output, _ = await process.communicate()
    except TimeoutError:
        return SpeedRun(order.way, Ending.STALLED, "iperf3 did not come to an end")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return read_iperf3(output, order)


def arguments(order: Order) -> list[str]:
    """What the client is told."""
    parts = urlsplit(order.url)
    words = [f"--client={parts.hostname}", f"--port={parts.port or _PORT}", "--json", f"--interval={SLICE}"]
    words += [f"--parallel={order.streams}", f"--time={order.seconds:.0f}"]
    if order.rate:
        words.append(f"--bitrate={order.rate / order.streams:.0f}")
    if order.way == "receive":
        words.append("--reverse")
    if order.source is not None:
        words.append(f"--bind={order.source}" if is_address(order.source) else f"--bind-dev={order.source}")
    return words


def read_iperf3(output: bytes, order: Order) -> SpeedRun:
    """What its JSON says."""
    failed = SpeedRun(order.way, Ending.NOT_A_PEER, "iperf3 said nothing that can be read")
    try:
        told = json.loads(output)
        if "error" in told:
            return replace(failed, ending=_ending(str(told["error"])), detail=str(told["error"])[:_LONGEST])
        return _run(told, order)
    except (ValueError, KeyError, TypeError, AttributeError):
        return failed


def _run(told: Mapping[str, Any], order: Order) -> SpeedRun:
    sums: Sequence[Mapping[str, Any]] = [one["sum"] for one in told["intervals"] if not one["sum"].get("omitted")]
    octets = list(accumulate(int(one["bytes"]) for one in sums))
    slices = [
        Slice(float(one["end"]), moved, order.streams, _rtt(interval))
        for one, moved, interval in zip(sums, octets, told["intervals"], strict=False)
    ]
    end, connected = told["end"], told["start"]["connected"][0]
    moved = int(end["sum_received"]["bytes"])
    again = end["sum_sent"].get("retransmits")
    segment = told["start"].get("tcp_mss_default")
    return SpeedRun(
        way=order.way,
        ending=Ending.DONE,
        slices=tuple(slices),
        settled=len(slices),
        octets=max(moved, int(end["sum_sent"]["bytes"])),
        sent_octets=int(end["sum_sent"]["bytes"]),
        retransmitted=None if again is None or not segment else int(again) * int(segment),
        segment=segment,
        ip_version=6 if ":" in str(connected.get("remote_host", "")) else 4,
        busy=float(end.get("cpu_utilization_percent", {}).get("host_total", 0.0)) / 100,
    )


def _rtt(interval: Mapping[str, Any]) -> float | None:
    """The mean of what the kernel of the sender says, if that is ours: microseconds in JSON."""
    known = [int(stream["rtt"]) for stream in interval["streams"] if stream.get("rtt")]
    return sum(known) / len(known) / 1e6 if known else None


def _ending(error: str) -> Ending:
    words = {
        "busy": Ending.REFUSED,
        "unable to connect": Ending.UNREACHABLE,
        "authoriz": Ending.WRONG_KEY,
        "closed": Ending.RESET,
        "reset": Ending.RESET,
    }
    return next((ending for word, ending in words.items() if word in error), Ending.NOT_A_PEER)
