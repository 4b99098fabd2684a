"""Keeps the web server as its configuration file says, while that file and the certificates change."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from exporters.web.gate import Gate, RestartNeededError
from monitor.config.problem import WITHOUT_A_LINE, ConfigError, Problem
from monitor.config.web import LoadedWeb, load_web

LOOK_EVERY: Final = 2
"""Seconds; what has changed is read when it has stayed the same from one look to the next."""

log = logging.getLogger(__name__)

_Stamp = tuple[int, int, int] | None


class Counters(Protocol):
    """Who counts."""

    def web_config_read(self, *, successful: bool) -> None:
        """The file was taken over, or was refused."""


def web_config(path: Path | None, counters: Counters) -> "WebConfig":
    """What a web configuration file says at the start.

    Args:
        path: The file; ``None`` where there is none, and then everybody is let in by plain HTTP.
        counters: Are told of each reading.

    Raises:
        ConfigError: It is wrong.
    """
    return WebConfig(path, None if path is None else load_web(path), counters)


class WebConfig:
    """Reads the file when it or a certificate changes; what is wrong changes nothing, and is logged once.

    Attributes:
        gate: What is in force.
    """

    def __init__(self, path: Path | None, loaded: LoadedWeb | None, counters: Counters) -> None:
        """Take over what was read at the start.

        Args:
            path: The file; ``None`` where there is none, and then everybody is let in by plain HTTP.
            loaded: What it said.
            counters: Are told of each reading.
        """
        self.gate = Gate(loaded.settings, loaded.context) if loaded else Gate()
        self._path = path
        self._files: tuple[Path, ...] = loaded.files if loaded else ()
        self._counters = counters
        self._read_at = self._seen = _stamps(self._files)
        self._told: Sequence[str] = ()
        counters.web_config_read(successful=True)
        if loaded and loaded.settings.http_server_config.model_dump(exclude_unset=True).get("http2"):
            log.warning("%s: `http2: true` changes nothing, HTTP/1.1 is spoken", path)

    async def look(self) -> None:
        """Read the file if something has changed, and is not being written just now."""
        if self._path is None:
            return
        before, self._seen = self._seen, await asyncio.to_thread(_stamps, self._files)
        # What was refused is read again and again: which files it would have named is not known.
        if self._seen == before and (self._seen != self._read_at or self._told):
            await self.read()

    async def read(self) -> list[str]:
        """Read the file now, and take all of it over or nothing.

        Returns:
            What is wrong with it, one line each; empty when it was taken over.
        """
        if self._path is None:
            return []
        stamps = await asyncio.to_thread(_stamps, self._files)
        try:
            loaded = await asyncio.to_thread(load_web, self._path)
            self.gate.change(loaded.settings, loaded.context)
        except ConfigError as error:
            return self._refuse(error, stamps)
        except RestartNeededError:
            what, mend = "TLS cannot begin or end while the daemon runs", "start it anew"
            return self._refuse(ConfigError([Problem(str(self._path), WITHOUT_A_LINE, what, mend)]), stamps)
        self._files = loaded.files
        self._read_at = self._seen = await asyncio.to_thread(_stamps, self._files)
        self._told = ()
        self._counters.web_config_read(successful=True)
        log.info("the web configuration was taken over: %s", self._path)
        return []

    def _refuse(self, error: ConfigError, stamps: tuple[_Stamp, ...]) -> list[str]:
        problems = [str(problem) for problem in error.problems]
        self._counters.web_config_read(successful=False)
        if problems != self._told:
            for problem in problems:
                log.error("not taken over, the old web configuration stays: %s", problem)
        self._told, self._read_at = problems, stamps
        return problems


def _stamps(files: Sequence[Path]) -> tuple[_Stamp, ...]:
    return tuple(map(_stamp, files))


def _stamp(file: Path) -> _Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
