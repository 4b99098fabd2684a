"""A real Alertmanager on loopback, alone in its cluster, that groups by site and tells a webhook at once."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.processes import fetch, free_port, running, wait_for

PROGRAM = "prometheus-alertmanager"
_CONFIG = """
route: {{receiver: hook, group_by: [site], group_wait: 100ms, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: hook
    webhook_configs: [{{url: "{hook}", send_resolved: true}}]
"""


@dataclass(frozen=True)
class Running:
    """Where it listens."""

    url: str

    @property
    def alerts(self) -> list[dict[str, Any]]:
        """What fires, by its API."""
        found: list[dict[str, Any]] = json.loads(fetch(f"{self.url}/api/v2/alerts"))
        return found


@contextlib.contextmanager
def alertmanager(binary: str, folder: Path, hook: str) -> Iterator[Running]:
    """Run while the block does.

    Args:
        binary: Where the program is.
        folder: For all that it writes.
        hook: URL that it tells.
    """
    port = free_port()
    (folder / "alertmanager.yml").write_text(_CONFIG.format(hook=hook))
    command = [
        binary,
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with running(command, folder / "log"):
        wait_for(f"http://127.0.0.1:{port}/-/ready")
        yield Running(f"http://127.0.0.1:{port}")
