"""linkward add: a device by its address alone, against the real agent and recordings of real devices."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from model.inventory import Device
from monitor.cli import main
from monitor.config import load
from tests.peers.snmp_recordings import missing_tools, recordings, serving
from tests.peers.snmpd import AUTH_PASSPHRASE, PRIVACY_PASSPHRASE, Snmpd

recorded = pytest.mark.skipif(bool(missing_tools()), reason=missing_tools() or "-")

SIGNS = f'auth: SHA-256, auth_passphrase: "{AUTH_PASSPHRASE}"'
HIDES = f'privacy: AES-128, privacy_passphrase: "{PRIVACY_PASSPHRASE}"'


def ward(folder: Path, *credentials: str, language: str = "en") -> Path:
    """An inventory with one site, and credentials of these fields."""
    path = folder / "ward.yml"
    known = "".join(f"  c{number}: {{{fields}}}  # access {number}\n" for number, fields in enumerate(credentials))
    path.write_text(
        f"ward: {{id: w, language: {language}}}\ncredentials:\n{known}sites:\n"
        "  - id: office  # the ward's seat\n    links:\n      - id: line\n        target: icmp://192.0.2.1\n"
    )
    return path


def add(path: Path, port: int, *options: str, address: str = "127.0.0.1") -> Result:
    """Add what answers on a port of loopback."""
    arguments = ["add", address, f"--config.file={path}", f"--port={port}", "--timeout=500ms", *options]
    return CliRunner().invoke(main, arguments)


def added(path: Path) -> Device:
    """The only device."""
    (site,) = load(path).sites
    (device,) = site.devices
    return device


@pytest.mark.live
def test_a_real_host_over_every_version(snmpd: Snmpd, tmp_path: Path) -> None:
    """The first credentials that the agent takes are written; what stood in the file stays, comments and all."""
    for number, fields in enumerate((
        "version: 2c, community: public",
        f"version: 3, user: sha256_aes128, {SIGNS}, {HIDES}",
    )):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = ward(folder, fields)
        before = path.read_text().splitlines()
        result = add(path, snmpd.port, "--yes")
        assert result.exit_code == 0, result.output
        device = added(path)
        assert device.snmp is not None
        assert (device.address, device.role, device.snmp.credentials) == ("127.0.0.1", "server", "c0")
        assert [line for line in path.read_text().splitlines() if line in before] == before
        assert "+      - id: office-srv1" in result.stdout


@pytest.mark.live
def test_the_first_device_of_a_fresh_file(snmpd: Snmpd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no access is known yet, the usual one is tried, and written down with the device that takes it."""
    monkeypatch.delenv("SNMP_COMMUNITY", raising=False)
    path = tmp_path / "ward.yml"
    text = "ward: {id: w, language: en}\n\n# all of them\nsites:\n  - id: office\n"
    path.write_text(text)
    result = add(path, snmpd.port, "--yes")
    assert result.exit_code == 0, result.output
    assert (
        'credentials:\n  v2: {version: 2c, community: "${SNMP_COMMUNITY:-public}"}\n\n# all of them\nsites:'
        in path.read_text()
    )
    assert added(path).snmp is not None
    path.write_text(text)
    monkeypatch.setenv("SNMP_COMMUNITY", "hunter2")
    result = add(path, snmpd.port, "--yes")
    assert (result.exit_code, path.read_text()) == (1, text)
    assert "no access is known to any device" in result.stderr
    assert "hunter2" not in result.output


@pytest.mark.live
def test_nothing_is_written_without_a_yes(snmpd: Snmpd, tmp_path: Path) -> None:
    """The difference is shown, somebody says no, and the file is as it was."""
    path = ward(tmp_path, "version: 2c, community: public", language="vi")
    before = path.read_bytes()
    result = CliRunner().invoke(
        main, ["add", "127.0.0.1", f"--config.file={path}", f"--port={snmpd.port}"], input="n\n"
    )
    assert "không ghi gì" in result.stderr
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["ward.yml"]


@pytest.mark.live
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("version: 2c, community: hunter2", "takes none of these communities"),
        (f"version: 3, user: stranger, {SIGNS}", "does not know this user"),
        ('version: 3, user: sha256_no, auth: SHA-256, auth_passphrase: "hunter2 hunter2"', "its password is not"),
        (
            f'version: 3, user: sha256_aes128, {SIGNS}, privacy: AES-128, privacy_passphrase: "hunter2 hunter2"',
            "the second",
        ),
        ("version: 3, user: sha256_no", "does not let this user in like this"),
    ],
    ids=["community", "user", "key", "privacy", "level"],
)
def test_each_refusal_of_a_real_agent_has_its_own_words(snmpd: Snmpd, tmp_path: Path, fields: str, said: str) -> None:
    """Wrong community, unknown user, wrong key, wrong privacy key, level: each plainly, and no secret in it."""
    path = ward(tmp_path, fields)
    result = add(path, snmpd.port, "--yes")
    assert result.exit_code == 1
    assert said in result.stderr
    assert "hunter2" not in result.output
    assert "devices" not in path.read_text()


@pytest.mark.live
def test_a_closed_port_and_a_stranger(tmp_path: Path) -> None:
    """Nothing listens there: SNMP is off. A name that nobody has: write the address."""
    path = ward(tmp_path, "version: 2c, community: public")
    assert "its SNMP is off" in add(path, 9, "--yes").stderr
    result = add(path, 161, "--yes", address="nowhere.invalid")
    assert result.exit_code == 2
    assert "there is no device of this name" in result.stderr


@pytest.mark.live
def test_an_agent_that_permits_only_others(snmpd_binary: str, tmp_path: Path) -> None:
    """An access list that lacks this machine: its own address is named, to be permitted there."""
    with Snmpd(snmpd_binary, tmp_path, also="rocommunity elsewhere 192.0.2.0/24\n") as agent:
        path = ward(tmp_path, "version: 2c, community: elsewhere")
        result = add(path, agent.port, "--yes")
    assert result.exit_code == 1
    assert "permit 127.0.0.1 there" in result.stderr


@pytest.mark.root
def test_a_box_that_answers_pings_and_says_nothing(tmp_path: Path) -> None:
    """A filter that drops: the box is on, and the three reasons are told with our own address."""
    if os.geteuid() != 0:
        pytest.skip("pings need root here")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        result = add(ward(tmp_path, "version: 2c, community: public"), mute.getsockname()[1], "--yes")
    assert result.exit_code == 1
    assert "is on, but does not answer to SNMP. One of three" in result.stderr
    assert "permit 127.0.0.1" in result.stderr


@pytest.mark.live
def test_an_agent_whose_count_of_boots_has_run_out(snmpd_binary: str, tmp_path: Path) -> None:
    """RFC 3414 §2.2.2: at 2147483647 boots an engine takes no signed request any more; that is said."""
    agent = Snmpd(snmpd_binary, tmp_path)
    with agent:  # which leaves a state behind that belongs to its engine
        pass
    state = tmp_path / "state" / "snmpd.conf"
    state.write_text(re.sub(r"engineBoots \d+", "engineBoots 2147483646", state.read_text()))
    with agent:
        result = add(ward(tmp_path, f"version: 3, user: sha256_no, {SIGNS}"), agent.port, "--yes")
    assert result.exit_code == 1
    assert "own clock for SNMP has run out" in result.stderr, result.stderr


# By hand, from sysObjectID and sysDescr of each recording.
EXPECTED = {
    "routeros_rb760igs": ("MikroTik", "router"),
    "swos_css326-24g-2s+": ("MikroTik", "switch"),
    "draytek": ("DrayTek", "router"),
    "huawei-s5720": ("Huawei", "switch"),
    "zxr10_5950": ("ZTE", "switch"),
    "zxa10_c320": ("ZTE", "other"),
    "cisco-c3750": ("Cisco", "switch"),
    "ios_2960x": ("Cisco", "switch"),
    "ciscosb_cbs350": ("Cisco", "switch"),
    "comware_a5500": ("H", "switch"),
    "procurve_e2910": ("H", "switch"),
    "arubaos-cx_10.10": ("", "switch"),
    "ruijie": ("Ruijie", "switch"),
    "edgeos": ("Ubiquiti", "router"),
    "airos_airos8": ("Ubiquiti", "ap"),
    "tplink_td-w9970": ("TP-Link", "router"),
    "junos_ber": ("Juniper", "router"),
    "fortigate": ("Fortinet", "router"),
    "slackware": ("", "server"),
    "dsm": ("", "server"),
    "cyberpower_pr2200rt2uc": ("CyberPower", "ups"),
    "eaton-mgeups_9pxle": ("Eaton", "ups"),
    "dlink_dgs-1510-28": ("D-Link", "switch"),
    "brother": ("Brother", "other"),
    "vsolution_v1600d": ("V-SOL", "other"),
}


@pytest.fixture(scope="module")
def responder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port where every recording answers to its name as the community."""
    with serving(tmp_path_factory.mktemp("recordings"), recordings()) as port:
        yield port


@recorded
@pytest.mark.recordings
@pytest.mark.parametrize("name", EXPECTED)
def test_every_vendors_device_is_added_by_its_address(responder: int, tmp_path: Path, name: str) -> None:
    """Vendor and role are found and a valid inventory is written; no OID was typed and none is in it."""
    path = ward(tmp_path, f'version: 2c, community: "{name}"')
    result = add(path, responder, "--yes")
    assert result.exit_code == 0, result.output
    vendor, role = EXPECTED[name]
    device = added(path)
    assert (device.role, device.name.startswith(vendor)) == (role, True), device
    assert not re.search(r"1\.3\.6\.1", path.read_text())


@recorded
@pytest.mark.recordings
def test_the_way_up_and_the_parent_of_a_real_switch(responder: int, tmp_path: Path) -> None:
    """The S5720's gateway 10.20.101.1 is seen behind XGigabitEthernet0/0/1; where it is known, it is the parent."""
    path = ward(tmp_path, 'version: 2c, community: "huawei-s5720"')
    path.write_text(path.read_text() + "    devices:\n      - {id: core, address: 10.20.101.1, role: router}\n")
    result = add(path, responder, "--yes")
    assert "its way up is the port XGigabitEthernet0/0/1 (behind it lies 10.20.101.1)" in result.stderr, result.output
    assert load(path).sites[0].devices[-1].depends_on == ("core",)


@recorded
@pytest.mark.recordings
def test_the_port_of_a_router_becomes_its_lines_interface(responder: int, tmp_path: Path) -> None:
    """A router with a way up, at a site with one line that names no port: the line gets it."""
    path = ward(tmp_path, 'version: 2c, community: "routeros_rb760igs"')
    assert add(path, responder, "--yes", "--id=rt1").exit_code == 0
    assert load(path).sites[0].links[0].interface == "rt1/sfp1"


@recorded
@pytest.mark.recordings
def test_a_line_is_added_with_its_router(responder: int, tmp_path: Path) -> None:
    """Where the provider is said, the line comes too: by the port of the way up, probed by the router's own address."""
    path = ward(tmp_path, 'version: 2c, community: "routeros_rb760igs"')
    assert add(path, responder, "--yes", "--id=rt1", "--provider=VNPT Hà Nội").exit_code == 0
    link = load(path).sites[0].links[-1]
    assert (link.id, link.provider, link.interface) == ("office-vnpt-ha-noi", "VNPT Hà Nội", "rt1/sfp1")
    assert [str(target) for target in link.targets] == ["icmp://127.0.0.1"]


@pytest.mark.live
def test_a_script_gets_a_status_and_no_question(snmpd: Snmpd, tmp_path: Path) -> None:
    """The console script itself, with standard input closed: with --yes it writes, and the second time refuses."""
    path = ward(tmp_path, "version: 2c, community: public")
    command = [
        sys.executable,
        "-m",
        "monitor",
        "add",
        "127.0.0.1",
        f"--config.file={path}",
        f"--port={snmpd.port}",
        "--yes",
    ]
    first, second = (
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False) for _ in range(2)
    )
    assert (first.returncode, second.returncode) == (0, 2)
    assert "already" in second.stderr
    assert "Traceback" not in first.stderr + second.stderr
