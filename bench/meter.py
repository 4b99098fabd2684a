"""Clocks and scales: what a process has used so far."""

import os
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

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


class Round(NamedTuple):
    """Something whose cost is measured.

    Attributes:
        run: Does it once.
        spent: The clock of who does it.
        parts: How many equal parts it has.
    """

    run: Callable[[], Awaitable[object]]
    spent: Spent
    parts: int

    async def cost(self) -> float:
        """Run it; seconds of CPU for each part."""
        before = self.spent()
        await self.run()
        return (self.spent() - before) / self.parts


async def costs(rounds: Sequence[Round], repetitions: int) -> list[float]:
    """Median of the seconds of CPU per part, for each of several rounds.

    Each is run once before, to warm up. They take turns, so that what disturbs the machine disturbs all.
    """
    for one in rounds:
        await one.run()
    found = [[await one.cost() for one in rounds] for _ in range(repetitions)]
    return [median(values) for values in zip(*found, strict=True)]
