"""The alerts about the daemon itself, which it cannot well tell of: these are of use whichever way alerts leave."""

from typing import Final

from exporters.rules.rule import AlertRule
from model.incident import Severity

JOB: Final = "linkward"
"""The ``job_name`` of ``prometheus.yml``."""

_CONFIRMED: Final = "5m"
_LATE: Final = 1.0
"""Seconds; a link is probed each second."""
_UNDELIVERED: Final = 300
"""Seconds that a message may wait."""
_REVIEW_LATE: Final = 7_200
"""Seconds in which a review is made and mailed at the second or third attempt, where somebody mends what is wrong."""
_MANY_WRONG: Final = 30
"""Passwords in a quarter of an hour: more than a person mistypes, half of what a scrape each 15 s sends."""

_WHERE: Final = "{{ with $labels.instance }} at {{ . }}{{ end }}"

DAEMON_ALERTS: Final[tuple[AlertRule, ...]] = (
    AlertRule(
        alert="LinkwardDown",
        severity=Severity.CRITICAL,
        expr=f'up{{job="{JOB}"}} == 0\nor\nabsent(up{{job="{JOB}"}})',
        summary=f"Linkward{_WHERE} does not answer",
        description=(
            "Prometheus gets nothing from Linkward: nobody watches the ward. What was firing before goes on firing. "
            "First look at `systemctl status linkward`."
        ),
        wait=_CONFIRMED,
    ),
    AlertRule(
        alert="LinkwardConfigReloadFailed",
        severity=Severity.WARNING,
        expr="linkward_config_last_reload_successful == 0",
        summary=f"Linkward{_WHERE} refuses its configuration",
        description=(
            "The inventory on the disk has a mistake, so the one before is still in force; a restart would fail. First "
            "run `linkward check` on it."
        ),
        wait=_CONFIRMED,
    ),
    AlertRule(
        alert="LinkwardWebConfigReloadFailed",
        severity=Severity.WARNING,
        expr="linkward_web_config_last_reload_successful == 0",
        summary=f"Linkward{_WHERE} refuses its web configuration",
        description=(
            "The web configuration file or a certificate in it has a mistake, so what was before is still in force: "
            "whom it was to shut out still gets in. First run `linkward check` with --web.config.file."
        ),
        wait=_CONFIRMED,
    ),
    AlertRule(
        alert="LinkwardPasswordsGuessed",
        severity=Severity.WARNING,
        expr=(
            "sum by (job, instance) (\n"
            '  increase(linkward_web_authentications_total{outcome=~"wrong|wait"}[15m])\n'
            f") > {_MANY_WRONG}"
        ),
        summary=f"Linkward{_WHERE} is sent many wrong passwords",
        description=(
            "{{ $value | humanize }} passwords in a quarter of an hour were wrong: somebody guesses, or a program has "
            "an old one. First look into the log for the address that they come from."
        ),
        wait=_CONFIRMED,
    ),
    AlertRule(
        alert="LinkwardHistoryNotWritten",
        severity=Severity.CRITICAL,
        expr=(
            "max by (job, instance) (linkward_history_writable == 0)\nor\n"
            'sum by (job, instance) (increase(linkward_history_facts_total{outcome="refused"}[15m])) > 0'
        ),
        summary=f"Linkward{_WHERE} cannot write its history",
        description=(
            "What happens now may be missing from the month's availability. First look whether the disk is full or the "
            "data base is away; the log says which."
        ),
        wait=_CONFIRMED,
    ),
    AlertRule(
        alert="LinkwardProbesLate",
        severity=Severity.WARNING,
        expr=(
            "histogram_quantile(\n  0.99, sum by (job, instance, kind, le) "
            f"(rate(linkward_schedule_lag_seconds_bucket[5m]))\n) > {_LATE:g}"
        ),
        summary=f"Linkward{_WHERE} probes too late",
        description=(
            "One in a hundred {{ $labels.kind }} probes starts {{ $value | humanizeDuration }} late or more, and cut "
            "links are noticed as much later. First look at the load of the machine."
        ),
        wait=_CONFIRMED,
    ),
    AlertRule(
        alert="LinkwardReviewOverdue",
        severity=Severity.WARNING,
        expr=f"linkward_review_overdue_seconds > {_REVIEW_LATE}",
        summary=f"Linkward{_WHERE} cannot bring the monthly review",
        description=(
            "The review of the last month has been due for {{ $value | humanizeDuration }} and is not where it should "
            "be. First look into the log for what the folder or the mail server answers; it is tried again each hour."
        ),
        wait=_CONFIRMED,
    ),
    AlertRule(
        alert="LinkwardNotificationsFailing",
        severity=Severity.CRITICAL,
        expr=(
            "sum by (job, instance, receiver) (\n"
            '  increase(linkward_notifications_total{outcome=~"refused|given_up"}[15m])\n) > 0\nor\n'
            f"max by (job, instance, receiver) (linkward_notification_oldest_seconds) > {_UNDELIVERED}"
        ),
        summary=f"Linkward{_WHERE} cannot tell {{{{ $labels.receiver }}}}",
        description=(
            "Messages to receiver {{ $labels.receiver }} are refused, given up or wait for more than five minutes. "
            "First look into the log for what the receiver answers, then tell the people yourself."
        ),
        wait=_CONFIRMED,
    ),
)
