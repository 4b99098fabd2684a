"""What the review of laid-down months says of speeds, contracts and providers is what is true of them."""

from datetime import UTC, datetime

import pytest

from model.verdict import Outcome, Quality
from reports.sections.providers import Claim
from tests.peers.laid_months import Counted, LinkBook, count, ratio, total
from tests.peers.laid_reviews import WAYS, Reviewed, by_way, near


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
