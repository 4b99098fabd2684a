"""What a transition was decided on, in a sentence."""

import pytest

from exporters.evidence_words import _SENTENCES, Evidence, evidence_in_words
from model.decision import CameUp, Change, WentDegraded, WentDown, WentUnknown
from model.detection import Detector
from tests.peers.detection import RTT, SECOND, World

_SILENT: Evidence = {
    "silences": 6.0,
    "silences_needed": 6.0,
    "seconds": 1.4,
    "seconds_needed": 1.1,
    "loss_bound": 0.011,
    "burst_bound": 1.0,
    "lost_after": 1.0,
    "targets": 2.0,
}


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ({}, ""),
        ({"rtt": 0.012}, "an answer after 12ms"),
        ({"rtt": 1.2, "timeout": 1.0}, "an answer after 1.2s, later than the time-out of 1s"),
        ({"seconds": 3.2}, "nothing was measured for 3.2s"),
        ({"answers": 3, "losses": 0, "late": 0}, "3 answers, and 0 lost since the first of them"),
        ({"answers": 1, "losses": 1, "late": 1}, "1 answer, 1 of them late, and 1 lost since the first of them"),
        (
            _SILENT,
            (
                "6 probes in a row without an answer, over 1.4s and to 2 targets; 6 silences over 1.1s prove an "
                "outage where 1.1% may be lost anyway; a probe is lost after 1s"
            ),
        ),
        ({"because": "icmp: timeout", "child": "office-sw1"}, "icmp: timeout; child office-sw1"),
        ({"burst_bound": 1.5, "because": "x"}, "x; burst bound 1.5"),
        (
            {"loss": "loss: breached: 3.1%", "delay_variation": "delay variation, 99th percentile: breached: ∞"},
            "loss: breached: 3.1%; delay variation, 99th percentile: breached: ∞",
        ),
        ({"loss": 0.031}, "loss 0.031"),
        ({"seconds": "many"}, "seconds many"),
        ({"because": "a\x1b[2J"}, "a\\x1b[2J"),
    ],
)
def test_words(evidence: Evidence, words: str) -> None:
    """What the detector notes has its sentence; all else is listed, and moves no cursor."""
    assert evidence_in_words(evidence) == words


def _fate(sent: float, _target: int) -> float | None:
    """A link that answers, is cut, returns, and then answers too late."""
    if sent < 20:
        return RTT
    return None if sent < 40 else RTT if sent < 60 else 1.5


def test_whatever_a_detector_notes_has_its_sentence() -> None:
    """Each of the four changes is told in words of its own, so that nobody reads names of numbers."""
    world = World(Detector(SECOND), SECOND, _fate).until(80.0)
    decisions = [*world.decisions, *world.detector.tick(200.0)]
    changes = [decision for decision in decisions if isinstance(decision, Change)]
    assert {type(change) for change in changes} == {WentDown, CameUp, WentDegraded, WentUnknown}
    assert [change for change in changes if frozenset(change.evidence) not in _SENTENCES] == []
