"""/api/v1/maintenance."""

from typing import Any

import httpx
import pytest

from model.alerting import MaintenanceWindow
from tests.peers.api import Ward

_PATH = "/api/v1/maintenance"


def _window(**keys: object) -> MaintenanceWindow:
    return MaintenanceWindow.model_validate(keys)


async def _add(client: httpx.AsyncClient, **changes: object) -> httpx.Response:
    body: dict[str, object] = {"sites": ["office"], "for": "2h", "reason": "kéo cáp", "who": "An"}
    wanted = {key: value for key, value in (body | changes).items() if value is not None}
    return await client.post(_PATH, json=wanted)


async def test_work_from_now_on(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Open at once; it gets an id that can be used in the inventory too."""
    answer = await _add(client)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    (window,) = daemon.desk.maintenance()
    assert found.pop("id") == window.id
    assert found == {
        "sites": ["office"],
        "devices": [],
        "links": [],
        "every": None,
        "reason": "kéo cáp",
        "timezone": "Asia/Ho_Chi_Minh",
        "is_open": True,
        "next": {"start": "2026-11-24T07:00:00Z", "end": "2026-11-24T09:00:00Z"},
    }
    assert daemon.desk.done == [("add-maintenance", window.id, "An")]


async def test_work_by_the_wards_clock(client: httpx.AsyncClient) -> None:
    """Times without an offset are local, and the answer says when that is."""
    once = await _add(client, **{"id": "fibre", "for": None, "from": "2026-11-28T22:00", "to": "2026-11-29T02:00"})
    assert once.json()["next"] == {"start": "2026-11-28T15:00:00Z", "end": "2026-11-28T19:00:00Z"}
    assert (once.json()["id"], once.json()["is_open"]) == ("fibre", False)
    lasting = await _add(client, **{"from": "2026-11-28T22:00", "for": "30m"})
    assert lasting.json()["next"] == {"start": "2026-11-28T15:00:00Z", "end": "2026-11-28T15:30:00Z"}
    weekly = await _add(client, **{"for": None, "every": "Sun 02:00-03:00", "sites": None, "links": ["office-vnpt"]})
    assert weekly.json()["next"] == {"start": "2026-11-28T19:00:00Z", "end": "2026-11-28T20:00:00Z"}
    assert weekly.json()["every"] == "Sun 02:00-03:00"


async def test_the_list(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What is open or comes next first, what is over last; those of the inventory too."""
    over = _window(id="over", links=["office-vnpt"], **{"from": "2026-11-01T22:00", "to": "2026-11-02T02:00"})
    weekly = _window(id="weekly", sites=["point-1"], every="Tue 13:00-15:00")
    later = _window(id="later", devices=["office-rt1"], **{"from": "2026-12-01T22:00", "to": "2026-12-02T02:00"})
    daemon.desk.work = {window.id: (window, True) for window in (over, later, weekly)}
    found = (await client.get(_PATH)).json()
    assert found["timezone"] == "Asia/Ho_Chi_Minh"
    assert [(one["id"], one["is_open"], one["next"] is None) for one in found["maintenance"]] == [
        ("weekly", True, False),
        ("later", False, False),
        ("over", False, True),
    ]


async def test_somebody_ends_it(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What was added while the daemon runs can be ended; what the inventory says is mended there."""
    added, fixed = (_window(id=name, sites=["office"], every="Sun 02:00-03:00") for name in ("added", "fixed"))
    daemon.desk.work = {"added": (added, False), "fixed": (fixed, True)}
    assert (await client.delete(f"{_PATH}/added?who=An")).status_code == 200
    assert daemon.desk.done == [("end-maintenance", "added", "An")]
    refused = await client.delete(f"{_PATH}/fixed?who=An")
    assert (refused.status_code, refused.json()["mend"]) == (409, "take it out of the inventory, then reload")
    assert (await client.delete(f"{_PATH}/nothing?who=An")).status_code == 404
    assert (await client.delete(f"{_PATH}/fixed")).status_code == 422


async def test_an_id_is_there_once(client: httpx.AsyncClient) -> None:
    """A second window does not take the place of the first."""
    assert (await _add(client, id="fibre")).status_code == 201
    again = await _add(client, id="fibre")
    assert (again.status_code, again.json()["mend"]) == (409, "choose another id, or leave it out")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"sites": None}, "it covers nothing: name something in `sites`, `devices` or `links`"),
        ({"sites": ["ofice"]}, "sites: there is no site 'ofice' in the inventory: did you mean 'office'?"),
        ({"devices": ["zzz"]}, "devices: there is no device 'zzz' in the inventory: see /api/v1/devices for the ids"),
        ({"links": ["office-vnp"]}, "links: there is no link 'office-vnp' in the inventory: did you mean"),
        ({"for": None}, "its end is not clear: write one of `to`, `for` and `every`"),
        ({"to": "2026-11-25"}, "its end is not clear"),
        ({"every": "Sun 02:00-03:00"}, "it is single and recurring"),
        ({"for": None, "every": "sometimes"}, "every: 'sometimes' is not hours of the week"),
        ({"for": None, "from": "2026-11-25", "to": "2026-11-24"}, "`to` is not later than `from`"),
        ({"for": None, "from": "2026-11-20", "to": "2026-11-21"}, "it would be over already"),
        ({"for": None, "to": "2028-01-01"}, "it would last for more than a year"),
        ({"for": "999999999y"}, "it would last for more than a year"),
        ({"for": "2"}, "for: "),
        ({"for": "0s"}, "for: "),
        ({"id": "Fibre Move"}, "id: "),
        ({"who": None}, "who: is missing"),
        ({"site": ["office"]}, "there is no key 'site': did you mean 'sites'?"),
    ],
)
async def test_what_cannot_be_planned_says_how_to_mend_it(
    client: httpx.AsyncClient, daemon: Ward, changes: dict[str, object], words: str
) -> None:
    """And nothing is."""
    answer = await _add(client, **changes)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    problem = answer.json()
    assert words in f"{problem['detail']}: {problem['mend']}"
    assert daemon.desk.work == {}
