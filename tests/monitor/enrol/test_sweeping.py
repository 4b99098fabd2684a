"""A network is asked gently, in bounds, and everybody in it is named."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import AsyncMock, patch

import pytest
from click.testing import CliRunner, Result

from model.invalid import InvalidValueError
from model.inventory import Credentials
from monitor.cli import main
from monitor.config import load
from monitor.config.profiles import load_profiles
from monitor.enrol.pace import Pace
from monitor.enrol.sweeping import addresses_of, sweep
from monitor.enrol.trying import Trier
from monitor.snmp.engines import Engines
from tests.peers.snmp import SnmpPeer, agent_mib
from tests.peers.snmpd import Snmpd, find_snmpd


def test_bounds() -> None:
    """A /24 without its own and its broadcast address, one address alone, and no more than 4096."""
    assert len(addresses_of("10.20.0.0/24")) == 254
    assert addresses_of("10.20.0.7") == ["10.20.0.7"]
    assert addresses_of("10.20.0.7/31") == ["10.20.0.6", "10.20.0.7"]
    assert len(addresses_of("10.0.0.0/20")) == 4094
    with pytest.raises(InvalidValueError, match="write networks of /20 or smaller"):
        addresses_of("10.0.0.0/19")
    with pytest.raises(InvalidValueError, match="/116"):
        addresses_of("2001:db8::/64")
    with pytest.raises(InvalidValueError, match="no network"):
        addresses_of("10.20.0.0/33")


async def test_the_pace() -> None:
    """Ten at once at two a second leave over four and a half seconds; after a rest nobody has to make up for it."""
    now, waited = 100.0, []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    pace = Pace(2, lambda: now, sleep)
    for _ in range(10):
        await pace.turn()
    assert waited == [0.5 * place for place in range(1, 10)]
    now += 60
    await pace.turn()
    assert len(waited) == 9


async def test_every_packet_waits_for_its_turn() -> None:
    """An echo, each try and what is asked then take a place; who does not answer the echo is asked nothing else."""
    turn = AsyncMock()
    engines = Engines()
    known = {name: Credentials(version="2c", community=name) for name in ("wrong", "right")}
    peer = SnmpPeer(agent_mib({1: "ether1"}), lambda request, answer: [answer] if request.community == b"right" else [])
    async with peer:
        trier = Trier(engines, known, port=peer.port, patience=0.2, sleep=AsyncMock(), turn=turn)
        with patch("monitor.probes.icmp.Pinger.ping", AsyncMock(return_value=None)):
            silent = [met async for met in sweep(trier, ["127.0.0.1"], load_profiles())]
        assert (silent[0].answers_ping, peer.requests, turn.await_count) == (False, [], 1)
        (met,) = [met async for met in sweep(trier, ["127.0.0.1"], load_profiles(), ping=False)]
        trier.close()
    engines.close()
    assert met.credentials == "right"
    assert met.survey is not None
    assert turn.await_count == 1 + len(peer.requests) == 4


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    """The real agent."""
    binary = find_snmpd()
    if binary is None:
        pytest.skip("snmpd is not installed (Debian: snmpd)")
    with Snmpd(binary, tmp_path_factory.mktemp("snmpd")) as agent:
        yield agent


def discover(port: int, *options: str, network: str = "127.0.0.0/30") -> Result:
    """Look at loopback."""
    return CliRunner().invoke(main, ["discover", network, f"--port={port}", *options])


@pytest.mark.live
def test_a_network_with_one_agent(snmpd: Snmpd, tmp_path: Path) -> None:
    """The agent's lines can be pasted into an inventory; the address that only answers pings is named."""
    result = discover(snmpd.port)
    assert result.exit_code == 0, result.output
    assert "# 127.0.0.2 answers ping, but SNMP with none of these credentials" in result.stdout
    assert "addresses asked: 2; 1 let us in, 1 answer only ping, 0 do not answer" in result.stderr
    path = tmp_path / "ward.yml"
    lines = [line for line in result.stdout.splitlines() if line.startswith("      ")]
    head = "credentials: {v2: {version: 2c, community: public}}\nsites:\n  - id: office\n    devices:\n"
    path.write_text(head + "\n".join(lines) + "\n")
    (device,) = load(path).sites[0].devices
    assert (device.address, device.role) == ("127.0.0.1", "server")
    again = discover(snmpd.port, f"--config.file={path}", "--no-ping")
    assert "1 are in the inventory already" in again.stderr
    assert "127.0.0.1" not in again.stdout


def test_what_cannot_be_asked_is_said(tmp_path: Path) -> None:
    """Too large a network, and credentials that nobody knows: status 2."""
    assert discover(161, network="10.0.0.0/8").exit_code == 2
    path = tmp_path / "ward.yml"
    path.write_text("credentials: {v2: {version: 2c, community: public}}\n")
    result = discover(161, f"--config.file={path}", "--credentials=v3")
    assert result.exit_code == 2
    assert "the inventory has v2" in result.stderr
