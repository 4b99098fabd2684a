"""linkward speed and the throughput peer of linkward reflect."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from exporters.speed_desk import SpeedResult
from model.speed_schedule import Skip
from monitor.cli import main
from monitor.cli.reflect import KEY
from monitor.cli.speed import _told
from tests.peers.api import Ward, served
from tests.peers.speed_desk import RESULT


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (RESULT, "286.4 Mbit/s on the wire; 273.1 Mbit/s of payload; 1.2 Mbit/s of others; 6 streams, 4.5 s, 155 MB; "),
        (RESULT, "round trip 4.1 ms idle, 18.9 ms under load; TCP efficiency 99.91%"),
        (
            replace(RESULT, is_lower_bound=True, why_lower_bound="not_full"),
            "at least 286.4 Mbit/s (not_full) on the wire",
        ),
        (
            replace(RESULT, bits_per_second=None, ending="cut", detail="no octet for 3 s"),
            "no figure: cut: no octet for",
        ),
        (replace(RESULT, skip="busy"), "planned, and not run: busy"),
    ],
)
def test_a_result_is_one_line(result: SpeedResult, words: str) -> None:
    """What was proved, or why nothing was."""
    assert words in _told(result)


async def test_the_last_tests_are_told_and_a_refusal_is_one_sentence() -> None:
    """Through the running daemon."""
    ward = Ward()
    ward.speeds.skip = Skip.BUDGET
    async with served(ward) as url:
        command = [sys.executable, "-m", "monitor", "speed", "office-vnpt", f"--url={url}"]
        last = await _run([*command, "--last"])
        refused = await _run(command)
    assert last[0] == 0
    assert last[1].startswith("2026-11-24 19:02:11Z download: 286.4 Mbit/s")
    assert (
        "download, 31 days, against 240.0 Mbit/s; mean 281.0 Mbit/s (276.0 Mbit/s to 286.0 Mbit/s, 95 % each side) of "
        "58 tests on 30 days: met; 1 fell short, 2 are lower bounds, 80 % reach it: met\n"
    ) in last[1]
    assert refused[0] == 2
    assert "less than a test may take: raise `budget_per_month`" in refused[2]


async def _run(command: list[str]) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


def test_a_reflector_is_a_throughput_peer_too(tmp_path: Path) -> None:
    """Where it is told the port and has a key; it says which port it is, and ends cleanly."""
    file = tmp_path / "speed.key"
    file.write_text("0123456789abcdef\n")
    options = ["--listen=127.0.0.1:0", "--speed-listen=127.0.0.1:0", f"--speed-key-file={file}"]
    command = [sys.executable, "-m", "monitor", "reflect", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as peer:
        assert peer.stdout is not None
        assert peer.stderr is not None
        said = peer.stdout.readline() + peer.stdout.readline()
        assert re.search(r"UDP port \d+.*\nThroughput peer on TCP port \d+", said)
        peer.send_signal(signal.SIGTERM)
        assert peer.stderr.read() == ""
    assert peer.returncode == 0


@pytest.mark.parametrize(
    ("options", "key", "words"),
    [
        (["--speed-listen=nonsense"], "0123456789abcdef", "--speed-listen=nonsense: not an address and port"),
        (["--speed-listen=127.0.0.1:0"], "", f"{KEY} holds no key of at least 16 characters"),
        (["--speed-listen=127.0.0.1:0"], "short", "holds no key of at least 16 characters"),
        (["--speed-listen=127.0.0.1:0", "--speed-key-file=/nonexistent/key"], "", "No such file"),
        (["--speed-listen=127.0.0.1:0", "--speed-hourly=20"], "0123456789abcdef", "--speed-hourly=20:"),
        (["--speed-listen=192.0.2.1:0"], "0123456789abcdef", "--speed-listen=192.0.2.1:0: this machine does not have"),
        (["--user=nobody-of-this-name"], "", "no such user"),
    ],
)
def test_what_cannot_be_is_told_before_anything_listens(options: list[str], key: str, words: str) -> None:
    """One sentence, status 2, and the key is not in it."""
    if "user" in options[0] and os.geteuid() != 0:
        pytest.skip("only root becomes somebody else")
    result = CliRunner().invoke(main, ["reflect", "--listen=127.0.0.1:0", *options], env={KEY: key})
    assert result.exit_code == 2
    assert words in result.stderr
    assert not key or len(key) < 16 or key not in result.stderr


def test_the_reflector_is_one_file_where_that_is_wanted(tmp_path: Path) -> None:
    """It runs by a bare Python, without anything installed, and is a throughput peer."""
    file, root = tmp_path / "reflect.pyz", Path(__file__).parents[3]
    subprocess.run([sys.executable, root / "scripts/make_reflector.py", file], check=True, capture_output=True)
    assert file.stat().st_size < 500_000
    options = ["--listen=127.0.0.1:0", "--speed-listen=127.0.0.1:0"]
    command = [sys._base_executable, "-I", "-S", str(file), *options]  # type: ignore[attr-defined]  # not the environment's
    environment = {KEY: "0123456789abcdef", "PATH": os.environ["PATH"]}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, cwd=tmp_path) as peer:
        assert peer.stdout is not None
        assert peer.stderr is not None
        said = peer.stdout.readline() + peer.stdout.readline()
        peer.send_signal(signal.SIGTERM)
        assert peer.stderr.read() == ""
    assert "Throughput peer on TCP port" in said
