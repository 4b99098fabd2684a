"""What is to be done, ranked by what it would have spared people; and what became of last month's advice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from model.intervals import moment
from model.verdict import Outcome
from reports.reckoning.month import Month
from reports.reckoning.outages import counts, summed
from reports.reckoning.providers import MANY_MONTHS, MANY_OUTAGES
from reports.sections.others import Action, FollowUp, Owner, Progress, Recommendation
from reports.sections.outages import Cause, OutageRow
from reports.sections.providers import ProviderRow
from reports.sections.quality import DataQuality
from reports.sections.speed import SpeedBy
from reports.sections.trend import CapacityRow, Prospect

SOON: Final = 6
"""Months ahead in which a line that will be full is to be looked after now."""

_TELLING: Final = 0.5  # share of the month that must be known before it says what became of something
_COSTLY: Final = frozenset({Action.CLAIM, Action.SECOND_LINE, Action.POWER, Action.UPGRADE})
_OWNERS: Final = {
    Action.CLAIM: Owner.WARD,
    Action.SECOND_LINE: Owner.WARD,
    Action.POWER: Owner.TECHNICIAN,
    Action.REPAIR: Owner.PROVIDER,
    Action.UPGRADE: Owner.WARD,
    Action.SPEED: Owner.PROVIDER,
    Action.TEST: Owner.TECHNICIAN,
    Action.WATCH: Owner.TECHNICIAN,
    Action.WEIGH: Owner.WARD,
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What recommendations rest on.

    Attributes:
        month: The month.
        providers: With claims.
        capacity: Of its links.
        quality: Of its data.
    """

    month: Month
    providers: Sequence[ProviderRow]
    capacity: Sequence[CapacityRow]
    quality: DataQuality


def recommendations(grounds: Grounds) -> tuple[Recommendation, ...]:
    """The most important first."""
    found = (
        *_claims(grounds),
        *_sites(grounds),
        *_repairs(grounds),
        *_lines(grounds),
        *_data(grounds),
    )
    return ranked(found)


def ranked(advice: Sequence[Recommendation]) -> tuple[Recommendation, ...]:
    """By citizen-hours, then by lost service hours, then by id."""
    return tuple(sorted(advice, key=lambda one: (-(one.citizen_hours or 0.0), -one.lost_seconds, one.id)))


def _advice(  # noqa: PLR0917  # the figures of one row
    grounds: Grounds,
    action: Action,
    about: str,
    count: int,
    outages: Sequence[OutageRow] = (),
    value: float | None = None,
) -> Recommendation:
    return Recommendation(
        id=f"{action.value}/{about}" if about else action.value,
        action=action,
        about=about,
        owner=_OWNERS[action],
        citizen_hours=summed(row.citizen_hours for row in outages),
        lost_seconds=sum(row.down_seconds_in_hours for row in outages),
        count=count,
        value=value,
        due=moment(grounds.month.reckoner.due),
        needs_decision=action in _COSTLY,
    )


def _claims(grounds: Grounds) -> Iterator[Recommendation]:
    for provider in grounds.providers:
        if provider.claims:
            named = {name for claim in provider.claims for name in claim.outages}
            rows = [row for row in grounds.month.outages.rows if row.id in named]
            yield _advice(grounds, Action.CLAIM, provider.name, len(provider.claims), rows)


def _sites(grounds: Grounds) -> Iterator[Recommendation]:
    rows = grounds.month.outages.rows
    for site in grounds.month.site_rows:
        dark = [row for row in rows if row.site == site.id and row.cause is Cause.POWER]
        if dark:
            yield _advice(grounds, Action.POWER, site.id, len(dark), dark)
        own = [row for row in rows if row.site == site.id and row.is_own and row.cause is not Cause.POWER]
        if len(site.links) == 1 and site.lost_seconds > 0 and any(row.down_seconds_in_hours for row in own):
            yield _advice(grounds, Action.SECOND_LINE, site.id, len(own), own)


def _repairs(grounds: Grounds) -> Iterator[Recommendation]:
    outages = grounds.month.outages_of()
    repeaters = {one.link: one for provider in grounds.providers for one in provider.repeaters}
    for row in grounds.month.links:
        one = repeaters.get(row.id)
        if one and (one.outages >= MANY_OUTAGES or one.months_failing >= MANY_MONTHS):
            own = [each for each in outages.get(row.id, ()) if counts(each)]
            yield _advice(grounds, Action.REPAIR, row.id, row.outages, own, float(one.months_failing))


def _lines(grounds: Grounds) -> Iterator[Recommendation]:
    for link, rows in _by_link(grounds.capacity).items():
        full = [row for row in rows if _is_soon_full(row, grounds.month.facts.period.name)]
        if full:
            values = [row.values[-1] for row in full if row.values[-1] is not None]
            yield _advice(grounds, Action.UPGRADE, link, len(full), value=max(values, default=None))
    slow: dict[str, list[float]] = {}
    for row in grounds.month.speed:
        if row.contract.outcome is Outcome.BREACHED and row.mean is not None and row.contracted:
            slow.setdefault(row.link, []).append(row.mean / row.contracted)
    for link, shares in slow.items():
        yield _advice(grounds, Action.SPEED, link, len(shares), value=min(shares))


def _by_link(rows: Sequence[CapacityRow]) -> dict[str, list[CapacityRow]]:
    found: dict[str, list[CapacityRow]] = {}
    for row in rows:
        found.setdefault(row.link, []).append(row)
    return found


def _is_soon_full(row: CapacityRow, now: str) -> bool:
    if row.prospect is Prospect.FULL:
        return True
    return row.prospect is Prospect.EXPECTED and row.month is not None and _number(row.month) - _number(now) <= SOON


def _number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:])


def _data(grounds: Grounds) -> Iterator[Recommendation]:
    untold = {SpeedBy.UNDECIDED, SpeedBy.NOT_MEASURED}
    untested = {row.link for row in grounds.month.speed if row.contract.by in untold}
    if untested:
        yield _advice(grounds, Action.TEST, "", len(untested))
    quality = grounds.quality
    if quality.links_below or quality.is_low:
        yield _advice(grounds, Action.WATCH, "", len(quality.links_below), value=quality.known)
    unweighted = sum(site.citizens_per_hour is None for site in grounds.month.site_rows)
    if unweighted:
        yield _advice(grounds, Action.WEIGH, "", unweighted)


def follow_up(
    before: Sequence[Recommendation], now: Sequence[Recommendation], quality: DataQuality
) -> tuple[FollowUp, ...]:
    """What became of each recommendation of the month before, in their order."""
    is_told = quality.known is not None and quality.known >= _TELLING
    present = {one.id: one for one in now}
    return tuple(FollowUp(one, _progress(one, present.get(one.id), is_told=is_told)) for one in before)


def _progress(before: Recommendation, now: Recommendation | None, *, is_told: bool) -> Progress:
    if not is_told:
        return Progress.CANNOT_TELL
    if now is None:
        return Progress.GONE
    return Progress.BETTER if _weight(now) < _weight(before) else Progress.SAME


def _weight(one: Recommendation) -> tuple[float, float, int]:
    return one.citizen_hours or 0.0, one.lost_seconds, one.count
