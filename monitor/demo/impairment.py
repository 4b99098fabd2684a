"""What a simulated line does to each packet: delay, jitter, losses alone or in runs, a cut; repeatable by its seed."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from monitor.demo.truth import LinkTruth

CALL_PACE: Final = 0.02
"""Seconds between the packets of a call (RFC 3551 §4.2): at this pace a run of losses has its length in packets."""


@dataclass(slots=True)
class Tally:
    """What became of the packets of one direction."""

    passed: int = 0
    lost: int = 0


class _Losses:
    """Gilbert's model in continuous time: a line is good and loses nothing, or bad and loses everything.

    Good and bad times are exponential, and the line is bad for the share of time that is to be lost: a steady probe
    finds that share at any pace, whatever else is sent. The chain is not run but looked at when a packet comes, by its
    exact law: what was seen last is worth less, the longer ago that was.
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._bad = False
        self._seen_at = -math.inf

    def next_is_lost(self, ratio: float, run: float, now: float) -> bool:
        memory = _memory(ratio, run, now - self._seen_at)
        self._bad = self._random.random() < ratio + (self._bad - ratio) * memory
        self._seen_at = now
        return self._bad


def _memory(ratio: float, run: float, elapsed: float) -> float:
    """The correlation of two packets so many seconds apart, 0 to 1.

    Of packets at the pace of a call, one follows a lost one into its fate with chance 1 - 1/run. Independent losses
    have a mean run of 1/(1 - ratio); where no longer one is asked for, losses are independent, however close.
    """
    if run * (1 - ratio) <= 1:
        return 0.0
    return math.pow(1 - 1 / (run * (1 - ratio)), elapsed / CALL_PACE)


class Impairment:
    """One line, for a reflector to ask before it passes a packet.

    Args:
        state: How the line is at this moment.
        seed: Of its dice; the same packets at the same times meet the same fate.
        clock: Monotonic seconds.
    """

    def __init__(self, state: Callable[[], LinkTruth], seed: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._clock = clock
        self._random = Random(seed)  # noqa: S311  # a simulation must be repeatable
        self._losses = (_Losses(self._random), _Losses(self._random))
        self.tallies = (Tally(), Tally())

    def forward(self) -> float | None:
        """Seconds to hold a packet on its way to the site; ``None`` when it is lost."""
        state = self._state()
        return self._passage(0, state, state.forward_loss)

    def backward(self) -> float | None:
        """The same for a packet on its way back."""
        state = self._state()
        return self._passage(1, state, state.backward_loss)

    def _passage(self, direction: int, state: LinkTruth, loss: float) -> float | None:
        tally = self.tallies[direction]
        if not state.up or self._losses[direction].next_is_lost(loss, state.run, self._clock()):
            tally.lost += 1
            return None
        tally.passed += 1
        return state.delay + self._random.uniform(0, state.jitter)
