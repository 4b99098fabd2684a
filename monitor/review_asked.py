"""Which review is wanted: the words of a person against the inventory and the clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from model.intervals import instant
from model.invalid import InvalidValueError
from model.inventory import Inventory
from model.periods import Period, Periods
from monitor.hours import NO_WARD
from reports.facts import Setting
from reports.monthly import Scope

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""No monitor ran before."""

_UTC: Final = "UTC"


class ReviewError(Exception):
    """A review that cannot be made.

    Args:
        what: What is wrong.
        mend: How to mend it.
    """

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what, self.mend = what, mend


class NothingStoredError(ReviewError):
    """Nothing at all is stored of the month."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which review is wanted.

    Attributes:
        month: Its name, such as ``2026-10``; empty for the last that is over.
        sites: Ids of sites to narrow it to; empty means all.
        provider: A provider to narrow it to; empty means all.
        wards: Ids of wards of a city; empty means all.
        cut_day: On which day of the month a period begins, 1 to 28.
        notice: Seconds that maintenance must be announced before it begins.
        monitor: Whose heartbeats count; empty for that of this machine, or the only one.
    """

    month: str = ""
    sites: tuple[str, ...] = ()
    provider: str = ""
    wards: tuple[str, ...] = ()
    cut_day: int = 1
    notice: float = 0.0
    monitor: str = ""


@dataclass(frozen=True, slots=True)
class WardAsked:
    """One ward of the inventory.

    Attributes:
        key: As rollups name it.
        setting: Of its review.
        period: The month that is reviewed.
    """

    key: str
    setting: Setting
    period: Period

    def periods(self, number: int) -> list[Period]:
        """The months up to the one that is reviewed, in order."""
        periods, found = Periods(self.setting.zone, self.setting.cut_day), [self.period]
        for _ in range(number - 1):
            found.append(periods.before(found[-1]))
        return found[::-1]


def wards_asked(inventory: Inventory, asked: Asked, now: datetime) -> list[WardAsked]:
    """The wards that a review is made of.

    Raises:
        ReviewError: The month is none or has not begun, or a site or provider is not in the inventory.
    """
    _check_names(inventory, asked)
    names = {site.id: site.name for site in inventory.sites}
    return [_ward(scope, asked, names, now) for scope in _scopes(inventory, asked)]


def wards_in_progress(inventory: Inventory, asked: Asked, now: datetime) -> list[WardAsked]:
    """The same with the month that is not over yet, whatever month is asked for.

    Raises:
        ReviewError: A site or provider is not in the inventory.
    """
    wards = wards_asked(inventory, replace(asked, month=""), now)
    return [replace(ward, period=Periods(ward.setting.zone, asked.cut_day).at(now)) for ward in wards]


def _check_names(inventory: Inventory, asked: Asked) -> None:
    known = {site.id for site in inventory.sites}
    for site in asked.sites:
        if site not in known:
            raise ReviewError(f"there is no site {site!r}", "write the id of a site of the inventory")
    providers = sorted({link.provider for _, link in inventory.links() if link.provider})
    if asked.provider and asked.provider not in providers:
        raise ReviewError(
            f"there is no provider {asked.provider!r}", f"the inventory has {', '.join(providers) or 'none'}"
        )


def _scopes(inventory: Inventory, asked: Asked) -> Iterator[Scope]:
    wards = inventory.all_wards()
    if not wards:
        yield Scope("", "", _UTC, asked.sites, asked.provider)
    homes = {site.id: inventory.ward_of(site) for site in inventory.sites}
    wanted = {ward.id for site in asked.sites if (ward := homes[site])}
    for ward in wards:
        if (not asked.sites or ward.id in wanted) and (not asked.wards or ward.id in asked.wards):
            own = tuple(site for site in asked.sites if homes[site] == ward)
            yield Scope(ward.id, ward.name or ward.id, ward.timezone, own, asked.provider)


def _ward(scope: Scope, asked: Asked, names: Mapping[str, str], now: datetime) -> WardAsked:
    zone = ZoneInfo(scope.timezone)
    setting = Setting(scope, zone, asked.cut_day, names, asked.notice)
    return WardAsked(scope.ward or NO_WARD, setting, _period(asked, zone, now))


def _period(asked: Asked, zone: ZoneInfo, now: datetime) -> Period:
    try:
        periods = Periods(zone, asked.cut_day)
        current = periods.at(now)
        period = periods.named(asked.month) if asked.month else periods.before(current)
    except InvalidValueError as error:
        raise ReviewError(error.what, error.mend) from error
    if period.interval.start >= instant(now):
        mend = f"the last month that is over is {periods.before(current).name}"
        raise ReviewError(f"the month {period.name} has not begun", mend)
    return period
