"""One requirement against what was measured: MET, BREACHED or UNKNOWN for each quality, each with its evidence.

Making any measurement worse never improves a verdict. One measurement is its own measure: delay variation counts from
the fastest answer, so that a slower fastest answer is less variation, by definition (RFC 5481 §4.2).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from model.evidence import DAY, HOUR, Count, Limits, decide
from model.inventory import Contracted
from model.requirement import Requirement
from model.sequential import sequence
from model.sketch import nearest_rank
from model.throughput import Seen
from model.verdict import Outcome, Quality, Verdict, Why
from model.window import WindowFacts

LEAST_COVERAGE: Final = 0.5
"""Share of a window that must be measured before it is judged."""
SLOWER_TESTS: Final = 0.2
"""Share of speed tests that may fall short: 80 % of them must reach what is required (the "80/80" rule)."""
TESTS_FOR: Final = timedelta(days=14)
"""How long a speed test counts."""
PROVED_FOR: Final = timedelta(days=1)
"""How long a speed that was reached proves that the link has it."""

_RTT_SHARE: Final = 0.95
_VARIATION_SHARE: Final = 0.99


@dataclass(frozen=True, slots=True)
class SpeedTested:
    """One speed test of one direction.

    Attributes:
        bits_per_second: What it reached.
        at: When, aware UTC.
        is_lower_bound: It did not fill the link: the link may be faster than this.
    """

    bits_per_second: float
    at: datetime
    is_lower_bound: bool = False


def is_telling(speed: float, threshold: float, *, is_lower_bound: bool) -> bool:
    """Whether a test says something: one that did not fill the link does not where it fell short."""
    return speed >= threshold or not is_lower_bound


@dataclass(frozen=True, slots=True)
class SpeedFacts:
    """What is known of the speed of one direction of a link.

    Attributes:
        negotiated: Bit/s of its port now; ``None`` where it is not known.
        peak: The most that it carried, over ten seconds or more.
        tests: Speed tests, in any order.
    """

    negotiated: float | None = None
    peak: Seen | None = None
    tests: Sequence[SpeedTested] = ()


class Availability(Protocol):
    """Availability of the month so far, inside service hours and outside maintenance: ``model.availability.Share``."""

    @property
    def up(self) -> int:
        """Milliseconds available."""

    @property
    def down(self) -> int:
        """Milliseconds not available."""

    @property
    def unknown(self) -> int:
        """Milliseconds that may have been either."""

    @property
    def ratio(self) -> float | None:
        """Up divided by up and down, 0 to 1; ``None`` where neither is known."""

    @property
    def lowest(self) -> float | None:
        """With all unknown time counted as down."""

    @property
    def highest(self) -> float | None:
        """With all unknown time counted as up."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that was measured of one link or service.

    Attributes:
        window: Probes over the requirement's window; ``None`` where none were taken.
        longer: The counts of the last hour and day, as ``Evidence.longer`` gives them.
        download: Towards the site.
        upload: Away from the site.
        contracted: What the provider sells.
        availability: Of the month; ``None`` before anything is known.
    """

    window: WindowFacts | None = None
    longer: Mapping[Quality, Sequence[Count]] = field(default_factory=dict)
    download: SpeedFacts = SpeedFacts()
    upload: SpeedFacts = SpeedFacts()
    contracted: Contracted | None = None
    availability: Availability | None = None


def judge(requirement: Requirement, facts: Facts, now: datetime) -> tuple[Verdict, ...]:
    """A verdict on each quality that is required.

    Args:
        requirement: The version that holds now, as ``Requirement.at`` gives it.
        facts: What was measured.
        now: Aware UTC; each verdict's ``since``, until a ``VerdictHolder`` knows better.
    """
    return (
        *_of_probes(requirement, facts, now),
        *_of_speed(requirement, facts, now),
        *_of_availability(requirement, facts, now),
    )


def limits_of(requirement: Requirement) -> Limits:
    """What its probes are held to, as ``Evidence.note`` takes it."""
    return (requirement.rtt_p95 or math.inf, 0.0, requirement.delay_variation_p99 or math.inf)


def required_speed(required: float | None, share: float | None, sold: float | None) -> float | None:
    """The speed that one direction must have, in bit/s: the higher of what is needed and what the contract is held to.

    Args:
        required: What the requirement states.
        share: The share of the contracted speed that it states.
        sold: The contracted speed.
    """
    asked = [required, share * sold if share is not None and sold is not None else None]
    return max((speed for speed in asked if speed is not None), default=None)


def _of_probes(requirement: Requirement, facts: Facts, now: datetime) -> Iterator[Verdict]:
    allowed = {
        Quality.RTT: (requirement.rtt_p95, 1 - _RTT_SHARE),
        Quality.LOSS: (requirement.loss, requirement.loss or 0.0),
        Quality.DELAY_VARIATION: (requirement.delay_variation_p99, 1 - _VARIATION_SHARE),
    }
    for quality, (threshold, share) in allowed.items():
        if threshold is not None:
            yield _on_probes(quality, threshold, share, facts, now)


def _on_probes(quality: Quality, threshold: float, allowed: float, facts: Facts, now: datetime) -> Verdict:
    window = facts.window
    if window is None or not window.n:
        return _unmeasured(quality, threshold, window.span if window else 0.0, now)
    own = Count(window.n, window.beyond(quality, threshold), window.span, window.coverage)
    value = _value(quality, window)
    if window.coverage < LEAST_COVERAGE:
        return Verdict(quality, Outcome.UNKNOWN, Why.COVERAGE, value, threshold, *_numbers(own), now)
    count, outcome = _decided(own, facts.longer.get(quality, ()), allowed)
    why = Why.UNDECIDED if outcome is Outcome.UNKNOWN else Why.PROBES
    return Verdict(quality, outcome, why, value, threshold, *_numbers(count), now)


def _value(quality: Quality, window: WindowFacts) -> float | None:
    match quality:
        case Quality.RTT:
            return window.rtt(_RTT_SHARE)
        case Quality.LOSS:
            return window.loss_ratio
        case _:
            return window.delay_variation(_VARIATION_SHARE)


def _numbers(count: Count) -> tuple[int, int, float, float]:
    return count.n, count.bad, count.span, count.coverage


def _decided(own: Count, longer: Sequence[Count], allowed: float) -> tuple[Count, Outcome]:
    """The shortest time whose count decides; where none does, the window's own."""
    if (outcome := decide(own.bad, own.n, allowed)) is not Outcome.UNKNOWN:
        return own, outcome
    for count in longer:
        if count.coverage < LEAST_COVERAGE:
            break
        outcome = decide(count.bad, count.n, allowed)
        # What is over does not accuse: a longer time does only while there is still something wrong, and a day not at
        # all. Nor does a day acquit what the hour speaks against.
        if outcome is Outcome.MET or (outcome is Outcome.BREACHED and own.bad and count.span <= HOUR):
            return count, outcome
        if outcome is Outcome.BREACHED:
            break
    return own, Outcome.UNKNOWN


def _unmeasured(quality: Quality, threshold: float | None, window: float, now: datetime) -> Verdict:
    why = Why.NO_CONTRACT if threshold is None else Why.NOT_MEASURED
    return Verdict(quality, Outcome.UNKNOWN, why, None, threshold, 0, 0, window, 0.0, now)


def _of_speed(requirement: Requirement, facts: Facts, now: datetime) -> Iterator[Verdict]:
    share, sold = requirement.contracted_share, facts.contracted
    ways = (
        (Quality.DOWNLOAD, requirement.download, sold.download if sold else None, facts.download),
        (Quality.UPLOAD, requirement.upload, sold.upload if sold else None, facts.upload),
    )
    for quality, required, contracted, speed in ways:
        if required is not None or share is not None:
            yield _on_speed(quality, required_speed(required, share, contracted), speed, now)


def _on_speed(quality: Quality, threshold: float | None, speed: SpeedFacts, now: datetime) -> Verdict:
    if threshold is None:
        return _unmeasured(quality, None, 0.0, now)
    if speed.negotiated is not None and speed.negotiated < threshold:
        return Verdict(quality, Outcome.BREACHED, Why.NEGOTIATED, speed.negotiated, threshold, 0, 0, 0.0, 1.0, now)
    tests = sorted((test for test in speed.tests if now - test.at <= TESTS_FOR), key=lambda test: test.at)
    telling = [one for one in tests if is_telling(one.bits_per_second, threshold, is_lower_bound=one.is_lower_bound)]
    slower = sum(test.bits_per_second < threshold for test in telling)
    by_tests = sequence(test.bits_per_second < threshold for test in telling).outcome
    highest = _highest(speed.peak, tests, now)
    is_reached = highest is not None and highest >= threshold
    if by_tests is not Outcome.BREACHED and is_reached:
        seconds = PROVED_FOR.total_seconds()
        return Verdict(quality, Outcome.MET, Why.REACHED, highest, threshold, len(telling), slower, seconds, 1.0, now)
    if telling:
        why = Why.UNDECIDED if by_tests is Outcome.UNKNOWN else Why.TESTS
        value, seconds = _tested(telling), TESTS_FOR.total_seconds()
        return Verdict(quality, by_tests, why, value, threshold, len(telling), slower, seconds, 1.0, now)
    if highest is None:
        return _unmeasured(quality, threshold, PROVED_FOR.total_seconds(), now)
    return Verdict(quality, Outcome.UNKNOWN, Why.UNDECIDED, highest, threshold, 0, 0, DAY, 1.0, now)


def _highest(peak: Seen | None, tests: Sequence[SpeedTested], now: datetime) -> float | None:
    seen = [(test.bits_per_second, test.at) for test in tests]
    if peak is not None:
        seen.append((peak.bits_per_second, peak.at))
    return max((rate for rate, at in seen if now - at <= PROVED_FOR), default=None)


def _tested(tests: Sequence[SpeedTested]) -> float:
    """The speed that 80 % of the tests reached."""
    ranked = sorted((test.bits_per_second for test in tests), reverse=True)
    return ranked[nearest_rank(1 - SLOWER_TESTS, len(ranked)) - 1]


def _of_availability(requirement: Requirement, facts: Facts, now: datetime) -> Iterator[Verdict]:
    target, month = requirement.availability, facts.availability
    if target is None:
        return
    known = (month.up + month.down) / 1000 if month else 0.0
    span = known + (month.unknown / 1000 if month else 0.0)
    if month is None or month.ratio is None or month.lowest is None or month.highest is None:
        yield _unmeasured(Quality.AVAILABILITY, target, span, now)
        return
    outcome, why = Outcome.UNKNOWN, Why.UNDECIDED
    if month.lowest >= target:
        outcome, why = Outcome.MET, Why.BOUNDS
    elif month.highest < target:
        outcome, why = Outcome.BREACHED, Why.BOUNDS
    yield Verdict(Quality.AVAILABILITY, outcome, why, month.ratio, target, 0, 0, span, known / span, now)
