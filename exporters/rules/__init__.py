"""The rules by which Prometheus and Alertmanager say what the daemon has decided; ``docs/prometheus.md`` lists them."""

from exporters.rules.files import RUNBOOK, rule_files, rules_text

__all__ = ["RUNBOOK", "rule_files", "rules_text"]
