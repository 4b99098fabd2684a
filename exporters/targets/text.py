"""Samples without labels of their own as text: Prometheus takes the target from its own configuration."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Final

from exporters.blocks import Sample, number
from exporters.exposition import Style, heading
from exporters.metric import About, Metric, MetricType, Source
from exporters.metrics import METRICS
from exporters.targets.words import HELP

_GAUGE: Final = MetricType.GAUGE
ONLY_WHEN_ASKED: Final = (
    Metric("probe_ip_addr_hash", _GAUGE, HELP["probe_ip_addr_hash"], About.PROBED, source=Source.BLACKBOX),
    Metric("ifIndex", _GAUGE, "Number of the interface.", About.INTERFACE, source=Source.SNMP),
    Metric("sysObjectID", _GAUGE, "What kind of system it is; always 1.", About.DEVICE, source=Source.SNMP),
)
"""What ``/probe`` and ``/snmp`` hold beside what ``/metrics`` does."""

_METRICS: Final[Mapping[str, Metric]] = {
    metric.name: replace(metric, help=HELP.get(metric.name, metric.help)) for metric in (*METRICS, *ONLY_WHEN_ASKED)
}


def text_of(samples: Iterable[Sample], style: Style) -> str:
    """The lines of samples that stand in the order of their families."""
    families = groupby(samples, attrgetter("family"))
    return "".join([headed(family, "".join(map(_line, members)), style) for family, members in families])


def headed(family: str, lines: str, style: Style) -> str:
    """The lines of one family under its heading."""
    return heading(_METRICS[family], style) + lines


def _line(sample: Sample) -> str:
    labels = f"{{{sample.extra[1:]}}}" if sample.extra else ""
    return f"{sample.family}{labels} {number(+sample.value)}\n"  # the plus makes a number of True
