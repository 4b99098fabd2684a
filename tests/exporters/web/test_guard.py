"""Names and passwords before every answer: who is let in, what stays open, and how often one may be wrong."""

import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bcrypt
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from exporters.web.gate import Gate
from exporters.web.guard import MOST_WRONG, Guard
from model.web import WebSettings
from tests.peers.api import Ward
from tests.peers.desk import incident
from tests.peers.web import Counted, gate, guarded, hashed

ANNA = hashed("correct horse")
USERS = {"basic_auth_users": {"anna": ANNA, "ben": hashed("battery staple")}}
RIGHT = ("anna", "correct horse")
_SIGNS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Clock:
    """Stands still."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


class Guarded:
    """A guard before an application that tells who asks."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.clock = Clock()
        self.counted = Counted()
        self.gate = Gate(WebSettings.model_validate(settings))
        self.app = Guard(_told, self.gate, self.counted, self.clock)

    def client(self, address: str = "192.0.2.7") -> httpx.AsyncClient:
        """One who asks from an address."""
        transport = httpx.ASGITransport(self.app, client=(address, 5_000))
        return httpx.AsyncClient(transport=transport, base_url="http://monitor")


async def _told(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    answer = PlainTextResponse(f"{scope.get('linkward.user', 'somebody')} said {body.decode()}")
    await answer(scope, receive, send)


async def test_everything_wants_a_name_and_a_password() -> None:
    """Health and metrics among it; the challenge says how, and the API says it in its own form."""
    async with Guarded(USERS).client() as web:
        for path in ("/", "/metrics", "/-/healthy", "/-/ready", "/api/v1/openapi.json", "/nothing", "/incidents/a"):
            answer = await web.get(path)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == 'Basic realm="Linkward", charset="UTF-8"'
        assert (await web.get("/api/v1/x")).json()["mend"] == "send them by basic authentication"


@pytest.mark.parametrize("user", [RIGHT, ("ben", "battery staple")])
async def test_who_has_a_password_is_let_in(user: tuple[str, str]) -> None:
    """What answers is told the name."""
    way = Guarded(USERS)
    async with way.client() as web:
        assert (await web.get("/metrics", auth=user)).text.startswith(f"{user[0]} said")
    assert way.counted.outcomes == ["right"]


@pytest.mark.parametrize(
    "header",
    [
        "Basic YW5uYTp3cm9uZw==",  # anna:wrong
        "Basic YW5uYQ==",  # anna
        "Basic !!!",
        "Basic",
        "Basic //4=",  # no UTF-8
        "Bearer YW5uYTpjb3JyZWN0IGhvcnNl",
        "Basic Y2hhcmxlczpjb3JyZWN0IGhvcnNl",  # charles:correct horse
        "Basic OmNvcnJlY3QgaG9yc2U=",  # :correct horse
    ],
)
async def test_what_is_no_name_and_password_is_refused(header: str) -> None:
    """Wrong, unknown, unreadable, or another scheme: 401, and no exception."""
    async with Guarded(USERS).client() as web:
        assert (await web.get("/metrics", headers={"authorization": header})).status_code == 401


async def test_a_password_is_looked_at_once() -> None:
    """Bcrypt is slow; a scraper that was right before waits for it no more, until its hash is changed."""
    way = Guarded({"basic_auth_users": {"anna": ANNA}})
    async with way.client() as web:
        for _ in range(5):
            assert (await web.get("/metrics", auth=RIGHT)).status_code == 200
        assert way.counted.outcomes == ["right"]
        way.gate.change(WebSettings.model_validate({"basic_auth_users": {"anna": hashed("other")}}), None)
        assert (await web.get("/metrics", auth=RIGHT)).status_code == 401
        way.gate.change(WebSettings(), None)
        assert (await web.get("/metrics")).status_code == 200


@given(st.sampled_from("abxy"), st.text(_SIGNS, min_size=21, max_size=21), st.sampled_from(_SIGNS), st.just("x" * 31))
@settings(max_examples=60)
def test_no_hash_that_is_taken_is_too_much_for_bcrypt(version: str, salt: str, last: str, rest: str) -> None:
    """What bcrypt cannot read is refused with the file, not at the first password."""
    stored = f"$2{version}$04${salt}{last}{rest}"
    try:
        WebSettings.model_validate({"basic_auth_users": {"anna": stored}})
    except ValidationError:
        return
    assert not bcrypt.checkpw(b"x", stored.encode())


async def test_parts_cannot_be_shifted_against_each_other() -> None:
    """What is kept of a right password fits no other way of dividing name, password and hash (CVE-2022-46146)."""
    way = Guarded({"basic_auth_users": {"a": hashed("bc"), "ab": hashed("other")}})
    async with way.client() as web:
        assert (await web.get("/", auth=("a", "bc"))).status_code == 200
        assert (await web.get("/", auth=("ab", "c"))).status_code == 401


async def test_guessing_is_slow() -> None:
    """Ten wrong ones at once, then the address must wait, also with the right one; others need not."""
    way = Guarded(USERS)
    async with way.client() as web, way.client("192.0.2.8") as other:
        assert (await web.get("/", auth=RIGHT)).status_code == 200
        for _ in range(MOST_WRONG):
            assert (await web.get("/", auth=("anna", "wrong"))).status_code == 401
        for password in ("wrong", RIGHT[1]):
            refused = await web.get("/", auth=("anna", password))
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "6")
        assert (await other.get("/", auth=RIGHT)).status_code == 200
        way.clock.seconds += 6
        assert (await web.get("/", auth=RIGHT)).status_code == 200
    assert way.counted.outcomes.count("wait") == 2


async def test_a_network_of_ipv6_is_one_guesser() -> None:
    """Whoever has 2^64 addresses guesses no faster."""
    way = Guarded(USERS)
    for number in range(MOST_WRONG):
        async with way.client(f"2001:db8::{number:x}") as web:
            assert (await web.get("/", auth=("anna", "wrong"))).status_code == 401
    async with way.client("2001:db8::ffff") as web:
        assert (await web.get("/", auth=RIGHT)).status_code == 429
    async with way.client("2001:db8:0:1::1") as web:
        assert (await web.get("/", auth=RIGHT)).status_code == 200


async def test_a_refusal_is_logged_without_what_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    """The address is told; the password, and the name, which may be a password in the wrong field, are not."""
    async with Guarded(USERS).client() as web:
        await web.get("/", auth=("canary-name", "canary-password"))
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "refused: a wrong name or password from 192.0.2.7"
    ]
    assert "canary" not in caplog.text


async def test_a_name_that_nobody_bears_costs_the_same_time() -> None:
    """The time says nothing of which names there are; bcrypt is asked in both cases."""
    way = Guarded({"basic_auth_users": {"anna": hashed("x", cost=8)}})
    times = {}
    async with way.client() as web:
        for name in ("anna", "nobody"):
            begun = time.perf_counter()
            for _ in range(4):
                await web.get("/", auth=(name, "wrong"))
            times[name] = time.perf_counter() - begun
    assert 0.4 < times["anna"] / times["nobody"] < 2.5


async def test_the_style_of_the_pages_is_open() -> None:
    """It holds nothing of the ward, and the page behind a link needs it."""
    async with Guarded(USERS).client() as web:
        assert (await web.get("/static/status.css")).status_code == 200
        assert (await web.get("/staticky")).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "form", "status"),
    [
        ("GET", "/incidents/a/ack?token=t", None, 200),
        ("POST", "/incidents/a/ack", {"token": "t"}, 200),
        ("POST", "/incidents/a/ack", {"token": ""}, 200),
        ("GET", "/incidents/a/ack", None, 401),
        ("POST", "/incidents/a/ack", {"who": "Eve"}, 401),
        ("POST", "/incidents/a/ack?token=t", {"who": "Eve"}, 401),
        ("POST", "/incidents/a/ack", {"who": "token=t"}, 401),
        ("GET", "/incidents/a?token=t", None, 401),
        ("GET", "/incidents/a/b/ack?token=t", None, 401),
        ("POST", "/api/v1/incidents/a/ack", {"token": "t"}, 401),
        ("DELETE", "/incidents/a/ack?token=t", None, 401),
    ],
)
async def test_a_link_needs_no_password(method: str, path: str, form: dict[str, str] | None, status: int) -> None:
    """Only the two requests of a link, and only with a token, for which what answers looks."""
    async with Guarded(USERS).client() as web:
        answer = await web.request(method, path, data=form)
        assert answer.status_code == status
        if status == 200 and form is not None:
            assert answer.text == f"somebody said token={form['token']}"


async def test_a_signed_link_is_opened_without_a_password(tmp_path: Path) -> None:
    """From the page with its one button to the end, which is no page that wants a password after all."""
    ward = Ward()
    one = incident()
    ward.desk.put(one)
    token = f"{one.id}/an"
    async with (
        guarded(gate(tmp_path, USERS), ward) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False, follow_redirects=True) as web,
    ):
        path = f"/incidents/{one.id}/ack"
        page = await web.get(path, params={"token": token})
        assert (page.status_code, "<form" in page.text) == (200, True)
        done = await web.post(path, data={"token": token})
        assert (done.status_code, "<form" in done.text, "✓" in done.text) == (200, False, True)
        assert (await web.post(path, data={"token": "forged"})).status_code == 403
        assert (await web.post(path, data={"who": "Eve"})).status_code == 401


@pytest.mark.parametrize(("said", "who"), [({}, "anna"), ({"who": ""}, "anna"), ({"who": "Ben"}, "Ben")])
async def test_who_says_nobody_means_themselves(tmp_path: Path, said: dict[str, str], who: str) -> None:
    """The name of the user stands for whoever does something by the API, unless somebody is named."""
    ward, one = Ward(), incident()
    ward.desk.put(one)
    async with (
        guarded(gate(tmp_path, USERS), ward) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False, auth=RIGHT) as web,
    ):
        taken = await web.post(f"/api/v1/incidents/{one.id}/ack", json=said)
        assert taken.json()["acknowledged"]["who"] == who
        given = await web.delete(f"/api/v1/incidents/{one.id}/ack", params=said)
        assert given.status_code == 200
        wanted = {"matchers": ["site=office"], "for": "1h", "comment": "new UPS"}
        quiet = await web.post("/api/v1/silences", json=wanted | ({"author": said["who"]} if said else {}))
        assert quiet.json()["author"] == who
    assert [done[:3] for done in ward.desk.done] == [
        ("acknowledge", one.id, who),
        ("unacknowledge", one.id, who),
    ]


async def test_headers_are_added_where_there_are_none() -> None:
    """Those of the file; what an answer says of itself stands."""
    headers = {"X-Frame-Options": "deny", "Strict-Transport-Security": "max-age=63072000", "X-XSS-Protection": ""}
    way = Guarded({"http_server_config": {"headers": headers}, **USERS})
    async with way.client() as web:
        for answer in (await web.get("/"), await web.get("/", auth=RIGHT)):
            assert answer.headers["x-frame-options"] == "deny"
            assert answer.headers["strict-transport-security"] == "max-age=63072000"
            assert "x-xss-protection" not in answer.headers


async def test_the_pages_keep_their_own_policy(tmp_path: Path) -> None:
    """A laxer policy of the file holds for what is no page."""
    headers = {"Content-Security-Policy": "default-src *"}
    async with (
        guarded(gate(tmp_path, {"http_server_config": {"headers": headers}})) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as web,
    ):
        assert (await web.get("/")).headers["content-security-policy"].startswith("default-src 'none'")
        assert (await web.get("/metrics")).headers["content-security-policy"] == "default-src *"


async def test_a_rate_that_all_share() -> None:
    """A burst, then one in each interval; whoever comes too early is told when to come again."""
    way = Guarded({"rate_limit": {"interval": "2s", "burst": 3}})
    async with way.client() as web:
        assert [(await web.get("/")).status_code for _ in range(4)] == [200, 200, 200, 429]
        way.clock.seconds += 2
        assert [(await web.get("/")).status_code for _ in range(2)] == [200, 429]
        assert (await web.get("/")).headers["retry-after"] == "2"
