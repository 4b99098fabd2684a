"""Speed by the contract and by measurement."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from model.verdict import Outcome


class SpeedBy(StrEnum):
    """What a verdict on speed rests on."""

    TESTS = "tests"  # the tests of the period decide
    PEAK = "peak"  # the traffic itself reached it
    UNDECIDED = "undecided"  # neither does
    NOT_MEASURED = "not_measured"  # there is neither a test nor a counter
    NO_CONTRACT = "no_contract"  # nobody states what is to be reached


@dataclass(frozen=True, slots=True)
class SpeedVerdict:
    """Whether a speed was delivered.

    Attributes:
        threshold: bit/s; ``None`` where nobody states one.
        outcome: Met, breached, or unknown.
        by: What it rests on.
        slower: Tests below the threshold.
    """

    threshold: float | None
    outcome: Outcome
    by: SpeedBy
    slower: int


@dataclass(frozen=True, slots=True)
class Test:
    """One test that gave a figure.

    Attributes:
        at: When it started.
        bits_per_second: What it gave.
        is_busy: Whether it began inside service hours.
    """

    at: datetime
    bits_per_second: float
    is_busy: bool


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """One direction of one link.

    Attributes:
        link: Its id.
        site: Id of its site.
        provider: Who sells it.
        direction: ``download`` towards the site, ``upload`` away from it.
        contracted: bit/s; the last in the period; ``None`` where no contract is stated.
        tests: Those that gave a figure, in order of time.
        failed: Tests that gave none.
        mean: bit/s; ``None`` without a test; so are the following.
        mean_at_least: bit/s: what the mean exceeds with 95 % confidence, days as blocks; ``None`` of fewer than 5 days.
        mean_at_most: bit/s: what the mean stays below with 95 % confidence; ``None`` likewise.
        least: The slowest, bit/s.
        p5: What 95 % of the tests reached, bit/s.
        median: bit/s.
        p95: What 5 % of the tests reached, bit/s.
        greatest: The fastest, bit/s.
        busy_mean: Mean inside service hours, bit/s.
        quiet_mean: Mean outside, bit/s.
        reaching: Share of the tests that reached 80 % of the contracted speed, 0 to 1.
        peak: Highest throughput over a poll of 10 s or more, bit/s: the line can carry at least this.
        contract: Whether the share of the contracted speed was delivered in most tests (80 % of 80 % where the
            requirement states no other share).
        need: Whether the speed that is needed was; ``None`` where the requirement states none.
        lower_bounds: Tests that did not fill the link: it has at least what they gave, and they accuse nobody. With
            any, ``mean_at_most`` is not known.
        skipped: Tests that were planned and not run, by the reason.
        by_mean: Whether the mean of the tests reached the share of the contracted speed, by its bounds.
    """

    link: str
    site: str
    provider: str
    direction: str
    contracted: float | None
    tests: tuple[Test, ...]
    failed: int
    mean: float | None
    mean_at_least: float | None
    mean_at_most: float | None
    least: float | None
    p5: float | None
    median: float | None
    p95: float | None
    greatest: float | None
    busy_mean: float | None
    quiet_mean: float | None
    reaching: float | None
    peak: float | None
    contract: SpeedVerdict
    need: SpeedVerdict | None
    lower_bounds: int = 0
    skipped: tuple[tuple[str, int], ...] = ()
    by_mean: Outcome = Outcome.UNKNOWN
