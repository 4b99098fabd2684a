"""The review of months that were laid down says what is true of them, counted second by second."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from model.verdict import Quality
from reports.sections.others import Action
from reports.sections.outages import Cause
from reports.sections.trend import Prospect
from tests.peers.laid_months import Counted, LinkBook, count, ranked, ratio
from tests.peers.laid_reviews import WAYS, Laid, Reviewed, by_way, made, near


def test_each_link_was_up_and_down_as_long_as_it_was(month: Reviewed) -> None:
    """All seconds of each state, in the month and in service hours, and the availability that follows."""
    assert [row.id for row in month.report.links] == [book.link.id for book in month.book.links]
    for place, book in month.links():
        row = month.report.links[place]
        inside, whole = book.states(book.hours), book.states(book.present)
        for state in inside:
            assert getattr(row.seconds_in_hours, state) == inside[state], (row.id, state)
            assert getattr(row.seconds, state) == whole[state], (row.id, state)
        up, down, unknown = inside["up"], inside["down"], inside["unknown"]
        near(row.line.ratio, ratio(up, up + down))
        near(row.line.lowest, ratio(up, up + down + unknown))
        near(row.line.highest, ratio(up + unknown, up + down + unknown))
        near(row.service.ratio, ratio(up, up + down + inside["unreachable"]))


def test_a_month_stands_beside_the_next_as_it_stood_by_itself(laid: Laid) -> None:
    """Every headline figure, how soon incidents were taken on among them; and what it recommended is followed up.

    The later review looks back one month less beyond it, so that a row of failing months may be that much shorter.
    """
    for earlier, later in pairwise(one.report for one in laid.months):
        assert earlier.summary.figures.mtta_seconds is not None
        assert later.summary.before == earlier.summary.figures
        assert [one.before for one in later.follow_up] == [
            replace(one, value=5.0) if one.action is Action.REPAIR and one.value == 6 else one
            for one in earlier.recommendations
        ]


def test_outages_are_counted_and_repaired_as_they_were(month: Reviewed) -> None:
    """How many, how short, the longest, and the mean time to repair; and of the ward together."""
    repaired = []
    for place, book in month.links():
        row, begun = month.report.links[place], book.failures
        assert row.outages == len(begun), row.id
        own = [one for one in book.counted if one.one.is_own]
        assert row.micro_outages == sum(2 <= one.whole < 10 and book.begins(one) for one in own)
        near(row.longest_seconds, max((count(one.inside) for one in own), default=None))
        near(row.mttr_seconds, ratio(sum(count(one.inside) for one in begun), len(begun)))
        repaired += [count(one.inside) for one in begun]
    figures = month.report.summary.figures
    assert figures.outages == len(repaired)
    near(figures.mttr_seconds, ratio(sum(repaired), len(repaired)))
    waited = month.book.waited()
    near(figures.mtta_seconds, ratio(sum(waited), len(waited)))


def told(month: Reviewed) -> dict[tuple[str, datetime], tuple[LinkBook, Counted]]:
    """The outages that the review must tell of."""
    first = datetime.fromtimestamp(month.book.calendar.first, UTC)
    return {
        (book.link.id, max(one.start, first)): (book, one)
        for book in month.book.links
        for one in book.counted
        if one.whole >= (2 if one.one.is_own else 10)
    }


def test_each_outage_is_told_with_its_cause_and_its_cost(month: Reviewed) -> None:
    """Cause by evidence, by what people wrote, or unknown; who took it on; what it cost its site."""
    expected = told(month)
    rows = {(row.link, row.start): row for row in month.report.outages.rows}
    assert rows.keys() == expected.keys()
    for key, row in rows.items():
        book, one = expected[key]
        assert row.cause is one.cause, key
        assert row.is_own is one.one.is_own
        assert row.down_seconds == count(one.inside)
        assert row.down_seconds_in_hours == count(one.inside & book.hours)
        assert row.whole_seconds == one.whole
        assert row.began_before is not book.begins(one)
        site = month.book.sites[book.site.id]
        around = month.book.calendar.between(one.start, one.one.end)
        near(row.citizen_hours, site.citizen_hours(site.lost & around))
        if one.whole >= 10:
            assert row.acknowledge_seconds == one.one.taken_after
            assert (row.ticket, row.note) == (one.one.ticket, one.one.note)


def test_causes_add_up(month: Reviewed) -> None:
    """By cause: outages that began, their seconds, what they cost."""
    found = {row.cause: row for row in month.report.outages.causes}
    by_cause: dict[Cause, list[int]] = {}
    for book, one in told(month).values():
        if one.whole >= 10 and book.begins(one):
            by_cause.setdefault(one.cause, []).append(count(one.inside))
    assert {cause: (row.outages, row.down_seconds) for cause, row in found.items()} == {
        cause: (len(seconds), sum(seconds)) for cause, seconds in by_cause.items()
    }


def test_what_people_lost_weighs_by_how_many_come(month: Reviewed) -> None:
    """Citizen-hours of each site, interruptions, and the three figures of the first page."""
    weighted = interrupted = lost = 0.0
    assert [row.id for row in month.report.sites] == sorted(month.book.sites)
    for row in month.report.sites:
        site = month.book.sites[row.id]
        assert row.open_seconds == count(site.open)
        assert row.lost_seconds == count(site.lost)
        assert row.unknown_seconds == count(site.unknown)
        assert row.interruptions == site.interruptions()
        near(row.citizen_hours, site.citizen_hours(site.lost))
        near(row.citizen_hours_at_most, site.citizen_hours(site.lost | site.unknown))
        weighted += site.site.citizens_per_hour
        interrupted += site.interruptions() * site.site.citizens_per_hour
        lost += site.citizen_hours(site.lost)
    loss = month.report.summary.figures.loss
    near(loss.citizen_hours, lost)
    near(loss.saifi, interrupted / weighted)
    near(loss.saidi_minutes, lost * 60 / weighted)
    near(loss.caidi_minutes, lost * 60 / interrupted if interrupted else None)


def test_probes_are_judged_as_chance_would_have_it(month: Reviewed, laid: Laid) -> None:
    """Round-trip time, loss and delay variation without outages: figures, and verdicts by the binomial distribution."""
    for place, book in month.links():
        row, known, (sent, lost) = month.report.links[place], book.known, book.probes()
        assert row.probes == sent
        near(row.loss, ratio(lost, sent))
        for found, values, share in (
            (row.rtt_p50, known.times, 0.5),
            (row.rtt_p95, known.times, 0.95),
            (row.delay_variation_p99, known.waits, 0.99),
        ):
            exact = ranked(values, share, sent)
            assert found == (exact if exact is None or exact == 0 else pytest.approx(exact, rel=0.011, abs=1e-5))
        required = laid.inventory.requirement_of(book.link)
        assert required is not None
        assert required.rtt_p95 is not None
        assert required.loss is not None
        assert required.delay_variation_p99 is not None
        judged = {one.requirement: one.outcome for one in row.judged}
        assert judged[Quality.RTT] in book.times(known.times, required.rtt_p95, 0.05), row.id
        assert judged[Quality.LOSS] in book.loss(required.loss), row.id
        assert judged[Quality.DELAY_VARIATION] in book.times(known.waits, required.delay_variation_p99, 0.01), row.id
        assert judged[Quality.AVAILABILITY] is book.availability(required), row.id


def test_what_is_known_is_told(month: Reviewed) -> None:
    """When the monitor was off or blind, how many probes and tests there were, how many hours are stored."""
    quality, past, calendar = month.report.quality, month.book.calendar.truth.past, month.book.calendar
    for is_blind, found in ((False, quality.stopped_seconds), (True, quality.blind_seconds)):
        assert found == sum(
            count(calendar.between(one.start, one.end)) for one in past.pauses if one.is_blind is is_blind
        )
    known = [book.known for book in month.book.links]
    assert quality.probes_sent == sum(one.sent for one in known)
    assert quality.probes_lost == sum(one.lost for one in known)
    assert quality.tests_run + quality.tests_failed == sum(len(one.tests) for one in known)
    assert quality.hours_stored == max(len(one.download) for one in known)
    assert [one.sent for one in known] == [book.measured() for book in month.book.links]
    seen = sum(count(book.seen) for book in month.book.links)
    near(quality.known, seen / sum(count(book.present) for book in month.book.links))


def test_services_fail_on_the_side_of_the_line_where_they_did(month: Reviewed) -> None:
    """Behind a line that was cut the line is to blame, else what is behind it."""
    calendar, past = month.book.calendar, month.book.calendar.truth.past
    for row in month.report.services:
        site = month.book.sites[row.site]
        hours = calendar.hours(site.site.service_hours)
        failed = calendar.covered((one.start, one.end) for one in past.faults if one.service == row.id)
        whole = [one for book in site.books for one in book.outages]
        cut = calendar.covered((one.start, one.end) for one in whole) & site.cut
        assert row.fault_other_seconds == count(failed & hours)
        assert row.down_seconds == count(failed & hours)
        assert row.fault_link_seconds == count(cut & hours)
        assert row.fault_unknown_seconds == 0


def test_the_parts_of_the_cast_are_recognised(laid: Laid) -> None:
    """Slow, losing, getting worse, filling up, added late: the review finds each, and says so of no month too early."""
    expected = {(link, month, quality): outcome for link, month, quality, outcome in laid.truth.expected()}
    for month in laid.months[:-1]:
        name, speeds = month.report.period.name, by_way(month)
        for row in month.report.links:
            found = {one.requirement: one.outcome for one in row.judged}
            found |= {Quality(way): speeds[row.id, way].contract.outcome for way in WAYS}
            wanted = {q: outcome for (link, at, q), outcome in expected.items() if (link, at) == (row.id, name)}
            assert {quality: found[quality] for quality in wanted} == wanted, row.id
    last, cast = laid.months[1].report, laid.truth.past.cast
    prospects = {row.link: row.prospect for row in last.capacity if row.direction == "download"}
    assert prospects[cast.growing] is Prospect.EXPECTED
    assert prospects[cast.young] is Prospect.INSUFFICIENT
    (worse,) = [one.links for one in last.providers if one.name == cast.worsening]
    assert worse.breached == worse.total


def test_the_story_holds_what_makes_accounting_hard(laid: Laid) -> None:
    """Work that overran, was announced late, overlapped; unknown time; an outage over the end of a month."""
    past = laid.truth.past
    causes = {one.cause for one in past.outages}
    assert causes >= {
        Cause.PLANNED,
        Cause.POWER,
        Cause.EQUIPMENT,
        Cause.PROVIDER,
        Cause.PARENT,
        Cause.LINE,
        Cause.SESSION,
    }
    assert {one.is_blind for one in past.pauses} == {True, False}
    assert any(work.announced_at > work.start for work in past.works)
    assert any(
        one.link == other.link and one is not other and one.end > other.start >= one.start
        for one in past.works
        for other in past.works
    )
    edges = [month.interval.end for month in past.months]
    assert any(one.interval.start < edge < one.interval.end for one in past.outages for edge in edges)
    assert all(one.seconds > 0 for one in past.outages)


def test_the_same_seed_gives_the_same_months(tmp_path: Path) -> None:
    """And a review of them the same JSON, byte for byte: the hash says so; no two months are alike."""
    hashes = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        hashes.append([one.report.provenance for one in asyncio.run(made(folder, 2, 1)).months])
    assert hashes[0] == hashes[1]
    assert len({one.data_hash for one in hashes[0]}) == len(hashes[0])
