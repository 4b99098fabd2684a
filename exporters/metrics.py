"""The one table of every metric. What is not in it is not exported, and ``docs/metrics.md`` is made from it."""

from collections.abc import Mapping
from typing import Final

from exporters.adopted import ADOPTED
from exporters.device_health import EXPOSED, HEALTH
from exporters.drift import DRIFT
from exporters.metric import About, Metric, MetricType
from exporters.trap_counts import TRAPS

_COUNTER: Final = MetricType.COUNTER
_GAUGE: Final = MetricType.GAUGE
_HISTOGRAM: Final = MetricType.HISTOGRAM

_SETTLED: Final = (
    "Settled up to about a minute late (20 s, 6 intervals and the time-out, reckoned each 30 s), "
    "so rates over one minute mislead: take them over 5 minutes or more."
)

DAEMON: Final[tuple[Metric, ...]] = (
    Metric(
        "linkward_build_info", _GAUGE, "Always 1; the version is in the labels.", About.DAEMON, ("version", "python")
    ),
    Metric(
        "linkward_config_last_reload_successful",
        _GAUGE,
        "Whether the last attempt to load the configuration succeeded.",
        About.DAEMON,
    ),
    Metric(
        "linkward_config_last_reload_success_timestamp_seconds",
        _GAUGE,
        "When the configuration was last loaded with success.",
        About.DAEMON,
        unit="seconds",
    ),
    Metric(
        "linkward_web_config_last_reload_successful",
        _GAUGE,
        "Whether the web server is as its configuration file says; 1 where there is none.",
        About.DAEMON,
    ),
    Metric(
        "linkward_web_authentications_total",
        _COUNTER,
        "Passwords that were sent: right, looked at for the first time; wrong; wait, not looked at, because too many "
        "from that address were wrong.",
        About.DAEMON,
        ("outcome",),
    ),
    Metric(
        "linkward_probe_runs_total",
        _COUNTER,
        "Runs of probes by their outcome: success, or the reason of the failure.",
        About.DAEMON,
        ("kind", "outcome"),
    ),
    Metric(
        "linkward_schedule_lag_seconds",
        _HISTOGRAM,
        "How late probes start.",
        About.DAEMON,
        ("kind",),
        "seconds",
    ),
    Metric(
        "linkward_schedule_skipped_total",
        _COUNTER,
        "Runs left out because the one before had not ended, or because the process was held up.",
        About.DAEMON,
        ("kind",),
    ),
    Metric(
        "linkward_calendar_irregularities_total",
        _COUNTER,
        "Runs of a calendar job that were missed, left out because the one before had not ended, or ended in an error.",
        About.DAEMON,
        ("job", "outcome"),
    ),
    Metric(
        "linkward_reviews_total",
        _COUNTER,
        "Monthly reviews that the calendar has laid into their folder, or mailed, and attempts that have failed.",
        About.DAEMON,
        ("outcome",),
    ),
    Metric(
        "linkward_review_overdue_seconds",
        _GAUGE,
        "How long the review of the last month has been due without being where it should be, 0 once it is; absent "
        "where the inventory plans none.",
        About.DAEMON,
        unit="seconds",
    ),
    Metric(
        "linkward_speed_tests_total",
        _COUNTER,
        "Speed tests of one direction of a link by how they ended, and those planned but not run by the reason.",
        About.DAEMON,
        ("outcome",),
    ),
    Metric("linkward_probe_packets_sent_total", _COUNTER, "Packets of probes sent.", About.DAEMON, ("kind",)),
    Metric(
        "linkward_probe_replies_total",
        _COUNTER,
        "Replies to probes: answered; duplicate; late, after the time-out, and so counted as lost; alien, that nobody "
        "waits for; dropped, because a buffer of this machine was full.",
        About.DAEMON,
        ("kind", "outcome"),
    ),
    Metric("linkward_history_queue_length", _GAUGE, "Facts that are not written to the history yet.", About.DAEMON),
    Metric(
        "linkward_history_oldest_seconds",
        _GAUGE,
        "How long the oldest of them has been waiting; absent while none is.",
        About.DAEMON,
        unit="seconds",
    ),
    Metric("linkward_history_writable", _GAUGE, "1 while the history can be written, 0 while not.", About.DAEMON),
    Metric(
        "linkward_history_facts_total",
        _COUNTER,
        "Facts for the history: written, or refused because there was no room to wait or no way to store them.",
        About.DAEMON,
        ("outcome",),
    ),
    Metric(
        "linkward_history_set_aside",
        _GAUGE,
        "1 if the history was damaged at the start, and was set aside for a new one.",
        About.DAEMON,
    ),
    Metric("linkward_incidents_open", _GAUGE, "Incidents that are not over.", About.DAEMON, ("severity",)),
    Metric(
        "linkward_notifications_total",
        _COUNTER,
        "Messages to receivers: delivered; retried, an attempt that failed and will be made again; refused for good; "
        "given_up after the last attempt; superseded by a newer one; fallback, handed to the next channel.",
        About.DAEMON,
        ("receiver", "outcome"),
    ),
    Metric(
        "linkward_notification_queue_length",
        _GAUGE,
        "Messages that wait to be delivered.",
        About.DAEMON,
        ("receiver",),
    ),
    Metric(
        "linkward_notification_oldest_seconds",
        _GAUGE,
        "How long the oldest of them has been waiting; absent while none is.",
        About.DAEMON,
        ("receiver",),
        "seconds",
    ),
    Metric(
        "linkward_monitor_blind",
        _GAUGE,
        "1 while all anchors are silent, so that the monitor itself is cut off, 0 while not; absent without anchors.",
        About.DAEMON,
    ),
    Metric(
        "linkward_heartbeat_failures_total",
        _COUNTER,
        "Calls of the dead-man heartbeat that did not come through.",
        About.DAEMON,
    ),
    Metric(
        "linkward_alert_decisions_total",
        _COUNTER,
        "Decisions on whether somebody is told, by what was decided.",
        About.DAEMON,
        ("outcome",),
    ),
    *TRAPS,
    *DRIFT,
)

OURS: Final[tuple[Metric, ...]] = (
    Metric("linkward_site_info", _GAUGE, "Fixed facts of a site; always 1.", About.SITE, ("ward", "name", "kind")),
    Metric(
        "linkward_site_citizens_per_hour",
        _GAUGE,
        "People whom a site serves in an hour, as the inventory has it; absent where it says nothing.",
        About.SITE,
    ),
    Metric(
        "linkward_link_info",
        _GAUGE,
        "Fixed facts of a link; always 1.",
        About.LINK,
        ("ward", "name", "provider", "circuit", "role", "requirement", "interface"),
    ),
    Metric(
        "linkward_device_info",
        _GAUGE,
        "Fixed facts of a device; always 1.",
        About.DEVICE,
        ("ward", "name", "role", "address"),
    ),
    Metric(
        "linkward_service_info",
        _GAUGE,
        "Fixed facts of a service; always 1.",
        About.SERVICE,
        ("ward", "name", "kind", "address", "requirement"),
    ),
    Metric(
        "linkward_service_certificate_threshold_seconds",
        _GAUGE,
        "A certificate that is valid for less time than this is about to expire; of services over TLS.",
        About.SERVICE,
        unit="seconds",
    ),
    Metric("linkward_site_state", _GAUGE, "1 for the state the site is in, 0 for the others.", About.SITE, ("state",)),
    Metric("linkward_link_state", _GAUGE, "1 for the state the link is in, 0 for the others.", About.LINK, ("state",)),
    Metric(
        "linkward_device_state", _GAUGE, "1 for the state the device is in, 0 for the others.", About.DEVICE, ("state",)
    ),
    Metric(
        "linkward_service_state",
        _GAUGE,
        "1 for the state the service is in, 0 for the others.",
        About.SERVICE,
        ("state",),
    ),
    Metric(
        "linkward_link_state_seconds_total",
        _COUNTER,
        f"Time that the link has spent in each state, which no scrape can miss. {_SETTLED}",
        About.LINK,
        ("state",),
        "seconds",
    ),
    Metric(
        "linkward_service_state_seconds_total",
        _COUNTER,
        f"Time that the service has spent in each state, which no scrape can miss. {_SETTLED}",
        About.SERVICE,
        ("state",),
        "seconds",
    ),
    Metric(
        "linkward_link_outages_total",
        _COUNTER,
        "Outages of a link: micro ones of 2 s to 10 s, and those of 10 s or more.",
        About.LINK,
        ("class",),
    ),
    Metric(
        "linkward_link_flapping",
        _GAUGE,
        "1 while a link goes down so often that single outages are no news, 0 while not.",
        About.LINK,
    ),
    Metric(
        "linkward_link_interface_unwell",
        _GAUGE,
        "1 while the port that a link ends at is unwell after several polls, 0 while not: errors, speed (below what it "
        "was or is needed), duplex (half), flapping (fell four times in a few minutes, also between two "
        "polls). Absent until it is known.",
        About.LINK,
        ("symptom",),
    ),
    Metric(
        "linkward_link_rtt_seconds",
        _HISTOGRAM,
        "Round-trip time of the answered probes of a link, over all its targets.",
        About.LINK,
        unit="seconds",
    ),
    Metric("linkward_link_probes_total", _COUNTER, "Probes sent over a link.", About.LINK),
    Metric("linkward_link_probes_lost_total", _COUNTER, "Probes of a link that nothing answered.", About.LINK),
    Metric(
        "linkward_link_direction_lost_total",
        _COUNTER,
        "STAMP test packets lost on the way out (forward) and on the way back (backward).",
        About.LINK,
        ("direction",),
    ),
    Metric(
        "linkward_link_loss_ratio",
        _GAUGE,
        "Lost probes as a share of those sent, over the requirement's window; after probe_timeout_seconds one is lost.",
        About.LINK,
    ),
    Metric(
        "linkward_link_delay_variation_seconds",
        _GAUGE,
        "99th percentile of the delay above the least of the requirement's window (PDV, RFC 5481); absent where that "
        "falls among the lost.",
        About.LINK,
        unit="seconds",
    ),
    Metric(
        "linkward_link_jitter_seconds",
        _GAUGE,
        "Interarrival jitter of round-trip times (RFC 3550), as telephones show it; nothing is judged by it.",
        About.LINK,
        unit="seconds",
    ),
    Metric(
        "linkward_link_stable_seconds_total",
        _COUNTER,
        "Time in stable minutes: no second down, under 1 % lost, round-trip time and delay variation within limits.",
        About.LINK,
        unit="seconds",
    ),
    Metric(
        "linkward_link_judged_seconds_total",
        _COUNTER,
        "Time in minutes that could be judged for stability; the rest of the time was not measured well enough.",
        About.LINK,
        unit="seconds",
    ),
    Metric(
        "linkward_link_speed_bits_per_second",
        _GAUGE,
        "Speed of a link: contracted, required, negotiated by its interface, used (what passes), tested.",
        About.LINK,
        ("direction", "kind"),
        "bits_per_second",
    ),
    Metric(
        "linkward_link_utilization_ratio",
        _GAUGE,
        "What passes over a link as a share of the contracted speed.",
        About.LINK,
        ("direction",),
    ),
    Metric(
        "linkward_requirement_met",
        _GAUGE,
        "1 where a requirement is met, 0 where it is breached, absent where the measurements cannot tell.",
        About.PROMISE,
        ("requirement",),
    ),
    Metric(
        "linkward_requirement_value",
        _GAUGE,
        "What was measured, in the unit of the threshold; absent where nothing was, or where it falls among the lost.",
        About.PROMISE,
        ("requirement",),
    ),
    Metric(
        "linkward_requirement_threshold",
        _GAUGE,
        "What a link or service must keep now, in seconds, bit/s or as a ratio.",
        About.PROMISE,
        ("requirement",),
    ),
    Metric(
        "linkward_availability_ratio",
        _GAUGE,
        "Availability of this month so far, inside service hours and outside announced maintenance, of the known time.",
        About.PROMISE,
    ),
    Metric(
        "linkward_error_budget_remaining_ratio",
        _GAUGE,
        "Share of this month's tolerated outage that is left: 0 when it is spent, less beyond.",
        About.PROMISE,
    ),
    Metric(
        "linkward_error_budget_burn_rate",
        _GAUGE,
        "How many times faster than tolerated the error budget goes: 1 spends it just by the end of 30 days. Absent "
        "where less than half of the window is known.",
        About.PROMISE,
        ("window",),
    ),
    Metric(
        "linkward_duplicate_series_total",
        _COUNTER,
        "Rows of a device's tables left out because another row had the very same labels.",
        About.DEVICE,
    ),
    Metric(
        "linkward_device_interfaces_cut",
        _GAUGE,
        "Interfaces of a device left out because it has more series than one device may have.",
        About.DEVICE,
    ),
)

METRICS: Final[tuple[Metric, ...]] = (*DAEMON, *OURS, *HEALTH, *ADOPTED, *EXPOSED)


def by_name() -> Mapping[str, Metric]:
    """The table by name of metric."""
    return {metric.name: metric for metric in METRICS}
