"""A map of the sites of a ward, from their coordinates alone: where each lies, and on which other it hangs."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from exporters.names import Names
from exporters.pages.shapes import RANK
from model.inventory import Site, Ward
from model.measurement import SubjectKey
from model.state import State
from model.topology import Topology

WIDTH: Final = 600
_TALLEST: Final = 620
_FLATTEST: Final = 220
_MARGIN: Final = 36
_METRES_PER_DEGREE: Final = 111_320.0
_SMALLEST: Final = 200.0  # metres across, so that one site alone is a map too
_BESIDE: Final = 17  # from a point to its name
_LETTER: Final = 12.0  # the width of a letter of a name
_STEPS: Final = (1, 2, 5)
_BAR: Final = 0.25  # of the width, that the bar of the scale may take


@dataclass(frozen=True, slots=True)
class Point:
    """Where a site is drawn.

    Attributes:
        site: Which.
        x: From the left.
        y: From the top.
        side: Where its name stands: start, middle or end of the text lies at ``label``.
        label: How far right and down of the point the name stands.
    """

    site: Site
    x: float
    y: float
    side: str
    label: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """What a site hangs on.

    Attributes:
        start: The site.
        end: The site that it hangs on.
        links: The ids of its links that do.
    """

    start: Point
    end: Point
    links: tuple[str, ...]

    def state(self, states: Iterable[State]) -> State:
        """The line's state from those of its links: the best, for one is enough."""
        return max(states, key=RANK.__getitem__, default=State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class WardMap:
    """The sites of one ward that have coordinates.

    Attributes:
        ward: Whose; ``None`` of an inventory without wards.
        height: Of the drawing, which is ``WIDTH`` wide.
        points: One for each site, the important ones last, on top.
        lines: Between them.
        bar: How long the bar of the scale is.
        metres: What that stands for.
    """

    ward: Ward | None
    height: int
    points: Sequence[Point]
    lines: Sequence[Line]
    bar: float
    metres: int


def maps_of(names: Names, topology: Topology) -> dict[str, WardMap]:
    """One map for each ward in which sites have coordinates, by its id; empty for none."""
    wards: dict[str, tuple[Ward | None, list[Site]]] = {}
    for site in names.inventory.sites:
        if site.location is not None:
            ward = names.inventory.ward_of(site)
            wards.setdefault(ward.id if ward else "", (ward, []))[1].append(site)
    return {name: _map(ward, sites, names, topology) for name, (ward, sites) in wards.items()}


def _map(ward: Ward | None, sites: Sequence[Site], names: Names, topology: Topology) -> WardMap:
    metres = [_metres(site, sites[0]) for site in sites]
    west, east = _spread(min(x for x, _ in metres), max(x for x, _ in metres))
    south, north = _spread(min(y for _, y in metres), max(y for _, y in metres))
    inner = WIDTH - 2 * _MARGIN
    scale = min(inner / (east - west), (_TALLEST - 2 * _MARGIN) / (north - south))
    height = max(_FLATTEST, round((north - south) * scale + 2 * _MARGIN))
    left = (WIDTH - (east - west) * scale) / 2
    top = (height - (north - south) * scale) / 2
    points = [
        _point(site, left + (x - west) * scale, top + (north - y) * scale)
        for site, (x, y) in zip(sites, metres, strict=True)
    ]
    length = _round_length(WIDTH * _BAR / scale)
    points.sort(key=lambda point: point.site.kind == "office")
    return WardMap(ward, height, points, list(_lines(points, names, topology)), length * scale, length)


def _metres(site: Site, origin: Site) -> tuple[float, float]:
    """East and north of a place: a ward is flat enough."""
    latitude, longitude = site.location or (0.0, 0.0)
    south, west = origin.location or (0.0, 0.0)
    east = (longitude - west + 180) % 360 - 180  # a ward may lie on the date line
    return east * math.cos(math.radians(south)) * _METRES_PER_DEGREE, (latitude - south) * _METRES_PER_DEGREE


def _spread(low: float, high: float) -> tuple[float, float]:
    missing = max(0.0, _SMALLEST - (high - low)) / 2
    return low - missing, high + missing


def _point(site: Site, x: float, y: float) -> Point:
    """With its name to the right where there is room, else to the left, else above and as near as it fits."""
    half = len(site.name or site.id) * _LETTER / 2
    here = Point(site, round(x, 1), round(y, 1), "start", (_BESIDE, 5))
    if x + _BESIDE + 2 * half < WIDTH:
        return here
    if x - _BESIDE - 2 * half > 0:
        return replace(here, side="end", label=(-_BESIDE, 5))
    middle = max(half, min(WIDTH - half, x)) if 2 * half < WIDTH else WIDTH / 2
    return replace(here, side="middle", label=(round(middle - x, 1), -_BESIDE))


def _round_length(metres: float) -> int:
    """The longest of 1, 2, 5, 10 … that is not longer."""
    power = int(10 ** (len(str(int(metres))) - 1))
    fitting: list[int] = [step * power for step in _STEPS if step * power <= max(metres, 1)]
    return max(fitting)


def _lines(points: Sequence[Point], names: Names, topology: Topology) -> Iterator[Line]:
    places = {point.site.id: point for point in points}
    for point in points:
        above: dict[str, list[str]] = {}
        for link in point.site.links:
            subject: SubjectKey = ("link", link.id)
            for home in {names[parent].site for parent in topology.parents(subject)}:
                above.setdefault(home, []).append(link.id)
        for home, links in above.items():
            if home in places and home != point.site.id:
                yield Line(point, places[home], tuple(links))
