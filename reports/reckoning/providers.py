"""What each provider delivered, and the claims that follow from it."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Final

from model.verdict import Outcome, Quality
from reports.reckoning.month import by_link, tested
from reports.reckoning.outages import counts, summed
from reports.reckoning.sums import line_of
from reports.sections.common import Judged
from reports.sections.links import LinkRow
from reports.sections.outages import OutageRow
from reports.sections.providers import Claim, ClaimKind, ProviderRow, Repeater
from reports.sections.speed import SpeedRow

MANY_OUTAGES: Final = 3
MANY_MONTHS: Final = 2

Failing = Mapping[str, int]
"""By link: months in a row, the last one included, in which its requirement was breached."""


def provider_rows(
    links: Sequence[LinkRow],
    outages: Sequence[OutageRow],
    speed: Sequence[SpeedRow],
    failing: Failing,
) -> tuple[ProviderRow, ...]:
    """Of a ward, or of the wards of a city together, in order of the providers' names."""
    names = sorted({row.provider for row in links})
    return tuple(_row(name, [row for row in links if row.provider == name], outages, speed, failing) for name in names)


def _row(
    name: str,
    links: Sequence[LinkRow],
    all_outages: Sequence[OutageRow],
    all_speed: Sequence[SpeedRow],
    failing: Failing,
) -> ProviderRow:
    ids = {row.id for row in links}
    outages = [row for row in all_outages if row.link in ids and row.is_own]
    speed = [row for row in all_speed if row.link in ids]
    begun = [row for row in outages if counts(row)]
    in_time = [row.is_restored_in_time for row in begun if row.is_restored_in_time is not None]
    claims = tuple(_claims(links, outages, speed))
    return ProviderRow(
        name=name,
        links=tested(row.verdict for row in links),
        links_in_all=len(links),
        sites=len({row.site for row in links}),
        line=line_of(links).shares,
        outages=sum(row.outages for row in links),
        micro_outages=sum(row.micro_outages for row in links),
        down_seconds=sum(row.seconds.down for row in links),
        mttr_seconds=fmean([row.down_seconds for row in begun]) if begun else None,
        restored_in_time=sum(in_time) / len(in_time) if in_time else None,
        speed=tested(row.contract.outcome for row in speed if row.contract.threshold is not None),
        citizen_hours=summed(row.citizen_hours for row in outages),
        repeaters=tuple(_repeaters(links, failing)),
        claims=claims,
        outcome=_outcome(claims, links),
    )


def _outcome(claims: Sequence[Claim], links: Sequence[LinkRow]) -> Outcome | None:
    verdicts = {row.verdict for row in links if row.verdict is not None}
    if claims:
        return Outcome.BREACHED
    if not verdicts:
        return None
    return Outcome.MET if verdicts == {Outcome.MET} else Outcome.UNKNOWN


def _repeaters(links: Sequence[LinkRow], failing: Failing) -> Iterator[Repeater]:
    for row in links:
        months = failing.get(row.id, 0)
        if row.outages >= MANY_OUTAGES or months >= MANY_MONTHS:
            yield Repeater(row.id, row.outages, months)


def _claims(links: Sequence[LinkRow], outages: Sequence[OutageRow], speed: Sequence[SpeedRow]) -> Iterator[Claim]:
    own, slow = by_link(outages), _slow(speed)
    for row in links:
        some = own.get(row.id, ())
        for judged in row.judged:
            if judged.outcome is Outcome.BREACHED and judged.requirement not in {Quality.DOWNLOAD, Quality.UPLOAD}:
                yield _of_judged(row, judged, some)
        late = [one for one in some if counts(one) and one.is_restored_in_time is False]
        if late:
            yield _of_restore(row, late)
        yield from (_of_speed(row, one) for one in slow.get(row.id, ()))


def _slow(speed: Sequence[SpeedRow]) -> Mapping[str, Sequence[SpeedRow]]:
    found: dict[str, list[SpeedRow]] = {}
    for one in speed:
        if one.contract.outcome is Outcome.BREACHED:
            found.setdefault(one.link, []).append(one)
    return found


def _of_judged(row: LinkRow, judged: Judged, outages: Sequence[OutageRow]) -> Claim:
    is_availability = judged.requirement is Quality.AVAILABILITY
    proving = [one for one in outages if is_availability and one.down_seconds_in_hours > 0]
    return Claim(
        link=row.id,
        circuit=row.circuit,
        site=row.site,
        kind=ClaimKind(judged.requirement.value),
        required=judged.threshold or 0.0,
        measured=judged.value,
        n=judged.n,
        down_seconds=row.seconds_in_hours.down if is_availability else None,
        outages=tuple(one.id for one in proving),
    )


def _of_restore(row: LinkRow, late: Sequence[OutageRow]) -> Claim:
    limits = [one.restore_limit_seconds for one in late if one.restore_limit_seconds is not None]
    longest = max(one.whole_seconds for one in late)
    names = tuple(one.id for one in late)
    return Claim(row.id, row.circuit, row.site, ClaimKind.RESTORE, limits[-1], longest, len(late), None, names)


def _of_speed(row: LinkRow, speed: SpeedRow) -> Claim:
    kind = ClaimKind(speed.direction)
    required = speed.contract.threshold or 0.0
    return Claim(row.id, row.circuit, row.site, kind, required, speed.mean, len(speed.tests), None, ())
