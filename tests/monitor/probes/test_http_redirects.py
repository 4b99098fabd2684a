"""Where an HTTP probe lets itself be led."""

import asyncio
import itertools

import pytest

from model.measurement import Reason
from monitor.probes import http
from monitor.probes.http import HttpProber, HttpRequest
from monitor.probes.places import Place, place_of
from monitor.resolve import IpVersion, NameService
from tests.peers.http_outcome import Fetch, failure, leading, partial, reading, saying
from tests.peers.http_server import Visit, web_server

PUBLIC = "127.0.0.50"


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address of this machine that passes for somebody else's."""
    monkeypatch.setattr(http, "place_of", lambda address: Place.ELSEWHERE if address == PUBLIC else place_of(address))
    return PUBLIC


async def test_redirects_are_followed_and_their_phases_summed(fetch: Fetch) -> None:
    """Two hops of 50 ms each are 100 ms of processing, and the reading is of the last response."""

    async def conduct(visit: Visit) -> None:
        await asyncio.sleep(0.05)
        if visit.path == "/":
            await visit.respond(b"", "301 Moved Permanently", "Location: /two?x=1#there")
        else:
            await visit.respond(b"arrived")

    async with web_server(conduct) as web:
        got = reading(await fetch(web.url, body="arrived"))
    assert (got.status, got.redirects, got.body_bytes) == (200, 1, 7)
    assert got.phases["processing"] >= 0.1
    assert web.heads[1].startswith(b"GET /two?x=1 HTTP/1.1")


async def test_a_redirect_that_is_expected_is_not_followed(fetch: Fetch) -> None:
    """Where 302 is the healthy answer, or no redirect is allowed, the first response is judged."""
    async with web_server(leading("/else")) as web:
        assert reading(await fetch(web.url, statuses=frozenset({302}))).redirects == 0
        assert partial(failure(await fetch(web.url, max_redirects=0), Reason.STATUS)).status == 302


async def test_too_many_redirects_and_circles_end(fetch: Fetch) -> None:
    """An endless chain ends at the limit, a circle at once."""

    async def deeper(visit: Visit) -> None:
        await visit.respond(b"", "302 Found", f"Location: {visit.path}x")

    async with web_server(deeper) as web:
        outcome = failure(await fetch(web.url, max_redirects=3), Reason.REDIRECTS)
        assert "more than 3 redirects" in outcome.detail
        assert len(web.heads) == 4
        assert partial(outcome).redirects == 3
    async with web_server(leading("/")) as web:
        assert "circle" in failure(await fetch(web.url), Reason.REDIRECTS).detail


@pytest.mark.parametrize("to", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://[::1", "http://a b/", "//:99999/"])
async def test_a_redirect_leads_to_web_addresses_only(fetch: Fetch, to: str) -> None:
    """Another scheme, or what is no address, is not followed."""
    async with web_server(leading(to)) as web:
        failure(await fetch(web.url), Reason.REDIRECTS)


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/",
        "http://0xa9fea9fe/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fe80::1]/",
        "http://224.0.0.1/",
    ],
)
async def test_a_redirect_never_leads_to_metadata_or_the_local_link(fetch: Fetch, to: str) -> None:
    """However it is written, and even from this machine itself."""
    async with web_server(leading(to)) as web:
        assert "not followed" in failure(await fetch(web.url), Reason.REDIRECTS).detail


@pytest.mark.parametrize("to", ["127.0.0.1", "[::1]", "0x7f000001", "127.1", "localhost", "[::ffff:127.0.0.1]", "0"])
async def test_a_stranger_cannot_send_the_probe_to_this_machine(fetch: Fetch, public: str, to: str) -> None:
    """A redirect from another host to this one is refused after resolution, and nothing is connected to."""
    async with web_server(leading("/")) as here, web_server(leading(f"http://{to}:{here.port}/"), public) as web:
        outcome = failure(await fetch(web.url), Reason.REDIRECTS)
        assert "this machine itself" in outcome.detail
        assert partial(outcome).status == 302
        assert here.heads == []


async def test_a_name_that_changes_its_address_is_checked_again(public: str) -> None:
    """DNS rebinding: the address that was checked is the one that is connected to, at each hop anew."""
    answers = itertools.chain([(public,)], itertools.repeat((public, "127.0.0.1")))

    def rebinding(_host: str, _version: IpVersion) -> tuple[str, ...]:
        return next(answers)

    names = NameService(addresses=rebinding)
    prober = HttpProber(names)
    async with web_server(leading("/inside"), public) as web:
        request = HttpRequest.to(f"http://rebind.example:{web.port}/")
        assert "not followed" in failure(await prober.fetch(request, 5), Reason.REDIRECTS).detail
        assert len(web.heads) == 1
    prober.close()
    names.close()


async def test_from_this_machine_a_redirect_may_lead_to_it(fetch: Fetch) -> None:
    """What is itself on loopback may point to loopback, from one address of it to another."""
    async with web_server(saying(b"inside")) as inside, web_server(leading(inside.url), "127.0.0.2") as web:
        got = reading(await fetch(web.url, body="inside"))
    assert (got.address, got.redirects) == ("127.0.0.1", 1)


async def test_a_redirect_to_a_dead_name_keeps_what_was_measured(fetch: Fetch) -> None:
    """The name that failed is told; the hop before it is in the partial reading."""
    async with web_server(leading("http://nobody.invalid/")) as web:
        outcome = failure(await fetch(web.url), Reason.UNRESOLVED)
    assert "nobody.invalid" in outcome.detail
    assert (partial(outcome).status, partial(outcome).address) == (302, web.host)
