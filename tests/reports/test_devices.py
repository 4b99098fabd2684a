"""What a review says of devices, ports and certificates: against a count by cells, and at the edges of a month."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from model.incident import About, AlertName, Attachment, Entry, Fault, Incident, Severity
from model.intervals import moment
from model.state import State
from model.transition import Transition
from reports.document import document_of
from reports.document.blocks import Paragraph, Table
from reports.facts import DeviceFacts, Facts, Setting
from reports.html import to_html
from reports.monthly import MonthlyReport, Scope
from reports.review import review
from reports.sections.others import DeviceHealth, Trouble
from reports.sections.outages import Cause
from tests.model.test_availability_oracle import Story, painted
from tests.peers.reports import ward
from tests.peers.reports_devices import count, states_of, told_cells
from tests.reports.cells import CODES, Clock, _minus
from tests.reports.oracle import near
from tests.reports.random_months import STEP
from tests.reports.test_review import OCTOBER, START, ZONE, at, line, made, month, outage

END = moment(OCTOBER.interval.end)


def told(
    since: datetime,
    ended: datetime | None,
    about: About = ("device", "ups"),
    name: AlertName = AlertName.DEVICE_UNHEALTHY,
) -> Incident:
    """An incident of one fault."""
    requirement = "on_battery" if name is AlertName.DEVICE_UNHEALTHY else ""
    fault = Fault(name, about, since, since, Severity.WARNING, requirement)
    return Incident("i", "ward", since, since, since, (Entry(fault, ended),), closed_at=ended)


def troubles(*incidents: Incident) -> tuple[Trouble, ...]:
    """Of the one row that they make."""
    rows = made(month(line("a-1"), incidents=incidents)).devices.rows
    assert len(rows) <= 1
    return rows[0].troubles if rows else ()


def test_what_devices_were_in_is_what_the_cells_say(month: tuple[MonthlyReport, Clock]) -> None:
    """Times down, seconds, the longest and the unknown share of each device, and who has no row."""
    report, clock = month
    rows = {row.id: row for row in report.devices.rows if row.noun == "device"}
    runs, blind = clock.month.runs, [run.span for run in clock.month.runs if run.blind]
    alive = [part for run in runs if not run.blind for part in _minus(run.span, blind)]
    watched = 0
    for device in clock.month.devices:
        cells = clock.cut(painted(Story(list(device.log), alive, []), clock.begin, clock.steps, STEP))
        down, known = states_of(cells, CODES)
        found, row = count(down, clock.month.span.start, STEP), rows.get(device.id)
        watched += bool(known.any())
        assert (row is not None) or not found.times
        if row is not None and known.any():
            assert row.outages == found.times
            assert near(row.down_seconds, found.whole / 1_000)
            assert near(row.longest_seconds, found.longest / 1_000 if found.times else None)
            assert near(row.unknown, 1 - known.mean())
    assert report.devices.watched == (watched if report.devices.reason == "" else None)


def test_what_was_told_is_what_the_cells_say(month: tuple[MonthlyReport, Clock]) -> None:
    """How often, first, last, how long, unseen and whether it goes on: of devices, ports and certificates."""
    report, clock = month
    cells = told_cells(clock.month, STEP)
    shown = {(row.noun, row.id, one.what): one for row in report.devices.rows for one in row.troubles}
    assert shown.keys() == cells.keys()
    blind = [run.span for run in clock.month.runs if run.blind]
    alive = [part for run in clock.month.runs if not run.blind for part in _minus(run.span, blind)]
    unseen = ~clock.cut(clock.wide_mask(alive))
    for key, one in shown.items():
        found = count(cells[key][:-1], clock.month.span.start, STEP)
        assert found.first is not None
        assert found.last is not None
        assert (one.times, one.first, one.last) == (found.times, moment(found.first), moment(found.last))
        assert near(one.seconds, found.whole / 1_000)
        assert near(one.unseen_seconds, float(np.sum(unseen & cells[key][:-1])) * STEP / 1_000)
        assert one.goes_on == bool(cells[key][-2] and cells[key][-1])
    batteries = [one.times for (_, _, what), one in shown.items() if what == "on_battery"]
    assert report.devices.on_battery == (sum(batteries) or None)
    whom = {name for noun, name, _ in cells if noun == "device"}
    fallen = {row.id for row in report.devices.rows if row.noun == "device" and row.outages}
    assert report.devices.troubled == (len(whom | fallen) if report.devices.reason == "" else None)


@pytest.mark.parametrize(
    ("since", "ended", "seconds", "goes_on"),
    [
        (START - timedelta(hours=2), START, None, False),
        (START - timedelta(hours=2), START + timedelta(hours=1), 3_600, False),
        (END - timedelta(hours=1), END, 3_600, False),
        (END - timedelta(hours=1), END + timedelta(hours=5), 3_600, True),
        (END - timedelta(hours=1), None, 3_600, True),
        (END, None, None, False),
    ],
)
def test_a_trouble_is_cut_at_the_edges_of_the_month(
    since: datetime, ended: datetime | None, seconds: float | None, *, goes_on: bool
) -> None:
    """The begin is part of the month and the end is not; what ends with it does not go on."""
    found = troubles(told(since, ended))
    assert [(one.seconds, one.goes_on) for one in found] == ([] if seconds is None else [(seconds, goes_on)])


def test_the_same_told_by_two_incidents_counts_once() -> None:
    """One that was merged into another tells of the same time."""
    (one,) = troubles(told(at(5), at(7)), told(at(6), at(8)), told(at(20), at(21)))
    assert (one.times, one.seconds, one.first, one.last) == (2, 4 * 3_600, at(5), at(21))


def test_time_that_nobody_saw_is_said() -> None:
    """Whether something lasted while the monitor was off is not known."""
    facts = month(line("a-1"), incidents=[told(at(5), at(7))])
    found = made(replace(facts, runs=[])).devices.rows[0].troubles[0]
    assert (found.seconds, found.unseen_seconds) == (7_200, 7_200)


def test_a_month_without_devices_says_that_nothing_is_stored() -> None:
    """In place of noughts."""
    assert made(month(line("a-1"))).devices == DeviceHealth()
    unlogged = month(line("a-1"), unlogged=[DeviceFacts("sw", "a")])
    assert made(unlogged).devices == DeviceHealth()


def test_a_device_without_a_log_is_unknown() -> None:
    """It is named, it is not among those that are watched, and what was told of it has no nought beside it."""
    rt = DeviceFacts("rt", "a", outage("rt", 9, 10, noun="device"))
    facts = month(line("a-1"), devices=[rt], unlogged=[DeviceFacts("ups", "a")], incidents=[told(at(5), at(6))])
    health = made(facts).devices
    assert (health.watched, health.unknown, health.troubled, health.on_battery) == (1, ("ups",), 2, 1)
    (ups,) = (row for row in health.rows if row.id == "ups")
    assert (ups.site, ups.outages, ups.down_seconds, ups.longest_seconds, ups.unknown) == ("a", None, None, None, 1.0)


def test_on_battery_is_not_told_as_nought() -> None:
    """Nobody knows whether a device without an alert would have told."""
    rt = DeviceFacts("rt", "a", outage("rt", 9, 10, noun="device"))
    assert made(month(line("a-1"), devices=[rt])).devices.on_battery is None


def test_a_narrowed_review_leaves_out_what_is_elsewhere() -> None:
    """Of another provider's link, and of devices that the review does not show."""
    about: list[About] = [("link", "a-1"), ("link", "b-1"), ("device", "gone")]
    names = [AlertName.INTERFACE_ERRORS, AlertName.INTERFACE_ERRORS, AlertName.SNMP_AGENT_SILENT]
    incidents = [told(at(5), at(6), whom, name) for whom, name in zip(about, names, strict=True)]
    facts = month(line("a-1"), line("b-1", provider="FPT"), incidents=incidents)
    whole = review(Facts(Setting(Scope("ward", "Ward", ZONE.key), ZONE), (facts,)))
    narrow = review(Facts(Setting(Scope("ward", "Ward", ZONE.key, provider="VNPT"), ZONE), (facts,)))
    assert [row.id for row in whole.devices.rows] == ["gone", "a-1", "b-1"]
    assert [row.id for row in narrow.devices.rows] == ["a-1"]


@pytest.mark.parametrize("language", ["vi", "en", "id"])
def test_every_trouble_has_words(language: str) -> None:
    """No row shows a name of the program, and the page and the spreadsheet have as many rows as the review."""
    report = ward(3)
    document = document_of(report, language)
    (section,) = (one for one in document.sections if one.id == "devices")
    (table,) = (one for one in section.blocks if isinstance(one, Table) and one.id == "troubles")
    wrong = [one.what for row in report.devices.rows for one in row.troubles]
    assert len(table.rows) == len(wrong)
    assert not [cells[2].text for cells, what in zip(table.rows, wrong, strict=True) if "_" in cells[2].text]
    assert any(table in tables for tables in document.sheets.values())
    page = to_html(report, language).decode()
    assert all(cells[6].text in page for cells in table.rows)


@pytest.mark.parametrize("language", ["vi", "en", "id"])
def test_nothing_stored_is_a_sentence(language: str) -> None:
    """And no empty table."""
    report = replace(ward(2), devices=DeviceHealth())
    document = document_of(report, language)
    (section,) = (one for one in document.sections if one.id == "devices")
    assert [type(one) for one in section.blocks] == [Paragraph]
    assert "not_collected" not in to_html(report, language).decode()


@pytest.mark.parametrize(
    ("device", "seconds", "trap", "cause"),
    [
        ("ups", 59, "upsTrapOnBattery", Cause.POWER),
        ("ups", -59, "upsTrapOnBattery", Cause.POWER),
        ("ups", 61, "upsTrapOnBattery", Cause.UNKNOWN),
        ("ups", 1, "upsTrapOnLine", Cause.UNKNOWN),
        ("elsewhere", 1, "upsTrapOnBattery", Cause.UNKNOWN),
    ],
)
def test_a_ups_of_the_site_speaks_for_power(device: str, seconds: float, trap: str, cause: Cause) -> None:
    """By its trap within a minute of the outage; a later one, another one, or one of another site says nothing."""
    began = at(9)
    heard = {"at": (began + timedelta(seconds=seconds)).isoformat(), "device": device, "trap": trap}
    fault = Fault(AlertName.LINK_DOWN, ("link", "a-1"), began, began, Severity.CRITICAL)
    seen = (Attachment("traps", ("link", "a-1"), began, {"traps": ["?", {"trap": trap, "at": "?"}, heard]}),)
    incident = Incident("i", "ward", began, began, began, (Entry(fault, at(10)),), attachments=seen)
    up = [Transition(("device", "ups"), State.UNKNOWN, State.UP, at(-1), 0.0, at(-1))]
    facts = month(line("a-1", *outage("a-1", 9, 10)), devices=[DeviceFacts("ups", "a", up)], incidents=[incident])
    (row,) = made(facts).outages.rows
    assert row.cause is cause
    assert [one.about for one in row.signs] == (["ups"] if cause is Cause.POWER else [])
