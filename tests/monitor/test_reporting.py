"""The review from a real history: of one line whose month is known to the second, and of all that may be amiss."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from history.facts import Fact, Heartbeat, IncidentRecord, SpeedTest
from history.rollup import RollingHour, RollupBlock, Span, Traffic
from history.store import Store
from model.incident import Acknowledgement, AlertName, Entry, Fault, Incident, Severity
from model.inventory import Inventory
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.state import State
from model.transition import Transition
from model.verdict import Outcome, Quality
from monitor.annotations import annotated
from monitor.config import load_values
from monitor.past import news
from monitor.reporting import reviews
from monitor.review_asked import Asked, NothingStoredError, ReviewError
from monitor.terms import news_of, terms_of
from reports.facts import Annotation
from reports.json import to_json
from reports.monthly import CityReport, MonthlyReport
from reports.sections.outages import Cause, SaidBy
from reports.sections.trend import Measure
from tests.peers.facts import opened

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, tzinfo=UTC)
BEGAN = datetime(2026, 9, 29, tzinfo=UTC)
HOUR = timedelta(hours=1)

EXAMPLE = (  # docs/availability.md
    ("2026-09-30 12:00:00", State.UNKNOWN, State.UP),
    ("2026-10-06 09:00:00", State.UP, State.DOWN),
    ("2026-10-06 09:06:00", State.DOWN, State.UP),
    ("2026-10-11 02:10:00", State.UP, State.DOWN),
    ("2026-10-11 03:05:00", State.DOWN, State.UP),
    ("2026-10-14 14:00:00", State.UP, State.DOWN),
    ("2026-10-14 14:00:06", State.DOWN, State.UP),
    ("2026-10-15 10:04:01", State.UNKNOWN, State.UP),
    ("2026-10-16 08:00:00", State.UP, State.UNREACHABLE),
    ("2026-10-16 08:30:00", State.UNREACHABLE, State.UP),
    ("2026-10-19 15:00:00", State.UP, State.DEGRADED),
    ("2026-10-19 16:00:00", State.DEGRADED, State.UP),
    ("2026-10-31 23:59:55", State.UP, State.DOWN),
    ("2026-11-01 00:01:00", State.DOWN, State.UP),
)


def local(text: str) -> datetime:
    """A time in Hanoi."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI).astimezone(UTC)


def link(id_: str, **more: Any) -> dict[str, Any]:
    """A line."""
    own = {"provider": "VNPT", "circuit": "HN-0123", "requirement": "office", "target": "icmp://192.0.2.1"}
    return {"id": id_, "contracted": {"download": "300Mbit/s", "upload": "300Mbit/s"}, **own, **more}


def inventory(*links: dict[str, Any], **more: Any) -> Inventory:
    """One site with these lines."""
    site = {
        "id": "office",
        "name": "Trụ sở",
        "citizens_per_hour": 120,
        "service_hours": ["Mon-Fri 07:30-11:30", "Mon-Fri 13:30-17:00"],
        "links": list(links),
    }
    return load_values({
        "ward": {"id": "xuan-dinh", "name": "Xuân Đỉnh", "timezone": HANOI.key},
        "requirements": {"office": {"availability": "99.9%", "restore": "4m", "loss": "1%"}},
        "sites": [site],
        "maintenance": [{"id": "weekly", "links": ["office-vnpt"], "every": "Sun 02:00-03:00", "reason": "fibre"}],
        **more,
    })


OFFICE = inventory(link("office-vnpt"))


def happened(name: str = "office-vnpt") -> list[Fact]:
    """The example's log of one line."""
    return [Transition(("link", name), before, after, local(at), 0.5, local(at)) for at, before, after in EXAMPLE]


def standing(what: Inventory, since: datetime = BEGAN) -> list[Fact]:
    """What held since then, what was announced, and a monitor that ran but for four minutes."""
    announced = {one.id: Announcement(one, since) for one in what.maintenance}
    stopped, again = local("2026-10-15 10:00:00"), local("2026-10-15 10:04:00")
    return [
        *news_of({}, terms_of(what), since),
        *news({}, announced, since),
        Heartbeat(BEGAN, stopped),
        Heartbeat(again, datetime(2026, 11, 3, tzinfo=UTC)),
    ]


def hours(first: datetime, number: int, *links: str) -> list[RollupBlock]:
    """Hours of a ward, in each of which 8 of 10 probes came back."""
    found = []
    for start in (first + place * HOUR for place in range(number)):
        rolling = [RollingHour(("link", name), start) for name in links]
        for one in rolling:
            for probe in range(8):
                one.answered(0.010 + probe / 1_000, probe / 1_000)
            one.unanswered()
            one.unanswered(late=True)
            one.carried(Traffic(45_000_000 * (1 + start.hour), 2.5e8), None)
            one.minute(stable=True)
            one.measured(HOUR)
        blocks = tuple(one.rollup(start + HOUR) for one in rolling)
        found.append(RollupBlock("xuan-dinh", Span.HOUR, start, start + HOUR, blocks))
    return found


def taken_on(name: str, began: datetime, wait: float) -> Incident:
    """An incident of the line, told after five seconds, over after six minutes, taken on so long after it was told."""
    fault = Fault(AlertName.LINK_DOWN, ("link", "office-vnpt"), began, began + timedelta(seconds=4), Severity.CRITICAL)
    opened_at, over = began + timedelta(seconds=5), began + timedelta(minutes=6)
    return Incident(
        name,
        "xuan-dinh",
        began,
        opened_at,
        began,
        (Entry(fault, over),),
        closed_at=over,
        acknowledged=Acknowledgement("an", opened_at + timedelta(seconds=wait)),
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An empty history."""
    async with opened(f"sqlite:///{tmp_path}/linkward.db") as known:
        yield known


async def reviewed(store: Store, what: Inventory = OFFICE, asked: Asked | None = None) -> MonthlyReport:
    """The one review that there is."""
    (one,) = [report async for report in reviews(store, what, asked or Asked("2026-10"), NOW)]
    assert isinstance(one, MonthlyReport)
    return one


async def test_the_month_of_the_documentation_is_told_to_the_second(store: Store) -> None:
    """The example that anyone can recompute by hand, from the log to the verdict, the claim and what people lost."""
    await store.record(*standing(OFFICE), *happened())
    report = await reviewed(store)
    (row,) = report.links
    inside, net = row.seconds_in_hours, row.seconds
    assert (inside.up, inside.degraded, inside.down, inside.unreachable, inside.unknown) == (
        587993,
        3600,
        366,
        1800,
        241,
    )
    assert (net.down, net.maintenance) == (671, 14400)
    assert row.line.ratio == pytest.approx(0.999382, abs=1e-6)
    assert row.line.lowest == pytest.approx(0.998975, abs=1e-6)
    assert row.service.ratio == pytest.approx(0.996352, abs=1e-6)
    assert (row.outages, row.micro_outages) == (3, 1)
    assert row.mttr_seconds == pytest.approx(221.667, abs=1e-3)
    assert [one.outcome for one in row.judged if one.requirement is Quality.AVAILABILITY] == [Outcome.UNKNOWN]
    assert row.restored_late == 2  # six minutes and five, of four
    assert row.verdict is Outcome.BREACHED
    assert (row.profile, row.site_name) == ("office", "Trụ sở")
    (site,) = report.sites
    assert (site.lost_seconds, site.interruptions) == (366 + 1800, 2)
    assert site.citizen_hours == pytest.approx((366 + 1800) / 3600 * 120)
    (provider,) = report.providers
    (claim,) = provider.claims
    assert (claim.kind, claim.n, claim.measured) == ("restore", 2, 360)
    assert [one.cause for one in report.outages.rows] == ["unknown", "planned", "unknown", "parent", "unknown"]
    assert report.maintenance[0].overrun_seconds == 300
    assert report.quality.stopped_seconds == 240


async def test_an_outage_over_the_end_of_the_month_is_counted_once(store: Store) -> None:
    """October has it, with its five seconds; November has its other sixty, and does not count it."""
    await store.record(*standing(OFFICE), *happened())
    october, november = await reviewed(store), await reviewed(store, asked=Asked("2026-11"))
    last, first = october.outages.rows[-1], november.outages.rows[0]
    assert (last.down_seconds, last.whole_seconds, last.began_before, last.goes_on) == (5, 65, False, True)
    assert (first.down_seconds, first.whole_seconds, first.began_before) == (60, 65, True)
    assert november.links[0].outages == 0
    assert november.period.until == NOW
    assert not november.period.is_over
    assert november.summary.before == october.summary.figures


async def test_folded_or_not_the_figures_are_the_same(store: Store) -> None:
    """Byte for byte, whether the history holds hours, days or the month."""
    first = local("2026-10-01 00:00:00")
    await store.record(*standing(OFFICE), *happened(), *hours(first, 48, "office-vnpt"))
    by_hours = to_json(await reviewed(store))
    await store.fold("xuan-dinh", Span.DAY, first, first + 24 * HOUR)
    assert to_json(await reviewed(store)) == by_hours
    await store.fold("xuan-dinh", Span.MONTH, first, local("2026-11-01 00:00:00"))
    report = await reviewed(store)
    assert to_json(report) == by_hours
    (row,) = report.links
    assert row.probes == 480
    assert row.loss == 0.2
    assert row.rtt_p50 == pytest.approx(0.014, rel=0.01)
    assert row.rtt_p95 is None  # among the lost
    assert row.download_p95 == pytest.approx(45_000_000 * 8 / 3600 * 23)
    assert row.upload_p95 is None
    assert report.quality.hours_stored == 48
    assert report.quality.hours_expected == 744


async def test_what_held_at_each_time_decides(store: Store) -> None:
    """A line that was removed is judged for the days it was there, one that was renamed bears its last name."""
    later, gone = local("2026-10-10 00:00:00"), local("2026-10-20 00:00:00")
    both = inventory(link("office-vnpt"), link("office-fpt", provider="FPT", name="Old"))
    renamed = inventory(link("office-vnpt"), link("office-fpt", provider="FPT", name="New"))
    alone = inventory(link("office-vnpt"))
    await store.record(
        *standing(alone),
        *news_of(terms_of(alone), terms_of(both), later),
        *news_of(terms_of(both), terms_of(renamed), later + HOUR),
        *news_of(terms_of(renamed), terms_of(alone), gone),
        *happened(),
        *happened("office-fpt"),
    )
    report = await reviewed(store, alone)
    fpt, vnpt = report.links
    assert (fpt.id, fpt.name, vnpt.id) == ("office-fpt", "New", "office-vnpt")
    assert [(one.start, one.end) for one in fpt.present] == [(later, gone)]
    assert sum(getattr(fpt.seconds, state.value) for state in State) == (gone - later).total_seconds()
    assert [name for name, _ in report.method.changes] == ["office-fpt", "office-fpt", "office-fpt"]
    assert {provider.name for provider in report.providers} == {"FPT", "VNPT"}


async def test_a_limit_that_changed_within_the_month_judges_its_own_days(store: Store) -> None:
    """Of the days before only what was required then is asked, and the months before stay as they were."""
    first = local("2026-10-01 00:00:00")
    change = {"availability": "99.9%", "loss": "50%", "changes": [{"from": "2026-10-02", "loss": None}]}
    mild = inventory(link("office-vnpt", requirement=change))
    blocks = hours(first, 24 * 20, "office-vnpt")
    await store.record(*standing(mild), *happened(), *blocks)
    await store.fold("xuan-dinh", Span.MONTH, first, local("2026-11-01 00:00:00"))
    report = await reviewed(store, mild)
    (judged,) = [one for one in report.links[0].judged if one.requirement is Quality.LOSS]
    assert judged.n == 240
    assert judged.outcome is Outcome.MET
    assert len(report.links[0].required) == 2


async def test_people_say_more_than_the_evidence(store: Store) -> None:
    """An incident's cause and ticket are those of its outages; an outage's own go before; the last word holds."""
    incident = taken_on("office-vnpt-1", local("2026-10-06 09:00:00"), 60)
    await store.record(*standing(OFFICE), *happened(), IncidentRecord(incident))
    await store.record(annotated("office-vnpt-1", "an", NOW, Annotation(Cause.POWER, "T-1")))
    await store.record(annotated("office-vnpt-1", "an", NOW + HOUR, Annotation(Cause.LINE)))
    report = await reviewed(store)
    row = report.outages.rows[0]
    assert (row.incident, row.cause, row.said_by, row.ticket) == ("office-vnpt-1", Cause.LINE, SaidBy.PERSON, "T-1")
    assert (row.acknowledged_by, row.acknowledge_seconds) == ("an", 60)
    assert report.summary.figures.mtta_seconds == 60
    await store.record(annotated(row.id, "an", NOW, Annotation(Cause.EQUIPMENT)))
    assert (await reviewed(store)).outages.rows[0].cause is Cause.EQUIPMENT


async def test_an_incident_of_the_last_seconds_is_in_the_review_of_its_month(store: Store) -> None:
    """It was opened when the month was over; one that began in the next month is in that one's review."""
    link: SubjectKey = ("link", "office-vnpt")
    begun, over = local("2026-10-31 23:59:58"), local("2026-11-01 00:05:58")
    again = over + timedelta(minutes=10)
    await store.record(
        *standing(OFFICE),
        Transition(link, State.UNKNOWN, State.UP, BEGAN, 0.5, BEGAN),
        *(Transition(link, State.UP, State.DOWN, at, 0.5, at + timedelta(seconds=4)) for at in (begun, again)),
        Transition(link, State.DOWN, State.UP, over, 0.5, over),
        *(IncidentRecord(taken_on(name, at, 60)) for name, at in (("first", begun), ("second", again))),
    )
    october, november = await reviewed(store), await reviewed(store, asked=Asked("2026-11"))
    assert [row.incident for row in october.outages.rows] == ["first"]
    assert october.summary.figures.mtta_seconds == 60
    assert [row.incident for row in november.outages.rows] == ["first", "second"]


async def test_how_soon_people_took_things_on_stands_beside_the_month_before(store: Store) -> None:
    """Each month's own review says it, and the next one's says the same of it."""
    incident = taken_on("office-vnpt-1", local("2026-10-06 09:00:00"), 60)
    await store.record(*standing(OFFICE), *happened(), IncidentRecord(incident))
    october, november = await reviewed(store), await reviewed(store, asked=Asked("2026-11"))
    assert october.summary.figures.mtta_seconds == 60
    assert november.summary.before == october.summary.figures
    assert [one.before for one in november.follow_up] == list(october.recommendations)


async def test_speed_is_proved_or_not(store: Store) -> None:
    """Forty tests that reach the contract prove it; a direction without any test is not measured."""
    tests = [
        SpeedTest("office-vnpt", "download", local(f"2026-10-{day:02} {hour}:00:00"), 5.0, 10**8, 2.9e8)
        for day in range(1, 21)
        for hour in ("03", "14")
    ]
    await store.record(*standing(OFFICE), *happened(), *tests)
    down, up = (await reviewed(store)).speed
    assert (down.contract.outcome, down.contract.by, down.contract.threshold) == (Outcome.MET, "tests", 2.4e8)
    assert (down.mean, down.busy_mean, down.quiet_mean) == (2.9e8, 2.9e8, 2.9e8)
    assert (up.contract.outcome, up.contract.by, up.mean) == (Outcome.UNKNOWN, "not_measured", None)
    assert down.need is None


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked("2026-13"), "is not a month"),
        (Asked("next"), "is not a month"),
        (Asked("2027-01"), "has not begun"),
        (Asked("2026-10", sites=("nowhere",)), "there is no site 'nowhere'"),
        (Asked("2026-10", provider="Nobody"), "there is no provider 'Nobody'"),
        (Asked("2026-10", monitor="other"), "there is no monitor 'other'"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(store: Store, asked: Asked, words: str) -> None:
    """Before anything is written."""
    await store.record(*standing(OFFICE))
    with pytest.raises(ReviewError, match=words):
        await reviewed(store, asked=asked)


async def test_a_month_of_which_nothing_is_stored_is_no_review(store: Store) -> None:
    """Neither a month of zeros nor one of hundreds; and the history says how far it reaches."""
    with pytest.raises(NothingStoredError, match="nothing is stored of 2026-10"):
        await reviewed(store)
    await store.record(*standing(OFFICE))
    with pytest.raises(NothingStoredError, match="reaches from 2026-09 to 2026-11"):
        await reviewed(store, asked=Asked("2026-03"))


async def test_without_a_log_everything_is_unknown(store: Store) -> None:
    """The monitor ran, and what it saw is not there: no figure is made up."""
    await store.record(*standing(OFFICE))
    report = await reviewed(store)
    (row,) = report.links
    assert (row.line.ratio, row.line.lowest, row.line.highest) == (None, 0.0, 1.0)
    assert (row.rtt_p50, row.loss, row.stable_minutes, row.mttr_seconds, row.octets) == (None,) * 5
    assert report.quality.known == 0.0
    assert report.quality.is_low
    assert {one.outcome for one in row.judged} == {Outcome.UNKNOWN}
    assert report.summary.figures.service.ratio is None


async def test_several_monitors_must_be_told_apart(tmp_path: Path) -> None:
    """The heartbeats of one say nothing about what another saw."""
    url = f"sqlite:///{tmp_path}/shared.db"
    for name in ("north", "south"):
        async with opened(url, name) as store:
            await store.record(*standing(OFFICE))
    async with opened(url, "west") as store:
        with pytest.raises(ReviewError, match="several monitors"):
            await reviewed(store)
        assert (await reviewed(store, asked=Asked("2026-10", monitor="north"))).links


async def test_a_city_is_reviewed_ward_by_ward(store: Store) -> None:
    """Each ward by itself, narrowed where that is asked, and all of them together at last."""
    sites = [
        {
            "id": f"{ward}-office",
            "ward": ward,
            "citizens_per_hour": 10,
            "links": [link(f"{ward}-line", requirement=None)],
        }
        for ward in ("one", "two")
    ]
    city = load_values({
        "wards": [{"id": "one", "timezone": HANOI.key}, {"id": "two", "timezone": HANOI.key}],
        "sites": sites,
    })
    await store.record(*standing(city), *happened("one-line"), *happened("two-line"))
    *wards, whole = [report async for report in reviews(store, city, Asked("2026-10"), NOW)]
    assert [report.scope.ward for report in wards] == ["one", "two"]
    assert isinstance(whole, CityReport)
    assert whole.summary.figures.outages == 6
    assert [row.data_hash for row in whole.wards] == [report.provenance.data_hash for report in wards]
    (alone,) = [report async for report in reviews(store, city, Asked("2026-10", sites=("two-office",)), NOW)]
    assert isinstance(alone, MonthlyReport)
    assert [row.id for row in alone.links] == ["two-line"]


async def test_the_months_before_are_reckoned_by_the_same_facts(store: Store) -> None:
    """The trend's values are the figures of those months' own reviews, and advice is followed up."""
    log = happened()
    earlier = [
        replace(one, at=one.at - timedelta(days=30), noticed_at=one.noticed_at - timedelta(days=30))
        for one in log
        if isinstance(one, Transition) and one.at > local("2026-10-02 00:00:00")
    ]
    begin = Transition(("link", "office-vnpt"), State.UNKNOWN, State.UP, BEGAN, 0.5, BEGAN)
    early = BEGAN - timedelta(days=31)
    await store.record(Heartbeat(early, BEGAN), *standing(OFFICE, early), *log, *earlier[:6], begin)
    september, october = await reviewed(store, asked=Asked("2026-09")), await reviewed(store)
    assert october.trend.months == ("2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10")
    values = {row.measure: row.values for row in october.trend.rows}
    assert values[Measure.SERVICE][4] == september.summary.figures.service.ratio
    assert values[Measure.OUTAGES][3:] == (0, september.summary.figures.outages, 3)
    assert [one.before for one in october.follow_up] == list(september.recommendations)
