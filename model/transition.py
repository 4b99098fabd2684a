"""A change of state: the fact from which availability, alerts and the review are computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from model.measurement import SubjectKey
from model.state import State


@dataclass(frozen=True, slots=True)
class Transition:
    """A subject passed from one state to another.

    Attributes:
        subject: Noun and id.
        before: The state that ended.
        after: The state that began.
        at: When it began, aware UTC: the middle between the last measurement that speaks for the old state and the
            first that speaks for the new one.
        uncertainty: Seconds by which ``at`` may be off, either way.
        noticed_at: When it was decided, aware UTC; never before ``at``.
        evidence: What it was decided on, in words and numbers, for ``explain`` and the review.
    """

    subject: SubjectKey
    before: State
    after: State
    at: datetime
    uncertainty: float
    noticed_at: datetime
    evidence: Mapping[str, str | float] = field(default_factory=dict)
