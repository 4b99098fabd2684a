"""/api/v1/incidents."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from exporters.past import PastUnavailableError
from model.incident import AlertName, Incident
from tests.peers.api import Ward
from tests.peers.board import AT
from tests.peers.desk import fault, incident, rich_incident

_PATH = "/api/v1/incidents"


def _several(daemon: Ward) -> dict[str, Incident]:
    """Open at the office and, newer, at the point; closed ones of yesterday and of last month."""
    found = {
        "office": rich_incident(),
        "point": incident(fault(subject=("link", "point-1-viettel"), seconds=-100)),
        "yesterday": incident(fault(AlertName.DEVICE_DOWN, ("device", "office-rt1"), -90_000), closed=-86_400),
        "long ago": incident(fault(AlertName.PROVIDER_OUTAGE, ("provider", "VNPT"), -2_600_000), closed=-2_500_000),
    }
    daemon.desk.put(*found.values())
    return found


async def _ids(client: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = await client.get(f"{_PATH}?{query}")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["incidents"]]


async def test_what_lasts_newest_first(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Without a question it is what somebody has to do something about."""
    known = _several(daemon)
    assert await _ids(client) == [known["point"].id, known["office"].id]


async def test_an_incident_in_a_list(client: httpx.AsyncClient, daemon: Ward) -> None:
    """It names its cause and how much hangs on it, and leaves the rest to its own path."""
    daemon.desk.put(rich_incident())
    (found,) = (await client.get(_PATH)).json()["incidents"]
    assert found == {
        "id": rich_incident().id,
        "ward": "xuan-dinh",
        "state": "open",
        "severity": "critical",
        "alertname": "LinkDown",
        "about": {"kind": "link", "id": "office-vnpt", "name": "", "site": "office", "provider": "VNPT"},
        "requirement": "",
        "sites": ["office"],
        "began_at": "2026-11-24T06:55:00Z",
        "opened_at": "2026-11-24T06:55:02Z",
        "changed_at": "2026-11-24T06:55:02Z",
        "closed_at": None,
        "lasting": 2,
        "hides": 2,
        "merged_into": None,
        "acknowledged": None,
    }


async def test_closed_and_all(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Closed ones are those of the last seven days, unless a time is asked for."""
    known = _several(daemon)
    assert await _ids(client, "state=closed") == [known["yesterday"].id]
    assert await _ids(client, "state=all") == [known[name].id for name in ("point", "office", "yesterday")]
    assert await _ids(client, "state=open") == await _ids(client)


async def test_a_time(client: httpx.AsyncClient, daemon: Ward) -> None:
    """From one local time to another everything that touches it is told, open or not."""
    known = _several(daemon)
    assert await _ids(client, "from=2026-10-01&to=2026-11-01") == [known["long ago"].id]
    assert await _ids(client, "from=2026-10-01") == [
        one.id for one in (known[n] for n in ("point", "office", "yesterday", "long ago"))
    ]
    assert await _ids(client, "from=2026-11-24T13:00&state=open") == await _ids(client)
    assert await _ids(client, "to=2026-11-24T13:00") == [known["yesterday"].id]


async def test_a_site(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What touches a site by its cause or by what it hides."""
    known = _several(daemon)
    assert await _ids(client, "site=office") == [known["office"].id]
    outage = incident(fault(AlertName.PROVIDER_OUTAGE, ("provider", "VNPT"), -50), hidden=(("site", "office"),))
    daemon.desk.put(outage)
    assert await _ids(client, "site=office") == [outage.id, known["office"].id]


async def test_pages(client: httpx.AsyncClient, daemon: Ward) -> None:
    """All pages together are the whole list, also where the last of a page is resolved in between."""
    daemon.desk.put(*(incident(fault(seconds=-number)) for number in range(1, 8)))
    whole = await _ids(client)
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        query = f"limit=3{f'&after={after}' if after else ''}"
        answer = (await client.get(f"{_PATH}?{query}")).json()
        found += [one["id"] for one in answer["incidents"]]
        after = answer["after"]
        if after:
            daemon.desk.put(replace(daemon.desk.kept[after], closed_at=AT))
    assert (len(whole), found) == (7, whole)


async def test_all_of_one(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What it tells of and on what evidence, what it hides by name, who was told, and what was looked at."""
    daemon.desk.put(rich_incident())
    found: dict[str, Any] = (await client.get(f"{_PATH}/{rich_incident().id}")).json()
    assert [entry["alertname"] for entry in found["entries"]] == ["LinkDown", "ServiceDown"]
    assert (found["entries"][0]["words"], found["entries"][0]["evidence"]) == (
        "icmp: timeout",
        {"because": "icmp: timeout"},
    )
    assert [(one["kind"], one["id"]) for one in found["hidden"]] == [("service", "resolver"), ("device", "office-rt1")]
    assert [(one["receiver"], one["person"], one["revision"], one["resolved"]) for one in found["told"]] == [
        ("duty", "an", 2, False),
        ("hook", "", 1, False),
    ]
    assert found["attachments"][0]["content"]["hops"][2]["said"] == "no route to destination"
    assert (found["revision"], found["version"]) == (2, 5)


async def test_what_the_inventory_no_longer_holds_is_told_by_its_id(client: httpx.AsyncClient, daemon: Ward) -> None:
    """An old incident stays readable."""
    daemon.desk.put(incident(fault(subject=("link", "gone"))))
    (found,) = (await client.get(_PATH)).json()["incidents"]
    assert found["about"] == {"kind": "link", "id": "gone", "name": "", "site": "", "provider": ""}
    assert found["sites"] == []


async def test_a_merged_incident_names_the_other(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Whoever follows an old link finds the way."""
    merged = replace(incident(closed=-10), merged_into="provider-123456")
    daemon.desk.put(merged)
    assert (await client.get(f"{_PATH}/{merged.id}")).json()["merged_into"] == "provider-123456"


async def test_somebody_takes_it_on_and_gives_it_back(client: httpx.AsyncClient, daemon: Ward) -> None:
    """The answer is the incident as it is then."""
    daemon.desk.put(incident())
    path = f"{_PATH}/{incident().id}/ack"
    taken = await client.post(path, json={"who": "An", "comment": "gọi VNPT"})
    assert taken.status_code == 200, taken.text
    assert taken.json()["acknowledged"] == {"who": "An", "at": "2026-11-24T07:00:00Z", "comment": "gọi VNPT"}
    given_back = await client.delete(path, params={"who": "An"})
    assert (given_back.status_code, given_back.json()["acknowledged"]) == (200, None)
    assert daemon.desk.done == [
        ("acknowledge", incident().id, "An", "gọi VNPT"),
        ("unacknowledge", incident().id, "An"),
    ]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("?stat=open", 400, "there is no parameter 'stat': the parameters are from, to, state"),
        ("?state=opened", 422, "state='opened' is none of an incident: write open, closed or all"),
        ("?from=noon", 422, "from='noon' is no time"),
        ("?from=2026-11-24&to=2026-11-23", 422, "earlier than `to`"),
        ("?site=nowhere", 404, "there is no site 'nowhere'"),
        ("?limit=0", 422, "limit='0' is no such number: write a number from 1 to 1000"),
        ("?limit=1001", 422, "is no such number"),
        ("?limit=ten", 422, "is no such number"),
        ("?limit=²", 422, "is no such number"),
        ("?after=nothing", 404, "there is no incident 'nothing'"),
        ("/nothing", 404, "there is no incident 'nothing': see /api/v1/incidents?state=all"),
        ("/nothing?x=1", 400, "there is no parameter 'x'"),
    ],
)
async def test_what_cannot_be_answered_says_how_to_mend_it(
    client: httpx.AsyncClient, query: str, status: int, words: str
) -> None:
    """Every refusal is a problem with its mend."""
    _refused(await client.get(f"{_PATH}{query}"), status, words)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "the body is no JSON: send a JSON object in UTF-8"),
        (b"", 400, "the body is no JSON"),
        (b"\xff\xfe{", 400, "the body is no JSON"),
        (b"[" * 60_000, 400, "the body is no JSON"),
        (b"[]", 422, "the body is no JSON object: send one; the keys are who, comment"),
        (b"{}", 422, "who: is missing: add it"),
        (b'{"who": "An", "commemt": "x"}', 422, "there is no key 'commemt': did you mean 'comment'?"),
        (b'{"who": "An", "zzz": "x"}', 422, "there is no key 'zzz': the keys are who, comment"),
        (b'{"who": ""}', 422, "who: "),
        (b'{"who": "  "}', 422, "who: "),
        (b'{"who": 3}', 422, "who: "),
        (b'{"who": "An\\u001b[2J"}', 422, "who: it holds what cannot be shown: write it on one line, in letters"),
        (b'{"who": "\\ud800"}', 422, "who: "),
        (json.dumps({"who": "A" * 101}).encode(), 422, "who: "),
        (json.dumps({"who": "An", "comment": "x" * 2_001}).encode(), 422, "comment: "),
        (b'{"who": "' + b"x" * 65_536 + b'"}', 413, "the body is longer than 65536 bytes: send less"),
    ],
)
async def test_a_body_is_read_strictly(
    client: httpx.AsyncClient, daemon: Ward, body: bytes, status: int, words: str
) -> None:
    """Nothing is done by a body that is not wholly understood."""
    daemon.desk.put(incident())
    answer = await client.post(
        f"{_PATH}/{incident().id}/ack", content=body, headers={"content-type": "application/json"}
    )
    _refused(answer, status, words)
    assert daemon.desk.done == []


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_only_json_is_taken(client: httpx.AsyncClient, daemon: Ward, kind: str | None) -> None:
    """What a browser sends for another site without asking first is none of it."""
    daemon.desk.put(incident())
    headers = {} if kind is None else {"content-type": kind}
    answer = await client.post(f"{_PATH}/{incident().id}/ack", content=b'{"who": "An"}', headers=headers)
    _refused(answer, 415, "send it with content-type: application/json")
    assert daemon.desk.done == []


async def test_what_is_over_or_unknown_is_said(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Nobody takes on what is over."""
    over = incident(closed=-10)
    daemon.desk.put(over)
    _refused(await client.post(f"{_PATH}/{over.id}/ack", json={"who": "An"}), 409, f"incident {over.id!r} is over")
    _refused(await client.post(f"{_PATH}/nothing/ack", json={"who": "An"}), 404, "there is no incident 'nothing'")
    _refused(await client.delete(f"{_PATH}/nothing/ack?who=An"), 404, "there is no incident 'nothing'")


async def test_giving_back_needs_a_name(client: httpx.AsyncClient, daemon: Ward) -> None:
    """It is written down who did it."""
    daemon.desk.put(incident())
    _refused(await client.delete(f"{_PATH}/{incident().id}/ack"), 422, "who: ")
    _refused(await client.delete(f"{_PATH}/{incident().id}/ack?who=An&x=1"), 400, "there is no parameter 'x'")


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"origin": "http://monitor"}, True),
        ({"origin": "https://monitor"}, True),
        ({"origin": "http://MONITOR"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "http://monitor:9999"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://[::1"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "http://public.name"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://monitor"}, False),
    ],
)
async def test_another_sites_page_changes_nothing(
    client: httpx.AsyncClient, daemon: Ward, headers: dict[str, str], *, allowed: bool
) -> None:
    """What a browser says of where a request comes from decides; a program says nothing, and may."""
    daemon.desk.put(incident())
    path = f"{_PATH}/{incident().id}/ack"
    post = await client.post(path, json={"who": "An"}, headers=headers)
    delete = await client.delete(f"{path}?who=An", headers=headers)
    assert len(daemon.desk.done) == (2 if allowed else 0)
    for answer in (post, delete):
        if allowed:
            assert answer.status_code == 200
        else:
            _refused(answer, 403, "another site's page asked for this")
    assert (await client.get(_PATH, headers=headers)).status_code == 200


async def test_another_sites_page_reloads_nothing(client: httpx.AsyncClient) -> None:
    """The rule is one for all paths."""
    assert (await client.post("/-/reload")).status_code == 200
    refused = await client.post("/-/reload", headers={"origin": "http://evil.example"})
    assert (refused.status_code, refused.headers["content-type"]) == (403, "text/plain; charset=utf-8")


async def test_a_history_that_cannot_be_read_is_said(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What lasts is known all the same."""
    daemon.desk.put(incident())
    daemon.desk.fault = PastUnavailableError("the history is locked", "end the other program")
    assert await _ids(client) == [incident().id]
    _refused(await client.get(f"{_PATH}?state=all"), 503, "the history is locked: end the other program")


@pytest.mark.parametrize("path", ["incidents", "incidents/x", "silences", "maintenance"])
async def test_without_alerting_it_is_said(path: str) -> None:
    """A daemon that leaves alerts to Prometheus keeps no incidents."""
    daemon = Ward()
    daemon.has_desk = False
    async with httpx.AsyncClient(transport=httpx.ASGITransport(daemon.app()), base_url="http://monitor") as web:
        _refused(await web.get(f"/api/v1/{path}"), 503, "alerting is not running")
        explained = await web.get("/api/v1/explain?link=office-vnpt")
        assert (explained.status_code, explained.json()["decisions"]) == (200, None)


def _refused(answer: httpx.Response, status: int, words: str) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    problem = answer.json()
    assert words in f"{problem['detail']}: {problem['mend']}"


async def test_times_are_not_lost_on_the_way(client: httpx.AsyncClient, daemon: Ward) -> None:
    """An incident that closes exactly when the asked time begins is not part of it."""
    over = incident(closed=-3_600)
    daemon.desk.put(over)
    close = (AT - timedelta(seconds=3_600)).isoformat().replace("+00:00", "Z")
    assert await _ids(client, f"from={close}") == []
