"""The pictures of the review."""

import re
from datetime import date
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from model.verdict import Outcome
from reports.charts.bars import Bar, bars
from reports.charts.dots import Dot, DotWords, dots
from reports.charts.panels import Panel, panels
from reports.charts.strip import strip
from reports.charts.svg import WIDTH, fitting, steps
from reports.sections.worst import DayStrip

SVG = "{http://www.w3.org/2000/svg}"
WORDS = DotWords("Met", "Not met", "Not enough data", "%")


def root(picture: str) -> ET.Element:
    """The picture as XML."""
    return ET.fromstring(picture)  # noqa: S314  # our own


@given(st.floats(0, 1e12))
def test_an_axis_reaches_beyond_its_values_in_few_round_steps(highest: float) -> None:
    """From nought to at least the highest value, in five steps at the most."""
    ticks = steps(highest)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-9)
    assert 2 <= len(ticks) <= 6


def test_bars_are_as_long_as_their_values_and_differ_without_colour() -> None:
    """Twice the time is twice the length; each kind has a filling of its own."""
    picture = root(bars("lost", [Bar("a", (2.0, 0.0, 0.0)), Bar("b", (1.0, 1.0, 2.0))], ("down", "far", "?"), "h", str))
    drawn = [one for one in picture.iter(f"{SVG}rect") if float(one.get("height", 0)) == 11]
    lengths = [float(one.get("width", 0)) for one in drawn]
    assert lengths[0] == 2 * lengths[1] == 2 * lengths[2] == lengths[3]
    assert len({one.get("fill") for one in drawn}) == 3


def test_verdicts_of_a_speed_have_shapes_of_their_own() -> None:
    """Met is full, unknown a ring, breached a cross: none is told by colour alone."""

    def marks(outcome: Outcome) -> tuple[int, int]:
        picture = dots("speed", [Dot("x", 60, 70, 80, outcome)], WORDS, 80.0)
        return picture.count('r="3" fill="currentColor"'), picture.count('r="3" fill="none"')

    assert marks(Outcome.MET) == (2, 1)
    assert marks(Outcome.UNKNOWN) == (1, 2)
    assert marks(Outcome.BREACHED) == (1, 1)


def test_a_long_name_is_cut_before_its_direction() -> None:
    """Of two directions of one link each is told, however long the name of its site."""
    name = "Điểm phục vụ hành chính công phường Tân Xuân"
    rows = [Dot(f"{name} {way}", 60, 70, 80, Outcome.MET) for way in ("(xuống)", "(lên)")]
    picture = dots("speed", rows, WORDS, 80.0)
    assert "… (xuống)" in picture
    assert "… (lên)" in picture


def test_a_strip_has_a_dark_cell_for_each_hour_lost_and_a_hatched_one_for_each_unknown() -> None:
    """An hour that was there is left empty; so is one outside the period."""
    lost = (0.9, 0.3, 0.05, 0.0, None) + (0.0,) * 19
    unknown = (0.0,) * 4 + (1.0,) + (None,) * 19
    picture = strip("s", [DayStrip(date(2026, 10, 1), lost, unknown)], ("a", "b", "c", "d"))
    cells = [one for one in root(picture).iter(f"{SVG}rect") if one.get("width") == "14.4"]
    assert [one.get("fill-opacity") for one in cells] == ["1", "0.55", "0.25"]
    assert picture.count('fill="url(#s-hatch)"') == 2


def test_a_month_without_a_value_is_a_gap_and_one_beyond_the_limits_has_a_ring() -> None:
    """No line is drawn across a month of which nothing is known."""
    values = (1.0, 2.0, None, 4.0, 5.0, 9.0)
    panel = Panel("t", ("05", "06", "07", "08", "09", "10"), values, beyond=frozenset({5}))
    picture = panels("p", [panel], [str])
    assert picture.count("<circle") - picture.count('r="0.7"') == 6
    assert len(re.findall(r'stroke-width="1.2"/>', picture)) == 3 + 6


@given(st.text(), st.floats(10, 400))
def test_words_fit_their_room_and_pictures_stay_xml(name: str, room: float) -> None:
    """A name of any length and any letters leaves the picture well-formed and inside its width."""
    short = fitting(name.replace("\x00", ""), room)
    assert len(short) <= max(1, len(name))
    shown = "".join(letter for letter in short if letter.isprintable())
    picture = root(bars("b", [Bar(shown, (1.0,))], ("k",), "h", str))
    assert picture.get("viewBox", "").split()[2] == f"{WIDTH:g}"
