"""Without any privilege, on a file system that cannot be written but for the folder of its state."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.reflector import Reflector
from tests.peers.daemon import Process, daemon
from tests.peers.processes import installed
from tests.peers.snmp import SnmpPeer, agent_mib

NOBODY = 65_534
WARD = """
ward: {{id: test}}
credentials: {{c: {{version: 2c, community: public}}}}
sites:
  - id: office
    devices:
      - id: sw
        address: 127.0.0.1
        icmp: false
        snmp: {{credentials: c, port: {agent}, interval: 2s, timeout: 500ms, retries: 1}}
    links:
      - {{id: tcp, target: "tcp://127.0.0.1:{port}", interval: 1s}}
      - {{id: stamp, target: "stamp://127.0.0.1:{stamp}", interval: 1s}}
      - {{id: echo, target: "icmp://127.0.0.1", interval: 1s}}
    services:
      - {{id: portal, url: "http://127.0.0.1:{port}/", interval: 1s, timeout: 900ms}}
"""
# In a private view of the file system only the state folder, $0, can be written.
SHELL = (
    'mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec setpriv --reuid=65534 --regid=65534 '
    '--clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"'
)

pytestmark = [
    pytest.mark.live,
    pytest.mark.root,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give all privileges away"),
    pytest.mark.skipif(
        not (installed("unshare") and installed("setpriv")), reason="no unshare or setpriv (Debian: util-linux)"
    ),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may enter, which those of pytest are not."""
    with TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o755)
        (path / "state").mkdir()
        os.chown(path / "state", NOBODY, NOBODY)
        yield path


@asynccontextmanager
async def confined(folder: Path) -> AsyncIterator[Process]:
    """A daemon of nobody, whose state folder alone can be written, with something of each kind to watch."""
    state, reflector = folder / "state", Reflector()
    await reflector.start("127.0.0.1", 0)
    async with SnmpPeer(agent_mib({1: "eth0"})) as peer, AsyncExitStack() as ends:
        ends.callback(reflector.close)
        server = await asyncio.start_server(_answer, "127.0.0.1", 0)
        inventory = WARD.format(agent=peer.port, port=server.sockets[0].getsockname()[1], stamp=reflector.port)
        within = ("unshare", "--mount", "sh", "-c", SHELL, str(state))
        storage = f"sqlite:///{state}/history.db"
        async with server, daemon(folder, inventory, within=within, storage=storage) as process:
            await process.until("/-/ready", "is ready")
            yield process


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):  # a handshake is all that a TCP probe wants
        if await reader.read(1):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    writer.close()


async def test_all_but_icmp_works_without_privileges(folder: Path) -> None:
    """TCP, STAMP, HTTP and SNMP measure, the history is written, and ICMP is unknown and never an outage."""
    async with confined(folder) as process:
        assert f"Uid:\t{NOBODY}\t{NOBODY}" in process.standing
        assert "CapEff:\t0000000000000000" in process.standing
        metrics = await process.until("/metrics", 'linkward_link_state{link="tcp",site="office",state="up"} 1')
        succeeded = [
            line for line in metrics.splitlines() if line.startswith("probe_success{") and line.endswith(" 1.0")
        ]
        assert {line.partition('probe="')[2].partition('"')[0] for line in succeeded} >= {
            "tcp",
            "stamp",
            "http",
            "snmp",
        }
        if _echo_needs_privileges():
            assert 'linkward_link_state{link="echo",site="office",state="unknown"} 1' in metrics
        assert (folder / "state" / "history.db").stat().st_mode & 0o777 == 0o600
    assert "Traceback" not in process.log


async def test_why_icmp_does_not_work_is_in_the_log(folder: Path) -> None:
    """Whoever installs it without the right to ping reads so, with what to change, and reads it once."""
    if not _echo_needs_privileges():
        pytest.skip("every user may ping here")
    async with confined(folder) as process:
        await asyncio.sleep(3)
    assert process.log.count("ping_group_range") == 1


def _echo_needs_privileges() -> bool:
    first, last = map(int, Path("/proc/sys/net/ipv4/ping_group_range").read_text().split())
    return not first <= NOBODY <= last
