"""The daemon in this process, on a small inventory of loopback targets: start, metrics, reload, stop."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from exporters.server import ListenError
from monitor.config import load
from monitor.daemon import Daemon, Options

WARD = """
ward: {{id: test, name: Thử nghiệm, language: vi}}
storage: {{url: "sqlite:///{folder}/history.db"}}
sites:
  - id: office
    links:
      - {{id: alive, target: "tcp://127.0.0.1:{port}", interval: 1s, timeout: 500ms}}
      - {{id: silent, target: "stamp://127.0.0.1:{silent}", interval: 1s, timeout: 500ms}}
{more}
"""


class Running:
    """A running daemon, its inventory file, and a client for it."""

    def __init__(self, daemon: Daemon, config: Path, ports: tuple[int, int]) -> None:
        self.daemon = daemon
        self.config = config
        self._ports = ports
        self.client = httpx.AsyncClient(base_url=daemon.web.url)

    def write(self, more: str) -> None:
        """Write the inventory anew, with more links."""
        self.config.write_text(
            WARD.format(port=self._ports[0], silent=self._ports[1], folder=self.config.parent, more=more)
        )

    async def text(self, path: str) -> str:
        """What the daemon answers there."""
        return (await self.client.get(path)).text

    async def until(self, path: str, wanted: str) -> str:
        """The answer once it holds a text; fails after ten seconds."""
        async with asyncio.timeout(10):
            while wanted not in (text := await self.text(path)):  # noqa: ASYNC110  # asked over HTTP, which has no event
                await asyncio.sleep(0.05)
        return text


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A daemon that watches a listening TCP port and a UDP port that never answers."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    ports = server.sockets[0].getsockname()[1], transport.get_extra_info("sockname")[1]
    config = tmp_path / "ward.yml"
    config.write_text(WARD.format(port=ports[0], silent=ports[1], folder=tmp_path, more=""))
    daemon, started = Daemon(Options(config, "127.0.0.1:0"), load(config)), asyncio.Event()
    work = asyncio.create_task(daemon.run(started.set))
    await asyncio.wait_for(started.wait(), 5)
    it = Running(daemon, config, ports)
    yield it
    await it.client.aclose()
    daemon.stop()
    await asyncio.wait_for(work, 10)
    transport.close()
    server.close()
    await server.wait_closed()


async def test_what_is_measured_is_served(running: Running) -> None:
    """Soon after the start the daemon is ready, and shows the living link with values and the silent one without."""
    await running.until("/-/ready", "is ready")
    metrics = await running.text("/metrics")
    assert 'probe_success{instance="127.0.0.1:' in metrics
    alive = [line for line in metrics.splitlines() if 'link="alive"' in line]
    assert any(line.startswith("probe_success{") and line.endswith(" 1.0") for line in alive)
    silent = [line for line in metrics.splitlines() if 'link="silent"' in line]
    assert any(line.startswith("probe_success{") and line.endswith(" 0.0") for line in silent)
    assert "Thử nghiệm" in await running.text("/")


async def test_states_follow(running: Running) -> None:
    """Three silences make a link down and its site degraded, in the API too."""
    await running.until("/metrics", 'linkward_link_state{link="silent",site="office",state="down"} 1')
    site = (await running.client.get("/api/v1/status")).json()["sites"][0]
    assert site["state"] == "degraded"
    assert {link["id"]: link["state"] for link in site["links"]} == {"alive": "up", "silent": "down"}


async def test_a_reload_takes_over_what_is_right(running: Running) -> None:
    """A new link appears, and the counters of an old one go on."""
    await running.until("/metrics", 'linkward_link_state{link="alive",site="office",state="up"} 1')
    before = probes_of("alive", await running.text("/metrics"))
    running.write('      - {id: added, target: "tcp://127.0.0.1:1"}')
    assert (await running.client.post("/-/reload")).status_code == 200
    metrics = await running.until("/metrics", 'link="added"')
    assert probes_of("alive", metrics) >= before >= 1
    assert 'linkward_link_state{link="alive",site="office",state="up"} 1' in metrics


async def test_a_reload_refuses_what_is_wrong(running: Running) -> None:
    """The problems are told with file and line, the old inventory stays, and a metric says so."""
    await running.until("/-/ready", "is ready")
    running.write("      - {id: added, target: nowhere, intervall: 1s}")
    answer = await running.client.put("/-/reload")
    assert answer.status_code == 500
    assert f"{running.config}:9: " in answer.text
    assert "intervall" in answer.text
    metrics = await running.text("/metrics")
    assert "linkward_config_last_reload_successful 0" in metrics
    assert 'link="alive"' in metrics
    assert "added" not in metrics


async def test_a_hang_up_signal_reloads(running: Running) -> None:
    """SIGHUP does what POST /-/reload does."""
    running.write('      - {id: added, target: "tcp://127.0.0.1:1"}')
    os.kill(os.getpid(), signal.SIGHUP)
    await running.until("/metrics", 'link="added"')


async def test_a_port_in_use_is_a_sentence(running: Running) -> None:
    """A second daemon on the same port says which one it is and what to do, and leaves nothing open."""
    taken = f"127.0.0.1:{running.daemon.web.port}"
    second = Daemon(Options(running.config, taken), load(running.config))
    with pytest.raises(ListenError, match=rf"{taken}: the port is in use: .*--web.listen-address"):
        await second.run()


def probes_of(link: str, metrics: str) -> float:
    """How many probes of a link were counted."""
    start = f'linkward_link_probes_total{{link="{link}"'
    return next(float(line.rpartition(" ")[2]) for line in metrics.splitlines() if line.startswith(start))
