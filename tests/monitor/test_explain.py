"""One measurement told to a person: what was measured and nothing else."""

from datetime import UTC, datetime

import pytest

from model.measurement import (
    Failure,
    HttpReading,
    Measurement,
    ProbeKind,
    Reading,
    Reason,
    StampReading,
    Subject,
)
from monitor.explain import explain

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)


def told(kind: ProbeKind, outcome: Reading | Failure) -> tuple[str, dict[str, str]]:
    """The sentence and the facts about one outcome."""
    sentence, facts = explain(Measurement(Subject("anchor", "a", "", "192.0.2.9"), kind, NOW, 0.25, outcome))
    return sentence, dict(facts)


def test_a_stamp_answer_shows_losses_and_no_sequence_numbers() -> None:
    """A sender never uses number 1, so that the two numbers side by side would look like a loss that there was not."""
    sentence, facts = told(ProbeKind.STAMP, StampReading(0.002, 0.0001, 2, 1, 0, 0, 255))
    assert sentence == "stamp 192.0.2.9: answered, in 250ms"
    assert facts == {
        "round trip": "2ms, without the reflector's own time",
        "inside the reflector": "0.1ms",
        "lost on the way out since the last answer": "0",
        "lost on the way back since the last answer": "0",
        "hop limit at the reflector": "255",
    }


def test_what_cannot_be_told_is_not_there() -> None:
    """The first answer of a session says nothing about losses, and no line pretends that it does."""
    _, facts = told(ProbeKind.STAMP, StampReading(0.002, None, 0, 0))
    assert set(facts) == {"round trip"}


@pytest.mark.parametrize(("size", "words"), [(0, "0 bytes"), (1, "1 byte"), (2, "2 bytes")])
def test_a_failure_tells_what_was_measured_before_it(size: int, words: str) -> None:
    """The reason and its sentence come first, then the phases that were completed."""
    partial = HttpReading({"connect": 0.001}, 503, 1.1, 0, None, size, "192.0.2.9")
    sentence, facts = told(ProbeKind.HTTP, Failure(Reason.STATUS, "HTTP 503, expected 200 to 299", partial))
    assert sentence == "http 192.0.2.9: failed (status) after 250ms: HTTP 503, expected 200 to 299"
    assert facts == {"connect": "1ms", "status": "503, HTTP/1.1", "address": "192.0.2.9", "body": words}
