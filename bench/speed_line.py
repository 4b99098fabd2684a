"""A line whose speed is known: two network namespaces, shaped by tc both ways, a throughput peer at the far end."""

import contextlib
import ctypes
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from bench.namespaces import Namespace, ip, namespace
from model.cross_traffic import Counted
from model.speed_finding import Finding, conclude
from model.speed_run import Direction, SpeedRun, direction_of, way_of
from monitor.speed.order import ORDER, SAID, Order

KEY = "a key of the tests, shared"
HEAD, SITE = "10.85.0.1", "10.85.0.2"
PORT = 8862
_CLONE_NEWNET = 0x4000_0000
_FLOOD = """
import socket, sys, time
host, rate = sys.argv[1], float(sys.argv[2])
sock, packet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), bytes(1400)
sock.setsockopt(socket.SOL_SOCKET, 32, 4 << 20)  # SO_SNDBUFFORCE: what waits in the line is counted to its sender
sys.stdin.readline()
began, sent = time.monotonic(), 0
while True:
    due = (time.monotonic() - began) * rate / 8 / 1442
    while sent < due:
        try:
            sock.sendto(packet, (host, 9))
        except OSError:
            pass
        sent += 1
    time.sleep(0.001)
"""


@dataclass
class Readings:
    """The counter of an interface, read again and again as an agent that keeps it for a while would say it."""

    download: list[Counted] = field(default_factory=list)
    upload: list[Counted] = field(default_factory=list)

    def of(self, direction: Direction, began: float) -> list[Counted]:
        """Those of one direction, with times since the load began."""
        found = self.download if direction == "download" else self.upload
        return [Counted(one.at - began, one.clock, one.octets) for one in found]


@dataclass(frozen=True)
class Line:
    """A shaped line.

    Attributes:
        head: Where the tester is.
        site: Where the peer is.
        rate: Bit/s of the shaper each way, of frames without FCS.
    """

    head: Namespace
    site: Namespace
    rate: float

    @contextmanager
    def others(
        self, direction: Direction, share: float, when: list[Callable[[], None]] | None = None
    ) -> Iterator[None]:
        """Somebody else who sends so much of the line's rate, and gives way to nobody.

        Args:
            direction: As seen from the site.
            share: Of the rate.
            when: Gets what lets them begin; left out, they begin at once.
        """
        if not share:
            yield
            return
        space, host = (self.head, SITE) if direction == "download" else (self.site, HEAD)
        with _running(space, sys.executable, "-c", _FLOOD, host, str(self.rate * share)) as flood:
            assert flood.stdin
            if when is None:
                _let_go(flood.stdin)
            else:
                when.append(lambda: _let_go(flood.stdin))
            yield

    @contextmanager
    def read(self, every: float = 0.25, kept: float = 0.0) -> Iterator[Readings]:
        """Read the counters of the site's end.

        Args:
            every: Seconds from one reading to the next.
            kept: Seconds for which an answer is repeated.
        """
        readings, ended = Readings(), threading.Event()
        with ThreadPoolExecutor(1) as thread:
            work = thread.submit(self._read_on, readings, ended, every, kept)
            try:
                yield readings
            finally:
                ended.set()
                work.result()

    def test(self, direction: Direction, crowd: float = 0.0, **options: float) -> tuple[SpeedRun, float]:
        """Test it; the run, and when its load began by the monotonic clock.

        Args:
            direction: As seen from the site.
            crowd: What others begin to send when the load does, as a share of the line's rate.
            **options: Of the order.
        """
        way = way_of(direction, peer_at_site=True)
        order = Order(f"http://{SITE}:{PORT}", way, 10**9, KEY, **options)  # type: ignore[arg-type]  # numbers of it
        assert direction_of(way, peer_at_site=True) == direction
        worker_of = _running(self.head, sys.executable, "-m", "monitor.speed.worker")
        begin: list[Callable[[], None]] = []
        with worker_of as worker, self.others(direction, crowd, begin):
            assert worker.stdin
            assert worker.stdout
            worker.stdin.write(ORDER.dump_json(order) + b"\n")
            worker.stdin.flush()
            began = 0.0
            for text in worker.stdout:
                said = SAID.validate_json(text)
                if said.phase == "load" and not began:
                    began = time.monotonic()
                    for one in begin:
                        one()
                if said.run is not None:
                    return said.run, began
        raise AssertionError

    def find(self, direction: Direction, share: float = 0.0, crowd: float = 0.0, **options: float) -> Finding:
        """Test it while others use so much of it, and read its counters as a Linux agent has them."""
        with self.others(direction, share), self.read() as readings:
            time.sleep(0.5)
            run, began = self.test(direction, crowd, **options)
        return conclude(run, direction, readings.of(direction, began))

    @contextmanager
    def cut_after(self, seconds: float) -> Iterator[None]:
        """Cut it, so many seconds from now."""
        timer = threading.Timer(seconds, self.site.ip, ("link", "set", "wan0", "down"))
        timer.start()
        yield
        timer.join()

    def _read_on(self, readings: Readings, ended: threading.Event, every: float, kept: float) -> None:
        with Path(f"/run/netns/{self.site.name}").open() as handle:
            assert not ctypes.CDLL(None).setns(handle.fileno(), _CLONE_NEWNET)
        said, said_at = (0, 0), -kept - 1.0
        while not ended.is_set():
            now = time.monotonic()
            if now - said_at > kept:
                said, said_at = _octets(), now
            readings.download.append(Counted(now, now, said[0]))
            readings.upload.append(Counted(now, now, said[1]))
            ended.wait(every)


@contextmanager
def speed_line(rate: float, queue: float = 0.05) -> Iterator[Line]:
    """A line of so many bit/s each way that holds back so many seconds of octets, with a peer that listens."""
    with namespace("h") as head, namespace("s") as site:
        ip("link", "add", "up0", "netns", head.name, "type", "veth", "peer", "name", "wan0", "netns", site.name)
        for space, name, address in ((head, "up0", HEAD), (site, "wan0", SITE)):
            # A packet of the kernel's own that is cut only later would be counted with one header instead of forty.
            space.ip("link", "set", name, "gso_max_segs", "1", "mtu", "1500", "up")
            space.ip("addr", "add", f"{address}/24", "dev", name)
            space.command("tc", "qdisc", "add", "dev", name, "root", "tbf", *_shape(rate, queue))
        words = ("reflect", "--listen=127.0.0.1:0", f"--speed-listen={SITE}:{PORT}", "--speed-hourly=1TB")
        environment = ("env", f"LINKWARD_SPEED_KEY={KEY}")
        with _running(site, *environment, sys.executable, "-m", "monitor", *words) as peer:
            assert peer.stdout
            said = peer.stdout.readline() + peer.stdout.readline()
            assert b"Throughput peer" in said, said
            yield Line(head, site, rate)


def _shape(rate: float, queue: float) -> tuple[str, ...]:
    burst = max(5_000, round(rate / 8 * 0.002))
    return "rate", f"{rate:.0f}bit", "burst", str(burst), "latency", f"{queue * 1e3:.0f}ms"


def _let_go(stdin: IO[bytes] | None) -> None:
    assert stdin
    stdin.write(b"\n")
    stdin.flush()


def _octets() -> tuple[int, int]:
    text = Path("/proc/thread-self/net/dev").read_text()
    found = re.search(r"wan0:(.*)", text)
    assert found
    cells = found[1].split()
    return int(cells[0]), int(cells[8])


@contextmanager
def _running(space: Namespace, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = ["ip", "netns", "exec", space.name, *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(BrokenPipeError):
                process.stdin and process.stdin.close()
            process.terminate()
