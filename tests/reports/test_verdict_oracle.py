"""Verdicts on probes and speed, and the claims that follow, against counts by hand on months at random."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil, inf, sqrt
from statistics import fmean

import numpy as np
import pytest

from model.intervals import moment
from model.requirement import Requirement
from model.verdict import Outcome, Quality
from reports.facts import Measured, SpeedTested
from reports.monthly import MonthlyReport
from reports.sections.common import Judged
from reports.sections.links import LinkRow
from reports.sections.outages import OutageRow
from reports.sections.speed import SpeedRow, SpeedVerdict
from tests.peers.chance import judged
from tests.reports.cells import Cells, Clock, each
from tests.reports.oracle import dark_probes, near, ratio, versions
from tests.reports.random_months import STEP

WAYS = ("download", "upload")
ALLOWED = {Quality.RTT: 0.05, Quality.DELAY_VARIATION: 0.01}


def parts(cells: Cells) -> list[tuple[int, Requirement | None, int]]:
    """What was required from when on, in order, and the number of the term that says so."""
    found = []
    for mask, required in versions(cells):
        first = int(np.flatnonzero(mask)[0])
        found.append((cells.clock.at(first), required, int(cells.held[first])))
    return sorted(found, key=lambda one: one[0])


def part_at(cells: Cells, at: int) -> tuple[int, Requirement | None, int]:
    """What held at a time; before the link was there, what held first."""
    earlier = [one for one in parts(cells) if one[0] <= at]
    return earlier[-1] if earlier else parts(cells)[0]


def limit_of(required: Requirement | None, quality: Quality) -> float | None:
    """In the unit of the quality."""
    if required is None:
        return None
    return {
        Quality.RTT: required.rtt_p95,
        Quality.LOSS: required.loss,
        Quality.DELAY_VARIATION: required.delay_variation_p99,
    }[quality]


def buckets_of(piece: Measured, quality: Quality) -> Mapping[int, int]:
    """How many fell between which times: bucket b holds those above 1.02^(b-1) and up to 1.02^b hundredths of a ms."""
    sketch = piece.rtt if quality is Quality.RTT else piece.delay_variation
    assert sketch is not None
    return sketch.buckets


def beyond(quality: Quality, limit: float, piece: Measured, lost: int) -> tuple[int, int]:
    """Probes that were surely, and perhaps, slower than a limit; the lost are."""
    buckets = buckets_of(piece, quality)
    surely = sum(count for bucket, count in buckets.items() if 1e-5 * 1.02 ** (bucket - 1) >= limit)
    perhaps = sum(count for bucket, count in buckets.items() if 1e-5 * 1.02**bucket > limit)
    return surely + lost, perhaps + lost


def expected_of(quality: Quality, cells: Cells) -> tuple[Outcome, int] | None:
    """The verdict on a quality of probes and how many it rests on; ``None`` where it is not required."""
    rows = []
    for piece in cells.facts.measured:
        out = dark_probes(piece, cells)
        limit = limit_of(part_at(cells, piece.span.start)[1], quality)
        if limit is not None:
            rows.append((piece, limit, piece.sent - out, piece.lost - out))
    if not rows and limit_of(parts(cells)[-1][1], quality) is None:
        return None
    sent = sum(row[2] for row in rows)
    covered = sum(piece.covered for piece in cells.facts.measured)
    if not sent or 2 * covered < cells.present.sum() * STEP:
        return Outcome.UNKNOWN, sent
    if quality is Quality.LOSS:
        allowed = rows[0][1] if len({row[1] for row in rows}) == 1 else sum(row[1] * row[2] for row in rows) / sent
        return judged(sum(row[3] for row in rows), sent, allowed), sent
    counts = [beyond(quality, limit, piece, lost) for piece, limit, _, lost in rows]
    n = sum(sum(buckets_of(piece, quality).values()) + lost for piece, _, _, lost in rows)
    if judged(sum(perhaps for _, perhaps in counts), n, ALLOWED[quality]) is Outcome.MET:
        return Outcome.MET, n
    is_breached = judged(sum(surely for surely, _ in counts), n, ALLOWED[quality]) is Outcome.BREACHED
    return Outcome.BREACHED if is_breached else Outcome.UNKNOWN, n


def by_quality(row: LinkRow) -> Mapping[Quality, Judged]:
    """The verdicts of a link."""
    return {one.requirement: one for one in row.judged}


def test_probes_are_judged_by_what_held_when_they_were_sent(links: list[tuple[LinkRow, Cells]]) -> None:
    """Each piece of the month by its own limit, outages left out, by the binomial distribution; or nobody can tell."""
    for row, cells in links:
        found = by_quality(row)
        for quality in (Quality.RTT, Quality.LOSS, Quality.DELAY_VARIATION):
            expected = expected_of(quality, cells)
            assert (quality in found) is (expected is not None)
            if expected is not None:
                assert (found[quality].outcome, found[quality].n) == expected, (row.id, quality)
                assert found[quality].threshold is not None


def test_the_quantile_of_the_delay_variation_counts_the_lost(links: list[tuple[LinkRow, Cells]]) -> None:
    """The 99th percentile, where one lost of a hundred makes it infinite, which is told as unknown."""
    for row, cells in links:
        buckets: Counter[int] = Counter()
        lost = 0
        for piece in cells.facts.measured:
            lost += piece.lost - dark_probes(piece, cells)
            buckets.update(buckets_of(piece, Quality.DELAY_VARIATION))
        assert told(row.delay_variation_p99, buckets, lost, 0.99)


def told(found: float | None, buckets: Mapping[int, int], lost: int, share: float) -> bool:
    """Whether a figure is that quantile, as closely as a sketch knows it."""
    values = sorted(1e-5 * 1.02**bucket for bucket, count in buckets.items() for _ in range(count)) + [inf] * lost
    if not values:
        return found is None
    exact = values[max(1, ceil(share * len(values) - 1e-9)) - 1]
    return found is None if exact == inf else found == pytest.approx(exact, rel=0.02)


def test_a_service_is_as_slow_as_its_probes(month: tuple[MonthlyReport, Clock]) -> None:
    """The 95th percentile of the time until the answer, without the time in which nothing answered."""
    report, clock = month
    for row, cells in zip(report.services, each(clock.month.services, clock, "service"), strict=True):
        buckets: Counter[int] = Counter()
        lost = 0
        for piece in cells.facts.measured:
            lost += piece.lost - dark_probes(piece, cells)
            buckets.update(buckets_of(piece, Quality.RTT))
        assert told(row.rtt_p95, buckets, lost, 0.95)


class Speeds:
    """One direction of a link, from its tests."""

    def __init__(self, cells: Cells, way: str) -> None:
        self.cells, self.way = cells, way
        begin = cells.clock.month.span.start
        mine = [one for one in cells.facts.tests if one.direction == way and cells.present[(one.at - begin) // STEP]]
        self.failed = sum(one.bits_per_second is None for one in mine)
        self.tests = [(one, one.bits_per_second) for one in mine if one.bits_per_second is not None]
        self.rates = [rate for _, rate in self.tests]
        self.last = parts(cells)[-1]

    def sold(self, part: tuple[int, Requirement | None, int]) -> float | None:
        """By the contract that held."""
        held = self.cells.facts.terms[part[2]].held
        contracted = held.contracted if held else None
        return getattr(contracted, self.way) if contracted else None

    def owed(self, part: tuple[int, Requirement | None, int]) -> float | None:
        """80 % of it, where nothing else is agreed."""
        sold, required = self.sold(part), part[1]
        share = required.contracted_share if required and required.contracted_share is not None else 0.8
        return None if sold is None else sold * share

    def needed(self, part: tuple[int, Requirement | None, int]) -> float | None:
        """Whatever the contract says."""
        return getattr(part[1], self.way) if part[1] else None

    @property
    def peak(self) -> float | None:
        """The most that passed."""
        carried = (getattr(one, self.way) for one in self.cells.facts.measured)
        return max((one.peak for one in carried if one), default=None)

    def verdict(self, limits: Iterable[float | None], last: float | None) -> tuple[Outcome, str, int]:
        """By tests, each against what held when it ran; else by the most that passed."""
        pairs = [(rate, limit) for rate, limit in zip(self.rates, limits, strict=True) if limit is not None]
        slower = sum(rate < limit for rate, limit in pairs)
        if last is None:
            return Outcome.UNKNOWN, "no_contract", slower
        outcome = judged(slower, len(pairs), 0.2)
        if outcome is not Outcome.UNKNOWN:
            return outcome, "tests", slower
        if self.peak is not None and self.peak >= last:
            return Outcome.MET, "peak", slower
        return Outcome.UNKNOWN, "undecided" if pairs or self.peak is not None else "not_measured", slower

    def part(self, one: SpeedTested) -> tuple[int, Requirement | None, int]:
        """What held when a test began."""
        return part_at(self.cells, one.at)


@pytest.fixture(scope="session")
def speeds(
    month: tuple[MonthlyReport, Clock], links: list[tuple[LinkRow, Cells]]
) -> list[tuple[LinkRow, SpeedRow, Speeds]]:
    """Each direction of each link."""
    report, _ = month
    rows = {(row.link, row.direction): row for row in report.speed}
    assert len(rows) == len(report.speed) == 2 * len(links)
    return [(row, rows[row.id, way], Speeds(cells, way)) for row, cells in links for way in WAYS]


def test_speed_is_judged_by_the_tests_then_by_the_traffic(speeds: list[tuple[LinkRow, SpeedRow, Speeds]]) -> None:
    """On the contract, and on what is needed where the requirement says so."""
    for _, row, speed in speeds:
        expected = speed.verdict([speed.owed(speed.part(one)) for one, _ in speed.tests], speed.owed(speed.last))
        assert shown(row.contract) == expected, (row.link, row.direction)
        assert near(row.contract.threshold, speed.owed(speed.last))
        needed = speed.needed(speed.last)
        assert (row.need is None) is (needed is None)
        if row.need is not None:
            assert shown(row.need) == speed.verdict([speed.needed(speed.part(one)) for one, _ in speed.tests], needed)


def shown(verdict: SpeedVerdict) -> tuple[Outcome, str, int]:
    """What a verdict says."""
    return verdict.outcome, verdict.by.value, verdict.slower


def test_the_table_of_speeds_sums_up_the_tests(speeds: list[tuple[LinkRow, SpeedRow, Speeds]]) -> None:
    """Number, mean and its bounds by days, quantiles, busy and quiet hours, and how many reached 80 %."""
    for _, row, speed in speeds:
        rates, clock = speed.rates, speed.cells.clock
        assert [one.bits_per_second for one in row.tests] == rates
        assert row.failed == speed.failed
        assert near(row.mean, ratio(sum(rates), len(rates)))
        assert (row.least, row.greatest) == (min(rates, default=None), max(rates, default=None))
        for found, share in ((row.p5, 0.05), (row.p95, 0.95)):
            assert found == (sorted(rates)[max(1, ceil(share * len(rates) - 1e-9)) - 1] if rates else None)
        is_busy = [bool(speed.cells.hours[(one.at - clock.month.span.start) // STEP]) for one, _ in speed.tests]
        assert [one.is_busy for one in row.tests] == is_busy
        busy = [rate for rate, yes in zip(rates, is_busy, strict=True) if yes]
        quiet = [rate for rate, yes in zip(rates, is_busy, strict=True) if not yes]
        assert near(row.busy_mean, fmean(busy) if busy else None)
        assert near(row.quiet_mean, fmean(quiet) if quiet else None)
        pairs = [(rate, speed.sold(speed.part(one))) for one, rate in speed.tests]
        known = [rate >= 0.8 * sold for rate, sold in pairs if sold is not None]
        assert near(row.reaching, ratio(sum(known), len(known)))
        for bound, exact in zip(
            (row.mean_at_least, row.mean_at_most), bounds(days_of(speed, speed.tests)), strict=True
        ):
            assert bound == (None if exact is None else pytest.approx(exact, rel=1e-5))


def days_of(speed: Speeds, values: Iterable[tuple[SpeedTested, float]]) -> list[list[float]]:
    """What is said of each test, by the day of the ward's clock."""
    days: defaultdict[date, list[float]] = defaultdict(list)
    for one, value in values:
        days[moment(one.at).astimezone(speed.cells.clock.facts.setting.zone).date()].append(value)
    return list(days.values())


def bounds(days: Sequence[Sequence[float]]) -> tuple[float | None, float | None]:
    """Of the mean, by drawing days and not tests, each draw reckoned by itself as the month is."""
    number, n = len(days), sum(map(len, days))
    if number < 5:
        return None, None
    middle = sum(map(sum, days)) / n
    apart = np.array([sum(day) - len(day) * middle for day in days])
    error = sqrt(number / (number - 1) * (apart**2).sum()) / n
    if not error:
        return middle, middle
    drawn = random.Random(number).choices(range(number), k=999 * number)  # noqa: S311  # as the definition has it
    found = apart[np.array(drawn).reshape(999, number)]
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = found.mean(axis=1) / (found.std(axis=1, ddof=1) / sqrt(number))
    alike = np.array([len(set(row)) == 1 for row in found.tolist()])
    scores[alike] = np.sign(found.sum(axis=1)[alike]) * inf
    low, high = np.sort(scores)[[49, 949]]
    return middle - high * error, middle - low * error


def test_the_mean_is_held_to_the_contract_by_its_bounds(speeds: list[tuple[LinkRow, SpeedRow, Speeds]]) -> None:
    """Of a contract that changed, by how far each test was from what held when it ran."""
    told = set()
    for _, row, speed in speeds:
        owed = [(one, rate, speed.owed(speed.part(one))) for one, rate in speed.tests]
        least, most = bounds(days_of(speed, ((one, rate - limit) for one, rate, limit in owed if limit is not None)))
        expected = Outcome.UNKNOWN
        if least is not None and most is not None:
            expected = Outcome.MET if least >= 0 else Outcome.BREACHED if most < 0 else expected
        assert row.by_mean is expected, (row.link, row.direction)
        told.add(expected)
    assert Outcome.UNKNOWN in told


def test_a_requirement_on_speed_is_met_if_contract_and_need_are(
    speeds: list[tuple[LinkRow, SpeedRow, Speeds]],
) -> None:
    """By the last requirement of the month: one breach is enough; and it tells the higher limit."""
    for link, row, speed in speeds:
        required = speed.last[1]
        share = required.contracted_share if required else None
        found = by_quality(link).get(Quality(speed.way))
        needed, owed = speed.needed(speed.last), speed.owed(speed.last)
        if needed is None and share is None:
            assert found is None
            continue
        assert found is not None
        asked = [row.contract.outcome] if share is not None else []
        asked += [row.need.outcome] if row.need else []
        expected = Outcome.MET if set(asked) == {Outcome.MET} else Outcome.UNKNOWN
        assert found.outcome is (Outcome.BREACHED if Outcome.BREACHED in asked else expected)
        limits = [one for one in (needed, owed if share is not None else None) if one is not None]
        assert near(found.threshold, max(limits, default=None))
        assert found.n == len(speed.rates)
        slow = sorted(speed.rates, reverse=True)
        reached = slow[max(1, ceil(0.8 * len(slow) - 1e-9)) - 1] if slow else speed.peak
        assert found.value == reached


def test_a_claim_is_made_for_each_breach_and_for_nothing_else(month: tuple[MonthlyReport, Clock]) -> None:
    """With circuit, limit, measurement, and the outages that prove it, in order; a provider's claims are its lines'."""
    report, _ = month
    expected: dict[tuple[str, ...], tuple[object, ...]] = {}
    for row in report.links:
        own = [one for one in report.outages.rows if one.link == row.id and one.is_own]
        expected |= {(row.provider, *key): value for key, value in claims_of(row, own, report.speed).items()}
    found = {
        (provider.name, claim.link, claim.kind.value): (
            claim.circuit,
            claim.site,
            claim.required,
            claim.measured,
            claim.n,
            claim.down_seconds,
            claim.outages,
        )
        for provider in report.providers
        for claim in provider.claims
    }
    assert found == expected


def claims_of(
    row: LinkRow, own: Sequence[OutageRow], speed: Sequence[SpeedRow]
) -> dict[tuple[str, str], tuple[object, ...]]:
    """By link and kind."""
    who = (row.circuit, row.site)
    found: dict[tuple[str, str], tuple[object, ...]] = {}
    for one in row.judged:
        if one.outcome is Outcome.BREACHED and one.requirement is Quality.AVAILABILITY:
            proof = tuple(each.id for each in own if each.down_seconds_in_hours > 0)
            down = row.seconds_in_hours.down
            found[row.id, "availability"] = (*who, one.threshold, row.line.ratio, row.outages, down, proof)
        elif one.outcome is Outcome.BREACHED and one.requirement in {*ALLOWED, Quality.LOSS}:
            found[row.id, one.requirement.value] = (*who, one.threshold, one.value, one.n, None, ())
    late = [each for each in own if is_late(each)]
    if late:
        longest = max(each.whole_seconds for each in late)
        names = tuple(each.id for each in late)
        found[row.id, "restore"] = (*who, late[-1].restore_limit_seconds, longest, len(late), None, names)
    for one_way in speed:
        if one_way.link == row.id and one_way.contract.outcome is Outcome.BREACHED:
            limit, n = one_way.contract.threshold, len(one_way.tests)
            found[row.id, one_way.direction] = (*who, limit, one_way.mean, n, None, ())
    return found


def is_late(row: OutageRow) -> bool:
    """An outage of ten seconds or more, begun in the month, that lasted longer than was agreed."""
    limit = row.restore_limit_seconds
    return row.kind == "outage" and not row.began_before and limit is not None and row.whole_seconds > limit


def test_a_provider_is_told_what_its_lines_delivered(month: tuple[MonthlyReport, Clock]) -> None:
    """Repairs in time, speeds, citizen-hours, repeat offenders and one verdict, from the rows of its lines."""
    report, _ = month
    for provider in report.providers:
        rows = [row for row in report.links if row.provider == provider.name]
        ids = {row.id for row in rows}
        own = [one for one in report.outages.rows if one.link in ids and one.is_own]
        timed = [one for one in own if one.kind == "outage" and not one.began_before]
        known = [one.is_restored_in_time for one in timed if one.is_restored_in_time is not None]
        assert near(provider.restored_in_time, ratio(sum(known), len(known)))
        contracts = [one.contract for one in report.speed if one.link in ids and one.contract.threshold is not None]
        assert provider.speed.met == sum(one.outcome is Outcome.MET for one in contracts)
        assert provider.speed.total == len(contracts)
        hours = [one.citizen_hours for one in own if one.citizen_hours is not None]
        assert near(provider.citizen_hours, sum(hours) if hours else None)
        often = [row.id for row in rows if row.outages >= 3]
        assert [one.link for one in provider.repeaters] == often
        verdicts = {row.verdict for row in rows} - {None}
        expected = Outcome.MET if verdicts == {Outcome.MET} else Outcome.UNKNOWN if verdicts else None
        assert provider.outcome is (Outcome.BREACHED if provider.claims else expected)
