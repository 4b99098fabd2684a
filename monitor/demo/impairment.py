"""What a simulated line does to each packet: delay, jitter, losses alone or in runs, a cut; repeatable by its seed."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from monitor.demo.truth import LinkTruth


@dataclass(slots=True)
class Tally:
    """What became of the packets of one direction."""

    passed: int = 0
    lost: int = 0


class _Losses:
    """Gilbert's model: a line is good and loses nothing, or bad and loses everything.

    From a loss ratio p and a mean run of b losses follow the chances to recover, 1/b, and to fail, p/(b(1-p)).
    A run of 1 is taken as independent losses, which at a given p have a mean run of 1/(1-p).
    """

    def __init__(self, random: Random) -> None:
        self._random = random
        self._bad = False

    def next_is_lost(self, ratio: float, run: float) -> bool:
        if ratio >= 1:
            return True
        if run <= 1:
            self._bad = False
            return self._random.random() < ratio
        chance = 1 - 1 / run if self._bad else ratio / (run * (1 - ratio))
        self._bad = self._random.random() < chance
        return self._bad


class Impairment:
    """One line, for a reflector to ask before it passes a packet.

    Args:
        state: How the line is at this moment.
        seed: Of its dice.
    """

    def __init__(self, state: Callable[[], LinkTruth], seed: str) -> None:
        self._state = state
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
        if not state.up or self._losses[direction].next_is_lost(loss, state.run):
            tally.lost += 1
            return None
        tally.passed += 1
        return state.delay + self._random.uniform(0, state.jitter)
