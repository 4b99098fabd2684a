"""The daemon's own counters."""

from prometheus_client import CollectorRegistry

from exporters.exposition import Style
from exporters.own import OwnMetrics
from model.incident import Severity
from model.measurement import ProbeKind
from tests.peers.board import Counted, Health


def _value(own: OwnMetrics, name: str, **labels: str) -> float | None:
    registry: CollectorRegistry = own.registry
    return registry.get_sample_value(name, labels)


def test_what_happened_is_counted() -> None:
    """Runs, skips and lag are counted by kind."""
    own = OwnMetrics()
    own.ran(ProbeKind.ICMP, "success")
    own.ran(ProbeKind.ICMP, "timeout")
    own.skipped(ProbeKind.SNMP, 1)
    own.lag(ProbeKind.ICMP, 0.015)
    assert _value(own, "linkward_probe_runs_total", kind="icmp", outcome="timeout") == 1
    assert _value(own, "linkward_schedule_skipped_total", kind="snmp") == 1
    assert _value(own, "linkward_schedule_lag_seconds_bucket", kind="icmp", le="0.01") == 0
    assert _value(own, "linkward_schedule_lag_seconds_bucket", kind="icmp", le="0.02") == 1


def test_a_refused_configuration_keeps_the_time_of_the_last_good_one() -> None:
    """After a failed reload the success is 0 and its time that of the last success."""
    own = OwnMetrics()
    own.reloaded(successful=True, at=1_000.0)
    own.reloaded(successful=False, at=2_000.0)
    assert _value(own, "linkward_config_last_reload_successful") == 0
    assert _value(own, "linkward_config_last_reload_success_timestamp_seconds") == 1_000.0


def test_no_created_series_and_no_end_mark() -> None:
    """Neither format holds series nobody asked for, and the end mark is left to the whole page."""
    own = OwnMetrics()
    own.ran(ProbeKind.ICMP, "success")
    for style in Style:
        text = own.text(style)
        assert "_created" not in text
        assert "# EOF" not in text
        assert 'linkward_probe_runs_total{kind="icmp",outcome="success"} 1.0\n' in text
        assert "process_resident_memory_bytes" in text


def test_two_daemons_in_one_process_do_not_meet() -> None:
    """Each instance has a registry of its own."""
    first, second = OwnMetrics(), OwnMetrics()
    first.skipped(ProbeKind.DNS, 1)
    assert _value(second, "linkward_schedule_skipped_total", kind="dns") is None


def test_replies_are_asked_for_at_each_scrape() -> None:
    """What the probes have counted shows as it stands when somebody scrapes, by kind and outcome."""
    own, counted = OwnMetrics(), Counted()
    own.replies(lambda: {ProbeKind.STAMP: counted})
    counted.sent, counted.late = 12, 5
    assert _value(own, "linkward_probe_packets_sent_total", kind="stamp") == 12
    outcomes = {"answered": 6, "duplicate": 1, "late": 5, "alien": 3, "dropped": 4}
    for outcome, number in outcomes.items():
        assert _value(own, "linkward_probe_replies_total", kind="stamp", outcome=outcome) == number


def test_the_health_of_the_history_is_asked_for_at_each_scrape() -> None:
    """Queue, age, faults and refusals show as they are; without a queue there is no age."""
    own, health = OwnMetrics(), Health()
    own.history(lambda: health)
    assert _value(own, "linkward_history_queue_length") == 7
    assert _value(own, "linkward_history_oldest_seconds") == 1.5
    assert _value(own, "linkward_history_writable") == 0
    assert _value(own, "linkward_history_set_aside") == 0
    assert _value(own, "linkward_history_facts_total", outcome="written") == 100
    assert _value(own, "linkward_history_facts_total", outcome="refused") == 2
    health.waiting, health.oldest, health.fault, health.set_aside = 0, None, None, "linkward.db.damaged"
    assert _value(own, "linkward_history_queue_length") == 0
    assert _value(own, "linkward_history_oldest_seconds") is None
    assert _value(own, "linkward_history_writable") == 1
    assert _value(own, "linkward_history_set_aside") == 1


def test_open_incidents_are_asked_for_at_each_scrape() -> None:
    """Every severity has a series, so that none open is 0 and not absent."""
    own, counts = OwnMetrics(), {Severity.CRITICAL: 2}
    own.incidents(lambda: counts)
    assert _value(own, "linkward_incidents_open", severity="critical") == 2
    assert _value(own, "linkward_incidents_open", severity="info") == 0
    counts[Severity.INFO] = 1
    assert _value(own, "linkward_incidents_open", severity="info") == 1


def test_messages_are_counted_by_receiver_and_outcome() -> None:
    """Where something has come of one message, every other outcome begins at 0: the first refusal is an increase."""
    own = OwnMetrics()
    own.notified("hook", "delivered")
    own.notified("hook", "delivered")
    assert _value(own, "linkward_notifications_total", receiver="hook", outcome="delivered") == 2
    assert _value(own, "linkward_notifications_total", receiver="hook", outcome="given_up") == 0
    own.receivers(["mail"])
    assert _value(own, "linkward_notifications_total", receiver="mail", outcome="refused") == 0


def test_messages_that_wait_are_asked_for_at_each_scrape() -> None:
    """Length and age by receiver; where none waits there is no age."""
    own = OwnMetrics()
    own.queues(lambda: {"hook": (3, 12.5), "mail": (0, None)})
    assert _value(own, "linkward_notification_queue_length", receiver="hook") == 3
    assert _value(own, "linkward_notification_oldest_seconds", receiver="hook") == 12.5
    assert _value(own, "linkward_notification_queue_length", receiver="mail") == 0
    assert _value(own, "linkward_notification_oldest_seconds", receiver="mail") is None


def test_blindness_is_absent_where_nothing_can_tell() -> None:
    """Without anchors there is no series; with them it is 0 or 1."""
    own = OwnMetrics()
    assert _value(own, "linkward_monitor_blind") is None
    for is_blind in (True, False):
        own.blind(is_blind)
        assert _value(own, "linkward_monitor_blind") == is_blind
    own.blind(None)
    assert _value(own, "linkward_monitor_blind") is None


def test_decisions_and_heartbeats_are_counted() -> None:
    """Decisions by outcome; heartbeats that failed from 0 on."""
    own = OwnMetrics()
    own.decided("silenced")
    assert _value(own, "linkward_alert_decisions_total", outcome="silenced") == 1
    assert _value(own, "linkward_heartbeat_failures_total") == 0
    own.heartbeat_failed()
    assert _value(own, "linkward_heartbeat_failures_total") == 1
