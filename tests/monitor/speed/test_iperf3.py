"""What an iperf3 client is told and what it says: recorded from iperf3 3.12 (Debian 12) on loopback, November 2026."""

import json
from pathlib import Path
from typing import Any

import pytest

from model.speed_finding import conclude
from model.speed_run import Ending
from monitor.speed.iperf3 import arguments, read_iperf3, run_iperf3
from monitor.speed.order import Order

TOLD = json.loads((Path(__file__).parents[2] / "data/speed/iperf3-3.12-send.json").read_text())
SEND = Order("iperf3://10.20.0.9", "send", 10**9, seconds=2.0, streams=2)


def test_its_intervals_are_slices() -> None:
    """Octets add up; the kernel's round trips are there; without an idle one the link is not shown to be full."""
    run = read_iperf3(json.dumps(TOLD).encode(), SEND)
    assert (run.ending, len(run.slices)) == (Ending.DONE, len(TOLD["intervals"]))
    assert run.slices[-1].octets == sum(one["sum"]["bytes"] for one in TOLD["intervals"])
    assert run.slices[0].rtt is not None
    assert run.sent_octets == TOLD["end"]["sum_sent"]["bytes"]
    found = conclude(run, "download")
    assert found.bits_per_second is not None
    assert found.why_lower_bound == ("not_full", "no_counters")


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        ("unable to connect to server: Connection refused", Ending.UNREACHABLE),
        ("error - the server is busy running a test. try again later", Ending.REFUSED),
        ("error - test authorization failed", Ending.WRONG_KEY),
        ("error - control socket has closed unexpectedly", Ending.RESET),
        ("error - something else", Ending.NOT_A_PEER),
    ],
)
def test_its_errors_have_names(error: str, ending: Ending) -> None:
    """In its own words."""
    run = read_iperf3(json.dumps({"error": error}).encode(), SEND)
    assert (run.ending, run.detail) == (ending, error)


@pytest.mark.parametrize("output", [b"", b"[]", b"{}", b'{"intervals": []}', b'{"intervals": [1]}', b"\xff"])
def test_nonsense_is_no_test(output: bytes) -> None:
    """Nor a traceback."""
    assert read_iperf3(output, SEND).ending is Ending.NOT_A_PEER


def test_it_is_told_how_long_how_fast_and_from_where() -> None:
    """Rates are those of one stream; what is received is asked for in reverse."""
    order = Order("iperf3://[2001:db8::9]:5300", "receive", 1, source="eth0", rate=60e6, streams=6, seconds=10)
    assert arguments(order) == [
        *("--client=2001:db8::9", "--port=5300", "--json", "--interval=0.25", "--parallel=6", "--time=10"),
        *("--bitrate=10000000", "--reverse", "--bind-dev=eth0"),
    ]


async def test_without_the_program_it_says_which_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is on most machines."""
    monkeypatch.setenv("PATH", "/nonexistent")
    run: Any = await run_iperf3(SEND, lambda _: None)
    assert (run.ending, "install" in run.detail) == (Ending.UNSUPPORTED, True)
