"""linkward run, as a process: it starts, serves, and ends cleanly; mistakes are sentences."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from model.measurement import ProbeKind
from monitor.cli import main

WARD = "sites: [{id: a, links: [{id: l, target: 'tcp://127.0.0.1:1'}]}]"


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_a_daemon_serves_and_ends_cleanly(tmp_path: Path, end: signal.Signals) -> None:
    """It says where it is, answers there, and ends with status 0 at a signal, without a warning or traceback."""
    config = tmp_path / "ward.yml"
    config.write_text(WARD)
    daemon = subprocess.Popen(
        [
            *(sys.executable, "-m", "monitor", "run", f"--config.file={config}", "--web.listen-address=127.0.0.1:0"),
            f"--storage.url=sqlite:///{tmp_path}/history.db",
        ],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    with daemon:
        assert daemon.stderr is not None
        # A state may be told before the address, where the machine is busy.
        url = next(found for line in daemon.stderr if (found := re.search(r"Linkward: (http://\S+)", line)))
        with urllib.request.urlopen(f"{url[1]}-/healthy") as answer:  # noqa: S310  # its own address
            assert answer.status == 200
        daemon.send_signal(end)
        rest = daemon.stderr.read()
    assert daemon.returncode == 0
    assert [line for line in rest.splitlines() if "Warning" in line or "Traceback" in line or "ERROR" in line] == []


@pytest.mark.parametrize(
    ("inventory", "words"),
    [
        ("sites: [", "ward.yml:1"),
        ("sites: [{id: a, lnks: []}]", "links"),
        ("storage: {url: '${NOT_SET_ANYWHERE}'}", "NOT_SET_ANYWHERE"),
    ],
)
def test_a_wrong_inventory_is_refused(tmp_path: Path, inventory: str, words: str) -> None:
    """Status 2, with file, line and mend, and nothing is started."""
    config = tmp_path / "ward.yml"
    config.write_text(inventory)
    result = CliRunner().invoke(main, ["run", f"--config.file={config}"])
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_inventory_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named, with status 2."""
    result = CliRunner().invoke(main, ["run", f"--config.file={tmp_path}/none.yml"])
    assert result.exit_code == 2
    assert "none.yml" in result.stderr


@pytest.mark.parametrize(
    ("address", "words"),
    [("127.0.0.1:99999", "listen address"), ("nonsense", "listen address"), ("192.0.2.1:1", "no such")],
)
def test_an_impossible_listen_address_is_refused(tmp_path: Path, address: str, words: str) -> None:
    """An address that cannot be is one sentence and status 2."""
    config = tmp_path / "ward.yml"
    config.write_text(WARD)
    arguments = [sys.executable, "-m", "monitor", "run", f"--config.file={config}", f"--web.listen-address={address}"]
    result = subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=False)
    assert result.returncode == 2
    assert words in result.stderr
    assert "Traceback" not in result.stderr


COMMANDS = (
    "run",
    "demo",
    "check",
    "export schema",
    "export rules",
    "reflect",
    *(f"probe {kind}" for kind in ProbeKind),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    """--help ends with status 0 and shows how the command is used."""
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert f"linkward {command}" in " ".join(result.output.split("Options:")[0].split())
