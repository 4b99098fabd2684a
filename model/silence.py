"""Silences: somebody mutes what he knows of, for a time that has an end."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from model.invalid import InvalidValueError
from model.matcher import Matcher

_ID_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Silence:
    """A mute of all alerts that meet every one of its matchers, from ``starts_at`` on and before it ends.

    Attributes:
        id: As ``silence_id`` derives it.
        matchers: All of them must be met.
        starts_at: Aware UTC.
        ends_at: When it ends by itself, aware UTC; not part of it.
        author: Who answers for it.
        comment: Why.
        created_at: When it was made, aware UTC.
        ended_at: When somebody ended it, aware UTC; ``None`` where nobody has.
        ended_by: Who that was.

    Raises:
        InvalidValueError: It has no length, mutes everything, or does not say whose it is and why.
    """

    id: str
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    author: str
    comment: str
    created_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise InvalidValueError("the silence does not end after it starts", "write an end that is later")
        if all(matcher.takes_the_missing for matcher in self.matchers):
            mend = 'add a matcher that names what is muted, such as site="office"'
            raise InvalidValueError("the silence would mute everything", mend)
        if not self.author.strip():
            raise InvalidValueError("the silence has no author", "say who answers for it")
        if not self.comment.strip():
            raise InvalidValueError("the silence has no comment", "say why, for whoever wonders tonight")

    @property
    def until(self) -> datetime:
        """When it is over, by itself or by somebody; aware UTC."""
        return self.ends_at if self.ended_at is None else min(self.ends_at, self.ended_at)

    def is_active(self, now: datetime) -> bool:
        """Whether it mutes at an aware time."""
        return self.starts_at <= now < self.until

    def mutes(self, labels: Mapping[str, str], now: datetime) -> bool:
        """Whether an alert with these labels is muted at an aware time."""
        return self.is_active(now) and all(matcher.matches(labels) for matcher in self.matchers)

    def ended(self, now: datetime, by: str) -> "Silence":
        """The same, ended at an aware time by somebody; one that is over already stays as it is."""
        return self if now >= self.until else replace(self, ended_at=now, ended_by=by)


def make_silence(
    matchers: tuple[Matcher, ...], starts_at: datetime, ends_at: datetime, author: str, comment: str, *, now: datetime
) -> Silence:
    """A new silence, which is to be stored before it is in force.

    Args:
        matchers: What it mutes.
        starts_at: Aware UTC; may lie ahead.
        ends_at: Aware UTC.
        author: Who answers for it.
        comment: Why.
        now: Aware UTC.

    Raises:
        InvalidValueError: As ``Silence``, or it is over before it was made.
    """
    if ends_at <= now:
        raise InvalidValueError("the silence is over already", "write an end that lies ahead")
    name = silence_id(matchers, starts_at, ends_at, author, now)
    return Silence(name, matchers, starts_at, ends_at, author.strip(), comment.strip(), now)


def silence_id(
    matchers: tuple[Matcher, ...], starts_at: datetime, ends_at: datetime, author: str, created_at: datetime
) -> str:
    """The id of a silence: the same facts give the same one, so that what is sent twice is there once."""
    times = (at.isoformat() for at in (starts_at, ends_at, created_at))
    facts = "|".join([*sorted(map(str, matchers)), *times, author.strip()])
    return f"silence-{hashlib.sha256(facts.encode()).hexdigest()[:_ID_DIGITS]}"
