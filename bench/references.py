"""The exporters that Linkward is measured beside, as Debian installs them, with a configuration of the same columns."""

import asyncio
import http.client
import json
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bench.children import free_port, program
from bench.figures import CannotRunError
from bench.meter import cpu_of
from bench.mib import COLUMNS, NAMES, dotted

SNMP_EXPORTER: Final = "snmp_exporter"
BLACKBOX: Final = "blackbox_exporter"
_PROGRAMS: Final = {
    SNMP_EXPORTER: ("prometheus-snmp-exporter", "snmp_exporter"),
    BLACKBOX: ("prometheus-blackbox-exporter", "blackbox_exporter"),
}
_INDEXES: Final = [{"labelname": "ifIndex", "type": "gauge"}]


class ScrapeError(Exception):
    """A reference did not measure what it should have."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A running exporter.

    Attributes:
        name: As its project calls it.
        version: As it says itself.
        pid: Its process.
        port: Of its web server.
    """

    name: str
    version: str
    pid: int
    port: int

    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        return cpu_of(self.pid)

    async def scrape(self, path: str, queries: Sequence[dict[str, str]], expected: str, connections: int = 1) -> None:
        """Scrape it once for each query, over so many connections at once, one after the other on each.

        Raises:
            ScrapeError: An answer does not hold the expected line.
        """
        parts = [queries[first::connections] for first in range(connections)]
        await asyncio.gather(*(asyncio.to_thread(self._scrape, path, part, expected.encode()) for part in parts))

    def _scrape(self, path: str, queries: Sequence[dict[str, str]], expected: bytes) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            for query in queries:
                connection.request("GET", f"{path}?{urlencode(query)}")
                answer = connection.getresponse().read()
                if expected not in answer:
                    raise ScrapeError(f"{self.name}: no {expected.decode()!r} for {query}: {answer[-200:]!r}")
        finally:
            connection.close()


@asynccontextmanager
async def reference(name: str, configuration: dict[str, Any]) -> AsyncIterator[Reference]:
    """Run one of the two exporters on a free port.

    Raises:
        CannotRunError: It is not installed, or does not start.
    """
    command = next((path for path in map(shutil.which, _PROGRAMS[name]) if path), None)
    if command is None:
        raise CannotRunError(f"{name} is not installed (on Debian: apt-get install {_PROGRAMS[name][0]})")
    with tempfile.TemporaryDirectory(prefix="linkward-bench-") as folder:
        file = Path(folder) / "configuration.yml"
        file.write_text(json.dumps(configuration), encoding="utf-8")  # JSON is YAML
        port = free_port()
        options = (f"--config.file={file}", f"--web.listen-address=127.0.0.1:{port}", "--log.level=error")
        async with program((command, *options), port) as process:
            yield Reference(name, await _version(command), process.pid, port)


async def _version(command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        command, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    return version_in(said.decode(errors="replace"))


def version_in(said: str) -> str:
    """The version in what ``--version`` says; empty where it says none."""
    words = said.split()
    return words[words.index("version") + 1].rstrip(",") if "version" in words[:-1] else ""


def snmp_configuration(columns: Sequence[str]) -> dict[str, Any]:
    """``snmp.yml`` of snmp_exporter 0.21 with these columns, labelled as its own if_mib labels them."""
    walked = [*(NAMES[name] for name in NAMES), *(COLUMNS[column] for column in columns)]
    module = {
        "walk": [dotted(oid) for oid in walked],
        "get": ["1.3.6.1.2.1.1.3.0"],
        "metrics": [
            {"name": "sysUpTime", "oid": "1.3.6.1.2.1.1.3", "type": "gauge", "help": "Time since start."},
            *(_metric(column) for column in columns),
        ],
        "version": 2,
        "auth": {"community": "public"},
    }
    return {"if_mib": module}


def _metric(column: str) -> dict[str, Any]:
    counts = column.endswith(("Octets", "Pkts", "Errors", "Discards"))
    return {
        "name": column,
        "oid": dotted(COLUMNS[column]),
        "type": "counter" if counts else "gauge",
        "help": f"The column {column}.",
        "indexes": _INDEXES,
        "lookups": [_lookup(name) for name in NAMES],
    }


def _lookup(name: str) -> dict[str, Any]:
    return {"labels": ["ifIndex"], "labelname": name, "oid": dotted(NAMES[name]), "type": "DisplayString"}


def blackbox_configuration() -> dict[str, Any]:
    """``blackbox.yml`` with the modules that are compared."""
    return {
        "modules": {
            "icmp": {"prober": "icmp", "timeout": "1s", "icmp": {"preferred_ip_protocol": "ip4"}},
            "http": {"prober": "http", "timeout": "5s", "http": {"preferred_ip_protocol": "ip4"}},
            "tcp": {"prober": "tcp", "timeout": "5s", "tcp": {"preferred_ip_protocol": "ip4"}},
            "dns": {
                "prober": "dns",
                "timeout": "5s",
                "dns": {"query_name": "bench.example", "query_type": "A", "preferred_ip_protocol": "ip4"},
            },
        }
    }
