"""Prometheus, blackbox_exporter and Alertmanager as Debian installs them, set to tell a webhook as fast as they can."""

import asyncio
import json
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from bench.children import free_port, program
from bench.figures import CannotRunError
from bench.references import BLACKBOX, reference

PROGRAMS: Final = ("prometheus", "prometheus-blackbox-exporter", "prometheus-alertmanager")
INTERVAL: Final = "5s"
"""Between two scrapes, and between two evaluations; what people use who want to know soon."""
TIMEOUT: Final = "1s"
"""Of a probe: as long as Linkward waits."""
FAST, USUAL = "/alertmanager/fast", "/alertmanager/usual"
"""Where Alertmanager posts at once, and where after the group_wait that its documentation shows."""
_READY_WITHIN: Final = 20.0

Targets = Mapping[tuple[str, str], str]
"""By ward and link: where a resolver answers."""


@asynccontextmanager
async def alert_stack(targets: Targets, hook: str) -> AsyncIterator[None]:
    """The three of them, watching these links.

    Args:
        targets: What is probed.
        hook: Base URL of the webhook.

    Raises:
        CannotRunError: One of them is not installed, or does not start.
    """
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise CannotRunError(f"not installed: {', '.join(missing)} (on Debian: apt-get install {' '.join(missing)})")
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="linkward-bench-")))
        blackbox = await stack.enter_async_context(reference(BLACKBOX, {"modules": {"link": _module()}}))
        files = {
            "alertmanager.yml": alertmanager_configuration(hook),
            "rules.yml": rules(),
        }
        manager, server = free_port(), free_port()
        files["prometheus.yml"] = prometheus_configuration(targets, blackbox.port, manager, folder)
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
        await stack.enter_async_context(program(_alertmanager(folder, manager), manager))
        await stack.enter_async_context(program(_prometheus(folder, server), server))
        await _ready(f"http://127.0.0.1:{server}/-/ready")
        yield


def _alertmanager(folder: Path, port: int) -> tuple[str, ...]:
    files = (f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/alertmanager")
    listening = (f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=")
    return ("prometheus-alertmanager", *files, *listening, "--log.level=error")


def _prometheus(folder: Path, port: int) -> tuple[str, ...]:
    files = (f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/prometheus")
    return ("prometheus", *files, f"--web.listen-address=127.0.0.1:{port}", "--log.level=error")


def _module() -> dict[str, Any]:
    query = {"query_name": "bench.example", "query_type": "A", "preferred_ip_protocol": "ip4"}
    return {"prober": "dns", "timeout": TIMEOUT, "dns": query}


def prometheus_configuration(targets: Targets, blackbox: int, manager: int, folder: Path) -> dict[str, Any]:
    """``prometheus.yml``: the usual way through blackbox_exporter, a target for each link."""
    links = [{"targets": [at], "labels": {"ward": ward, "link": link}} for (ward, link), at in targets.items()]
    return {
        "global": {"scrape_interval": INTERVAL, "scrape_timeout": "4s", "evaluation_interval": INTERVAL},
        "rule_files": [str(folder / "rules.yml")],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{manager}"]}]}]},
        "scrape_configs": [
            {
                "job_name": "links",
                "metrics_path": "/probe",
                "params": {"module": ["link"]},
                "static_configs": links,
                "relabel_configs": [
                    {"source_labels": ["__address__"], "target_label": "__param_target"},
                    {"source_labels": ["__param_target"], "target_label": "instance"},
                    {"target_label": "__address__", "replacement": f"127.0.0.1:{blackbox}"},
                ],
            }
        ],
    }


def rules() -> dict[str, Any]:
    """One rule that believes the first probe that fails."""
    rule = {"alert": "LinkDown", "expr": "probe_success == 0", "for": "0s"}
    return {"groups": [{"name": "links", "interval": INTERVAL, "rules": [rule]}]}


def alertmanager_configuration(hook: str) -> dict[str, Any]:
    """``alertmanager.yml``: each link a group of its own, told twice: at once, and after the usual group_wait."""
    waits = {FAST: "0s", USUAL: "30s"}
    grouping = {"group_by": ["ward", "link"], "group_interval": "5s", "repeat_interval": "4h", "continue": True}
    return {
        "route": {
            "receiver": FAST,
            "routes": [{"receiver": path, "group_wait": wait, **grouping} for path, wait in waits.items()],
        },
        "receivers": [{"name": path, "webhook_configs": [{"url": f"{hook}{path}"}]} for path in waits],
    }


async def _ready(url: str) -> None:
    deadline = asyncio.get_running_loop().time() + _READY_WITHIN
    while asyncio.get_running_loop().time() < deadline:
        try:
            await asyncio.to_thread(_fetch, url)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            await asyncio.sleep(0.1)
        else:
            return
    raise CannotRunError(f"{url} did not answer within {_READY_WITHIN:g} s")


def _fetch(url: str) -> None:
    with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own peer
        pass
