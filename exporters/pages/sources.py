"""What the pages are made from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from exporters.blocks import Block
from exporters.desk import Desk
from exporters.drift import DriftSource, NoDrift
from exporters.feed import Feed
from exporters.health_view import HealthDesk
from exporters.names import Names, Naming
from exporters.past import PastSource
from exporters.reviews import ReviewSource
from exporters.speed_desk import SpeedDesk
from exporters.verdict_view import VerdictsOf
from model.incident import Incident
from model.intervals import Interval
from model.latency import Column


class LatencySource(Protocol):
    """Knows how long probes took."""

    def recent(self, link: str, within: Interval) -> Sequence[Column]:
        """What is in memory of an interval, in order of time."""

    async def hours(self, link: str, within: Interval) -> Sequence[Column]:
        """What the history holds of an interval, hour by hour, in order of time.

        Raises:
            PastUnavailableError: The history cannot be read now.
        """


class NoLatency:
    """Knows of nothing."""

    def recent(self, link: str, within: Interval) -> Sequence[Column]:  # noqa: ARG002  # as the Protocol has it
        """Nothing."""
        return ()

    async def hours(self, link: str, within: Interval) -> Sequence[Column]:  # noqa: ARG002  # as the Protocol has it
        """Nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class Sources:
    """What the pages are made from.

    Attributes:
        past: What is watched, what it is in, what happened to it.
        desk: Incidents and silences; ``None`` where alerting is not running.
        verdicts_of: The last verdicts.
        naming: What everything is called.
        feed: What changes.
        latency: How long probes took.
        blocks: What a scrape would show of a site.
        reviews: Monthly reviews; ``None`` where they are not made.
        healths: How devices are; ``None`` where nobody asks them.
        speeds: Speed tests; ``None`` where none are run.
        drift: What the network is otherwise than it was.
    """

    past: PastSource
    desk: Desk | None
    verdicts_of: VerdictsOf
    naming: Naming
    feed: Feed
    latency: LatencySource
    blocks: Callable[[str], Iterable[Block]]
    reviews: ReviewSource | None = None
    healths: HealthDesk | None = None
    speeds: SpeedDesk | None = None
    drift: DriftSource = field(default_factory=NoDrift)

    @property
    def names(self) -> Names:
        """What everything is called now."""
        return self.naming.of(self.past.inventory)

    def open_incidents(self, site: str | None = None, link: str | None = None) -> list[Incident]:
        """Those that last, the newest first; of one site or link, or of all."""
        found = self.desk.open_incidents() if self.desk else ()
        return [incident for incident in found if self.touches(incident, site, link)]

    def touches(self, incident: Incident, site: str | None = None, link: str | None = None) -> bool:
        """Whether an incident is about a site or link, or hides something of it."""
        subjects = [*(entry.fault.subject for entry in incident.entries), *incident.hidden]
        if link is not None:
            return ("link", link) in subjects
        names = self.names
        return site is None or any(names[subject].site == site for subject in subjects)
