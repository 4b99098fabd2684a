"""What goes wrong: when a fault begins, how much it matters, and what it takes until it is over."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.faults import Faults
from alerts.labels import Places
from model.incident import About, AlertName, Fault, Severity
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from model.verdict import Outcome, Quality
from tests.peers.duty import verdict
from tests.peers.stage import BEGIN, at, link, site

MAIN: SubjectKey = ("link", "main")
SWITCH: SubjectKey = ("device", "switch")
PAGE: SubjectKey = ("service", "page")


def inventory(**more: Any) -> Inventory:
    """An office with two lines, a router, a switch and a page."""
    office = site(
        "office",
        link("main", "VNPT"),
        link("spare", "FPT", role="backup"),
        devices=[
            {"id": "router", "address": "127.0.0.1", "role": "router"},
            {"id": "switch", "address": "127.0.0.1", "role": "switch"},
        ],
        services=[{"id": "page", "url": "https://127.0.0.1/"}],
    )
    return Inventory.model_validate({"sites": [office], **more})


@pytest.fixture
def faults() -> Faults:
    """Nothing goes wrong."""
    return Faults(Places(inventory()))


def shows(faults: Faults, subject: SubjectKey, state: State, seconds: float = 0.0) -> None:
    """A subject has another state."""
    faults.changed(subject, state, at(seconds), at(seconds + 2))


def names(faults: Faults) -> set[str]:
    """The kinds of what lasts."""
    return {fault.name.value for fault in faults.lasting.values()}


@pytest.mark.parametrize(
    ("subject", "name", "severity"),
    [
        (("link", "main"), AlertName.LINK_DOWN, Severity.CRITICAL),
        (("link", "spare"), AlertName.LINK_DOWN, Severity.WARNING),
        (("device", "router"), AlertName.DEVICE_DOWN, Severity.CRITICAL),
        (("device", "switch"), AlertName.DEVICE_DOWN, Severity.WARNING),
        (("service", "page"), AlertName.SERVICE_DOWN, Severity.CRITICAL),
    ],
)
def test_what_people_come_for_is_critical(
    faults: Faults, subject: SubjectKey, name: AlertName, severity: Severity
) -> None:
    """What something else stands in for can wait."""
    faults.changed(subject, State.DOWN, at(1), at(3), {"silences": 7.0})
    assert faults.lasting == {
        (name, subject, ""): Fault(name, subject, at(1), at(3), severity, evidence={"silences": 7.0})
    }


@pytest.mark.parametrize("subject", [("site", "office"), ("anchor", "icmp://127.0.0.1")])
def test_nothing_follows_from_the_state_of_a_site_or_an_anchor(faults: Faults, subject: Any) -> None:
    """A site follows its parts, and the anchors are told to the eyes."""
    shows(faults, subject, State.DOWN)
    assert not faults.lasting
    assert faults.states[subject] is State.DOWN


def test_a_fault_stays_as_it_was_noticed_first(faults: Faults) -> None:
    """Found down again after a restart, it is as old as it was."""
    shows(faults, MAIN, State.DOWN)
    shows(faults, MAIN, State.UNKNOWN, 10)
    shows(faults, MAIN, State.DOWN, 20)
    (fault,) = faults.lasting.values()
    assert fault.since == BEGIN


@pytest.mark.parametrize("state", [State.UP, State.DEGRADED])
def test_what_passes_is_over_since_then(faults: Faults, state: State) -> None:
    """Also too slow: it is not down."""
    shows(faults, MAIN, State.DOWN)
    shows(faults, MAIN, state, 10)
    assert faults.lasting == {}
    assert faults.over == {(AlertName.LINK_DOWN, MAIN, ""): at(10)}


@pytest.mark.parametrize("state", [State.UNKNOWN, State.UNREACHABLE])
def test_what_is_unknown_or_cut_off_is_not_over(faults: Faults, state: State) -> None:
    """What is unknown lasts; what something above it explains is no fault of its own any more."""
    shows(faults, MAIN, State.DOWN)
    shows(faults, MAIN, state, 10)
    assert faults.over == {}
    assert names(faults) == ({"LinkDown"} if state is State.UNKNOWN else set())


def test_what_begins_again_before_anybody_looked_is_not_over(faults: Faults) -> None:
    """Down, up and down between two looks."""
    shows(faults, MAIN, State.DOWN)
    shows(faults, MAIN, State.UP, 10)
    shows(faults, MAIN, State.DOWN, 11)
    assert faults.over == {}
    assert names(faults) == {"LinkDown"}


def test_whether_anything_changed_is_known_until_it_was_taken_note_of(faults: Faults) -> None:
    """What lasts already changes nothing."""
    seen = [faults.is_changed]
    for state in (State.DOWN, State.DOWN, State.UP):
        shows(faults, MAIN, state)
        seen.append(faults.is_changed)
        faults.forget_over()
    assert [*seen, faults.is_changed] == [False, True, False, True, False]
    assert faults.over == {}


@pytest.mark.parametrize("after", [State.UP, State.DOWN, State.UNREACHABLE, State.UNKNOWN])
def test_a_device_that_answers_pings_alone_has_a_silent_agent(faults: Faults, after: State) -> None:
    """Until anything but unknown is said of it."""
    shows(faults, SWITCH, State.DEGRADED)
    (fault,) = faults.lasting.values()
    assert (fault.name, fault.severity) == (AlertName.SNMP_AGENT_SILENT, Severity.WARNING)
    shows(faults, SWITCH, after, 10)
    assert ("SnmpAgentSilent" in names(faults)) is (after is State.UNKNOWN)


def test_a_breach_begins_with_its_verdict_and_ends_when_it_is_met_or_not_required(faults: Faults) -> None:
    """Without evidence it goes on."""
    for outcome, lasts in [
        (Outcome.MET, False),
        (Outcome.BREACHED, True),
        (Outcome.UNKNOWN, True),
        (Outcome.MET, False),
        (Outcome.UNKNOWN, False),
        (Outcome.BREACHED, True),
    ]:
        faults.judged(MAIN, [verdict(Quality.RTT, outcome, at(0))], at(5))
        assert bool(faults.lasting) is lasts
    faults.judged(MAIN, [], at(10))
    assert faults.lasting == {}
    assert faults.over == {(AlertName.LINK_BELOW_REQUIREMENT, MAIN, "rtt"): at(10)}


def test_a_breach_knows_its_figures_and_is_never_younger_than_its_verdict(faults: Faults) -> None:
    """What was not measured is left out of the evidence."""
    faults.judged(MAIN, [verdict(Quality.RTT, Outcome.BREACHED, at(90))], at(5))
    (fault,) = faults.lasting.values()
    assert (fault.since, fault.severity, fault.requirement) == (at(5), Severity.WARNING, "rtt")
    assert fault.evidence == {"value": 0.2, "threshold": 0.1, "unit": "s", "window": 60.0, "n": 60.0}


def test_what_a_month_has_lost_matters_least(faults: Faults) -> None:
    """Nobody can mend it tonight."""
    faults.judged(MAIN, [verdict(Quality.AVAILABILITY, Outcome.BREACHED, at(0))], at(5))
    assert [fault.severity for fault in faults.lasting.values()] == [Severity.INFO]


@pytest.mark.parametrize("state", [State.DOWN, State.UNREACHABLE])
def test_what_an_outage_costs_is_no_news_while_it_lasts(faults: Faults, state: State) -> None:
    """When it is over it is, if it still holds; what was told before goes on."""
    lost, rate = [verdict(Quality.AVAILABILITY, Outcome.BREACHED, at(0))], {"rate": 20.0, "hours": 1.0}
    shows(faults, MAIN, State.DOWN)
    shows(faults, MAIN, State.UP)
    shows(faults, MAIN, State.DOWN)
    shows(faults, MAIN, state)
    for _ in range(2):
        faults.judged(MAIN, lost, at(5))
        faults.burns(MAIN, Severity.CRITICAL, rate, at(5))
    assert names(faults) <= {"LinkDown"}
    shows(faults, MAIN, State.UP, 10)
    faults.judged(MAIN, lost, at(15))
    faults.burns(MAIN, Severity.CRITICAL, rate, at(15))
    assert names(faults) == {"LinkBelowRequirement", "ErrorBudgetBurn"}
    shows(faults, MAIN, State.DOWN, 20)
    faults.judged(MAIN, lost, at(25))
    assert names(faults) == {"LinkBelowRequirement", "ErrorBudgetBurn", "LinkDown"}


def twice_down(faults: Faults) -> None:
    """The main line was down twice, and is up again."""
    for seconds in (0, 2):
        shows(faults, MAIN, State.DOWN, seconds)
        shows(faults, MAIN, State.UP, seconds + 1)
    faults.forget_over()


def test_one_outage_that_burns_the_budget_was_told_already(faults: Faults) -> None:
    """It is news when there were several within the hours that the rule looks at."""
    rate = {"rate": 20.0, "hours": 1.0}
    shows(faults, MAIN, State.DOWN)
    shows(faults, MAIN, State.UP, 600)
    faults.burns(MAIN, Severity.CRITICAL, rate, at(630))
    assert names(faults) == set()
    shows(faults, MAIN, State.DOWN, 3_500)
    shows(faults, MAIN, State.UP, 3_550)
    faults.burns(MAIN, Severity.CRITICAL, rate, at(3_590))
    assert names(faults) == {"ErrorBudgetBurn"}


def test_a_budget_that_burns_no_more_is_over(faults: Faults) -> None:
    """What never burned is not over."""
    faults.burns(MAIN, None, {}, at(0))
    assert faults.over == {}
    twice_down(faults)
    faults.burns(MAIN, Severity.WARNING, {"rate": 3.0, "hours": 24.0}, at(5))
    (fault,) = faults.lasting.values()
    assert (fault.severity, fault.evidence) == (Severity.WARNING, {"rate": 3.0, "hours": 24.0})
    faults.burns(MAIN, None, {}, at(10))
    assert faults.over == {(AlertName.ERROR_BUDGET_BURN, MAIN, "availability"): at(10)}


def test_a_certificate_is_a_warning_until_it_is_renewed(faults: Faults) -> None:
    """With the days that it had left."""
    faults.expires("page", None, at(0))
    assert faults.over == {}
    faults.expires("page", 6.5, at(5))
    (fault,) = faults.lasting.values()
    assert (fault.subject, fault.severity, fault.evidence) == (PAGE, Severity.WARNING, {"days_left": 6.5})
    faults.expires("page", None, at(10))
    assert list(faults.over.values()) == [at(10)]


def test_a_blindness_that_ends_takes_with_it_what_began_with_it(faults: Faults) -> None:
    """Nothing is known of that any more, nor of what was found down in it; what is older is not touched."""
    shows(faults, ("link", "spare"), State.DOWN, 0)
    shows(faults, MAIN, State.DOWN, 100)
    faults.sees(at(101), at(104), is_blind=True)
    shows(faults, PAGE, State.DOWN, 130)
    faults.sees(at(200), at(200), is_blind=False)
    assert {fault.subject for fault in faults.lasting.values()} == {("link", "spare")}
    assert set(faults.over) == {
        (AlertName.MONITOR_BLIND, ("monitor", ""), ""),
        (AlertName.LINK_DOWN, MAIN, ""),
        (AlertName.SERVICE_DOWN, PAGE, ""),
    }
    faults.spare([(AlertName.LINK_DOWN, MAIN, "")])
    assert (AlertName.LINK_DOWN, MAIN, "") not in faults.over
    faults.forget_over()
    faults.sees(at(300), at(300), is_blind=False)
    assert faults.over == {}


def test_only_what_was_noticed_after_a_blindness_proves_that_it_is_over(faults: Faults) -> None:
    """A return that was decided before and written after says nothing."""
    faults.sees(at(100), at(104), is_blind=True)
    seen = []
    for seconds in (101, 103):
        shows(faults, MAIN, State.UP, seconds)
        seen.append("MonitorBlind" in names(faults))
    assert seen == [True, False]


def test_what_the_inventory_does_not_hold_any_more_is_over(faults: Faults) -> None:
    """And nothing is known of its state."""
    shows(faults, MAIN, State.DOWN)
    shows(faults, SWITCH, State.DOWN)
    faults.load(Places(Inventory.model_validate({"sites": [site("office", link("main"))]})), at(10))
    assert {fault.subject for fault in faults.lasting.values()} == {MAIN}
    assert faults.over[AlertName.DEVICE_DOWN, SWITCH, ""] == at(10)
    assert set(faults.states) == {MAIN}


def fault(name: AlertName, subject: About) -> Fault:
    """From before a restart."""
    return Fault(name, subject, at(-600), at(-598), Severity.CRITICAL)


def test_what_lasted_before_a_restart_lasts_until_it_is_known_to_be_over(faults: Faults) -> None:
    """What is gone from the inventory is over; what is found anew stays as old as it is known to be."""
    known = fault(AlertName.LINK_DOWN, MAIN)
    gone = fault(AlertName.LINK_DOWN, ("link", "gone"))
    faults.remember([known, gone, fault(AlertName.LINK_FLAPPING, ("link", "spare"))])
    faults.remember([Fault(AlertName.LINK_DOWN, MAIN, at(-1), at(0), Severity.CRITICAL)])
    assert faults.lasting[known.key] is known
    assert faults.over == {gone.key: gone.noticed_at}
    assert faults.flapping == {"spare"}


@pytest.mark.parametrize("outages", [2, 3])
def test_a_link_that_something_above_it_makes_fall_silent_does_not_flap(faults: Faults, outages: int) -> None:
    """Only three outages of its own make it so; one that turns out to be explained is taken back."""
    for number in range(outages):
        shows(faults, MAIN, State.UP, number * 100)
        shows(faults, MAIN, State.DOWN, number * 100 + 50)
    faults.flaps("main", at(300), is_flapping=True)
    assert (faults.flapping == {"main"}) is (outages == 3)
    shows(faults, MAIN, State.UNREACHABLE, 310)
    assert faults.flapping == set()
    assert ("LinkFlapping" in names(faults)) is False
    assert ((AlertName.LINK_FLAPPING, MAIN, "") in faults.over) is (outages == 3)


@pytest.mark.parametrize(
    ("subject", "is_brief"), [(("link", "spare"), True), (("link", "main"), False), (("device", "spare"), False)]
)
def test_only_another_outage_of_a_flapping_link_is_brief(faults: Faults, subject: Any, *, is_brief: bool) -> None:
    """And that only until it has lasted a minute."""
    faults.flapping.add("spare")
    outage = faults.outage(("link", "spare"), at(0), at(2), {})
    assert outage is not None
    name = AlertName.LINK_DOWN if subject[0] == "link" else AlertName.DEVICE_DOWN
    assert faults.is_brief(fault(name, subject)) is is_brief
    faults.stays_down("spare")
    assert not faults.is_brief(outage)
    shows(faults, ("link", "spare"), State.UP, 100)
    assert faults.is_brief(outage)


def test_a_provider_belongs_to_the_inventory_as_long_as_it_has_a_line() -> None:
    """The monitor itself always does."""
    places = Places(inventory())
    assert ("provider", "VNPT") in places
    assert ("provider", "VNTP") not in places
    assert ("monitor", "") in places
    assert ("link", "gone") not in places
    assert places["provider", "VNPT"] == (None, None)


def test_times_are_kept_as_they_came(faults: Faults) -> None:
    """Nothing is rounded on the way."""
    odd: datetime = BEGIN + timedelta(microseconds=1)
    faults.changed(MAIN, State.DOWN, odd, odd + timedelta(microseconds=1))
    (found,) = faults.lasting.values()
    assert (found.since, found.noticed_at) == (odd, odd + timedelta(microseconds=1))
