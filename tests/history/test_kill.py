"""Processes that are killed at any moment: what they were told is durable is there, whole, and nothing is invented."""

import json
import subprocess
import sys
from pathlib import Path

from model.measurement import SubjectKey
from tests.peers.facts import START, block, moment, opened, transition

ROOT = Path(__file__).parents[2]
LINK: SubjectKey = ("link", "office-vnpt")
FAR = moment(10**9)
TIMES = {"sqlite": 60, "postgresql": 25}


def told_durable(url: str) -> list[int]:
    """The numbers of the facts that processes were told are durable before each of them was killed."""
    command = [sys.executable, "-m", "tests.peers.doomed", url, str(TIMES[url.partition(":")[0]]), "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    numbers: list[int] = json.loads(done.stdout)
    return numbers


async def test_a_kill_costs_no_fact_that_was_durable(url: str) -> None:
    """After every kill the history opens as it is, each acknowledged fact is there, and each fact there is whole."""
    numbers = told_durable(url)
    async with opened(url) as store:
        assert store.health().set_aside is None
        transitions = (await store.transitions(START, FAR))[LINK]
        blocks = [found async for found in store.blocks(START, FAR)]
    assert len(numbers) > TIMES[url.partition(":")[0]]
    # A fact may be durable before its process could say so; it is a fact all the same, and none is torn.
    assert transitions == [transition(number) for number in range(len(transitions))]
    assert blocks == [block(number) for number in range(len(blocks))]
    assert max(numbers) < min(len(transitions), len(blocks))
