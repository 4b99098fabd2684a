"""What a link or service must deliver: the contract word of this project."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Discriminator, Field, Tag, model_validator

from model.fields import BitRate, Day, Described, Duration, PositiveDuration, Ratio, Record
from model.invalid import InvalidValueError


class Thresholds(Record):
    """What must be kept. A threshold that is left out is not required."""

    availability: Ratio | None = Field(
        None, description="Smallest share of a calendar month inside service hours, such as 99.9%."
    )
    rtt_p95: PositiveDuration | None = Field(
        None,
        description="Largest 95th percentile of the round-trip time, lost packets counted as infinite; "
        "of a service, of the time until the whole answer is there.",
    )
    loss: Ratio | None = Field(None, description="Largest share of lost probes.")
    delay_variation_p99: PositiveDuration | None = Field(
        None, description="Largest 99th percentile of the delay above the window's minimum (PDV, RFC 5481)."
    )
    download: BitRate | None = Field(None, description="Smallest speed towards the site.")
    upload: BitRate | None = Field(None, description="Smallest speed away from the site.")
    contracted_share: Ratio | None = Field(
        None, description="Smallest share of the contracted speed, each way, such as 80%."
    )
    restore: Duration | None = Field(None, description="Longest time to repair.")


class Change(Thresholds):
    """Thresholds that hold from a day on. What it leaves out stays as it was; `null` ends a threshold."""

    start: Day = Field(alias="from", description="The first day, local to the ward, such as 2026-11-01.")


class Requirement(Thresholds):
    """Thresholds that a link or service must keep, from the beginning or from a day on."""

    extends: str | None = Field(
        None, description="A preset or another requirement, whose thresholds hold where this one states none."
    )
    window: PositiveDuration = Field(
        300.0, le=3600, description="Over which rtt, loss and delay variation are judged; an hour at the most."
    )
    changes: tuple[Change, ...] = Field(
        (),
        description="What changes at a day, such as `{from: 2026-11-01, loss: 0.5%}`: until then the thresholds above "
        "hold, and the months before stay judged by them.",
    )

    @model_validator(mode="after")
    def _changes_in_order(self) -> Self:
        days = [change.start for change in self.changes]
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise InvalidValueError("`changes` are not in order of their days", "write each day once, earliest first")
        return self

    def at(self, moment: datetime) -> "Requirement":
        """What is required at a moment, without changes.

        Args:
            moment: In the ward's zone, because a change begins at local midnight.
        """
        return self.on(moment.date())

    def on(self, day: date) -> "Requirement":
        """What is required on a day of the ward, without changes."""
        if not self.changes:
            return self
        begun = {name: value for change in self.changes if change.start <= day for name, value in _stated(change)}
        return self.model_copy(update={**begun, "changes": ()})

    def periods(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, "Requirement"]]:
        """The parts of ``[start, end)`` in each of which one version holds, half-open and without gaps.

        Args:
            start: In the ward's zone.
            end: Likewise.
        """
        midnights = [_midnight(change.start, start.tzinfo) for change in self.changes]
        # Instants are compared in UTC: between times of one zone Python would compare what the clocks on the wall say.
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        edges = [start, *(edge for edge in midnights if first < edge.astimezone(UTC) < last), end]
        yield from ((begin, until, self.at(begin)) for begin, until in pairwise(edges))

    def overlaid(self, own: "Requirement") -> "Requirement":
        """This requirement with every threshold that ``own`` states itself put in its place.

        A threshold that ``own`` states is its own from then on: changes of this requirement no longer touch it.
        """
        stated = {name: getattr(own, name) for name in own.model_fields_set - {"changes"}}
        taken = dict.fromkeys(stated, date.min)
        for change in own.changes:
            taken = {**dict.fromkeys(dict(_stated(change)), change.start), **taken}
        kept = [_without(change, taken) for change in self.changes]
        return self.model_copy(update={**stated, "changes": _joined((*kept, *own.changes))})


def _stated(change: Change) -> Iterator[tuple[str, float | None]]:
    return (
        (name, getattr(change, name)) for name in Change.model_fields if name in change.model_fields_set - {"start"}
    )


def _without(change: Change, taken: Mapping[str, date]) -> Change:
    return _change(change.start, {n: v for n, v in _stated(change) if change.start < taken.get(n, date.max)})


def _joined(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    by_day: dict[date, dict[str, float | None]] = {}
    for change in changes:
        by_day.setdefault(change.start, {}).update(_stated(change))
    return tuple(_change(day, by_day[day]) for day in sorted(by_day) if by_day[day])


def _change(start: date, thresholds: Mapping[str, float | None]) -> Change:
    return Change.model_validate({"from": start, **thresholds})


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(), zone)


# A tag tells which branch a value was meant for, so that the other one does not complain too.
NameOrRequirement = Annotated[
    Annotated[str, Tag("(name)")] | Annotated[Requirement, Tag("(own)")],
    Discriminator(lambda value: "(name)" if isinstance(value, str) else "(own)"),
    Described("the name of a requirement, or thresholds such as `{rtt_p95: 30ms}`"),
]


def resolved(own: Mapping[str, Requirement], presets: Mapping[str, Requirement]) -> dict[str, Requirement]:
    """The presets and a file's own requirements in one table, each with what it extends laid under it.

    An entry takes the place of the preset of its name; one that extends its own name is an overlay on that preset.
    What an entry extends exists, and never leads back to it: ``model.references`` has checked both.
    """
    return {**presets, **{name: _with_its_base(name, own, presets) for name in own}}


def _with_its_base(name: str, own: Mapping[str, Requirement], presets: Mapping[str, Requirement]) -> Requirement:
    requirement, base = own[name], own[name].extends
    if base is None:
        return requirement
    below = _with_its_base(base, own, presets) if base in own and base != name else presets[base]
    return below.overlaid(requirement)
