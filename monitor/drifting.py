"""Shows what ``linkward topology`` has found: its file is read when it changes."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from exporters.drift import Drifted
from monitor.config.problem import ConfigError
from monitor.enrol.looking import Remembered, facts_beside, read_remembered

LOOK_EVERY: Final = 60
"""Seconds."""

log = logging.getLogger(__name__)

_Stamp = tuple[int, int]


class Drifting:
    """Follows the file beside an inventory.

    Attributes:
        drifted: What the last look has found; ``None`` until somebody has looked.
    """

    def __init__(self, inventory: Path, changed: Callable[[], None] = lambda: None) -> None:
        """Know of nothing yet.

        Args:
            inventory: The file or the folder.
            changed: Called when something else has been found.
        """
        self.drifted: Drifted | None = None
        self._file = facts_beside(inventory)
        self._changed = changed
        self._stamp: _Stamp | None = None

    async def look(self) -> None:
        """Read the file if it is another than at the last look; one that is wrong is logged, and shows nothing."""
        stamp = await asyncio.to_thread(_stamp, self._file)
        if stamp == self._stamp:
            return
        self._stamp, before = stamp, self.drifted
        try:
            # A city's file takes a second to read; probing goes on meanwhile.
            self.drifted = _drifted(await asyncio.to_thread(read_remembered, self._file))
        except ConfigError as error:
            self.drifted = None
            for problem in error.problems:
                log.warning("what has changed in the network is not shown: %s", problem)
        if self.drifted != before:
            self._changed()


def _drifted(remembered: Remembered | None) -> Drifted | None:
    if remembered is None or remembered.looked_at is None:  # written before looks were kept
        return None
    return Drifted(remembered.looked_at, remembered.at, remembered.drift)


def _stamp(file: Path) -> _Stamp | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
