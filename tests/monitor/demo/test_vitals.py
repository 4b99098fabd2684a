"""What simulated devices tell of their health is what the daemon reads of them."""

import asyncio
import socket

import pytest

from model.health import DeviceHealth, Measure
from monitor.config.profiles import load_profiles
from monitor.demo.agent import Agent
from monitor.demo.equipment import CATALYST, CISCO_ROUTER, LINUX_SERVER
from monitor.demo.fault import Chronicle, FixedStory
from monitor.demo.ground import Endpoint
from monitor.demo.mib import mib_of
from monitor.demo.moment import Moment
from monitor.demo.truth import Truth
from monitor.demo.vitals import heat, load_percent, vitals
from monitor.demo.ward import DevicePlan, WardPlan
from monitor.snmp.engines import Engines
from monitor.snmp.health import HealthReader
from monitor.snmp.poller import DevicePoller
from tests.peers.processes import free_port
from tests.peers.snmp_sessions import PUBLIC, polling

EPOCH, TIME = 1_767_243_600.0, 100.0


@pytest.mark.parametrize("uptime", [0, 100, 360_000, 10**9])
def test_figures_stay_within_what_a_sound_device_tells(uptime: int) -> None:
    """No demo that cries wolf."""
    assert 12 <= load_percent(uptime) <= 32
    assert 38 <= heat(uptime) <= 44


def test_a_maker_without_tables_tells_nothing() -> None:
    """What is simulated of it is its interfaces."""
    assert list(vitals("1.3.6.1.4.1.7367")) == []
    assert len(list(vitals(CATALYST.object_id))) == len(list(vitals(CISCO_ROUTER.object_id))) > 5
    assert list(vitals(LINUX_SERVER.object_id))


async def told_by(device: DevicePlan, truth: Truth, engines: Engines) -> dict[Measure, float]:
    """What the daemon reads of the agent of a device."""
    moment, endpoint = Moment(device, truth, EPOCH, TIME), Endpoint("127.0.0.1", free_port(socket.SOCK_DGRAM))
    agent = Agent(mib_of(device, "Trụ sở"), "public", lambda: moment)
    await agent.start(endpoint)
    poller = DevicePoller(lambda: engines.open(endpoint.address, polling(endpoint.port), PUBLIC))
    await poller.poll()
    health = await HealthReader(poller, load_profiles()).read()
    poller.close()
    agent.close()
    await asyncio.sleep(0)
    assert isinstance(health, DeviceHealth), device.model.product
    return {reading.measure: reading.value for reading in health.readings}


async def test_the_daemon_reads_what_is_simulated(ward: WardPlan) -> None:
    """Each maker's tables by its own profile: load, memory, heat, battery."""
    devices = {device.model.product: device for site in ward.sites for device in site.devices}
    truth, engines = Truth(ward, Chronicle(FixedStory(()))), Engines()
    told = {product: await told_by(device, truth, engines) for product, device in devices.items()}
    engines.close()
    router = devices["Cisco ISR 4331"]
    load = load_percent(Moment(router, truth, EPOCH, TIME).uptime_ticks) / 100
    assert told["Cisco ISR 4331"][Measure.CPU] == load
    assert told["Cisco ISR 4331"][Measure.MEMORY] == 0.36
    assert told["Debian server"][Measure.MEMORY] == pytest.approx(1 - 2_600 / 4_096)
    assert told["MikroTik hEX S"][Measure.VOLTAGE] == 23.9
    (ups,) = (found for found in told.values() if Measure.UPS_CHARGE in found)
    assert (ups[Measure.UPS_CHARGE], ups[Measure.UPS_ON_BATTERY]) == (1.0, 0.0)
