"""linkward check: 0 all is well, 1 something does not answer, 2 the inventory cannot be used."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a TCP listener on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def check(folder: Path, inventory: str, *options: str) -> Result:
    """Check an inventory of this text."""
    path = folder / "ward.yml"
    path.write_text(inventory)
    return CliRunner().invoke(main, ["check", str(path), *options], env={"COLUMNS": "200"})


def test_a_right_inventory_is_counted(tmp_path: Path) -> None:
    """What is in it is told, so that a forgotten file is noticed."""
    result = check(tmp_path, "sites: [{id: a, links: [{id: l, target: 'icmp://127.0.0.1'}]}]")
    assert result.exit_code == 0
    assert "1 site, 0 devices, 1 link, 0 services: the inventory is right" in result.stdout


def test_a_wrong_inventory_names_every_place(tmp_path: Path) -> None:
    """Two mistakes, two lines on standard error, status 2."""
    result = check(tmp_path, "sites:\n  - id: A\n    links:\n      - {id: l, target: nowhere}\n")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert [line.split(": ")[0].rpartition(":")[2] for line in result.stderr.splitlines()] == ["2", "4"]


def test_trying_everything(tmp_path: Path, port: int) -> None:
    """With --probe each target is asked once: a table, and status 0 where all answer."""
    result = check(tmp_path, f"sites: [{{id: a, links: [{{id: l, target: 'tcp://127.0.0.1:{port}'}}]}}]", "--probe")
    assert result.exit_code == 0, result.output
    assert "link l" in result.stdout
    assert "1 of 1 probes were answered as they should be" in result.stdout


def test_what_does_not_answer_is_named(tmp_path: Path, port: int) -> None:
    """With one silent target the status is 1, and its row says why."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        mute = silent.getsockname()[1]
        links = (
            f"{{id: good, target: 'tcp://127.0.0.1:{port}'}}, "
            f"{{id: mute, target: 'stamp://127.0.0.1:{mute}', timeout: 200ms}}"
        )
        result = check(tmp_path, f"sites: [{{id: a, links: [{links}]}}]", "--probe")
    assert result.exit_code == 1
    row = next(line for line in result.stdout.splitlines() if "link mute" in line)
    assert "timeout" in row
    assert "1 of 2 probes were answered as they should be" in result.stdout
