"""Real programs as peers: started on free ports, ended by their own process id."""

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program whose output goes to a file, ended with the context."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def fetch(url: str, timeout: float = 5.0) -> str:
    """The text at a URL on loopback."""
    with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310  # the tests' own peers
        text: str = answer.read().decode()
        return text


def wait_for(url: str, within: float = 30.0) -> str:
    """The text at a URL as soon as it answers with status 200.

    Raises:
        TimeoutError: It did not within so many seconds.
    """
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            return fetch(url)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {within:.0f} s")


def installed(program: str) -> str | None:
    """Where a program is, also in the folders of system programs that a user's PATH leaves out."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/sbin")
