"""Every query of every dashboard, asked of a real Prometheus that has scraped a ward through faults."""

import asyncio
import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporters.dashboards import dashboard_files
from exporters.exposition import Style, exposition
from model.availability import Tally
from model.window import StableMinutes
from monitor.demo.fault import Fault, FaultKind
from monitor.demo.launch import simulated_ward
from tests.peers.board import full_board, full_own
from tests.peers.daemon import daemon
from tests.peers.grafana import ANY, Asked, Json, Source, annotations, queries, substituted, variables
from tests.peers.processes import fetch, free_port, installed, running, wait_for

ROOT = Path(__file__).parents[2]
BOARDS = [json.loads(text) for name, text in dashboard_files().items() if name.startswith("en/")]
ASKED = [asked for board in BOARDS for asked in queries(board)]
MARKS = [asked for board in BOARDS for asked in annotations(board)]

SITES = 8
BUSY_SITE, BUSY_LINK = "office", "office-viettel"
CHOSEN = {
    "site": BUSY_SITE,
    "link": BUSY_LINK,
    "device": "office-rt1",
    "service": "dich-vu-cong",
}
"""What is looked at on boards that show one thing."""

_UPLINK = "office-rt1/Gi0/0/2"
STORY = (
    Fault(FaultKind.LINK_CUT, 22, 34, (BUSY_LINK, _UPLINK)),
    Fault(FaultKind.PACKET_LOSS, 34, 999, (BUSY_LINK,), 0.2),
    Fault(FaultKind.INTERFACE_ERRORS, 5, 999, (_UPLINK,), 20),
    Fault(FaultKind.PROVIDER_OUTAGE, 26, 999, ("nvh-trung-2-vnpt", "thcs-xuan-dinh-vnpt")),
    Fault(FaultKind.AGENT_SILENT, 8, 999, ("cho-xuan-dinh-sw",)),
    Fault(FaultKind.SERVICE_SLOW, 5, 30, ("dich-vu-cong",), 0.5),
    Fault(FaultKind.SERVICE_FAILING, 8, 999, ("mot-cua",), 503),
    Fault(FaultKind.RESOLVER_FAILING, 30, 40, ("phan-giai-ten",)),
)
RELOAD, END = 40.0, 62.0
"""Seconds after the begin of the world: when the daemon is told to read its inventory again, and when all is over."""

ANYTHING = dict.fromkeys(("ward", "provider", "instance", "interface", *CHOSEN), ANY)
"""All that can be chosen."""

IN_MAINTENANCE = "tram-y-te"
"""It has a service too."""

NOT_IN_A_MINUTE = {
    "linkward_notification_oldest_seconds": "no message waits while its receiver takes it",
    "linkward_history_oldest_seconds": "no fact waits while the disk is quick",
    "linkward_error_budget_burn_rate": "half of the shortest window, 150 s, must be known",
    "linkward_link_state_seconds_total": "settled up to about a minute late",
    "linkward_link_stable_seconds_total": "a whole minute by the clock must have passed, and be settled",
    **dict.fromkeys(
        ("linkward_device_unhealthy", "linkward_device_cpu", "linkward_device_memory", "linkward_device_storage"),
        "health is read once a minute, after a first poll",
    ),
    **dict.fromkeys(("linkward_device_temperature", "linkward_device_optical", "linkward_device_ups"), "likewise"),
    "linkward_device_interfaces_cut": "only of a device with more series than one may have",
    "linkward_duplicate_series_total": "only of a device that says the same twice",
    "linkward_calendar_irregularities_total": "only once a job of the calendar went wrong",
    "linkward_schedule_skipped_total": "only once a run was left out",
    "linkward_monitor_blind": "the mark is there only while the monitor is cut off",
}
"""What the demo shows too late, or never while all is well with the daemon, and why."""

pytestmark = [pytest.mark.live, pytest.mark.timeout(240)]


def is_excused(asked: Asked) -> bool:
    """Whether the demo need not answer it. That the monitor is not cut off it must say, though not as a mark."""
    named = [name for name in NOT_IN_A_MINUTE if name in asked.expr]
    return bool(named) and (named != ["linkward_monitor_blind"] or asked.ref == "annotation")


def has_data(series: list[dict[str, Any]]) -> bool:
    """Whether there is a number in it."""
    values = (value for one in series for _, value in one.get("values", [one.get("value")]))
    return any(isfinite(float(value)) for value in values)


def prepared(inventory: str) -> str:
    """The inventory of the demo, made quick enough for a test and open around the clock."""
    now = time.time()
    start, end = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + seconds)) for seconds in (-3_600, 45))
    text = re.sub(r"service_hours: \[.*\]", 'service_hours: ["Mon-Sun 00:00-24:00"]', inventory)
    text = re.sub(r"( +)(target: stamp://\S+)", r"\1\2\n\1interval: 200ms\n\1timeout: 200ms", text)
    # One device is pinged too: the kernel answers for it.
    text = text.replace("icmp: false", "icmp: {interval: 1s}", 1).replace("window: 1m", "window: 15s")
    text = text.replace("interval: 10s", "interval: 4s").replace("interval: 5s", "interval: 3s")
    text = text.replace("timeout: 4s", "timeout: 2s")
    return f"{text}\nmaintenance: [{{id: work, sites: [{IN_MAINTENANCE}], from: {start}, to: {end}, reason: test}}]\n"


@contextmanager
def prometheus(folder: Path, target: str, scrape: str = "1s") -> Iterator[str]:
    """The address of a Prometheus with the shipped configuration, which scrapes a target often."""
    binary = installed("prometheus")
    assert binary is not None
    config = (ROOT / "prometheus.yml").read_text()
    assert "127.0.0.1:9841" in config
    changed = config.replace("127.0.0.1:9841", target).replace("15s", scrape).replace("- rules/", f"- {ROOT}/rules/")
    folder.mkdir()
    (folder / "prometheus.yml").write_text(changed)
    url = f"127.0.0.1:{free_port()}"
    options = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    with running([binary, *options, f"--web.listen-address={url}"], folder / "log"):
        wait_for(f"http://{url}/-/ready")
        yield f"http://{url}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A Prometheus that has scraped the demo through its story."""
    if installed("prometheus") is None:
        pytest.skip("prometheus is not installed (Debian: prometheus)")
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    with prometheus(folder / "prometheus", f"127.0.0.1:{port}") as url:
        start, end = asyncio.run(_lived(folder, port))
        yield Source(url, start, end)


async def _lived(folder: Path, port: int) -> tuple[float, float]:
    """From when to when the daemon was there to be scraped."""
    async with simulated_ward(SITES, story=STORY) as ward:
        inventory, epoch = prepared(ward.inventory.read_text()), float(ward.truth()["epoch"])
        async with daemon(folder, inventory, [f"--web.listen-address=127.0.0.1:{port}"]) as process:
            start = time.time()
            await asyncio.sleep(epoch + RELOAD - start)
            process.send(signal.SIGHUP)
            await asyncio.sleep(epoch + END - time.time())
            return start, time.time()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A Prometheus that has scraped a page on which every kind of metric occurs."""
    if installed("prometheus") is None:
        pytest.skip("prometheus is not installed (Debian: prometheus)")
    minutes = count(60)

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/plain; version=0.0.4; charset=utf-8")
            self.end_headers()
            self.wfile.write(_whole_page(next(minutes)))

        def log_message(self, *_: object) -> None:
            """Nothing: it is a test."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        start = time.time()
        folder = tmp_path_factory.mktemp("everything") / "prometheus"
        with prometheus(folder, f"127.0.0.1:{server.server_port}") as url:
            deadline = time.monotonic() + 20
            while '"value"' not in fetch(f"{url}/api/v1/query?query=count_over_time(up[10s])>5"):
                assert time.monotonic() < deadline
                time.sleep(0.3)
            yield Source(url, start, time.time())
        server.shutdown()


def _whole_page(minutes: int) -> bytes:
    own, board = full_own(), full_board()
    own.blind(True)
    own.calendar("backup", "missed")
    board.minutes("office-vnpt", StableMinutes(minutes, minutes))
    board.accounted(("link", "office-vnpt"), Tally(60_000 * minutes, 0, 0, 0, 0, 0), 0.9995, 0.5, {})
    board.burning(("link", "office-vnpt"), {300.0: 0.5, 3_600.0: 2.0})
    text = own.text(Style.TEXT) + b"".join(exposition(board.blocks(1.0), Style.TEXT)).decode()
    rare = ("linkward_device_interfaces_cut", "linkward_duplicate_series_total")
    return (text + "".join(f'{name}{{device="office-rt1",site="office"}} 3\n' for name in rare)).encode()


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board["uid"])
def test_variables_offer_what_is_there(demo: Source, board: Json) -> None:
    """Each has values, and among them what the boards are looked at with here."""
    chosen: dict[str, str] = {}
    for variable in variables(board):
        values = demo.values(variable["query"]["query"], chosen)
        assert values, variable["name"]
        one = CHOSEN.get(variable["name"], values[0])
        assert one in values
        chosen[variable["name"]] = ANY if variable["includeAll"] else one


@pytest.mark.parametrize("asked", [asked for asked in ASKED if not is_excused(asked)], ids=lambda asked: asked.name)
def test_every_query_of_every_panel_is_answered(demo: Source, asked: Asked) -> None:
    """With data, of a ward through faults: one site, link, device and service where the board shows one."""
    assert has_data(demo.series(asked, _chosen(asked)))


@pytest.mark.parametrize("asked", [mark for mark in MARKS if not is_excused(mark)], ids=lambda asked: asked.name)
def test_every_annotation_is_there(demo: Source, asked: Asked) -> None:
    """Incidents, outages, maintenance and reloads of the story are marked, each where it is."""
    assert has_data(demo.series(asked, ANYTHING))


@pytest.mark.parametrize("asked", [each for each in [*ASKED, *MARKS] if is_excused(each)], ids=lambda asked: asked.name)
def test_what_a_minute_does_not_show_is_shown_of_a_page_that_has_it(everything: Source, asked: Asked) -> None:
    """The queries that the demo may leave open are right all the same."""
    assert has_data(everything.series(asked, ANYTHING))


def _chosen(asked: Asked) -> dict[str, str]:
    (board,) = (board for board in BOARDS if board["uid"] == asked.board)
    return {
        variable["name"]: ANY if variable["includeAll"] else CHOSEN[variable["name"]] for variable in variables(board)
    }


def _of(board: str, title: str) -> Asked:
    (found,) = {asked.ref: asked for asked in ASKED if (asked.board, asked.place) == (board, title)}.values()
    return found


def _labels(source: Source, asked: Asked, label: str) -> set[str]:
    return {series["metric"][label] for series in source.series(asked, _chosen(asked))}


def test_the_required_speed_lies_over_what_is_there(demo: Source, everything: Source) -> None:
    """Required, contracted, negotiated and used of the demo; the kind of a speed test, of which it has none, too."""
    asked = _of("linkward-link", "Download: required and what is there")
    assert _labels(demo, asked, "kind") == {"required", "contracted", "negotiated", "used"}
    assert "tested" in {series["metric"]["kind"] for series in everything.series(asked, {"link": ANY})}


def test_states_are_told_as_they_were(demo: Source) -> None:
    """The cut link was down for a while and is not now; the site in maintenance was that."""
    series = demo.series(_timeline("linkward-link"), CHOSEN)
    values = {float(value) for one in series for _, value in one["values"]}
    assert 5.0 in values
    assert float(series[0]["values"][-1][1]) != 5.0


def _timeline(board: str) -> Asked:
    return next(asked for asked in ASKED if asked.board == board and asked.place == "State" and not asked.is_instant)


def test_citizens_of_lost_sites_are_counted(demo: Source) -> None:
    """Two points without their line are people who are not served."""
    (series,) = demo.series(_citizens(), {"ward": ANY})
    assert float(series["value"][1]) > 0


def _citizens() -> Asked:
    return next(asked for asked in ASKED if asked.place == "Citizens affected per hour" and asked.is_instant)


def test_promtool_parses_every_expression(tmp_path: Path) -> None:
    """Each, with its variables put in, is PromQL; as a rule, so that promtool reads all of them at once."""
    promtool = installed("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    rules = [
        {"record": "dashboard:query", "expr": substituted(asked.expr, ANYTHING), "labels": {"number": str(number)}}
        for number, asked in enumerate([*ASKED, *MARKS])
    ]
    (tmp_path / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}))
    command = [promtool, "check", "rules", str(tmp_path / "rules.yml")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert f"{len(rules)} rules found" in result.stdout
