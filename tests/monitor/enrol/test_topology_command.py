"""linkward topology, against two agents that name each other."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from model.topology_proposals import Change
from monitor.cli import main
from monitor.config import ConfigError, load
from monitor.config.problem import Problem
from monitor.enrol.looking import read_remembered
from tests.peers.snmp import SnmpPeer, agent_mib, number, text

LLDP = "1.0.8802.1.1.2.1.4.1.1"


def agent(name: str, neighbour: str, port: int, model: str = "Box 1") -> dict[str, bytes]:
    """An agent with two ports that has a neighbour behind one of them."""
    mib = agent_mib({1: f"{name}-p1", 2: f"{name}-p2"})
    mib |= {"1.3.6.1.2.1.1.5.0": text(name), "1.3.6.1.2.1.1.1.0": text(model)}
    row = f"0.{port}.1"
    return mib | {
        f"{LLDP}.4.{row}": number(7),
        f"{LLDP}.5.{row}": text("x"),
        f"{LLDP}.7.{row}": text("up"),
        f"{LLDP}.9.{row}": text(neighbour),
    }


async def topology(folder: Path, *options: str) -> Result:
    """Run it beside the agents."""
    arguments = ["topology", f"--config.file={folder / 'ward.yml'}", *options]
    return await asyncio.to_thread(CliRunner().invoke, main, arguments, None, {"COLUMNS": "200"})


def write_ward(folder: Path, router: int, switch: int) -> Path:
    """Two devices that answer on loopback."""
    path = folder / "ward.yml"
    path.write_text(
        "credentials: {v2: {version: 2c, community: public}}\nsites:\n  - id: office\n    devices:\n"
        f"      - {{id: rt, address: localhost, role: router, snmp: {{credentials: v2, port: {router}, retries: 0}}}}\n"
        "      - id: sw  # under the stairs\n        address: 127.0.0.1\n"
        f"        snmp: {{credentials: v2, port: {switch}}}\n"
    )
    return path


async def test_proposals_are_written_and_drift_is_told_until_it_is_accepted(tmp_path: Path) -> None:
    """The first look proposes and remembers; then a moved port and a silent device are listed until accepted."""
    route = {"1.3.6.1.2.1.4.21.1.2.0.0.0.0": number(2), "1.3.6.1.2.1.4.21.1.7.0.0.0.0": b"\x40\x04\x0a\x00\x00\x01"}
    async with (
        SnmpPeer(agent("gate", "core", 1) | {"1.3.6.1.2.1.4.21.1.2.0.0.0.0": number(2)}) as router,
        SnmpPeer(agent("core", "gate", 2) | route) as switch,
    ):
        path = write_ward(tmp_path, router.port, switch.port)
        first = await topology(tmp_path, "--write", "--yes")
        assert first.exit_code == 1, first.output
        assert "says nothing" in first.stdout
        assert "remembered for the next time" in first.stdout
        assert load(path).sites[0].devices[1].depends_on == ("rt",)
        assert "# under the stairs" in path.read_text()
        second = await topology(tmp_path)
        assert second.exit_code == 0, second.output
        switch.mib = agent("core", "gate", 1) | route
        router.behave = lambda _request, _answer: []
        third = await topology(tmp_path)
        assert third.exit_code == 1
        assert "sw: gate was at port core-p2, is at port core-p1 (since " in third.stdout
        assert "rt: does not answer any more" in third.stdout
        assert "rt: tells nothing: no answer within 1 s" in third.stdout
        kept = read_remembered(tmp_path / "topology.json")
        assert kept is not None
        assert [(each.device, each.change) for each in kept.drift] == [("rt", Change.GONE), ("sw", Change.MOVED)]
        assert kept.looked_at is not None
        assert kept.looked_at > kept.at
        assert "rt: does not answer any more" in (await topology(tmp_path, "--accept")).stdout
        accepted = read_remembered(tmp_path / "topology.json")
        assert accepted is not None
        assert (accepted.drift, accepted.at) == ((), accepted.looked_at)
        assert "was at port" not in (await topology(tmp_path)).stdout


async def test_who_may_not_write_the_file_sees_what_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends well and says what the pages lack; what was to be accepted is refused."""
    (tmp_path / "ward.yml").write_text("sites: []\n")
    assert (await topology(tmp_path)).exit_code == 0

    def refuse(file: Path, _: object) -> None:
        raise ConfigError([Problem(str(file), 0, "cannot be written (Permission denied)", "name another")])

    monkeypatch.setattr("monitor.cli.topology.write_remembered", refuse)
    result = await topology(tmp_path)
    assert (result.exit_code, "not shown on the pages" in result.stderr) == (0, True)
    assert "Permission denied" in result.stderr
    assert (await topology(tmp_path, "--accept")).exit_code == 2


async def test_a_file_of_another_is_not_overwritten(tmp_path: Path) -> None:
    """Something else under the name of the facts is refused by name, and stays."""
    write_ward(tmp_path, 9, 9)
    (tmp_path / "topology.json").write_text("{}")
    result = await topology(tmp_path)
    assert result.exit_code == 2
    assert "topology.json: holds no facts of devices" in result.stderr
