"""The text of many blocks: Prometheus text 0.0.4 and OpenMetrics 1.0, in slices.

All samples of a family stand together under one heading. The work is done between slices of bounded size, so that
whoever writes them out can let other tasks run; a slice may be empty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final

from exporters.blocks import Block
from exporters.metric import Metric, MetricType
from exporters.metrics import METRICS

SLICE_CHARACTERS: Final = 256 * 1024
"""A slice ends after this many characters: less than 2 ms of work."""

_BLOCKS_PER_BREATH: Final = 2_000
_BLOCKS_PER_PIECE: Final = 16
_OPENMETRICS_UNITS: Final = frozenset({"seconds", "bytes", "bits_per_second"})


class Style(Enum):
    """A text format; the value is its content type."""

    TEXT = "text/plain; version=0.0.4; charset=utf-8"
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


OPENMETRICS_END: Final = "# EOF\n"

_Shapes = Mapping[tuple[str, ...], Sequence[Block]]


def heading(metric: Metric, style: Style) -> str:
    """The lines above a family.

    In OpenMetrics a counter must end in ``_total``; the counters of SNMP do not and are ``unknown`` there.
    """
    if style is Style.TEXT:
        return f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} {metric.type}\n"
    kind, name = metric.type.value, metric.name
    if metric.type is MetricType.COUNTER:
        kind, name = ("counter", name.removesuffix("_total")) if name.endswith("_total") else ("unknown", name)
    unit = metric.unit if metric.unit in _OPENMETRICS_UNITS and name.endswith(f"_{metric.unit}") else ""
    return f"# HELP {name} {metric.help}\n# TYPE {name} {kind}\n" + (f"# UNIT {name} {unit}\n" if unit else "")


def exposition(blocks: Iterable[Block], style: Style) -> Iterator[str]:
    """The text of the blocks in slices, without OpenMetrics' end mark."""
    shapes: dict[tuple[str, ...], list[Block]] = {}
    for count, block in enumerate(blocks, 1):
        shapes.setdefault(block.families, []).append(block)
        if count % _BLOCKS_PER_BREATH == 0:
            yield ""
    yield from _sliced(_pieces(shapes, style))


def _pieces(shapes: _Shapes, style: Style) -> Iterator[str]:
    """Heading and lines of one family after the other."""
    holders = _holders(shapes)
    for metric in METRICS:
        head = heading(metric, style)
        for position, members in holders.get(metric.name, ()):
            for start in range(0, len(members), _BLOCKS_PER_PIECE):
                text = "".join([block.lines(position) for block in members[start : start + _BLOCKS_PER_PIECE]])
                if text:
                    yield head + text
                    head = ""


def _holders(shapes: _Shapes) -> Mapping[str, Sequence[tuple[int, Sequence[Block]]]]:
    """For each family, the blocks that hold it and at which position."""
    holders: dict[str, list[tuple[int, Sequence[Block]]]] = {}
    for families, members in shapes.items():
        for position, family in enumerate(families):
            holders.setdefault(family, []).append((position, members))
    return holders


def _sliced(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in slices of about ``SLICE_CHARACTERS``."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= SLICE_CHARACTERS:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
