"""Which profile fits a device, what it includes, and what cannot be one."""

from typing import Any

import pytest
from pydantic import ValidationError

from model.measurement import SystemFacts
from model.profile import GENERIC, Match, Profile, Source, chosen, joined, wanted_scalars

NET_SNMP = "1.3.6.1.4.1.8072.3.2.10"


def profile(*matches: dict[str, Any], **keys: Any) -> Profile:
    """A profile that fits these."""
    return Profile.model_validate({"title": "t", "source": "s", "match": matches} | keys)


PROFILES = {
    GENERIC: profile(),
    "vendor": profile({"object_id": "1.3.6.1.4.1.9"}),
    "small": profile({"object_id": "1.3.6.1.4.1.9.6.1"}),
    "host": profile({"object_id": NET_SNMP}),
    "nas": profile({"object_id": NET_SNMP, "exists": "1.3.6.1.4.1.6574.1.5.1.0"}),
    "edge": profile({"descr": "^EdgeOS"}),
}


@pytest.mark.parametrize(
    ("object_id", "descr", "existing", "name"),
    [
        ("1.3.6.1.4.1.9.1.516", "", (), "vendor"),
        ("1.3.6.1.4.1.9.6.1.1004.28.5", "", (), "small"),
        ("1.3.6.1.4.1.99.1", "", (), GENERIC),
        ("1.3.6.1.4.1.90.1", "", (), GENERIC),
        ("", "", (), GENERIC),
        ("", "EdgeOS v1.8", (), "edge"),
        (NET_SNMP, "", (), "host"),
        (NET_SNMP, "", ("1.3.6.1.4.1.6574.1.5.1.0",), "nas"),
    ],
)
def test_the_most_specific_profile_is_chosen(object_id: str, descr: str, existing: tuple[str, ...], name: str) -> None:
    """The longest sysObjectID, whole arcs of it; then what else was asked for; generic for any other."""
    assert chosen(PROFILES, SystemFacts(descr=descr, object_id=object_id), existing) == name


def test_only_scalars_that_could_decide_are_asked_for() -> None:
    """A device of another vendor is not asked for the tables of a NAS."""
    assert wanted_scalars(PROFILES, SystemFacts(object_id=NET_SNMP)) == {"1.3.6.1.4.1.6574.1.5.1.0"}
    assert wanted_scalars(PROFILES, SystemFacts(object_id="1.3.6.1.4.1.9.1.1")) == frozenset()


def test_a_scalar_is_asked_of_those_alone_whom_nothing_surer_names() -> None:
    """What any maker's UPS answers is asked of an unknown device, not of one whose sysObjectID says who it is."""
    profiles = {**PROFILES, "ups": profile({"exists": "1.3.6.1.2.1.33.1.2.1.0"})}
    unknown = SystemFacts(object_id="1.3.6.1.4.1.99999.1")
    assert wanted_scalars(profiles, unknown) == {"1.3.6.1.2.1.33.1.2.1.0"}
    assert chosen(profiles, unknown, ("1.3.6.1.2.1.33.1.2.1.0",)) == "ups"
    assert wanted_scalars(profiles, SystemFacts(object_id="1.3.6.1.4.1.9.1.1")) == frozenset()


def test_a_profile_reads_its_own_first_and_then_what_it_includes() -> None:
    """Each part once, also where two include each other."""
    own, other = ({"measure": "cpu", "oid": f"1.3.6.1.4.1.99.{arc}.0"} for arc in (1, 2))
    profiles = {
        "a": profile(readings=[own], includes=["b"], model=[{"oid": "1.3.6.1.4.1.99.7.0"}]),
        "b": profile(readings=[other], includes=["a"]),
    }
    whole = joined(profiles, "a")
    assert [each.oid for each in whole.readings] == [own["oid"], other["oid"]]
    assert len(whole.model) == 1


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({"measure": "cpu"}, id="nowhere"),
        pytest.param({"measure": "cpu", "oid": "1.3.0", "column": "1.3"}, id="twice"),
        pytest.param({"measure": "cpu", "oid": "1.3.0", "where": [{"column": "1.3"}]}, id="rows of a scalar"),
        pytest.param({"measure": "fan_ok", "oid": "1.3.0"}, id="a flag without meanings"),
        pytest.param({"measure": "cpu", "oid": "1.3.0", "true_for": [1]}, id="meanings of a number"),
        pytest.param({"measure": "temperature", "oid": "1.3.0", "whole": "1.3.1"}, id="a share of degrees"),
        pytest.param({"measure": "cpu", "oid": "sysDescr.0"}, id="a name"),
        pytest.param({"measure": "cpu", "oid": "1.3.0", "named": "("}, id="no regular expression"),
        pytest.param({"measure": "colour", "oid": "1.3.0"}, id="no measure"),
    ],
)
def test_a_source_that_makes_no_sense_is_refused(keys: dict[str, Any]) -> None:
    """A mistake is told when the file is read, not by a metric that stays away."""
    with pytest.raises(ValidationError):
        Source.model_validate(keys)


def test_a_match_says_something() -> None:
    """A profile cannot fit everything by saying nothing."""
    with pytest.raises(ValidationError, match="matches everything"):
        Match()
