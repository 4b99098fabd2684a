"""Profiles from files: the built-in ones, a folder of the user's own, and what is said of mistakes."""

from pathlib import Path

import pytest

from exporters.metrics import by_name
from model.health import Measure
from model.measurement import SystemFacts
from model.profile import GENERIC, chosen, joined
from monitor.config import ConfigError, load
from monitor.config.profiles import load_profiles, profiles_of

OWN = """
title: A box of ours
source: its manual
vendor: Us
match: [{object_id: 1.3.6.1.4.1.99999}]
includes: [host-resources]
readings:
  - {measure: temperature, oid: 1.3.6.1.4.1.99999.1.0, factor: 0.1}
"""
WARD = """
ward: {id: w}
credentials: {v2: {version: 2c, community: public}}
profiles: own
sites:
  - id: office
    devices:
      - {id: rt1, address: 127.0.0.1, snmp: {credentials: v2, profile: PROFILE}}
"""


def problems_of(path: Path) -> list[str]:
    """What is wrong with an inventory."""
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [str(problem) for problem in caught.value.problems]


def write(tmp_path: Path, own: str, profile: str = "auto") -> Path:
    """An inventory with a folder of profiles."""
    (tmp_path / "own").mkdir(exist_ok=True)
    (tmp_path / "own" / "our-box.yml").write_text(own, "utf-8")
    ward = tmp_path / "ward.yml"
    ward.write_text(WARD.replace("PROFILE", profile), "utf-8")
    return ward


def test_every_built_in_profile_is_valid_and_says_where_its_numbers_come_from() -> None:
    """Each has a title and a source; each but the building blocks says what it fits."""
    profiles = load_profiles()
    assert GENERIC in profiles
    assert all(profile.title and profile.source for profile in profiles.values())
    assert len([profile for profile in profiles.values() if profile.match]) >= 20


def test_every_measure_is_read_by_some_profile() -> None:
    """No metric is listed that no device could ever tell."""
    profiles = load_profiles()
    read = {source.measure for name in profiles for source in joined(profiles, name).readings}
    told_by_lte_alone = {Measure.LTE_RSRP, Measure.LTE_RSRQ, Measure.LTE_SINR}
    assert told_by_lte_alone <= read
    assert set(Measure) - read == set()


def test_what_is_exposed_is_in_the_table_of_metrics() -> None:
    """Names of snmp_exporter that a profile exposes have a type and a help."""
    exposed = [each for profile in load_profiles().values() for each in profile.exposed]
    names = {name for each in exposed for name in (*each.scalars, *each.columns, *each.fixed)}
    assert names <= by_name().keys()


def test_a_folder_adds_profiles_and_replaces_built_in_ones(tmp_path: Path) -> None:
    """A file of the name of a built-in profile stands in its place."""
    inventory = load(write(tmp_path, OWN, "our-box"))
    profiles = profiles_of(inventory)
    assert profiles["our-box"].vendor == "Us"
    assert "mikrotik" in profiles
    (tmp_path / "own" / "mikrotik.yml").write_text(OWN, "utf-8")
    assert profiles_of(inventory)["mikrotik"].vendor == "Us"


def test_a_mistake_in_a_profile_has_its_file_and_line(tmp_path: Path) -> None:
    """Found when the inventory is checked."""
    wrong = OWN.replace("factor: 0.1", "faktor: 0.1").replace("[host-resources]", "[host-resource]")
    found = problems_of(write(tmp_path, wrong))
    assert [problem.replace(str(tmp_path), "") for problem in found] == [
        "/own/our-box.yml:8: `faktor` is not a key of a reading of a profile: did you mean `factor`?",
    ]
    found = problems_of(write(tmp_path, OWN.replace("[host-resources]", "[host-resource]")))
    assert found[0].replace(str(tmp_path), "") == (
        "/own/our-box.yml:6: there is no profile `host-resource`: did you mean `host-resources`?"
    )


def test_every_mistake_has_a_mend(tmp_path: Path) -> None:
    """A measure that does not exist, a place that is none, a flag without its meanings."""
    for wrong, words in (
        ("measure: temprature", "`measure` cannot be `temprature`: did you mean `temperature`?"),
        ("measure: heat of the day", "`measure` cannot be `heat of the day`: write one of `cpu`, `memory`"),
        ("column: 1.3.6, measure: temperature", "either `oid` or `column` must be there: write one of the two"),
        ("measure: fan_ok", "`fan_ok` is 1 or 0: write `true_for` and `false_for`"),
    ):
        (found,) = problems_of(write(tmp_path, OWN.replace("measure: temperature", wrong)))
        assert words in found
        assert ":8: " in found


def test_a_metric_that_is_not_listed_cannot_be_exposed(tmp_path: Path) -> None:
    """The table of metrics stays the whole of what is exported."""
    own = OWN + "exposed: [{scalars: {myMetric: 1.3.6.1.4.1.99999.1.0}}]\n"
    (found,) = problems_of(write(tmp_path, own))
    assert ":9: there is no metric `myMetric`" in found


def test_a_profile_that_does_not_exist_is_named_with_the_nearest(tmp_path: Path) -> None:
    """`snmp.profile` is checked against the built-in profiles and the user's own."""
    (found,) = problems_of(write(tmp_path, OWN, "mikrotic"))
    assert found.endswith("ward.yml:8: there is no profile `mikrotic`: did you mean `mikrotik`?")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """At the line that names it."""
    ward = write(tmp_path, OWN)
    ward.write_text(ward.read_text("utf-8").replace("profiles: own", "profiles: owns"), "utf-8")
    (found,) = problems_of(ward)
    assert f"{ward}:4: there is no folder" in found


def test_a_folder_that_has_become_wrong_leaves_the_built_in_profiles(tmp_path: Path) -> None:
    """A daemon that runs goes on when a profile is spoiled between the check and the start."""
    inventory = load(write(tmp_path, OWN))
    (tmp_path / "own" / "our-box.yml").write_text("title: [", "utf-8")
    assert profiles_of(inventory) == load_profiles()


@pytest.mark.parametrize("name", ["auto.yml", "Our Box.yml"])
def test_a_file_has_the_name_of_a_profile(tmp_path: Path, name: str) -> None:
    """A name that a device could not write is refused."""
    ward = write(tmp_path, OWN)
    (tmp_path / "own" / name).write_text(OWN, "utf-8")
    assert "no name of a profile" in problems_of(ward)[0]


@pytest.mark.parametrize(
    ("object_id", "descr", "name"),
    [
        ("1.3.6.1.4.1.41112", "U6-Lite 6.6.77.15402", "ubiquiti-unifi"),
        ("1.3.6.1.4.1.41112.1.5", "EdgeOS v1.8.0", "ubiquiti-edgeos"),
        ("1.3.6.1.4.1.10002.1", "Linux 2.6.32", "ubiquiti-airos"),
        ("1.3.6.1.4.1.318.1.3.2.11", "APC Web/SNMP Management Card", "apc"),
        ("1.3.6.1.4.1.2011.2.115", "Huawei MA5608T", "huawei-olt"),
        ("1.3.6.1.4.1.2011.10.1.89", "H3C S5500", "comware"),
        ("1.3.6.1.4.1.3902.1082.1001.320.2.1", "C320", "zte-olt"),
        ("1.3.6.1.4.1.9.6.1.1004.28.5", "CBS350", "cisco-small-business"),
        ("1.3.6.1.4.1.99999", "A camera", "generic"),
    ],
)
def test_makers_are_told_apart(object_id: str, descr: str, name: str) -> None:
    """The longest sysObjectID among the built-in profiles; those of one maker do not shadow each other."""
    assert chosen(load_profiles(), SystemFacts(descr=descr, object_id=object_id), ()) == name


def test_no_two_profiles_claim_the_same_devices() -> None:
    """What fits equally well would be chosen by its name."""
    profiles = load_profiles()
    claims = [(match.object_id, match.descr, match.exists) for profile in profiles.values() for match in profile.match]
    assert len(claims) == len(set(claims))
