"""One page for each root and none for what is healthy: random wards, random faults, and the truth to judge by.

``LINKWARD_SCENARIOS=3000`` plays that many instead of some dozens, ``LINKWARD_FIRST_SEED=438`` begins with that one.
``scripts/simulate_alerts.py`` does the same and says how fast people were told.
"""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.notice import Kind
from model.incident import Entry, Incident
from model.measurement import SubjectKey
from tests.peers.alert_oracle import judge
from tests.peers.alert_scenario import Cut, Node, Scenario, scenario
from tests.peers.alert_simulation import Heard, Log, simulate

FIRST_SEED = int(os.environ.get("LINKWARD_FIRST_SEED", "0"))
SCENARIOS = int(os.environ.get("LINKWARD_SCENARIOS", "40"))
FOUND = (51_811, 52_308, 61_325, 80_446)
"""Each has found a fault: a site of which a line answered, a child from before a restart, a start while blind, a line
that was seen again with all others."""


def check(played: Scenario) -> None:
    """Play it; say what it was where something is wrong."""
    problems = judge(played, simulate(played)).problems
    assert not problems, "\n".join([str(played), *problems])


@pytest.mark.parametrize("seed", [*range(FIRST_SEED, FIRST_SEED + SCENARIOS), *FOUND])
def test_each_root_is_paged_once_and_nothing_healthy_is(seed: int) -> None:
    """Cuts of lines, parents, sites and providers, blips and flapping, restarts and blindness, at the same time."""
    check(scenario(seed))


def lines(number: int) -> list[SubjectKey]:
    """So many lines, named in order."""
    return [("link", f"l{each}") for each in range(number)]


@st.composite
def small_wards(draw: st.DrawFn) -> Scenario:
    """A few lines, some of them behind others or beside them, and a few cuts."""
    links = lines(draw(st.integers(1, 4)))
    nodes: list[Node] = []
    for number, link in enumerate(links):
        above = draw(st.sampled_from(["", *(node.site for node in nodes)]))
        beside = draw(st.sampled_from(["", *(node.site for node in nodes if node.site != above)]))
        group = frozenset(node.subject for node in nodes if node.site == above)
        needs = (group,) if group and not _leads_to(group, beside, nodes) else ()
        nodes.append(Node(link, beside or f"s{number}", draw(st.sampled_from(["", "VNPT"])), needs))
    some = st.frozensets(st.sampled_from(links), min_size=1)
    starts, lengths = st.integers(60, 120), st.sampled_from([1, 4, 15, 61, 90])
    cuts = draw(st.lists(st.tuples(some, starts, lengths), min_size=1, max_size=3))
    return Scenario(
        draw(st.integers(0, 99)), tuple(nodes), tuple(Cut(cut, start, start + length) for cut, start, length in cuts)
    )


def _leads_to(above: frozenset[SubjectKey], site: str, nodes: list[Node]) -> bool:
    """Whether one of these stands at that site, or hangs on something that does."""
    by_subject = {node.subject: node for node in nodes}
    ahead = list(above)
    for subject in ahead:
        ahead += by_subject[subject].parents
    return any(by_subject[subject].site == site for subject in ahead)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_wards())
def test_a_small_ward_is_told_of_as_it_is(played: Scenario) -> None:
    """The same of wards that shrink to the smallest one in which something is wrong."""
    check(played)


# The judge itself


def two() -> tuple[Scenario, Log]:
    """A line behind another one; first the one is cut, then the other."""
    one, other = lines(2)
    nodes = (Node(one, "a"), Node(other, "b", needs=(frozenset({one}),)))
    played = Scenario(1, nodes, (Cut(frozenset({one}), 60, 130), Cut(frozenset({other}), 200, 270)))
    return played, simulate(played)


def without(kind: Kind) -> Callable[[Log], Log]:
    """Nobody was told this."""
    return lambda log: replace(
        log,
        heard=[heard for heard in log.heard if heard.notice.kind is not kind],
        versions=[(at, replace(incident, told={})) for at, incident in log.versions],
    )


def later(seconds: float) -> Callable[[Log], Log]:
    """Everything was told so much later."""
    return lambda log: replace(
        log,
        heard=[replace(heard, at=heard.at + seconds) for heard in log.heard],
        versions=[(at + seconds, incident) for at, incident in log.versions],
    )


def blaming(about: str) -> Callable[[Log], Log]:
    """Each message was about something else."""

    def blame(heard: Heard) -> Heard:
        return replace(heard, incidents=tuple(map(_of, heard.incidents)))

    def _of(incident: Incident) -> Incident:
        (entry,) = incident.entries
        other = replace(entry.fault, subject=("site", about))
        return replace(incident, entries=(Entry(other, entry.ended_at),), parts=())

    return lambda log: replace(log, heard=[blame(heard) for heard in log.heard])


def twice(log: Log) -> Log:
    """Each message came twice."""
    return replace(log, heard=[again for heard in log.heard for again in (heard, replace(heard, at=heard.at + 1))])


@pytest.mark.parametrize(
    ("change", "charges"),
    [
        (lambda log: log, set()),
        (without(Kind.OPENED), {"missed"}),
        (without(Kind.RESOLVED), {"missed", "never over"}),
        (later(2.0), {"missed"}),
        (later(-12.0), {"false cause", "no root", "wrong end"}),
        (blaming("b"), {"false cause", "no root"}),
        (twice, {"told twice", "never over"}),
    ],
)
def test_the_judge_notices(change: Callable[[Log], Log], charges: set[str]) -> None:
    """What was not told, told late, too early, of the wrong one or twice."""
    played, log = two()
    assert {problem.partition(":")[0] for problem in judge(played, change(log)).problems} == charges
