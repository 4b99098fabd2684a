"""What is known of one link, device or service at one time, as ``GET /api/v1/explain`` answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from exporters.desk import Decided
from exporters.verdict_view import VerdictView
from model.measurement import Noun
from model.state import State
from model.verdict import Quality


@dataclass(frozen=True, slots=True)
class Change:
    """One change of state.

    Attributes:
        at: When the new state began.
        uncertainty_seconds: By which that may be off, either way.
        noticed_at: When it was decided.
        before: The state that ended.
        after: The state that began.
        words: What it was decided on, in a sentence.
        evidence: The same as names and values.
    """

    at: datetime
    uncertainty_seconds: float
    noticed_at: datetime
    before: State
    after: State
    words: str
    evidence: Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Threshold:
    """One quality that was required.

    Attributes:
        requirement: Which.
        value: In seconds, bit/s or as a ratio; null where it is a share of a contracted speed that nobody stated.
        words: It in words.
    """

    requirement: Quality
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Parent:
    """Something that it depends on.

    Attributes:
        kind: Link or device.
        id: Its id.
        state: What it was in.
        since: Since when; null where nobody knows.
        direct: Whether the inventory names it, or something on the way to it does.
        explains: Whether its own fault explains that the subject was cut off.
    """

    kind: Noun
    id: str
    state: State
    since: datetime | None
    direct: bool
    explains: bool


@dataclass(frozen=True, slots=True)
class Work:
    """A maintenance window that was open.

    Attributes:
        id: Its id.
        start: When it opened.
        end: When it closed.
        reason: As it was announced.
        excuses: Whether it was announced before it opened.
    """

    id: str
    start: datetime
    end: datetime
    reason: str
    excuses: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which the monitor saw nothing.

    Attributes:
        start: Its begin.
        end: Its end.
        blind: It was alive, but its anchors were silent; otherwise it was not running.
    """

    start: datetime
    end: datetime
    blind: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of one subject at one time.

    Attributes:
        kind: Link, device or service.
        id: Its id.
        name: As people call it; empty where the inventory has no name.
        site: The id of its site.
        at: The time.
        timezone: Whose clock the words go by.
        looked_from: What happened is told from here on: a day before the time.
        looked_to: Until here: an hour after it, or now.
        state: What it was in.
        since: Since when; null where nobody knows.
        beneath: What lay beneath maintenance; null of every other state.
        changes: What happened to it in between, and the last change before.
        left_out: Further changes in that time, which would be too many to list.
        requirement: The name of what it had to keep then; empty where it has none or states its own.
        thresholds: What it had to keep then.
        verdicts: What was last judged of it; null of the past.
        depends_on: In groups: of each it needs one.
        parents: Everything above it, the nearest first.
        maintenance: The windows over it that were open.
        gaps: When the monitor saw nothing in between.
        decisions: Why somebody was told, or nobody: what held then, and was decided in between; null where alerting was
            not running.
    """

    kind: Noun
    id: str
    name: str
    site: str
    at: datetime
    timezone: str
    looked_from: datetime
    looked_to: datetime
    state: State
    since: datetime | None
    beneath: State | None
    changes: list[Change]
    left_out: int
    requirement: str
    thresholds: list[Threshold]
    verdicts: list[VerdictView] | None
    depends_on: list[list[str]]
    parents: list[Parent]
    maintenance: list[Work]
    gaps: list[Gap]
    decisions: list[Decided] | None
