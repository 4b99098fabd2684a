"""What a transition was decided on, in a sentence."""

from collections.abc import Callable, Mapping
from typing import Final

from model.text import harmless
from model.units import format_duration
from model.verdict import Quality

Evidence = Mapping[str, str | float]

_JUDGED: Final = frozenset(Quality)


def _silence(evidence: Evidence) -> str:
    return (
        f"{_count(evidence, 'silences', 'probe')} in a row without an answer, over {_time(evidence, 'seconds')} and to "
        f"{_count(evidence, 'targets', 'target')}; {_count(evidence, 'silences_needed', 'silence')} over "
        f"{_time(evidence, 'seconds_needed')} prove an outage where {_share(evidence, 'loss_bound')} may be lost "
        f"anyway; a probe is lost after {_time(evidence, 'lost_after')}"
    )


def _return(evidence: Evidence) -> str:
    late = f", {evidence['late']:g} of them late" if evidence["late"] else ""
    return f"{_count(evidence, 'answers', 'answer')}{late}, and {evidence['losses']:g} lost since the first of them"


def _late(evidence: Evidence) -> str:
    return f"an answer after {_time(evidence, 'rtt')}, later than the time-out of {_time(evidence, 'timeout')}"


_SENTENCES: Final[Mapping[frozenset[str], Callable[[Evidence], str]]] = {
    frozenset({
        "silences",
        "silences_needed",
        "seconds",
        "seconds_needed",
        "loss_bound",
        "burst_bound",
        "lost_after",
        "targets",
    }): _silence,
    frozenset({"answers", "losses", "late"}): _return,
    frozenset({"rtt", "timeout"}): _late,
    frozenset({"rtt"}): lambda evidence: f"an answer after {_time(evidence, 'rtt')}",
    frozenset({"seconds"}): lambda evidence: f"nothing was measured for {_time(evidence, 'seconds')}",
}
"""Evidence of ``model.detection``, by its keys; each value there is a number."""


def evidence_in_words(evidence: Evidence) -> str:
    """One sentence without its full stop; empty where nothing was noted. What no sentence is known for is listed."""
    sentence = _SENTENCES.get(frozenset(evidence))
    if sentence is not None and not any(isinstance(value, str) for value in evidence.values()):
        return sentence(evidence)
    because = evidence.get("because")
    listed = [_listed(name, value) for name, value in evidence.items() if name != "because"]
    return harmless("; ".join([*([str(because)] if because is not None else []), *listed]))


def _listed(name: str, value: str | float) -> str:
    if name in _JUDGED and isinstance(value, str):
        return value  # a verdict in words, which begin with what was judged
    return f"{name.replace('_', ' ')} {value if isinstance(value, str) else f'{value:g}'}"


def _count(evidence: Evidence, name: str, noun: str) -> str:
    number = float(evidence[name])
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def _time(evidence: Evidence, name: str) -> str:
    return format_duration(float(evidence[name]))


def _share(evidence: Evidence, name: str) -> str:
    return f"{float(evidence[name]) * 100:.3g}%"
