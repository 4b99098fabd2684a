"""The daemon's own counters, kept by prometheus_client in a registry of their own."""

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics

from exporters.drift import Drifted, drift_families
from exporters.exposition import OPENMETRICS_END, Style
from exporters.metrics import by_name
from exporters.trap_counts import TrapFacts, families
from model.incident import Severity
from model.measurement import ProbeKind

Queues = Mapping[str, tuple[int, float | None]]
"""By receiver: how many messages wait, and for how many seconds the oldest has; ``None`` where none waits."""

NOTIFICATION_OUTCOMES: Final = ("delivered", "retried", "refused", "given_up", "superseded", "fallback")
"""What can come of a message, or of an attempt to send it."""

REVIEW_OUTCOMES: Final = ("laid", "mailed", "failed")
"""What can come of a review that the calendar makes."""

PASSWORD_OUTCOMES: Final = ("right", "wrong", "wait")
"""What can come of a password."""

_LAG_EDGES: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Replies(Protocol):
    """What the probes of one kind have sent and got since the start; each number only grows."""

    @property
    def sent(self) -> int:
        """Packets handed to the kernel."""

    @property
    def answered(self) -> int:
        """Replies that became a reading."""

    @property
    def duplicates(self) -> int:
        """Further replies to the same packet."""

    @property
    def late(self) -> int:
        """Replies after the time-out."""

    @property
    def alien(self) -> int:
        """Replies that nobody waits for."""

    @property
    def dropped(self) -> int:
        """Replies lost in this machine."""


class HistoryHealth(Protocol):
    """How the history is."""

    @property
    def waiting(self) -> int:
        """Facts that are not written yet."""

    @property
    def oldest(self) -> float | None:
        """Seconds since the oldest of them came; ``None`` where none waits."""

    @property
    def fault(self) -> str | None:
        """Why nothing can be written now; ``None`` while all is well."""

    @property
    def written(self) -> int:
        """Facts made durable since the start."""

    @property
    def refused(self) -> int:
        """Facts refused since the start."""

    @property
    def set_aside(self) -> object | None:
        """Where a damaged history was moved to at the start; ``None`` where nothing was wrong."""


class _Asked:
    """A collector that asks when somebody scrapes."""

    def __init__(self, collect: Callable[[], Iterator[Family]]) -> None:
        self.collect = collect


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
        self._web_config = Gauge(*helps["linkward_web_config_last_reload_successful"], registry=self.registry)
        self._web_config.set(1)
        self._passwords = Counter(*helps["linkward_web_authentications_total"], ("outcome",), registry=self.registry)
        for outcome in PASSWORD_OUTCOMES:
            self._passwords.labels(outcome)
        self._runs = Counter(*helps["linkward_probe_runs_total"], ("kind", "outcome"), registry=self.registry)
        self._lag = Histogram(
            *helps["linkward_schedule_lag_seconds"], ("kind",), buckets=_LAG_EDGES, registry=self.registry
        )
        self._skipped = Counter(*helps["linkward_schedule_skipped_total"], ("kind",), registry=self.registry)
        self._calendar = Counter(
            *helps["linkward_calendar_irregularities_total"], ("job", "outcome"), registry=self.registry
        )
        self._reviews = Counter(*helps["linkward_reviews_total"], ("outcome",), registry=self.registry)
        for outcome in REVIEW_OUTCOMES:
            self._reviews.labels(outcome)
        self._speed_tests = Counter(*helps["linkward_speed_tests_total"], ("outcome",), registry=self.registry)
        self._notifications = Counter(
            *helps["linkward_notifications_total"], ("receiver", "outcome"), registry=self.registry
        )
        self._decisions = Counter(*helps["linkward_alert_decisions_total"], ("outcome",), registry=self.registry)
        self._heartbeats = Counter(*helps["linkward_heartbeat_failures_total"], registry=self.registry)
        self._blind: bool | None = None
        self.registry.register(_Asked(lambda: _of_blindness(self._blind)))
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

    def review(self, outcome: str) -> None:
        """A review was ``laid``, ``mailed``, or an attempt has ``failed``."""
        self._reviews.labels(outcome).inc()

    def reviews(self, overdue: Callable[[], float | None]) -> None:
        """From now on show how late the last review is, asked at each scrape. Call it once."""
        self.registry.register(_Asked(lambda: _of_reviews(overdue())))

    def speed_test(self, outcome: str) -> None:
        """One direction of a link was tested, or was planned and not tested; ``outcome`` says how it ended, or why."""
        self._speed_tests.labels(outcome).inc()

    def reloaded(self, *, successful: bool, at: float) -> None:
        """The configuration was loaded, or was refused, at this Unix time in seconds."""
        self._reload.set(successful)
        if successful:
            self._reloaded_at.set(at)

    def web_config_read(self, *, successful: bool) -> None:
        """The web configuration file was taken over, or was refused."""
        self._web_config.set(successful)

    def authenticated(self, outcome: str) -> None:
        """Somebody sent a password: one of ``PASSWORD_OUTCOMES``."""
        self._passwords.labels(outcome).inc()

    def replies(self, ask: Callable[[], Mapping[ProbeKind, Replies]]) -> None:
        """From now on show what the probes have sent and got, asked at each scrape. Call it once."""
        self.registry.register(_Asked(lambda: _of_replies(ask())))

    def history(self, ask: Callable[[], HistoryHealth]) -> None:
        """From now on show how the history is, asked at each scrape. Call it once."""
        self.registry.register(_Asked(lambda: _of_history(ask())))

    def incidents(self, ask: Callable[[], Mapping[Severity, int]]) -> None:
        """From now on show how many incidents are open, asked at each scrape. Call it once."""
        self.registry.register(_Asked(lambda: _of_incidents(ask())))

    def traps(self, ask: Callable[[], TrapFacts]) -> None:
        """From now on show what has come to the trap port, asked at each scrape. Call it once."""
        self.registry.register(_Asked(lambda: families(ask())))

    def drift(self, ask: Callable[[], Drifted | None]) -> None:
        """From now on show what the network is otherwise than it was, asked at each scrape. Call it once."""
        self.registry.register(_Asked(lambda: drift_families(ask())))

    def queues(self, ask: Callable[[], Queues]) -> None:
        """From now on show the messages that wait, asked at each scrape. Call it once."""
        self.registry.register(_Asked(lambda: _of_queues(ask())))

    def receivers(self, names: Iterable[str]) -> None:
        """Count for these receivers from 0 on: an increase to 1 can only be seen where there was a 0 before."""
        for name in names:
            for outcome in NOTIFICATION_OUTCOMES:
                self._notifications.labels(name, outcome)

    def notified(self, receiver: str, outcome: str) -> None:
        """Something came of a message to a receiver: one of ``NOTIFICATION_OUTCOMES``."""
        self.receivers([receiver])
        self._notifications.labels(receiver, outcome).inc()

    def blind(self, is_blind: bool | None) -> None:  # noqa: FBT001  # the fact itself
        """The monitor is cut off or not; ``None`` where no anchor can tell."""
        self._blind = is_blind

    def heartbeat_failed(self) -> None:
        """A call of the dead-man heartbeat did not come through."""
        self._heartbeats.inc()

    def decided(self, outcome: str) -> None:
        """It was decided whether somebody is told."""
        self._decisions.labels(outcome).inc()

    def text(self, style: Style) -> str:
        """All of it, without OpenMetrics' end mark."""
        families = _WithoutCreated(self.registry)
        if style is Style.OPENMETRICS:
            text: bytes = generate_openmetrics(families)
            return text.decode().removesuffix(OPENMETRICS_END)
        return generate_latest(families).decode()


def _gauge(name: str, value: float) -> Family:
    return GaugeMetricFamily(name, by_name()[name].help, value)


def _counter(name: str) -> CounterMetricFamily:
    metric = by_name()[name]
    return CounterMetricFamily(name, metric.help, labels=metric.labels)


def _by_label(name: str) -> GaugeMetricFamily:
    metric = by_name()[name]
    return GaugeMetricFamily(name, metric.help, labels=metric.labels)


def _of_incidents(counts: Mapping[Severity, int]) -> Iterator[Family]:
    family = _by_label("linkward_incidents_open")
    for severity in Severity:
        family.add_metric([severity.value], counts.get(severity, 0))
    yield family


def _of_queues(queues: Queues) -> Iterator[Family]:
    lengths, ages = _by_label("linkward_notification_queue_length"), _by_label("linkward_notification_oldest_seconds")
    for receiver, (length, oldest) in queues.items():
        lengths.add_metric([receiver], length)
        if oldest is not None:
            ages.add_metric([receiver], oldest)
    yield from (lengths, ages)


def _of_reviews(overdue: float | None) -> Iterator[Family]:
    if overdue is not None:
        yield _gauge("linkward_review_overdue_seconds", overdue)


def _of_blindness(is_blind: bool | None) -> Iterator[Family]:  # noqa: FBT001  # the fact itself
    if is_blind is not None:
        yield _gauge("linkward_monitor_blind", is_blind)


def _of_replies(replies: Mapping[ProbeKind, Replies]) -> Iterator[Family]:
    sent, answers = _counter("linkward_probe_packets_sent_total"), _counter("linkward_probe_replies_total")
    for kind, counted in replies.items():
        sent.add_metric([kind.value], counted.sent)
        outcomes = {
            "answered": counted.answered,
            "duplicate": counted.duplicates,
            "late": counted.late,
            "alien": counted.alien,
            "dropped": counted.dropped,
        }
        for outcome, number in outcomes.items():
            answers.add_metric([kind.value, outcome], number)
    yield from (sent, answers)


def _of_history(health: HistoryHealth) -> Iterator[Family]:
    yield _gauge("linkward_history_queue_length", health.waiting)
    if health.oldest is not None:
        yield _gauge("linkward_history_oldest_seconds", health.oldest)
    yield _gauge("linkward_history_writable", health.fault is None)
    yield _gauge("linkward_history_set_aside", health.set_aside is not None)
    facts = _counter("linkward_history_facts_total")
    facts.add_metric(["written"], health.written)
    facts.add_metric(["refused"], health.refused)
    yield facts


def _version() -> str:
    try:
        return version("linkward")
    except PackageNotFoundError:
        return "unknown"
