"""Graphs, strips, maps and trees: where things are drawn."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.names import Naming
from exporters.pages.shapes import WORST_FIRST
from exporters.pages.smoke import HEIGHT, LOSSES, WIDTH, colour_of, digest, digests, smoke
from exporters.pages.strip import days, states_in, strip
from exporters.pages.tree import MOST, tree
from exporters.pages.wardmap import WIDTH as MAP_WIDTH
from exporters.pages.wardmap import maps_of
from exporters.past import Past
from model.alerting import MaintenanceWindow
from model.intervals import Interval, instant
from model.latency import Column
from model.maintenance import Announcement
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology
from tests.peers.board import AT
from tests.peers.past import change, span
from tests.peers.places import drawn_ward

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
LINK: SubjectKey = ("link", "wan")
HOUR = Interval(instant(AT) - 3_600_000, instant(AT))


def columns(*rows: tuple[float, float] | None, seconds: int = 60, start: int = HOUR.start) -> list[Column]:
    """One after the other: a median with its loss; lost altogether where that is 1, nothing where it is ``None``."""
    found = []
    for number, row in enumerate(rows):
        here = Interval(start + number * seconds * 1_000, start + (number + 1) * seconds * 1_000)
        if row is not None:
            median, loss = row
            times = () if loss == 1 else (median * 0.9, median, median * 1.1, median * 1.5)
            found.append(Column(here, times, loss))
    return found


def _numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", path)]


TIMES = st.tuples(st.floats(1e-5, 3), st.sampled_from([0.0, 0.01, 0.2, 0.7, 1.0]))


@given(st.lists(st.none() | TIMES, min_size=1, max_size=60), st.none() | st.floats(1e-4, 5))
def test_everything_lies_inside_the_graph(rows: list[tuple[float, float] | None], limit: float | None) -> None:
    """Whatever was measured; each column is drawn once as a median or as one without an answer."""
    given_columns = columns(*rows)
    drawn = smoke(given_columns, HOUR, HANOI, limit)
    for path in (drawn.outer, drawn.inner, drawn.gone, *drawn.medians):
        assert "nan" not in path
        assert "inf" not in path
        assert all(0 <= number <= WIDTH for number in _numbers(path))
    assert sum(path.count("M") for path in drawn.medians) == sum(bool(each.times) for each in given_columns)
    assert drawn.gone.count("M") == sum(not each.times for each in given_columns)
    assert drawn.limit is None or 0 <= drawn.limit <= HEIGHT
    assert [place for place, _ in drawn.heights] == sorted((place for place, _ in drawn.heights), reverse=True)
    assert 3 <= len(drawn.heights) <= 7
    assert drawn.heights[0] == (100, 0)


def test_the_median_bears_the_colour_of_the_loss() -> None:
    """None, and six steps up to nearly all; the smoke breaks where nothing was measured."""
    drawn = smoke(columns((0.01, 0.0), (0.01, 0.015), None, (0.01, 0.6), (0.01, 1.0)), HOUR, HANOI)
    assert [bool(path) for path in drawn.medians] == [True, True, False, False, False, False, True]
    assert drawn.outer.count("M") == drawn.inner.count("M") == 2
    assert [colour_of(loss) for loss in (0.0, 0.001, 0.02, 0.021, 0.1, 0.5, 0.9)] == [0, 1, 1, 2, 3, 5, 6]
    assert len(LOSSES) == 7


def test_one_slow_answer_does_not_flatten_the_graph() -> None:
    """Its smoke goes to the upper edge; the medians of all others fill half of the height."""
    rows = [(0.01, 0.0)] * 59
    given_columns = columns(*rows)
    given_columns.append(Column(Interval(HOUR.end - 60_000, HOUR.end), (0.009, 0.01, 0.011, 4.0), 0.0))
    top = smoke(given_columns, HOUR, HANOI).heights[-1][1]
    assert 0.015 <= top <= 0.02


def test_what_is_required_is_drawn_where_it_is_near() -> None:
    """Three times as high as everything that was measured, it would only flatten the graph."""
    near = smoke(columns((0.02, 0.0)), HOUR, HANOI, 0.03)
    assert near.limit == pytest.approx(HEIGHT * (1 - 0.03 / near.heights[-1][1]), abs=0.1)
    assert smoke(columns((0.001, 0.0)), HOUR, HANOI, 0.03).limit is None


@pytest.mark.parametrize(
    ("length", "first", "last"),
    [
        (900_000, "13:46", "13:58"),
        (3_600_000, "13:00", "13:50"),
        (6 * 3_600_000, "08:00", "13:00"),
        (86_400_000, "16:00", "12:00"),
        (7 * 86_400_000, "18/11", "24/11"),
        (30 * 86_400_000, "29/10", "23/11"),
    ],
)
def test_times_below_are_round_and_local(length: int, first: str, last: str) -> None:
    """By the ward's clock, at most eight or so."""
    hours = smoke(columns((0.01, 0.0)), Interval(HOUR.end - length, HOUR.end), HANOI).hours
    assert (hours[0].text, hours[-1].text) == (first, last)
    assert len(hours) <= 9
    steps = {round(after.place - before.place, 1) for before, after in pairwise(hours)}
    assert max(steps) - min(steps) <= 0.1


def test_a_digest_tells_the_range_and_the_worst() -> None:
    """Of all columns, and part by part; a part without a measurement has none."""
    found = columns((0.01, 0.0), (0.03, 0.5), None, (0.02, 1.0))
    whole = digest(found)
    assert (whole.least, whole.most, whole.loss, whole.worst) == (0.01, 0.03, 0.5, 1.0)
    assert whole.slow == pytest.approx(0.045)
    assert whole.worst_at == found[-1].span.start
    parts = digests(found, Interval(HOUR.start, HOUR.start + 240_000), 4)
    assert [part.loss for part in parts] == [0.0, 0.5, 1.0]
    assert parts[-1].least is None


def _past(*log: tuple[State, State, float], runs: Sequence[Interval] | None = None) -> Past:
    changes = [change(LINK, before, after, seconds) for before, after, seconds in log]
    return Past({LINK: changes}, [span(-100_000, 0)] if runs is None else runs)


def test_each_instant_is_in_one_state() -> None:
    """Up, down, up again, not watched, and planned work over all of it: together they are the whole time."""
    past = _past((State.UNKNOWN, State.UP, -3_000), (State.UP, State.DOWN, -2_000), (State.DOWN, State.UP, -1_500))
    window = MaintenanceWindow.model_validate({
        "id": "w",
        "links": ["wan"],
        "from": "2026-11-24T13:50:00",
        "to": "2026-11-24T13:55:00",
    })
    period = span(-3_600, 0)
    states = states_in(past, LINK, period, HANOI, [Announcement(window, AT)])
    drawn = strip(states, period)
    spent = {state: time // 1_000 for state, time in drawn.spent.items()}
    assert spent == {State.UNKNOWN: 600, State.UP: 2_200, State.DOWN: 500, State.MAINTENANCE: 300}
    assert {piece.state for piece in drawn.pieces} == set(spent)


def test_a_short_outage_is_seen() -> None:
    """Ten seconds of thirty days are as broad as a line."""
    past = _past((State.UNKNOWN, State.UP, -90_000), (State.UP, State.DOWN, -50), (State.DOWN, State.UP, -40))
    period = span(-30 * 86_400, 0)
    drawn = strip(states_in(past, LINK, period, HANOI, []), period)
    (down,) = [piece.path for piece in drawn.pieces if piece.state is State.DOWN]
    assert _numbers(down)[2] == 1.5


def test_a_day_is_as_long_as_it_is() -> None:
    """Today first and only as far as it has come; a day with a change of the clock has 25 hours."""
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
    whole = Interval(instant(now) - 5 * 86_400_000, instant(now))
    found = list(days([(State.UP, (whole,))], now, zone, 3))
    assert [each.day for each in found] == [date(2026, 10, 26), date(2026, 10, 25), date(2026, 10, 24)]
    assert [each.spent[State.UP] // 3_600_000 for each in found] == [13, 25, 24]


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-180, 180)), min_size=1, max_size=12))
def test_every_site_lies_on_its_map(places: list[tuple[float, float]]) -> None:
    """Wherever on earth it is, and its name with it."""
    inventory = drawn_ward(len(places) - 1, name="x")
    sites = [site.model_copy(update={"location": place}) for site, place in zip(inventory.sites, places, strict=True)]
    inventory = inventory.model_copy(update={"sites": tuple(sites)})
    (found,) = maps_of(Naming().of(inventory), Topology(inventory)).values()
    assert len(found.points) == len(places)
    assert all(0 <= point.x <= MAP_WIDTH and 0 <= point.y <= found.height for point in found.points)
    assert 0 < found.bar <= MAP_WIDTH / 3


def test_north_is_up_and_distances_are_true() -> None:
    """What lies a kilometre apart is drawn so by the bar of the scale; the office is on top of the others."""
    inventory = drawn_ward(2)
    (found,) = maps_of(Naming().of(inventory), Topology(inventory)).values()
    points = {point.site.id: point for point in found.points}
    assert points["p1"].y < points["p0"].y < points["office"].y
    assert points["p1"].x < points["p0"].x
    assert found.points[-1].site.id == "office"
    metres = (points["office"].y - points["p1"].y) / found.bar * found.metres
    assert metres == pytest.approx(0.002 * 111_320, rel=0.02)
    assert [(line.start.site.id, line.end.site.id, line.links) for line in found.lines] == [
        ("p0", "office", ("l0",)),
        ("p1", "office", ("l1",)),
    ]


@pytest.mark.parametrize("state", WORST_FIRST)
def test_a_line_is_as_well_as_the_best_of_its_links(state: State) -> None:
    """One link that works is enough."""
    inventory = drawn_ward(1)
    (found,) = maps_of(Naming().of(inventory), Topology(inventory)).values()
    assert found.lines[0].state([State.DOWN, state]) is state
    assert found.lines[0].state([]) is State.UNKNOWN


def test_a_tree_shows_each_thing_once() -> None:
    """Also where several ways lead to it."""
    arrows: dict[SubjectKey, list[SubjectKey]] = {
        ("link", "a"): [("link", "b"), ("link", "c")],
        ("link", "b"): [("link", "d")],
        ("link", "c"): [("link", "d")],
    }
    found = tree([("link", "a"), ("link", "a")], lambda each: arrows.get(each, []), lambda _: (State.UP, None))
    (top,) = found.nodes
    assert [node.subject for node in top.children] == [("link", "b"), ("link", "c")]
    assert [len(node.children) for node in top.children] == [1, 0]
    assert found.left_out == 0


def test_a_tree_ends_somewhere() -> None:
    """Of thousands the first are shown, and how many are not."""
    wide: list[SubjectKey] = [("link", str(number)) for number in range(5_000)]
    found = tree([("link", "top")], lambda each: wide if each[1] == "top" else [], lambda _: (State.UP, None))
    assert len(found.nodes[0].children) == MOST - 1
    assert found.left_out == 5_000 - (MOST - 1)
