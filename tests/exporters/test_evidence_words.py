"""What a transition was decided on, in a sentence."""

from math import inf

import pytest

from exporters.evidence_sentences import SAID
from exporters.evidence_words import _SENTENCES, Evidence, evidence_in_words, evidence_told
from exporters.told import Told
from exporters.verdict_view import in_words
from model.decision import CameUp, Change, WentDegraded, WentDown, WentUnknown
from model.detection import Detector
from model.inventory import Language
from model.measurement import ProbeKind, Reason
from model.shortfall import breach_from, figures_of
from model.verdict import Outcome, Quality, Verdict, Why
from tests.peers.board import AT
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


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        ({}, Told("")),
        ({"rtt": 1.2, "timeout": 1.0}, Told("có trả lời sau 1,2\u00a0s, quá thời hạn 1\u00a0s")),
        (
            {"answers": 3, "losses": 1, "late": 2},
            Told("3 lần trả lời, trong đó 2 lần trễ; từ lần trả lời đầu tiên mất 1 lần"),
        ),
        ({"because": "snmp: agent error", "child": "x"}, Told("SNMP: thiết bị trả lời lỗi SNMP")),
        ({"because": "a fibre was cut"}, Told("", "a fibre was cut")),
        ({"because": "all is met", "x": 1.5}, Told("mọi yêu cầu đều đạt", "x 1.5")),
        ({"loss": "loss: breached: 3.1%"}, Told("", "loss: breached: 3.1%")),
    ],
)
def test_words_in_vietnamese(evidence: Evidence, told: Told) -> None:
    """What is known by names and numbers is told; a sentence of an earlier version stays, and is known as English."""
    assert evidence_told(evidence, "vi") == told


@pytest.mark.parametrize("language", ["vi", "id"])
def test_whatever_a_probe_can_say_has_its_words(language: Language) -> None:
    """Every protocol and every reason, written as it is written down."""
    for kind in ProbeKind:
        for reason in Reason:
            told = evidence_told({"because": f"{kind}: {reason.value.replace('_', ' ')}"}, language)
            assert told == Told(f"{kind.upper()}: {SAID[language][reason]}")


@pytest.mark.parametrize("value", [0.045, inf])
def test_a_breach_is_told_from_its_figures(value: float) -> None:
    """In English as it always was; in another language from what stands beside it, a value among the lost too."""
    verdict = Verdict(Quality.RTT, Outcome.BREACHED, Why.PROBES, value, 0.03, 300, 60, 300.0, 1.0, AT)
    evidence: Evidence = {"rtt": in_words(verdict), **figures_of(verdict)}
    assert breach_from(evidence, Quality.RTT, AT) == verdict
    assert evidence_in_words(evidence) == in_words(verdict)
    figure = "∞" if value == inf else "45\u00a0ms"
    words = f"độ trễ: không đạt: {figure}, yêu cầu ≤\u00a030\u00a0ms; 60/300 lần đo trong 5 phút vượt ngưỡng"
    assert evidence_told(evidence, "vi") == Told(words)


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
