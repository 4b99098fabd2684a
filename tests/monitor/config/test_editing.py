"""An inventory is edited where it stands: nothing else in the file moves, and nothing half-done is left."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import ConfigError, load
from monitor.config.editing import Addition, Amendment, Change, Draft, Opening
from monitor.config.loading import load_checked
from monitor.config.replacing import Revision, difference, revise, write
from monitor.config.written import Record, flow

ROOT = Path(__file__).parents[3]
DEVICE: Record = {"id": "new-rt1", "name": "Bộ định tuyến: mới", "address": "10.20.9.1", "role": "router"}
SITE: Record = {"id": "new", "name": "Nhà văn hóa", "links": [{"id": "new-l", "target": "icmp://10.20.9.1"}]}


def revised(folder: Path, text: str, *changes: Change) -> str:
    """The text of a file after changes."""
    path = folder / "ward.yml"
    path.write_text(text, newline="")
    (revision,) = revise(path, changes)
    write(revision)
    return path.read_bytes().decode()


def added_lines(before: str, after: str) -> list[str]:
    """What is new, once it is proved that every old line is still there in its order."""
    rest = iter(after.splitlines())
    new: list[str] = []
    for line in before.splitlines():
        for found in rest:
            if found == line:
                break
            new.append(found)
        else:
            pytest.fail(f"lost: {line}")
    return [*new, *rest]


def test_a_device_goes_to_the_end_of_its_site(tmp_path: Path) -> None:
    """In the example every line stays, and the new ones are indented as their neighbours."""
    text = (ROOT / "examples/ward.yml").read_text()
    after = revised(tmp_path, text, Addition(DEVICE, "devices", "office"))
    assert added_lines(text, after) == [
        "      - id: new-rt1",
        '        name: "Bộ định tuyến: mới"',
        "        address: 10.20.9.1",
        "        role: router",
    ]
    assert after.index("id: office-ups") < after.index("id: new-rt1") < after.index("links:")


@pytest.mark.parametrize(
    "text",
    [
        "sites:\n  - id: a\n    links: [{id: l, target: 'icmp://192.0.2.1'}]\n",
        "sites:\n- id: a\n  devices:\n  - id: d\n    address: 192.0.2.1  # here\n  # of the next list\n  links: []\n",
        "sites:\n  - id: a\n    devices:\n      - {id: d, address: 192.0.2.1} # here\n      # and here\n",
        "sites: [{id: a, devices: [{id: d, address: 192.0.2.1}]}]",
        "sites: [\n  {id: a, devices: [\n    {id: d, address: 192.0.2.1}, # here\n  ]},\n]\n",
        "sites:\n  - id: a\n    devices: []\n",
        "sites:\n  - id: a\n    devices: [ ] # here\n    links: []\n",
        "sites:\n  - {id: a, devices: [ # here\n  ]}\n",
        "sites:\r\n  - id: a\r\n    name: Trụ sở\r\n    links:\r\n      - id: l\r\n        target: icmp://192.0.2.1\r\n",
        "sites:\n  - id: a\n    name: |\n      Trụ sở\n\n\nanchors: []\n",
        "sites:\n  - id: a\n    devices:\n      - id: d\n        address: 192.0.2.1\n        # snmp: off\n\n\n# end",
    ],
)
def test_every_layout_takes_a_device(tmp_path: Path, text: str) -> None:
    """Blocks, braces, empty lists, lists that are not there yet, Windows' line ends, files without a last line end."""
    after = revised(tmp_path, text, Addition(DEVICE, "devices", "a"))
    device = load(tmp_path / "ward.yml").sites[0].devices[-1]
    assert (device.id, device.name) == ("new-rt1", "Bộ định tuyến: mới")
    assert ("\r\n" in after) == ("\r\n" in text)
    assert after.count("\n") - after.count("\r\n") in {0, after.count("\n")}
    for comment in ("# here", "# and here", "# of the next list", "# snmp: off", "# end"):
        assert text.count(comment) == after.count(comment)


def test_sites_keep_their_distance(tmp_path: Path) -> None:
    """Where blank lines stand between sites, one stands before a new one too; what follows the list stays below."""
    text = (ROOT / "examples/ward.yml").read_text()
    after = revised(tmp_path, text, Addition(SITE, "sites"))
    new = added_lines(text, after)
    assert "  - id: new" in new
    assert "\n\n  - id: new\n" in after
    assert after.index("- id: new") < after.index("# Near the monitor")


def test_what_goes_into_the_last_site_comes_before_the_next(tmp_path: Path) -> None:
    """A link for the last site and a new site end at the same place, each where it belongs."""
    text = "sites:\n  - id: a\n    links:\n      - id: l\n        target: icmp://192.0.2.1\n"
    link = {"id": "l2", "target": "icmp://192.0.2.2"}
    revised(tmp_path, text, Addition(SITE, "sites"), Addition(link, "links", "a"), Amendment("l", "provider", "VNPT"))
    first, second = load(tmp_path / "ward.yml").sites
    assert [(each.id, each.provider) for each in first.links] == [("l", "VNPT"), ("l2", "")]
    assert second.id == "new"


def test_a_value_is_replaced_and_its_comment_stays(tmp_path: Path) -> None:
    """One value changes; the words behind it do not."""
    text = "sites:\n  - id: a\n    links:\n      - id: l\n        target: icmp://192.0.2.1  # the gateway\n"
    after = revised(tmp_path, text, Amendment("l", "target", ["icmp://192.0.2.2", "tcp://192.0.2.3:443"]))
    assert "target: [icmp://192.0.2.2, tcp://192.0.2.3:443]  # the gateway" in after


def test_a_list_of_dashes_is_replaced_unless_it_holds_comments(tmp_path: Path) -> None:
    """On one line instead; where somebody has written why, it is left to a person."""
    head = "sites:\n  - id: a\n    devices:\n      - id: d\n        depends_on:\n"
    tail = "        address: 192.0.2.1\n      - {id: e, address: 192.0.2.2}\n      - {id: f, address: 192.0.2.3}\n"
    change = Amendment("d", "depends_on", ["f"])
    after = revised(tmp_path, f"{head}          - e  # the cellar\n{tail}", change)
    assert "        depends_on: [f]  # the cellar\n        address: 192.0.2.1\n" in after
    (tmp_path / "ward.yml").write_text(f"{head}          - e  # the cellar\n          - f\n{tail}")
    with pytest.raises(ConfigError, match="holds comments"):
        revise(tmp_path / "ward.yml", [change])


def test_an_opening_stands_before_the_sites_and_their_comment(tmp_path: Path) -> None:
    """In a file of braces it is refused."""
    opening = Opening("credentials", ("credentials:", "  v2: {version: 2c, community: public}"))
    after = revised(tmp_path, "ward: {id: w}\n# ours\nsites: []\n", opening)
    assert after == "ward: {id: w}\ncredentials:\n  v2: {version: 2c, community: public}\n\n# ours\nsites: []\n"
    (tmp_path / "ward.yml").write_text("{sites: []}\n")
    with pytest.raises(ConfigError, match="in braces"):
        revise(tmp_path / "ward.yml", [opening])


def test_in_a_folder_the_file_of_the_site_is_edited(tmp_path: Path) -> None:
    """Of several files only the one that holds the site changes."""
    (tmp_path / "a.yml").write_text("sites:\n  - id: a\n    devices: []\n")
    (tmp_path / "b.yml").write_text("sites:\n  - id: b\n    devices: []\n")
    (revision,) = revise(tmp_path, [Addition(DEVICE, "devices", "a")])
    assert revision.path == tmp_path / "a.yml"
    lines = [line for line in difference([revision]) if line[:1] in "+-"]
    assert lines[2:5] == ["-    devices: []", "+    devices:", "+      - id: new-rt1"]


def test_what_reaches_further_is_refused(tmp_path: Path) -> None:
    """An anchor that another site uses is not edited behind that site's back; one that nobody uses may be."""
    path = tmp_path / "ward.yml"
    path.write_text("sites:\n  - {id: a, team: &t ict}\n  - {id: b, team: *t}\nteams: {ict: {members: [an]}}\n")
    path.write_text(path.read_text() + "people: {an: {name: An}}\n")
    with pytest.raises(ConfigError, match=r"an alias stands here|other records"):
        revise(path, [Amendment("b", "team", "ict")])
    path.write_text("sites:\n  - &first\n    id: a\n    devices: &d [{id: d, address: 192.0.2.1}]\n")
    assert revise(path, [Addition(DEVICE, "devices", "a")])


@given(
    st.lists(st.tuples(st.integers(0, 29), st.sampled_from(["name", "provider", "circuit"])), unique=True, max_size=8)
)
def test_the_difference_is_what_a_patch_needs(changes: list[tuple[int, str]]) -> None:
    """Applied to the old text line by line, the difference gives the new one, whatever changes together."""
    text = "sites:\n" + "".join(
        f"  - id: s{n}\n    links:\n      - id: l{n}\n        target: icmp://192.0.2.1\n"
        + ("        name: x\n" * (n % 2))
        for n in range(30)
    )
    draft = Draft("ward.yml", text)
    for number, key in changes:
        draft.amend(Amendment(f"l{number}", key, "new"))
    revision = Revision(Path("ward.yml"), text, draft.text(), tuple(draft.touched()))
    assert patched(text, difference([revision])) == draft.text()


def patched(text: str, lines: list[str]) -> str:
    """A text with a unified difference applied to it, strictly."""
    before, after, at = text.split("\n"), [], 0
    for line in lines[2:]:
        if line.startswith("@@"):
            first = int(line.split()[1].split(",")[0][1:]) - 1
            after += before[at:first]
            at = first
        elif line.startswith("+"):
            after.append(line[1:])
        else:
            assert before[at] == line[1:]
            at += 1
            after += [line[1:]] if line.startswith(" ") else []
    return "\n".join([*after, *before[at:]])


def test_an_invalid_result_is_never_written(tmp_path: Path) -> None:
    """A second record of the same id is refused with its place in the file that would be."""
    path = tmp_path / "ward.yml"
    path.write_text("sites:\n  - id: new-rt1\n    devices: []\n")
    with pytest.raises(ConfigError, match="already"):
        revise(path, [Addition(DEVICE, "devices", "new-rt1")])


def test_a_file_that_somebody_else_changed_is_left_alone(tmp_path: Path) -> None:
    """Between reading and writing lies a person's yes; what an editor saved meanwhile is not lost."""
    path = tmp_path / "ward.yml"
    path.write_text("sites:\n  - id: a\n")
    (revision,) = revise(path, [Addition(DEVICE, "devices", "a")])
    path.write_text("sites:\n  - id: a\n    name: Trụ sở\n")
    with pytest.raises(ConfigError, match="somebody else"):
        write(revision)
    assert path.read_text() == "sites:\n  - id: a\n    name: Trụ sở\n"
    assert [each.name for each in tmp_path.iterdir()] == ["ward.yml"]


def test_rights_links_and_byte_order_mark_stay(tmp_path: Path) -> None:
    """A file that only its owner may read stays so; a link still is one; Notepad's mark is kept."""
    real, path = tmp_path / "real.yml", tmp_path / "ward.yml"
    real.write_bytes(b"\xef\xbb\xbfsites:\n  - id: a\n")
    real.chmod(0o600)
    path.symlink_to(real)
    (revision,) = revise(path, [Addition(DEVICE, "devices", "a")])
    write(revision)
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o600
    assert real.read_bytes().startswith(b"\xef\xbb\xbfsites:")
    assert load(path).sites[0].devices


def test_text_of_strangers_is_never_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A device that calls itself ${file:/etc/passwd} is called so, and no file is read."""
    monkeypatch.setenv("SECRET", "s3cret")
    for name in ("${file:/etc/passwd}", "$${SECRET}", "${SECRET}", "a ${"):
        revised(tmp_path, "sites:\n  - id: a\n", Addition({**DEVICE, "name": name}, "devices", "a"))
        assert load(tmp_path / "ward.yml", os.environ).sites[0].devices[0].name == name


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp")), min_size=1))
def test_any_text_reads_back(name: str) -> None:
    """Whatever stands in a sheet or a sysName comes back from YAML as it was, in a block and in braces."""
    path = Path("ward.yml")
    texts = {path: f"sites:\n  - {{id: a, name: {flow(name)}}}\n  - id: b\n    name: {flow(name)}\n"}
    assert {site.name for site in load_checked(path, {}, texts)[0].sites} == {name}
