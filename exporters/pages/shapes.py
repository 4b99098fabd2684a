"""How a state is drawn: each by a shape of its own, which its colour only repeats."""

from collections.abc import Mapping
from typing import Final

from model.state import State

SHAPES: Final[Mapping[State, str]] = {
    State.UP: "M-7,0a7,7 0 1,0 14,0a7,7 0 1,0 -14,0z",
    State.DEGRADED: "M0,-9.5L9.5,7.5H-9.5z",
    State.DOWN: "M-8.5,-8.5H8.5V8.5H-8.5z",
    State.UNREACHABLE: "M0,-11L11,0L0,11L-11,0z",
    State.UNKNOWN: "M-6.5,0a6.5,6.5 0 1,0 13,0a6.5,6.5 0 1,0 -13,0z",
    State.MAINTENANCE: "M-3.4,-9.5H3.4V-3.4H9.5V3.4H3.4V9.5H-3.4V3.4H-9.5V-3.4H-3.4z",
}
"""SVG paths around the origin: disc, triangle, square, diamond, ring, cross."""

STROKES: Final[Mapping[State, str]] = {
    State.DOWN: "M-4,-4L4,4M4,-4L-4,4",
    State.UNREACHABLE: "M-4,4L4,-4",
    State.DEGRADED: "M0,-3.5V2M0,4.4V5",
}
"""What is drawn into some of them."""

WORST_FIRST: Final = (
    State.DOWN,
    State.UNREACHABLE,
    State.DEGRADED,
    State.UNKNOWN,
    State.MAINTENANCE,
    State.UP,
)
"""The order in which states are shown."""

RANK: Final[Mapping[State, int]] = {state: rank for rank, state in enumerate(WORST_FIRST)}
"""The place of a state in that order."""
