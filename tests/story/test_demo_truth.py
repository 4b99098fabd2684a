"""End to end: what the daemon has written down of a simulated ward is what was really the case there."""

import asyncio
import math
import re
from datetime import datetime, timedelta

import pytest

from model.lateness import LATEST
from model.sketch import Sketch
from model.state import State
from monitor.rounds import RECKON_EVERY
from monitor.routine import BEAT_EVERY
from tests.peers.demo_story import (
    CALM,
    CUT,
    END,
    FRAIL,
    HIT,
    KILLED,
    LINKS,
    LOSS,
    LOSSY,
    QUIET,
    RESTART,
    SLOW,
    STORY,
    STRUCK,
    Ended,
    cuts,
    lived,
)

pytestmark = [pytest.mark.live, pytest.mark.alone]

SURE = timedelta(seconds=1)
WATCHED = (QUIET, LOSSY, FRAIL, SLOW, CUT, STRUCK, HIT)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """The story, told once for all tests of this file."""
    return asyncio.run(lived(tmp_path_factory.mktemp("story")))


def triangle(share: float, width: float) -> float:
    """The quantile of the sum of two even draws from zero to ``width``."""
    if share <= 0.5:
        return width * math.sqrt(2 * share)
    return width * (2 - math.sqrt(2 * (1 - share)))


def quantile(sketch: bytes | None, share: float) -> float:
    """Of a sketch that is there."""
    assert sketch is not None
    value = Sketch.from_bytes(sketch).quantile(share)
    assert value is not None
    return value


def test_loss_is_what_the_lines_lost(story: Ended) -> None:
    """At 10,000 probes through two lines: all probes as the lines counted them, the steady ones as they were told to.

    The metrics count all probes, as the lines do, but a loss only when no late reply can come any more: those of the
    last seconds are missing. The history counts only probes of the regular pace; they find the share of time in which
    the lines are bad, and that share itself strays by 0.9 points (standard deviation) in two lines of 67 s.
    """
    hours = [story.whole.hours[link] for link in (LOSSY, FRAIL)]
    lines = [story.truth[link] for link in (LOSSY, FRAIL)]
    sent = sum(line["forward"]["lost"] + line["forward"]["passed"] for line in lines)
    lost = sum(line["forward"]["lost"] + line["backward"]["lost"] for line in lines) / sent
    assert sum(hour.sent for hour in hours) >= 10_000
    assert sum(hour.lost for hour in hours) / sum(hour.sent for hour in hours) == pytest.approx(LOSS, abs=0.035)
    counted, missed = (
        sum(metric(story.totals, f"linkward_link_probes{which}_total", link) for link in (LOSSY, FRAIL))
        for which in ("", "_lost")
    )
    assert lost * (1 - 2 * LATEST / END) < missed / counted < lost * (1 + LATEST / END)


def test_a_line_that_loses_nothing_is_not_said_to(story: Ended) -> None:
    """Not one of thousands of probes."""
    for link in (QUIET, SLOW):
        assert story.truth[link]["forward"]["lost"] == story.truth[link]["backward"]["lost"] == 0
        assert story.whole.hours[link].lost == 0
        assert story.whole.hours[link].sent > 1_000


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 0.99])
def test_round_trip_times_are_those_of_the_line(story: Ended, share: float) -> None:
    """Two fixed delays and two even draws: their quantiles within 5 %."""
    path, further = LINKS[SLOW].path, STORY[1].strength
    truth = 2 * (path.delay + further) + triangle(share, path.jitter + further / 4)
    assert quantile(story.whole.hours[SLOW].rtt, share) == pytest.approx(truth, rel=0.05)


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_delay_variation_is_that_of_the_line(story: Ended, share: float) -> None:
    """The two even draws alone, above the least of so many of them, within 5 %."""
    hour, width = story.whole.hours[SLOW], LINKS[SLOW].path.jitter + STORY[1].strength / 4
    least = width * math.sqrt(math.pi / 2 / hour.sent)
    assert quantile(hour.delay_variation, share) == pytest.approx(triangle(share, width) - least, rel=0.05)


@pytest.mark.parametrize("link", WATCHED)
def test_each_cut_is_found_and_no_other(story: Ended, link: str) -> None:
    """Begin and end within a second; nothing is said to be down that was not."""
    log = story.whole.of(link)
    down = [(change.at, log[place + 1].at) for place, change in enumerate(log) if change.after is State.DOWN]
    true = [(story.at(cut.start), story.at(cut.end)) for cut in cuts(link)]
    assert len(down) == len(true)
    for (began, ended), (cut, mended) in zip(down, true, strict=True):
        assert abs(began - cut) <= SURE
        assert abs(ended - mended) <= SURE
    assert log[-1].after.passes


@pytest.mark.parametrize("link", WATCHED)
def test_availability_is_that_of_the_line(story: Ended, link: str) -> None:
    """Over the whole life of the daemon: as far from the truth as the edges of the cuts may be, and no farther."""
    start, end = life(story)
    reckoned = story.whole.availability(link, start, end)
    seconds = sum(cut.end - cut.start for cut in cuts(link))
    assert reckoned.net.total == ms(start, end)
    assert reckoned.net.down / 1_000 == pytest.approx(seconds, abs=2 * len(cuts(link)))
    assert reckoned.net.unknown <= 4_000
    truth = 1 - seconds * 1_000 / (reckoned.net.total - reckoned.net.unknown)
    assert reckoned.net.link.ratio == pytest.approx(truth, abs=2 * len(cuts(link)) * 1_000 / reckoned.net.total)
    assert len(reckoned.outages) == len(cuts(link))


def test_a_kill_loses_nothing_that_was_known(story: Ended) -> None:
    """What the history held when the daemon was killed is what it holds of that time at the end."""
    start, last = story.before.runs[0].began, story.before.runs[-1].until
    assert timedelta() <= story.killed_at - last < timedelta(seconds=6)
    for link in (KILLED, CALM):
        assert story.after.of(link)[: len(story.before.of(link))] == story.before.of(link)
        before, after = (told.availability(link, start, last) for told in (story.before, story.after))
        assert after.net == before.net
    assert story.before.availability(KILLED, start, last).net.down >= 1_000


def test_the_gap_of_a_kill_is_unknown_and_nothing_else_is(story: Ended) -> None:
    """From the last heartbeat to the first evidence after the restart; the states add up to the millisecond."""
    last, end = story.before.runs[-1].until, story.after.runs[-1].until
    for link in (KILLED, CALM):
        first = next(change for change in story.after.of(link) if change.at >= story.restarted_at)
        assert first.at - story.restarted_at < timedelta(seconds=15)
        gap = story.after.availability(link, last, first.at)
        assert gap.net.unknown == gap.net.total == ms(last, first.at)
        assert story.after.availability(link, first.at, end).net.unknown == 0
        whole = story.after.availability(link, story.after.runs[0].began, end)
        assert whole.net.total == ms(story.after.runs[0].began, end)


def test_an_outage_that_outlasts_the_kill_is_one(story: Ended) -> None:
    """Down before the gap and after it: one outage, its begin and end found, without the time that nobody saw."""
    whole = story.after.availability(KILLED, story.after.runs[0].began, story.after.runs[-1].until)
    (outage,) = whole.outages
    (cut,) = cuts(KILLED)
    begin, end = (instant_of(story, edge) for edge in (cut.start, cut.end))
    assert abs(outage.interval.start - begin) <= 1_000
    assert abs(outage.interval.end - end) <= 1_000
    assert outage.down < ms(story.at(cut.start), story.at(cut.end)) - ms(story.killed_at, story.restarted_at) + 2_000


def test_the_metrics_go_on_where_the_history_ended(story: Ended) -> None:
    """After the restart the month still knows of the outage that began before the kill; the gap counts as unknown."""
    begin, end = story.after.runs[0].began, story.after.runs[-1].until
    # The accounts go as far as the last heartbeat; they are made anew so often, the last time not before once after it.
    made = story.restarted_at + timedelta(seconds=RECKON_EVERY - BEAT_EVERY)
    reckoned = [story.after.availability(KILLED, begin, at).net.link.ratio for at in (made, end)]
    lowest, highest = (ratio or 0.0 for ratio in reckoned)
    assert lowest <= metric(story.metrics, "linkward_availability_ratio", KILLED) <= highest < 0.9
    assert metric(story.metrics, "linkward_availability_ratio", CALM) == 1.0
    assert metric(story.metrics, "linkward_link_outages_total", KILLED, 'class="outage"') == 1
    unknown = metric(story.metrics, "linkward_link_state_seconds_total", CALM, 'state="unknown"')
    assert unknown + (story.before.runs[-1].until - story.at(0)).total_seconds() >= RESTART


def life(story: Ended) -> tuple[datetime, datetime]:
    """From when to when the daemon saw."""
    (run,) = story.whole.runs
    return run.began, run.until


def ms(start: datetime, end: datetime) -> int:
    """Milliseconds between two times, by the milliseconds in which they lie."""
    epoch = datetime(1970, 1, 1, tzinfo=start.tzinfo)
    tick = timedelta(milliseconds=1)
    return (end - epoch) // tick - (start - epoch) // tick


def instant_of(story: Ended, seconds: float) -> int:
    """A time of the story in milliseconds since 1970."""
    return round((story.epoch + seconds) * 1_000)


def metric(text: str, name: str, link: str, further: str = "") -> float:
    """The value of one series."""
    lines = [line for line in text.splitlines() if line.startswith(name + "{")]
    (line,) = [line for line in lines if f'link="{link}"' in line and further in line]
    value = re.search(r" (\S+)$", line)
    assert value is not None
    return float(value[1])
