"""The review of months that were laid down says what is true of them, counted second by second."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from history.guest import Guest
from model.inventory import Inventory
from model.verdict import Outcome, Quality
from monitor.config import load
from monitor.demo.ground import grounds
from monitor.demo.inventory import inventory_text
from monitor.demo.months.laying import lay_down
from monitor.demo.months.truth import MonthsTruth
from monitor.demo.ward import plan_ward
from monitor.reporting import reviews
from monitor.review_asked import Asked
from reports.monthly import MonthlyReport
from reports.sections.outages import Cause
from reports.sections.providers import Claim
from reports.sections.speed import SpeedRow
from reports.sections.trend import Prospect
from tests.peers.laid_months import Counted, LinkBook, MonthBook, count, ranked, ratio, total

SITES = int(os.environ.get("LINKWARD_SITES", "15"))
SEED = int(os.environ.get("LINKWARD_SEED", "1"))
"""A ward of 41 sites and twenty seeds were tried, each in a minute."""
NOW = datetime(2026, 11, 24, 3, 30, 17, tzinfo=UTC)
MONTHS = 6
MONITOR = "demo"


@dataclass(frozen=True)
class Reviewed:
    """A month beside its review."""

    report: MonthlyReport
    book: MonthBook

    def links(self) -> Iterator[tuple[int, LinkBook]]:
        """Each link by its place in the table of links."""
        return enumerate(self.book.links)


@dataclass(frozen=True)
class Laid:
    """Months that were laid down."""

    truth: MonthsTruth
    inventory: Inventory
    months: tuple[Reviewed, ...]


async def made(folder: Path, sites: int, months: int) -> Laid:
    """Lay down months, and review the last two and this one."""
    ward = plan_ward(next(grounds(many_addresses=True)), sites, SEED)
    (folder / "ca.pem").touch()
    (folder / "ward.yml").write_text(inventory_text(ward, folder), encoding="utf-8")
    inventory = load(folder / "ward.yml")
    truth = await lay_down(folder / "linkward.db", ward, inventory, months, NOW, MONITOR)
    store = Guest(f"sqlite:///{folder / 'linkward.db'}", MONITOR)
    await store.start()
    found = []
    for month in truth.past.months[-3:]:
        async for report in reviews(store, inventory, Asked(month.name), NOW):
            assert isinstance(report, MonthlyReport)
            found.append(Reviewed(report, MonthBook(truth, inventory, month)))
    await store.close()
    return Laid(truth, inventory, tuple(found))


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Laid:
    """Half a year, and its last months reviewed."""
    return asyncio.run(made(tmp_path_factory.mktemp("laid"), SITES, MONTHS))


@pytest.fixture(params=[0, 1, 2], ids=["before-last", "last", "so-far"])
def month(laid: Laid, request: pytest.FixtureRequest) -> Reviewed:
    """One of the months, the last of which is not over."""
    chosen: Reviewed = laid.months[request.param]
    return chosen


def near(found: float | None, expected: float | None) -> None:
    """Equal, but for the last digits."""
    assert found == (expected if expected is None else pytest.approx(expected, rel=1e-9, abs=1e-9))


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


def by_way(month: Reviewed) -> dict[tuple[str, str], SpeedRow]:
    """The table of speeds."""
    return {(row.link, row.direction): row for row in month.report.speed}


def test_speeds_are_those_of_the_tests(month: Reviewed) -> None:
    """Mean, extremes, failures, what was sold, and the verdict on the contract."""
    rows = by_way(month)
    for _, book in month.links():
        for way, name in enumerate(("download", "upload")):
            row = rows[book.link.id, name]
            tests = [one for one in book.known.tests if one.direction == name]
            rates = [one.bits_per_second for one in tests if one.bits_per_second is not None]
            assert [one.bits_per_second for one in row.tests] == rates
            assert row.failed == len(tests) - len(rates)
            near(row.mean, ratio(sum(rates), len(rates)))
            assert (row.least, row.greatest) == (min(rates, default=None), max(rates, default=None))
            assert (row.contract.outcome, row.contract.slower) == book.speed(way), (book.link.id, name)
            assert row.contracted == book.sold(datetime.fromtimestamp(book.calendar.last - 1, UTC))[way]


def test_traffic_is_what_passed(month: Reviewed) -> None:
    """Bytes, peaks, the 95th percentile of the hours, stable minutes."""
    for place, book in month.links():
        row, known = month.report.links[place], book.known
        assert row.octets == sum(known.octets)
        near(row.download_peak, known.peaks[0])
        near(row.stable_minutes, ratio(known.stable, known.known))
        rank = -(-95 * len(known.download) // 100)
        assert row.download_p95 == pytest.approx(sorted(known.download)[rank - 1], rel=1e-6)
        assert row.upload_p95 == pytest.approx(sorted(known.upload)[rank - 1], rel=1e-6)


def test_a_link_kept_its_requirement_if_all_of_it_was_kept(month: Reviewed) -> None:
    """Breached by one part, or by one repair that took too long; unknown only where nothing is breached."""
    rows = by_way(month)
    for place, book in month.links():
        row = month.report.links[place]
        outcomes = {one.outcome for one in row.judged} | {rows[row.id, way].contract.outcome for way in WAYS}
        is_late = any(one.whole > (14_400 if book.site.kind == "office" else 86_400) for one in book.failures)
        expected = Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.MET
        assert row.verdict is (Outcome.BREACHED if is_late or Outcome.BREACHED in outcomes else expected)


WAYS = ("download", "upload")


def test_a_claim_is_made_for_all_that_was_breached_and_for_nothing_else(month: Reviewed) -> None:
    """Each with what was required, what was measured, and the outages that prove it."""
    expected: dict[tuple[str, str], Claim] = {}
    for place, book in month.links():
        row = month.report.links[place]
        for one in row.judged:
            if one.outcome is Outcome.BREACHED and one.requirement.value not in WAYS:
                is_time = one.requirement is Quality.AVAILABILITY
                proof = [each for each in book.counted if each.one.is_own and each.whole >= 2] if is_time else []
                in_hours = [each for each in proof if count(each.inside & book.hours)]
                expected[row.id, one.requirement.value] = claim(
                    row.id, month, one.threshold, one.value, one.n, down(book) if is_time else None, in_hours
                )
        for way, name in enumerate(WAYS):
            if book.speed(way)[0] is Outcome.BREACHED:
                speed = by_way(month)[row.id, name]
                limit = 0.8 * book.sold(datetime.fromtimestamp(book.calendar.last - 1, UTC))[way]
                expected[row.id, name] = claim(row.id, month, limit, speed.mean, len(speed.tests), None, [])
        limit = 14_400.0 if book.site.kind == "office" else 86_400.0
        late = [one for one in book.failures if one.whole > limit]
        if late:
            longest = float(max(one.whole for one in late))
            expected[row.id, "restore"] = claim(row.id, month, limit, longest, len(late), None, late)
    found = {(one.link, one.kind.value): one for provider in month.report.providers for one in provider.claims}
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        assert shown(found[key]) == shown(wanted)


def down(book: LinkBook) -> float:
    """In service hours."""
    return float(book.states(book.hours)["down"])


def claim(  # noqa: PLR0917  # the figures of one claim
    link: str,
    month: Reviewed,
    required: float | None,
    measured: float | None,
    n: int,
    down_seconds: float | None,
    proof: list[Counted],
) -> Claim:
    """What must be claimed."""
    first = datetime.fromtimestamp(month.book.calendar.first, UTC)
    names = tuple(f"{link}@{max(one.start, first):%Y-%m-%dT%H:%M:%SZ}" for one in proof)
    row = next(one for one in month.report.links if one.id == link)
    assert required is not None
    return Claim(link, row.circuit, row.site, "rtt", required, measured, n, down_seconds, names)  # type: ignore[arg-type]  # its kind is the key


def shown(one: Claim) -> tuple[object, ...]:
    """What a claim says beside its kind."""
    figures = [None if each is None else f"{each:.9g}" for each in (one.required, one.measured, one.down_seconds)]
    return one.link, one.circuit, one.site, *figures, one.n, one.outages


def test_each_provider_is_told_what_its_lines_did(month: Reviewed) -> None:
    """Links met, outages, mean time to repair, share repaired in time, availability of all its lines together."""
    for row in month.report.providers:
        books = [book for book in month.book.links if book.link.provider == row.name]
        links = [one for one in month.report.links if one.provider == row.name]
        begun = [(one, book) for book in books for one in book.failures]
        assert row.links.met == sum(one.verdict is Outcome.MET for one in links)
        assert row.links.breached == sum(one.verdict is Outcome.BREACHED for one in links)
        assert (row.links_in_all, row.outages) == (len(books), len(begun))
        near(row.mttr_seconds, ratio(sum(count(one.inside) for one, _ in begun), len(begun)))
        inside = total(book.states(book.hours) for book in books)
        near(row.line.ratio, ratio(inside["up"], inside["up"] + inside["down"]))
        limits = [one.whole <= (14_400 if book.site.kind == "office" else 86_400) for one, book in begun]
        near(row.restored_in_time, ratio(sum(limits), len(limits)))


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
