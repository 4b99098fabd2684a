"""The real net-snmp agent: what a host tells of its health is what the kernel says of itself."""

import os
import re
from pathlib import Path

import pytest

from model.health import DeviceHealth, Measure
from model.inventory import Credentials
from monitor.config.profiles import load_profiles
from monitor.snmp.health import HealthReader
from tests.peers.snmp_sessions import PUBLIC, V1, MakePoller
from tests.peers.snmpd import Snmpd, secure

pytestmark = pytest.mark.live


def memory_in_use() -> float:
    """Share of memory in use without buffers and caches, as the kernel says."""
    found = {name: int(size) for name, size in re.findall(r"(\w+): +(\d+) kB", Path("/proc/meminfo").read_text())}
    return 1 - (found["MemFree"] + found["Buffers"] + found["Cached"]) / found["MemTotal"]


@pytest.mark.parametrize(
    "credentials", [V1, PUBLIC, secure("SHA-256", "AES-128")], ids=["v1", "v2c", "v3 with privacy"]
)
async def test_a_host_tells_what_its_kernel_says(
    snmpd: Snmpd, make_poller: MakePoller, credentials: Credentials
) -> None:
    """Processors and memory, by every version; the second round reads exact cells and finds the same parts."""
    poller = make_poller(snmpd.port, credentials=credentials, timeout="3s")
    await poller.poll()
    reader = HealthReader(poller, load_profiles())
    survey, after = await reader.read(), await reader.read()
    assert isinstance(survey, DeviceHealth)
    assert isinstance(after, DeviceHealth)
    assert survey.profile == "net-snmp"
    assert (survey.identity.model, survey.identity.firmware) == (os.uname().sysname, os.uname().release)
    (memory,) = survey.of(Measure.MEMORY)
    assert memory.value == pytest.approx(memory_in_use(), abs=0.1)
    parts = [{(each.measure, each.part) for each in health.readings} for health in (survey, after)]
    assert parts[0] == parts[1]
    assert after.requests < survey.requests
