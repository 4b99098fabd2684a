"""What the network is otherwise than it was: to programs, to people, to Prometheus."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import httpx
import pytest

from exporters.drift import Drifted, drift_families
from exporters.own import OwnMetrics
from exporters.pages.drift_words import CHANGES, FACTS, SINCE, drift_line
from exporters.pages.jinja import Templates
from exporters.pages.places import SitePage, site_view
from model.inventory import Language
from model.topology_proposals import Change, Drift
from tests.peers.api import Ward
from tests.peers.places import Drawn, drawn_ward

SINCE_AT, LOOKED = datetime(2026, 11, 20, 3, 10, tzinfo=UTC), datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def found(device: str) -> Drifted:
    """Another firmware of one device, a neighbour at another port, and a device that the inventory has not got."""
    changes = (
        Drift(device, Change.FACT, "firmware", "7.14", "7.15.3"),
        Drift(device, Change.MOVED, "ap-hall", "ether4", "<ether9>"),
        Drift("gone-from-the-inventory", Change.GONE, "", "", ""),
    )
    return Drifted(LOOKED, SINCE_AT, changes)


class Looked:
    """Knows this."""

    def __init__(self, drifted: Drifted | None) -> None:
        self.drifted = drifted


async def asked(drifted: Drifted | None, query: str = "") -> httpx.Response:
    """What the API answers."""
    ward = Ward()
    ward.drift = Looked(drifted)
    transport = httpx.ASGITransport(ward.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(f"/api/v1/topology/drift{query}")


async def test_programs_get_it_by_device_and_site() -> None:
    """Each thing with its site; of a device that the inventory has left behind nothing is said."""
    answer = (await asked(found("office-rt1"))).json()
    assert (answer["looked_at"], answer["since"]) == ("2026-11-24T03:00:00Z", "2026-11-20T03:10:00Z")
    assert [tuple(each.values()) for each in answer["drift"]] == [
        ("office", "office-rt1", "fact", "firmware", "7.14", "7.15.3"),
        ("office", "office-rt1", "moved", "ap-hall", "ether4", "<ether9>"),
    ]


async def test_one_site_alone() -> None:
    """Of another nothing; one that there is not is refused."""
    assert len((await asked(found("office-rt1"), "?site=office")).json()["drift"]) == 2
    other = next(site.id for site in Ward().kept.inventory.sites if site.id != "office")
    assert (await asked(found("office-rt1"), f"?site={other}")).json()["drift"] == []
    assert (await asked(found("office-rt1"), "?site=nowhere")).status_code == 404


async def test_until_somebody_has_looked_nothing_is_known() -> None:
    """That is null, which is something else than that nothing has changed."""
    assert (await asked(None)).json() == {"looked_at": None, "since": None, "drift": []}


def values(drifted: Drifted | None) -> Iterator[tuple[str, str, float]]:
    """The samples: name, change, value."""
    for family in drift_families(drifted):
        yield from ((sample.name, sample.labels.get("change", ""), sample.value) for sample in family.samples)


def test_prometheus_gets_a_number_for_each_kind() -> None:
    """Zero where there is none; nothing at all until somebody has looked."""
    told = {(name, change): value for name, change, value in values(found("office-rt1"))}
    assert told.pop(("linkward_topology_looked_timestamp_seconds", "")) == LOOKED.timestamp()
    assert {change: value for (_, change), value in told.items()} == {
        **dict.fromkeys(Change, 0),
        Change.FACT: 1,
        Change.MOVED: 1,
        Change.GONE: 1,
    }
    assert list(values(None)) == []
    own = OwnMetrics()
    own.drift(lambda: found("rt"))
    assert own.registry.get_sample_value("linkward_topology_drift", {"change": "moved"}) == 1


@pytest.mark.parametrize("language", get_args(Language))
def test_every_language_has_every_word(language: Language) -> None:
    """No change and no fact without words; what a change is about stands in them."""
    assert set(CHANGES[language]) == set(Change)
    assert FACTS[language].keys() == FACTS["en"].keys()
    assert "{since}" in SINCE[language]
    for change in Change:
        fields = set(re.findall(r"{(\w+)}", CHANGES[language][change]))
        assert fields == set(re.findall(r"{(\w+)}", CHANGES["en"][change]))


def test_what_is_not_known_is_a_question_mark() -> None:
    """A neighbour whose port was not told."""
    assert drift_line(Drift("sw", Change.CAME, "ap", "", ""), "en") == "ap is new at port ?"


@pytest.mark.parametrize(
    ("language", "firmware"),
    [
        ("vi", "phần mềm trước là 7.14, nay là 7.15.3"),
        ("en", "firmware was 7.14, is 7.15.3"),
        ("id", "firmware tadinya 7.14, kini 7.15.3"),
    ],
)
def test_the_page_of_a_site_says_it_at_the_device(language: Language, firmware: str) -> None:
    """In its language, and what a device calls itself cannot become part of the page; of another device nothing."""
    ward = drawn_ward(language=language)
    site = next(site for site in ward.sites if site.id == "office")
    sources = replace(Drawn(ward).sources, drift=Looked(found("rt")))
    page = SitePage(Templates()).html(site_view(sources, site))
    device = page[page.index('id="device-rt"') :]
    device = device[: device.index("</article>")]
    assert f"<li>{firmware}</li>" in device
    assert "&lt;ether9&gt;" in device
    assert page.count('class="drift"') == 1
    calm = replace(sources, drift=Looked(Drifted(LOOKED, SINCE_AT)))
    assert 'class="drift"' not in SitePage(Templates()).html(site_view(calm, site))
