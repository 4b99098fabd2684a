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

    def lines(self, position: int) -> bytes:
        """The lines of the family at this position, in UTF-8; empty where it has no sample."""


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
    """The families of a block of scalars, and for each where its values start and what follows the labels of each."""

    families: tuple[str, ...]
    parts: tuple[tuple[int, tuple[str, ...]], ...]


# A memory of a pure function: thousands of blocks with the same metrics share one layout.
@lru_cache(maxsize=1_024)
def _layout(cells: tuple[tuple[str, str], ...]) -> _Layout:
    """The layout of these pairs of family and further labels."""
    groups = [(family, tuple([f"{extra}}} " for _, extra in pairs])) for family, pairs in groupby(cells, itemgetter(0))]
    starts = accumulate([len(tails) for _, tails in groups], initial=0)
    parts = tuple([(start, tails) for start, (_, tails) in zip(starts, groups, strict=False)])
    return _Layout(tuple([family for family, _ in groups]), parts)


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

    def lines(self, position: int) -> bytes:
        """The lines of one family."""
        family, (start, tails) = self.layout.families[position], self.layout.parts[position]
        if len(tails) == 1:  # nearly always, and a scrape asks a hundred thousand times
            return f"{family}{{{self.labels}{tails[0]}{number(self.values[start])}\n".encode()
        head = f"{family}{{{self.labels}"
        return "".join([f"{head}{tail}{number(self.values[at])}\n" for at, tail in enumerate(tails, start)]).encode()


def row(label_text: str) -> bytes:
    """One row of a table's template: a place for the metric's name, the labels, a place for the value.

    The place for the name is NUL, which ``exporters.labels`` keeps out of label text. Octets are filled in twice as
    fast as characters.
    """
    return f"\0{{{label_text.replace('%', '%%')}}} %d\n".encode()


def _filled(template: bytes, family: str, values: Sequence[int | bytes | None]) -> bytes:
    """The lines of a template for the rows that have a value."""
    if None in values:
        rows = [text for text, value in zip(template.split(b"\n"), values, strict=False) if value is not None]
        template = b"".join([text + b"\n" for text in rows])
    return (template % tuple([value for value in values if value is not None])).replace(b"\0", family.encode())


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
    template: bytes
    values: "array[int]"

    def lines(self, position: int) -> bytes:
        """The lines of one column."""
        size = len(self.values) // len(self.families)
        values = tuple(self.values[position * size : (position + 1) * size])
        if ABSENT in values:
            gaps = [None if value == ABSENT else value for value in values]
            return _filled(self.template, self.families[position], gaps)
        return (self.template % values).replace(b"\0", self.families[position].encode())


@dataclass(frozen=True, slots=True)
class InterfaceFacts:
    """What an interface is, as labels: its type and its address on the medium.

    Attributes:
        template: As in ``Table``.
        types: Name of the ifType of each row, ``None`` where it was not read.
        addresses: Physical address of each row as it stands between quotes, ``None`` where there is none.
    """

    template: bytes
    types: tuple[bytes | None, ...]
    addresses: tuple[bytes | None, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """The two metrics."""
        return _INTERFACE_FACTS

    def lines(self, position: int) -> bytes:
        """The lines of the types, or of the addresses."""
        if position == 0:
            return _filled(self._with(b"ifType"), "ifType_info", self.types)
        return _filled(self._with(b"ifPhysAddress"), "ifPhysAddress", self.addresses)

    def _with(self, name: bytes) -> bytes:
        return self.template.replace(b"} %d\n", b"," + name + b'="%s"} 1\n')


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

    def lines(self, _position: int) -> bytes:
        """Its buckets, count and sum."""
        count = sum(self.counts)
        head = f"{self.family}_bucket{{{self.labels},le="
        steps = zip((*self.edges, inf), accumulate(self.counts), strict=True)
        buckets = "".join([f'{head}"{number(edge)}"}} {below}\n' for edge, below in steps])
        ends = f"{{{self.labels}}}"
        return f"{buckets}{self.family}_count{ends} {count}\n{self.family}_sum{ends} {number(self.total)}\n".encode()


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

    def lines(self, _position: int) -> bytes:
        """One line per state."""
        return f'{self.family}{{{self.labels},state="'.join(_STATE_LINES[self.state]).encode()
