"""Wald's sequential test of a share: accuse, acquit, or go on, after each result.

Two claims are held against each other: at most ``healthy`` of the tests fall short, or at least ``faulty``. Each result
adds its log-likelihood ratio; beyond ln((1 - beta) / alpha) it accuses, below ln(beta / (1 - alpha)) it acquits (Wald
1947), and either way it begins anew. One bad test is never enough, and a line that is bad is told after a few.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log
from typing import Final

from model.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Sprt:
    """The test, and how far it has come.

    Attributes:
        healthy: Share of tests that fall short on a line that is as it should be.
        faulty: On one that is not.
        alpha: Chance to accuse a healthy one, each time that it is decided.
        beta: Chance to acquit a faulty one.
        ratio: Sum of the log-likelihood ratios since it began anew.
        outcome: What was decided last; a decision stands until the other one is made.
        n: Results since it began anew, or that led to the last decision where none came since.
        bad: Those of them that fell short.
        is_fresh: Whether ``n`` and ``bad`` are those of the last decision.
    """

    healthy: float = 0.05
    faulty: float = 0.30
    alpha: float = 0.01
    beta: float = 0.05
    ratio: float = 0.0
    outcome: Outcome = Outcome.UNKNOWN
    n: int = 0
    bad: int = 0
    is_fresh: bool = False

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
        ratio = self.ratio + step
        n, bad = (1, int(short)) if self.is_fresh else (self.n + 1, self.bad + short)
        outcome = self.outcome
        if ratio >= self.accuses_at:
            outcome = Outcome.BREACHED
        elif ratio <= self.acquits_at:
            outcome = Outcome.MET
        is_decided = ratio >= self.accuses_at or ratio <= self.acquits_at
        return Sprt(
            self.healthy, self.faulty, self.alpha, self.beta, 0.0 if is_decided else ratio, outcome, n, bad, is_decided
        )


BEGINNING: Final = Sprt()


def sequence(short: Iterable[bool], begin: Sprt = BEGINNING) -> Sprt:
    """The test after these results, in order of time."""
    for one in short:
        begin = begin.after(short=one)
    return begin
