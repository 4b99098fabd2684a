"""linkward reflect: it answers, and ends when it is told to."""

import re
import signal
import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner

from monitor.cli import main


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_reflector_answers_and_ends_cleanly(end: signal.Signals) -> None:
    """It says where it listens, reflects there, and ends with status 0 at a signal, without a word."""
    command = [sys.executable, "-m", "monitor", "reflect", "--listen=127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as reflector:
        assert reflector.stdout is not None
        assert reflector.stderr is not None
        port = re.search(r"port (\d+)", reflector.stdout.readline())
        assert port is not None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.settimeout(5)
            sender.sendto(bytes(44), ("127.0.0.1", int(port[1])))
            assert len(sender.recv(100)) == 44
        reflector.send_signal(end)
        assert reflector.stderr.read() == ""
    assert reflector.returncode == 0


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "not an address and port"),
        ("127.0.0.1:99999", "not an address and port"),
        ("192.0.2.1:0", "does not"),
    ],
)
def test_an_impossible_address_is_refused(address: str, words: str) -> None:
    """One sentence and status 2, before anything listens."""
    result = CliRunner().invoke(main, ["reflect", f"--listen={address}"])
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output
