"""The cross-checks: every name exists, every id is there once, nothing goes in circles, nothing is left over."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.cycles import find_cycles
from model.finding import Finding, Path
from model.inventory import Inventory
from model.references import check


def findings(**facts: Any) -> tuple[Finding, ...]:
    """What is wrong with an inventory of these facts."""
    return check(Inventory.model_validate(facts), presets=("office", "community-point"))


def errors(**facts: Any) -> list[Path]:
    """Where something is wrong, warnings left out."""
    return [finding.path for finding in findings(**facts) if not finding.is_warning]


def site(**facts: Any) -> dict[str, Any]:
    """A site."""
    return {"id": "s", **facts}


def device(name: str, **facts: Any) -> dict[str, Any]:
    """A device."""
    return {"id": name, "address": "10.20.0.1", **facts}


def link(name: str, **facts: Any) -> dict[str, Any]:
    """A link."""
    return {"id": name, "target": "icmp://203.0.113.1", **facts}


V2 = {"v2": {"version": "2c", "community": "public"}}
POLLED = {"snmp": {"credentials": "v2"}}


def test_a_sound_inventory_has_no_findings() -> None:
    """A ward in which each kind of reference is used and right."""
    assert not findings(
        ward={"id": "w"},
        credentials=V2,
        requirements={"own": {"extends": "office"}, "office": {"extends": "office"}},
        sites=[
            site(
                team="ict",
                devices=[device("d", **POLLED, depends_on=["l"]), device("e")],
                links=[
                    link("l", target="snmp://d", interface="d/ether1", requirement="own"),
                    link("m", requirement={"extends": "office"}, depends_on=["e"]),
                    link("n", requirement={"loss": "1%"}),
                    link(
                        "o",
                        requirement={"contracted_share": "80%"},
                        contracted={"download": "1Gbit/s", "upload": "1Gbit/s"},
                    ),
                ],
                services=[
                    {"id": "x", "url": "https://dichvucong.example/", "requirement": "office", "depends_on": ["l"]},
                    {"id": "y", "dns": {"server": "10.20.0.53", "name": "dichvucong.example"}},
                ],
            )
        ],
        anchors=["snmp://d", "icmp://203.0.113.1"],
        people={"an": {"channels": ["mailto://x"]}, "binh": {"channels": ["mailto://x"]}},
        teams={"ict": {"members": ["an"], "overrides": [{"from": "2026-11-02", "to": "2026-11-03", "member": "binh"}]}},
        alerts={
            "receivers": {"duty": {"team": "ict"}, "mail": {"urls": ["mailto://x"]}},
            "routes": [{"receiver": "duty", "escalate": [{"after": "5m", "receiver": "mail"}]}],
        },
        maintenance=[{"id": "m", "sites": ["s"], "devices": ["d"], "links": ["l"], "every": "Sun 02:00-03:00"}],
    )


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"sites": [site(team="ict")]}, ("sites", 0, "team")),
        ({"sites": [site(devices=[device("d", **POLLED)])]}, ("sites", 0, "devices", 0, "snmp", "credentials")),
        ({"sites": [site(devices=[device("d", depends_on=["x"])])]}, ("sites", 0, "devices", 0, "depends_on", 0)),
        ({"sites": [site(devices=[device("d", depends_on=["s"])])]}, ("sites", 0, "devices", 0, "depends_on", 0)),
        ({"sites": [site(links=[link("l", interface="d/e")])]}, ("sites", 0, "links", 0, "interface")),
        (
            {"sites": [site(devices=[device("d")], links=[link("l", interface="d/e")])]},
            ("sites", 0, "links", 0, "interface"),
        ),
        ({"sites": [site(links=[link("l", target="snmp://d")])]}, ("sites", 0, "links", 0, "target", 0)),
        ({"sites": [site(links=[link("l", requirement="x")])]}, ("sites", 0, "links", 0, "requirement")),
        (
            {"sites": [site(links=[link("l", requirement={"extends": "x"})])]},
            ("sites", 0, "links", 0, "requirement", "extends"),
        ),
        ({"requirements": {"a": {"extends": "x"}}}, ("requirements", "a", "extends")),
        ({"requirements": {"a": {"extends": "a"}}}, ("requirements", "a", "extends")),
        ({"anchors": ["snmp://d"]}, ("anchors", 0)),
        ({"teams": {"ict": {"members": ["an"]}}}, ("teams", "ict", "members", 0)),
        (
            {
                "people": {"an": {}},
                "teams": {
                    "ict": {
                        "members": ["an"],
                        "overrides": [{"from": "2026-11-02", "to": "2026-11-03", "member": "anh"}],
                    }
                },
            },
            ("teams", "ict", "overrides", 0, "member"),
        ),
        ({"alerts": {"receivers": {"a": {"team": "x"}}}}, ("alerts", "receivers", "a", "team")),
        ({"alerts": {"routes": [{"receiver": "x"}]}}, ("alerts", "routes", 0, "receiver")),
        (
            {"maintenance": [{"id": "m", "sites": ["s"], "every": "Sun 02:00-03:00"}]},
            ("maintenance", 0, "sites", 0),
        ),
        ({"sites": [site(ward="w")]}, ("sites", 0, "ward")),
        ({"wards": [{"id": "w"}], "sites": [site()]}, ("sites", 0, "ward")),
        ({"wards": [{"id": "w"}], "sites": [site(ward="v")]}, ("sites", 0, "ward")),
        ({"ward": {"id": "v"}, "wards": [{"id": "w"}]}, ("wards",)),
    ],
)
def test_a_reference_that_leads_nowhere_is_found_where_it_stands(facts: dict[str, Any], path: Path) -> None:
    """Each kind of reference, broken alone, gives one finding at its own place."""
    assert errors(**facts) == [path]


def test_one_id_twice_names_both_places() -> None:
    """Wards, sites, devices, links and services share their ids; maintenance windows have their own."""
    found = [
        finding
        for finding in findings(
            ward={"id": "a"},
            sites=[site(id="a", devices=[device("b")], links=[link("b")])],
            maintenance=[{"id": name, "sites": ["a"], "every": "Sun 02:00-03:00"} for name in ("b", "c", "c")],
        )
        if not finding.is_warning
    ]
    assert [(finding.path, finding.other) for finding in found] == [
        (("sites", 0, "id"), ("ward", "id")),
        (("sites", 0, "links", 0, "id"), ("sites", 0, "devices", 0, "id")),
        (("maintenance", 2, "id"), ("maintenance", 1, "id")),
    ]


def test_a_dangling_name_comes_with_what_could_have_been_meant() -> None:
    """The shell can suggest the nearest one."""
    (finding,) = (f for f in findings(sites=[site(links=[link("l", requirement="ofice")])]) if not f.is_warning)
    assert finding.sought == "ofice"
    assert "office" in finding.candidates


def test_what_nobody_uses_is_a_warning() -> None:
    """Credentials, requirements, people, teams and receivers that nothing refers to."""
    found = findings(
        credentials=V2,
        requirements={"own": {}},
        people={"an": {}, "binh": {}},
        teams={"ict": {"members": ["an"]}},
        alerts={"receivers": {"mail": {"urls": ["mailto://x"]}}},
        sites=[site()],
    )
    assert {finding.path for finding in found} == {
        ("credentials", "v2"),
        ("requirements", "own"),
        ("people", "binh"),
        ("teams", "ict"),
        ("alerts", "receivers", "mail"),
        ("alerts", "routes"),
    }
    assert all(finding.is_warning for finding in found)


def test_an_inventory_without_sites_is_a_warning() -> None:
    """It is valid, and watches nothing."""
    (finding,) = findings()
    assert finding.is_warning


@pytest.mark.parametrize(
    ("credentials", "keys"),
    [
        ({"version": "2c", "community": "public"}, []),
        ({"version": "1"}, [None]),
        ({"version": "2c", "community": "c", "user": "an", "auth": "SHA"}, ["user", "auth"]),
        ({"version": "3", "user": "an"}, []),
        ({"version": "3"}, [None]),
        ({"version": "3", "user": "an", "community": "c"}, ["community"]),
        ({"version": "3", "user": "an", "auth": "SHA", "auth_passphrase": "12345678"}, []),
        ({"version": "3", "user": "an", "auth": "SHA", "auth_passphrase": "1234567"}, ["auth_passphrase"]),
        ({"version": "3", "user": "an", "auth": "SHA"}, [None]),
        ({"version": "3", "user": "an", "auth_passphrase": "12345678"}, ["auth_passphrase"]),
        ({"version": "3", "user": "an", "privacy": "DES", "privacy_passphrase": "12345678"}, ["privacy"]),
    ],
)
def test_credentials_are_complete_for_their_version(credentials: dict[str, str], keys: list[str | None]) -> None:
    """What is missing is found at the record, what is too much at its key."""
    paths: list[Path] = [("credentials", "c", key) if key else ("credentials", "c") for key in keys]
    assert errors(credentials={"c": credentials}) == paths


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"links": [link("l", interval="500ms")]}, ("links", 0, "timeout")),
        ({"links": [link("l", interval="1ms", timeout="1ms")]}, ("links", 0, "interval")),
        ({"links": [link("l", timeout="10us")]}, ("links", 0, "timeout")),
        ({"devices": [device("d", icmp={"interval": "1s", "timeout": "2s"})]}, ("devices", 0, "icmp", "timeout")),
        (
            {"devices": [device("d", icmp=False, snmp={"credentials": "v2", "interval": "2s"})]},
            ("devices", 0, "snmp", "retries"),
        ),
        (
            {"links": [link("l", requirement={"contracted_share": "80%"})]},
            ("links", 0, "requirement", "contracted_share"),
        ),
        ({"services": [{"id": "x"}]}, ("services", 0)),
        (
            {"services": [{"id": "x", "url": "http://x/", "dns": {"server": "10.20.0.53", "name": "x"}}]},
            ("services", 0, "dns"),
        ),
    ],
)
def test_a_record_that_contradicts_itself_is_found_at_the_key(facts: dict[str, Any], path: Path) -> None:
    """Times that cannot be kept, shares of nothing, services that are nothing or two things."""
    assert errors(credentials=V2, sites=[site(**facts)]) == [("sites", 0, *path)]


def test_speed_tests_of_a_metered_link_are_a_warning() -> None:
    """They would never run by themselves."""
    tested = {"url": "http://10.20.0.9:8862", "key": "shared"}
    found = findings(sites=[site(links=[link("l", metered=True, speed_test=tested)])])
    assert [(finding.path, finding.is_warning) for finding in found] == [(("sites", 0, "links", 0, "speed_test"), True)]


def test_a_reflector_without_a_key_is_a_warning() -> None:
    """It would answer no test; a file of a web server wants none."""
    urls = {"http://10.20.0.9:8862": 1, "http://10.20.0.9:8862/": 1, "http://10.20.0.9/1GB.bin": 0, "iperf3://[::1]": 0}
    for url, warnings in urls.items():
        found = findings(sites=[site(links=[link("l", speed_test={"url": url})])])
        assert [finding.is_warning for finding in found] == [True] * warnings, url


def test_a_circle_is_told_from_end_to_end() -> None:
    """Devices and links that wait for each other, through several steps."""
    found = findings(
        sites=[
            site(
                devices=[device("a", depends_on=["b"]), device("b", depends_on=["l"]), device("c", depends_on=["a"])],
                links=[link("l", depends_on=["a"])],
            )
        ]
    )
    (finding,) = (finding for finding in found if not finding.is_warning)
    assert "a → b → l → a" in finding.what
    assert finding.path == ("sites", 0, "links", 0, "depends_on", 0)


def test_what_follows_from_an_id_that_is_there_twice_is_not_told() -> None:
    """Neither circles nor polling, for nobody knows which of the two is meant; a name that is nowhere still is."""
    polled = device("rt1", snmp={"credentials": "v2"})
    other = device("rt1", depends_on=["rt1", "nobody"])
    lines = [link("l", interface="rt1/ether1", target=["snmp://rt1"], depends_on=["rt1"])]
    assert errors(credentials=V2, sites=[site(devices=[polled, other], links=lines)]) == [
        ("sites", 0, "devices", 1, "id"),
        ("sites", 0, "devices", 1, "depends_on", 1),
    ]


ARROWS = st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3), max_size=8)


@given(ARROWS)
def test_cycles_are_found_exactly_where_no_order_exists(arrows: dict[int, list[int]]) -> None:
    """Against an oracle: taking away, again and again, whatever points at nothing that is left."""
    graph = {str(name): [((name, to), str(to)) for to in targets] for name, targets in arrows.items()}
    left = dict(graph)
    while free := [name for name, targets in left.items() if not any(to in left for _, to in targets)]:
        for name in free:
            del left[name]
    assert bool(list(find_cycles(graph))) == bool(left)


@given(ARROWS)
def test_taking_out_the_arrows_that_were_found_leaves_no_cycle(arrows: dict[int, list[int]]) -> None:
    """The mend that each finding tells is enough."""
    graph: dict[str, list[tuple[Path, str]]] = {
        str(name): [((name, place), str(to)) for place, to in enumerate(targets)] for name, targets in arrows.items()
    }
    closing = {finding.path for finding in find_cycles(graph)}
    mended = {name: [arrow for arrow in targets if arrow[0] not in closing] for name, targets in graph.items()}
    assert not list(find_cycles(mended))


def test_a_chain_as_long_as_a_city_is_no_matter() -> None:
    """Depth costs no recursion."""
    length = 20_000
    chain: dict[str, list[tuple[Path, str]]] = {str(n): [((n,), str(n + 1))] for n in range(length)}
    assert not list(find_cycles(chain))
    chain[str(length)] = [((length,), "0")]
    assert len(list(find_cycles(chain))) == 1
