"""How much of the month's tolerated outage is left, and how fast it goes (SRE Workbook, chapter 5).

Everything counts time, not events: bad seconds divided by known seconds. Time about which nothing is known is in
neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

LEAST_COVERAGE: Final = 0.5
"""Share of a window that must be known for a burn rate to mean something."""

_HOUR: Final = 3_600.0
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Promise:
    """A part of the month in which one version of the requirement holds.

    Attributes:
        target: The required availability, 0 to 1.
        seconds: Its length in seconds inside service hours and outside maintenance, past and to come.
    """

    target: float
    seconds: float

    @property
    def budget(self) -> float:
        """Seconds of outage that it tolerates."""
        return (1 - self.target) * self.seconds


def remaining_ratio(promises: Iterable[Promise], bad: float) -> float | None:
    """The share of the month's tolerated outage that is left.

    Args:
        promises: The whole month, in as many parts as the requirement has versions in it.
        bad: Seconds of outage so far, inside service hours and outside maintenance.

    Returns:
        1 before the first outage, 0 when the budget is spent, less than 0 beyond; ``None`` where nothing is tolerated.
    """
    budget = sum(promise.budget for promise in promises)
    return 1 - bad / budget if budget > 0 else None


@dataclass(frozen=True, slots=True)
class Spent:
    """What happened in a window that ends now.

    Attributes:
        bad: Seconds of outage.
        known: Seconds whose state is known, the bad among them.
        scheduled: Seconds of the window inside service hours and outside maintenance.
    """

    bad: float
    known: float
    scheduled: float


@dataclass(frozen=True, slots=True)
class BurnRule:
    """Alert when the budget burns this many times too fast, over a long window and still over a short one.

    Attributes:
        long: Seconds.
        short: Seconds; a twelfth of ``long``, so that the alert ends soon after the outage.
        factor: 1 spends the budget just by the end of 30 days.
        severity: Of the alert.
    """

    long: float
    short: float
    factor: float
    severity: Literal["critical", "warning"]


BURN_RULES: Final = (
    BurnRule(_HOUR, _HOUR / 12, 14.4, "critical"),  # 2 % of the 30-day budget in an hour
    BurnRule(6 * _HOUR, _HOUR / 2, 6, "critical"),  # 5 % in six hours
    BurnRule(_DAY, 2 * _HOUR, 3, "warning"),  # 10 % in a day
    BurnRule(3 * _DAY, 6 * _HOUR, 1, "warning"),  # 10 % in three days
)
BURN_WINDOWS: Final = tuple(sorted({window for rule in BURN_RULES for window in (rule.long, rule.short)}))
"""The windows in seconds that the rules look at."""


@dataclass(frozen=True, slots=True)
class Burn:
    """What one rule says now.

    Attributes:
        rule: The rule.
        long: Burn rate over the long window; ``None`` where too little of it is known.
        short: The same of the short window.
    """

    rule: BurnRule
    long: float | None
    short: float | None

    @property
    def is_burning(self) -> bool | None:
        """Whether both windows burn too fast; ``None`` where what is not known could make the difference."""
        rates = (self.long, self.short)
        if any(rate is not None and rate < self.rule.factor for rate in rates):
            return False
        return None if None in rates else True


def burn_rate(spent: Spent, target: float) -> float | None:
    """How many times faster than tolerated the budget goes: 1 spends it just in time.

    Returns:
        ``None`` where less than half of the window is known, or where nothing is tolerated. A total outage burns at
        1 / (1 - target): below a target of 93.06 % the factor 14.4 is never reached.
    """
    if target >= 1 or spent.known <= 0 or spent.known < LEAST_COVERAGE * spent.scheduled:
        return None
    return spent.bad / spent.known / (1 - target)


def burns(windows: Mapping[float, Spent], target: float) -> tuple[Burn, ...]:
    """What every rule says now.

    Args:
        windows: What happened in each of ``BURN_WINDOWS``.
        target: The availability required now, 0 to 1.
    """
    rates = {seconds: burn_rate(spent, target) for seconds, spent in windows.items()}
    return tuple(Burn(rule, rates.get(rule.long), rates.get(rule.short)) for rule in BURN_RULES)
