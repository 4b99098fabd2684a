"""Hysteresis: several looks in a row."""

import pytest

from model.streak import Streak


@pytest.mark.parametrize(
    ("looks", "wrong"),
    [
        ([], None),
        ([True, True], None),
        ([True, True, True], True),
        ([True, True, False, True, True], None),
        ([True, True, None, True], True),
        ([False], None),
        ([False, False], False),
        ([True, True, True, False], True),
        ([True, True, True, False, False], False),
        ([False, False, True, True], False),
    ],
)
def test_it_takes_several_looks_in_a_row(looks: list[bool | None], *, wrong: bool | None) -> None:
    """Three bad ones make it wrong, two good ones well; a look that tells nothing breaks no row."""
    streak = Streak(3, 2)
    for look in looks:
        streak.after(look)
    assert streak.is_wrong is wrong
