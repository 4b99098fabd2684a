"""Silences as facts of the history, and back."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from history.facts import Document, SilenceRecord
from model.matcher import parse_matcher
from model.silence import Silence, make_silence
from monitor.silences import known_silences, silence_record

NOON = datetime(2026, 11, 24, 5, tzinfo=UTC)


def silence() -> Silence:
    """Of two sites but one line, for an hour."""
    matchers = tuple(map(parse_matcher, ('site=~"office|clinic"', 'link!="spare"', 'provider!~"V.*"')))
    return make_silence(matchers, NOON, NOON + timedelta(hours=1), "lan", "đào đường", now=NOON)


def test_a_silence_comes_back_as_it_was_written() -> None:
    """With every kind of matcher, and letters of any language."""
    assert list(known_silences([silence_record(silence())])) == [silence()]


def test_a_silence_that_was_ended_is_a_later_version_and_ends_then() -> None:
    """So that the history keeps it instead of the first, and drops it in time."""
    ended = silence().ended(NOON + timedelta(minutes=5), "an")
    first, second = silence_record(silence()), silence_record(ended)
    assert (second.id, second.ends_at) == (first.id, NOON + timedelta(minutes=5))
    assert second.version > first.version
    assert list(known_silences([second])) == [ended]


BROKEN: list[Document] = [
    {},
    {"matchers": "site=office"},
    {"matchers": ["site?office"]},
    {"starts_at": "yesterday"},
    {"author": ""},
]


@pytest.mark.parametrize("wrong", BROKEN)
def test_one_that_cannot_be_read_mutes_nothing_and_hides_no_other(
    wrong: Document, caplog: pytest.LogCaptureFixture
) -> None:
    """Which one is in the log."""
    good = silence_record(silence())
    content = {**good.content, **wrong} if wrong else {}
    assert list(known_silences([SilenceRecord("silence-1", NOON, 1, content), good])) == [silence()]
    ((_, level, text),) = caplog.record_tuples
    assert level == logging.ERROR
    assert "silence silence-1 cannot be read and mutes nothing" in text
