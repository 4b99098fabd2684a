"""What the rounds find is shown, and may be worth an alert."""

from typing import Any

import pytest

from model.measurement import SubjectKey
from monitor.boards import Boards

LINE: SubjectKey = ("link", "spare")


class Notes:
    """Notes by what name it was told what."""

    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *what: self.told.append((name, what))


@pytest.mark.parametrize(
    ("name", "what", "is_heard"),
    [
        ("judged", (LINE, []), True),
        ("burning", (LINE, {3_600.0: 1.0}), True),
        ("windowed", ("spare", "facts", 9.0), False),
        ("minutes", ("spare", "minutes"), False),
        ("accounted", (LINE, "tally", 0.9, 0.5, {"own": 1}), False),
    ],
)
def test_all_is_shown_and_verdicts_and_budgets_are_heard(name: str, what: Any, *, is_heard: bool) -> None:
    """Word for word."""
    latest, alerting = Notes(), Notes()
    getattr(Boards(latest, alerting), name)(*what)  # type: ignore[arg-type]  # they note whatever they are told
    assert latest.told == [(name, what)]
    assert alerting.told == ([(name, what)] if is_heard else [])
