"""What a breach is written down as beside its sentence, so that another language can say the same."""

from collections.abc import Mapping
from datetime import datetime
from math import inf, isfinite

from model.verdict import Outcome, Quality, Verdict, Why

Evidence = Mapping[str, str | float]


def figures_of(verdict: Verdict) -> dict[str, str | float]:
    """The figures of a verdict, each named after its quality: ``loss_value``, ``loss_why``.

    What is not known is not there; a quantile that falls among the lost has no value.
    """
    known: dict[str, str | float | None] = {
        "why": verdict.why.value,
        "value": verdict.value if verdict.value is not None and isfinite(verdict.value) else None,
        "threshold": verdict.threshold,
        "n": float(verdict.n),
        "bad": float(verdict.bad),
        "window": verdict.window,
        "coverage": verdict.coverage,
    }
    quality = verdict.requirement.value
    return {f"{quality}_{name}": figure for name, figure in known.items() if figure is not None}


def breach_from(evidence: Evidence, quality: Quality, since: datetime) -> Verdict | None:
    """The breach whose figures ``figures_of`` wrote; ``None`` where an earlier version wrote only its sentence.

    Args:
        evidence: Of a transition.
        quality: Which of the qualities that fell short then.
        since: What the verdict is to have for its begin.
    """
    why = evidence.get(f"{quality}_why")
    if why not in set(Why):
        return None
    n = int(_number(evidence, f"{quality}_n") or 0)
    return Verdict(
        requirement=quality,
        outcome=Outcome.BREACHED,
        why=Why(why),
        value=value_of(quality, _number(evidence, f"{quality}_value"), n),
        threshold=_number(evidence, f"{quality}_threshold"),
        n=n,
        bad=int(_number(evidence, f"{quality}_bad") or 0),
        window=_number(evidence, f"{quality}_window") or 0.0,
        coverage=_number(evidence, f"{quality}_coverage") or 0.0,
        since=since,
    )


def value_of(quality: Quality, written: float | None, n: int) -> float | None:
    """A value as it was before JSON, which knows no infinity: without one, a quantile of probes fell among the lost."""
    return inf if written is None and quality.unit == "s" and n else written


def _number(evidence: Evidence, name: str) -> float | None:
    value = evidence.get(name)
    return None if value is None or isinstance(value, str) else float(value)
