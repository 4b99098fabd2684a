"""Recordings for dashboards and reports: ratios of sums, never means of ratios."""

from typing import Final

from exporters.rules.rule import RecordingRule
from exporters.rules.verdicts import plain

_QUANTILES: Final = (("p50", "0.5"), ("p95", "0.95"), ("p99", "0.99"))
_WITH_PROVIDER: Final = "* on (job, instance, site, link) group_left (ward, provider) linkward_link_info"


def _loss(level: str, aggregate: str, joined: str = "") -> RecordingRule:
    lost, sent = (
        f"{aggregate} (rate(linkward_link_probes_{name}[5m]){joined and f' {joined}'})"
        for name in ("lost_total", "total")
    )
    return RecordingRule(f"{level}:linkward_loss:ratio_rate5m", f"{lost}\n/\n({sent} > 0)")


def _rtt(level: str, without: str) -> tuple[RecordingRule, ...]:
    buckets = f"sum without ({without}) (rate(linkward_link_rtt_seconds_bucket[5m]))"
    return tuple(
        RecordingRule(f"{level}:linkward_rtt_seconds:{name}_rate5m", f"histogram_quantile({share}, {buckets})")
        for name, share in _QUANTILES
    )


def _availability(noun: str, counted: str) -> RecordingRule:
    """As ``docs/availability.md`` has it: a link is not to blame for what lies above it, a service is."""
    seconds = f"linkward_{noun}_state_seconds_total"
    passed, known = (
        f'sum without (instance, state) (rate({seconds}{{state=~"{states}"}}[1h]))'
        for states in ("up|degraded", f"up|degraded|{counted}")
    )
    return RecordingRule(f"{noun}:linkward_availability:ratio_rate1h", f"{passed}\n/\n({known} > 0)")


RECORDINGS: Final[tuple[RecordingRule, ...]] = (
    _loss("link", "sum without (instance)"),
    _loss("site", "sum without (instance, link)"),
    _loss("provider", "sum by (job, ward, provider)", _WITH_PROVIDER),
    *_rtt("link", "instance"),
    *_rtt("site", "instance, link"),
    _availability("link", "down"),
    _availability("service", "down|unreachable"),
    plain(
        "link:linkward_stable:ratio_rate1h",
        """
        sum without (instance) (rate(linkward_link_stable_seconds_total[1h]))
        /
        (sum without (instance) (rate(linkward_link_judged_seconds_total[1h])) > 0)
        """,
    ),
    plain(
        "link:linkward_link_outages:increase1d", "sum without (instance) (increase(linkward_link_outages_total[1d]))"
    ),
    plain(
        "link:linkward_link_utilization_ratio:max1h",
        "max without (instance) (max_over_time(linkward_link_utilization_ratio[1h]))",
    ),
    plain(
        "ward:linkward_link_state:count",
        f"sum by (job, ward, state) (linkward_link_state {_WITH_PROVIDER})",
    ),
    plain(
        "provider:linkward_link_state:count",
        f"sum by (job, ward, provider, state) (linkward_link_state {_WITH_PROVIDER})",
    ),
    plain("severity:linkward_incidents_open:sum", "sum without (instance) (linkward_incidents_open)"),
    plain(
        "receiver:linkward_notifications:increase1h",
        "sum without (instance) (increase(linkward_notifications_total[1h]))",
    ),
    plain(
        "kind:linkward_probe_failures:ratio_rate5m",
        """
        sum without (instance, outcome) (rate(linkward_probe_runs_total{outcome!="success"}[5m]))
        /
        (sum without (instance, outcome) (rate(linkward_probe_runs_total[5m])) > 0)
        """,
    ),
    plain(
        "kind:linkward_schedule_lag_seconds:p99_rate5m",
        "histogram_quantile(0.99, sum without (instance) (rate(linkward_schedule_lag_seconds_bucket[5m])))",
    ),
)
