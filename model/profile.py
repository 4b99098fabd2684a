"""A profile: what to read of a kind of device, where it stands, and what its numbers mean. Each is one YAML file."""

import re
from collections.abc import Collection, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from model.fields import Described, Flag, Pattern, Record
from model.health import TRAITS, Measure
from model.invalid import InvalidValueError
from model.measurement import SystemFacts

GENERIC: Final = "generic"
"""The profile of what no other one fits."""

Oid = Annotated[
    str,
    Field(pattern=r"^[0-2](\.(0|[1-9][0-9]{0,9}))+$", max_length=256),
    Described("an OID in numbers, such as `1.3.6.1.2.1.25.3.3.1.2`"),
]
MetricName = Annotated[
    str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$"), Described("the name of a metric such as `hrProcessorLoad`")
]


class Match(Record):
    """What a device is known by; all that is said here must be so."""

    object_id: Oid | None = Field(None, description="What its sysObjectID begins with, or is.")
    descr: Pattern | None = Field(None, description="Regular expression that its sysDescr holds.")
    exists: Oid | None = Field(None, description="A scalar that it answers; asked only where the rest is so.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.object_id or self.descr or self.exists):
            raise InvalidValueError("a match that matches everything", "write `object_id`, `descr` or `exists`")
        return self

    def fits(self, system: SystemFacts) -> bool:
        """Whether the system group is so, ``exists`` left aside."""
        is_below = not self.object_id or f"{system.object_id}.".startswith(f"{self.object_id}.")
        return is_below and (not self.descr or re.search(self.descr, system.descr) is not None)

    @property
    def weight(self) -> tuple[int, int]:
        """The more specific, the greater: the arcs of the OID, then how many further conditions there are."""
        arcs = self.object_id.count(".") + 1 if self.object_id else 0
        return arcs, bool(self.descr) + bool(self.exists)


class Condition(Record):
    """What another column of the same row must hold."""

    column: Oid = Field(description="The column; its cell with the same index is looked at.")
    values: tuple[int, ...] = Field((), alias="is", description="One of these; empty: any number.")
    above: float | None = Field(None, description="More than this.")
    each_time: Flag = Field(False, description="`true`: looked at in every round, not once an hour only.")

    def holds(self, value: float | None) -> bool:
        """Whether a cell fulfils it; one that is not there does not."""
        if value is None:
            return False
        return (not self.values or value in self.values) and (self.above is None or value > self.above)


class Place(Record):
    """Where something stands: in a scalar, or in each row of a table."""

    oid: Oid | None = Field(None, description="A scalar, with the `.0` at its end. Either this or `column`.")
    column: Oid | None = Field(None, description="A column of a table, without an index. Either this or `oid`.")
    pattern: Pattern | None = Field(None, description="Where it is text: what to take of it, its first group.")
    where: tuple[Condition, ...] = Field((), description="Only rows for which all of these hold.")

    @model_validator(mode="after")
    def _is_one_place(self) -> Self:
        if (self.oid is None) == (self.column is None):
            raise InvalidValueError("either `oid` or `column` must be there", "write one of the two")
        if self.oid is not None and self.where:
            raise InvalidValueError("`where` is for the rows of a table", "write `column`, or take `where` out")
        return self


class Source(Place):
    """One measure, where it stands and what its numbers mean."""

    measure: Measure = Field(description="What it is.")
    part: str = Field("", description="Name of the part; in a table `{}` is the row's own name, which it is by itself.")
    index: Literal["row", "entity", "interface", "text"] = Field(
        "row",
        description="What the index of a row is: of entPhysicalTable, of ifTable, letters, or of this table alone.",
    )
    named_by: Oid | None = Field(None, description="The column that names the rows.")
    named: Pattern | None = Field(None, description="Only rows with such a name; a group in it is the name then.")
    factor: float = Field(1.0, description="The number times this is in base units (a share of 1, °C, V, A, W, s).")
    offset: float = Field(0.0, description="Added after that.")
    signed: int | None = Field(None, ge=2, le=63, description="An unsigned number of so many bits that means a signed.")
    scale: Oid | None = Field(None, description="Column with the power of thousand, as entPhySensorScale has it.")
    precision: Oid | None = Field(None, description="Column with the number of decimals, as entPhySensorPrecision.")
    milliwatts: Flag = Field(False, description="`true`: the number is in mW and is told in dBm.")
    invalid: tuple[int, ...] = Field((), description="Numbers by which the device says that it does not know.")
    plus: tuple[Oid, ...] = Field((), description="Added to the number: memory that is free though used as a cache.")
    less: tuple[Oid, ...] = Field((), description="Taken from the number: buffers and caches that count as used.")
    whole: Oid | None = Field(None, description="The number is a share of this one.")
    rest: Oid | None = Field(None, description="The number is a share of itself and this one together.")
    is_free: Flag = Field(False, description="`true`: the share is what is free, and the rest of it in use.")
    true_for: tuple[int, ...] = Field((), description="Of a measure that is 1 or 0: the numbers that mean 1.")
    false_for: tuple[int, ...] = Field((), description="The numbers that mean 0; any other means that it is unknown.")

    @model_validator(mode="after")
    def _fits_its_measure(self) -> Self:
        if bool(self.true_for or self.false_for) != TRAITS[self.measure].is_flag:
            what = f"`{self.measure}` is {'1 or 0' if TRAITS[self.measure].is_flag else 'a number'}"
            raise InvalidValueError(what, "write `true_for` and `false_for` for what is 1 or 0, and for nothing else")
        if (self.whole or self.rest or self.is_free) and TRAITS[self.measure].unit != "ratio":
            raise InvalidValueError(f"`{self.measure}` is no share", "take `whole`, `rest` and `is_free` out")
        return self

    @property
    def static_columns(self) -> tuple[str, ...]:
        """Columns that say what a row is; looked at rarely."""
        of_rows = [
            self.named_by,
            self.scale,
            self.precision,
            *(cell.column for cell in self.where if not cell.each_time),
        ]
        return tuple(column for column in of_rows if column)

    @property
    def changing(self) -> tuple[str, ...]:
        """What is read in every round beside the number itself: columns of a table, or scalars."""
        others = [
            *self.plus,
            *self.less,
            self.whole,
            self.rest,
            *(cell.column for cell in self.where if cell.each_time),
        ]
        return tuple(other for other in others if other)


class Exposed(Record):
    """Scalars, or a table, that are exported as they are, under the names of snmp_exporter."""

    scalars: Mapping[MetricName, Oid] = Field({}, description="Scalars by the name of the metric.")
    columns: Mapping[MetricName, Oid] = Field({}, description="Columns by the name of the metric.")
    fixed: Mapping[MetricName, Oid] = Field({}, description="Columns that hardly change: read once an hour.")
    labels: Mapping[str, str] = Field(
        {}, description="Labels of the rows: each `index`, or the column that holds the text."
    )

    @property
    def static_columns(self) -> tuple[str, ...]:
        """What is read once an hour: labels, and columns that hardly change."""
        return (*(column for column in self.labels.values() if column != "index"), *self.fixed.values())


class Profile(Record):
    """What is read of a kind of device."""

    title: str = Field(description="For people.")
    source: str = Field(description="Where the OIDs and their meaning come from.")
    vendor: str = Field("", description="Who makes such devices.")
    match: tuple[Match, ...] = Field(
        (), description="By what a device is known, each enough by itself; empty: by none."
    )
    includes: tuple[str, ...] = Field((), description="Profiles whose readings are read too, after its own.")
    model: tuple[Place, ...] = Field((), description="Where the model stands; the first that is told.")
    serial: tuple[Place, ...] = Field((), description="Where the serial number stands.")
    firmware: tuple[Place, ...] = Field((), description="Where the version of the firmware stands.")
    readings: tuple[Source, ...] = Field((), description="What is measured; of one part the first that is told.")
    exposed: tuple[Exposed, ...] = Field((), description="What is exported as it is.")


def joined(profiles: Mapping[str, Profile], name: str) -> Profile:
    """A profile with all that it includes, each once, its own first."""
    names: list[str] = []
    waiting = [name]
    while waiting:
        current = waiting.pop(0)
        if current not in names:
            names.append(current)
            waiting = [*profiles[current].includes, *waiting]
    parts = [profiles[each] for each in names]
    merged: dict[str, object] = {
        key: tuple(item for part in parts for item in getattr(part, key))
        for key in ("model", "serial", "firmware", "readings", "exposed")
    }
    return profiles[name].model_copy(update=merged)


def wanted_scalars(profiles: Mapping[str, Profile], system: SystemFacts) -> frozenset[str]:
    """The scalars whose existence decides which profile fits a device; none that could not outweigh a surer match."""
    fitting = [match for profile in profiles.values() for match in profile.match if match.fits(system)]
    surest = max((match.weight for match in fitting if match.exists is None), default=(0, 0))
    return frozenset(match.exists for match in fitting if match.exists and match.weight >= surest)


def chosen(profiles: Mapping[str, Profile], system: SystemFacts, existing: Collection[str]) -> str:
    """The name of the profile that fits a device best; ``generic`` where none does.

    The longest sysObjectID decides, then how much else was asked for, then the name.

    Args:
        profiles: By name.
        system: What the device says of itself.
        existing: Those of ``wanted_scalars`` that it answers.
    """
    found = [
        (match.weight, name)
        for name, profile in profiles.items()
        for match in profile.match
        if match.fits(system) and (match.exists is None or match.exists in existing)
    ]
    return max(found, key=lambda each: (each[0], [-ord(letter) for letter in each[1]]))[1] if found else GENERIC
