"""net-snmp's own snmptrap and snmpinform against the listener, and a daemon that polls because of what they say."""

import asyncio
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from model.inventory import Credentials
from model.trap import TrapOutcome
from monitor.reflector import Reflector
from tests.monitor.traps.test_listener import Desk, free
from tests.peers import traps
from tests.peers.daemon import Process, daemon
from tests.peers.processes import free_port
from tests.peers.snmp_proxy import SnmpProxy
from tests.peers.snmpd import COMBINATIONS, Snmpd, secure
from tests.peers.traps import caught, inform_command, missing, router, trap_command, ward

REASON = missing()
pytestmark = [pytest.mark.live, pytest.mark.skipif(REASON is not None, reason=str(REASON))]
DOWN = ("1.3.6.1.2.1.2.2.1.1.3", "i", "3", "1.3.6.1.2.1.2.2.1.7.3", "i", "1", "1.3.6.1.2.1.2.2.1.8.3", "i", "2")
SOME = (
    "1",
    "2c",
    "3 noAuthNoPriv",
    "3 MD5 DES",
    "3 SHA",
    "3 SHA-256 AES-128",
    "3 SHA-384 AES-192-C",
    "3 SHA-512 AES-256",
)


async def run(command: list[str]) -> str:
    """Run one of net-snmp's commands, which must end well."""
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, _ = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, (command, said.decode())
    return said.decode()


def listening(credentials: Credentials) -> tuple[Desk, int]:
    """A listener to whom 127.0.0.1 may speak with these credentials, and its port."""
    known = {"mine": _told(credentials)}
    desk = Desk()
    desk.listener.load(free(ward(router(snmp={"credentials": "mine"}), credentials=known)))
    address = desk.listener.address
    assert address is not None
    return desk, address[1]


def _told(credentials: Credentials) -> dict[str, Any]:
    facts = credentials.model_dump(exclude_none=True)
    return {key: value if isinstance(value, str) else value.get_secret_value() for key, value in facts.items()}


async def until(desk: Desk, outcome: TrapOutcome) -> None:
    """Wait until a message became of this."""
    async with asyncio.timeout(5):
        while not desk.outcome(outcome):  # noqa: ASYNC110  # it comes from another process
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", SOME)
async def test_a_real_trap_is_heard(name: str) -> None:
    """LinkDown from snmptrap under each version: the port and who switched it are told."""
    desk, port = listening(COMBINATIONS[name])
    try:
        await run(trap_command(COMBINATIONS[name], port, traps.LINK_DOWN, *DOWN))
        await until(desk, TrapOutcome.HASTENED)
        ((device, said),) = desk.traps
        assert (device, said.kind, said.if_index, said.by_hand) == ("r", "linkDown", 3, False)
    finally:
        desk.listener.close()


@pytest.mark.parametrize("name", SOME[1:])
async def test_a_real_inform_is_acknowledged(name: str) -> None:
    """Snmpinform ends well only when it has its receipt; under version 3 it asks for our engine id and clock first."""
    desk, port = listening(COMBINATIONS[name])
    try:
        await run(inform_command(COMBINATIONS[name], port, traps.LINK_DOWN, *DOWN))
        assert desk.outcome(TrapOutcome.HASTENED) == 1
        assert bool(desk.outcome(TrapOutcome.QUESTION)) == name.startswith("3")
    finally:
        desk.listener.close()


async def test_a_wrong_community_and_a_wrong_passphrase_are_counted() -> None:
    """And hasten nothing."""
    for right, wrong in (
        (COMBINATIONS["2c"], Credentials.model_validate({"version": "2c", "community": "guess"})),
        (secure("SHA-256"), secure("SHA-256", auth_passphrase="not this one")),
    ):
        desk, port = listening(right)
        try:
            await run(trap_command(wrong, port))
            await until(desk, TrapOutcome.WRONG_CREDENTIALS)
            assert desk.traps == []
        finally:
            desk.listener.close()


WARD = """
ward: {{id: test}}
credentials: {{v2: {{version: 2c, community: public}}}}
traps: {{listen: "127.0.0.1:{port}"}}
sites:
  - id: office
    devices:
      - {{id: r, address: 127.0.0.1, icmp: false, snmp: {{credentials: v2, port: {agent}, interval: 10m, timeout: 1s}}}}
"""


class Polled:
    """A daemon that polls a real agent each ten minutes, through a proxy that notes when."""

    def __init__(self, process: Process, port: int, proxy: SnmpProxy) -> None:
        self.process = process
        self.port = port
        self.proxy = proxy

    async def poll_after(self, data: bytes) -> float | None:
        """Seconds from a trap to the first request of a poll; ``None`` where none comes within half a second."""
        loop = asyncio.get_running_loop()
        answered = loop.create_future()

        def meddle(answer: bytes) -> list[bytes]:
            if not answered.done():
                answered.set_result(loop.time())
            return [answer]

        self.proxy.meddle = meddle
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            began = loop.time()
            sender.sendto(data, ("127.0.0.1", self.port))
        done, _ = await asyncio.wait([answered], timeout=0.5)
        return answered.result() - began if done else None


@pytest.fixture
async def polled(snmpd: Snmpd, tmp_path: Path) -> AsyncIterator[Polled]:
    """The daemon, after its first poll."""
    port = free_port(socket.SOCK_DGRAM)
    async with SnmpProxy(snmpd.port) as proxy, daemon(tmp_path, WARD.format(port=port, agent=proxy.port)) as process:
        await process.until("/metrics", 'linkward_device_state{device="r",site="office",state="up"} 1')
        yield Polled(process, port, proxy)


async def test_a_real_trap_has_its_device_polled_within_100_ms(polled: Polled) -> None:
    """The agent has answered the first request by then; a trap with another community has it polled not at all."""
    wrong = caught(Credentials.model_validate({"version": "2c", "community": "guess"}), *DOWN, kind=traps.LINK_DOWN)
    assert await polled.poll_after(wrong) is None
    took = await polled.poll_after(caught(COMBINATIONS["2c"], *DOWN, kind=traps.LINK_DOWN))
    assert took is not None
    assert took < 0.1
    metrics = await polled.process.until("/metrics", 'linkward_traps_total{outcome="hastened",trap="linkDown"} 1')
    assert 'linkward_traps_total{outcome="wrong_credentials",trap="unread"} 1' in metrics
    assert 'linkward_device_traps_total{device="r",site="office",trap="linkDown"} 1' in metrics
    assert 'linkward_device_state{device="r",site="office",state="up"} 1' in metrics, "a lie has changed a state"


async def test_a_restart_is_written_into_the_history(polled: Polled, tmp_path: Path) -> None:
    """coldStart, with its device, as what nobody did."""
    assert await polled.poll_after(caught(COMBINATIONS["2c"])) is not None
    async with asyncio.timeout(10):
        while not (rows := _audit(tmp_path / "history.db")):  # noqa: ASYNC110  # another process writes it
            await asyncio.sleep(0.1)
    assert [(row["device"], row["trap"], row["source"]) for row in rows] == [("r", "coldStart", "127.0.0.1")]


def _audit(file: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        rows = connection.execute("select content from audit where action = 'trap'").fetchall()
    return [json.loads(row[0]) for row in rows]


CUT = """
ward: {{id: test}}
credentials: {{v2: {{version: 2c, community: public}}}}
traps: {{listen: "127.0.0.1:{port}"}}
sites:
  - id: office
    devices: [{{id: r, address: 127.0.0.1, icmp: false, snmp: {{credentials: v2, port: {agent}, interval: 10m}}}}]
    links: [{{id: line, target: "stamp://127.0.0.1:{far}", interface: r/ether1, interval: 30s}}]
"""


class Line:
    """A line that carries packets at once, until it is cut."""

    def __init__(self) -> None:
        self.is_cut = False

    def forward(self) -> float | None:
        """Seconds on the way; ``None`` for a packet that is lost."""
        return None if self.is_cut else 0.0

    def backward(self) -> float | None:
        """Likewise."""
        return 0.0


async def test_a_cut_is_found_sooner_and_its_incident_holds_what_was_said(tmp_path: Path, snmpd: Snmpd) -> None:
    """A line that is probed each 30 s is found down within seconds of the trap, which says whose hand it was."""
    line, port, loop = Line(), free_port(socket.SOCK_DGRAM), asyncio.get_running_loop()
    reflector = Reflector(line)
    await reflector.start("127.0.0.1", 0)
    config = CUT.format(port=port, agent=snmpd.port, far=reflector.port)
    down = caught(COMBINATIONS["2c"], *DOWN[:5], "2", *DOWN[6:], kind=traps.LINK_DOWN)
    async with daemon(tmp_path, config) as process:
        await process.until("/metrics", 'linkward_link_state{link="line",site="office",state="up"} 1')
        line.is_cut, cut = True, loop.time()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(down, ("127.0.0.1", port))
        await process.until("/metrics", 'linkward_link_state{link="line",site="office",state="down"} 1')
        assert loop.time() - cut < 15
        await process.until("/api/v1/incidents", '"id"')
        (found,) = (await process.json("/api/v1/incidents"))["incidents"]
        incident = json.loads(await process.until(f"/api/v1/incidents/{found['id']}", '"traps"'))
        (said,) = [each["content"] for each in incident["attachments"] if each["kind"] == "traps"]
        ((device, kind, by_hand),) = [(row["device"], row["trap"], row["by_hand"]) for row in said["traps"]]
        assert (device, kind, by_hand) == ("r", "linkDown", True)
        assert "linkDown" in await process.text(f"/incidents/{incident['id']}")
    reflector.close()


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="gives up root, so that port 162 is refused")
def test_without_its_privilege_port_162_is_refused_in_words(tmp_path: Path) -> None:
    """The monitor goes on; the log says which capability is missing, and what else helps."""
    script = (
        "import asyncio, os\n"
        "from monitor.traps.port import TrapPort, TrapPortError\n"
        "async def main():\n"
        "    try: TrapPort('127.0.0.1', print)\n"
        "    except TrapPortError as error: print(error)\n"
        "with asyncio.Runner() as runner: runner.get_loop(); os.setuid(65534); runner.run(main())\n"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert "Permission denied" in said.stdout, (said.stdout, said.stderr, tmp_path)
    assert "CAP_NET_BIND_SERVICE" in said.stdout
    assert "127.0.0.1" in said.stdout
