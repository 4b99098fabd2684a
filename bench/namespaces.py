"""Network namespaces: hosts of their own, with the interfaces that they are given, all in this machine."""

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
