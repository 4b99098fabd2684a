"""The shipped rules before a real promtool, over what the exporter shows as time passes."""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from exporters.exposition import Style, exposition
from exporters.latest import Latest
from exporters.own import OwnMetrics
from model.inventory import Inventory
from model.measurement import Noun, SubjectKey
from model.state import State, site_state
from tests.peers.processes import installed

ROOT: Final = Path(__file__).parents[2]
INTERVAL: Final = 15
"""Seconds from one scrape to the next, and between evaluations."""
DAEMON: Final = "127.0.0.1:9841"
_SAMPLE: Final = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
_ASKED_FOR: Final = ("linkward_", "probe_ssl_")

Alert = Mapping[str, str]
"""Labels of an alert that fires."""


def ward(*wards: str) -> Inventory:
    """An office and a school on two lines each, four points on one, a house on none, with equipment and services."""
    points = [_point(f"tdp-{number}") for number in range(1, 5)]
    place = {"wards": [{"id": name} for name in wards]} if wards else {"ward": {"id": "xuan-dinh"}}
    sites = [_office(), *points, _house(), _school()]
    if wards:
        sites = [{**site, "ward": wards[number % len(wards)]} for number, site in enumerate(sites)]
    return Inventory.model_validate({
        **place,
        "credentials": {"v2": {"version": "2c", "community": "x"}},
        "sites": sites,
    })


def _office() -> dict[str, Any]:
    line = {"provider": "FPT", "circuit": "HN-0123", "target": "icmp://203.0.113.1"}
    backup = {"provider": "Viettel", "role": "backup", "target": "icmp://203.0.113.2"}
    return {
        "id": "office",
        "name": "Trụ sở UBND phường",
        "devices": [
            {"id": "office-rt1", "address": "10.20.0.1", "role": "router", "snmp": {"credentials": "v2"}},
            {"id": "office-sw1", "address": "10.20.0.2", "role": "switch", "depends_on": ["office-rt1"]},
        ],
        "links": [
            {"id": "office-fpt", "requirement": {"rtt_p95": "30ms", "availability": "99.9%"}, **line},
            {"id": "office-4g", **backup},
        ],
        "services": [
            {
                "id": "mot-cua",
                "url": "https://motcua.example/",
                "expect": {"certificate_days": 14},
                "requirement": {"availability": "99%"},
            },
            {"id": "resolver", "dns": {"server": "10.20.0.53", "name": "motcua.example"}},
        ],
    }


def _point(site: str) -> dict[str, Any]:
    return {
        "id": site,
        "devices": [{"id": f"{site}-rt", "address": "10.20.1.1", "role": "router"}],
        "links": [{"id": f"{site}-vnpt", "provider": "VNPT", "target": "icmp://203.0.113.9"}],
    }


def _school() -> dict[str, Any]:
    line = {"provider": "VNPT", "target": "icmp://203.0.113.9"}
    return {"id": "school", "links": [{"id": "school-vnpt", **line}, {"id": "school-4g", "role": "backup", **line}]}


def _house() -> dict[str, Any]:
    devices = [{"id": f"house-ap{number}", "address": f"10.20.9.{number}", "role": "ap"} for number in (1, 2)]
    return {"id": "house", "devices": devices}


@dataclass
class Story:
    """What a daemon shows, scrape by scrape, and what must be firing by it.

    Attributes:
        inventory: What it watches; everything is up at first.
    """

    inventory: Inventory = field(default_factory=ward)
    latest: Latest = field(default_factory=Latest)
    own: OwnMetrics = field(default_factory=OwnMetrics)
    states: dict[SubjectKey, State] = field(default_factory=dict)
    series: dict[str, list[str]] = field(default_factory=dict)
    scrapes: int = 0
    questions: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.load(self.inventory)
        self.all_are(State.UP)
        self.own.reloaded(successful=True, at=0)

    def load(self, inventory: Inventory) -> None:
        """Take over an inventory."""
        self.inventory = inventory
        self.latest.load(inventory)

    def all_are(self, state: State) -> None:
        """Everything is in this state."""
        parts: list[SubjectKey] = [("link", link.id) for _, link in self.inventory.links()]
        parts += [("device", device.id) for _, device in self.inventory.devices()]
        parts += [("service", service.id) for _, service in self.inventory.services()]
        for noun, name in parts:
            self.be(noun, state, name)

    def be(self, noun: Noun, state: State, *names: str) -> None:
        """These are in this state; their sites follow, as in the daemon."""
        for name in names:
            self.states[noun, name] = state
            self.latest.set_state(noun, name, state)
        for site in self.inventory.sites:
            links = [self.states.get(("link", link.id), State.UNKNOWN) for link in site.links]
            devices = [self.states.get(("device", device.id), State.UNKNOWN) for device in site.devices]
            self.latest.set_state("site", site.id, site_state(links or devices))

    @property
    def page(self) -> str:
        """What a scrape gets."""
        return self.own.text(Style.TEXT) + b"".join(exposition(self.latest.blocks(0.0), Style.TEXT)).decode()

    def scrape(self, times: int = 1, more: Iterable[str] = ()) -> None:
        """Prometheus scrapes, so many times; ``more`` is lines beside those of the exporter."""
        samples = dict(filter(None, map(_sample, [*self.page.splitlines(), *more])))
        for _ in range(times):
            self._add({**samples, _series("up", ""): "1"})

    def fail(self, times: int = 1) -> None:
        """Prometheus gets nothing, so many times."""
        for _ in range(times):
            self._add({_series("up", ""): "0"})

    def vanish(self, times: int = 1) -> None:
        """Prometheus does not even try."""
        for _ in range(times):
            self._add({})

    def _add(self, samples: Mapping[str, str]) -> None:
        for name in {**self.series, **samples}:
            known = self.series.setdefault(name, ["_"] * self.scrapes)
            absent = "_" if not known or known[-1] in {"_", "stale"} else "stale"
            known.append(samples.get(name, absent))
        self.scrapes += 1

    @property
    def _now(self) -> str:
        return f"{(self.scrapes - 1) * INTERVAL}s"

    def fires(self, *alerts: Alert) -> None:
        """After the last scrape exactly these fire."""
        self.tells(
            'ALERTS{alertstate="firing"}',
            [({"__name__": "ALERTS", "alertstate": "firing", **each}, 1) for each in alerts],
        )

    def tells(self, expr: str, samples: Sequence[tuple[Mapping[str, str], float]]) -> None:
        """After the last scrape an expression has these samples and no others."""
        told = [{"labels": _selector(labels), "value": value} for labels, value in samples]
        self.questions.append({"expr": expr, "eval_time": self._now, "exp_samples": told})

    def reads(self, name: str, *alerts: tuple[Alert, Mapping[str, str]]) -> None:
        """After the last scrape the alerts of this name have exactly these labels and annotations."""
        url = {"runbook_url": f"docs/runbook.md#{name.lower()}"}
        expected = [{"exp_labels": dict(labels), "exp_annotations": {**texts, **url}} for labels, texts in alerts]
        self.texts.append({"alertname": name, "eval_time": self._now, "exp_alerts": expected})

    def check(self, folder: Path) -> None:
        """Have promtool tell the story to the rules; skips where it is missing."""
        promtool = installed("promtool")
        if promtool is None:
            pytest.skip("promtool is not installed (Debian: prometheus)")
        (folder / "story.yml").write_text(yaml.safe_dump(self._document(), allow_unicode=True, width=10_000))
        result = subprocess.run(
            [promtool, "test", "rules", str(folder / "story.yml")], capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stdout + result.stderr

    def _document(self) -> dict[str, Any]:
        series = [{"series": name, "values": " ".join(values)} for name, values in self.series.items()]
        test = {
            "interval": f"{INTERVAL}s",
            "input_series": series,
            "promql_expr_test": self.questions,
            "alert_rule_test": self.texts,
        }
        return {
            "rule_files": [str(ROOT / "rules" / "*.yml")],
            "evaluation_interval": f"{INTERVAL}s",
            "tests": [test],
        }


def _sample(line: str) -> tuple[str, str] | None:
    match = _SAMPLE.fullmatch(line)
    if match is None or not line.startswith(_ASKED_FOR):
        return None
    name, labels, value = match.groups()
    return _series(name, labels or ""), value


def _series(name: str, labels: str) -> str:
    """A series as Prometheus keeps it with ``honor_labels``."""
    target = ['job="linkward"', *([] if 'instance="' in labels else [f'instance="{DAEMON}"'])]
    return f"{name}{{{','.join([*filter(None, [labels]), *target])}}}"


def _selector(labels: Mapping[str, str]) -> str:
    name = labels.get("__name__", "")
    pairs = ",".join(f'{key}="{value}"' for key, value in labels.items() if value and key != "__name__")
    return f"{name}{{{pairs}}}"
