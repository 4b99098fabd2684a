"""GET /api/v1/explain."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from exporters.desk import Decided
from exporters.past import PastUnavailableError
from model.measurement import SubjectKey
from model.state import State
from tests.peers.api import Ward
from tests.peers.board import AT
from tests.peers.past import change, span

_PATH = "/api/v1/explain"
_LINK: SubjectKey = ("link", "office-vnpt")


async def _explained(client: httpx.AsyncClient, query: str) -> dict[str, Any]:
    answer = await client.get(f"{_PATH}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
    found: dict[str, Any] = answer.json()
    return found


def _history(daemon: Ward) -> None:
    daemon.kept.runs = [span(-100_000, 0)]
    daemon.kept.log = [
        change(_LINK, State.UNKNOWN, State.UP, -90_000),
        change(_LINK, State.UP, State.DOWN, -600),
        change(_LINK, State.DOWN, State.UP, -300),
    ]
    daemon.kept.states = {_LINK: (State.UP, AT - timedelta(seconds=300))}


async def test_now(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Without a time it is what is shown now, with the verdicts."""
    _history(daemon)
    found = await _explained(client, "link=office-vnpt")
    assert (found["kind"], found["id"], found["site"]) == ("link", "office-vnpt", "office")
    assert (found["state"], found["since"], found["at"]) == ("up", "2026-11-24T06:55:00Z", "2026-11-24T07:00:00Z")
    assert len(found["verdicts"]) == 6
    assert len(found["changes"]) == 3


async def test_then(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Of a time that has passed it is what the history says, and no verdict of now."""
    _history(daemon)
    found = await _explained(client, "link=office-vnpt&at=2026-11-24T13:52")
    assert (found["state"], found["since"], found["verdicts"]) == ("down", "2026-11-24T06:50:00Z", None)


async def test_evidence_may_count(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Whole numbers, fractions and words of the evidence are answered as they are, and no warning is printed."""
    evidence: dict[str, str | float] = {"silences": 7, "seconds": 2.25, "because": "icmp: timeout"}
    daemon.kept.log = [change(_LINK, State.UP, State.DOWN, -600, evidence)]
    found = await _explained(client, "link=office-vnpt")
    assert found["changes"][0]["evidence"] == evidence


async def test_devices_and_services(client: httpx.AsyncClient) -> None:
    """They are explained in the same way; what was never measured is unknown, and nobody knows since when."""
    for query in ("device=office-rt1", "service=resolver"):
        found = await _explained(client, query)
        assert (found["state"], found["since"], found["changes"]) == ("unknown", None, [])


async def test_why_somebody_was_told_or_nobody(client: httpx.AsyncClient, daemon: Ward) -> None:
    """What was decided about it until the asked time, for programs and in words."""
    _history(daemon)
    told = Decided(AT - timedelta(seconds=590), "LinkDown", "silence", "", "silence-3f9a1c of An until 16:00: UPS mới")
    later = Decided(AT - timedelta(seconds=10), "LinkBelowRequirement", "told", "office-1", "duty: An", "rtt")
    daemon.desk.decided = {_LINK: [told, later]}
    found = await _explained(client, "link=office-vnpt&at=2026-11-24T13:52")
    assert found["decisions"] == [
        {
            "at": "2026-11-24T06:50:10Z",
            "alertname": "LinkDown",
            "outcome": "silence",
            "incident": "",
            "detail": "silence-3f9a1c of An until 16:00: UPS mới",
            "requirement": "",
            "because": None,
        }
    ]
    text = (await client.get(f"{_PATH}?link=office-vnpt", headers={"accept": "text/plain"})).text
    assert (
        "\nTold\n"
        "  13:50:10  LinkDown: silence: silence-3f9a1c of An until 16:00: UPS mới\n"
        "  13:59:50  LinkBelowRequirement (rtt): told, incident office-1: duty: An\n"
    ) in text


async def test_words(client: httpx.AsyncClient, daemon: Ward) -> None:
    """Whoever accepts text gets the explanation in words."""
    _history(daemon)
    answer = await client.get(f"{_PATH}?link=office-vnpt", headers={"accept": "text/plain"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith(
        "link office-vnpt, site office: up at 2026-11-24 14:00:00 Asia/Ho_Chi_Minh, since 13:55:00, for 5m\n"
    )


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("vi", "đường truyền office-vnpt, điểm office: hoạt động lúc 14:00:00 24/11/2026 (Asia/Ho_Chi_Minh), từ 13:55"),
        ("id", "sambungan office-vnpt, lokasi office: aktif pada 14:00:00 24/11/2026 (Asia/Ho_Chi_Minh), sejak 13:55"),
        ("ward", "đường truyền office-vnpt"),
        ("en", "link office-vnpt, site office: up"),
    ],
)
async def test_words_of_other_languages(client: httpx.AsyncClient, daemon: Ward, lang: str, words: str) -> None:
    """In that which is asked for, or that of its ward; what is for programs stays as it is."""
    _history(daemon)
    ward = daemon.kept.inventory.ward
    assert ward is not None
    changed = {"ward": ward.model_copy(update={"language": "vi"})}
    daemon.kept.inventory = daemon.kept.inventory.model_copy(update=changed)
    answer = await client.get(f"{_PATH}?link=office-vnpt&lang={lang}", headers={"accept": "text/plain"})
    assert answer.text.startswith(words)
    assert (await _explained(client, f"link=office-vnpt&lang={lang}"))["state"] == "up"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "nothing is asked about: write one of them"),
        ("link=office-vnpt&device=office-rt1", 400, "2 of link, device and service are given"),
        ("site=office", 400, "there is no parameter 'site'"),
        ("link=office-vnpt&lang=fr", 422, "lang='fr' is no language of this program: write vi, en, id or ward"),
        ("link=nowhere", 404, "there is no link 'nowhere' in the inventory: see /api/v1/links"),
        ("device=office-vnpt", 404, "there is no device"),
        ("link=office-vnpt&at=noon", 422, "at='noon' is no time"),
        ("link=office-vnpt&at=", 422, "is no time"),
        ("link=office-vnpt&at=2026-11-24T14:01", 422, "has not come yet"),
    ],
)
async def test_what_cannot_be_answered_says_how_to_mend_it(
    client: httpx.AsyncClient, query: str, status: int, words: str
) -> None:
    """Every refusal is a problem with its mend."""
    answer = await client.get(f"{_PATH}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert words in f"{problem['detail']}: {problem['mend']}"


async def test_a_history_that_cannot_be_read_is_said(client: httpx.AsyncClient, daemon: Ward) -> None:
    """It is no fault of the question."""
    daemon.kept.fault = PastUnavailableError("the history is locked", "end the other program")
    assert (await client.get(f"{_PATH}?link=office-vnpt")).status_code == 503
