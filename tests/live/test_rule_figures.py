"""The shipped recording rules before a real promtool: ratios of sums, per link, site and provider."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from model.incident import Severity
from model.measurement import EchoReading, ProbeKind, Subject
from model.state import State
from tests.peers.board import measured
from tests.peers.rules import INTERVAL, Story

pytestmark = pytest.mark.live

MINUTE = 60 // INTERVAL
OFFICE = {"job": "linkward", "site": "office"}
FPT = {**OFFICE, "link": "office-fpt"}
VIETTEL = {**OFFICE, "link": "office-4g"}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    """A ward in which all is well; what a test has told of it goes before promtool."""
    story = Story()
    yield story
    story.check(tmp_path)


def _count(story: Story, each: Mapping[str, float], scrapes: int) -> None:
    """Counters that grow by so much from one scrape to the next, from 0 on."""
    for number in range(scrapes):
        story.scrape(more=[f"{series} {number * step}" for series, step in each.items()])


def _probes(link: str, site: str, sent: float, lost: float) -> Mapping[str, float]:
    labels = f'{{link="{link}",site="{site}"}}'
    return {f"linkward_link_probes_total{labels}": sent, f"linkward_link_probes_lost_total{labels}": lost}


def test_loss_is_lost_by_sent_at_every_level(story: Story) -> None:
    """A line of few probes does not weigh as much as one of many; where nothing is sent there is no ratio."""
    _count(
        story,
        {
            **_probes("office-fpt", "office", 100, 10),
            **_probes("office-4g", "office", 300, 0),
            **_probes("tdp-1-vnpt", "tdp-1", 40, 4),
            **_probes("tdp-2-vnpt", "tdp-2", 10, 6),
        },
        6 * MINUTE,
    )
    point = {"job": "linkward", "site": "tdp-1", "link": "tdp-1-vnpt"}
    other = {"job": "linkward", "site": "tdp-2", "link": "tdp-2-vnpt"}
    name = "linkward_loss:ratio_rate5m"
    story.tells(f"round(link:{name}, 0.001)", [(FPT, 0.1), (VIETTEL, 0), (point, 0.1), (other, 0.6)])
    story.tells(f'round(site:{name}{{site="office"}}, 0.001)', [(OFFICE, 0.025)])
    vnpt = {"job": "linkward", "ward": "xuan-dinh", "provider": "VNPT"}
    story.tells(f'round(provider:{name}{{provider="VNPT"}}, 0.001)', [(vnpt, 0.2)])


def test_availability_of_a_link_blames_the_link_and_that_of_a_service_everything(story: Story) -> None:
    """Unreachable counts for the service alone; maintenance and what is unknown for neither."""
    seconds = {"up": 6.0, "degraded": 2.0, "down": 2.0, "unreachable": 6.0, "unknown": 50.0, "maintenance": 40.0}
    subjects = {"link": 'link="office-fpt"', "service": 'service="mot-cua"'}
    each = {
        f'linkward_{noun}_state_seconds_total{{{own},site="office",state="{state}"}}': spent
        for noun, own in subjects.items()
        for state, spent in seconds.items()
    }
    _count(story, each, 65 * MINUTE)
    story.tells("round(link:linkward_availability:ratio_rate1h, 0.001)", [(FPT, 0.8)])
    service = {**OFFICE, "service": "mot-cua"}
    story.tells("round(service:linkward_availability:ratio_rate1h, 0.001)", [(service, 0.5)])


def test_stable_time_is_a_share_of_what_could_be_judged(story: Story) -> None:
    """Where nothing could be judged there is no share."""
    labels = '{link="office-fpt",site="office"}'
    each = {f"linkward_link_stable_seconds_total{labels}": 9.0, f"linkward_link_judged_seconds_total{labels}": 12.0}
    idle = {series.replace("office-fpt", "office-4g"): 0.0 for series in each}
    _count(story, {**each, **idle}, 65 * MINUTE)
    story.tells("round(link:linkward_stable:ratio_rate1h, 0.001)", [(FPT, 0.75)])


def test_quantiles_of_a_site_are_those_of_its_probes(story: Story) -> None:
    """Buckets are added up before the quantile is taken: half of all probes took at most 10 ms."""
    for _ in range(6 * MINUTE):
        for link, rtt in (("office-fpt", 0.009), ("office-4g", 0.018)):
            echo = measured(Subject("link", link, "office", "203.0.113.1"), ProbeKind.ICMP, EchoReading(rtt, 57))
            story.latest.record(echo, 60.0, 0.0)
        story.scrape()
    story.tells('round(site:linkward_rtt_seconds:p50_rate5m{site="office"}, 0.001)', [(OFFICE, 0.01)])
    story.tells('round(link:linkward_rtt_seconds:p50_rate5m{link="office-4g"}, 0.0005)', [(VIETTEL, 0.0175)])


def test_links_are_counted_by_state(story: Story) -> None:
    """By ward and by provider, with 0 for a state that none is in."""
    story.be("link", State.DOWN, "tdp-1-vnpt")
    story.scrape()
    ward = {"job": "linkward", "ward": "xuan-dinh"}
    states = dict.fromkeys(State, 0) | {State.UP: 7, State.DOWN: 1}
    told = [({"__name__": "ward:linkward_link_state:count", **ward, "state": s.value}, n) for s, n in states.items()]
    story.tells("ward:linkward_link_state:count", told)
    vnpt = {"__name__": "provider:linkward_link_state:count", **ward, "provider": "VNPT", "state": "down"}
    story.tells('provider:linkward_link_state:count{provider="VNPT",state="down"}', [(vnpt, 1)])


def test_the_daemons_own_figures(story: Story) -> None:
    """Open incidents, messages by outcome, failures and lateness of probes."""
    story.own.incidents(lambda: {Severity.CRITICAL: 2})
    each = {
        'linkward_probe_runs_total{kind="icmp",outcome="success"}': 30.0,
        'linkward_probe_runs_total{kind="icmp",outcome="timeout"}': 10.0,
        'linkward_notifications_total{receiver="hook",outcome="delivered"}': 1.0,
        'linkward_schedule_lag_seconds_bucket{kind="icmp",le="0.1"}': 0.0,
        'linkward_schedule_lag_seconds_bucket{kind="icmp",le="0.2"}': 10.0,
        'linkward_schedule_lag_seconds_bucket{kind="icmp",le="+Inf"}': 10.0,
    }
    _count(story, each, 65 * MINUTE)
    icmp = {"job": "linkward", "kind": "icmp"}
    story.tells("round(kind:linkward_probe_failures:ratio_rate5m, 0.001)", [(icmp, 0.25)])
    story.tells("round(kind:linkward_schedule_lag_seconds:p99_rate5m, 0.001)", [(icmp, 0.199)])
    critical = {"__name__": "severity:linkward_incidents_open:sum", "job": "linkward", "severity": "critical"}
    story.tells('severity:linkward_incidents_open:sum{severity="critical"}', [(critical, 2)])
    hook = {"job": "linkward", "receiver": "hook", "outcome": "delivered"}
    story.tells("round(receiver:linkward_notifications:increase1h)", [(hook, 60 * MINUTE)])
