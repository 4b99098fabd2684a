"""/api/v1/silences."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from model.matcher import parse_matcher
from model.silence import Silence, make_silence
from tests.peers.api import Ward
from tests.peers.board import AT

_PATH = "/api/v1/silences"


def _silence(start: float, end: float, text: str = "site=office") -> Silence:
    """From one second after ``AT`` to another, made an hour before it starts."""
    begin = AT + timedelta(seconds=start)
    until = AT + timedelta(seconds=end)
    return make_silence((parse_matcher(text),), begin, until, "An", "ống nước", now=begin - timedelta(hours=1))


async def _add(client: httpx.AsyncClient, **changes: object) -> httpx.Response:
    body: dict[str, object] = {"matchers": ["site=office"], "for": "2h", "author": "An", "comment": "UPS mới"}
    wanted = {key: value for key, value in (body | changes).items() if value is not None}
    return await client.post(_PATH, json=wanted)


async def test_a_silence_is_added(client: httpx.AsyncClient, daemon: Ward) -> None:
    """From now on, for as long as it was said; the answer is what holds."""
    answer = await _add(client, matchers=["site=office", 'link=~"office-.*"'])
    assert answer.status_code == 201, answer.text
    (kept,) = daemon.desk.quiet.values()
    found: dict[str, Any] = answer.json()
    assert found.pop("id") == kept.id
    assert found == {
        "state": "active",
        "matchers": ['site="office"', 'link=~"office-.*"'],
        "starts_at": "2026-11-24T07:00:00Z",
        "ends_at": "2026-11-24T09:00:00Z",
        "author": "An",
        "comment": "UPS mới",
        "created_at": "2026-11-24T07:00:00Z",
        "ended_at": None,
        "ended_by": "",
    }


async def test_times_are_the_wards(client: httpx.AsyncClient) -> None:
    """What has no offset is read from the ward's clock; what starts later is pending."""
    answer = await _add(client, **{"for": None, "starts_at": "2026-11-24T22:00", "ends_at": "2026-11-25T02:00"})
    found = answer.json()
    assert (found["state"], found["starts_at"], found["ends_at"]) == (
        "pending",
        "2026-11-24T15:00:00Z",
        "2026-11-24T19:00:00Z",
    )


async def test_the_list(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What has not ended, or what is asked for; those that end last come first."""
    active, pending, over = _silence(-60, 60), _silence(60, 600), _silence(-600, -60)
    daemon.desk.quiet = {one.id: one for one in (over, active, pending)}

    async def ids(query: str = "") -> list[str]:
        return [one["id"] for one in (await client.get(f"{_PATH}?{query}")).json()["silences"]]

    assert await ids() == [pending.id, active.id]
    assert await ids("state=active") == [active.id]
    assert await ids("state=pending") == [pending.id]
    assert await ids("state=ended") == [over.id]


async def test_somebody_ends_it(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Now, and it is told by whom; a second time there is nothing to end."""
    active = _silence(-60, 60)
    daemon.desk.quiet = {active.id: active}
    ended = await client.delete(f"{_PATH}/{active.id}?who=Binh")
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    assert (ended.json()["ended_at"], ended.json()["ended_by"]) == ("2026-11-24T07:00:00Z", "Binh")
    assert (await client.delete(f"{_PATH}/{active.id}?who=Binh")).status_code == 409
    assert (await client.delete(f"{_PATH}/nothing?who=Binh")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"matchers": None}, "matchers: is missing"),
        ({"matchers": []}, "matchers: "),
        ({"matchers": ["site=office"] * 21}, "matchers: "),
        ({"matchers": ["site"]}, "'site' is not a matcher: write a matcher such as"),
        ({"matchers": ['site=~"(a+"']}, "not a regular expression"),
        ({"matchers": ["site=~.*"]}, "the silence would mute everything"),
        ({"for": None}, "its end is not clear: write either `ends_at` or `for`"),
        ({"ends_at": "2026-11-25"}, "its end is not clear"),
        ({"for": "2"}, "for: "),
        ({"for": 7200}, "for: "),
        ({"for": "9999999999y"}, "it would last for more than a year"),
        ({"for": None, "ends_at": "2027-12-01"}, "it would last for more than a year"),
        ({"for": None, "ends_at": "soon"}, "ends_at='soon' is no time"),
        ({"for": None, "ends_at": "2026-11-24T13:00"}, "the silence is over already"),
        ({"starts_at": "2026-11-24T08:00", "for": "1h"}, "the silence is over already"),
        ({"for": None, "starts_at": "2026-11-26", "ends_at": "2026-11-25"}, "does not end after it starts"),
        ({"author": None}, "author: is missing"),
        ({"comment": None}, "comment: is missing"),
        ({"comment": " "}, "comment: "),
        ({"matchesr": []}, "there is no key 'matchesr': did you mean 'matchers'?"),
        ({"endsAt": "2026-11-25"}, "there is no key 'endsAt': did you mean 'ends_at'?"),
    ],
)
async def test_what_cannot_be_silenced_says_how_to_mend_it(
    client: httpx.AsyncClient, daemon: Ward, changes: dict[str, object], words: str
) -> None:
    """And nothing is."""
    answer = await _add(client, **changes)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert words in f"{problem['detail']}: {problem['mend']}"
    assert daemon.desk.quiet == {}


async def test_a_state_that_is_none(client: httpx.AsyncClient) -> None:
    """The states are listed."""
    answer = await client.get(f"{_PATH}?state=expired")
    assert (answer.status_code, answer.json()["mend"]) == (422, "write one of pending, active, ended")
