"""What a run proves: a capacity, a lower bound with its reasons, or nothing."""

from dataclasses import replace

import pytest

from model.cross_traffic import Basis, Counted
from model.speed_finding import conclude
from model.speed_run import (
    Ending,
    LoadWatch,
    Slice,
    SpeedRun,
    direction_of,
    is_full,
    rates_of,
    way_of,
    wire_share,
)

RATE = 80e6
SHARE = 1448 / 1518


def slices(rate: float = RATE, n: int = 16, rtt: float = 0.030, streams: int = 6, begin: int = 0) -> tuple[Slice, ...]:
    """Steady ones."""
    return tuple(
        Slice(0.25 * number, round(rate / 8 * 0.25 * number), streams, rtt)
        for number in range(begin + 1, begin + n + 1)
    )


RUN = SpeedRun(
    "send", Ending.DONE, slices=slices(), settled=16, base_rtts=(0.005,) * 9, octets=40_000_000, segment=1448
)


def counted(others: float = 0.0) -> list[Counted]:
    """The counter of the link, fresh."""
    times = [number / 4 for number in range(-6, 20)]
    return [Counted(at, at, round((RATE / SHARE * min(max(at, 0), 4) + others * (at + 2)) / 8)) for at in times]


def test_a_full_link_with_a_counter_has_a_capacity() -> None:
    """The test on the wire and everyone else; goodput is the payload alone."""
    found = conclude(RUN, "download", counted(12e6))
    assert (found.is_lower_bound, found.basis, found.why_lower_bound) == (False, Basis.PLATEAU, ())
    assert found.bits_per_second == pytest.approx(RATE / SHARE + 12e6, rel=0.01)
    assert found.goodput == pytest.approx(RATE, rel=0.001)
    assert found.others == pytest.approx(12e6, rel=0.1)
    assert found.octets == pytest.approx(40_000_000 / SHARE, rel=0.001)
    assert found.buffer_delay == pytest.approx(5.0)


@pytest.mark.parametrize(
    ("run", "reasons"),
    [
        (RUN, ("no_counters",)),
        (replace(RUN, busy=0.85), ("tester", "no_counters")),
        (replace(RUN, ending=Ending.ABORTED), ("aborted", "no_counters")),
        (replace(RUN, slices=slices(rtt=0.009)), ("not_full", "no_counters")),
        (replace(RUN, base_rtts=()), ("not_full", "no_counters")),
    ],
)
def test_each_doubt_makes_it_a_lower_bound(run: SpeedRun, reasons: tuple[str, ...]) -> None:
    """With its name; the figure stays what was carried."""
    found = conclude(run, "upload")
    assert (found.why_lower_bound, found.is_lower_bound) == (reasons, True)
    assert found.bits_per_second == pytest.approx(RATE / SHARE, rel=0.001)


@pytest.mark.parametrize("ending", [one for one in Ending if not one.may_count])
def test_nothing_else_gives_a_figure(ending: Ending) -> None:
    """However much was moved until then; what it cost is told."""
    found = conclude(replace(RUN, ending=ending), "download", counted())
    assert (found.bits_per_second, found.goodput, found.ending) == (None, None, ending)
    assert found.octets > 40_000_000


def test_what_ends_within_its_ramp_gives_none() -> None:
    """Nor does a line on which nothing moved."""
    assert conclude(replace(RUN, slices=slices(n=4), settled=4), "download").ending is Ending.TOO_SHORT
    assert conclude(replace(RUN, slices=slices(rate=0.0)), "download").bits_per_second is None


def test_more_streams_that_carry_no_more_show_a_full_link() -> None:
    """And those that carry more show that it was not, and how much it has at least."""
    calm = slices(rtt=0.005)
    same = conclude(replace(RUN, slices=(*calm, *slices(rtt=0.005, begin=16, n=6, streams=8))), "download", counted())
    assert "not_full" not in same.why_lower_bound
    last = calm[-1]
    faster = tuple(
        Slice(last.at + 0.25 * number, last.octets + round(1.25 * RATE / 8 * 0.25 * number), 8, 0.005)
        for number in range(1, 7)
    )
    more = conclude(replace(RUN, slices=(*calm, *faster)), "download")
    assert "not_full" in more.why_lower_bound
    assert more.goodput == pytest.approx(1.25 * RATE, rel=0.01)


def test_efficiency_is_what_was_not_sent_again() -> None:
    """Unknown where the other end sends."""
    run = replace(RUN, sent_octets=41_000_000, retransmitted=410_000)
    assert conclude(run, "download").efficiency == pytest.approx(0.99)
    assert conclude(RUN, "download").efficiency is None


def test_directions_are_the_sites() -> None:
    """Whichever end the tester is at."""
    for at_site in (True, False):
        for direction in ("download", "upload"):
            assert direction_of(way_of(direction, peer_at_site=at_site), peer_at_site=at_site) == direction
    assert way_of("download", peer_at_site=True) == "send"


def test_payload_is_so_much_of_a_frame() -> None:
    """1448 of 1518 octets; 1440 over PPPoE; IPv6 has larger headers."""
    assert wire_share(None) == wire_share(1448) == 1448 / 1518
    assert wire_share(1440) == 1440 / 1510
    assert wire_share(1428, 6) == 1428 / 1518


def test_a_queue_or_streams_without_effect_show_a_full_link() -> None:
    """10 ms and 30 %, both; 3 %."""
    assert is_full(0.005, 0.0151, None)
    assert not is_full(0.005, 0.0149, None)
    assert not is_full(0.100, 0.120, None)
    assert is_full(0.100, 0.1301, None)
    assert is_full(None, None, 0.029)
    assert not is_full(None, 1.0, 0.031)


def test_what_people_would_feel_is_two_seconds_of_a_long_round_trip() -> None:
    """A shorter one, or a better answer between, is borne; a lost answer says nothing."""
    watch = LoadWatch(0.010)
    told = [(0.0, 0.2), (1.0, None), (1.9, 0.2), (1.95, 0.1), (2.0, 0.2), (3.9, 0.3), (4.0, None)]
    assert [watch.felt(at, rtt) for at, rtt in told] == [False] * 6 + [True]


def test_rates_are_those_of_each_slice() -> None:
    """By the time that it really took."""
    assert rates_of((Slice(0.5, 100, 1), Slice(0.75, 200, 1), Slice(0.75, 300, 1))) == [1_600.0, 3_200.0, 0.0]
