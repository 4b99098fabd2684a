"""The tables of rules, against each other, the metrics, and the files that are checked in."""

import re
from pathlib import Path

import pytest
import yaml

from exporters.metrics import by_name
from exporters.rules import RUNBOOK, rule_files, rules_text
from exporters.rules.alerts import ALERTS
from exporters.rules.daemon_alerts import DAEMON_ALERTS, JOB
from exporters.rules.files import ALERT_GROUPS, RECORDING_GROUPS
from exporters.rules.rule import AlertRule, RecordingRule
from model.incident import AlertName

ROOT = Path(__file__).parents[3]
RECORDED = {
    rule.record
    for group in (*RECORDING_GROUPS, *ALERT_GROUPS)
    for rule in group.rules
    if isinstance(rule, RecordingRule)
}
RULES = [rule for group in (*RECORDING_GROUPS, *ALERT_GROUPS) for rule in group.rules]


@pytest.mark.parametrize("name", rule_files())
def test_what_is_checked_in_is_what_the_tables_say(name: str) -> None:
    """A changed rule fails here until `make docs` has written it down."""
    assert (ROOT / "rules" / name).read_text("utf-8") == rule_files()[name], "run make docs"


def test_nothing_else_is_loaded() -> None:
    """prometheus.yml loads every file of rules/."""
    assert {path.name for path in (ROOT / "rules").iterdir()} == set(rule_files())


def test_every_alert_of_the_contract_is_said() -> None:
    """An alert that the daemon can send is also a rule."""
    assert {rule.alert for rule in ALERTS} == set(AlertName)


def test_recordings_are_named_level_metric_operation() -> None:
    """As Prometheus recommends, so that a colon in a name says that somebody reckoned it."""
    names = [rule.record for rule in RULES if isinstance(rule, RecordingRule)]
    assert len(names) == len(RECORDED)
    assert [name for name in names if not re.fullmatch(r"[a-z]+:[a-z_]+:[a-z0-9_]+", name)] == []


def test_rules_read_nothing_that_is_not_exported() -> None:
    """Every metric in an expression is in the table of metrics, a recording, or Prometheus' own `up`."""
    for rule in RULES:
        names = set(re.findall(r"[a-z_]+(?::[a-z0-9_]+)+|(?:linkward|probe)_\w+", rule.expr)) - RECORDED
        bases = {re.sub(r"_(bucket|count|sum)$", "", name) for name in names}
        assert bases <= by_name().keys(), rule


def test_an_alert_reads_recordings_that_stand_before_it() -> None:
    """What stands after it would be the verdict of the evaluation before."""
    (verdicts, _) = ALERT_GROUPS
    seen: set[str] = set()
    for rule in verdicts.rules:
        if isinstance(rule, RecordingRule):
            seen.add(rule.record)
        else:
            assert set(re.findall(r"[a-z_]+(?::[a-z0-9_]+)+", rule.expr)) <= seen, rule.alert


def test_the_runbook_says_of_every_alert_what_to_do() -> None:
    """Its runbook_url leads to a heading."""
    page = (ROOT / RUNBOOK).read_text("utf-8")
    names = {*(rule.alert for rule in ALERTS), *(rule.alert for rule in DAEMON_ALERTS)}
    assert {name for name in names if f"\n## {name}\n" not in page} == set()


@pytest.mark.parametrize("page", ["https://wiki.example/linkward", "https://wiki.example/linkward#"])
def test_another_runbook_can_be_named(page: str) -> None:
    """The name of the alert in small letters is appended, in the two files and in the one."""
    text = rule_files(page)["linkward.alerts.yml"]
    alerts = [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"] if "alert" in rule]
    for alert in alerts:
        assert alert["annotations"]["runbook_url"] == f"https://wiki.example/linkward#{alert['alert'].lower()}"
    assert yaml.safe_load(rules_text(page))["groups"][1:] == yaml.safe_load(text)["groups"]


def test_the_job_is_that_of_the_scrape_configuration() -> None:
    """Otherwise a dead daemon would never be told of."""
    config = yaml.safe_load((ROOT / "prometheus.yml").read_text("utf-8"))
    assert [job["job_name"] for job in config["scrape_configs"]] == [JOB]


def test_what_is_decided_is_told_at_once_and_the_rest_confirmed() -> None:
    """The daemon confirms what it says of the ward; what Prometheus sees of the daemon waits five minutes."""
    assert {rule.wait for rule in ALERTS} == {"0s"}
    assert {rule.wait for rule in DAEMON_ALERTS} == {"5m"}


def test_no_rule_is_there_twice() -> None:
    """Two rules of one name differ in their severity."""
    alerts = [(rule.alert, rule.severity) for rule in RULES if isinstance(rule, AlertRule)]
    assert len(alerts) == len(set(alerts))
