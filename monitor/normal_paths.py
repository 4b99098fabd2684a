"""The ways that packets usually take to the links' targets: traced now and then, so that an outage has a before."""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from model.aims import Aim, Aims
from model.attachment import path_from, path_json
from model.inventory import Inventory, Link
from model.measurement import Failure
from model.path import Path

log = logging.getLogger(__name__)

EVERY: Final = timedelta(hours=1)
EVERY_METERED: Final = timedelta(days=1)
_RUNS: Final = 50  # in the hour, with some to spare
_PATIENCE: Final = 45.0  # seconds of one run, which is called once a minute
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Trace(Protocol):
    """Who traces to where something can be found."""

    async def __call__(self, aim: Aim) -> Path | Failure:
        """The path now."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last good path to a link's target.

    Attributes:
        at: When it was traced, aware UTC.
        aim: Where to.
        path: What was seen.
    """

    at: datetime
    aim: Aim
    path: Path


class NormalPaths:
    """The last good path of each link: of no more links than the inventory has.

    Args:
        trace: Makes a trace.
        passes: Whether traffic passes over a link now.
        now: Aware UTC.
    """

    def __init__(
        self,
        trace: Trace,
        passes: Callable[[str], bool],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._trace = trace
        self._passes = passes
        self._now = now
        self._aims: dict[str, Aim] = {}
        self._links: dict[str, Link] = {}
        self._paths: dict[str, Remembered] = {}
        self._tried: dict[str, datetime] = {}

    def load(self, inventory: Inventory, aims: Aims) -> None:
        """Take over an inventory; the path of a link that is aimed elsewhere now is forgotten."""
        before, self._links = self._aims, {link.id: link for _, link in inventory.links()}
        self._aims = {link.id: aims.of_link(link) for link in self._links.values()}
        same = {link for link, aim in self._aims.items() if before.get(link) == aim}
        self._paths = {link: known for link, known in self._paths.items() if link in same}
        self._tried = {link: at for link, at in self._tried.items() if link in same}

    def of(self, aim: Aim) -> Remembered | None:
        """The last good path to where this aims, of whichever link."""
        own = self._paths.get(aim.about[1]) if aim.about[0] == "link" else None
        same = (known for known in self._paths.values() if (known.aim.host, known.aim.source) == (aim.host, aim.source))
        return own or next(same, None)

    async def remember(self) -> None:
        """Trace those links that have waited longest, one after the other. To be called once a minute.

        A link is traced at most once an hour, a metered one once a day, and only while it is up.
        """
        deadline = asyncio.get_running_loop().time() + _PATIENCE
        for link in self._due():
            if asyncio.get_running_loop().time() > deadline:
                break
            await self._remember(link)

    def written(self) -> Mapping[str, Mapping[str, object]]:
        """All that is remembered as plain JSON, by the link's id."""
        return {
            link: {
                "at": known.at.isoformat(),
                "host": known.aim.host,
                "source": known.aim.source,
                "path": path_json(known.path),
            }
            for link, known in sorted(self._paths.items())
        }

    def read(self, written: Mapping[str, object]) -> None:
        """Take over what was written before; what is of no link, aimed elsewhere or not legible is left out."""
        for link, aim in self._aims.items():
            known = _read(written.get(link), aim)
            if known is not None and (link not in self._paths or self._paths[link].at < known.at):
                self._paths[link] = known
                self._tried[link] = max(known.at, self._tried.get(link, _NEVER))

    def _due(self) -> list[str]:
        now = self._now()
        due = [link for link in self._links if self._is_due(link, now) and self._passes(link)]
        due.sort(key=lambda link: self._tried.get(link, _NEVER))
        return due[: math.ceil(len(self._links) / _RUNS)]

    def _is_due(self, link: str, now: datetime) -> bool:
        tried = self._tried.get(link)
        if tried is None or tried > now:  # the clock was set back
            return True
        return now - tried >= (EVERY_METERED if self._links[link].metered else EVERY)

    async def _remember(self, link: str) -> None:
        aim = self._aims.get(link)
        if aim is None:  # taken out of the inventory meanwhile
            return
        self._tried[link] = at = self._now()
        path = await self._trace(aim)
        if isinstance(path, Failure):
            log.info("link %s: its usual path is not known: %s", link, path.detail)
        elif self._aims.get(link) == aim and self._passes(link) and self._is_better(link, path):
            self._paths[link] = Remembered(at, aim, path)

    def _is_better(self, link: str, path: Path) -> bool:
        """Whether it is the newest of the good; of a target that never answers, any path is."""
        before = self._paths.get(link)
        return path.reached or (path.last is not None and (before is None or not before.path.reached))


def _read(written: object, aim: Aim) -> Remembered | None:
    match written:
        case {"at": str(at), "host": aim.host, "source": aim.source, "path": path}:
            known, moment = path_from(path), _moment(at)
            return Remembered(moment, aim, known) if known and moment else None
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
