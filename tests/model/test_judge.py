"""Verdicts with their evidence, and how breaches end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.evidence import Count
from model.inventory import Contracted
from model.judge import Facts, SpeedFacts, SpeedTested, judge, limits_of, required_speed
from model.requirement import Requirement
from model.throughput import Seen
from model.verdict import Outcome, Quality, Verdict, VerdictHolder, Why
from model.window import LOST, Window, WindowFacts

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
MET, BREACHED, UNKNOWN = Outcome.MET, Outcome.BREACHED, Outcome.UNKNOWN
ORDER = (BREACHED, UNKNOWN, MET)
SOLD = Contracted.model_validate({"download": "200Mbit/s", "upload": "100Mbit/s"})


def required(**keys: str) -> Requirement:
    """A requirement as the file spells it."""
    return Requirement.model_validate(keys)


def window(rtts: Sequence[float]) -> WindowFacts:
    """Five minutes that end with these probes, one a second."""
    filled = Window(300.0, 1.0, 1.0)
    for second, rtt in enumerate(rtts):
        filled.add(float(second), rtt)
    return filled.facts(len(rtts) + 1.0)


def one(requirement: Requirement, facts: Facts) -> Verdict:
    """The only verdict."""
    (verdict,) = judge(requirement, facts, NOW)
    return verdict


def told(requirement: Requirement, **facts: Any) -> tuple[Outcome, Why]:
    """What the only verdict says, and on what it rests."""
    verdict = one(requirement, Facts(**facts))
    return verdict.outcome, verdict.why


def probes(bad: int, n: int = 300, rtt: float = LOST) -> WindowFacts:
    """A window with so many bad ones among good ones of 10 ms, spread evenly."""
    return window([rtt if bad and k * bad // n != (k - 1) * bad // n else 0.01 for k in range(1, n + 1)])


def test_nothing_required_nothing_judged() -> None:
    """There is no verdict on what nobody asked for."""
    assert judge(Requirement(), Facts(window=probes(0)), NOW) == ()


def test_a_verdict_bears_its_evidence() -> None:
    """What was measured, what is required, over which time, by how many, since when."""
    verdict = one(required(loss="1%"), Facts(window=probes(30)))
    assert verdict == Verdict(Quality.LOSS, BREACHED, Why.PROBES, 0.1, 0.01, 300, 30, 300.0, 1.0, NOW)
    units = [Quality.RTT.unit, verdict.unit, Quality.DOWNLOAD.unit]
    assert units == ["s", "ratio", "bit/s"]


@pytest.mark.parametrize(
    ("keys", "facts", "value", "outcome"),
    [
        ({"rtt_p95": "30ms"}, probes(0), 0.01, MET),
        ({"rtt_p95": "30ms"}, probes(40, rtt=0.05), 0.05, BREACHED),
        ({"rtt_p95": "30ms"}, probes(40), LOST, BREACHED),
        ({"rtt_p95": "30ms"}, probes(16, rtt=0.05), 0.05, UNKNOWN),
        ({"loss": "1%"}, probes(0), 0.0, MET),
        ({"loss": "1%"}, probes(1), 1 / 300, UNKNOWN),
        ({"delay_variation_p99": "30ms"}, probes(0), 0.0, MET),
        ({"delay_variation_p99": "30ms"}, probes(10, rtt=0.05), pytest.approx(0.04), BREACHED),
        ({"delay_variation_p99": "30ms"}, window([LOST] * 300), LOST, BREACHED),
    ],
)
def test_qualities_of_probes(keys: dict[str, str], facts: WindowFacts, value: float, outcome: Outcome) -> None:
    """Met and breached where the count decides, unknown at the limit."""
    verdict = one(required(**keys), Facts(window=facts))
    assert (verdict.value, verdict.outcome) == (value, outcome)


def test_what_was_hardly_measured_is_unknown() -> None:
    """Nothing at all, no probe in the window, and less than half of them, each with its reason."""
    requirement = required(loss="1%")
    assert told(requirement) == (UNKNOWN, Why.NOT_MEASURED)
    assert told(requirement, window=window([])) == (UNKNOWN, Why.NOT_MEASURED)
    assert told(requirement, window=window([LOST] * 149)) == (UNKNOWN, Why.COVERAGE)
    assert told(requirement, window=window([LOST] * 150)) == (BREACHED, Why.PROBES)


def longer(hour: int, day: int, coverage: float = 1.0) -> dict[Quality, tuple[Count, Count]]:
    """So many lost in an hour and in a day."""
    return {Quality.LOSS: (Count(3600, hour, 3600.0, coverage), Count(86_400, day, 86_400.0, coverage))}


@pytest.mark.parametrize(
    ("bad", "more", "outcome", "span"),
    [
        (0, longer(0, 0), MET, 3600.0),
        (1, longer(2, 20), MET, 86_400.0),
        (1, longer(20, 20), BREACHED, 3600.0),
        (0, longer(20, 20), UNKNOWN, 300.0),
        (1, longer(2, 900), UNKNOWN, 300.0),
        (1, longer(3, 86), UNKNOWN, 300.0),
        (0, longer(0, 0, coverage=0.4), UNKNOWN, 300.0),
        (3, longer(0, 0), BREACHED, 300.0),
    ],
    ids=["hour", "day", "hour accuses", "over", "day accuses nobody", "undecided", "not covered", "window first"],
)
def test_a_longer_time_decides_what_the_window_cannot(
    bad: int, more: dict[Quality, tuple[Count, Count]], outcome: Outcome, span: float
) -> None:
    """A limit of 0.1 % takes 2,995 probes; but what is over does not accuse."""
    verdict = one(required(loss="0.1%"), Facts(window=probes(bad), longer=more))
    assert (verdict.outcome, verdict.window) == (outcome, span)


def test_limits_of_a_requirement() -> None:
    """Infinite where it has none."""
    assert limits_of(required(rtt_p95="30ms")) == (0.03, 0.0, LOST)


@pytest.mark.parametrize(
    ("asked", "share", "sold", "speed"),
    [(50.0, None, None, 50.0), (50.0, 0.8, 100.0, 80.0), (90.0, 0.8, 100.0, 90.0), (None, 0.8, None, None)],
)
def test_the_required_speed(asked: float | None, share: float | None, sold: float | None, speed: float | None) -> None:
    """The higher of what is needed and what the contract is held to."""
    assert required_speed(asked, share, sold) == speed


def results(*megabits: float, age: timedelta = timedelta(days=2), is_lower_bound: bool = False) -> list[SpeedTested]:
    """Speed tests."""
    return [SpeedTested(rate * 1e6, NOW - age, is_lower_bound) for rate in megabits]


def seen(megabits: float, age: timedelta = timedelta(hours=3)) -> Seen:
    """What the interface carried."""
    return Seen(megabits * 1e6, 60.0, NOW - age)


SPEEDS = [
    (SpeedFacts(), UNKNOWN, Why.NOT_MEASURED, None),
    (SpeedFacts(negotiated=100e6, peak=seen(300)), BREACHED, Why.NEGOTIATED, 100e6),
    (SpeedFacts(negotiated=1e9), UNKNOWN, Why.NOT_MEASURED, None),
    (SpeedFacts(peak=seen(160)), MET, Why.REACHED, 160e6),
    (SpeedFacts(peak=seen(159)), UNKNOWN, Why.UNDECIDED, 159e6),
    (SpeedFacts(peak=seen(160, timedelta(days=2))), UNKNOWN, Why.NOT_MEASURED, None),
    (SpeedFacts(tests=results(170, age=timedelta(hours=1))), MET, Why.REACHED, 170e6),
    (SpeedFacts(tests=results(170)), UNKNOWN, Why.UNDECIDED, 170e6),
    (SpeedFacts(tests=results(*[170] * 10)), MET, Why.TESTS, 170e6),
    (SpeedFacts(tests=results(100, 90, 80, 70), peak=seen(300)), BREACHED, Why.TESTS, 70e6),
    (SpeedFacts(tests=results(*[170] * 9)), UNKNOWN, Why.UNDECIDED, 170e6),
    (SpeedFacts(tests=results(100, 90, 80)), BREACHED, Why.TESTS, 80e6),
    (SpeedFacts(tests=results(100, 90)), UNKNOWN, Why.UNDECIDED, 90e6),
    (SpeedFacts(tests=results(100, 90, 80, 70, age=timedelta(days=15))), UNKNOWN, Why.NOT_MEASURED, None),
    (SpeedFacts(tests=results(100, 90, 80, is_lower_bound=True)), UNKNOWN, Why.NOT_MEASURED, None),
]


@pytest.mark.parametrize(("speed", "outcome", "why", "value"), SPEEDS)
@pytest.mark.parametrize("quality", [Quality.DOWNLOAD, Quality.UPLOAD])
def test_speed(quality: Quality, speed: SpeedFacts, outcome: Outcome, why: Why, value: float | None) -> None:
    """By the port, by what was seen, by the tests of two weeks; a test that did not fill the link accuses nobody."""
    facts = Facts(download=speed) if quality is Quality.DOWNLOAD else Facts(upload=speed)
    verdict = one(required(**{quality.value: "160Mbit/s"}), facts)
    assert (verdict.outcome, verdict.why, verdict.value) == (outcome, why, value)


def test_a_share_of_the_contract_is_required_each_way() -> None:
    """By each direction's own speed, and unknown where the inventory states none."""
    fast = SpeedFacts(peak=seen(170))
    facts = Facts(download=fast, upload=fast, contracted=SOLD)
    down, up = judge(required(contracted_share="80%", upload="180Mbit/s"), facts, NOW)
    assert (down.threshold, down.outcome, up.threshold, up.outcome) == (160e6, MET, 180e6, UNKNOWN)
    verdicts = judge(required(contracted_share="80%"), replace(facts, contracted=None), NOW)
    assert {(verdict.outcome, verdict.why, verdict.threshold) for verdict in verdicts} == {
        (UNKNOWN, Why.NO_CONTRACT, None)
    }


@dataclass(frozen=True)
class Month:
    """Availability as its own module gives it."""

    up: int
    down: int
    unknown: int

    @property
    def ratio(self) -> float | None:
        """Of the known time."""
        return self.up / (self.up + self.down) if self.up + self.down else None

    @property
    def lowest(self) -> float | None:
        """All unknown down."""
        return self.up / self.whole if self.whole else None

    @property
    def highest(self) -> float | None:
        """All unknown up."""
        return (self.up + self.unknown) / self.whole if self.whole else None

    @property
    def whole(self) -> int:
        """All of it."""
        return self.up + self.down + self.unknown


@pytest.mark.parametrize(
    ("month", "outcome", "why"),
    [
        (None, UNKNOWN, Why.NOT_MEASURED),
        (Month(0, 0, 0), UNKNOWN, Why.NOT_MEASURED),
        (Month(0, 0, 1000), UNKNOWN, Why.NOT_MEASURED),
        (Month(9990, 10, 0), MET, Why.BOUNDS),
        (Month(9980, 20, 0), BREACHED, Why.BOUNDS),
        (Month(9989, 10, 1), UNKNOWN, Why.UNDECIDED),
    ],
)
def test_availability_holds_whatever_happened_in_unknown_time(month: Month | None, outcome: Outcome, why: Why) -> None:
    """Met if even the worst case keeps it, breached if even the best does not."""
    assert told(required(availability="99.9%"), availability=month) == (outcome, why)


def test_the_evidence_of_availability_is_time() -> None:
    """Seconds and how many of them are known."""
    verdict = one(required(availability="99%"), Facts(availability=Month(60_000, 0, 40_000)))
    assert (verdict.value, verdict.window, verdict.coverage) == (1.0, 100.0, 0.6)


BEST_RTT = 0.01
RTTS = st.lists(st.floats(0.011, 0.2) | st.just(LOST) | st.just(0.011), min_size=1, max_size=320)
STRICT = required(rtt_p95="30ms", loss="5%", delay_variation_p99="60ms")


@given(RTTS, st.lists(st.tuples(st.integers(0, 319), st.floats(0, 1) | st.just(LOST)), max_size=60))
def test_a_worse_probe_never_improves_a_verdict(rtts: list[float], worse: list[tuple[int, float]]) -> None:
    """Later or lost, however many, whatever the rest: MET, UNKNOWN, BREACHED only go down.

    But for the fastest answer, from which delay variation counts.
    """
    after = list(rtts)
    for place, more in worse:
        after[place % len(after)] += more
    before, then = (judge(STRICT, Facts(window=window([BEST_RTT, *row])), NOW) for row in (rtts, after))
    for one_before, one_then in zip(before, then, strict=True):
        assert ORDER.index(one_then.outcome) <= ORDER.index(one_before.outcome)


COUNTS = st.tuples(st.integers(0, 300), st.integers(0, 3600), st.integers(0, 9000))


@given(COUNTS, COUNTS, st.sampled_from(["0.1%", "1%", "5%"]))
def test_more_loss_at_any_time_never_improves_a_verdict(
    one_row: tuple[int, int, int], other: tuple[int, int, int], loss: str
) -> None:
    """Over the window, the hour and the day."""
    better = tuple(map(min, one_row, other))
    worse = tuple(map(max, one_row, other))
    outcomes = [
        one(required(loss=loss), Facts(window=probes(bad), longer=longer(hour, day))).outcome
        for bad, hour, day in (better, worse)
    ]
    assert ORDER.index(outcomes[1]) <= ORDER.index(outcomes[0])


RATES = [50, 100, 159, 160, 200]
SPEED_TESTS = st.lists(st.tuples(st.sampled_from(RATES), st.integers(0, 8), st.booleans()), max_size=20)


@given(SPEED_TESTS, st.none() | st.sampled_from(RATES), st.none() | st.sampled_from(RATES), st.data())
def test_a_slower_speed_never_improves_a_verdict(
    rows: list[tuple[int, int, bool]], negotiated: int | None, peak: int | None, data: st.DataObject
) -> None:
    """Of a test, of the port, or of what was carried."""

    def lowered(rate: int) -> int:
        return data.draw(st.sampled_from([value for value in RATES if value <= rate]))

    slower = [(lowered(rate), age, is_bound) for rate, age, is_bound in rows]
    less = [value and lowered(value) for value in (negotiated, peak)]

    def outcome(rates: list[tuple[int, int, bool]], port: int | None, carried: int | None) -> Outcome:
        results = [SpeedTested(rate * 1e6, NOW - timedelta(days=age), bound) for rate, age, bound in rates]
        facts = SpeedFacts(port and port * 1e6, seen(carried) if carried else None, results)
        return one(required(download="160Mbit/s"), Facts(download=facts)).outcome

    worse, before = outcome(slower, less[0], less[1]), outcome(rows, negotiated, peak)
    assert ORDER.index(worse) <= ORDER.index(before)


def verdict(loss: float | None, outcome: Outcome, why: Why = Why.PROBES) -> Verdict:
    """A verdict on loss, at most 1 %."""
    return Verdict(Quality.LOSS, outcome, why, loss, 0.01, 300, 0, 300.0, 1.0, NOW)


def held(*row: Verdict, hold: float = 300.0, every: float = 100.0) -> list[tuple[Outcome, Why]]:
    """What is shown of verdicts that follow one another."""
    holder, shown = VerdictHolder(), []
    for number, each in enumerate(row):
        holder = holder.after(each, hold, number * every)
        assert holder.shown is not None
        shown.append((holder.shown.outcome, holder.shown.why))
    return shown


GOOD, NEAR, BAD = verdict(0.0, MET), verdict(0.009, MET), verdict(0.05, BREACHED)
BLIND = verdict(None, UNKNOWN, Why.NOT_MEASURED)
DIVIDED = verdict(0.003, UNKNOWN, Why.UNDECIDED)
HELD = (BREACHED, Why.HELD)


def test_a_breach_begins_at_once_and_ends_after_two_calm_windows() -> None:
    """The first calm verdict looks back one window, and the hold is another."""
    assert held(GOOD, BAD, GOOD, GOOD, GOOD, GOOD, GOOD) == [
        (MET, Why.PROBES),
        (BREACHED, Why.PROBES),
        *[HELD] * 3,
        (MET, Why.PROBES),
        (MET, Why.PROBES),
    ]


def test_a_value_near_its_limit_ends_no_breach() -> None:
    """It takes a fifth to spare, all the time."""
    assert held(BAD, NEAR, NEAR, NEAR, NEAR, NEAR)[-1] == HELD
    assert held(BAD, GOOD, GOOD, NEAR, GOOD, GOOD, GOOD)[-1] == HELD


def test_divided_evidence_ends_a_breach_where_the_value_is_good() -> None:
    """It shows what it is then: unknown, no longer breached."""
    assert held(BAD, DIVIDED, DIVIDED, DIVIDED, DIVIDED)[-2:] == [HELD, (UNKNOWN, Why.UNDECIDED)]


def test_without_evidence_a_breach_is_neither_shown_nor_over() -> None:
    """When measurements return, it takes two calm windows from there."""
    assert held(BAD, GOOD, BLIND, GOOD, GOOD, GOOD, GOOD) == [
        (BREACHED, Why.PROBES),
        HELD,
        (UNKNOWN, Why.NOT_MEASURED),
        *[HELD] * 3,
        (MET, Why.PROBES),
    ]


def test_speed_and_availability_clear_by_their_evidence() -> None:
    """They are calm when met, and not while undecided; nothing is held where the hold is 0."""
    fast = Verdict(Quality.DOWNLOAD, MET, Why.REACHED, 200e6, 160e6, 0, 0, 86_400.0, 1.0, NOW)
    slow = replace(fast, outcome=BREACHED, why=Why.TESTS)
    unsure = replace(fast, outcome=UNKNOWN, why=Why.UNDECIDED)
    assert held(slow, unsure, fast, hold=0.0) == [(BREACHED, Why.TESTS), HELD, (MET, Why.REACHED)]


def test_an_outcome_holds_since_it_began() -> None:
    """Its reason and numbers may change."""
    holder = VerdictHolder()
    for number, each in enumerate([GOOD, BAD, GOOD, BLIND]):
        later = NOW + timedelta(seconds=number)
        holder = holder.after(replace(each, since=later), 300.0, float(number))
        assert holder.shown is not None
        assert holder.shown.since == NOW + timedelta(seconds=min(number, 1) if number < 3 else 3)


@given(st.lists(st.tuples(st.sampled_from([GOOD, NEAR, DIVIDED, BAD]), st.booleans()), max_size=30))
def test_worse_verdicts_never_improve_what_is_shown(row: list[tuple[Verdict, bool]]) -> None:
    """At no time, though breaches are held."""
    before = held(*(each for each, _ in row))
    after = held(*(BAD if is_worse else each for each, is_worse in row))
    for (one_before, _), (one_after, _) in zip(before, after, strict=True):
        assert ORDER.index(one_after) <= ORDER.index(one_before)
