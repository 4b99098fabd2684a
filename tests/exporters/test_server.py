"""The web server and what it answers, over real sockets."""

import gzip
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from exporters.app import Behind, create_app
from exporters.exposition import Style
from exporters.own import OwnMetrics
from exporters.server import ListenError, WebServer
from exporters.status import Status, status_of
from tests.peers.board import AT, full_board, ward
from tests.peers.past import Kept


class _Daemon:
    """Stands for the daemon."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.reason: str | None = None
        self.reloads = 0

    def status(self) -> Status:
        return status_of(ward(), {}, {}, AT)

    async def reload(self) -> list[str]:
        self.reloads += 1
        return self.problems

    def ready(self) -> str | None:
        return self.reason


@pytest.fixture
def daemon() -> _Daemon:
    """A daemon that is well."""
    return _Daemon()


@pytest.fixture
async def client(daemon: _Daemon) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a server that listens on a free port."""
    app = create_app(Behind(full_board(), OwnMetrics(), lambda: 1.0, daemon, daemon, daemon, Kept()))
    server = WebServer(app, "127.0.0.1:0")
    await server.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", trust_env=False) as web:
        yield web
    await server.stop()


async def test_metrics_in_text(client: httpx.AsyncClient) -> None:
    """Without a wish the scrape is Prometheus text, the daemon's own metrics among it."""
    answer = await client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (200, Style.TEXT.value)
    assert "linkward_build_info{" in answer.text
    assert "# TYPE ifHCInOctets counter\n" in answer.text
    assert "# EOF" not in answer.text


async def test_metrics_in_openmetrics(client: httpx.AsyncClient) -> None:
    """Who asks for OpenMetrics gets a page that its strict parser reads to the end mark."""
    answer = await client.get("/metrics", headers={"accept": "application/openmetrics-text;version=1.0.0"})
    assert answer.headers["content-type"] == Style.OPENMETRICS.value
    assert answer.text.endswith("\n# EOF\n")
    assert list(text_string_to_metric_families(answer.text))


async def test_a_part_of_the_metrics(client: httpx.AsyncClient) -> None:
    """`?site=` gives that site alone; an unknown one is a plain 404."""
    part = await client.get("/metrics", params={"site": "point-1"})
    assert 'site="point-1"' in part.text
    assert "office" not in part.text
    assert "linkward_build_info" not in part.text
    unknown = await client.get("/metrics", params={"site": "nowhere"})
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert "nowhere" in unknown.text


async def test_several_parts_of_the_metrics(client: httpx.AsyncClient) -> None:
    """`?site=` said again adds that site, each series once; one unknown among them is a 404."""
    both = await client.get("/metrics?site=point-1&site=office&site=point-1")
    lines = [line for line in both.text.splitlines() if not line.startswith("#")]
    assert len(lines) == len(set(lines))
    assert {name for name in ("office", "point-1") if f'site="{name}"' in both.text} == {"office", "point-1"}
    assert "anchor=" not in both.text
    unknown = await client.get("/metrics?site=office&site=nowhere")
    assert (unknown.status_code, "nowhere" in unknown.text) == (404, True)


async def test_health_and_readiness(client: httpx.AsyncClient, daemon: _Daemon) -> None:
    """Healthy is always 200; ready is 503 with its reason until it is."""
    assert (await client.get("/-/healthy")).status_code == 200
    daemon.reason = "3 of 90 probes have not run yet"
    waiting = await client.get("/-/ready")
    assert (waiting.status_code, waiting.text) == (503, "3 of 90 probes have not run yet\n")
    daemon.reason = None
    assert (await client.get("/-/ready")).status_code == 200


async def test_reload(client: httpx.AsyncClient, daemon: _Daemon) -> None:
    """POST and PUT reload; GET does not; a bad configuration is 500 with every problem."""
    assert (await client.get("/-/reload")).status_code == 405
    assert daemon.reloads == 0
    assert (await client.post("/-/reload")).status_code == 200
    daemon.problems = ["ward.yml:3: one", "ward.yml:9: two"]
    refused = await client.put("/-/reload")
    assert refused.status_code == 500
    assert refused.text.splitlines()[1:] == daemon.problems


async def test_status_for_programs(client: httpx.AsyncClient) -> None:
    """The status is JSON of the documented shape, and its schema is served."""
    status = (await client.get("/api/v1/status")).json()
    assert status["ward"] == "xuan-dinh"
    assert [site["id"] for site in status["sites"]] == ["office", "point-1"]
    schema = (await client.get("/api/v1/openapi.json")).json()
    assert "/api/v1/status" in schema["paths"]


async def test_the_first_page(client: httpx.AsyncClient) -> None:
    """The page and its style come from here, and its policy allows nothing else."""
    page = await client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none';")
    assert "Nhà văn hóa tổ 1" in page.text
    style = await client.get("/static/status.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "http" not in style.text


async def test_nothing_is_loaded_from_elsewhere(client: httpx.AsyncClient) -> None:
    """The documentation pages that would load scripts from a foreign server are not there."""
    for path in ("/docs", "/redoc"):
        assert (await client.get(path)).status_code == 404


async def test_on_loopback_nothing_is_compressed(client: httpx.AsyncClient) -> None:
    """A scraper on the same machine asks for gzip in vain."""
    answer = await client.get("/metrics", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


async def test_from_elsewhere_the_answer_is_compressed(daemon: _Daemon) -> None:
    """A scraper on another machine that asks for gzip gets it, and it unpacks to the same samples."""
    app = create_app(Behind(full_board(), OwnMetrics(), lambda: 1.0, daemon, daemon, daemon, Kept()))
    transport = httpx.ASGITransport(app, client=("192.0.2.9", 5_000))
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://monitor") as web,
        web.stream("GET", "/metrics?site=office", headers={"accept-encoding": "gzip"}) as answer,
    ):
        assert answer.headers["content-encoding"] == "gzip"
        packed = b"".join([part async for part in answer.aiter_raw()])
    assert b"linkward_link_info" in gzip.decompress(packed)


async def test_a_port_in_use_is_a_sentence(daemon: _Daemon) -> None:
    """A port that another program holds is a named error with its mend."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        app = create_app(Behind(full_board(), OwnMetrics(), lambda: 1.0, daemon, daemon, daemon, Kept()))
        with pytest.raises(ListenError, match=r"the port is in use: .*--web\.listen-address"):
            await WebServer(app, address).start()


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("9841", "not a listen address"),
        ("127.0.0.1:99999", "not a listen address"),
        ("127.0.0.1:http", "not a listen address"),
        ("no-such-host.invalid:0", "has no address"),
        ("192.0.2.1:0", "no such address"),
    ],
)
async def test_an_address_that_cannot_be_is_a_sentence(daemon: _Daemon, address: str, problem: str) -> None:
    """What is not an address of this machine is named with its mend."""
    app = create_app(Behind(full_board(), OwnMetrics(), lambda: 1.0, daemon, daemon, daemon, Kept()))
    with pytest.raises(ListenError, match=problem):
        await WebServer(app, address).start()


@pytest.mark.parametrize("address", [":0", "localhost:0"])
async def test_other_ways_to_write_an_address(daemon: _Daemon, address: str) -> None:
    """All addresses, and a name, are reachable over IPv4 loopback."""
    app = create_app(Behind(full_board(), OwnMetrics(), lambda: 1.0, daemon, daemon, daemon, Kept()))
    server = WebServer(app, address)
    await server.start()
    async with httpx.AsyncClient(trust_env=False) as web:
        assert (await web.get(f"http://localhost:{server.port}/-/healthy")).status_code == 200
    await server.stop()


async def test_stop_frees_the_port_and_may_be_repeated(daemon: _Daemon) -> None:
    """After a stop the port can be listened on again; a second stop does nothing."""
    app = create_app(Behind(full_board(), OwnMetrics(), lambda: 1.0, daemon, daemon, daemon, Kept()))
    server = WebServer(app, "127.0.0.1:0")
    await server.start()
    await server.stop()
    await server.stop()
    with socket.create_server(("127.0.0.1", server.port)):
        pass
