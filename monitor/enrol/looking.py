"""Surveying all devices of an inventory, and what is remembered of them in a file of one's own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from model.inventory import Device, Inventory
from model.profile import Profile
from model.survey import Survey
from model.topology_proposals import Drift, Seen
from monitor.config.problem import WITHOUT_A_LINE, ConfigError, Problem
from monitor.config.reading import LARGEST_FILE, read_text
from monitor.config.whole_file import replace_whole
from monitor.enrol.surveying import survey
from monitor.snmp.engines import Engines
from monitor.snmp.session import SnmpError

_AT_ONCE: Final = 32
FACTS: Final = "topology.json"


@dataclass(frozen=True)
class Remembered:
    """The file.

    Attributes:
        at: When the devices were as they are remembered.
        devices: By their ids.
        looked_at: When they were last looked at; ``None`` in a file of before that was kept.
        drift: What was otherwise then.
    """

    at: datetime
    devices: dict[str, Seen]
    looked_at: datetime | None = None
    drift: tuple[Drift, ...] = ()


_FILE: Final = TypeAdapter(Remembered)


async def look_at_all(
    inventory: Inventory, engines: Engines, profiles: Mapping[str, Profile]
) -> AsyncIterator[tuple[str, Survey | str]]:
    """The id of each device that is polled, and its survey, or why there is none, in the order in which they end."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(device: Device) -> tuple[str, Survey | str]:
        async with places:
            return device.id, await _look(device, inventory, engines, profiles)

    polled = [device for _, device in inventory.devices() if device.snmp is not None]
    for done in asyncio.as_completed([in_turn(device) for device in polled]):
        yield await done


async def _look(
    device: Device, inventory: Inventory, engines: Engines, profiles: Mapping[str, Profile]
) -> Survey | str:
    if device.snmp is None:
        return "it is not polled"
    credentials = inventory.credentials[device.snmp.credentials]
    try:
        session = await engines.open(device.address, device.snmp, credentials)
    except SnmpError as error:
        return error.detail
    try:
        return await survey(session, profiles)
    except SnmpError as error:
        return error.detail
    finally:
        session.close()


def facts_beside(inventory: Path) -> Path:
    """Where it is remembered, unless somebody says otherwise: beside the file of the inventory, or in its folder."""
    return (inventory if inventory.is_dir() else inventory.parent) / FACTS


def read_remembered(file: Path) -> Remembered | None:
    """What was remembered; ``None`` where nothing was yet.

    Raises:
        ConfigError: The file cannot be read, or is another's.
    """
    if not file.exists():
        return None
    try:
        return _FILE.validate_json(read_text(file, LARGEST_FILE))
    except ValidationError as error:
        what, mend = "holds no facts of devices", "name another file with --facts, or take this one away"
        raise ConfigError([Problem(str(file), WITHOUT_A_LINE, what, mend)]) from error


def write_remembered(file: Path, remembered: Remembered) -> None:
    """Keep it for the next time, whole or not at all.

    Raises:
        ConfigError: It cannot be written.
    """
    try:
        replace_whole(file, _FILE.dump_json(remembered, indent=1) + b"\n")
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise ConfigError([Problem(str(file), WITHOUT_A_LINE, what, "name another with --facts")]) from error
