"""What one metric is: a row of the table in ``exporters.metrics``."""

from dataclasses import dataclass
from enum import StrEnum


class MetricType(StrEnum):
    """Prometheus' types that are used here; the value is the word after ``# TYPE``."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Source(StrEnum):
    """Who gave a metric its name."""

    LINKWARD = "Linkward"
    BLACKBOX = "blackbox_exporter"
    SNMP = "snmp_exporter"
    SMOKEPING = "smokeping_prober"


class About(StrEnum):
    """What a metric speaks of."""

    DAEMON = "the daemon"
    SITE = "a site"
    LINK = "a link"
    DEVICE = "a device"
    INTERFACE = "an interface"
    SERVICE = "a service"
    PROMISE = "a link or service"
    PROBED = "a link, device, service or anchor"


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table.

    Attributes:
        name: Full name of its samples; a histogram's without ``_bucket``, ``_sum``, ``_count``.
        type: Counter, gauge or histogram.
        help: One line for a person.
        about: What it speaks of, which gives the labels that all its series bear.
        labels: Further labels.
        unit: Unit of the value; empty where it has none.
        source: Whose name it is.
    """

    name: str
    type: MetricType
    help: str
    about: About
    labels: tuple[str, ...] = ()
    unit: str = ""
    source: Source = Source.LINKWARD
