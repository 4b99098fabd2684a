"""One line for each request, without secrets."""

import logging

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from exporters.web.access_log import ACCESS, AccessLog, shown


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/broken":
        raise ValueError("canary")
    scope["linkward.user"] = "anna" if scope["path"] == "/known" else ""
    await PlainTextResponse("hello", 404)(scope, receive, send)


async def _ask(path: str) -> None:
    transport = httpx.ASGITransport(AccessLog(_app), client=("192.0.2.7", 5_000), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://monitor") as web:
        await web.get(path)


async def test_what_was_asked_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    """Who, what, which status, how many bytes, how long; in words, and apart for a log in JSON."""
    caplog.set_level(logging.INFO, ACCESS)
    await _ask("/known?site=office")
    (record,) = caplog.records
    assert record.getMessage().startswith('192.0.2.7 anna "GET /known?site=office" 404 5 0.')
    told = vars(record)
    assert [told[key] for key in ("client", "user", "method", "target", "status", "bytes")] == [
        *("192.0.2.7", "anna", "GET", "/known?site=office", 404, 5)
    ]


async def test_a_request_that_fails_is_told_too(caplog: pytest.LogCaptureFixture) -> None:
    """Without a status, for nothing was answered by then; and without what failed."""
    caplog.set_level(logging.INFO, ACCESS)
    await _ask("/broken")
    (record,) = caplog.records
    assert record.getMessage().startswith('192.0.2.7 - "GET /broken" 0 0 ')


async def test_nothing_is_told_unless_it_is_wanted(caplog: pytest.LogCaptureFixture) -> None:
    """A scrape each 15 s would bury everything else."""
    caplog.set_level(logging.WARNING, ACCESS)
    await _ask("/known")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("token=canary", "token=…"),
        ("a=1&token=canary&b=2", "a=1&token=…&b=2"),
        ("Access_Token=canary;x=1", "Access_Token=…;x=1"),
        ("api_key=canary&password=canary&community=canary", "api_key=…&password=…&community=…"),
        ("token=", "token=…"),
        ("site=office&module=icmp&auth=public_v2", "site=office&module=icmp&auth=public_v2"),
        ("from=2026-11-01", "from=2026-11-01"),
    ],
)
def test_secrets_of_a_query_are_left_out(query: str, told: str) -> None:
    """By the name of the parameter; what is needed to understand a request stays."""
    assert shown("/x", query.encode()) == f"/x?{told}"


def test_a_line_has_an_end() -> None:
    """However long the address is."""
    assert len(shown("/" + "a" * 60_000, b"")) == 2_000
