"""Pings over a line with known delay and loss, made by the tool ``impair``."""

import asyncio
import json
import shutil
import signal
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.namespaces import Namespace, namespace, why_not
from model.measurement import EchoReading, Failure, Reason
from monitor.probes.icmp import Pinger

SOURCE = Path(__file__).parents[3] / "shared/tools/impair/impair.c"
FAR = "10.99.0.2"


def missing() -> str | None:
    """What this needs and does not have."""
    if not SOURCE.exists():
        return "the source of impair is not here"
    if shutil.which("cc") is None:
        return "no C compiler"
    if not Path("/dev/net/tun").exists():
        return "no TUN device"
    return why_not()


REASON = missing()
pytestmark = [
    pytest.mark.recordings,
    pytest.mark.root,
    pytest.mark.skipif(REASON is not None, reason=str(REASON)),
]


@pytest.fixture(scope="module")
def impair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tool, built."""
    binary = tmp_path_factory.mktemp("impair") / "impair"
    subprocess.run(["cc", "-O2", "-o", binary, SOURCE, "-lm"], check=True, capture_output=True)
    return binary


@contextmanager
def line(impair: Path, folder: Path, *faults: str) -> Iterator[tuple[Namespace, Path]]:
    """A line with faults; the near end, and where the tool writes what it has done when it ends."""
    truth = folder / "truth.json"
    with namespace("a") as near, namespace("b") as far:
        command: list[str | Path] = [impair, "-s", truth, near.name, far.name, *faults]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            try:
                yield near, truth
            finally:
                process.send_signal(signal.SIGTERM)


def ping(near: Namespace, count: int, every: float, patience: float) -> list[Any]:
    """So many pings at a steady pace."""

    async def main() -> list[Any]:
        pinger, pings = Pinger(), []
        for _ in range(count):
            pings.append(asyncio.create_task(pinger.ping(FAR, timeout=patience)))
            await asyncio.sleep(every)
        outcomes = await asyncio.gather(*pings)
        pinger.close()
        return outcomes

    return near.run(main)


def test_delay_is_exact(impair: Path, tmp_path: Path) -> None:
    """20 ms each way are 40 ms, to half a millisecond."""
    with line(impair, tmp_path, "both:delay=20") as (near, _):
        outcomes = ping(near, 200, 0.005, 5)
    delays = [outcome.rtt for outcome in outcomes if isinstance(outcome, EchoReading)]
    assert len(delays) == 200
    assert min(delays) >= 0.040
    assert statistics.median(delays) <= 0.0405


def test_loss_is_the_truth(impair: Path, tmp_path: Path) -> None:
    """Of 2,000 echoes at 1 % loss each way, as many time out as the line has lost, not one more."""
    with line(impair, tmp_path, "both:loss=0.01") as (near, truth):
        outcomes = ping(near, 2_000, 0.001, 0.5)
    lost = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    told = json.loads(truth.read_text())
    assert {failure.reason for failure in lost} == {Reason.TIMEOUT}
    # The near end also sends a few packets of its own, such as router solicitations, which may be among the lost.
    extra = told["ab"]["in"] - 2_000
    assert told["ab"]["lost"] + told["ba"]["lost"] - extra <= len(lost) <= told["ab"]["lost"] + told["ba"]["lost"]
    assert 10 <= len(lost) <= 70  # 40 expected, standard deviation 6.2
