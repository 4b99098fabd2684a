"""Clocks and scales: what a process has used so far."""

import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

_TICKS_PER_SECOND: Final = os.sysconf("SC_CLK_TCK")
_PROC: Final = Path("/proc")

Spent = Callable[[], float]
"""Says how many seconds of CPU a process has used since it started."""

own_cpu: Spent = time.process_time


def cpu_in_stat(stat: str) -> float:
    """Seconds of CPU, user and system, of all threads in the text of ``/proc/PID/stat`` (proc(5)).

    The name of the process stands in parentheses and may hold spaces and parentheses itself.
    """
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_SECOND


def cpu_of(pid: int) -> float:
    """Seconds of CPU that another process has used, to 1/100 s.

    Raises:
        OSError: There is no such process.
    """
    return cpu_in_stat((_PROC / str(pid) / "stat").read_text())


def resident_megabytes(pid: int) -> float:
    """Resident memory of a process in MB.

    Raises:
        OSError: There is no such process.
    """
    pages = int((_PROC / str(pid) / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def cost(round_: Callable[[], Awaitable[object]], spent: Spent, parts: int) -> float:
    """Seconds of CPU for each of the parts of one round."""
    before = spent()
    await round_()
    return (spent() - before) / parts


async def costs(
    rounds: Sequence[tuple[Callable[[], Awaitable[object]], Spent, int]], repetitions: int
) -> list[list[float]]:
    """Seconds of CPU per part, for each of several rounds, of each repetition.

    Each round is run once before, to warm up. The rounds take turns, so that what disturbs the machine disturbs all.
    """
    for round_, _, _ in rounds:
        await round_()
    found: list[list[float]] = [[] for _ in rounds]
    for _ in range(repetitions):
        for (round_, spent, parts), values in zip(rounds, found, strict=True):
            values.append(await cost(round_, spent, parts))
    return found
