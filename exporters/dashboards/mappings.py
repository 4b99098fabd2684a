"""Numbers that stand for something, with the word, the sign and the colour of each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from exporters.dashboards.colours import BAD, DOUBTFUL, GOOD, QUIET, STATE_COLOURS
from exporters.dashboards.parts import Json, looks
from exporters.dashboards.text import Text, same
from exporters.pages.words import OUTCOMES, QUALITIES, SERVICE_STATES, STATES
from model.inventory import Language
from model.state import State
from model.verdict import Outcome, Quality

STATE_CODES: Final[Mapping[State, int]] = {
    State.UP: 0,
    State.MAINTENANCE: 1,
    State.UNKNOWN: 2,
    State.DEGRADED: 3,
    State.UNREACHABLE: 4,
    State.DOWN: 5,
}
"""A number for each state, the worst the highest."""

SIGNS: Final[Mapping[State, str]] = {
    State.UP: "✓",
    State.DEGRADED: "!",
    State.DOWN: "✕",
    State.UNREACHABLE: "⊘",
    State.UNKNOWN: "?",
    State.MAINTENANCE: "⚙",
}
OUTCOME_SIGNS: Final[Mapping[Outcome, str]] = {Outcome.MET: "✓", Outcome.BREACHED: "✕", Outcome.UNKNOWN: "?"}
"""Beside each word, as on the status page: the colour only repeats it."""

UNDECIDED: Final = -1
"""The number for a requirement on which nothing can be said."""


def mapping(rows: Iterable[tuple[int, Text, str]]) -> Sequence[Json]:
    """Value, word and colour."""
    options = {
        str(value): {"text": word, "color": colour, "index": index} for index, (value, word, colour) in enumerate(rows)
    }
    return ({"type": "value", "options": options},)


def _states(words: Mapping[Language, Mapping[State, str]]) -> Sequence[Json]:
    return mapping((code, state_word(state, words), STATE_COLOURS[state]) for state, code in STATE_CODES.items())


def state_word(state: State, words: Mapping[Language, Mapping[State, str]] = STATES) -> Text:
    """The sign and the word of a state, as the status page has them."""
    return same(f"{SIGNS[state]} ") + Text(words["en"][state], words["vi"][state])


def quality(requirement: Quality) -> Text:
    """The word for what is required."""
    return Text(*(QUALITIES[tongue][requirement].capitalize() for tongue in ("en", "vi")))


def _outcome(outcome: Outcome) -> Text:
    return same(f"{OUTCOME_SIGNS[outcome]} ") + Text(OUTCOMES["en"][outcome], OUTCOMES["vi"][outcome])


STATE_MAPPING: Final = _states(STATES)
SERVICE_MAPPING: Final = _states(SERVICE_STATES)
MET_MAPPING: Final = mapping((
    (1, _outcome(Outcome.MET), GOOD),
    (0, _outcome(Outcome.BREACHED), BAD),
    (UNDECIDED, _outcome(Outcome.UNKNOWN), QUIET),
))
PORT_MAPPING: Final = mapping((
    (1, Text("✓ up", "✓ hoạt động"), GOOD),
    (2, Text("✕ down", "✕ ngắt"), BAD),
    (3, Text("testing", "đang thử"), DOUBTFUL),
    (4, Text("? unknown", "? chưa rõ"), QUIET),
    (5, Text("dormant", "chờ"), DOUBTFUL),
    (6, Text("not present", "không có"), QUIET),
    (7, Text("✕ lower layer down", "✕ lớp dưới ngắt"), BAD),
))
"""RFC 2863, ifOperStatus and ifAdminStatus."""

SUCCESS_MAPPING: Final = mapping((
    (1, Text("✓ succeeded", "✓ thành công"), GOOD),
    (0, Text("✕ failed", "✕ thất bại"), BAD),
))
YES_IS_GOOD: Final = mapping(((1, Text("✓ yes", "✓ có"), GOOD), (0, Text("✕ no", "✕ không"), BAD)))
YES_IS_BAD: Final = mapping(((0, Text("✓ no", "✓ không"), GOOD), (1, Text("✕ yes", "✕ có"), BAD)))

PAINTED: Final[Json] = {"type": "color-background", "mode": "basic"}
"""The options of a cell whose colour is that of its value."""

STATE_CELL: Final = looks(mappings=list(STATE_MAPPING), custom_cellOptions=PAINTED)
SERVICE_CELL: Final = looks(mappings=list(SERVICE_MAPPING), custom_cellOptions=PAINTED)
