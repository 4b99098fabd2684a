"""What the network was found to be otherwise than before: by device, as programs get it, and as metrics."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family

from exporters.metric import About, Metric, MetricType
from model.topology_proposals import Change, Drift

DRIFT: Final[tuple[Metric, ...]] = (
    Metric(
        "linkward_topology_drift",
        MetricType.GAUGE,
        "How many things the last `linkward topology` found otherwise than was accepted: gone, back, fact (model, "
        "serial number, firmware, name), uplink, moved, left, came. Absent until it has been run.",
        About.DAEMON,
        ("change",),
    ),
    Metric(
        "linkward_topology_looked_timestamp_seconds",
        MetricType.GAUGE,
        "When `linkward topology` last looked; absent until it has been run.",
        About.DAEMON,
        unit="seconds",
    ),
)


@dataclass(frozen=True, slots=True)
class Drifted:
    """What a look at all devices has found.

    Attributes:
        looked_at: When that was.
        since: When what it is compared with was seen, or accepted.
        changes: Each thing that is otherwise.
    """

    looked_at: datetime
    since: datetime
    changes: tuple[Drift, ...] = ()

    def of(self, device: str) -> Sequence[Drift]:
        """What is otherwise with one device."""
        return [each for each in self.changes if each.device == device]


class DriftSource(Protocol):
    """Knows what the last look has found."""

    @property
    def drifted(self) -> Drifted | None:
        """That; ``None`` until somebody has looked."""


class NoDrift:
    """Nobody has looked."""

    drifted: Drifted | None = None


def drift_families(drifted: Drifted | None) -> Iterator[Family]:
    """The metrics of drift as it is now."""
    if drifted is None:
        return
    changes, looked = DRIFT
    counts = Counter(each.change for each in drifted.changes)
    family = GaugeMetricFamily(changes.name, changes.help, labels=changes.labels)
    for change in Change:
        family.add_metric([change.value], counts[change])
    yield family
    yield GaugeMetricFamily(looked.name, looked.help, drifted.looked_at.timestamp())
