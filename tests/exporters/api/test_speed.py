"""/api/v1/links/{id}/speed."""

import httpx
import pytest

from exporters.speed_desk import REFUSED
from model.speed_schedule import Skip
from tests.peers.api import Ward

PATH = "/api/v1/links/office-vnpt/speed"


async def test_a_test_is_begun_by_whom_it_says(daemon: Ward, client: httpx.AsyncClient) -> None:
    """The answer says that it goes on; asked again, what it gave."""
    answer = await client.post(PATH, json={"who": "An"})
    assert (answer.status_code, answer.json()["running"]) == (202, "download")
    assert daemon.speeds.asked == [("office-vnpt", "An")]
    told = (await client.get(PATH)).json()["tests"][0]
    assert (told["direction"], told["bits_per_second"], told["is_lower_bound"]) == ("download", 286.4e6, False)


@pytest.mark.parametrize("skip", Skip)
async def test_each_refusal_has_words_and_a_mend(daemon: Ward, client: httpx.AsyncClient, skip: Skip) -> None:
    """Whoever asks learns why not now, and what to do."""
    daemon.speeds.skip = skip
    answer = await client.post(PATH, json={"who": "An"})
    assert answer.status_code == 409
    assert (answer.json()["detail"], answer.json()["mend"]) == (
        f"link 'office-vnpt' is not tested now: {REFUSED[skip][0]}",
        REFUSED[skip][1],
    )
    assert daemon.speeds.asked == []


async def test_an_unknown_link_is_not_there(client: httpx.AsyncClient) -> None:
    """Neither to look at nor to test."""
    assert (await client.get("/api/v1/links/none/speed")).status_code == 404
    assert (await client.post("/api/v1/links/none/speed", json={"who": "An"})).status_code == 404
