"""A UPS on its battery, a neighbour that came or went, as net-snmp's snmptrap says it: heard, and looked at at once."""

import asyncio
import socket
from pathlib import Path

import pytest

from model.inventory import Credentials
from model.trap import TrapKind, TrapOutcome
from tests.live.test_traps import listening, run, until
from tests.peers.daemon import Process, daemon
from tests.peers.processes import free_port
from tests.peers.snmp import SnmpPeer, agent_mib, number, oid
from tests.peers.snmpd import COMBINATIONS
from tests.peers.traps import missing, trap_command

REASON = missing()
pytestmark = [pytest.mark.live, pytest.mark.skipif(REASON is not None, reason=str(REASON))]

UPS, LLDP = "1.3.6.1.2.1.33", "1.0.8802.1.1.2"
# RFC 1628 §4: minutes left and seconds on battery go with it; IEEE 802.1AB: four counters of the remote table.
ON_BATTERY = (f"{UPS}.2.1", f"{UPS}.1.2.3.0", "i", "42", f"{UPS}.1.2.2.0", "i", "5")
ALARM_ADDED = (f"{UPS}.2.3", f"{UPS}.1.6.2.1.1.1", "i", "1", f"{UPS}.1.6.2.1.2.1", "o", f"{UPS}.1.6.3.2")
NEIGHBOURS = (f"{LLDP}.0.0.1", *(word for arc in (2, 3, 4, 5) for word in (f"{LLDP}.1.2.{arc}.0", "u", "1")))
SAID = {
    TrapKind.ON_BATTERY: ON_BATTERY,
    TrapKind.UPS_ALARM: ALARM_ADDED,
    TrapKind.NEIGHBOURS_CHANGED: NEIGHBOURS,
}
OUTPUT_SOURCE, OPER_STATUS = f"{UPS}.1.4.1.0", "1.3.6.1.2.1.2.2.1.8.1"
NORMAL, BATTERY = 3, 5

WARD = """
ward: {{id: test}}
credentials:
  v2: {{version: 2c, community: public}}
  signed:
    {{version: 3, user: {user}, auth: SHA-256, auth_passphrase: {auth}, privacy: AES-128, privacy_passphrase: {priv}}}
traps: {{listen: "127.0.0.1:{port}", credentials: [signed]}}
sites:
  - id: office
    devices:
      - {{id: ups, address: 127.0.0.1, icmp: false, snmp: {{credentials: v2, port: {agent}, interval: 10m}}}}
"""


@pytest.mark.parametrize("version", ["2c", "3 SHA-256 AES-128"])
@pytest.mark.parametrize("kind", SAID, ids=str)
async def test_power_and_neighbours_are_heard(kind: TrapKind, version: str) -> None:
    """Under either version it is known for what it is, and hastens."""
    desk, port = listening(COMBINATIONS[version])
    try:
        await run(trap_command(COMBINATIONS[version], port, *SAID[kind]))
        await until(desk, TrapOutcome.HASTENED)
        assert [(device, said.kind) for device, said in desk.traps] == [("r", kind)]
    finally:
        desk.listener.close()


def ups(source: int) -> dict[str, bytes]:
    """An agent of one port that feeds from this source."""
    told = {f"{UPS}.1.2.1.0": number(2), OUTPUT_SOURCE: number(source)}
    return agent_mib({1: "eth0"}) | told | {"1.3.6.1.2.1.1.2.0": oid("1.3.6.1.4.1.99999.1")}


async def asked_after(agent: SnmpPeer, wanted: str, credentials: Credentials, port: int, *said: str) -> float:
    """Seconds from the end of ``snmptrap`` to the first request of a cell."""
    loop, before = asyncio.get_running_loop(), len(agent.requests)
    await run(trap_command(credentials, port, *said))
    began = loop.time()
    async with asyncio.timeout(5):
        while not any(wanted in request.oids for request in agent.requests[before:]):  # noqa: ASYNC110  # another process asks
            await asyncio.sleep(0.01)
    return loop.time() - began


async def test_a_ups_on_battery_and_a_new_neighbour_have_the_right_cells_read_at_once(tmp_path: Path) -> None:
    """What feeds it after the one, its ports after the other, though nothing is due for minutes; then it is shown."""
    port, signed = free_port(socket.SOCK_DGRAM), COMBINATIONS["3 SHA-256 AES-128"]
    assert signed.auth_passphrase is not None
    assert signed.privacy_passphrase is not None
    async with SnmpPeer(ups(NORMAL)) as agent:
        config = WARD.format(
            port=port,
            agent=agent.port,
            user=signed.user,
            auth=signed.auth_passphrase.get_secret_value(),
            priv=signed.privacy_passphrase.get_secret_value(),
        )
        async with daemon(tmp_path, config) as process:
            await process.until("/metrics", 'linkward_device_state{device="ups",site="office",state="up"} 1')
            agent.mib = ups(BATTERY)
            assert await asked_after(agent, OUTPUT_SOURCE, signed, port, *ON_BATTERY) < 1
            await process.until("/metrics", 'linkward_device_ups_on_battery{device="ups",site="office",part=""} 1', 5)
            assert await asked_after(agent, OPER_STATUS, COMBINATIONS["2c"], port, *NEIGHBOURS) < 3
            await _counted(process)


async def _counted(process: Process) -> None:
    for kind in (TrapKind.ON_BATTERY, TrapKind.NEIGHBOURS_CHANGED):
        await process.until("/metrics", f'linkward_device_traps_total{{device="ups",site="office",trap="{kind}"}} 1', 5)
