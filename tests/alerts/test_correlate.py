"""From faults to incidents: one for each cause, the same in whatever order the facts of an instant come."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.correlate import Correlated, Correlator, Outcome
from alerts.labels import Places
from model.incident import AlertName, Entry, Fault, FaultKey, Incident, Severity, Told
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from model.verdict import Outcome as Judged
from model.verdict import Quality
from monitor.rulings import detail_of
from tests.peers.duty import Duty, verdict
from tests.peers.stage import at, link, site

FORMS = "https://127.0.0.1/forms"


def tree() -> Inventory:
    """Two lines above two others, one of which is above a third; devices, pages, a provider of four sites."""
    hub = site(
        "hub",
        link("hub-1", "VNPT"),
        link("hub-2", "FPT"),
        devices=[
            {"id": "core", "address": "127.0.0.1", "role": "router", "depends_on": ["hub-1", "hub-2"]},
            {"id": "switch", "address": "127.0.0.1", "role": "switch"},
        ],
    )
    east = site("east", link("east-1", "VNPT", depends_on=["core"]), services=[page("east-page", "east-1")])
    west = site("west", link("west-1", "VNPT", depends_on=["hub-1"]), services=[page("west-page", "west-1")])
    far = site("far", link("far-1", "VNPT", depends_on=["east-1"]), services=[page("far-page", "far-1")])
    return Inventory.model_validate({"sites": [hub, east, west, far]})


def page(name: str, above: str) -> dict[str, Any]:
    """A page that is the same everywhere."""
    return {"id": name, "url": FORMS, "depends_on": [above]}


SUBJECTS: Sequence[SubjectKey] = (
    ("link", "hub-1"),
    ("link", "hub-2"),
    ("device", "core"),
    ("device", "switch"),
    ("link", "east-1"),
    ("link", "west-1"),
    ("link", "far-1"),
    ("service", "east-page"),
    ("service", "west-page"),
    ("service", "far-page"),
)
Fact = tuple[SubjectKey, int]


def told_of(facts: Iterable[Fact]) -> tuple[list[str], list[Incident]]:
    """What follows from these subjects being found down in an instant, each since so many seconds before."""
    duty = Duty(tree())
    duty.start()
    duty.all_up()
    duty.wait(60)
    for subject, seconds in facts:
        duty.answers[subject] = at(60 - seconds)
    for subject, seconds in facts:
        duty.shows(subject, State.DOWN, began=60 - seconds)
    duty.wait(20)
    return duty.heard(), sorted(duty.open(), key=lambda incident: incident.id)


def shape(incident: Incident) -> object:
    """All of an incident but the order of its parts, and the times that differ by when it was looked at."""
    causes = [entry.fault.key for entry in incident.entries]
    return incident.id, causes, {entry.fault.key for entry in incident.parts}, incident.hidden, incident.revision


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_order_the_facts_of_an_instant_come_in_the_incidents_are_the_same(data: st.DataObject) -> None:
    """Their ids, causes, parts and what they hide; and so are the messages."""
    subjects = data.draw(st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=6, unique=True))
    facts = [(subject, data.draw(st.sampled_from([0, 1, 2, 20]))) for subject in subjects]
    other = data.draw(st.permutations(facts))
    heard, incidents = told_of(facts)
    heard_again, again = told_of(other)
    assert list(map(shape, incidents)) == list(map(shape, again))
    assert sorted(heard) == sorted(heard_again)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=8, unique=True))
def test_everything_that_is_down_is_in_one_incident_and_no_other(subjects: list[SubjectKey]) -> None:
    """As a cause, a part or hidden; nothing is told twice and nothing is left out."""
    _, incidents = told_of([(subject, 0) for subject in subjects])
    keys = [entry.fault.key for incident in incidents for entry in (*incident.entries, *incident.parts)]
    assert len(keys) == len(set(keys))
    named = {key[1] for key in keys} | {subject for incident in incidents for subject in incident.hidden}
    assert named.issuperset(subjects)


def correlator(inventory: Inventory | None = None) -> Correlator:
    """Knows an inventory, in which nothing answers and nothing is asked."""
    made = Correlator(lambda _: None)
    made.load(Places(inventory or plain()), at(0))
    return made


def plain() -> Inventory:
    """An office with two lines."""
    return Inventory.model_validate({"sites": [site("office", link("main"), link("spare"))]})


def down(made: Correlator, *names: str, seconds: float = 0.0) -> Correlated:
    """Lines are down, and enough time passes for whatever was waited for."""
    for name in names:
        made.faults.changed(("link", name), State.DOWN, at(seconds), at(seconds))
    return made.evaluate(at(seconds + 15))


def up(made: Correlator, *names: str, seconds: float) -> Correlated:
    """Lines are up."""
    for name in names:
        made.faults.changed(("link", name), State.UP, at(seconds), at(seconds))
    return made.evaluate(at(seconds))


def fates(correlated: Correlated) -> list[tuple[str, Outcome, str]]:
    """What became of which fault, and why."""
    return [(each.fault.name.value, each.outcome, detail_of(each.grounds)) for each in correlated.decided]


def test_a_fate_is_said_once() -> None:
    """Until it changes: opened, then over."""
    made = correlator()
    assert fates(down(made, "main")) == [("LinkDown", Outcome.OPENED, "")]
    assert fates(made.evaluate(at(20))) == []
    assert fates(up(made, "main", seconds=30)) == [("LinkDown", Outcome.OVER, "")]
    assert fates(made.evaluate(at(40))) == []


def test_nothing_changes_where_nothing_happens() -> None:
    """No version, no revision, no wish to look again."""
    made = correlator()
    (incident,) = down(made, "main").incidents
    correlated = made.evaluate(at(600))
    assert correlated.incidents == []
    assert correlated.wake_at is None
    assert made.open == {incident.id: incident}


def test_an_id_is_the_same_for_whoever_sees_the_same() -> None:
    """A monitor that is killed before it has written anything gives it again."""
    (one,) = down(correlator(), "main").incidents
    (other,) = down(correlator(), "main").incidents
    assert one.id == other.id


def test_an_end_is_never_before_its_begin() -> None:
    """Whatever the clocks say."""
    made = correlator()
    down(made, "main", seconds=100)
    made.faults.end((AlertName.LINK_DOWN, ("link", "main"), ""), at(50))
    (incident,) = made.evaluate(at(120)).incidents
    assert incident.entries[0].ended_at == at(100)


def test_what_somebody_else_changed_counts_only_while_it_is_open() -> None:
    """An incident that was closed meanwhile stays closed."""
    made = correlator()
    (incident,) = down(made, "main").incidents
    up(made, "main", seconds=30)
    made.replace(incident)
    assert made.open == {}


def test_incidents_that_turn_out_to_have_one_cause_become_one() -> None:
    """The younger says which tells of it now; the older holds what both were told."""
    inventory = Inventory.model_validate({"sites": [site(name, link(f"{name}1", "VNPT")) for name in "abc"]})
    made = correlator(inventory)
    for number, name in enumerate("ab"):
        (incident,) = down(made, f"{name}1", seconds=number).incidents
        made.replace(with_told(incident, f"hook-{name}"))
    correlated = down(made, "c1", seconds=2)
    closed, survivor = sorted(correlated.incidents, key=lambda incident: incident.is_open)
    assert closed.merged_into == survivor.id
    assert closed.closed_at == at(17)
    assert survivor.cause.name is AlertName.PROVIDER_OUTAGE
    assert set(survivor.told) == {"hook-a", "hook-b"}
    assert survivor.told["hook-b"].revision == 0  # so that it hears of this one
    assert survivor.began_at == at(0)
    assert list(made.open) == [survivor.id]


def with_told(incident: Incident, receiver: str) -> Incident:
    """Somebody was told."""
    told = {receiver: Told(at(15), at(15), incident.revision)}
    return Incident(**{**{name: getattr(incident, name) for name in incident.__slots__}, "told": told})


def test_several_that_nobody_was_told_of_merge_without_leaving_entries() -> None:
    """Only what people know of stays in sight."""
    inventory = Inventory.model_validate({"sites": [site(name, link(f"{name}1", "VNPT")) for name in "abc"]})
    made = correlator(inventory)
    down(made, "a1")
    down(made, "b1", seconds=1)
    correlated = down(made, "c1", seconds=2)
    (survivor,) = [incident for incident in correlated.incidents if incident.is_open]
    assert [entry.fault.name for entry in survivor.entries] == [AlertName.PROVIDER_OUTAGE]


def test_what_was_open_before_a_restart_goes_on() -> None:
    """With its ended entries as they were; only what lasts is looked at."""
    fault = Fault(AlertName.LINK_DOWN, ("link", "main"), at(-100), at(-98), Severity.CRITICAL)
    past = Fault(AlertName.LINK_BELOW_REQUIREMENT, ("link", "main"), at(-200), at(-200), Severity.WARNING, "rtt")
    entries = (Entry(fault), Entry(past, at(-50)))
    incident = Incident("main-1", "", at(-200), at(-200), at(-98), entries, revision=3, version=9)
    made = correlator()
    made.remember([incident], [Fault(fault.name, fault.subject, at(0), at(0), Severity.CRITICAL)])
    assert made.evaluate(at(1)).incidents == []
    (closed,) = up(made, "main", seconds=30).incidents
    assert (closed.id, closed.closed_at, closed.version) == ("main-1", at(30), 10)
    assert [entry.ended_at for entry in closed.entries] == [at(30), at(-50)]


def test_the_outage_of_a_provider_keeps_its_members_over_a_restart() -> None:
    """It ends with the last of them, not with the start."""
    inventory = Inventory.model_validate({"sites": [site(name, link(f"{name}1", "VNPT")) for name in "abc"]})
    before = correlator(inventory)
    (incident,) = down(before, "a1", "b1", "c1").incidents
    after = correlator(inventory)
    after.remember([incident], [])
    assert after.evaluate(at(60)).incidents == []
    up(after, "a1", "b1", seconds=70)
    after.evaluate(at(200))
    (closed,) = up(after, "c1", seconds=300).incidents
    assert not closed.is_open
    assert after.open == {}


def test_a_line_that_was_told_of_and_is_taken_out_closes_its_incident() -> None:
    """And the site that stood on it alone."""
    made = correlator(Inventory.model_validate({"sites": [site("point", link("point-1"))]}))
    down(made, "point-1")
    made.load(Places(Inventory.model_validate({"sites": [site("point")]})), at(60))
    (closed,) = made.evaluate(at(61)).incidents
    assert closed.closed_at == at(61)


def test_a_breach_below_a_cut_that_was_told_is_a_part_and_remains_when_the_line_is_back() -> None:
    """The cut is over, what is left is said; the worst of it is told to be over."""
    made = correlator()
    made.faults.judged(("link", "main"), [verdict(Quality.RTT, Judged.BREACHED, at(0))], at(0))
    made.evaluate(at(0))
    (incident,) = down(made, "main", seconds=10).incidents
    assert incident.cause.name is AlertName.LINK_DOWN
    made.replace(with_told(incident, "hook"))
    (eased,) = up(made, "main", seconds=60).incidents
    assert eased.is_open
    assert eased.cause.name is AlertName.LINK_BELOW_REQUIREMENT
    assert eased.revision == incident.revision + 1
    assert eased.widened < eased.revision


def keys_of(*names: str) -> list[FaultKey]:
    """Of lines that are down."""
    return [(AlertName.LINK_DOWN, ("link", name), "") for name in names]


@pytest.mark.parametrize("gap", [0, 9, 11])
def test_lines_below_one_upstream_are_one_cause_only_when_they_fail_together(gap: int) -> None:
    """Within ten seconds one of the other, three at least."""
    far = [site(name, link(f"{name}1", depends_on=["up"])) for name in "abc"]
    made = correlator(Inventory.model_validate({"sites": [site("hub", link("up")), *far]}))
    made.faults.changed(("link", "up"), State.UP, at(0), at(0))
    for number, name in enumerate("abc"):
        made.faults.changed(("link", f"{name}1"), State.DOWN, at(number * gap), at(30))
    made.evaluate(at(60))
    assert len(made.open) == (1 if gap <= 10 else 3)


def test_the_newest_facts_decide_at_any_distance() -> None:
    """A year between two looks is no reason to doubt."""
    made = correlator()
    down(made, "main")
    made.faults.changed(("link", "main"), State.UP, at(10), at(12))
    correlated = made.evaluate(at(0) + timedelta(days=365))
    (closed,) = correlated.incidents
    assert closed.entries[0].ended_at == at(10)
    assert keys_of("main")[0] not in made.faults.lasting
