"""Several incidents in one message."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.gathering import Case, Message, gather, group_key, schedule
from alerts.notice import Kind
from alerts.oncall import Turn
from alerts.route import Due, told_of
from model.alerting import Route
from model.incident import AlertName, Entry, Fault, Incident, Severity

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """So many seconds later."""
    return NOW + timedelta(seconds=seconds)


def nobody(receiver: str) -> Turn:
    """The receiver is no team."""
    return Turn(f"on call at {receiver}")


def route(**facts: Any) -> Route:
    """By site, after half a minute."""
    return Route.model_validate({"receiver": "hook", "group_by": ["site"], "group_wait": "30s", **facts})


def case(name: str, site: str = "office", opened: float = 0, by: Route | None = None, number: int = 0) -> Case:
    """An incident at a site."""
    fault = Fault(AlertName.LINK_DOWN, ("link", name), at(opened), at(opened), Severity.WARNING)
    incident = Incident(name, "w", at(opened), at(opened), at(opened), (Entry(fault),))
    return Case(incident, number, by or route(), {"site": site, "severity": "warning"})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ('{}/{}/3:{site="office"}', {"site": "office"})),
        ({"group_by": ["site", "link"]}, ('{}/{}/3:{site="office",link=""}', {"site": "office", "link": ""})),
        ({"group_by": []}, ('{}/{}/3:{incident="i"}', {})),
        (
            {"match": {"severity": "warning"}, "matchers": ["site=~off.*"]},
            ('{}/{severity="warning",site=~"off.*"}/3:{site="office"}', {"site": "office"}),
        ),
    ],
)
def test_a_group_is_named_as_alertmanager_does(facts: dict[str, Any], expected: tuple[str, dict[str, str]]) -> None:
    """Its route's conditions and number, and the labels in common; without any each incident is its own."""
    assert group_key(3, route(**facts), {"site": "office"}, "i") == expected


def test_what_is_due_together_to_one_receiver_becomes_one_message() -> None:
    """Of one group; the kind that matters most names it, the end is told apart."""
    kinds = [
        *((case("a"), Kind.REMINDER), (case("b"), Kind.UPDATED), (case("c"), Kind.RESOLVED)),
        *((case("d", "tdp"), Kind.OPENED), (case("e", number=1), Kind.OPENED), (case("f"), Kind.RESOLVED)),
    ]
    found = gather((one, Due("hook", kind)) for one, kind in kinds)
    assert [(message.kind, list(message.told), message.group_labels) for message in found] == [
        (Kind.UPDATED, ["a", "b"], {"site": "office"}),
        (Kind.RESOLVED, ["c", "f"], {"site": "office"}),
        (Kind.OPENED, ["d"], {"site": "tdp"}),
        (Kind.OPENED, ["e"], {"site": "office"}),
    ]


def test_different_people_and_receivers_have_messages_of_their_own() -> None:
    """Though the group is one."""
    dues = [Due("duty", Kind.OPENED, "an"), Due("duty", Kind.REMINDER, "binh"), Due("hook", Kind.OPENED)]
    assert len(gather((case(str(number)), each) for number, each in enumerate(dues))) == 3


def test_without_a_group_each_incident_has_its_message() -> None:
    """The default."""
    by = route(group_by=[], group_wait="0s")
    found, _ = schedule([case("a", by=by), case("b", by=by)], NOW, nobody)
    assert [list(message.told) for message in found] == [["a"], ["b"]]


def test_who_joins_a_group_that_waits_is_told_of_with_it() -> None:
    """And who comes later, after a wait of its own."""
    cases = [case("a"), case("b", opened=20), case("c", "tdp", opened=20)]
    assert schedule(cases, at(29), nobody) == ([], at(30))
    (message,), ask = schedule(cases, at(30), nobody)
    assert (list(message.told), ask) == (["a", "b"], at(50))
    assert message.person == "on call at hook"
    told = [tell(one, message, 30) for one in cases]
    (message,), ask = schedule([*told, case("d", opened=40)], at(50), nobody)
    assert (list(message.told), ask) == (["c"], at(70))


def test_what_is_over_makes_nobody_wait_less() -> None:
    """An incident that ended before it was told of is no first of its group."""
    over = case("a")
    over = replace(over, incident=replace(over.incident, closed_at=at(5)))
    merged = case("m")
    merged = replace(merged, incident=replace(merged.incident, merged_into="x"))
    assert schedule([over, merged, case("b", opened=20)], at(30), nobody) == ([], at(50))


def tell(one: Case, message: Message, second: float) -> Case:
    """The case after the message."""
    incident, said = one.incident, message.told.get(one.incident.id)
    if said is None:
        return one
    return replace(
        one, incident=replace(incident, told={**incident.told, said.receiver: told_of(incident, said, at(second))})
    )


CASES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["office", "tdp"]), st.none() | st.integers(1, 60)), max_size=5
)


def told(cases: list[Case], ends: dict[str, int], step: int | None) -> list[tuple[int, Kind, list[str]]]:
    """All messages, asked for every ``step`` seconds or when it is time; each incident from its second on."""
    second, found, live = 0, [], list(cases)
    while second <= 150:
        live = [
            replace(one, incident=replace(one.incident, closed_at=at(second)))
            if ends.get(one.incident.id) == second
            else one
            for one in live
        ]
        present = [one for one in live if one.incident.opened_at <= at(second)]
        messages, ask = schedule(present, at(second), nobody)
        for message in messages:
            found.append((second, message.kind, list(message.told)))
            live = [tell(one, message, second) for one in live]
        starts = [int((one.incident.opened_at - NOW).total_seconds()) for one in live]
        later = [when for when in (*starts, *ends.values()) if when > second]
        later += [int((ask - NOW).total_seconds())] if ask else []
        second = second + step if step else min(later, default=151)
    return found


@settings(max_examples=60, deadline=None)
@given(CASES, st.integers(0, 30), st.integers(10, 60), st.sampled_from([[], ["site"]]))
def test_a_group_asked_when_it_is_time_is_told_as_if_it_were_asked_always(
    facts: list[tuple[int, str, int | None]], wait: int, repeat: int, group_by: list[str]
) -> None:
    """And each incident is opened once at most, never before its wait, nor resolved without."""
    by = route(
        group_wait=f"{wait}s",
        repeat_interval=f"{repeat}s",
        group_by=group_by,
        escalate=[{"after": "25s", "receiver": "mail"}],
    )
    cases = [case(str(n), site, opened, by) for n, (opened, site, _) in enumerate(facts)]
    ends = {str(n): opened + length for n, (opened, _, length) in enumerate(facts) if length}
    found = told(cases, ends, None)
    assert found == told(cases, ends, 1)
    for one in cases:
        name = one.incident.id
        opened = [second for second, kind, names in found if kind is Kind.OPENED and name in names]
        assert all(at(second) >= one.incident.opened_at for second in opened)
        resolved = [second for second, kind, names in found if kind is Kind.RESOLVED and name in names]
        assert len(resolved) <= 2, "hook and mail"
        assert not resolved or set(resolved) == {ends[name]}
