"""Who has an answer already is not sent it again, until something in it changes."""

import httpx
import pytest

from model.measurement import SubjectKey
from model.state import State
from tests.peers.api import Ward
from tests.peers.board import AT
from tests.peers.desk import incident

PATHS = ("status", "sites", "links", "devices", "services", "incidents", "links?limit=1")


@pytest.mark.parametrize("path", PATHS)
async def test_what_has_not_changed_is_not_sent_again(client: httpx.AsyncClient, daemon: Ward, path: str) -> None:
    """Though it is later meanwhile; the tag comes again, and a copy may be kept but not shown without asking."""
    daemon.desk.put(incident())
    first = await client.get(f"/api/v1/{path}")
    daemon.kept.seconds += 30
    for known in (first.headers["etag"], f'"x", {first.headers["etag"]}', first.headers["etag"][2:], "*"):
        again = await client.get(f"/api/v1/{path}", headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("path", PATHS)
async def test_what_has_changed_is_sent(client: httpx.AsyncClient, daemon: Ward, path: str) -> None:
    """One state, or one incident, is another answer."""
    first = await client.get(f"/api/v1/{path}")
    subjects: tuple[SubjectKey, ...] = (
        ("site", "office"),
        ("link", "office-vnpt"),
        ("device", "office-rt1"),
        ("service", "resolver"),
    )
    daemon.kept.states = dict.fromkeys(subjects, (State.DOWN, AT))
    daemon.desk.put(incident())
    again = await client.get(f"/api/v1/{path}", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]
    assert again.json() != first.json()


async def test_another_page_is_another_answer(client: httpx.AsyncClient) -> None:
    """Also where it holds the same, because more may follow."""
    one = await client.get("/api/v1/devices", params={"limit": "1"})
    whole = await client.get("/api/v1/devices")
    assert one.json()["devices"] == whole.json()["devices"]
    assert one.headers["etag"] == whole.headers["etag"]
    links = [(await client.get("/api/v1/links", params=query)).headers["etag"] for query in ({"limit": "1"}, {})]
    assert links[0] != links[1]
