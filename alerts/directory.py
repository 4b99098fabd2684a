"""Which channels lead to a receiver."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from alerts.receivers.delivery import Channel

Chain = tuple[Channel, ...]
"""Channels in order of preference: one of them has to take a message, the next only where those before it fail."""


class Directory(Protocol):
    """Who can be reached, and how.

    Channels are known by equality: one that equals one of the directory before goes on where that was, and one that
    several people share has one lane. So a channel is best a frozen record of what it was configured with.
    """

    @property
    def receivers(self) -> Sequence[str]:
        """The names of all receivers."""

    def chains(self, receiver: str, person: str) -> Sequence[Chain] | None:
        """The chains that each have to take a message; ``None`` where there is no such receiver."""

    def channels(self) -> frozenset[Channel]:
        """All channels."""


@dataclass(frozen=True)
class Book:
    """A directory of names.

    Attributes:
        own: By the name of a receiver that is no team its channels, all of which get each message.
        teams: Receivers whose messages go to a person.
        people: By the name of a person the channels, in order of preference.
    """

    own: Mapping[str, Sequence[Channel]] = field(default_factory=dict)
    teams: Sequence[str] = ()
    people: Mapping[str, Sequence[Channel]] = field(default_factory=dict)

    @property
    def receivers(self) -> Sequence[str]:
        """The names of all receivers."""
        return (*self.own, *self.teams)

    def chains(self, receiver: str, person: str) -> Sequence[Chain] | None:
        """The chains that each have to take a message; ``None`` where there is no such receiver."""
        if receiver in self.teams:
            chain = tuple(self.people.get(person, ()))
            return (chain,) if chain else ()
        if receiver not in self.own:
            return None
        return tuple((channel,) for channel in dict.fromkeys(self.own[receiver]))

    def channels(self) -> frozenset[Channel]:
        """All channels."""
        return frozenset(channel for some in (*self.own.values(), *self.people.values()) for channel in some)
