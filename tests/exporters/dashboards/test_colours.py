"""The colours of states, seen with every kind of colour vision."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

from exporters.dashboards.colours import STATE_COLOURS

STATIC = Path(__file__).parents[3] / "exporters" / "pages" / "static"
CLEAR = 14.0
"""Distance in CIELAB; 2.3 is just noticeable (Mahy et al. 1994)."""

# Machado, Oliveira, Fernandes (2009), severity 1.0: what is left of linear red, green, blue.
VISIONS = {
    "all colours": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
XYZ = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8727))
"""From linear sRGB, white at 1."""


def product(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    """A matrix times a vector."""
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def lab(colour: str, vision: str) -> tuple[float, float, float]:
    """A colour of sRGB in CIELAB, as it is seen."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    seen = [min(1.0, max(0.0, part)) for part in product(VISIONS[vision], linear)]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in product(XYZ, seen))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("vision", VISIONS)
def test_no_two_states_look_alike(vision: str) -> None:
    """Any two are far apart, also for those who do not see red, green or blue as others do."""
    for (one, first), (other, second) in combinations(STATE_COLOURS.items(), 2):
        assert math.dist(lab(first, vision), lab(second, vision)) > CLEAR, (one, other)


def test_states_have_the_colours_of_the_status_page() -> None:
    """Of the two that a state has there, for light and for dark, it has one here."""
    style = "".join(path.read_text() for path in STATIC.rglob("*.css"))
    for state, colour in STATE_COLOURS.items():
        assert colour in re.findall(rf"--{state.value}: (#[0-9a-f]{{6}})", style), state
