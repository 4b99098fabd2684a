"""NetBox is read, page by page, and nothing of its token is ever seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.config import load
from tests.peers.netbox import TOKEN, NetBoxPeer, ward_of_netbox


@pytest.fixture
def netbox() -> Iterator[NetBoxPeer]:
    """A NetBox with a small ward."""
    with NetBoxPeer(ward_of_netbox()) as peer:
        yield peer


def run(folder: Path, url: str, *options: str, token: str = TOKEN) -> Result:
    """Import it into the ward's inventory."""
    path, file = folder / "ward.yml", folder / "token"
    file.write_text(f"{token}\n")
    if not path.exists():
        path.write_text('credentials: {v2: {version: 2c, community: "public"}}  # all alike\nsites: []\n')
    arguments = ["import", "netbox", url, f"--token-file={file}", f"--config.file={path}", *options]
    return CliRunner().invoke(main, arguments)


def test_sites_devices_and_circuits(netbox: NetBoxPeer, tmp_path: Path) -> None:
    """What is in use comes over with its places, roles, speeds and ports; what cannot be probed is named."""
    result = run(tmp_path, netbox.url, "--yes")
    assert result.exit_code == 0, result.output
    office, hamlet = load(tmp_path / "ward.yml").sites
    assert (office.id, office.name, office.location) == ("office", "Trụ sở UBND phường", (21.0712, 105.7843))
    assert [(each.id, each.address, each.role) for each in office.devices] == [
        ("office-rt1", "10.20.0.1", "router"),
        ("sw-tang-1", "10.20.0.2", "switch"),
    ]
    assert office.devices[0].snmp is not None
    first, second = office.links
    assert (first.id, first.circuit, first.interface) == ("office-vnpt", "HN-0123", "office-rt1/ether1")
    assert first.contracted is not None
    assert second.contracted is not None
    assert (first.contracted.download, first.contracted.upload) == (300e6, 300e6)
    assert (second.contracted.download, second.contracted.upload) == (200e6, 100e6)
    assert [str(each) for each in second.targets] == ["icmp://10.20.0.1"]
    assert (hamlet.links, hamlet.location) == ((), None)
    assert "circuit HN-0125 leads to no device" in result.stderr


def test_it_is_only_read_and_a_second_time_changes_nothing(netbox: NetBoxPeer, tmp_path: Path) -> None:
    """GET and nothing else; what is there already is recognised by its address and its circuit."""
    run(tmp_path, netbox.url, "--yes")
    before = (tmp_path / "ward.yml").read_text()
    text = (
        before
        .replace("id: office-rt1", "id: gate")
        .replace("office-rt1/ether1", "gate/ether1")
        .replace("office-vnpt", "own")
    )
    (tmp_path / "ward.yml").write_text(text)
    again = run(tmp_path, netbox.url, "--yes")
    assert again.exit_code == 0
    assert "id: gate" in (tmp_path / "ward.yml").read_text()
    assert (tmp_path / "ward.yml").read_text().count("- id: ") == before.count("- id: ")
    assert {method for method, _ in netbox.requests} == {"GET"}


def test_the_token_goes_to_nobody_else(netbox: NetBoxPeer, tmp_path: Path) -> None:
    """A next page at another host is asked at the one that the token was meant for."""
    with NetBoxPeer({}) as stranger:
        netbox.says = stranger.url
        assert run(tmp_path, netbox.url, "--yes").exit_code == 0
        assert stranger.requests == []


@pytest.mark.parametrize(
    ("status", "said"),
    [(200, "refuses the token"), (500, "no NetBox"), (302, "no NetBox")],
    ids=["token", "error", "moved"],
)
def test_what_goes_wrong_is_one_sentence_without_the_token(
    netbox: NetBoxPeer, tmp_path: Path, status: int, said: str
) -> None:
    """A wrong token, an error, a redirect: status 2, what to do, and the file as it was."""
    netbox.status = status
    token = "wrong-but-secret-token" if status == 200 else TOKEN
    result = run(tmp_path, netbox.url, "--yes", token=token)
    assert result.exit_code == 2
    assert said in result.stderr
    assert token not in result.output
    assert "sites: []" in (tmp_path / "ward.yml").read_text()


@pytest.mark.parametrize("url", ["netbox.example", "ftp://netbox", "http://an:s3cret@netbox"])
def test_an_address_that_is_none(tmp_path: Path, url: str) -> None:
    """No scheme, another scheme, a password in it: refused before anything is sent."""
    result = run(tmp_path, url)
    assert result.exit_code == 2
    assert "s3cret" not in result.output


def test_a_page_that_is_too_large_is_said(netbox: NetBoxPeer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be a page of a list ends the reading: status 2, and why."""
    monkeypatch.setattr("monitor.enrol.netbox.LARGEST", 100)
    result = run(tmp_path, netbox.url)
    assert result.exit_code == 2
    assert "a page has more than 100 bytes" in result.stderr


def test_nobody_answers(tmp_path: Path) -> None:
    """A closed port is said so."""
    assert "nothing answers at http://127.0.0.1:9" in run(tmp_path, "http://127.0.0.1:9").stderr
