"""What a link carried, each way."""

from datetime import UTC, datetime, timedelta

import pytest

from model.counters import Growth
from model.inventory import Contracted, Site
from model.throughput import Facing, Flow, Peaks, Seen, facing, throughput

SOLD = Contracted.model_validate({"download": "200Mbit/s", "upload": "100Mbit/s"})
COUNTS = {"ifHCInOctets": 375_000_000, "ifHCOutOctets": 75_000_000}
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(("interface", "end"), [("rt1/ether1", Facing.SITE), ("olt9/pon3", Facing.HEAD)])
def test_which_way_is_download(interface: str, end: Facing) -> None:
    """Into a port of the site's own, or out of the far end's."""
    link = {"id": "l", "target": "icmp://192.0.2.1", "interface": interface}
    site = Site.model_validate({"id": "s", "devices": [{"id": "rt1", "address": "192.0.2.9"}], "links": [link]})
    assert facing(site, site.links[0]) is end
    found = throughput(Growth(30.0, COUNTS), end, SOLD)
    speeds = (found.download.bits_per_second, found.upload.bits_per_second)
    assert speeds == ((100e6, 20e6) if end is Facing.SITE else (20e6, 100e6))


def test_a_link_without_an_interface_has_no_end() -> None:
    """Which is of no consequence: nothing is counted there."""
    site = Site.model_validate({"id": "s", "links": [{"id": "l", "target": "icmp://192.0.2.1"}]})
    assert facing(site, site.links[0]) is Facing.HEAD


def test_utilization_is_a_share_of_what_was_sold() -> None:
    """Each way by its own speed, from either end; above 1 where more passes."""
    found = throughput(Growth(30.0, COUNTS), Facing.SITE, SOLD)
    assert (found.elapsed, found.download.utilization, found.upload.utilization) == (30.0, 0.5, 0.2)
    turned = throughput(Growth(15.0, COUNTS), Facing.HEAD, SOLD)
    assert (turned.download.utilization, turned.upload.utilization) == (0.2, 2.0)
    assert throughput(Growth(30.0, COUNTS), Facing.SITE, None).download.utilization is None


def test_what_was_not_counted_is_absent() -> None:
    """No octets, no packets: no figure, and never zero."""
    assert throughput(Growth(30.0, {}), Facing.SITE, SOLD).download == Flow(None, None, None, None)


def test_counters_of_32_bits_stand_in() -> None:
    """Where there are no wide ones."""
    counts = {"ifInOctets": 30, "ifInUcastPkts": 9, "ifInErrors": 1, "ifInDiscards": 0}
    found = throughput(Growth(30.0, counts), Facing.SITE, None).download
    assert found == Flow(8.0, None, 0.1, 0.0)


def test_errors_and_discards_are_shares_of_all_packets() -> None:
    """Of unicast, multicast and broadcast together, and of nothing where nothing passed."""
    counts = {"ifHCOutUcastPkts": 90, "ifHCOutMulticastPkts": 5, "ifHCOutBroadcastPkts": 4, "ifOutErrors": 1}
    found = throughput(Growth(30.0, counts | {"ifOutDiscards": 11}), Facing.SITE, None).upload
    assert (found.error_ratio, found.discard_ratio) == (0.01, 0.1)
    idle = throughput(Growth(30.0, {"ifHCInUcastPkts": 0, "ifInErrors": 0}), Facing.SITE, None).download
    assert idle.error_ratio is None


def peaks_of(*passed: tuple[float | None, float], every: float = 5.0) -> Seen | None:
    """The highest of what passed: rates with their seconds."""
    peaks = Peaks()
    for number, (rate, seconds) in enumerate(passed):
        peaks.add(rate, seconds, NOW + timedelta(seconds=number * every))
    return peaks.highest


def test_a_peak_lasts_ten_seconds() -> None:
    """What is shorter is put together until it has."""
    halves = [(900e6, 5.0), (100e6, 5.0)]
    assert peaks_of(halves[0]) is None
    assert peaks_of(*halves) == Seen(500e6, 10.0, NOW + timedelta(seconds=5))
    assert peaks_of(*halves, (400e6, 60.0)) == peaks_of(*halves)
    assert peaks_of(*halves, (400e6, 60.0), (600e6, 60.0)) == Seen(600e6, 60.0, NOW + timedelta(seconds=15))


def test_a_gap_ends_what_is_put_together() -> None:
    """Two halves with something unknown between them are no peak."""
    assert peaks_of((900e6, 5.0), (None, 5.0), (900e6, 5.0)) is None


def test_a_new_day_begins_without_a_peak() -> None:
    """What proved the speed yesterday proves nothing of today."""
    peaks = Peaks()
    peaks.add(900e6, 60.0, NOW)
    peaks.begin_anew()
    assert peaks.highest is None
