"""The shipped scrape configurations."""

import re
from pathlib import Path

import pytest
import yaml

from exporters.adopted import ADOPTED, SMOKEPING
from exporters.scrape_config import FILES, Style, scrape_config, scrape_config_files

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", FILES.values())
def test_a_file_at_the_top_is_what_the_command_writes(name: str) -> None:
    """It is not changed by hand."""
    assert (ROOT / name).read_text("utf-8") == scrape_config_files()[name], "run: linkward export prometheus --output=."


@pytest.mark.parametrize("style", FILES)
def test_the_address_is_everywhere(style: Style) -> None:
    """No place is left with the address of somebody else's daemon."""
    text = scrape_config(style, "[2001:db8::9]:80")
    assert [line for line in text.splitlines() if "9841" in line and not line.startswith("#")] == []
    wanted = {"metrics": 1, "targets": 5}
    assert text.count("[2001:db8::9]:80") == wanted[style]
    assert yaml.safe_load(text)["scrape_configs"][0]["static_configs"] == [{"targets": ["[2001:db8::9]:80"]}]


def test_what_is_dropped_is_what_the_targets_bring() -> None:
    """Of the adopted names none is there twice, but for the certificates, which the rules read beside the daemon's."""
    rules = yaml.safe_load(scrape_config("targets"))["scrape_configs"][0]["metric_relabel_configs"]
    dropped = [re.compile(rule["regex"]) for rule in rules]
    named = [metric.name for metric in ADOPTED if metric not in SMOKEPING]
    kept = [name for name in named if not any(rule.fullmatch(name) or rule.fullmatch(f"{name};") for rule in dropped)]
    assert kept == ["probe_ssl_earliest_cert_expiry"]
    assert not any(rule.fullmatch("probe_success;icmp://192.0.2.1") for rule in dropped)
