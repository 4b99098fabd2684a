"""Counters that outlast failures."""

import pytest

from exporters.blocks import Block
from exporters.tallies import EchoTally, Histogram, LinkTally, was_lost, was_sent
from model.measurement import EchoReading, ProbeKind, Reason, StampReading
from tests.peers.board import OFFICE_LINK, POINT_LINK, failed, measured


def _lines(blocks: list[Block]) -> list[str]:
    return [
        line for block in blocks for at in range(len(block.families)) for line in block.lines(at).decode().splitlines()
    ]


@pytest.mark.parametrize(
    ("reason", "sent", "lost"),
    [
        (Reason.TIMEOUT, True, True),
        (Reason.UNREACHABLE, True, True),
        (Reason.REFUSED, True, False),
        (Reason.LOCAL, False, False),
        (Reason.UNRESOLVED, False, False),
    ],
)
def test_lost_is_what_was_sent_and_not_answered(reason: Reason, *, sent: bool, lost: bool) -> None:
    """A probe that never left is neither sent nor lost; an answer that refuses is an answer."""
    measurement = failed(OFFICE_LINK, ProbeKind.ICMP, reason)
    assert (was_sent(measurement), was_lost(measurement)) == (sent, lost)


def test_an_upper_edge_belongs_to_its_bucket() -> None:
    """`le` means less or equal."""
    histogram = Histogram((1.0, 2.0))
    for value in (1.0, 1.5, 2.0, 2.1):
        histogram.observe(value)
    assert histogram.block("h", "").counts == (1, 2, 1)


def test_a_link_counts_all_its_probes() -> None:
    """Answers and losses add up, and only answers are in the histogram."""
    tally = LinkTally()
    for measurement in (
        measured(OFFICE_LINK, ProbeKind.ICMP, EchoReading(0.0125)),
        failed(OFFICE_LINK, ProbeKind.ICMP),
        failed(OFFICE_LINK, ProbeKind.ICMP, Reason.LOCAL),
    ):
        tally.count(measurement)
    lines = _lines(list(tally.blocks('link="l"')))
    assert 'linkward_link_probes_total{link="l"} 2.0' in lines
    assert 'linkward_link_probes_lost_total{link="l"} 1.0' in lines
    assert 'linkward_link_rtt_seconds_bucket{link="l",le="0.01"} 0' in lines
    assert 'linkward_link_rtt_seconds_bucket{link="l",le="0.015"} 1' in lines
    assert 'linkward_link_rtt_seconds_count{link="l"} 1' in lines


def test_direction_loss_is_absent_until_it_is_known() -> None:
    """A direction that no reading told of has no counter; one that was told adds up."""
    tally = LinkTally()
    assert not any("direction" in line for line in _lines(list(tally.blocks(""))))
    for forward in (None, 2, None, 3):
        tally.count(measured(POINT_LINK, ProbeKind.STAMP, StampReading(0.01, 0, 1, 1, forward, None)))
    lines = [line for line in _lines(list(tally.blocks('link="l"'))) if "direction" in line]
    assert lines == ['linkward_link_direction_lost_total{link="l",direction="forward"} 5.0']


def test_an_echo_tally_counts_as_smokeping_does() -> None:
    """Requests count every probe sent, duplicates every further reply."""
    tally = EchoTally()
    tally.count(measured(OFFICE_LINK, ProbeKind.ICMP, EchoReading(0.0001, duplicates=2)))
    tally.count(failed(OFFICE_LINK, ProbeKind.ICMP))
    lines = _lines(list(tally.blocks('host="h"')))
    assert 'smokeping_requests_total{host="h"} 2.0' in lines
    assert 'smokeping_response_duplicates_total{host="h"} 2.0' in lines
    assert 'smokeping_response_duration_seconds_bucket{host="h",le="0.0001"} 1' in lines


def test_a_block_does_not_change_under_a_slow_scrape() -> None:
    """What a tally gave out stays as it was when it counts on."""
    tally = EchoTally()
    before = list(tally.blocks(""))
    text = _lines(before)
    tally.count(measured(OFFICE_LINK, ProbeKind.ICMP, EchoReading(0.0001)))
    assert _lines(before) == text
