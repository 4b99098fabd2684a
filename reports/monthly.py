"""The monthly review as figures: one model that every rendering shows, so that totals are equal everywhere."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from reports.sections.common import Span
from reports.sections.links import LinkRow, SiteRow
from reports.sections.others import (
    DeviceHealth,
    FollowUp,
    MaintenanceRow,
    Method,
    Recommendation,
    ServiceRow,
)
from reports.sections.outages import OutageSection
from reports.sections.providers import ProviderRow
from reports.sections.quality import DataQuality
from reports.sections.speed import SpeedRow
from reports.sections.summary import Summary
from reports.sections.trend import CapacityRow, Trend
from reports.sections.worst import WorstLink

MONTHS: Final = 6
"""How many months the trend shows, the one that is reviewed among them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the review is about.

    Attributes:
        ward: Id of the ward; empty where the inventory names none, or the review is of a whole city.
        name: As people call it; the id where it has no name.
        timezone: IANA name: whose clock the review goes by.
        sites: Ids of the sites that it is narrowed to; empty means all.
        provider: The provider that it is narrowed to; empty means all.
        wards: Of a city: the ids of its wards; else empty.
    """

    ward: str
    name: str
    timezone: str
    sites: tuple[str, ...] = ()
    provider: str = ""
    wards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """Which month.

    Attributes:
        name: Such as ``2026-10``.
        span: The whole of it.
        until: How far it is reckoned: its end, or now where it is not over.
        cut_day: On which day of the month it begins.
    """

    name: str
    span: Span
    until: datetime
    cut_day: int

    @property
    def is_over(self) -> bool:
        """Whether it is the whole month."""
        return self.until >= self.span.end


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a review comes from. It is no part of what is hashed.

    Attributes:
        data_hash: SHA-256 of the canonical JSON of everything else, hexadecimal: it names these very figures.
        configuration_hash: SHA-256 of what held for the links and services in the period, hexadecimal.
        version: Of the program.
        generated_at: When it was made, aware UTC; ``None`` where that does not matter. It is not in the JSON, which is
            the same for the same data.
    """

    data_hash: str
    configuration_hash: str
    version: str
    generated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WardRow:
    """Of a city's summary: one ward.

    Attributes:
        ward: Its id.
        name: As people call it.
        data_hash: Of its own review.
        summary: Its first page.
    """

    ward: str
    name: str
    data_hash: str
    summary: Summary


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """Everything that the review says.

    Attributes:
        scope: What it is about.
        period: Which month.
        summary: The first page.
        quality: How much is known.
        links: In order of the ids of their sites, then of their own.
        sites: Likewise.
        outages: With causes.
        speed: Both directions of each link, in the order of the links.
        providers: In order of their names.
        worst: Five at the most, the worst first; none that lost nothing.
        trend: Six months.
        capacity: Both directions of each link.
        services: Seen from each site.
        devices: Health of equipment.
        maintenance: In order of their first opening.
        recommendations: The most important first.
        follow_up: What became of those of the month before.
        method: For the annex.
        provenance: Hashes and version; empty until the codec has hashed the rest.
    """

    scope: Scope
    period: ReportPeriod
    summary: Summary
    quality: DataQuality
    links: tuple[LinkRow, ...]
    sites: tuple[SiteRow, ...]
    outages: OutageSection
    speed: tuple[SpeedRow, ...]
    providers: tuple[ProviderRow, ...]
    worst: tuple[WorstLink, ...]
    trend: Trend
    capacity: tuple[CapacityRow, ...]
    services: tuple[ServiceRow, ...]
    devices: DeviceHealth
    maintenance: tuple[MaintenanceRow, ...]
    recommendations: tuple[Recommendation, ...]
    follow_up: tuple[FollowUp, ...]
    method: Method
    provenance: Provenance = field(default_factory=lambda: Provenance("", "", ""))


@dataclass(frozen=True, slots=True)
class CityReport:
    """The summary of a city: its wards side by side; each has a review of its own.

    Attributes:
        scope: The city.
        period: Which month.
        summary: All wards together.
        wards: In order of the inventory.
        providers: Over all wards, without claims, which stand in the reviews of the wards.
        recommendations: Of all wards, the fifty most important first; ids begin with the ward's id and a slash.
        trend: Over all wards.
        provenance: Hashes and version.
    """

    scope: Scope
    period: ReportPeriod
    summary: Summary
    wards: tuple[WardRow, ...]
    providers: tuple[ProviderRow, ...]
    recommendations: tuple[Recommendation, ...]
    trend: Trend
    provenance: Provenance = field(default_factory=lambda: Provenance("", "", ""))
