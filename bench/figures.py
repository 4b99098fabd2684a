"""What a scenario finds: figures, what they are compared with, and whether a goal is met. Arithmetic only."""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """Whether a figure keeps its goal."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "unknown"  # the goal is a share of a reference that could not be measured
    NO_GOAL = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure must not exceed.

    Attributes:
        at_most: In the figure's unit, or as a share of the reference.
        of_reference: Which of the two.
    """

    at_most: float
    of_reference: bool = False

    @classmethod
    def share(cls, parts: int) -> "Goal":
        """One part in so many of what the reference takes."""
        return cls(1 / parts, of_reference=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number.

    Attributes:
        what: What was measured, for a person.
        value: Median of the repetitions.
        unit: Of the value and of the reference.
        reference: The same of another program in the same run; ``None`` where there is none or it is missing.
        beside: Who that is.
        goal: What was promised.
    """

    what: str
    value: float
    unit: str
    reference: float | None = None
    beside: str = ""
    goal: Goal | None = None

    @property
    def share(self) -> float | None:
        """The value as a share of the reference; ``None`` without one."""
        return self.value / self.reference if self.reference else None

    @property
    def verdict(self) -> Verdict:
        """Whether the goal is kept; a goal against a reference that is missing is unknown, never met."""
        if self.goal is None:
            return Verdict.NO_GOAL
        measured = self.share if self.goal.of_reference else self.value
        if measured is None:
            return Verdict.UNKNOWN
        return Verdict.MET if measured <= self.goal.at_most else Verdict.MISSED


@dataclass(frozen=True, slots=True)
class Findings:
    """What one scenario found.

    Attributes:
        figures: In the order of the table.
        notes: What a reader must know of how they came about.
    """

    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One scenario's part of the report.

    Attributes:
        name: As ``--only`` takes it.
        title: For a person.
        seconds: How long it ran.
        findings: Empty where it could not run.
        cannot_run: Why it could not.
    """

    name: str
    title: str
    seconds: float
    findings: Findings = field(default_factory=Findings)
    cannot_run: str | None = None


class CannotRunError(Exception):
    """This scenario cannot be measured here; the message says why."""


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of them does not exceed (nearest rank).

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("no values, no percentile")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def as_json(result: Result) -> dict[str, Any]:
    """A result for ``--output`` and for the way between processes."""
    return {
        "name": result.name,
        "title": result.title,
        "seconds": round(result.seconds, 1),
        "cannot_run": result.cannot_run,
        "notes": list(result.findings.notes),
        "figures": [_figure_as_json(figure) for figure in result.findings.figures],
    }


def _figure_as_json(figure: Figure) -> dict[str, Any]:
    goal = figure.goal and {"at_most": figure.goal.at_most, "of_reference": figure.goal.of_reference}
    return {
        "what": figure.what,
        "value": figure.value,
        "unit": figure.unit,
        "reference": figure.reference,
        "beside": figure.beside,
        "share": figure.share,
        "goal": goal,
        "verdict": figure.verdict,
    }


def from_json(data: dict[str, Any]) -> Result:
    """What ``as_json`` wrote.

    Raises:
        KeyError: A key is missing.
    """
    figures = tuple(_figure_from_json(figure) for figure in data["figures"])
    findings = Findings(figures, tuple(data["notes"]))
    return Result(data["name"], data["title"], data["seconds"], findings, data["cannot_run"])


def _figure_from_json(data: dict[str, Any]) -> Figure:
    goal = Goal(**data["goal"]) if data["goal"] else None
    return Figure(data["what"], data["value"], data["unit"], data["reference"], data["beside"], goal)
