"""GET /api/v1/sites, links, devices and services."""

from typing import Any

import httpx
import pytest

from exporters.latest import Latest
from model.state import State
from tests.peers.api import Ward
from tests.peers.board import AT, ward


async def _list(client: httpx.AsyncClient, noun: str, query: str = "") -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/{noun}?{query}")
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    assert whole["now"] == "2026-11-24T07:00:00Z"
    found: list[dict[str, Any]] = whole[noun]
    return found


async def test_a_link_with_its_verdicts(client: httpx.AsyncClient, daemon: Ward) -> None:
    """State, since when, and each verdict with its evidence and in words; infinity is null."""
    daemon.kept.states = {("link", "office-vnpt"): (State.DEGRADED, AT)}
    office, point = await _list(client, "links")
    verdicts = office.pop("verdicts")
    assert office == {
        "id": "office-vnpt",
        "site": "office",
        "name": "",
        "detail": "VNPT",
        "state": "degraded",
        "since": "2026-11-24T07:00:00Z",
    }
    assert verdicts[0] == {
        "requirement": "rtt",
        "outcome": "breached",
        "why": "probes",
        "value": 0.045,
        "threshold": 0.03,
        "unit": "s",
        "n": 300,
        "bad": 40,
        "window_seconds": 300.0,
        "coverage": 1.0,
        "since": "2026-11-24T07:00:00Z",
        "words": "round-trip time, 95th percentile: breached: 45ms, required is ≤ 30ms; "
        "40 of 300 probes in 5m broke the limit",
    }
    assert [verdict["value"] for verdict in verdicts] == [0.045, 0.0, None, 250e6, None, 0.9995]
    assert (point["state"], point["since"], point["verdicts"]) == ("unknown", None, [])


async def test_the_other_lists(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Devices, services and sites have the same, sites with how much stands on them."""
    daemon.kept.states = {("site", "office"): (State.UP, AT)}
    assert [device["detail"] for device in await _list(client, "devices")] == ["10.20.0.1"]
    assert [service["id"] for service in await _list(client, "services")] == ["public-services", "resolver"]
    office, point = await _list(client, "sites")
    assert office == {
        "id": "office",
        "name": "Trụ sở UBND phường",
        "state": "up",
        "since": "2026-11-24T07:00:00Z",
        "links": 1,
        "devices": 1,
        "services": 2,
    }
    assert (point["state"], point["since"]) == ("unknown", None)


async def test_a_part_of_a_list(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What stands on one site, or is in one state."""
    daemon.kept.states = {("link", "office-vnpt"): (State.DOWN, AT), ("site", "office"): (State.DOWN, AT)}
    assert [link["id"] for link in await _list(client, "links", "site=point-1")] == ["point-1-viettel"]
    assert [link["id"] for link in await _list(client, "links", "state=down")] == ["office-vnpt"]
    assert await _list(client, "links", "site=point-1&state=down") == []
    assert [site["id"] for site in await _list(client, "sites", "state=unknown")] == ["point-1"]


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("links?site=nowhere", 404, "see /api/v1/sites for the ids"),
        ("links?state=broken", 422, "'broken' is no state: states are up, degraded, down"),
        ("sites?site=office", 400, "there is no parameter 'site'"),
        ("link", 404, "GET /api/v1/link is not there: see /api/v1/openapi.json"),
    ],
)
async def test_what_cannot_be_answered_says_how_to_mend_it(
    client: httpx.AsyncClient, path: str, status: int, words: str
) -> None:
    """Refusals are problems, that of a path that is not there among them."""
    answer = await client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert words in f"{problem['detail']}: {problem['mend']}"


async def test_a_wrong_method_keeps_its_header(client: httpx.AsyncClient) -> None:
    """405 says in Allow what can be done, as everywhere in HTTP."""
    answer = await client.post("/api/v1/links")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.json()["detail"] == "POST /api/v1/links is not there"


async def test_elsewhere_refusals_stay_as_they_are(client: httpx.AsyncClient) -> None:
    """Only what programs ask is answered as a problem."""
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")


@pytest.mark.parametrize("noun", ["sites", "links", "services", "devices"])
async def test_a_list_in_pages(client: httpx.AsyncClient, noun: str) -> None:
    """One after the other they hold what the whole list holds, in its order; the last says that it is."""
    whole = [one["id"] for one in await _list(client, noun)]
    found: list[str] = []
    query = "limit=1"
    for number in range(1, len(whole) + 1):
        page = (await client.get(f"/api/v1/{noun}?{query}")).json()
        found += [one["id"] for one in page[noun]]
        assert page["after"] == (found[-1] if number < len(whole) else None)
        query = f"limit=1&after={page['after']}"
    assert found == whole


async def test_a_page_of_what_is_wanted(client: httpx.AsyncClient, daemon: Ward) -> None:
    """The page goes on after an id that the filter leaves out, for it may have changed its state meanwhile."""
    daemon.kept.states = {("site", "point-1"): (State.DOWN, AT)}
    query = "state=down&limit=5&after=office"
    assert [site["id"] for site in await _list(client, "sites", query)] == ["point-1"]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("limit=0", 422, "limit='0' is no such number: write a number from 1 to 1000"),
        ("limit=1001", 422, "limit='1001' is no such number"),
        ("limit=٣", 422, "is no such number"),
        ("limit=-1", 422, "is no such number"),
        ("after=nothing", 404, "after='nothing': the list holds no such link: begin the list anew, without `after`"),
        ("limit=1&limit=2", 400, "'limit' is there more than once"),
    ],
)
async def test_a_page_that_cannot_be(client: httpx.AsyncClient, query: str, status: int, words: str) -> None:
    """It is refused with what to write."""
    answer = await client.get(f"/api/v1/links?{query}")
    assert answer.status_code == status
    assert words in f"{answer.json()['detail']}: {answer.json()['mend']}"


async def test_a_wrong_method_says_what_can_be_done(client: httpx.AsyncClient) -> None:
    """In words too, all of it."""
    answer = await client.put("/api/v1/silences")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.json()["mend"].startswith("it takes GET and POST; see /api/v1/openapi.json")


async def test_a_failure_is_a_problem_that_says_nothing(daemon: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    """What went wrong may hold anything; whoever asks is only told that it did."""

    def broken() -> None:
        raise ValueError("canary")

    monkeypatch.setattr(daemon, "status", broken)
    transport = httpx.ASGITransport(daemon.app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as web:
        answer = await web.get("/api/v1/links")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["detail"] == "this could not be answered"
    assert "canary" not in answer.text


async def test_a_device_says_what_it_is(client: httpx.AsyncClient) -> None:
    """Vendor, model, serial number, firmware, and what is wrong with it; links have no such thing."""
    (device,) = await _list(client, "devices")
    assert device["health"] == {
        "profile": "mikrotik",
        "vendor": "MikroTik",
        "model": "RB760iGS",
        "serial": "E1F10E90A6E9",
        "firmware": "7.1.1",
        "symptoms": ["temperature"],
    }
    assert all("health" not in link for link in await _list(client, "links"))


async def test_all_that_a_device_tells_of_its_health(client: httpx.AsyncClient) -> None:
    """Each measure of each part in its base unit, in order."""
    answer = await client.get("/api/v1/devices/office-rt1/health")
    whole = answer.json()
    assert (whole["device"], whole["summary"]["model"]) == ("office-rt1", "RB760iGS")
    told = [(each["measure"], each["part"]) for each in whole["readings"]]
    assert told == sorted(told)
    assert {"measure": "temperature", "part": "part 1", "value": 200.0, "unit": "celsius"} in whole["readings"]


async def test_a_device_that_tells_nothing_is_not_well(daemon: Ward) -> None:
    """Nothing is known of it: no summary, no reading; what does not exist is a problem of its own."""
    daemon.latest = Latest()
    daemon.latest.load(ward())
    app = daemon.app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://monitor") as web:
        (device,) = await _list(web, "devices")
        assert device["health"] is None
        silent = await web.get("/api/v1/devices/office-rt1/health")
        missing = await web.get("/api/v1/devices/nobody/health")
    assert silent.json() == {"device": "office-rt1", "summary": None, "readings": []}
    assert (missing.status_code, "no device 'nobody'" in missing.text) == (404, True)
