"""The daemon behind TLS and passwords, as a process: renewed, misconfigured, besieged and ended while people use it."""

import asyncio
import json
import re
import signal
import socket
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.peers.daemon import Process, daemon
from tests.peers.http_certificates import Certified
from tests.peers.web import hashed, write_pair

WARD = """
ward: {id: test}
sites: [{id: office, links: [{id: line, provider: VNPT, target: 'icmp://127.0.0.1', interval: 1s}]}]
"""
WEB = f"""
tls_server_config: {{cert_file: server.crt, key_file: server.key}}
http_server_config: {{headers: {{X-Frame-Options: deny}}}}
basic_auth_users: {{prometheus: '{hashed("scrape")}'}}
"""
AUTH = ("prometheus", "scrape")


@asynccontextmanager
async def guarded(folder: Path, *options: str) -> AsyncIterator[tuple[Process, Certified]]:
    """A daemon with a certificate, and who signed it."""
    root = Certified.root()
    (folder / "ca.crt").write_bytes(root.pem)
    write_pair(folder, "server", root.leaf("127.0.0.1"))
    (folder / "web.yml").write_text(WEB)
    client = {"verify": _trusting(folder), "auth": AUTH}
    options = (f"--web.config.file={folder}/web.yml", *options)
    async with daemon(folder, WARD, options, client=client) as process:
        await process.until("/-/ready", "is ready")
        yield process, root


def _trusting(folder: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(folder / "ca.crt"))


async def _serial(process: Process) -> int:
    """Of the certificate that a new client is shown."""
    url = process.web.base_url
    opening = asyncio.open_connection(url.host, url.port, ssl=_trusting(process.folder))
    reader, writer = await opening
    peer = writer.get_extra_info("ssl_object").getpeercert()
    writer.close()
    await reader.read()
    return int(peer["serialNumber"], 16)


@pytest.mark.live
async def test_it_is_renewed_and_misconfigured_while_it_is_used(tmp_path: Path) -> None:
    """A new certificate and a new user hold within seconds, a broken file changes nothing and is told once."""
    async with guarded(tmp_path) as (process, root):
        async with httpx.AsyncClient(verify=_trusting(tmp_path), trust_env=False) as stranger:
            assert (await stranger.get(f"{process.web.base_url}metrics")).status_code == 401
        assert "linkward_web_config_last_reload_successful 1.0" in await process.text("/metrics")
        renewed = root.leaf("127.0.0.1")
        write_pair(tmp_path, "server", renewed)
        async with asyncio.timeout(15):
            while await _serial(process) != renewed.certificate.serial_number:  # noqa: ASYNC110  # asked by a handshake
                await asyncio.sleep(0.2)
        (tmp_path / "web.yml").write_text(f"{WEB}rate_limit: {{brust: 3}}\n")
        await process.until("/metrics", "linkward_web_config_last_reload_successful 0.0")
        refused = await process.web.post("/-/reload")
        assert refused.status_code == 500
        assert f"{tmp_path}/web.yml:5: `brust` is not a key of `rate_limit`: did you mean `burst`?" in refused.text
        assert process.log.count("`brust` is not a key") == 1
        (tmp_path / "web.yml").write_text(f"{WEB}  # another user\n".replace("prometheus", "grafana"))
        process.web.auth = httpx.BasicAuth("grafana", "scrape")
        await process.until("/metrics", "linkward_web_config_last_reload_successful 1.0")
        assert (await process.web.get("/-/healthy")).headers["x-frame-options"] == "deny"


@pytest.mark.live
async def test_a_thousand_silent_clients_hold_up_no_scrape(tmp_path: Path) -> None:
    """Though none of them ever ends its handshake, a new client is answered within a second, and probing goes on."""
    async with guarded(tmp_path) as (process, _):
        with ExitStack() as ends:
            address = (process.web.base_url.host, process.web.base_url.port or 0)
            for number in range(1_000):
                silent = ends.enter_context(socket.create_connection(address))
                silent.sendall(b"\x16\x03\x01\x02\x00"[: number % 6])
            begun = time.monotonic()
            async with httpx.AsyncClient(verify=_trusting(tmp_path), trust_env=False, auth=AUTH) as web:
                assert (await web.get(f"{process.web.base_url}metrics")).status_code == 200
            assert time.monotonic() - begun < 1
        assert await process.text("/-/healthy") == "Linkward is healthy.\n"


@pytest.mark.live
async def test_requests_are_told_if_wanted(tmp_path: Path) -> None:
    """As JSON with each part by its name; tokens and passwords are not among them."""
    async with guarded(tmp_path, "--web.access-log", "--log.format=json", "--log.level=warning") as (process, _):
        await process.web.get("/incidents/x/ack?token=canary")
        async with asyncio.timeout(5):
            while "/ack" not in process.log:  # noqa: ASYNC110  # a line is written when its answer has been sent
                await asyncio.sleep(0.02)
        told = [json.loads(line) for line in process.log.splitlines() if "/ack" in line]
        wanted = {"client": "127.0.0.1", "user": "prometheus", "target": "/incidents/x/ack?token=…", "status": 403}
        assert wanted.items() <= told[0].items()
        assert "canary" not in process.log


async def _ask_until_it_ends(process: Process) -> None:
    while True:
        await process.web.get("/-/healthy")
        await asyncio.sleep(0.05)


@pytest.mark.live
async def test_it_ends_while_somebody_waits(tmp_path: Path) -> None:
    """Connections that are kept open for a next request do not hold up its end."""
    async with guarded(tmp_path) as (process, _):
        assert (await process.web.get("/-/healthy")).status_code == 200
        begun = time.monotonic()
        process.send(signal.SIGTERM)
        with pytest.raises(httpx.TransportError):
            await _ask_until_it_ends(process)
    assert time.monotonic() - begun < 10
    assert not re.search("Traceback|ERROR", (tmp_path / "log").read_text())
