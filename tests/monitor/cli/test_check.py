"""linkward check: 0 all is well, 1 something does not answer, 2 the inventory cannot be used."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from tests.peers.snmp import SnmpPeer, agent_mib


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a TCP listener on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def check(folder: Path, inventory: str, *options: str, columns: int = 200) -> Result:
    """Check an inventory of this text, on a terminal so wide."""
    path = folder / "ward.yml"
    path.write_text(inventory)
    return CliRunner().invoke(main, ["check", str(path), *options], env={"COLUMNS": str(columns)})


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
    assert "answered as they should: 1 of 1 probe" in result.stdout


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
    assert "answered as they should: 1 of 2 probes" in result.stdout


def test_a_narrow_terminal_hides_nothing(tmp_path: Path) -> None:
    """At 80 columns the table is cut, and below it each failure stands whole, on a line of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        target = f"stamp://127.0.0.1:{silent.getsockname()[1]}"
        name = "diem-phuc-vu-hanh-chinh-cong-xuan-tao-viettel"
        links = f"{{id: {name}, target: '{target}', timeout: 200ms}}"
        result = check(tmp_path, f"sites: [{{id: a, links: [{links}]}}]", "--probe", columns=80)
    address = target.removeprefix("stamp://")
    place = address.replace(":", " port ")
    line = f"link {name}: stamp {address}: timeout: {place}: no STAMP answer within "
    assert [each for each in result.stdout.splitlines() if each.startswith(line)]
    table = result.stdout.partition("site ")[2].partition("\nlink ")[0].splitlines()
    assert any(address in each for each in table)
    assert max(map(len, table)) <= 80


async def test_an_interface_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """A port of another name is status 1, with the names that the device has; one that is there is none."""
    async with SnmpPeer(agent_mib({1: "lo", 2: "eth0"})) as peer:
        device = f"{{id: rt1, address: 127.0.0.1, icmp: false, snmp: {{credentials: c, port: {peer.port}}}}}"
        link = "{id: l, target: snmp://rt1, interface: rt1/%s}"
        inventory = (
            "credentials: {c: {version: 2c, community: public}}\n"
            f"sites: [{{id: a, devices: [{device}], links: [{link}]}}]"
        )
        wrong = await asyncio.to_thread(check, tmp_path, inventory % "ether1", "--probe")
        right = await asyncio.to_thread(check, tmp_path, inventory % "eth0", "--probe")
    assert wrong.exit_code == 1, wrong.output
    assert "rt1 has no interface `ether1`, which link l names: write one of lo, eth0\n" in wrong.stdout
    assert "answered as they should: 2 of 2 probes" in wrong.stdout
    assert right.exit_code == 0, right.output
    assert "has no interface" not in right.stdout


def test_a_right_web_configuration_is_told(tmp_path: Path) -> None:
    """Beside the inventory, which is told first; nothing is said of it where none is named."""
    web = tmp_path / "web.yml"
    web.write_text("rate_limit: {interval: 1s, burst: 5}\n")
    result = check(tmp_path, "sites: [{id: a}]", f"--web.config.file={web}")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[1:] == [f"{web}: the web configuration is right"]
    assert "web configuration" not in check(tmp_path, "sites: [{id: a}]").stdout


def test_a_wrong_web_configuration_names_every_place(tmp_path: Path) -> None:
    """With file and line, status 2, and no word of a hash; together with what is wrong in the inventory."""
    web = tmp_path / "web.yml"
    web.write_text("basic_auth_users:\n  anna: planted-secret\ntls_server_config: {cert_file: none.crt}\n")
    alone = check(tmp_path, "sites: [{id: a}]", f"--web.config.file={web}")
    assert (alone.exit_code, alone.stdout.count("is right")) == (2, 1)
    places = [line.partition(": ")[0] for line in alone.stderr.splitlines()]
    assert places
    assert all(place.startswith(f"{web}:") and place.rpartition(":")[2].isdigit() for place in places)
    assert "planted-secret" not in alone.output
    both = check(tmp_path, "sites: [{id: A}]", f"--web.config.file={web}")
    assert both.exit_code == 2
    assert both.stderr.splitlines()[0].startswith(f"{tmp_path / 'ward.yml'}:1: ")
    assert both.stderr.splitlines()[1:] == alone.stderr.splitlines()


def test_a_certificate_that_cannot_be_read_is_named_where_it_stands(tmp_path: Path) -> None:
    """A file that is missing is told with the line of the key that names it."""
    web = tmp_path / "web.yml"
    web.write_text("tls_server_config:\n  cert_file: none.crt\n  key_file: none.key\n")
    result = check(tmp_path, "sites: [{id: a}]", f"--web.config.file={web}")
    assert result.exit_code == 2
    assert f"{web}:2: " in result.stderr
    assert "none.crt" in result.stderr
