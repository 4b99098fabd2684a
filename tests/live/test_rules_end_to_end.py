"""What the exporter shows, through a real Prometheus with the shipped rules, to a real Alertmanager."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from model.state import State
from tests.peers.processes import fetch, free_port, installed, running, wait_for
from tests.peers.rules import Story

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
ALERTING = """\
# alerting:
#   alertmanagers:
#     - static_configs:
#         - targets: ["127.0.0.1:9093"]
"""

pytestmark = pytest.mark.live

Alerts = list[dict[str, Any]]


@dataclass
class Chain:
    """A ward, and the Alertmanager at the other end."""

    story: Story
    alertmanager: str

    def alerts(self) -> Alerts:
        """What is firing, as Alertmanager's API tells it."""
        found: Alerts = json.loads(fetch(f"{self.alertmanager}/api/v2/alerts"))
        return found

    def until(self, condition: Callable[[Alerts], bool]) -> Alerts:
        """What is firing, once it is as wanted."""
        deadline = time.monotonic() + PATIENCE
        while not condition(alerts := self.alerts()):
            assert time.monotonic() < deadline, alerts
            time.sleep(0.2)
        return alerts


@pytest.fixture
def metrics() -> Iterator[tuple[Story, int]]:
    """A ward in which all is well, and the port of its ``/metrics``."""
    story = Story()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.end_headers()
            self.wfile.write(story.page.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield story, server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def alertmanager(tmp_path: Path) -> Iterator[int]:
    """The port of an Alertmanager that tells nobody."""
    binary = installed("prometheus-alertmanager") or installed("alertmanager")
    if binary is None:
        pytest.skip("alertmanager is not installed (Debian: prometheus-alertmanager)")
    (tmp_path / "alertmanager.yml").write_text("{route: {receiver: nobody}, receivers: [{name: nobody}]}")
    port = free_port()
    command = [
        binary,
        f"--config.file={tmp_path}/alertmanager.yml",
        f"--storage.path={tmp_path}/alertmanager",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    with running(command, tmp_path / "alertmanager.log"):
        wait_for(f"http://127.0.0.1:{port}/-/ready")
        yield port


@pytest.fixture
def chain(metrics: tuple[Story, int], alertmanager: int, tmp_path: Path) -> Iterator[Chain]:
    """All three in a row, with the shipped prometheus.yml but for its ports and its pace."""
    binary = installed("prometheus")
    if binary is None:
        pytest.skip("prometheus is not installed (Debian: prometheus)")
    story, port = metrics
    config = (ROOT / "prometheus.yml").read_text()
    assert ALERTING in config
    config = config.replace(ALERTING, ALERTING.replace("# ", "")).replace("15s", "1s")
    config = (
        config.replace("9841", str(port)).replace("9093", str(alertmanager)).replace("- rules/", f"- {ROOT}/rules/")
    )
    (tmp_path / "prometheus.yml").write_text(config)
    own = free_port()
    command = [
        binary,
        f"--config.file={tmp_path}/prometheus.yml",
        f"--storage.tsdb.path={tmp_path}/prometheus",
        f"--web.listen-address=127.0.0.1:{own}",
    ]
    with running(command, tmp_path / "prometheus.log"):
        wait_for(f"http://127.0.0.1:{own}/-/ready")
        yield Chain(story, f"http://127.0.0.1:{alertmanager}")


def test_a_dead_link_arrives_at_alertmanager_and_is_resolved(chain: Chain) -> None:
    """With the labels and words that the rules promise; then its site alone is told of, and at the end nothing."""
    chain.story.be("link", State.DOWN, "office-fpt")
    (alert,) = chain.until(bool)
    assert alert["labels"] == {
        "alertname": "LinkDown",
        "severity": "critical",
        "ward": "xuan-dinh",
        "site": "office",
        "link": "office-fpt",
        "provider": "FPT",
    }
    assert alert["annotations"]["summary"] == "Link office-fpt of FPT is down"
    assert "circuit HN-0123, at site office (Trụ sở UBND phường)" in alert["annotations"]["description"]
    assert alert["annotations"]["runbook_url"] == "docs/runbook.md#linkdown"
    chain.story.be("link", State.DOWN, "office-4g")
    (site,) = chain.until(lambda alerts: [alert["labels"]["alertname"] for alert in alerts] == ["SiteUnreachable"])
    assert site["labels"] == {
        "alertname": "SiteUnreachable",
        "severity": "critical",
        "ward": "xuan-dinh",
        "site": "office",
    }
    chain.story.be("link", State.UP, "office-fpt", "office-4g")
    # Prometheus lets an alert that it does not renew run out after four minutes: so soon it must have been resolved.
    chain.until(lambda alerts: not alerts)
