"""What a review says about causes, claims, room and what to do: of small months that can be read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from model.alerting import MaintenanceWindow
from model.incident import AlertName, Attachment, Entry, Fault, Incident, Severity
from model.intervals import Interval, instant, moment
from model.inventory import Contracted
from model.maintenance import Announcement
from model.periods import Periods
from model.requirement import Requirement
from model.sketch import Sketch
from model.state import State
from model.transition import Transition
from model.verdict import Outcome
from reports.facts import (
    Carried,
    DeviceFacts,
    Facts,
    Held,
    HourlyMeans,
    Measured,
    MonthFacts,
    Run,
    Setting,
    SpeedTested,
    SubjectFacts,
    Term,
)
from reports.json import sealed, to_json
from reports.monthly import MonthlyReport, Scope
from reports.review import review
from reports.sections.others import Action, Progress
from reports.sections.outages import Cause, OutageRow
from reports.sections.trend import Direction, Measure, Prospect

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PERIODS = Periods(ZONE)
OCTOBER = PERIODS.named("2026-10")
START = moment(OCTOBER.interval.start)
CONTRACT = Contracted.model_validate({"download": 1e8, "upload": 1e8})
REQUIRED = Requirement.model_validate({"availability": "99.9%", "restore": "1h", "contracted_share": "80%"})


def at(hours: float, start: datetime = START) -> datetime:
    """So many hours after midnight of the 1st."""
    return start + timedelta(hours=hours)


def outage(subject: str, first: float, last: float, start: datetime = START, noun: str = "link") -> list[Transition]:
    """Down between two hours."""
    key = (noun, subject)
    return [
        Transition(key, State.UP, State.DOWN, at(first, start), 0.5, at(first, start) + timedelta(seconds=4)),  # type: ignore[arg-type]  # a noun
        Transition(key, State.DOWN, State.UP, at(last, start), 0.5, at(last, start)),  # type: ignore[arg-type]  # as above
    ]


def line(name: str, *changes: Transition, start: datetime = START, **more: object) -> SubjectFacts:
    """A line that is up but for these changes."""
    held = Held(
        site=str(more.pop("site", name.partition("-")[0])),
        citizens_per_hour=60.0,
        requirement=REQUIRED,
        profile="office",
        provider=str(more.pop("provider", "VNPT")),
        circuit="HN-1",
        contracted=CONTRACT,
    )
    up = Transition(("link", name), State.UNKNOWN, State.UP, at(-1, start), 0.0, at(-1, start))
    terms = (Term(instant(at(-1, start)), held),)
    return SubjectFacts(name, terms, [up, *changes], **more)  # type: ignore[arg-type]  # whatever a test gives


def month(*links: SubjectFacts, name: str = "2026-10", **more: object) -> MonthFacts:
    """A month in which the monitor ran all the time."""
    period = PERIODS.named(name)
    runs = [Run(Interval(period.interval.start - 7_200_000, period.interval.end))]
    return MonthFacts(period, period.interval.end, links=links, runs=runs, **more)  # type: ignore[arg-type]  # as above


def made(*months: MonthFacts) -> MonthlyReport:
    """The review."""
    return review(Facts(Setting(Scope("ward", "Ward", ZONE.key), ZONE), months))


def causes(rows: Sequence[OutageRow]) -> list[Cause]:
    """Of rows."""
    return [row.cause for row in rows]


def test_all_devices_of_a_dark_site_speak_for_power() -> None:
    """One that went on answering speaks against it; the device of the line alone speaks for itself."""
    down = outage("a-1", 9, 10)
    devices = [DeviceFacts(name, "a", outage(name, 9.005, 10, noun="device")) for name in ("rt", "sw")]
    lonely = [devices[0], DeviceFacts("sw", "a")]
    assert causes(made(month(line("a-1", *down), devices=devices)).outages.rows) == [Cause.POWER]
    assert causes(made(month(line("a-1", *down), devices=lonely)).outages.rows) == [Cause.UNKNOWN]
    report = made(month(line("a-1", *down, device="rt"), devices=lonely))
    assert causes(report.outages.rows) == [Cause.EQUIPMENT]
    (sign,) = report.outages.rows[0].signs
    assert (sign.kind, sign.about) == ("device_silent", "rt")


def test_three_sites_of_one_provider_within_a_minute_are_its_area() -> None:
    """Two are not, nor are three within three minutes, nor lines of several providers."""
    near = [line(f"{site}-1", *outage(f"{site}-1", 9 + place / 240, 10)) for place, site in enumerate("abc")]
    far = [line(f"{site}-1", *outage(f"{site}-1", 9 + place / 30, 10)) for place, site in enumerate("abc")]
    mixed = [*near[:2], line("c-1", *outage("c-1", 9.008, 10), provider="FPT")]
    assert causes(made(month(*near)).outages.rows) == [Cause.PROVIDER] * 3
    for links in (near[:2], far, mixed):
        assert set(causes(made(month(*links)).outages.rows)) == {Cause.UNKNOWN}


@pytest.mark.parametrize(("status", "cause"), [("down", Cause.LINE), ("up", Cause.SESSION), (None, Cause.UNKNOWN)])
def test_the_port_tells_line_from_session(status: str | None, cause: Cause) -> None:
    """As it was read because of the incident."""
    down = outage("a-1", 9, 10)
    fault = Fault(AlertName.LINK_DOWN, ("link", "a-1"), down[0].at, down[0].noticed_at, Severity.CRITICAL)
    ports = [{"link": "a-1", "end": "near", "fresh": {"operational": status}}]
    seen = Attachment("interfaces", ("link", "a-1"), down[0].at, {"ports": ports})
    incident = Incident(
        "i", "ward", down[0].at, down[0].noticed_at, down[0].at, (Entry(fault, down[1].at),), attachments=(seen,)
    )
    report = made(month(line("a-1", *down), incidents=[incident]))
    assert causes(report.outages.rows) == [cause]
    assert report.outages.rows[0].incident == "i"
    assert report.outages.rows[0].detect_seconds == 4


def test_work_that_was_announced_too_late_is_still_the_cause() -> None:
    """It excuses nothing, and what was taken back before is no cause."""
    window = MaintenanceWindow.model_validate({"id": "w", "links": ["a-1"], "from": at(8), "to": at(11)})
    late = Announcement(window, at(8.5))
    report = made(month(line("a-1", *outage("a-1", 9, 10)), announcements=[late]))
    assert causes(report.outages.rows) == [Cause.PLANNED]
    assert report.links[0].seconds.down == 3600
    back = replace(late, withdrawn_at=at(8.7))
    assert causes(made(month(line("a-1", *outage("a-1", 9, 10)), announcements=[back])).outages.rows) == [Cause.UNKNOWN]


def test_a_claim_has_what_it_needs() -> None:
    """Circuit, requirement, measurement, and the outages that prove it; it is recommended, and for decision."""
    report = made(month(line("a-1", *outage("a-1", 9, 12), *outage("a-1", 30, 30.5))))
    (provider,) = report.providers
    assert [(claim.kind.value, claim.n, len(claim.outages)) for claim in provider.claims] == [
        ("availability", 2, 2),
        ("restore", 1, 1),
    ]
    assert provider.claims[0].down_seconds == 3.5 * 3600
    assert provider.restored_in_time == 0.5
    assert provider.outcome is Outcome.BREACHED
    first, second, *_ = report.recommendations
    assert {first.id, second.id} == {"claim/VNPT", "second_line/a"}
    assert first.citizen_hours == 60 * 3.5
    assert report.summary.decisions[:2] == (first.id, second.id)
    assert first.due == moment(PERIODS.named("2026-11").interval.end)


def test_a_second_line_saves_the_site() -> None:
    """The same outage costs nobody anything, and no second line is recommended."""
    report = made(month(line("a-1", *outage("a-1", 9, 12)), line("a-2")))
    assert report.sites[0].lost_seconds == 0
    assert report.outages.rows[0].citizen_hours == 0
    assert Action.SECOND_LINE not in {one.action for one in report.recommendations}


def test_slow_tests_prove_a_slow_line() -> None:
    """Forty of forty below 80 % of the contract: breached, claimed, and recommended."""
    tests = [SpeedTested("download", instant(at(18 * number)), 5e7) for number in range(40)]
    report = made(month(line("a-1", tests=tests)))
    down, up = report.speed
    assert (down.contract.outcome, down.contract.slower, down.reaching) == (Outcome.BREACHED, 40, 0.0)
    assert up.contract.outcome is Outcome.UNKNOWN
    assert [claim.kind.value for claim in report.providers[0].claims] == ["download"]
    assert {"speed/a-1", "test", "claim/VNPT"} <= {one.id for one in report.recommendations}


def test_traffic_that_reached_the_contract_proves_it() -> None:
    """Without a single test."""
    span = OCTOBER.interval
    measured = [Measured(span, download=Carried(10**12, 9e7), upload=Carried(10**12, 1e7))]
    down, up = made(month(line("a-1", measured=measured))).speed
    assert (down.contract.outcome, down.contract.by) == (Outcome.MET, "peak")
    assert (up.contract.outcome, up.contract.by) == (Outcome.UNKNOWN, "undecided")


def test_what_was_lost_on_a_day_without_any_answer_is_lost() -> None:
    """No delay is kept where nothing came back: that leaves the others as they are, and counts as beyond the limit."""
    required = Requirement.model_validate({"delay_variation_p99": "30ms", "changes": [{"from": "2026-10-20"}]})
    days = [
        Interval(OCTOBER.interval.start + day * 86_400_000, OCTOBER.interval.start + (day + 1) * 86_400_000)
        for day in range(31)
    ]
    kept = Sketch.of([0.001] * 100)
    well = [Measured(day, 100, 0, rtt=kept, delay_variation=kept, covered=day.length) for day in days[:30]]
    silent = Measured(days[30], 100, 100, rtt=Sketch.of([float("inf")] * 100), covered=days[30].length)
    given = line("a-1", measured=[*well, silent])
    held = given.terms[0].held
    assert held is not None
    report = made(month(replace(given, terms=(replace(given.terms[0], held=replace(held, requirement=required)),))))
    (judged,) = report.links[0].judged
    assert (judged.outcome, judged.value, judged.n) == (Outcome.BREACHED, None, 3_100)


def growing(shares: Sequence[float | None]) -> MonthlyReport:
    """Months whose busy hours carried these shares of the contract, the last in October."""
    period, names = OCTOBER, [OCTOBER.name]
    for _ in shares[1:]:
        period = PERIODS.before(period)
        names.insert(0, period.name)
    months = []
    for name, share in zip(names, shares, strict=True):
        begin = moment(PERIODS.named(name).interval.start)
        rates = () if share is None else (share * 1e8,) * 100
        months.append(month(line("a-1", start=begin, hourly=HourlyMeans(rates, ())), name=name))
    return made(*months)


@pytest.mark.parametrize(
    ("shares", "prospect", "when"),
    [
        ((0.3, 0.4, 0.5, 0.6), Prospect.EXPECTED, "2026-12"),
        ((0.50, 0.51, 0.52, 0.53, 0.54, 0.55), Prospect.EXPECTED, "2028-11"),
        ((0.1, 0.1001, 0.1002), Prospect.FAR, None),
        ((0.5, 0.4, 0.3), Prospect.NOT_GROWING, None),
        ((0.3, 0.9), Prospect.FULL, None),
        ((0.3, 0.4), Prospect.INSUFFICIENT, None),
        ((0.3, 0.4, 0.5, None), Prospect.NOT_MEASURED, None),
    ],
)
def test_room_is_told_with_the_month_in_which_it_ends(
    shares: Sequence[float | None], prospect: Prospect, when: str | None
) -> None:
    """From three months on; a line that is full, that does not grow or is not measured says so."""
    down, up = growing(shares).capacity
    assert (down.prospect, down.month) == (prospect, when)
    assert up.prospect is Prospect.NOT_MEASURED
    if when is not None:
        assert down.earliest is not None
        assert down.earliest <= when


def test_a_trend_is_called_one_when_chance_will_not_do() -> None:
    """Six months that rise throughout; of four nothing is said."""
    rows = {row.measure: row for row in growing((0.1, 0.2, 0.3, 0.4, 0.5, 0.6)).trend.rows}
    assert rows[Measure.UTILIZATION].direction is Direction.RISING
    assert rows[Measure.UTILIZATION].slope == pytest.approx(0.1)
    assert rows[Measure.OUTAGES].direction is Direction.NO_TREND
    short = {row.measure: row for row in growing((0.1, 0.2, 0.3, 0.4)).trend.rows}
    assert short[Measure.UTILIZATION].direction is Direction.INSUFFICIENT
    assert short[Measure.UTILIZATION].values == (None, None, 0.1, 0.2, 0.3, 0.4)


def test_a_line_that_fails_two_months_in_a_row_is_followed_up() -> None:
    """As a repeat offender; and last month's advice says what became of it."""
    september = moment(PERIODS.named("2026-09").interval.start)
    before = month(line("a-1", *outage("a-1", 9, 15, september), start=september), name="2026-09")
    report = made(before, month(line("a-1", *outage("a-1", 9, 12))))
    assert [(one.link, one.months_failing) for one in report.providers[0].repeaters] == [("a-1", 2)]
    progress = {one.before.id: one.progress for one in report.follow_up}
    assert progress["claim/VNPT"] is Progress.BETTER
    assert progress["test"] is Progress.SAME
    well = made(before, month(line("a-1")))
    assert {one.before.id: one.progress for one in well.follow_up}["claim/VNPT"] is Progress.GONE
    blind = made(before, replace(month(line("a-1")), runs=()))
    assert {one.progress for one in blind.follow_up} == {Progress.CANNOT_TELL}


def test_a_ward_without_anything_has_a_review_without_figures() -> None:
    """No link, no site, no log: everything is None or empty, and nothing breaks."""
    report = made(month())
    figures = report.summary.figures
    assert (figures.service.ratio, figures.line.ratio, figures.mttr_seconds, figures.loss.saifi) == (None,) * 4
    assert figures.links.total == figures.outages == 0
    assert report.quality.known is None
    assert report.recommendations == ()
    assert to_json(sealed(report, "", "")) == to_json(sealed(made(month()), "", ""))


def test_a_review_of_one_provider_shows_its_lines_and_their_sites() -> None:
    """What people had at a site is still told by all of its lines."""
    links = (line("a-1", *outage("a-1", 9, 10)), line("a-2", provider="FPT"), line("b-1", provider="FPT"))
    scope = Scope("ward", "Ward", ZONE.key, provider="VNPT")
    report = review(Facts(Setting(scope, ZONE), (month(*links),)))
    assert [row.id for row in report.links] == ["a-1"]
    assert [row.id for row in report.sites] == ["a"]
    assert report.sites[0].lost_seconds == 0
    assert [provider.name for provider in report.providers] == ["VNPT"]
    assert report.summary.figures.outages == len(report.outages.rows) == 1


def test_what_a_speed_test_did_not_prove_accuses_nobody() -> None:
    """A test that did not fill the link counts where it reached the limit; one that was not run is no failure."""
    hours = range(0, 720, 18)
    slow = [SpeedTested("download", instant(at(hour)), 5e7, is_lower_bound=True) for hour in hours]
    fast = [SpeedTested("download", instant(at(hour)), 3e8, is_lower_bound=True) for hour in hours]
    skipped = [SpeedTested("download", instant(at(hour)), None, skip="busy") for hour in list(hours)[:3]]
    outcomes = []
    for tests in (slow, fast):
        row, _ = made(month(line("a-1", tests=[*tests, *skipped]))).speed
        assert (row.failed, row.skipped, row.lower_bounds, row.mean_at_most) == (0, (("busy", 3),), 40, None)
        outcomes.append(row.contract.outcome)
    assert outcomes == [Outcome.UNKNOWN, Outcome.MET]
