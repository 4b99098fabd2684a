"""The page about states says what the table says."""

import re
from pathlib import Path

from model.state import TRANSITIONS, Event, State
from model.state_page import states_page

PAGE = (Path(__file__).parents[2] / "docs/states.md").read_text("utf-8")


def test_the_page_is_as_the_table_would_write_it() -> None:
    """`make docs` has been run since the table was changed."""
    assert states_page() == PAGE, "run `make docs`"


def test_the_diagram_has_every_pair_of_the_table_and_no_other() -> None:
    """Read back from the page as a renderer would."""
    arrows = re.findall(r"^    (\w+) --> (\w+): (.+)$", PAGE, flags=re.MULTILINE)
    drawn = {(State(before), Event(event), State(after)) for before, after, event in arrows}
    assert drawn == {(state, event, after) for state, row in TRANSITIONS.items() for event, after in row.items()}


def test_every_state_and_event_is_explained() -> None:
    """One line each."""
    assert all(f"| **{state}** | " in PAGE for state in State)
    assert all(f"| {event} | " in PAGE for event in Event)
