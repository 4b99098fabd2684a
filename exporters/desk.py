"""What people do about incidents, and what they are told of them: what is asked of whoever keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from model.alerting import MaintenanceWindow
from model.grounds import Grounds
from model.incident import About, Incident
from model.silence import Silence


class DeskError(Exception):
    """Something that cannot be done about an incident, a silence or a window.

    Args:
        what: What is wrong, in one sentence without its full stop.
        mend: What a person can do.
    """

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what, self.mend = what, mend


class UnknownError(DeskError):
    """Nothing bears that id."""


class UnknownIncidentError(UnknownError):
    """There is no such incident."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no incident {name!r}", "see /api/v1/incidents?state=all for the ids")


class UnknownSilenceError(UnknownError):
    """There is no such silence."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no silence {name!r}", "see /api/v1/silences for the ids")


class UnknownWindowError(UnknownError):
    """There is no such maintenance window."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no maintenance window {name!r}", "see /api/v1/maintenance for the ids")


class ClosedError(DeskError):
    """It is over, so that nothing can be done about it any more."""

    def __init__(self, noun: str, name: str) -> None:
        super().__init__(f"{noun} {name!r} is over", "there is nothing left to be done about it")


class TakenError(DeskError):
    """A maintenance window bears that id already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is a maintenance window {name!r} already", "choose another id, or leave it out")


class FixedWindowError(DeskError):
    """The window is one of the inventory, which a person writes."""

    def __init__(self, name: str) -> None:
        mend = "take it out of the inventory, then reload"
        super().__init__(f"maintenance window {name!r} is one of the inventory", mend)


@dataclass(frozen=True, slots=True)
class Decided:
    """Why somebody was told of something, or nobody.

    Attributes:
        at: When it was decided, aware UTC.
        alertname: Of what, a ``model.incident.AlertName``.
        outcome: One word: ``held``, ``opened``, ``part``, ``over``, ``told``, ``waiting``, or why nobody was told:
            ``via_prometheus``, ``maintenance``, ``silence``, ``service_hours``, ``no_route``.
        incident: The id of the incident that it is about; empty where there is none.
        detail: Who was told, or what stood against it: ids, author and comment, in one sentence.
        requirement: Which, where it is about one; else empty.
        because: The same as the sentence, as a code and its values; null of what an earlier version wrote down, and
            where the outcome says it all.
    """

    at: datetime
    alertname: str
    outcome: str
    incident: str = ""
    detail: str = ""
    requirement: str = ""
    because: Grounds | None = None


class LinkSigner(Protocol):
    """Knows the links of acknowledgement that it signed."""

    def opened(self, token: str, now: datetime) -> tuple[str, str]:
        """The incident's id and the person that a token was signed for.

        Raises:
            TokenError: It was not signed here, or too long ago (``model.ack_token``).
        """


class Decisions(Protocol):
    """Knows why somebody was told or nobody."""

    async def decisions(self, subject: About, at: datetime) -> Sequence[Decided]:
        """What held for a subject at a time and was decided around it, in order of time.

        Raises:
            PastUnavailableError: The history cannot be read now.
        """


class Desk(Decisions, Protocol):
    """Where incidents are kept. What it is told is durable when it answers."""

    def open_incidents(self) -> Sequence[Incident]:
        """Those that last, the newest first."""

    async def incidents(self, start: datetime, end: datetime) -> Sequence[Incident]:
        """Those that touch [start, end), open ones among them.

        Raises:
            PastUnavailableError: The history cannot be read now.
        """

    async def incident(self, name: str) -> Incident | None:
        """The incident of an id, open or from the history.

        Raises:
            PastUnavailableError: The history cannot be read now.
        """

    async def acknowledge(self, name: str, who: str, comment: str) -> Incident:
        """Somebody takes it on, or the one that it turned out to be a part of; the answer is that.

        Raises:
            UnknownIncidentError: There is none of that id.
            ClosedError: It is over.
        """

    async def unacknowledge(self, name: str, who: str) -> Incident:
        """They give it back.

        Raises:
            UnknownIncidentError: There is none of that id.
            ClosedError: It is over.
        """

    def silences(self) -> Sequence[Silence]:
        """All that are kept, those that have ended among them."""

    async def add_silence(self, silence: Silence) -> Silence:
        """Let it hold."""

    async def end_silence(self, name: str, who: str) -> Silence:
        """End it now.

        Raises:
            UnknownSilenceError: There is none of that id.
            ClosedError: It has ended already.
        """

    def maintenance(self) -> Sequence[MaintenanceWindow]:
        """The windows of the inventory and those that were added since."""

    async def add_maintenance(self, window: MaintenanceWindow, who: str) -> MaintenanceWindow:
        """Let it hold.

        Raises:
            TakenError: One bears its id already.
        """

    async def end_maintenance(self, name: str, who: str) -> MaintenanceWindow:
        """End it now; what of it has passed has been.

        Raises:
            UnknownWindowError: There is none of that id.
            FixedWindowError: It is one of the inventory.
        """

    def link_signer(self) -> LinkSigner | None:
        """Opens the links of messages; ``None`` where none are signed."""
