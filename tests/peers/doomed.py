"""Processes that write history and are killed: ``python -m tests.peers.doomed URL TIMES SEED``.

Says, as JSON, the numbers of the facts of which each process was told that they are durable. The processes are forked
from one that has loaded everything and runs no thread, so that each lives and dies within milliseconds.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time

from history.store import Fate
from tests.peers.facts import block, opened, transition

_LONGEST_DELAY = 0.03  # seconds; several transactions long


async def record_for_ever(url: str, first: int, said: int) -> None:
    """Record one fact after another, and say the number of each once it is durable."""
    async with opened(url) as store:
        number = first
        while True:
            fates = await asyncio.gather(store.record(transition(number)), store.record(block(number)))
            if set(fates) == {Fate.DURABLE}:
                os.write(said, f"{number}\n".encode())
            number += 1


def killed_once(url: str, first: int, chance: random.Random) -> list[int]:
    """The numbers that a process said before it was killed at some moment after the first."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        asyncio.run(record_for_ever(url, first, said))
    os.close(said)
    with os.fdopen(heard) as lines:
        numbers = [int(lines.readline())]
        time.sleep(chance.random() * _LONGEST_DELAY)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        numbers += [int(line) for line in lines]
    return numbers


def main(url: str, times: int, seed: int) -> None:
    """Kill so many processes, one after the other."""
    chance = random.Random(seed)  # noqa: S311  # the same moments each time
    numbers: list[int] = []
    for _ in range(times):
        numbers += killed_once(url, numbers[-1] + 1 if numbers else 0, chance)
    sys.stdout.write(json.dumps(numbers))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
