"""A folder in which the demo's inventory and history stay, so that they can be looked at once the demo has ended."""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.config import load
from monitor.demo.ground import grounds
from monitor.demo.inventory import inventory_text
from monitor.demo.launch import SimulatedWard
from monitor.demo.months.laying import lay_down
from monitor.demo.ward import plan_ward

DEFAULT: Final = Path("linkward-demo")
_HISTORY, _INVENTORY, _AUTHORITY, _TRUTH = "linkward.db", "ward.yml", "ca.pem", "truth.json"


@dataclass(frozen=True, slots=True)
class Home:
    """A folder that stays.

    Attributes:
        folder: It; made where it is not there.
    """

    folder: Path

    @property
    def inventory(self) -> Path:
        """The inventory file."""
        return self.folder / _INVENTORY

    @property
    def truth(self) -> Path:
        """What really happened in the months that were laid down, as JSON."""
        return self.folder / _TRUTH

    @property
    def has_history(self) -> bool:
        """Whether a demo has left a history here."""
        return (self.folder / _HISTORY).exists()

    async def lay_down(self, sites: int, seed: int, months: int, now: datetime, step: Callable[[float], None]) -> None:
        """Lay down months of history here, where none is yet.

        Args:
            sites: As of the ward that will be simulated.
            seed: Likewise.
            months: That are over; at least 1.
            now: Aware UTC.
            step: Told which share is done, 0 to 1.

        Raises:
            HistoryError: It cannot be written.
            OSError: Likewise.
        """
        self.folder.mkdir(mode=0o700, exist_ok=True)
        # Where agents will answer is not known yet, and no part of a history.
        ward = plan_ward(next(grounds(many_addresses=True)), sites, seed)
        (self.folder / _AUTHORITY).touch()
        self.inventory.write_text(inventory_text(ward, self.folder.absolute()), encoding="utf-8")
        file = self.folder / _HISTORY
        truth = await lay_down(file, ward, load(self.inventory), months, now, socket.gethostname(), step)
        truth.write(self.truth)

    def settle(self, ward: SimulatedWard) -> None:
        """Take over the inventory of a ward that is running, with the history here.

        Raises:
            OSError: The folder cannot be written.
        """
        self.folder.mkdir(mode=0o700, exist_ok=True)
        origin = ward.inventory.parent
        (self.folder / _AUTHORITY).write_bytes((origin / _AUTHORITY).read_bytes())
        text = ward.inventory.read_text(encoding="utf-8")
        self.inventory.write_text(text.replace(_within(origin), _within(self.folder.absolute())), encoding="utf-8")


def _within(folder: Path) -> str:
    """A folder as the inventory writes it in the midst of a quoted path."""
    return json.dumps(f"{folder}/", ensure_ascii=False)[1:-1]
