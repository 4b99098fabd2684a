"""What one rule is: a row of the tables of this package."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from model.incident import Severity


@dataclass(frozen=True, slots=True)
class RecordingRule:
    """A series that Prometheus reckons.

    Attributes:
        record: Its name, ``level:metric:operation``.
        expr: PromQL.
    """

    record: str
    expr: str


@dataclass(frozen=True, slots=True)
class AlertRule:
    """An alert that Prometheus fires.

    Attributes:
        alert: The label ``alertname``.
        severity: The label ``severity``.
        expr: PromQL, true while it is to fire.
        summary: One line; a template of Prometheus.
        description: What it means and the first step; likewise.
        wait: For how long ``expr`` must be true, as Prometheus spells durations. ``0s`` where the daemon has confirmed
            it already.
        labels: Labels that are set on it, beside the severity.
    """

    alert: str
    severity: Severity
    expr: str
    summary: str
    description: str
    wait: str = "0s"
    labels: Mapping[str, str] = field(default_factory=dict)


Rule = RecordingRule | AlertRule


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that Prometheus evaluates one after the other, at one time.

    Attributes:
        name: Of the group.
        rules: In order; each sees what those before it have recorded.
    """

    name: str
    rules: tuple[Rule, ...]
