"""The colours, which people with any kind of colour vision tell apart, and which a sign or a word always repeats.

Of the two colours that the status page has for a state, one for light and one for dark, that one is taken which is
farthest from the others: health is pale and trouble is dark. Lines have colours of Okabe and Ito's palette
(https://jfly.uni-koeln.de/color/), and each is also dashed, filled or thick in its own way.
"""

from collections.abc import Mapping
from typing import Final

from model.state import State

STATE_COLOURS: Final[Mapping[State, str]] = {
    State.UP: "#7ddca0",
    State.DEGRADED: "#f3c26b",
    State.DOWN: "#a5121b",
    State.UNREACHABLE: "#7b2a6b",
    State.UNKNOWN: "#b9c4cd",
    State.MAINTENANCE: "#1c4f93",
}
"""Each is a colour of the status page."""

GOOD: Final = STATE_COLOURS[State.UP]
DOUBTFUL: Final = STATE_COLOURS[State.DEGRADED]
BAD: Final = STATE_COLOURS[State.DOWN]
QUIET: Final = STATE_COLOURS[State.UNKNOWN]

BLUE: Final = "#0072b2"
SKY: Final = "#56b4e9"
GREEN: Final = "#009e73"
ORANGE: Final = "#e69f00"
VERMILION: Final = "#d55e00"
PURPLE: Final = "#cc79a7"

HEAT: Final = "Cividis"
"""The colour scheme of heat maps, made for people who see no difference between red and green."""
