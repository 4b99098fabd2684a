"""A notice on its way, and what each channel that it may take has made of it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from alerts.directory import Chain
from alerts.notice import Kind, Notice
from alerts.receivers.delivery import Channel, Delivery

PASSING: Final = frozenset({Kind.UPDATED, Kind.REMINDER})
"""Kinds that a later notice of the same incident makes worthless."""


Identity = tuple[str, str, str]
"""Key, receiver and person of a notice: one that agrees in them is the same."""


class Fate(StrEnum):
    """What became of an attempt or of a notice; the label ``outcome`` of its metric."""

    DELIVERED = "delivered"
    RETRIED = "retried"
    REFUSED = "refused"
    GIVEN_UP = "given_up"
    SUPERSEDED = "superseded"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Ending:
    """How an errand ended.

    Attributes:
        fate: DELIVERED, GIVEN_UP or SUPERSEDED.
        at: Monotonic seconds.
        channel: Which took it; ``None`` where none did.
        detail: Its receipt, or why it was given up.
        is_surplus: Whether it was given up because too many wait.
    """

    fate: Fate
    at: float
    channel: Channel | None
    detail: str
    is_surplus: bool = False


@dataclass(slots=True)
class Tries:
    """What one channel has made of one notice.

    Attributes:
        first_at: When it was tried first, monotonic seconds.
        failures: Attempts that may be repeated.
        refusal: What it said as it refused for good; ``None`` unless it did.
    """

    first_at: float
    failures: int = 0
    refusal: str | None = None


@dataclass(eq=False, slots=True)
class Parcel:
    """A notice with all its errands.

    Attributes:
        notice: What is to be told.
        errands: One for each chain that has to take it.
        begun: Whether anything of it was tried.
    """

    notice: Notice
    errands: list["Errand"] = field(default_factory=list)
    begun: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return all(errand.ending for errand in self.errands)

    @property
    def is_flying(self) -> bool:
        """Whether something of it is being sent."""
        return any(errand.is_flying for errand in self.errands)


@dataclass(eq=False, slots=True)
class Errand:
    """A notice on its way through one chain.

    Attributes:
        parcel: Whose part it is.
        chain: The channels it may take; empty once there is none any more.
        lost: Why the chain is empty.
        tries: What each channel made of it.
        reached: The channels that it has come to wait for.
        is_flying: Whether it is being sent.
        late: Who took it though that had been given up, and what was said, while another attempt was being made.
        ending: ``None`` while it is on its way.
    """

    parcel: Parcel
    chain: Chain
    lost: str = ""
    tries: dict[Channel, Tries] = field(default_factory=dict)
    reached: set[Channel] = field(default_factory=set)
    is_flying: bool = False
    late: tuple[Channel, Delivery] | None = None
    ending: Ending | None = None

    @property
    def notice(self) -> Notice:
        """What is to be told."""
        return self.parcel.notice

    @property
    def place_in_order(self) -> tuple[object, ...]:
        """Errands that agree in this go one after the other."""
        incident = self.notice.incidents[0] if self.notice.incidents else self.notice.key
        return self.notice.receiver, self.notice.person, incident, self.chain

    def has_refused(self, channel: Channel) -> bool:
        """Whether this channel will never take it."""
        tries = self.tries.get(channel)
        return tries is not None and tries.refusal is not None

    def has_failed_since(self, channel: Channel) -> float:
        """Since when this channel has failed to take it, monotonic seconds; infinity unless it has."""
        tries = self.tries.get(channel)
        return tries.first_at if tries is not None and tries.failures else math.inf

    def is_worthless(self, later: Iterable["Errand"]) -> bool:
        """Whether one of these, which come after it, says all that it would say."""
        told = set(self.notice.incidents)
        return self.notice.kind in PASSING and any(told <= set(other.notice.incidents) for other in later)

    def refusals(self) -> str:
        """Who has refused it, and why."""
        said = ((channel, tries.refusal) for channel, tries in self.tries.items() if channel in self.chain)
        return "; ".join(f"{name_of(channel)}: {refusal}" for channel, refusal in said if refusal is not None)


def identity_of(notice: Notice) -> Identity:
    """What tells a notice from all others."""
    return notice.key, notice.receiver, notice.person


def name_of(channel: Channel) -> str:
    """A channel in words, without a secret."""
    return f"{channel.kind} at {channel.place}" if channel.place else channel.kind
