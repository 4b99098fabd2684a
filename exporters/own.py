"""The daemon's own counters, kept by prometheus_client in a registry of their own."""

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from exporters.exposition import OPENMETRICS_END, Style
from exporters.metrics import by_name
from model.measurement import ProbeKind

_LAG_EDGES: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class _WithoutCreated:
    """A registry without the ``_created`` series, which nobody asked for and which would double the counters."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Family]:
        """The families of the registry."""
        for family in self._registry.collect():
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family


class OwnMetrics:
    """What the daemon counts of itself: small verbs, called where it happens."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        helps = {metric.name: (metric.name, metric.help) for metric in by_name().values()}
        build = Gauge(*helps["linkward_build_info"], ("version", "python"), registry=self.registry)
        build.labels(_version(), platform.python_version()).set(1)
        self._reload = Gauge(*helps["linkward_config_last_reload_successful"], registry=self.registry)
        self._reloaded_at = Gauge(
            *helps["linkward_config_last_reload_success_timestamp_seconds"], registry=self.registry
        )
        self._runs = Counter(*helps["linkward_probe_runs_total"], ("kind", "outcome"), registry=self.registry)
        self._lag = Histogram(
            *helps["linkward_schedule_lag_seconds"], ("kind",), buckets=_LAG_EDGES, registry=self.registry
        )
        self._skipped = Counter(*helps["linkward_schedule_skipped_total"], ("kind",), registry=self.registry)
        self._calendar = Counter(
            *helps["linkward_calendar_irregularities_total"], ("job", "outcome"), registry=self.registry
        )
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)

    def ran(self, kind: ProbeKind, outcome: str) -> None:
        """One run of a probe ended; ``outcome`` is ``Measurement.outcome_label``."""
        self._runs.labels(kind.value, outcome).inc()

    def lag(self, kind: ProbeKind, seconds: float) -> None:
        """A probe started so many seconds late."""
        self._lag.labels(kind.value).observe(seconds)

    def skipped(self, kind: ProbeKind, runs: int) -> None:
        """So many runs were left out: the one before had not ended, or the process was held up."""
        self._skipped.labels(kind.value).inc(runs)

    def calendar(self, job: str, outcome: str) -> None:
        """A job of the calendar was ``missed``, left out for ``overlap``, or ended in ``error``."""
        self._calendar.labels(job, outcome).inc()

    def reloaded(self, *, successful: bool, at: float) -> None:
        """The configuration was loaded, or was refused, at this Unix time in seconds."""
        self._reload.set(successful)
        if successful:
            self._reloaded_at.set(at)

    def text(self, style: Style) -> str:
        """All of it, without OpenMetrics' end mark."""
        families = _WithoutCreated(self.registry)
        if style is Style.OPENMETRICS:
            text: bytes = generate_openmetrics(families)
            return text.decode().removesuffix(OPENMETRICS_END)
        return generate_latest(families).decode()


def _version() -> str:
    try:
        return version("linkward")
    except PackageNotFoundError:
        return "unknown"
