"""Every figure of the review against a count of cells of four seconds, on months at random."""

from collections import defaultdict
from collections.abc import Sequence
from math import exp, inf, lgamma, log
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.intervals import Interval, instant, moment
from model.inventory import Contracted
from model.state import State
from model.verdict import Outcome, Quality
from reports.monthly import MonthlyReport
from reports.sections.links import LinkRow, SiteRow
from reports.sections.outages import OutageRow
from tests.reports.cells import BEFORE, Cells, Clock, Mask, each, seconds
from tests.reports.oracle import dark_probes, near, outcome_of, ratio, version, versions
from tests.reports.random_months import STEP


def test_the_time_in_each_state_is_what_the_cells_say(links: list[tuple[LinkRow, Cells]]) -> None:
    """At all hours and inside service hours, net; the six add up to the time in which the link was there."""
    for row, cells in links:
        everywhere = np.ones_like(cells.present)
        for state in State:
            assert near(getattr(row.seconds, state.value), cells.seconds(state, everywhere))
            assert near(getattr(row.seconds_in_hours, state.value), cells.seconds(state, cells.hours))
        assert near(sum(getattr(row.seconds, state.value) for state in State), seconds(cells.present))


def test_availability_has_the_bounds_that_unknown_time_leaves(links: list[tuple[LinkRow, Cells]]) -> None:
    """Of the line and of the service, net and gross, inside service hours."""
    for row, cells in links:
        for shares, lost, net in (
            (row.line, (State.DOWN,), True),
            (row.line_gross, (State.DOWN,), False),
            (row.service, (State.DOWN, State.UNREACHABLE), True),
        ):
            up = cells.seconds(State.UP, cells.hours, net=net) + cells.seconds(State.DEGRADED, cells.hours, net=net)
            down = sum(cells.seconds(state, cells.hours, net=net) for state in lost)
            known = sum(
                cells.seconds(s, cells.hours, net=net) for s in State if s not in (State.UNKNOWN, State.MAINTENANCE)
            )
            counted = cells.hours & cells.present & ~(cells.away & net)
            unknown = seconds(counted) - known
            assert near(shares.ratio, ratio(up, up + down))
            assert near(shares.lowest, ratio(up, up + down + unknown))
            assert near(shares.highest, ratio(up + unknown, up + down + unknown))


def counted_outages(cells: Cells, lost: Sequence[State]) -> list[tuple[Mask, Mask]]:
    """Wide cells of each outage, and those of them in one stretch of presence; each stretch has its own outages."""
    found = []
    first = BEFORE // STEP
    for episode in cells.episodes(lost):
        for part in cells.parts():
            wide = np.zeros_like(episode)
            wide[first : first + len(part)] = part
            if (inside := episode & wide).any():
                found.append((episode, inside[first : first + len(part)]))
    return found


def test_outages_are_counted_where_they_begin(links: list[tuple[LinkRow, Cells]]) -> None:
    """Ten seconds make an outage, two a micro-outage; repair and failure times follow from them."""
    for row, cells in links:
        own = counted_outages(cells, [State.DOWN])
        begun = [(whole, inside) for whole, inside in own if begins_inside(whole, inside)]
        big = [seconds(inside) for whole, inside in begun if seconds(whole) >= 10]
        assert row.outages == len(big)
        assert row.micro_outages == sum(2 <= seconds(whole) < 10 for whole, _ in begun)
        assert near(row.longest_seconds, max((seconds(inside) for _, inside in own), default=None))
        assert near(row.mttr_seconds, ratio(sum(big), len(big)))
        up = row.seconds.up + row.seconds.degraded
        assert near(row.mtbf_seconds, ratio(up, len(big)))
        assert row.mtbf_at_least_seconds == pytest.approx(up / poisson_upper(len(big)), rel=1e-4)


def begins_inside(whole: Mask, inside: Mask) -> bool:
    """Whether its first cell that counts lies in that stretch of presence."""
    return int(np.flatnonzero(whole)[0]) == int(np.flatnonzero(inside)[0]) + BEFORE // STEP


def poisson_upper(count: int) -> float:
    """The mean with which so few come once in twenty times."""
    low, high = 0.0, 50.0 + 3 * count
    while high - low > 1e-9:
        middle = (low + high) / 2
        chance = sum(exp(k * log(middle) - middle - lgamma(k + 1)) for k in range(count + 1))
        low, high = (middle, high) if chance > 0.05 else (low, middle)
    return high


def test_each_outage_is_told_once_with_what_it_cost(
    month: tuple[MonthlyReport, Clock], links: list[tuple[LinkRow, Cells]]
) -> None:
    """Begin, end, seconds down in the month, in service hours and in all; and citizen-hours of its site."""
    report, clock = month
    sites = site_cells(links)
    rows = {(row.link, row.start, row.is_own): row for row in report.outages.rows}
    expected = set()
    for _, cells in links:
        own = counted_outages(cells, [State.DOWN])
        for whole, inside in own:
            if seconds(whole) >= 2:
                expected.add(told(rows, cells, whole, inside, sites, is_own=True))
        for whole, inside in counted_outages(cells, [State.DOWN, State.UNREACHABLE]):
            down = [one for _, one in own if overlaps(one, inside)]
            if seconds(whole) >= 10 and not down:
                expected.add(told(rows, cells, whole, inside, sites, is_own=False))
    assert expected == set(rows)
    assert [row.start for row in report.outages.rows] == sorted(row.start for row in report.outages.rows)
    for row in report.outages.rows:
        assert row.end <= moment(clock.month.until)


def overlaps(one: Mask, other: Mask) -> bool:
    """Whether they share a time between their ends."""
    (a, b), (c, d) = ((int(x[0]), int(x[-1])) for x in (np.flatnonzero(one), np.flatnonzero(other)))
    return a <= d and c <= b


def told(
    rows: dict[Any, OutageRow], cells: Cells, whole: Mask, inside: Mask, sites: dict[str, "SiteCells"], *, is_own: bool
) -> tuple[str, Any, bool]:
    """The key of the row that tells of an outage, once it says what the cells say."""
    places = np.flatnonzero(inside)
    key = (cells.facts.id, moment(cells.clock.at(int(places[0]))), is_own)
    row = rows[key]
    assert row.end == moment(cells.clock.at(int(places[-1]) + 1))
    assert near(row.down_seconds, seconds(inside))
    assert near(row.down_seconds_in_hours, seconds(inside & cells.hours))
    assert near(row.whole_seconds, seconds(whole))
    assert row.began_before is not begins_inside(whole, inside)
    hull = np.zeros_like(inside)
    hull[places[0] : places[-1] + 1] = True
    site = sites[cells.last.site]
    assert near(row.citizen_hours, site.citizen_hours(site.lost & hull))
    started = [c for c in cells.facts.terms if c.held is not None and c.since <= instant(row.start)]
    required = (
        version(cells, started[-1].held.requirement, instant(row.start)) if started and started[-1].held else None
    )
    limit = required.restore if required and is_own else None
    assert near(row.restore_limit_seconds, limit)
    if limit is None or seconds(whole) < 10:
        assert row.is_restored_in_time is None
    elif seconds(whole) > limit:
        assert row.is_restored_in_time is False
    else:
        assert row.is_restored_in_time is (None if row.goes_on else True)
    return key


class SiteCells:
    """A site, from the cells of its links."""

    def __init__(self, links: list[Cells]) -> None:
        self.links = links
        there = np.any([one.present for one in links], axis=0)
        passing = np.any([one.passing for one in links], axis=0)
        stopped = there & ~passing
        planned = np.all([~one.present | one.away for one in links], axis=0)
        failed = np.all([~one.present | one.away | one.dark for one in links], axis=0)
        self.hours = there & np.any([one.hours & one.present for one in links], axis=0)
        self.passing = passing
        self.cut = stopped & np.all([~one.present | one.dark for one in links], axis=0)
        self.lost_at_all = stopped & ~planned & failed
        self.lost = self.lost_at_all & self.hours
        self.unknown = stopped & ~planned & ~failed & self.hours
        self.open = self.hours & ~(stopped & planned)

    def citizen_hours(self, mask: Mask) -> float | None:
        """By the weight that the site has all month."""
        weight = self.links[0].last.citizens_per_hour
        return None if weight is None else seconds(mask) / 3_600 * weight

    def interruptions(self) -> int:
        """Times without a passing link that lost ten seconds, cost service hours, and were not going on before."""
        numbers = np.cumsum(np.diff(np.concatenate([[False], self.passing]).astype(np.int8)) == 1)
        count = 0
        for number in np.unique(numbers[self.lost_at_all]):
            mask = self.lost_at_all & (numbers == number)
            if seconds(mask) >= 10 and (mask & self.hours).any() and not self._went_on(mask):
                count += 1
        return count

    def _went_on(self, mask: Mask) -> bool:
        there = [one for one in self.links if one.present[0] and one.facts.terms[0].since < one.clock.month.span.start]
        dark = [one.wide[BEFORE // STEP - 1] in (2, 3) for one in there]
        return bool(mask[0] and there and all(dark))


def site_cells(links: list[tuple[LinkRow, Cells]]) -> dict[str, SiteCells]:
    """By id."""
    found: dict[str, list[Cells]] = defaultdict(list)
    for _, cells in links:
        found[cells.last.site].append(cells)
    return {site: SiteCells(some) for site, some in found.items()}


def test_a_site_is_lost_while_all_of_its_links_are(
    month: tuple[MonthlyReport, Clock], links: list[tuple[LinkRow, Cells]]
) -> None:
    """And what it lost weighs by the citizens it serves; a second line keeps it there."""
    report, _ = month
    sites = site_cells(links)
    assert [row.id for row in report.sites] == sorted(sites)
    for row in report.sites:
        cells = sites[row.id]
        assert near(row.open_seconds, seconds(cells.open))
        assert near(row.lost_seconds, seconds(cells.lost))
        assert near(row.unknown_seconds, seconds(cells.unknown))
        assert near(row.citizen_hours, cells.citizen_hours(cells.lost))
        assert near(row.citizen_hours_at_most, cells.citizen_hours(cells.lost | cells.unknown))
        assert row.interruptions == cells.interruptions()
    for link, one in links:
        site = sites[one.last.site]
        assert near(link.citizen_hours, site.citizen_hours(site.lost & one.dark))
    weigh(report, report.sites)


def weigh(report: MonthlyReport, sites: Sequence[SiteRow]) -> None:
    """The headline of what people lost follows from the sites."""
    loss, service = report.summary.figures.loss, report.summary.figures.service
    weighted = [row for row in sites if row.citizens_per_hour]
    weights = {row.id: row.citizens_per_hour or 0.0 for row in weighted} or {row.id: 1.0 for row in sites}
    whole = sum(weights.values())
    rows = [(row, weights[row.id]) for row in sites if row.id in weights]
    down = sum(weight * row.lost_seconds for row, weight in rows)
    up = sum(weight * (row.open_seconds - row.lost_seconds - row.unknown_seconds) for row, weight in rows)
    unknown = sum(weight * row.unknown_seconds for row, weight in rows)
    assert near(service.ratio, ratio(up, up + down))
    assert near(service.lowest, ratio(up, up + down + unknown))
    assert near(service.highest, ratio(up + unknown, up + down + unknown))
    saifi, saidi = ratio(sum(w * row.interruptions for row, w in rows), whole), ratio(down / 60, whole)
    assert near(loss.saifi, saifi)
    assert near(loss.saidi_minutes, saidi)
    assert near(loss.caidi_minutes, saidi / saifi if saifi and saidi is not None else None)
    assert near(loss.citizen_hours, sum(row.citizen_hours or 0.0 for row in sites) if weighted else None)


def test_the_availability_is_judged_by_what_held_at_each_time(links: list[tuple[LinkRow, Cells]]) -> None:
    """Of one version by its bounds; where it changed, by what all versions tolerate together; and so is the budget."""
    for row, cells in links:
        tolerated = down = unknown = up = 0.0
        targets: list[float] = []
        for mask, required in versions(cells):
            if required is None or required.availability is None:
                continue
            inside = mask & cells.hours
            u = cells.seconds(State.UP, inside) + cells.seconds(State.DEGRADED, inside)
            d = cells.seconds(State.DOWN, inside)
            known = u + d + cells.seconds(State.UNREACHABLE, inside)
            n = seconds(inside & cells.present & ~cells.away) - known
            up, down, unknown = up + u, down + d, unknown + n
            tolerated += (1 - required.availability) * (u + d + n)
            targets.append(required.availability)
        judged = {one.requirement: one for one in row.judged}
        assert (Quality.AVAILABILITY in judged) is bool(targets)
        if targets:
            outcome = Outcome.UNKNOWN
            if up + down + unknown:
                outcome = outcome_of(down, unknown, tolerated)
            assert judged[Quality.AVAILABILITY].outcome is outcome
            assert near(judged[Quality.AVAILABILITY].value, ratio(up, up + down))
            assert near(row.budget_used, ratio(down, tolerated))


def test_probes_are_those_outside_of_outages(links: list[tuple[LinkRow, Cells]]) -> None:
    """Loss, and quantiles within the error of a sketch, from the numbers themselves."""
    for row, cells in links:
        sent = lost = 0
        buckets: dict[int, int] = defaultdict(int)
        for piece in cells.facts.measured:
            left_out = dark_probes(piece, cells)
            sent, lost = sent + piece.sent - left_out, lost + piece.lost - left_out
            assert piece.rtt is not None
            for bucket, count in piece.rtt.buckets.items():
                buckets[bucket] += count
        assert row.probes == sent
        assert near(row.loss, ratio(lost, sent))
        values = sorted(1e-5 * 1.02**bucket for bucket, count in buckets.items() for _ in range(count))
        for share, found in ((0.5, row.rtt_p50), (0.95, row.rtt_p95)):
            rank = max(1, int(np.ceil(share * sent - 1e-9)))
            exact = None if not sent else values[rank - 1] if rank <= len(values) else inf
            assert found == (None if exact in (None, inf) else pytest.approx(exact, rel=0.02))


def test_traffic_and_minutes_are_sums_and_peaks(links: list[tuple[LinkRow, Cells]]) -> None:
    """What was not read is unknown, and never nothing."""
    for row, cells in links:
        pieces = cells.facts.measured
        down = [piece.download for piece in pieces if piece.download]
        up = [piece.upload for piece in pieces if piece.upload]
        assert row.octets == (sum(one.octets for one in [*down, *up]) if down or up else None)
        assert row.download_peak == max((one.peak for one in down), default=None)
        known = sum(piece.known_minutes for piece in pieces)
        assert near(row.stable_minutes, ratio(sum(piece.stable_minutes for piece in pieces), known))
        hourly = sorted(cells.facts.hourly.download)
        p95 = hourly[int(np.ceil(0.95 * len(hourly))) - 1] if hourly else None
        assert row.download_p95 == p95
        limit: Contracted | None = cells.last.contracted
        assert row.contracted_download == (limit.download if limit else None)


def test_totals_are_the_sums_of_the_rows(month: tuple[MonthlyReport, Clock]) -> None:
    """Of the first page, of the providers, of the causes, of the profiles: nothing is counted twice or left out."""
    report, _ = month
    figures, rows = report.summary.figures, report.links
    own = [row for row in report.outages.rows if row.is_own and row.kind == "outage" and not row.began_before]
    assert figures.outages == len(own) == sum(row.outages for row in rows) == sum(p.outages for p in report.providers)
    assert figures.micro_outages == sum(p.micro_outages for p in report.providers)
    assert near(figures.down_seconds, sum(p.down_seconds for p in report.providers))
    assert near(figures.mttr_seconds, ratio(sum(row.down_seconds for row in own), len(own)))
    assert figures.links.total == sum(one.links.total for one in report.summary.profiles)
    assert figures.links.met == sum(p.links.met for p in report.providers)
    told_of = [row for row in report.outages.rows if row.kind == "outage" and not row.began_before]
    assert sum(cause.outages for cause in report.outages.causes) == len(told_of)
    up = sum(row.seconds_in_hours.up + row.seconds_in_hours.degraded for row in rows)
    down = sum(row.seconds_in_hours.down for row in rows)
    assert near(figures.line.ratio, ratio(up, up + down))
    late = [row for row in own if row.is_restored_in_time is False]
    assert sum(row.restored_late for row in rows) == len(late)


def test_the_strip_of_the_worst_is_what_the_clock_on_the_wall_showed(
    month: tuple[MonthlyReport, Clock], links: list[tuple[LinkRow, Cells]]
) -> None:
    """Hour by hour; an hour that is repeated is one, one that is skipped is not there."""
    report, clock = month
    cells = {row.id: one for row, one in links}
    ranked = sorted(
        (row for row in report.links if row.seconds_in_hours.down + row.seconds_in_hours.unreachable > 0),
        key=lambda row: (
            -(row.citizen_hours or 0),
            -row.seconds_in_hours.down - row.seconds_in_hours.unreachable,
            row.id,
        ),
    )
    assert [one.link for one in report.worst] == [row.id for row in ranked[:5]]
    places = clock.by_minute((one[2].toordinal() * 24 + one[3] for one in clock.minutes), np.int64)
    first = int(places[0])
    for one in report.worst[:2]:
        book = cells[one.link]
        counted = [by_place(places - first, mask) for mask in (book.present, book.dark, book.passing)]
        for day in one.strip:
            for hour in range(24):
                at = day.day.toordinal() * 24 + hour - first
                there, lost, passing = (float(row[at]) if 0 <= at < len(row) else 0.0 for row in counted)
                assert near(day.lost[hour], ratio(lost, lost + passing))
                assert near(day.unknown[hour], ratio(there - lost - passing, there))


def by_place(places: NDArray[np.int64], mask: Mask) -> NDArray[np.float64]:
    """Seconds that a mask covers in each place."""
    return np.asarray(np.bincount(places, mask) * (STEP / 1_000), np.float64)


def test_a_service_tells_on_which_side_the_fault_was(
    month: tuple[MonthlyReport, Clock], links: list[tuple[LinkRow, Cells]]
) -> None:
    """While all links of its site are down the line is to blame, while one passes what is behind it."""
    report, clock = month
    sites, services = site_cells(links), each(clock.month.services, clock, "service")
    assert [row.id for row in report.services] == [one.facts.id for one in services]
    for row, cells in zip(report.services, services, strict=True):
        lost = cells.dark & ~cells.away & cells.hours
        site = sites.get(cells.last.site)
        line, behind = (seconds(lost & site.cut), seconds(lost & site.passing)) if site else (0.0, 0.0)
        assert near(row.fault_link_seconds, line)
        assert near(row.fault_other_seconds, behind)
        assert near(row.fault_unknown_seconds, seconds(lost) - line - behind)
        assert near(row.down_seconds, cells.seconds(State.DOWN, cells.hours))


def test_maintenance_is_told_with_what_it_excused(
    month: tuple[MonthlyReport, Clock], links: list[tuple[LinkRow, Cells]]
) -> None:
    """Each window by itself: when it was open, what it excused, how long the lines in it were down."""
    report, clock = month
    for row in report.maintenance:
        (each_one,) = [
            a for a in clock.month.announcements if a.window.id == row.id and moment(instant(a.at)) == row.announced_at
        ]
        excusing = clock.cut(clock.wide_mask([Interval(instant(s.start), instant(s.end)) for s in row.excused]))
        covered = [
            cells
            for _, cells in links
            if cells.last.site in each_one.window.sites or cells.facts.id in each_one.window.links
        ]
        assert near(row.down_seconds, sum(seconds(cells.dark & excusing) for cells in covered))
    away: dict[str, Mask] = {}
    for _, cells in links:
        away[cells.facts.id] = cells.away
    for _, cells in links:
        said = [
            Interval(instant(s.start), instant(s.end))
            for row in report.maintenance
            if cells.last.site in row.sites or cells.facts.id in row.links
            for s in row.excused
        ]
        assert (clock.cut(clock.wide_mask(said)) == away[cells.facts.id]).all()


def test_the_quality_of_data_is_told_first(
    month: tuple[MonthlyReport, Clock], links: list[tuple[LinkRow, Cells]]
) -> None:
    """What is known of the links, when the monitor was off and when it was blind."""
    report, clock = month
    quality = report.quality
    known = sum(seconds(cells.passing | cells.dark) for _, cells in links)
    whole = sum(seconds(cells.present) for _, cells in links)
    assert near(quality.known, ratio(known, whole))
    alive = clock.cut(clock.wide_mask(run.span for run in clock.month.runs))
    blind = clock.cut(clock.wide_mask(run.span for run in clock.month.runs if run.blind))
    assert near(quality.stopped_seconds, seconds(~alive))
    assert near(quality.blind_seconds, seconds(alive & blind))
    assert near(quality.monitor_seconds, seconds(alive & ~blind))
    assert quality.probes_sent == sum(piece.sent for _, cells in links for piece in cells.facts.measured)
