"""What is asked of whoever makes the monthly reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from model.inventory import Language, ReviewFormat


class NoReview(StrEnum):
    """Why there is no review."""

    NOT_RUNNING = "not_running"
    NO_MONTH = "no_month"
    NO_WARD = "no_ward"
    NO_FORMAT = "no_format"
    TO_COME = "to_come"
    NOTHING = "nothing"
    MAKING = "making"
    """Not yet: it is being made."""
    BUSY = "busy"
    """So many others are waited for."""
    UNREADABLE = "unreadable"
    FAILED = "failed"


class NoReviewError(Exception):
    """There is no review, or none yet.

    Args:
        why: In one word.
        share: Of one that is being made: how much of it is done, 0 to 1.
    """

    def __init__(self, why: NoReview, share: float = 0.0) -> None:
        super().__init__(why.value)
        self.why, self.share = why, share


@dataclass(frozen=True, slots=True)
class MonthOffered:
    """A month of which there can be a review.

    Attributes:
        name: Such as ``2026-10``.
        first: Its first day, by the clock of its ward.
        last: Its last day.
        is_over: Whether it is over.
    """

    name: str
    first: date
    last: date
    is_over: bool


@dataclass(frozen=True, slots=True)
class ReviewAsked:
    """Which file is wanted.

    Attributes:
        month: As its name is written.
        ward: Id of a ward; empty for the only one, or for the summary of a city.
        form: The format.
        language: Of the texts.
    """

    month: str
    ward: str
    form: ReviewFormat
    language: Language


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """One file.

    Attributes:
        name: Under which it is to be saved.
        media_type: Of its content.
        content: All of it.
        is_over: Whether its month is.
    """

    name: str
    media_type: str
    content: bytes
    is_over: bool


class ReviewSource(Protocol):
    """Makes reviews, without holding up anything else."""

    async def months(self, ward: str) -> Sequence[MonthOffered]:
        """Those of which something is stored, the latest first.

        Args:
            ward: By whose clock; empty for the first.

        Raises:
            NoReviewError: There is no such ward, or the history cannot be read now.
        """

    async def file(self, asked: ReviewAsked, patience: float) -> ReviewFile:
        """One file, as fresh as the history; a month that is not over may be some minutes behind.

        Args:
            asked: Which.
            patience: Seconds after which whoever asks is told how far it is; it is made all the same.

        Raises:
            NoReviewError: There is none, or it takes longer than somebody would wait.
        """
