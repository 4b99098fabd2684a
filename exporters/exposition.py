"""The text of many blocks: Prometheus text 0.0.4 and OpenMetrics 1.0, in slices.

All samples of a family stand together under one heading. The work is done between slices of bounded size, so that
whoever writes them out can let other tasks run; a slice may be empty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final

from exporters.blocks import Block
from exporters.breathing import sliced
from exporters.metric import Metric, MetricType
from exporters.metrics import METRICS

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


def exposition(blocks: Iterable[Block], style: Style) -> Iterator[bytes]:
    """The text of the blocks in slices of UTF-8, without OpenMetrics' end mark."""
    shapes: dict[tuple[str, ...], list[Block]] = {}
    for count, block in enumerate(blocks, 1):
        shapes.setdefault(block.families, []).append(block)
        if count % _BLOCKS_PER_BREATH == 0:
            yield b""
    yield from sliced(_pieces(shapes, style))


def _pieces(shapes: _Shapes, style: Style) -> Iterator[list[bytes]]:
    """Heading and lines of one family after the other, a few blocks at a time."""
    holders = _holders(shapes)
    for metric in METRICS:
        head = heading(metric, style).encode()
        for position, members in holders.get(metric.name, ()):
            for start in range(0, len(members), _BLOCKS_PER_PIECE):
                texts = [block.lines(position) for block in members[start : start + _BLOCKS_PER_PIECE]]
                if head and any(texts):
                    yield [head]
                    head = b""
                yield texts


def _holders(shapes: _Shapes) -> Mapping[str, Sequence[tuple[int, Sequence[Block]]]]:
    """For each family, the blocks that hold it and at which position."""
    holders: dict[str, list[tuple[int, Sequence[Block]]]] = {}
    for families, members in shapes.items():
        for position, family in enumerate(families):
            holders.setdefault(family, []).append((position, members))
    return holders
