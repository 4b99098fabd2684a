"""Silences: what they mute, until when, and which are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from model.invalid import InvalidValueError
from model.matcher import parse_matcher
from model.silence import make_silence, silence_id

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
MATCHERS = (parse_matcher("site=office"), parse_matcher("severity!=critical"))
LABELS = {"site": "office", "severity": "warning"}
SILENCE = make_silence(MATCHERS, NOW + HOUR, NOW + 3 * HOUR, " An ", " new router ", now=NOW)


@pytest.mark.parametrize(("hours", "mutes"), [(0.99, False), (1, True), (2.99, True), (3, False)])
def test_a_silence_mutes_from_its_start_until_before_its_end(hours: float, *, mutes: bool) -> None:
    """Half-open, like every stretch of time here."""
    assert SILENCE.mutes(LABELS, NOW + hours * HOUR) is mutes


@pytest.mark.parametrize(
    "labels", [{}, {"site": "tdp-01"}, {"site": "office", "severity": "critical"}, {"severity": "warning"}]
)
def test_a_silence_mutes_only_what_meets_all_its_matchers(labels: dict[str, str]) -> None:
    """One that is not met is enough."""
    assert not SILENCE.mutes(labels, NOW + 2 * HOUR)


def test_somebody_may_end_a_silence_before_its_time() -> None:
    """It stays on record with who did; one that is over is not ended again."""
    ended = SILENCE.ended(NOW + 2 * HOUR, "binh")
    assert (ended.until, ended.ended_by) == (NOW + 2 * HOUR, "binh")
    assert ended.mutes(LABELS, NOW + 2 * HOUR - timedelta(seconds=1))
    assert not ended.mutes(LABELS, NOW + 2 * HOUR)
    assert ended.ended(NOW + 2.5 * HOUR, "an") == ended
    assert SILENCE.ended(NOW + 3 * HOUR, "an") == SILENCE


def test_a_silence_that_is_ended_before_it_starts_never_mutes() -> None:
    """Taken back in time."""
    ended = SILENCE.ended(NOW, "an")
    assert not any(ended.is_active(NOW + minutes * timedelta(minutes=1)) for minutes in range(240))


def test_the_same_facts_give_the_same_id() -> None:
    """In whatever order the matchers stand; other facts give another."""
    again = make_silence(MATCHERS[::-1], NOW + HOUR, NOW + 3 * HOUR, "An", "else", now=NOW)
    assert again.id == SILENCE.id
    assert again.id.startswith("silence-")
    others = [
        silence_id(MATCHERS[:1], NOW + HOUR, NOW + 3 * HOUR, "An", NOW),
        silence_id(MATCHERS, NOW, NOW + 3 * HOUR, "An", NOW),
        silence_id(MATCHERS, NOW + HOUR, NOW + 4 * HOUR, "An", NOW),
        silence_id(MATCHERS, NOW + HOUR, NOW + 3 * HOUR, "Binh", NOW),
        silence_id(MATCHERS, NOW + HOUR, NOW + 3 * HOUR, "An", NOW + HOUR),
    ]
    assert len({SILENCE.id, *others}) == 6


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"ends_at": NOW + HOUR}, "end"),
        ({"matchers": ()}, "everything"),
        ({"matchers": (parse_matcher("site!=office"), parse_matcher("link=~.*"))}, "everything"),
        ({"author": " "}, "author"),
        ({"comment": ""}, "comment"),
    ],
)
def test_a_silence_that_nobody_could_answer_for_is_refused(changes: dict[str, object], word: str) -> None:
    """Without length, without bounds, without a name or a reason."""
    with pytest.raises(InvalidValueError, match=word):
        replace(SILENCE, **changes)  # type: ignore[arg-type]  # each is of its field's type


def test_a_silence_of_the_past_is_refused_when_it_is_made() -> None:
    """A slip in the date; but one that was stored may be over."""
    with pytest.raises(InvalidValueError, match="over already"):
        make_silence(MATCHERS, NOW - 2 * HOUR, NOW - HOUR, "An", "slip", now=NOW)
