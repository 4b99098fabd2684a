"""What the instruments owe to each other: one that waits holds up no other."""

import asyncio
import socket

from model.inventory import Inventory
from model.measurement import Failure
from monitor.instruments import Instruments


async def test_a_sign_of_life_does_not_wait_behind_a_poll_of_a_dead_agent() -> None:
    """While a poll waits out all of its tries, the agent is asked for a sign of life, and is found silent in time."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        snmp = {"credentials": "v2", "port": silent.getsockname()[1], "timeout": "3s", "retries": 2}
        inventory = Inventory.model_validate({
            "credentials": {"v2": {"version": "2c", "community": "public"}},
            "sites": [{"id": "a", "devices": [{"id": "rt", "address": "127.0.0.1", "snmp": snmp, "icmp": False}]}],
        })
        (_, device), credentials = next(iter(inventory.devices())), inventory.credentials["v2"]
        assert device.snmp is not None
        instruments = Instruments()
        poll = asyncio.create_task(instruments.poll(device, device.snmp, credentials))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(2):
            said = await instruments.ask_agent(device, device.snmp, credentials, 0.1)
        assert isinstance(said, Failure)
        assert not poll.done()
        await instruments.close()
        assert isinstance(await poll, Failure)
