"""Wald's sequential test of a share: accuse, acquit, or go on, after each result.

Two claims are held against each other: at most ``healthy`` of the tests fall short, or at least ``faulty``. Each result
adds its log-likelihood ratio; from ln((1 - beta) / alpha) on it accuses, from ln(beta / (1 - alpha)) down it acquits
(Wald 1947). One bad test is never enough, and a line that is bad is told after a few.

As links are tested for ever, the sum is held between the two, so that old results do not weigh more than a decision,
and a decision stands until the sum has come back to zero. No result that is worse ever makes the outcome better.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log
from typing import Final

from model.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Sprt:
    """The test, and how far it has come.

    Attributes:
        healthy: Share of tests that fall short on a line that is as it should be.
        faulty: On one that is not.
        alpha: Chance to accuse a healthy one.
        beta: Chance to acquit a faulty one.
        ratio: Sum of the log-likelihood ratios.
        outcome: Breached once it accuses, met once it acquits, each until the sum is back at zero; else unknown.
    """

    healthy: float = 0.05
    faulty: float = 0.30
    alpha: float = 0.01
    beta: float = 0.05
    ratio: float = 0.0
    outcome: Outcome = Outcome.UNKNOWN

    @property
    def accuses_at(self) -> float:
        """The ratio at which it accuses."""
        return log((1 - self.beta) / self.alpha)

    @property
    def acquits_at(self) -> float:
        """The ratio at which it acquits, below zero."""
        return log(self.beta / (1 - self.alpha))

    def after(self, *, short: bool) -> "Sprt":
        """The test after one more result.

        Args:
            short: Whether it fell short.
        """
        step = log(self.faulty / self.healthy) if short else log((1 - self.faulty) / (1 - self.healthy))
        ratio = min(max(self.ratio + step, self.acquits_at), self.accuses_at)
        outcome = self.outcome
        if ratio >= self.accuses_at:
            outcome = Outcome.BREACHED
        elif ratio <= self.acquits_at:
            outcome = Outcome.MET
        elif (outcome is Outcome.BREACHED and ratio <= 0) or (outcome is Outcome.MET and ratio >= 0):
            outcome = Outcome.UNKNOWN
        return replace(self, ratio=ratio, outcome=outcome)


BEGINNING: Final = Sprt()
"""At most 5 % of the tests fall short, or at least 30 %."""


def sequence(short: Iterable[bool], begin: Sprt = BEGINNING) -> Sprt:
    """The test after these results, in order of time."""
    for one in short:
        begin = begin.after(short=one)
    return begin
