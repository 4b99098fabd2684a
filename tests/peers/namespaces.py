"""Network namespaces: routers that say no, interfaces that vanish, kernels that do not answer, all in this machine."""

import asyncio
import ctypes
import os
import secrets
import shutil
import subprocess
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")
_CLONE_NEWNET = 0x4000_0000


def why_not() -> str | None:
    """Why there can be no namespaces here; ``None`` when there can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None:
        return "ip (iproute2) is not installed"
    name = f"lw{secrets.token_hex(3)}"
    if subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode:
        return "this system allows no network namespaces"
    look = ["ip", "netns", "exec", name, "sysctl", "-n", "net.ipv4.ip_forward"]
    entered = subprocess.run(look, capture_output=True, check=False)
    ip("netns", "del", name)
    if entered.returncode:
        return f"a network namespace cannot be entered here: {entered.stderr.decode().strip()}"
    return None


def ip(*words: str) -> None:
    """One call of the tool of that name."""
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass(frozen=True)
class Namespace:
    """One of them, by name."""

    name: str

    def ip(self, *words: str) -> None:
        """One call of the tool of that name, about this namespace."""
        ip("-n", self.name, *words)

    def sysctl(self, *settings: str) -> None:
        """Set knobs such as ``net.ipv4.ip_forward=1``."""
        self.command("sysctl", "-qw", *settings)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside."""
        return subprocess.run(
            ["ip", "netns", "exec", self.name, *words], check=True, capture_output=True, text=True, timeout=60
        )

    def run(
        self,
        main: Callable[[], Coroutine[Any, Any, Result]],
        loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
    ) -> Result:
        """Run a coroutine whose sockets live inside: a namespace belongs to a thread."""
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(self._run_here, main, loop_factory).result()

    def _run_here(
        self,
        main: Callable[[], Coroutine[Any, Any, Result]],
        loop_factory: Callable[[], asyncio.AbstractEventLoop] | None,
    ) -> Result:
        with Path(f"/run/netns/{self.name}").open() as handle:
            if ctypes.CDLL(None, use_errno=True).setns(handle.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), f"cannot enter {self.name}")
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            return runner.run(main())


@contextmanager
def namespace(label: str) -> Iterator[Namespace]:
    """A namespace of its own with a loopback interface, gone at the end."""
    made = Namespace(f"lw{secrets.token_hex(3)}{label}")
    ip("netns", "add", made.name)
    try:
        # An address is usable at once, instead of a second after nobody has claimed it.
        made.sysctl("net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.dad_transmits=0")
        made.ip("link", "set", "lo", "up")
        yield made
    finally:
        ip("netns", "del", made.name)


@dataclass(frozen=True)
class Lab:
    """A near host, a router, a far host.

    10.77.0.1 — 10.77.0.2 router 10.78.0.2 — 10.78.0.1, and the same with fd77:: and fd78::. The router knows that
    10.79.0.0/24 and fd79::/64 are unreachable, and prohibits 10.80.0.0/24; of these it says so five times, then once a
    second (net.ipv4.route.error_cost). It sends 10.81.0.0/24 to the far host, which sends it back.
    """

    near: Namespace
    router: Namespace
    far: Namespace


@contextmanager
def lab() -> Iterator[Lab]:
    """Three namespaces, joined."""
    with namespace("n") as near, namespace("r") as router, namespace("f") as far:
        _join(near, router, "77")
        _join(far, router, "78")
        for host, net in ((near, "77"), (far, "78")):
            host.ip("route", "add", "default", "via", f"10.{net}.0.2")
            host.ip("route", "add", "default", "via", f"fd{net}::2")
        for host in (router, far):
            # Errors are wanted for each packet, so routers must not save them up.
            host.sysctl(
                "net.ipv4.ip_forward=1",
                "net.ipv6.conf.all.forwarding=1",
                "net.ipv4.icmp_ratemask=0",
                "net.ipv6.icmp.ratemask=",
                "net.ipv4.conf.all.send_redirects=0",
            )
        router.sysctl("net.ipv4.neigh.to78.retrans_time_ms=20")
        for net in ("10.79.0.0/24", "fd79::/64"):
            router.ip("route", "add", "unreachable", net)
        router.ip("route", "add", "prohibit", "10.80.0.0/24")
        router.ip("route", "add", "10.81.0.0/24", "via", "10.78.0.1")
        yield Lab(near, router, far)


def _join(host: Namespace, router: Namespace, net: str) -> None:
    end_of_router = ("name", f"to{net}", "netns", router.name)
    ip("link", "add", "up0", "netns", host.name, "type", "veth", "peer", *end_of_router)
    for end, name, own, other in ((host, "up0", "1", "2"), (router, f"to{net}", "2", "1")):
        end.ip("link", "set", name, "address", f"02:00:00:00:{net}:0{own}", "up")
        end.ip("addr", "add", f"10.{net}.0.{own}/24", "dev", name)
        end.ip("addr", "add", f"fd{net}::{own}/64", "dev", name, "nodad")
        # The two know each other from the start: the first question of a young IPv6 interface is lost for a second.
        for address in (f"10.{net}.0.{other}", f"fd{net}::{other}"):
            end.ip(
                "neigh", "replace", address, "lladdr", f"02:00:00:00:{net}:0{other}", "dev", name, "nud", "permanent"
            )
