"""Wards as they are drawn: sites with coordinates, some of which hang on others."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from exporters.feed import Feed
from exporters.latest import Latest
from exporters.names import Naming
from exporters.pages.sources import LatencySource, NoLatency, Sources
from model.inventory import Inventory, Language
from model.measurement import SubjectKey
from model.state import State
from tests.peers.board import AT, full_board
from tests.peers.desk import FakeDesk
from tests.peers.past import Kept


def drawn_ward(points: int = 3, language: Language = "vi", name: str = "Nhà văn hóa") -> Inventory:
    """An office and some points around it, each of which hangs on the office's router."""
    return Inventory.model_validate({
        "ward": {"id": "w", "name": "Phường Xuân Đỉnh", "timezone": "Asia/Ho_Chi_Minh", "language": language},
        "sites": [_office("", name), *(_point(number, "", name) for number in range(points))],
    })


def city(wards: int = 3, points: int = 4) -> Inventory:
    """Wards with an office and some points each."""
    sites = []
    for ward in range(wards):
        own = {"ward": f"w{ward}"}
        sites.append(_office(f"w{ward}-", "Trụ sở") | own)
        sites += [_point(number, f"w{ward}-", "Điểm") | own for number in range(points)]
    languages = ("vi", "id", "en")
    return Inventory.model_validate({
        "wards": [
            {"id": f"w{ward}", "name": f"Phường {ward}", "language": languages[ward % 3]} for ward in range(wards)
        ],
        "sites": sites,
    })


def _office(prefix: str, name: str) -> dict[str, Any]:
    return {
        "id": f"{prefix}office",
        "name": f"{name} 0",
        "kind": "office",
        "location": [21.07, 105.78],
        "citizens_per_hour": 120,
        "service_hours": ["Mon-Fri 07:30-11:30"],
        "devices": [{"id": f"{prefix}rt", "address": "192.0.2.1", "name": name}],
        "links": [{"id": f"{prefix}wan", "provider": "VNPT", "target": "icmp://192.0.2.9", "name": name}],
        "services": [{"id": f"{prefix}web", "url": "http://192.0.2.80/", "name": name}],
    }


def _point(number: int, prefix: str, name: str) -> dict[str, Any]:
    return {
        "id": f"{prefix}p{number}",
        "name": f"{name} {number + 1}",
        "kind": "community-point",
        "location": [21.07 + 0.001 * (number + 1), 105.78 - 0.002 * number],
        "links": [
            {
                "id": f"{prefix}l{number}",
                "provider": "FPT",
                "target": f"icmp://192.0.2.{number % 100 + 100}",
                "depends_on": [f"{prefix}rt"],
            }
        ],
    }


def all_up(inventory: Inventory) -> dict[SubjectKey, tuple[State, Any]]:
    """Everything works since five minutes."""
    since = AT - timedelta(minutes=5)
    keys: list[SubjectKey] = [("site", site.id) for site in inventory.sites]
    keys += [("link", link.id) for _, link in inventory.links()]
    keys += [("device", device.id) for _, device in inventory.devices()]
    keys += [("service", service.id) for _, service in inventory.services()]
    return dict.fromkeys(keys, (State.UP, since))


class Drawn:
    """What pages are made from, in the hands of a test.

    Attributes:
        kept: What is watched, and what it is in.
        desk: Incidents.
        feed: What changes.
        latest: What was measured.
        sources: All of it.
    """

    def __init__(self, inventory: Inventory, latency: LatencySource | None = None) -> None:
        self.kept = Kept(inventory)
        self.kept.states = all_up(inventory)
        self.desk = FakeDesk(now=self.kept.now)
        self.feed = Feed()
        self.latest: Latest = full_board()
        self.sources = Sources(
            past=self.kept,
            desk=self.desk,
            verdicts_of=self.latest.verdicts,
            naming=Naming(),
            feed=self.feed,
            latency=latency or NoLatency(),
            blocks=lambda site: self.latest.blocks(1.0, frozenset({site})),
        )

    def turn(self, states: Mapping[SubjectKey, State]) -> None:
        """These are in another state now, and that is told."""
        self.kept.states |= {subject: (state, self.kept.now()) for subject, state in states.items()}
        self.feed.said(*states)
