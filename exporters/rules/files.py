"""The rules as Prometheus reads them: YAML."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import yaml

from exporters.rules.alerts import ALERTS
from exporters.rules.daemon_alerts import DAEMON_ALERTS
from exporters.rules.outages import OUTAGES
from exporters.rules.recordings import RECORDINGS
from exporters.rules.rule import AlertRule, Group, RecordingRule, Rule
from exporters.rules.verdicts import VERDICTS

RUNBOOK: Final = "docs/runbook.md"
"""The page with a section for each alert, from the top of this project."""

RECORDING_GROUPS: Final = (Group("linkward-figures", RECORDINGS),)
# In one group, so that an alert sees the verdict of the same instant.
ALERT_GROUPS: Final = (
    Group("linkward-verdicts", (*VERDICTS, *OUTAGES, *ALERTS)),
    Group("linkward-daemon", DAEMON_ALERTS),
)

_FILES: Final[Mapping[str, tuple[Group, ...]]] = {
    "linkward.rules.yml": RECORDING_GROUPS,
    "linkward.alerts.yml": ALERT_GROUPS,
}
_NEVER_FOLDED: Final = 1_000_000
_HEAD: Final = (
    "# Written by `linkward export rules` and explained in docs/prometheus.md; what you change here it overwrites.\n"
)


class _Writer(yaml.SafeDumper):
    """Writes an expression of several lines as it is."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """A string, as a block where it has several lines."""
        style = "|" if "\n" in text else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Writer.add_representer(str, _Writer.represent_text)


def rule_files(runbook: str = RUNBOOK) -> Mapping[str, str]:
    """The text of each file by its name.

    Args:
        runbook: The page with a section for each alert, without a fragment.
    """
    return {name: _text(groups, runbook) for name, groups in _FILES.items()}


def rules_text(runbook: str = RUNBOOK) -> str:
    """All rules as one file."""
    return _text([group for groups in _FILES.values() for group in groups], runbook)


def _text(groups: Iterable[Group], runbook: str) -> str:
    document = {"groups": [_group(group, runbook) for group in groups]}
    return _HEAD + yaml.dump(document, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=_NEVER_FOLDED)


def _group(group: Group, runbook: str) -> dict[str, Any]:
    return {"name": group.name, "rules": [_rule(rule, runbook) for rule in group.rules]}


def _rule(rule: Rule, runbook: str) -> dict[str, Any]:
    return _recording(rule) if isinstance(rule, RecordingRule) else _alert(rule, runbook)


def _recording(rule: RecordingRule) -> dict[str, Any]:
    return {"record": rule.record, "expr": rule.expr}


def _alert(rule: AlertRule, runbook: str) -> dict[str, Any]:
    return {
        "alert": str(rule.alert),
        "expr": rule.expr,
        "for": rule.wait,
        "labels": {"severity": rule.severity.value, **rule.labels},
        "annotations": {
            "summary": rule.summary,
            "description": rule.description,
            "runbook_url": f"{runbook.rstrip('#')}#{rule.alert.lower()}",
        },
    }
