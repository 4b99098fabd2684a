"""Who is told what of one incident, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.notice import Kind
from alerts.oncall import Turn, Who
from alerts.route import Due, due, route_of, told_of, without_resolved
from model.alerting import Alerts, Route
from model.incident import Acknowledgement, AlertName, Entry, Fault, Incident, Severity, Told

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
END = 160  # seconds that a story lasts
Change = Callable[[Incident], Incident]


def at(seconds: float) -> datetime:
    """So many seconds after the incident was opened."""
    return NOW + timedelta(seconds=seconds)


def fault(severity: Severity, name: str = "office-vnpt") -> Fault:
    """Something is wrong."""
    return Fault(AlertName.LINK_DOWN, ("link", name), NOW, NOW, severity)


def incident(severity: Severity = Severity.WARNING, **facts: Any) -> Incident:
    """One that was opened at ``NOW``."""
    return Incident("office-vnpt-abc123", "w", NOW, NOW, NOW, (Entry(fault(severity)),), **facts)


def route(**facts: Any) -> Route:
    """To `duty`, which is on call."""
    return Route.model_validate({"receiver": "duty", **facts})


def takes_turns(now: datetime, period: float | None = None) -> Who:
    """Two who take turns at `duty`, each so many seconds, or one for ever; `hook` and `mail` are no persons."""
    turn = int((now - NOW).total_seconds() // period) if period else 0
    until = at((turn + 1) * period) if period else None
    return lambda receiver: Turn(("an", "binh")[turn % 2], until) if receiver == "duty" else Turn()


def grow(one: Incident) -> Incident:
    """More of the same."""
    return replace(one, revision=one.revision + 1)


def widen(one: Incident) -> Incident:
    """More is lost than before."""
    return replace(one, revision=one.revision + 1, widened=one.revision + 1)


def worsen(one: Incident) -> Incident:
    """Something grave is found to belong to it."""
    return replace(one, revision=one.revision + 1, entries=(*one.entries, Entry(fault(Severity.CRITICAL, "l2"))))


def relieve(one: Incident) -> Incident:
    """The gravest is over."""
    rest = (entry for entry in one.entries if entry.fault.severity is not Severity.CRITICAL)
    return replace(one, revision=one.revision + 1, entries=tuple(rest) or one.entries)


def acknowledge(one: Incident) -> Incident:
    """Somebody takes it on."""
    return replace(one, acknowledged=Acknowledgement("an", NOW))


def close(one: Incident) -> Incident:
    """All is well."""
    return replace(one, closed_at=NOW)


def reopen(one: Incident) -> Incident:
    """It was not."""
    return replace(one, closed_at=None)


def merge(one: Incident) -> Incident:
    """Another tells of it."""
    return replace(one, merged_into="other")


@dataclass(frozen=True)
class Story:
    """What happens, by the second, and the terms on which it is told."""

    route: Route
    changes: Mapping[int, Change] = field(default_factory=dict)
    turn: int | None = None
    quiet: tuple[str, ...] = ()

    def ask(self, one: Incident, second: float) -> tuple[list[Due], datetime | None]:
        """What is due."""
        return due(one, self.route, at(second), takes_turns(at(second), self.turn), quiet=self.quiet)

    def told(self, step: int | None = None) -> list[tuple[int, Due]]:
        """All messages with their seconds: asked for every ``step`` seconds, or only when it is said to be time."""
        one, second, found = incident(), 0, []
        while second <= END:
            for when in [when for when in self.changes if when == second]:
                one = self.changes[when](one)
            dues, ask = self.ask(one, second)
            found += [(second, each) for each in dues]
            one = replace(one, told={**one.told, **{each.receiver: told_of(one, each, at(second)) for each in dues}})
            later = [when for when in self.changes if when > second]
            later += [int((ask - NOW).total_seconds())] if ask else []
            second = second + step if step else min(later, default=END + 1)
        return found


def spelled(story: Story) -> list[str]:
    """Each message in a few words."""
    return [
        f"{second} {each.kind} {each.receiver}{' ' if each.person else ''}{each.person}"
        for second, each in story.told()
    ]


STEPS = [{"after": "60s", "receiver": "hook"}, {"after": "90s", "receiver": "mail"}]


@pytest.mark.parametrize(
    ("facts", "changes", "expected"),
    [
        ({}, {}, ["0 opened duty an"]),
        ({"group_wait": "30s"}, {}, ["30 opened duty an"]),
        ({"group_wait": "30s"}, {29: close}, []),
        ({"group_wait": "30s"}, {30: close}, []),
        ({"group_wait": "30s"}, {10: acknowledge}, ["30 opened duty an"]),
        ({"group_wait": "30s"}, {10: grow, 20: worsen}, ["30 opened duty an"]),
        ({}, {5: close}, ["0 opened duty an", "5 resolved duty an"]),
        ({}, {5: close, 90: reopen}, ["0 opened duty an", "5 resolved duty an", "90 opened duty an"]),
        ({"group_interval": "40s"}, {5: grow, 7: grow}, ["0 opened duty an", "40 updated duty an"]),
        ({"group_interval": "40s"}, {50: grow}, ["0 opened duty an", "50 updated duty an"]),
        ({"group_interval": "40s"}, {5: worsen}, ["0 opened duty an", "5 updated duty an"]),
        ({"group_interval": "40s"}, {5: widen}, ["0 opened duty an", "5 updated duty an"]),
        ({"group_interval": "40s"}, {5: grow, 9: worsen}, ["0 opened duty an", "9 updated duty an"]),
        (
            {"group_interval": "40s"},
            {5: worsen, 6: relieve, 60: worsen},
            ["0 opened duty an", "5 updated duty an", "45 updated duty an", "60 updated duty an"],
        ),
        (
            {"group_interval": "40s"},
            {5: acknowledge, 6: grow, 60: close},
            ["0 opened duty an", "40 updated duty an", "60 resolved duty an"],
        ),
        ({"repeat_interval": "70s"}, {}, ["0 opened duty an", "70 reminder duty an", "140 reminder duty an"]),
        ({"repeat_interval": "70s"}, {71: acknowledge}, ["0 opened duty an", "70 reminder duty an"]),
        (
            {"repeat_interval": "70s", "group_interval": "40s"},
            {5: grow},
            ["0 opened duty an", "40 updated duty an", "110 reminder duty an"],
        ),
        (
            {"repeat_interval": "40s", "group_interval": "40s"},
            {5: grow, 50: close},
            [*("0 opened duty an", "40 updated duty an", "50 resolved duty an")],
        ),
        ({"escalate": STEPS}, {}, ["0 opened duty an", "60 escalated hook", "90 escalated mail"]),
        (
            {"escalate": STEPS, "group_wait": "30s"},
            {},
            [*("30 opened duty an", "90 escalated hook", "120 escalated mail")],
        ),
        ({"escalate": STEPS}, {60: acknowledge}, ["0 opened duty an"]),
        (
            {"escalate": STEPS},
            {61: acknowledge, 70: worsen, 80: close},
            [
                *(
                    "0 opened duty an",
                    "60 escalated hook",
                    "70 updated duty an",
                    "80 resolved duty an",
                    "80 resolved hook",
                )
            ],
        ),
        ({"escalate": [{"after": "9s", "receiver": "duty"}]}, {}, ["0 opened duty an"]),
        ({"escalate": STEPS}, {10: merge, 20: close}, ["0 opened duty an"]),
        ({}, {0: merge}, []),
    ],
)
def test_what_is_told_of_an_incident(facts: dict[str, Any], changes: dict[int, Change], expected: list[str]) -> None:
    """Waiting, growth, gravity, reminders, steps, acknowledgement, end, merging: each by its second."""
    assert spelled(Story(route(**facts), changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["0 opened duty an", "50 reminder duty binh", "100 reminder duty an", "150 reminder duty binh"]),
        ({60: close}, ["0 opened duty an", "50 reminder duty binh", "60 resolved duty binh"]),
        ({40: acknowledge}, ["0 opened duty an"]),
        ({40: acknowledge, 60: close}, ["0 opened duty an", "60 resolved duty an"]),
        (
            {40: acknowledge, 60: worsen, 70: close},
            [*("0 opened duty an", "60 updated duty binh", "70 resolved duty binh")],
        ),
        ({50: worsen}, ["0 opened duty an", "50 updated duty binh", "100 reminder duty an", "150 reminder duty binh"]),
    ],
)
def test_whoever_takes_over_is_told_once_of_what_nobody_has_acknowledged(
    changes: dict[int, Change], expected: list[str]
) -> None:
    """The turn passes on every 50 s; of the end the one is told who was told last."""
    assert spelled(Story(route(), changes, turn=50)) == expected


def test_a_receiver_may_not_want_to_hear_of_the_end() -> None:
    """The others are told all the same."""
    story = Story(route(escalate=STEPS), {70: close}, quiet=("hook",))
    assert spelled(story)[-1] == "70 resolved duty an"
    receivers = {"a": {"urls": ["mailto://x"], "send_resolved": "false"}, "b": {"urls": ["mailto://x"]}}
    assert without_resolved(Alerts.model_validate({"receivers": receivers})) == {"a"}


def test_whoever_was_told_is_told_of_the_end_on_whatever_route_it_is_then() -> None:
    """The configuration or the severity has changed since: no message stands without its end."""
    one = replace(incident(), told={"old": Told(NOW, NOW, 1), "gone": Told(NOW, NOW, 1, resolved=True)})
    who = takes_turns(NOW)
    assert due(one, route(), at(5), who)[0] == [Due("duty", Kind.OPENED, "an")]
    assert due(close(one), route(), at(5), who) == ([Due("old", Kind.RESOLVED)], None)


def test_what_was_missed_while_the_program_stood_still_is_told_at_once_and_once() -> None:
    """A reminder, both steps, and nothing for each interval that has passed."""
    one = replace(incident(), told={"duty": Told(NOW, NOW, 1, person="an", severity=Severity.WARNING)})
    dues, ask = due(one, route(escalate=STEPS, repeat_interval="30s"), at(10_000), takes_turns(NOW))
    assert [(each.receiver, each.kind) for each in dues] == [
        *(("hook", Kind.ESCALATED), ("mail", Kind.ESCALATED), ("duty", Kind.REMINDER))
    ]
    assert ask == at(10_030)


def test_what_was_told_is_kept_as_it_was_told() -> None:
    """First time, last time, revision, person and severity; opened anew, it begins anew."""
    one = worsen(incident())
    first = told_of(one, Due("duty", Kind.OPENED, "an"), at(1))
    assert first == Told(at(1), at(1), 2, person="an", severity=Severity.CRITICAL)
    one = replace(one, told={"duty": first})
    last = told_of(one, Due("duty", Kind.RESOLVED, "an"), at(9))
    assert (last.first_at, last.at, last.resolved) == (at(1), at(9), True)
    again = told_of(replace(one, told={"duty": last}), Due("duty", Kind.OPENED, "an"), at(20))
    assert (again.first_at, again.resolved) == (at(20), False)


def test_the_first_route_that_takes_the_labels_has_it() -> None:
    """Or none has."""
    alerts = Alerts.model_validate({
        "receivers": {"a": {"urls": ["mailto://x"]}},
        "routes": [{"receiver": "a", "match": {"site": "x"}}],
    })
    assert route_of({"site": "x"}, alerts) is alerts.routes[0]
    assert route_of({}, alerts) is None


ROUTES = st.builds(
    lambda wait, interval, repeat, steps: route(
        group_wait=f"{wait}s",
        group_interval=f"{interval}s",
        repeat_interval=f"{repeat}s",
        escalate=[
            {"after": f"{after}s", "receiver": name} for after, name in zip(steps, ("hook", "mail"), strict=False)
        ],
    ),
    st.integers(0, 20),
    st.integers(0, 40),
    st.integers(5, 60),
    st.lists(st.integers(1, 80), max_size=2),
)
CHANGES = st.dictionaries(
    st.integers(0, END), st.sampled_from([grow, widen, worsen, relieve, acknowledge, close, merge]), max_size=8
)
STORIES = st.builds(Story, ROUTES, CHANGES, st.none() | st.integers(7, 60), st.sampled_from([(), ("duty",), ("hook",)]))


@settings(max_examples=200)
@given(STORIES)
def test_asking_when_it_is_said_to_be_time_is_as_good_as_asking_all_the_time(story: Story) -> None:
    """Not a message more or less, none a second later."""
    assert story.told() == story.told(step=1)


@settings(max_examples=200)
@given(STORIES)
def test_nobody_is_told_too_early_twice_or_of_what_does_not_hold(story: Story) -> None:
    """The promises that hold for every story in which nothing is opened again."""
    told = story.told()
    over = min((second for second, change in story.changes.items() if change in {close, merge}), default=END + 1)
    taken = min((second for second, change in story.changes.items() if change is acknowledge), default=END + 1)
    merged = min((second for second, change in story.changes.items() if change is merge), default=END + 1)
    assert all(second >= story.route.group_wait for second, _ in told)
    assert all(second < merged for second, _ in told)
    assert len({(second, each.receiver) for second, each in told}) == len(told)
    for receiver in {each.receiver for _, each in told}:
        kinds = [(second, each.kind) for second, each in told if each.receiver == receiver]
        assert [kind for _, kind in kinds].count(Kind.RESOLVED) <= 1
        assert kinds[0][1] is (Kind.OPENED if receiver == "duty" else Kind.ESCALATED)
        assert all(second < over for second, kind in kinds if kind is not Kind.RESOLVED)
        assert all(second < taken for second, kind in kinds if kind in {Kind.REMINDER, Kind.ESCALATED})
        if over < merged and receiver not in story.quiet:
            assert kinds[-1] == (over, Kind.RESOLVED)
        if receiver != "duty":
            assert {kind for _, kind in kinds} <= {Kind.ESCALATED, Kind.RESOLVED}


@settings(max_examples=100)
@given(STORIES, st.integers(0, END))
def test_what_was_told_is_not_due_again(story: Story, second: int) -> None:
    """Asked a second time at the same time, there is nothing; and the time to ask again lies ahead."""
    one = incident()
    for when in sorted(when for when in story.changes if when <= second):
        one = story.changes[when](one)
    dues, ask = story.ask(one, second)
    one = replace(one, told={**one.told, **{each.receiver: told_of(one, each, at(second)) for each in dues}})
    assert story.ask(one, second) == ([], ask)
    assert ask is None or ask > at(second)
