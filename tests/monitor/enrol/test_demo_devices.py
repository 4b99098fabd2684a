"""The demo's own agents are added like any other."""

import asyncio
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.config import load
from monitor.demo.agent import Agent
from monitor.demo.fault import Chronicle, FixedStory
from monitor.demo.ground import Endpoint, Ground
from monitor.demo.mib import mib_of
from monitor.demo.moment import Moment
from monitor.demo.truth import Truth
from monitor.demo.ward import plan_ward
from tests.peers.processes import free_port

WARD = plan_ward(Ground(octet=None, first_port=20_000), sites=6)
DEVICES = {device.model.product: device for site in WARD.sites for device in site.devices}


@pytest.mark.parametrize("product", sorted(DEVICES))
async def test_a_device_of_the_demo(tmp_path: Path, product: str) -> None:
    """What each is for is found from what its agent tells, and the lines that are written are valid."""
    device = DEVICES[product]
    moment = Moment(device, Truth(WARD, Chronicle(FixedStory(()))), 1_767_243_600.0, 100.0)
    port = free_port(socket.SOCK_DGRAM)
    agent = Agent(mib_of(device, "Trụ sở"), "public", lambda: moment)
    await agent.start(Endpoint("127.0.0.1", port))
    path = tmp_path / "ward.yml"
    path.write_text("credentials: {v2: {version: 2c, community: public}}\nsites:\n  - id: office\n")
    arguments = ["add", "127.0.0.1", f"--config.file={path}", f"--port={port}", "--yes"]
    result = await asyncio.to_thread(CliRunner().invoke, main, arguments)
    agent.close()
    assert result.exit_code == 0, result.output
    (added,) = load(path).sites[0].devices
    assert (added.id, added.role) == (device.id, device.model.role)
