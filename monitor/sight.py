"""Whether the monitor sees anything: the anchors tell a blind monitor from a dead ward."""

from datetime import datetime
from typing import NamedTuple

from model.decision import CameUp, Decision, WentDegraded, WentDown, WentUnknown
from monitor.watch import Clocks


class Turn(NamedTuple):
    """The monitor has become blind, or sees again.

    Attributes:
        blind: Which.
        since: When, aware UTC.
    """

    blind: bool
    since: datetime


class Sight:
    """Blind is a monitor all of whose anchors are silent; one without anchors cannot know, and trusts its eyes."""

    def __init__(self) -> None:
        self._silent: dict[str, datetime | None] = {}
        self._blind = False

    @property
    def is_blind(self) -> bool | None:
        """Whether the monitor sees nothing; ``None`` without anchors, when nobody can know."""
        return self._blind if self._silent else None

    def expect(self, anchors: frozenset[str]) -> None:
        """Go by these anchors and no others; ``turned`` tells what that changes."""
        self._silent = {anchor: self._silent.get(anchor) for anchor in anchors}

    def decided(self, anchor: str, decision: Decision, clocks: Clocks) -> Turn | None:
        """Take over what the detector of an anchor has decided; gives back what that turns."""
        if anchor not in self._silent:
            return None
        match decision:
            case WentDown(at=at, uncertainty=uncertainty):
                self._silent[anchor] = clocks.utc_of(at - uncertainty)
            case CameUp() | WentDegraded() | WentUnknown():
                self._silent[anchor] = None
            case _:
                return None
        return self.turned(clocks.utc)

    def turned(self, now: datetime) -> Turn | None:
        """Whether the monitor has become blind, or sees again, since this was last asked; now is aware UTC."""
        since = [silent for silent in self._silent.values() if silent is not None]
        blind = 0 < len(since) == len(self._silent)
        if blind is self._blind:
            return None
        self._blind = blind
        # From the last answer of the first that fell silent on nothing is sure: the link on which all of them hang was
        # failing.
        return Turn(blind, min(since) if blind else now)
