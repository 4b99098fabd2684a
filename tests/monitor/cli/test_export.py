"""linkward export: files for other programs."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from exporters.dashboards import dashboard_files
from exporters.rules import rule_files, rules_text
from monitor.cli import main


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", *arguments])


def test_the_rules_are_two_files(tmp_path: Path) -> None:
    """They are written into a folder, which is made where it is missing, and named on standard output."""
    folder = tmp_path / "prometheus" / "rules"
    result = _run("rules", f"--output={folder}")
    assert result.exit_code == 0, result.output
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == rule_files()
    assert result.stdout.splitlines() == [str(folder / name) for name in rule_files()]


def test_the_rules_are_one_text() -> None:
    """Without a folder they go to standard output, as one file that Prometheus reads."""
    result = _run("rules")
    assert result.exit_code == 0
    assert result.stdout == rules_text()
    names = [group["name"] for group in yaml.safe_load(result.stdout)["groups"]]
    assert names == ["linkward-figures", "linkward-verdicts", "linkward-daemon"]


def test_the_page_that_says_what_to_do_can_be_named() -> None:
    """Every alert leads there."""
    result = _run("rules", "--runbook-url=https://wiki.example/linkward")
    assert "runbook_url: https://wiki.example/linkward#linkdown\n" in result.stdout
    assert "docs/runbook.md" not in result.stdout


def test_the_dashboards_are_a_folder_for_each_language(tmp_path: Path) -> None:
    """They are written into folders, which are made where they are missing, and named on standard output."""
    folder = tmp_path / "grafana"
    result = _run("dashboards", f"--output={folder}")
    assert result.exit_code == 0, result.output
    written = {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*.json")}
    assert written == dashboard_files()
    assert result.stdout.splitlines() == [str(folder / name) for name in dashboard_files()]


def test_the_schema_is_a_file(tmp_path: Path) -> None:
    """Of JSON, under a name that an editor can be told."""
    result = _run("schema", f"--output={tmp_path}")
    assert result.exit_code == 0
    assert json.loads((tmp_path / "linkward.schema.json").read_text("utf-8"))["type"] == "object"


@pytest.mark.parametrize("what", ["rules", "dashboards", "schema"])
def test_a_folder_that_cannot_be_written_is_refused(what: str, tmp_path: Path) -> None:
    """One sentence says what is wrong and how to mend it."""
    (tmp_path / "file").write_text("")
    result = _run(what, f"--output={tmp_path}/file")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"--output={tmp_path}/file: cannot be written (")
    assert result.stderr.endswith("): name a folder that this user may write to\n")
