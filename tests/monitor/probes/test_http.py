"""HTTP probes against web servers that behave, and many that do not."""

import asyncio
import gzip
import socket

import pytest

from model.measurement import Reason
from monitor.probes.http import HttpProber, HttpRequest
from monitor.resolve import NameService
from tests.peers.http_outcome import Fetch, failure, leading, partial, reading, saying
from tests.peers.http_server import Visit, silent_server, web_server


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_healthy_page_is_read_phase_by_phase(fetch: Fetch, host: str) -> None:
    """Status, version, length and phases of a plain page, over IPv4 and IPv6; what did not take place is not there."""
    async with web_server(saying(b"hello", "200 OK", "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT"), host) as web:
        got = reading(await fetch(web.url))
    assert (got.status, got.version, got.redirects, got.content_length, got.body_bytes) == (200, 1.1, 0, 5, 5)
    assert got.address == host
    assert set(got.phases) == {"connect", "processing", "transfer"}
    assert all(0 <= seconds < 1 for seconds in got.phases.values())
    assert str(got.last_modified) == "2015-10-21 07:28:00+00:00"
    assert got.body_matches is None
    assert got.tls is None
    assert b"User-Agent: Linkward/" in web.heads[0]


async def test_the_phases_are_where_the_time_goes(fetch: Fetch) -> None:
    """A server that thinks before the head, and again before the body, is slow in just these phases."""

    async def conduct(visit: Visit) -> None:
        await asyncio.sleep(0.1)
        await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n")
        await asyncio.sleep(0.2)
        await visit.send(b"x")

    async with web_server(conduct) as web:
        got = reading(await fetch(web.url))
    assert got.phases["connect"] < 0.09
    assert 0.1 <= got.phases["processing"] < 0.19
    assert 0.2 <= got.phases["transfer"] < 0.4


async def test_a_name_costs_a_resolve_phase(fetch: Fetch) -> None:
    """A name is looked up anew, its time is a phase, and its server is asked by that name."""
    async with web_server(saying()) as web:
        got = reading(await fetch(f"http://web.example:{web.port}/"))
    assert "resolve" in got.phases
    assert got.address == "127.0.0.1"
    assert f"Host: web.example:{web.port}\r\n".encode() in web.heads[0]


async def test_each_probe_is_a_connection_of_its_own(fetch: Fetch) -> None:
    """Nothing is reused, though the server would keep the connection open."""
    peers = set()

    async def conduct(visit: Visit) -> None:
        peers.add(visit.writer.get_extra_info("peername"))
        await visit.respond(b"hello")
        await visit.hold()

    async with web_server(conduct) as web:
        for _ in range(3):
            assert "connect" in reading(await fetch(web.url)).phases
    assert len(peers) == 3


async def test_many_at_once_do_not_mix(fetch: Fetch) -> None:
    """A hundred probes at the same time each get their own page, though they share handles."""

    async def conduct(visit: Visit) -> None:
        await asyncio.sleep(0.01)
        await visit.respond(visit.path.encode())

    async with web_server(conduct) as web:
        outcomes = await asyncio.gather(*(fetch(f"{web.url}page-{n}-", body=f"/page-{n}-") for n in range(100)))
    assert [reading(each).body_matches for each in outcomes] == [True] * 100


async def test_the_version_of_ip_is_the_one_asked_for(fetch: Fetch) -> None:
    """A name with both is asked over the one that is wanted; a name without it is unresolved."""
    async with web_server(saying(), "::1") as six, web_server(saying(), "127.0.0.1", port=six.port) as four:
        url = f"http://both.example:{four.port}/"
        assert reading(await fetch(url, ip_version="4")).address == "127.0.0.1"
        assert reading(await fetch(url, ip_version="6")).address == "::1"
    failure(await fetch("http://web.example/", ip_version="6"), Reason.UNRESOLVED)
    failure(await fetch("http://127.0.0.1/", ip_version="6"), Reason.UNRESOLVED)


async def test_any_version_means_that_one_dead_address_does_not_matter(fetch: Fetch) -> None:
    """Of two addresses the living one is used, as a browser does; each transfer has its own list."""
    async with web_server(saying()) as web, web_server(saying(), "127.0.0.77") as other:
        half = f"http://half.example:{web.port}/"
        assert reading(await fetch(half)).address == "127.0.0.1"
        assert reading(await fetch(f"http://half.example:{other.port}/")).address == "127.0.0.77"
        assert reading(await fetch(half)).address == "127.0.0.1"


@pytest.mark.parametrize("source", ["127.0.0.9", "lo"])
async def test_a_probe_leaves_by_its_source(fetch: Fetch, source: str) -> None:
    """The server sees the source address, or one of the source interface."""
    seen = []

    async def conduct(visit: Visit) -> None:
        seen.append(visit.writer.get_extra_info("peername")[0])
        await visit.respond()

    async with web_server(conduct) as web:
        reading(await fetch(web.url, source=source))
    assert seen == [source if source != "lo" else "127.0.0.1"]


async def test_a_source_that_is_not_here_is_this_machines_fault(fetch: Fetch) -> None:
    """A foreign source, a missing interface, and a source of the other IP version say so."""
    async with web_server(saying()) as web:
        assert "source" in failure(await fetch(web.url, source="192.0.2.7"), Reason.LOCAL).detail
        assert "source" in failure(await fetch(web.url, source="nowhere0"), Reason.LOCAL).detail
        assert "IP version" in failure(await fetch(web.url, source="::1"), Reason.LOCAL).detail
        assert reading(await fetch(f"http://both.example:{web.port}/", source="127.0.0.9")).address == "127.0.0.1"


@pytest.mark.parametrize(
    ("status", "accepted", "healthy"),
    [
        ("204 No Content", (), True),
        ("404 Not Found", (), False),
        ("404 Not Found", (404,), True),
        ("200 OK", (401,), False),
        ("503 Busy", (), False),
    ],
)
async def test_a_status_is_healthy_when_it_is_expected(
    fetch: Fetch, status: str, accepted: tuple[int, ...], *, healthy: bool
) -> None:
    """Without a list 200 to 299 will do; a wrong status is a failure that keeps all that was measured."""
    async with web_server(saying(b"", status)) as web:
        outcome = await fetch(web.url, statuses=frozenset(accepted))
    if healthy:
        assert reading(outcome).status == int(status[:3])
        return
    got = partial(failure(outcome, Reason.STATUS))
    assert got.status == int(status[:3])
    assert {"connect", "processing", "transfer"} <= set(got.phases)


async def test_a_body_must_hold_what_is_expected(fetch: Fetch) -> None:
    """The expression decides, in Vietnamese too, and whether letters are composed or not."""
    composed = "Cổng Dịch vụ công".encode()
    decomposed = b"Co\xcc\x82\xcc\x89ng Di\xcc\xa3ch vu\xcc\xa3 co\xcc\x82ng"
    for body in (composed, decomposed):
        async with web_server(saying(body)) as web:
            assert reading(await fetch(web.url, body="Dịch vụ công")).body_matches is True
            outcome = failure(await fetch(web.url, body="Trang chủ"), Reason.CONTENT)
            assert partial(outcome).body_matches is False
            assert "'Trang chủ'" in outcome.detail


async def test_a_body_is_read_by_its_charset(fetch: Fetch) -> None:
    """A page in an old code page reads as its header says; a charset that nobody knows is no traceback."""
    async with web_server(
        saying("Đăng".encode("cp1258"), "200 OK", "Content-Type: text/html; charset=windows-1258")
    ) as web:
        assert reading(await fetch(web.url, body="Đ.ng")).body_matches is True
    async with web_server(saying(b"hello", "200 OK", "Content-Type: text/html; charset=kling\xf6n")) as web:
        assert reading(await fetch(web.url, body="hello")).body_matches is True


async def test_an_expression_that_explodes_ends_in_time(fetch: Fetch) -> None:
    """A hostile body cannot make the engine run on, nor hold up another probe meanwhile."""
    async with web_server(saying(b"a" * 100_000)) as hostile, web_server(saying()) as web:
        slow = asyncio.create_task(fetch(hostile.url, body="(a+)+b"))
        await asyncio.sleep(0.2)
        loop = asyncio.get_running_loop()
        started = loop.time()
        reading(await fetch(web.url, body="hello"))
        assert loop.time() - started < 0.5
        assert "simpler" in failure(await slow, Reason.CONTENT).detail
        assert reading(await fetch(web.url, body="h.+o")).body_matches is True


async def test_a_compressed_body_is_counted_as_people_see_it(fetch: Fetch) -> None:
    """Length as announced, bytes as decompressed, expression on the text."""
    packed = gzip.compress(b"hello " * 1000)
    async with web_server(saying(packed, "200 OK", "Content-Encoding: gzip")) as web:
        got = reading(await fetch(web.url, body="hello"))
    assert (got.content_length, got.body_bytes) == (len(packed), 6000)


async def test_a_bomb_is_read_to_the_limit_only(fetch: Fetch) -> None:
    """A thousand times its size is not unpacked: a million bytes, and the probe has failed by name."""
    bomb = gzip.compress(bytes(100_000_000), 9)
    async with web_server(saying(bomb, "200 OK", "Content-Encoding: gzip")) as web:
        outcome = failure(await fetch(web.url), Reason.TOO_LARGE)
    assert partial(outcome).body_bytes == 1_000_000
    assert "the body goes on after 1000000 bytes (" in outcome.detail


@pytest.mark.parametrize("announced", ["Content-Length: 100000000", "Content-Length: 10000000000", "X-Nothing: 1"])
async def test_a_body_without_end_is_read_to_the_limit_only(fetch: Fetch, announced: str) -> None:
    """What is longer than the limit is too large, with what was measured; what is found within it is found."""

    async def conduct(visit: Visit) -> None:
        await visit.send(f"HTTP/1.1 200 OK\r\n{announced}\r\n\r\n".encode() + b"needle")
        await visit.send_for_ever(bytes(65536))

    async with web_server(conduct) as web:
        got = reading(await fetch(web.url, body="needle"))
        missed = failure(await fetch(web.url, body="elsewhere"), Reason.TOO_LARGE)
        unread = failure(await fetch(web.url), Reason.TOO_LARGE)
    assert "probe a smaller page, or name in `expect: {body: …}`" in unread.detail
    assert {"connect", "processing", "transfer"} <= set(partial(unread).phases)
    assert got.body_bytes == partial(missed).body_bytes == partial(unread).body_bytes == 1_000_000
    assert got.content_length == partial(unread).content_length
    assert got.content_length == (int(announced[16:]) if announced.startswith("C") else None)
    assert got.body_matches is True


async def test_headers_without_end_are_too_large(fetch: Fetch) -> None:
    """One header after another, or one that goes on for ever, ends by its size."""

    async def many(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\n")
        await visit.send_for_ever(b"X-More: " + b"x" * 1000 + b"\r\n")

    async def long(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
        await visit.send_for_ever(b"x" * 10_000)

    for conduct in (many, long):
        async with web_server(conduct) as web:
            failure(await fetch(web.url), Reason.TOO_LARGE)


async def test_a_trickle_ends_at_the_deadline(fetch: Fetch) -> None:
    """One byte at a time does not keep a probe alive; what came is told."""

    async def conduct(visit: Visit) -> None:
        await visit.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            await visit.send(b"x")
            await asyncio.sleep(0.02)

    async with web_server(conduct) as web:
        outcome = failure(await fetch(web.url, timeout=0.3), Reason.TIMEOUT)
    assert "the response did not end (HTTP 200, " in outcome.detail
    assert partial(outcome).status == 200
    assert 1 <= partial(outcome).body_bytes < 1000
    assert "transfer" not in partial(outcome).phases


async def test_a_probe_that_hangs_says_where(fetch: Fetch) -> None:
    """Handshake, response: each time-out names the phase and keeps those before it."""

    async def wordless(visit: Visit) -> None:
        await visit.hold()

    async with web_server(wordless) as web:
        outcome = failure(await fetch(web.url, timeout=0.2), Reason.TIMEOUT)
    assert "the response did not begin within 200ms" in outcome.detail
    assert set(partial(outcome).phases) == {"connect"}
    assert partial(outcome).status is None
    async with silent_server() as port:
        outcome = failure(await fetch(f"https://127.0.0.1:{port}/", timeout=0.2), Reason.TIMEOUT)
    assert "the TLS handshake did not end within 200ms" in outcome.detail
    assert set(partial(outcome).phases) == {"connect"}


async def test_a_connection_that_never_opens_is_a_timeout(fetch: Fetch) -> None:
    """A listener whose queue is full swallows SYNs: the TCP phase hung, and nothing at all was measured."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        outcome = failure(await fetch(f"http://127.0.0.1:{port}/", timeout=0.2), Reason.TIMEOUT)
        for filler in fillers:
            filler.close()
    assert "the TCP connection did not open within 200ms" in outcome.detail
    assert outcome.partial is None


async def test_a_closed_port_is_refused(fetch: Fetch) -> None:
    """A reset to the SYN is told from silence."""
    async with silent_server() as port:
        pass
    assert "refused" in failure(await fetch(f"http://127.0.0.1:{port}/"), Reason.REFUSED).detail


async def test_an_unknown_name_is_unresolved(fetch: Fetch) -> None:
    """No address, no probe, a sentence."""
    assert "nobody.invalid" in failure(await fetch("http://nobody.invalid/"), Reason.UNRESOLVED).detail


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", Reason.DISCONNECTED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Reason.DISCONNECTED),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Reason.PROTOCOL),
        (bytes(range(256)) * 40, Reason.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!", Reason.PROTOCOL),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Reason.DISCONNECTED),
        (b"HTTP/1.1 200 \xff\xfe\x00\r\n\r\n", Reason.PROTOCOL),
    ],
)
async def test_bytes_that_are_no_answer_are_named(fetch: Fetch, said: bytes, reason: Reason) -> None:
    """Silence, half an answer, another protocol and garbage are a named failure each, never a traceback."""

    async def conduct(visit: Visit) -> None:
        await visit.send(said)

    async with web_server(conduct) as web:
        failure(await fetch(web.url), reason)


async def test_a_login_goes_to_its_own_origin_only(fetch: Fetch) -> None:
    """The userinfo of the URL is sent as basic authentication, and not to where the server redirects."""
    async with web_server(saying()) as other, web_server(leading(other.url)) as web:
        reading(await fetch(web.url.replace("://", "://an:canary%21@")))
    assert b"Authorization: Basic YW46Y2FuYXJ5IQ==\r\n" in web.heads[0]
    assert b"Authorization" not in other.heads[0]


async def test_no_secret_is_told(fetch: Fetch) -> None:
    """Neither a failure nor a request's repr shows the userinfo."""
    async with silent_server() as port:
        pass
    url = f"http://an:canary@127.0.0.1:{port}/"
    assert "canary" not in repr(await fetch(url))
    assert "canary" not in repr(HttpRequest.to(url))
    with pytest.raises(ValueError, match="port") as caught:
        HttpRequest.to("http://an:canary@127.0.0.1:99999/")
    assert "canary" not in str(caught.value)


async def test_a_proxy_of_the_environment_is_not_asked(fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The target is measured, not somebody's proxy."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    async with web_server(saying()) as web:
        reading(await fetch(web.url))


async def test_the_probe_that_is_cancelled_leaves_nothing_behind(http_prober: HttpProber) -> None:
    """Its connection closes, and the next probe is served as ever."""
    asked, gone = asyncio.Event(), asyncio.Event()

    async def conduct(visit: Visit) -> None:
        if visit.path == "/slow":
            asked.set()
            await visit.hold()
            gone.set()
        await visit.respond()

    async with web_server(conduct) as web:
        task = asyncio.create_task(http_prober.fetch(HttpRequest.to(web.url + "slow"), 5))
        await asked.wait()
        task.cancel()
        await asyncio.wait_for(gone.wait(), 2)
        reading(await http_prober.fetch(HttpRequest.to(web.url), 5))


async def test_closing_ends_probes_under_way() -> None:
    """Whoever still waits gets a failure of this machine, not an exception."""
    prober = HttpProber(NameService())
    async with silent_server() as port:
        task = asyncio.create_task(prober.fetch(HttpRequest.to(f"http://127.0.0.1:{port}/"), 5))
        await asyncio.sleep(0.05)
        prober.close()
        failure(await task, Reason.LOCAL)
