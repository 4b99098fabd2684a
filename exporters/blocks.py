"""Samples at rest: numbers kept small, text of labels shared, lines made when somebody scrapes.

A finished line of an interface counter is some 150 bytes, its number 8; a city has millions of them. So a block keeps
the numbers and one text of labels for each row, and ``lines`` joins them. A block never changes: a scrape that takes
its time still sees each poll as one whole.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from math import inf, isfinite
from operator import itemgetter
from typing import Final, NamedTuple, Protocol

from exporters.interface_types import interface_type
from exporters.labels import escaped
from model.state import State

ABSENT: Final = -(2**63)
"""In a table, a cell that was not read."""


_INTERFACE_FACTS: Final = ("ifType_info", "ifPhysAddress")
_STATE_LINES: Final = {now: ("", *(f'{state}"}} {int(state is now)}\n' for state in State)) for now in State}
"""For each state, what follows the common beginning of each of its lines."""


class Block(Protocol):
    """Samples of one subject that come and go together."""

    @property
    def families(self) -> tuple[str, ...]:
        """The metrics that it holds samples of, each once."""

    def lines(self, position: int) -> str:
        """The lines of the family at this position; empty where it has no sample."""


class Sample(NamedTuple):
    """One value of a metric; ``extra`` are its further labels with a leading comma."""

    family: str
    value: float
    extra: str = ""


def number(value: float) -> str:
    """A value as both text formats spell it."""
    if isfinite(value):
        return repr(value)
    return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"  # noqa: PLR0124  # only NaN differs from itself


class _Layout(NamedTuple):
    """The families of a block of scalars, the further labels of each sample, where each family's values start."""

    families: tuple[str, ...]
    extras: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]


# A memory of a pure function: thousands of blocks with the same metrics share one layout.
@lru_cache(maxsize=1_024)
def _layout(cells: tuple[tuple[str, str], ...]) -> _Layout:
    """The layout of these pairs of family and further labels."""
    groups = [(family, tuple([extra for _, extra in pairs])) for family, pairs in groupby(cells, itemgetter(0))]
    extras = tuple([extras for _, extras in groups])
    return _Layout(tuple([family for family, _ in groups]), extras, (0, *accumulate(map(len, extras))))


@dataclass(frozen=True, slots=True)
class Scalars:
    """A handful of values under one text of labels.

    Attributes:
        labels: Label text without braces.
        layout: What they are values of; shared by all blocks of the same metrics.
        values: The values of all samples.
    """

    labels: str
    layout: _Layout
    values: "array[float]"

    @classmethod
    def of(cls, labels: str, samples: Iterable[Sample]) -> "Scalars":
        """The block of these samples; those of one family follow each other."""
        held = tuple(samples)
        layout = _layout(tuple([(sample.family, sample.extra) for sample in held]))
        return cls(labels, layout, array("d", [sample.value for sample in held]))

    @property
    def families(self) -> tuple[str, ...]:
        """The metrics, each once."""
        return self.layout.families

    def lines(self, position: int) -> str:
        """The lines of one family."""
        families, extras, starts = self.layout
        family, start = families[position], starts[position]
        return "".join([
            f"{family}{{{self.labels}{extra}}} {number(self.values[at])}\n"
            for at, extra in enumerate(extras[position], start)
        ])


def row(label_text: str) -> str:
    """One row of a table's template: a place for the metric's name, the labels, a place for the value.

    The place for the name is NUL, which ``exporters.labels`` keeps out of label text.
    """
    return f"\0{{{label_text.replace('%', '%%')}}} %s\n"


def _filled(template: str, family: str, values: Sequence[object]) -> str:
    """The lines of a template for the rows that have a value."""
    if None in values:
        # Only a line feed ends a row: str.splitlines would cut at others that may stand in label text.
        rows = [text for text, value in zip(template.split("\n"), values, strict=False) if value is not None]
        template = "".join([f"{text}\n" for text in rows])
    return (template % tuple([value for value in values if value is not None])).replace("\0", family)


@dataclass(frozen=True, slots=True)
class Table:
    """One number per row and column, such as the counters of a device's interfaces.

    Attributes:
        families: The columns.
        template: The ``row`` of each row, in one string: that is read through once for each column at each scrape,
            and many small strings, scattered in memory, take half as long again.
        values: Column by column; ``ABSENT`` where there is none.
    """

    families: tuple[str, ...]
    template: str
    values: "array[int]"

    def lines(self, position: int) -> str:
        """The lines of one column."""
        size = len(self.values) // len(self.families)
        values = self.values[position * size : (position + 1) * size].tolist()
        if ABSENT in values:
            gaps = [None if value == ABSENT else value for value in values]
            return _filled(self.template, self.families[position], gaps)
        return (self.template % tuple(values)).replace("\0", self.families[position])


@dataclass(frozen=True, slots=True)
class InterfaceFacts:
    """What an interface is, as labels: its type and its address on the medium.

    Attributes:
        template: As in ``Table``.
        types: ifType of each row, ``None`` where it was not read.
        addresses: Physical address of each row, ``None`` where there is none.
    """

    template: str
    types: tuple[int | None, ...]
    addresses: tuple[str | None, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The two metrics."""
        return _INTERFACE_FACTS

    def lines(self, position: int) -> str:
        """The lines of the types, or of the addresses."""
        if position == 0:
            names = [kind and interface_type(kind) for kind in self.types]
            return _filled(self._with("ifType"), "ifType_info", names)
        addresses = [address and escaped(address) for address in self.addresses]
        return _filled(self._with("ifPhysAddress"), "ifPhysAddress", addresses)

    def _with(self, name: str) -> str:
        return self.template.replace("} %s\n", f',{name}="%s"}} 1\n')


@dataclass(frozen=True, slots=True)
class Buckets:
    """A histogram as it stood at one instant.

    Attributes:
        family: The metric.
        labels: Label text without braces.
        edges: Upper edges of all buckets but the last.
        counts: Observations in each bucket, one more than edges, not accumulated.
        total: Sum of all observations.
    """

    family: str
    labels: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    total: float

    @property
    def families(self) -> tuple[str, ...]:
        """The one metric."""
        return (self.family,)

    def lines(self, _position: int) -> str:
        """Its buckets, count and sum."""
        count = sum(self.counts)
        head = f"{self.family}_bucket{{{self.labels},le="
        steps = zip((*self.edges, inf), accumulate(self.counts), strict=True)
        buckets = "".join([f'{head}"{number(edge)}"}} {below}\n' for edge, below in steps])
        ends = f"{{{self.labels}}}"
        return f"{buckets}{self.family}_count{ends} {count}\n{self.family}_sum{ends} {number(self.total)}\n"


@dataclass(frozen=True, slots=True)
class StateSet:
    """1 for the state that something is in, 0 for the others."""

    family: str
    labels: str
    state: State

    @property
    def families(self) -> tuple[str, ...]:
        """The one metric."""
        return (self.family,)

    def lines(self, _position: int) -> str:
        """One line per state."""
        return f'{self.family}{{{self.labels},state="'.join(_STATE_LINES[self.state])
