"""Who is told what: one step after the other, each whole, and no incident held up by a bug about another."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.compose import Composer
from alerts.correlate import Correlator
from alerts.labels import Places
from alerts.mute import Rules
from alerts.notice import Kind, Notice
from alerts.pipeline import Pipeline
from model.incident import Acknowledgement, Attachment, Incident
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from tests.peers.duty import Duty
from tests.peers.stage import BEGIN, at, link, site


def ward(**more: Any) -> Duty:
    """An office with two lines, and two sites of one line each."""
    duty = Duty.of(
        sites=[
            site("office", link("main"), link("spare", role="backup")),
            site("a", link("a1")),
            site("b", link("b1", depends_on=["main"])),
        ],
        **more,
    )
    duty.all_up()
    duty.wait(60)
    return duty


def only(duty: Duty) -> Incident:
    """The incident that is open."""
    (incident,) = duty.open()
    return incident


def test_nothing_happens_to_what_knows_nothing() -> None:
    """Before any inventory was taken over."""
    step = Pipeline(Correlator(lambda _: None)).step(BEGIN)
    assert (step.incidents, step.notices, step.rulings, step.wake_at) == ([], [], [], None)


def test_an_incident_is_found_while_it_is_open_and_a_quarter_of_an_hour_after() -> None:
    """So long Alertmanager hears of its end; then it is forgotten, with all that was known of it."""
    duty = ward()
    duty.down("spare")
    name = only(duty).id
    assert duty.pipeline.find(name) == only(duty)
    duty.wait(60)
    duty.up("spare")
    for seconds, is_known in ((15 * 60, True), (2 * 60, False)):
        duty.wait(seconds)
        assert (duty.pipeline.find(name) is not None) is is_known
    assert duty.pipeline.find("nothing") is None


def test_alerts_are_told_again_to_those_who_were_told() -> None:
    """What fires, and apart from it what has ended."""
    duty = ward()
    duty.down("spare")
    duty.down("a1")
    duty.wait(60)
    duty.up("spare")
    firing, ended = duty.pipeline.alerts_for("hook", at(duty.now))
    assert [alert.labels["link"] for alert in firing] == ["a1"]
    assert [(alert.labels["link"], alert.ends_at) for alert in ended] == [("spare", at(duty.now))]
    assert duty.pipeline.alerts_for("other", at(duty.now)) == ([], [])


def test_what_is_found_out_about_an_incident_is_kept_quietly() -> None:
    """Open or closed; nobody is told, and nothing is looked at because of it."""
    duty = ward()
    duty.down("spare")
    found = Attachment("path", ("link", "spare"), BEGIN, {})
    for _ in range(2):
        incident = next(iter(duty.stored.values()))
        after = replace(incident, attachments=(*incident.attachments, found), version=incident.version + 1)
        duty.pipeline.put_quietly(after)
        assert duty.pipeline.find(incident.id) == after
        duty.wait(10)
        duty.up("spare")
    assert [said.kind for said in duty.said] == [Kind.OPENED, Kind.RESOLVED]


def test_a_closed_incident_that_somebody_changes_is_looked_at_again() -> None:
    """Who takes on what is over is told nothing new; one that nobody remembers is left alone."""
    duty = ward()
    duty.down("spare")
    duty.wait(60)
    duty.up("spare")
    (closed,) = duty.stored.values()
    after = replace(closed, acknowledged=Acknowledgement("lan", at(duty.now)), changed_at=at(duty.now))
    duty.pipeline.put(after)
    duty.pipeline.put(replace(after, id="forgotten"))
    duty.wait(60)
    assert duty.pipeline.find(closed.id) == after
    assert duty.pipeline.find("forgotten") is None
    assert len(duty.said) == 2


def test_a_bug_about_one_incident_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are told at once; the one is tried again each minute, and told when it can be."""
    duty = ward()
    plan = Pipeline._plan
    is_buggy = [True]

    def buggy(pipeline: Pipeline, incident: Incident, work: Any) -> None:
        if is_buggy and incident.cause.subject[1] == "spare":
            raise ZeroDivisionError
        plan(pipeline, incident, work)

    monkeypatch.setattr(Pipeline, "_plan", buggy)
    duty.down("a1", "spare")
    duty.wait(150)
    assert duty.heard() == ["Tue 10:01:00 hook: opened SiteUnreachable a"]
    assert caplog.text.count("nothing is told of spare-") == 3
    is_buggy.clear()
    duty.wait(60)
    assert duty.heard()[1:] == ["Tue 10:04:00 hook: opened LinkDown spare"]


def test_what_could_not_be_put_into_words_is_not_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An incident counts as told only when there is a notice; it is tried again."""
    duty = ward()
    say, is_buggy = Composer.notice, [True]

    def buggy(composer: Composer, *arguments: Any) -> Notice:
        if is_buggy:
            raise ZeroDivisionError
        return say(composer, *arguments)

    monkeypatch.setattr(Composer, "notice", buggy)
    duty.down("spare")
    assert only(duty).told == {}
    assert "nothing is told of spare-" in caplog.text
    is_buggy.clear()
    duty.wait(60)
    assert set(only(duty).told) == {"hook"}
    assert len(duty.said) == 1


def test_what_a_subject_was_part_of_is_said_and_that_it_is_over() -> None:
    """Also of what was never found down itself."""
    duty = ward()
    duty.down("main")
    assert duty.rulings_of("b1") == ["part: explained by LinkDown of link main"]
    duty.wait(60)
    duty.up("main")
    assert duty.rulings_of("b1")[1:] == ["over"]


def test_what_a_subject_was_part_of_is_said_to_be_over_after_a_restart_too() -> None:
    """Nothing that was said before it is said again."""
    duty = ward()
    duty.down("main")
    duty.wait(60)
    duty.restart(down=[("link", "main")])
    duty.wait(5)
    duty.up("main")
    assert duty.rulings_of("b1") == ["part: explained by LinkDown of link main", "over"]


def test_a_mute_is_said_once_for_as_long_as_it_holds() -> None:
    """However often it is looked at; each fault of the incident has it."""
    duty = ward(maintenance=[{"id": "noon", "sites": ["office"], "from": "2026-11-24T10:00", "to": "2026-11-24T12:00"}])
    duty.down("spare")
    for _ in range(5):
        duty.wait(60)
        duty.pipeline.look_again()
    assert [line.split(":")[0] for line in duty.rulings_of("spare")] == ["opened", "maintenance"]


def test_an_incident_of_which_a_part_is_not_muted_is_told_whole() -> None:
    """All of it must be: a silence of one alert does not hide what else is wrong with its line."""
    duty = ward()
    duty.silenced('alertname="LinkDown"', seconds=3_600)
    duty.down("spare")
    duty.wait(60)
    assert duty.heard() == []
    duty.up("spare")
    duty.judge(("link", "spare"), rtt="breached")
    duty.wait(60)
    duty.down("spare")
    assert [line.split(": ")[1] for line in duty.heard()] == [
        "opened LinkBelowRequirement spare",
        "updated LinkDown spare",
    ]


@pytest.mark.parametrize("other", ["a1", "spare"])
def test_a_group_does_not_wait_for_one_that_is_muted(other: str) -> None:
    """The wait of the first message counts from the first that could be told."""
    alerts = {
        "receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}},
        "routes": [{"receiver": "hook", "group_by": ["ward"], "group_wait": "60s"}],
    }
    duty = ward(alerts=alerts)
    duty.silenced('site="a"', seconds=20)
    duty.down("a1")
    duty.wait(40)
    if other == "spare":
        duty.down("spare")
    duty.wait(120)
    first = duty.said[0]
    assert first.at == 60 + 60
    assert len(first.notice.incidents) == (2 if other == "spare" else 1)


def test_it_wants_to_look_again_when_rules_turn_only_while_something_is_open() -> None:
    """A quiet night wakes nobody."""
    duty = ward(maintenance=[{"id": "nights", "sites": ["office"], "every": "Wed 02:00-04:00"}])
    wakes = []
    for happens in (duty.step, lambda: duty.down("spare"), lambda: duty.up("spare")):
        happens()
        duty.wait(3_600)
        wakes.append(duty.wake_at is not None)
    assert wakes == [False, True, False]


def test_an_inventory_that_is_taken_over_counts_at_once() -> None:
    """Its routes and what mutes by it."""
    rules = Rules(Places(Inventory()))
    pipeline = Pipeline(Correlator(lambda _: at(0)))
    pipeline.load(rules, lambda *_: "", at(0))
    line: SubjectKey = ("link", "spare")
    inventory = Inventory.model_validate({"sites": [site("office", link("main"), link("spare", role="backup"))]})
    pipeline.load(Rules(Places(inventory)), lambda *_: "", at(0))
    pipeline.correlator.faults.changed(line, State.DOWN, at(1), at(3))
    step = pipeline.step(at(3) + timedelta(minutes=1))
    assert [ruling.outcome for ruling in step.rulings] == ["opened", "no_route"]
    assert step.notices == []
