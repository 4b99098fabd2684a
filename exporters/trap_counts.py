"""Metrics of traps: what has come, what became of it, and which device has said what."""

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family

from exporters.metric import About, Metric, MetricType

TRAPS: Final[tuple[Metric, ...]] = (
    Metric(
        "linkward_traps_listening",
        MetricType.GAUGE,
        "Whether the trap port is open; absent where the inventory says nothing of traps.",
        About.DAEMON,
    ),
    Metric(
        "linkward_traps_total",
        MetricType.COUNTER,
        "Messages at the trap port by what became of them: hastened (a poll or a probe), noted (read, nothing to look "
        "at), duplicate (within 30 s), question (before an SNMPv3 inform), unknown_sender, wrong_credentials, "
        "rate_limited, malformed, dropped (by the kernel). Of what was not read, trap is unread.",
        About.DAEMON,
        ("trap", "outcome"),
    ),
    Metric(
        "linkward_device_traps_total",
        MetricType.COUNTER,
        "Traps and informs of a device that were read, by their name, repeated ones among them. One that came from an "
        "address that several devices share counts for each of them.",
        About.DAEMON,
        ("site", "device", "trap"),
    ),
)


class TrapFacts(Protocol):
    """What is known of traps; each number only grows."""

    @property
    def is_listening(self) -> bool | None:
        """Whether the port is open; ``None`` where traps are not heard at all."""

    def messages(self) -> Mapping[tuple[str, str], int]:
        """By trap and outcome."""

    def devices(self) -> Mapping[tuple[str, str, str], int]:
        """By site, device and trap."""


def families(facts: TrapFacts) -> Iterator[Family]:
    """The metrics of traps as they are now."""
    listening, messages, devices = TRAPS
    if facts.is_listening is not None:
        yield GaugeMetricFamily(listening.name, listening.help, facts.is_listening)
    for metric, counts in ((messages, facts.messages()), (devices, facts.devices())):
        family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
        for labels, count in counts.items():
            family.add_metric(labels, count)
        yield family
