"""What links deliver against what they must: windows, ports, verdicts, and what a reload keeps of them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from model.availability import Share
from model.inventory import Inventory
from model.measurement import (
    EchoReading,
    Failure,
    InterfaceReading,
    Measurement,
    ProbeKind,
    Reading,
    Reason,
    SnmpReading,
    Subject,
    SubjectKey,
    SystemFacts,
)
from model.verdict import Outcome, Quality, Verdict, Why
from monitor.quality import Judged, LinkQuality

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
LINK = Subject("link", "one", "office", "192.0.2.1")
ROUTER = Subject("device", "router", "office", "192.0.2.3")
REQUIRED = {"rtt_p95": "30ms", "loss": "5%", "delay_variation_p99": "10ms", "window": "60s"}
SPEED = {"download": "200Mbit/s", "upload": "100Mbit/s"}


def inventory(requirement: Mapping[str, Any] | None = None, **link: Any) -> Inventory:
    """One link at the WAN port of a router."""
    about = {"requirement": dict(requirement)} if requirement else {}
    one = {"id": "one", "target": "icmp://192.0.2.1", "interface": "router/wan"} | about | link
    return Inventory.model_validate({
        "ward": {"id": "w", "timezone": "Asia/Ho_Chi_Minh"},
        "credentials": {"c": {"version": "2c", "community": "public"}},
        "sites": [
            {
                "id": "office",
                "links": [one],
                "devices": [{"id": "router", "address": "192.0.2.3", "snmp": {"credentials": "c"}}],
            }
        ],
    })


def judging(requirement: Mapping[str, Any] | None = None, **link: Any) -> LinkQuality:
    """The quality of that link."""
    quality = LinkQuality()
    quality.load(inventory(requirement, **link))
    return quality


def took(quality: LinkQuality, at: float, outcome: Reading | Failure) -> float | None:
    """A probe that left then."""
    return quality.took(Measurement(LINK, ProbeKind.ICMP, NOON, 0.01, outcome), at)


def polled(quality: LinkQuality, at: float, octets: int, *, speed: int = 1_000, status: int = 1) -> int:
    """A poll of the router: bytes in and twice as many out, speed of the port in Mbit/s; how many links it tells of."""
    cells = {"ifHCInOctets": octets, "ifHCOutOctets": 2 * octets, "ifHighSpeed": speed, "ifOperStatus": status}
    port = InterfaceReading(1, "wan", "wan", "", 6, "00:00:5e:00:53:01", cells)
    reading = SnmpReading(round(at * 100), SystemFacts(), (port,), 1, 0, 4)
    when = NOON + timedelta(seconds=at)
    return len(quality.polled(Measurement(ROUTER, ProbeKind.SNMP, when, 0.01, reading), at, at + 150))


def judged(
    quality: LinkQuality, now: float, *, is_up: bool = True, month: Mapping[SubjectKey, Share] | None = None
) -> Judged:
    """Judged so many seconds after noon."""
    found = quality.judge("one", now, NOON + timedelta(seconds=now), (month or {}).get, is_up=is_up)
    assert found is not None
    return found


def verdict(quality: LinkQuality, now: float, of: Quality, **options: Any) -> Verdict:
    """One of them."""
    return next(each for each in judged(quality, now, **options).verdicts if each.requirement is of)


def test_each_limit_on_probes_is_judged() -> None:
    """A minute of probes, of which one in three takes far too long: two limits are broken, and nothing was lost."""
    quality = judging(REQUIRED)
    for number in range(70):
        took(quality, number, EchoReading(0.050 if number % 3 == 0 else 0.010))
    found = judged(quality, 70.5)
    assert {each.requirement: each.outcome for each in found.verdicts} == {
        Quality.RTT: Outcome.BREACHED,
        Quality.LOSS: Outcome.MET,
        Quality.DELAY_VARIATION: Outcome.BREACHED,
    }
    assert [each.requirement for each in found.shortfalls] == [Quality.RTT, Quality.DELAY_VARIATION]
    assert found.window.n == 60


def test_what_is_down_is_not_judged_by_its_probes() -> None:
    """An outage is judged once, as availability; that it is breached degrades nothing now."""
    quality = judging(REQUIRED | {"availability": "99%"})
    for number in range(70):
        took(quality, number, Failure(Reason.TIMEOUT))
    month: Mapping[SubjectKey, Share] = {("link", "one"): Share(900_000, 100_000, 0)}
    found = judged(quality, 70.5, is_up=False, month=month)
    outcomes = {each.requirement: each.outcome for each in found.verdicts}
    assert outcomes.pop(Quality.AVAILABILITY) is Outcome.BREACHED
    assert set(outcomes.values()) == {Outcome.UNKNOWN}
    assert found.shortfalls == []


def test_time_that_is_left_out_is_not_judged() -> None:
    """While the monitor was blind, or the link down."""
    quality = judging(REQUIRED)
    for number in range(70):
        took(quality, number, Failure(Reason.TIMEOUT) if 30 <= number < 40 else EchoReading(0.010))
    quality.leave_out("one", 30, 40)
    quality.leave_out("nobody", 30, 40)
    window = judged(quality, 70.5).window
    assert (window.n, window.lost, window.left_out) == (50, 0, 10)


def test_delay_variation_counts_from_the_least_of_the_window() -> None:
    """Not known before it was judged once, nor of what was lost."""
    quality = judging(REQUIRED)
    assert took(quality, 0, EchoReading(0.010)) is None
    judged(quality, 5)
    assert took(quality, 5, EchoReading(0.014)) == pytest.approx(0.004)
    assert took(quality, 6, EchoReading(0.008)) == 0.0
    assert took(quality, 7, Failure(Reason.TIMEOUT)) is None
    assert took(quality, 8, Failure(Reason.LOCAL)) is None


def test_strangers_are_nobody() -> None:
    """A link that is gone has neither window nor verdict."""
    quality = judging(REQUIRED)
    quality.load(Inventory())
    assert took(quality, 0, EchoReading(0.010)) is None
    assert quality.judge("one", 1, NOON, lambda _: None, is_up=True) is None
    assert quality.minute("one", 1, NOON, is_up=True) is None
    assert quality.links() == []


def test_a_minute_is_stable_or_not_or_unknown() -> None:
    """One second of outage spoils it, also when it is over; half a minute of probes is the least to tell by."""
    quality = judging(REQUIRED)
    for number in range(200):
        took(quality, number, EchoReading(0.010))
    assert quality.minute("one", 200, NOON, is_up=True) is True
    assert quality.minute("one", 200, NOON, is_up=False) is False
    assert quality.minute("one", 240, NOON, is_up=True) is None
    quality.was_down("one", 150, 151)
    assert quality.minute("one", 200, NOON, is_up=True) is False
    assert quality.minute("one", 212, NOON, is_up=True) is not False


def test_a_port_that_is_too_slow_is_a_breach() -> None:
    """Negotiated at 100 Mbit/s where 200 are required; a port that is down has negotiated nothing."""
    quality = judging(SPEED)
    polled(quality, 60, 1_000, speed=100)
    assert verdict(quality, 61, Quality.DOWNLOAD).why is Why.NEGOTIATED
    assert verdict(quality, 61, Quality.UPLOAD).outcome is Outcome.UNKNOWN
    assert [each.requirement for each in judged(quality, 61).shortfalls] == [Quality.DOWNLOAD]
    polled(quality, 120, 1_000, speed=100, status=2)
    assert verdict(quality, 121, Quality.DOWNLOAD).outcome is Outcome.UNKNOWN


def test_a_port_that_has_its_speed_again_is_no_breach() -> None:
    """Nobody has to fill the line first: what the port negotiates is enough to end what it has begun."""
    quality = judging(SPEED)
    for at, speed in ((60, 1_000), (120, 100), (180, 100)):
        polled(quality, at, at * 100_000, speed=speed)
    assert verdict(quality, 181, Quality.DOWNLOAD).why is Why.NEGOTIATED
    polled(quality, 240, 240 * 100_000)
    assert verdict(quality, 241, Quality.DOWNLOAD).why is Why.UNDECIDED
    assert judged(quality, 242).shortfalls == []


def test_what_an_agent_said_long_ago_is_not_known_any_more() -> None:
    """A silent agent leaves no breach standing for ever; one lost poll changes nothing yet."""
    quality = judging(SPEED)
    polled(quality, 60, 1_000, speed=100)
    quality.polled(Measurement(ROUTER, ProbeKind.SNMP, NOON, 1.0, Failure(Reason.TIMEOUT)), 120, 270)
    assert verdict(quality, 130, Quality.DOWNLOAD).outcome is Outcome.BREACHED
    assert verdict(quality, 211, Quality.DOWNLOAD).outcome is Outcome.UNKNOWN


def test_a_speed_that_was_carried_proves_that_the_link_has_it() -> None:
    """250 Mbit/s towards the site for a minute; the proof is good for a day."""
    quality = judging(SPEED)
    assert polled(quality, 60, 0) == 0
    assert polled(quality, 120, 60 * 250_000_000 // 8) == 1
    assert verdict(quality, 121, Quality.DOWNLOAD).why is Why.REACHED
    assert verdict(quality, 121, Quality.UPLOAD).value == pytest.approx(500e6)
    quality.begin_day()
    assert verdict(quality, 122, Quality.DOWNLOAD).outcome is Outcome.UNKNOWN


def test_after_a_reboot_a_peak_begins_anew() -> None:
    """Counters that went back carried nothing, and prove nothing."""
    quality = judging(SPEED)
    polled(quality, 60, 10_000_000_000)
    assert polled(quality, 61, 1_000) == 0
    assert verdict(quality, 62, Quality.DOWNLOAD).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, 10),
        ({"provider": "VNPT"}, 10),
        ({"interface": "router/lan"}, 10),
        ({"source": "192.0.2.77"}, 0),
        ({"target": "icmp://192.0.2.2"}, 0),
        ({"timeout": "500ms"}, 0),
        ({"requirement": REQUIRED | {"loss": "1%"}}, 10),
        ({"requirement": REQUIRED | {"window": "30s"}}, 0),
    ],
)
def test_a_reload_keeps_the_window_of_a_link_that_is_probed_as_before(change: dict[str, Any], kept: int) -> None:
    """Another path, pace or window is another measurement."""
    quality = judging(REQUIRED)
    for number in range(10):
        took(quality, number, EchoReading(0.010))
    quality.load(inventory(**{"requirement": REQUIRED, **change}))
    assert judged(quality, 12).window.n == kept


def test_a_reload_keeps_what_a_port_has_shown_unless_it_is_another_port() -> None:
    """Another pace of probing changes nothing about it."""
    quality = judging(SPEED)
    polled(quality, 60, 0)
    polled(quality, 120, 60 * 250_000_000 // 8)
    quality.load(inventory(SPEED, interval="2s"))
    assert verdict(quality, 121, Quality.DOWNLOAD).outcome is Outcome.MET
    quality.load(inventory(SPEED, interface="router/lan"))
    assert verdict(quality, 122, Quality.DOWNLOAD).outcome is Outcome.UNKNOWN


def test_the_version_of_the_day_is_judged_by() -> None:
    """A requirement changes at local midnight, seventeen hours UTC."""
    changing = REQUIRED | {"changes": [{"from": "2026-11-02", "loss": "50%"}]}
    quality = judging(changing)
    for number in range(5 * 3_600 - 100, 5 * 3_600 + 1):
        took(quality, number, Failure(Reason.TIMEOUT) if number % 4 == 0 else EchoReading(0.010))
    assert verdict(quality, 5 * 3_600 - 1, Quality.LOSS).threshold == 0.05
    assert verdict(quality, 5 * 3_600 + 1, Quality.LOSS).threshold == 0.5
