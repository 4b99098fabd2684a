"""What becomes of one attempt to deliver a notice, and what every way out can do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from alerts.notice import Notice


class Outcome(StrEnum):
    """How an attempt ended."""

    DELIVERED = "delivered"
    RETRY = "retry"
    REFUSED = "refused"
    """For good: trying again will not help."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt.

    Attributes:
        outcome: How it ended.
        detail: One line for people, without secrets.
        retry_after: Seconds that the peer asks to be left alone for, 0 to 3600; ``None`` where it asks for nothing.
        receipt: What the peer calls the message, such as a message id; empty where it says nothing.
    """

    outcome: Outcome
    detail: str
    retry_after: float | None = None
    receipt: str = ""


class Channel(Protocol):
    """One way out to one place."""

    @property
    def kind(self) -> str:
        """``webhook``, ``alertmanager``, ``mail``, ``zalo`` or ``apprise``: for metrics and logs."""

    @property
    def place(self) -> str:
        """Where it leads, for people, without secrets."""

    def send(self, notice: Notice, timeout: float) -> Delivery:
        """Try once; takes at most ``timeout`` seconds and raises nothing for what the peer does."""


class Configured:
    """A channel that equals another of its kind with the same configuration, and shows none of it."""

    place: str

    def __init__(self, *urls: str) -> None:
        self._urls = urls

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and isinstance(other, Configured) and self._urls == other._urls

    def __hash__(self) -> int:
        return hash((type(self), self._urls))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} to {self.place}>"


def utc_now() -> datetime:
    """The clock that channels go by where none is given."""
    return datetime.now(UTC)
