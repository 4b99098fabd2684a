"""A real promtool over the whole exposition."""

import re
import shutil
import subprocess

import pytest

from exporters.exposition import Style, exposition
from exporters.metric import Source
from exporters.metrics import METRICS
from tests.peers.board import full_board, full_own

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is missing (Debian: prometheus)"),
]

_LINT_FOUND_FAULT = 3
_CAMEL_CASE = {
    "metric names should be written in 'snake_case' not 'camelCase'",
    "label names should be written in 'snake_case' not 'camelCase'",
}
_NAME = re.compile(r"(?:# HELP |# TYPE )?(\w+)")
_IN_BITS = "linkward_link_speed_bits_per_second"
_NO_TOTAL = 'counter metrics should have "_total" suffix'
_ADOPTED = {metric.name for metric in METRICS if metric.source is Source.SNMP}
"""From snmp_exporter, whose boards need them as they are."""
_BITS = f'{_IN_BITS} use base unit "bytes" instead of "bits"'


def _checked(text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)


def _board() -> str:
    own = full_own()
    return own.text(Style.TEXT) + b"".join(exposition(full_board().blocks(1.0), Style.TEXT)).decode()


def _is_adopted_on_purpose(complaint: str) -> bool:
    name, _, problem = complaint.partition(" ")
    return complaint == _BITS or (name in _ADOPTED and (problem in _CAMEL_CASE or problem == _NO_TOTAL))


def test_promtool_reads_everything_and_complains_of_nothing_but_adopted_names() -> None:
    """Promtool parses the whole board; its lint names only what the contract fixed against its taste."""
    result = _checked(_board())
    complaints = result.stderr.splitlines()
    assert result.returncode == _LINT_FOUND_FAULT
    assert [complaint for complaint in complaints if not _is_adopted_on_purpose(complaint)] == []


def test_promtool_is_silent_about_all_else() -> None:
    """Without the adopted names and the speed in bit/s, promtool has nothing to say and ends with status 0."""
    kept = [
        line
        for line in _board().splitlines(keepends=True)
        if (name := _NAME.match(line)) is None or (name[1] not in _ADOPTED and name[1] != _IN_BITS)
    ]
    result = _checked("".join(kept))
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
