"""linkward export prometheus: how it is scraped."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from exporters.scrape_config import scrape_config, scrape_config_files
from monitor.cli import main


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["export", "prometheus", *arguments])


def test_both_ways_are_files(tmp_path: Path) -> None:
    """They are written into a folder with the address of the daemon, and named on standard output."""
    result = _run(f"--output={tmp_path}", "--url=monitor.example:80")
    assert result.exit_code == 0, result.output
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == scrape_config_files(
        "monitor.example:80"
    )
    assert result.stdout.splitlines() == [str(tmp_path / "prometheus.yml"), str(tmp_path / "prometheus-sd.yml")]


def test_one_way_is_a_text() -> None:
    """Without a folder one goes to standard output: all at once, unless the other is asked for."""
    assert _run().stdout == scrape_config("metrics")
    jobs = [job["job_name"] for job in yaml.safe_load(_run("--style=targets").stdout)["scrape_configs"]]
    assert jobs == ["linkward", "linkward-probe", "linkward-snmp"]


@pytest.mark.parametrize(
    "url", ["monitor", "http://monitor:9841", ":9841", "a b:9841", "monitor:0", "monitor:99999", "::1"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """One sentence says how to write it."""
    result = _run(f"--url={url}")
    assert result.exit_code == 2
    assert result.stderr.endswith("is no address of a daemon: write HOST:PORT, such as 127.0.0.1:9841\n")
