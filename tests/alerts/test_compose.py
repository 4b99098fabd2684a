"""Incidents in notices: keys, links, languages, and several in one message."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts import compose
from alerts.compose import Composer
from alerts.labels import Places
from alerts.notice import Kind, Notice
from alerts.route import Due
from model.incident import Acknowledgement, AlertName, Entry, Fault, Incident, Severity, Told, incident_id
from model.inventory import Inventory
from tests.peers.stage import BEGIN, at, link, site

PEOPLE = {"an": {"name": "Trần Văn An"}, "binh": {}}


def inventory(**more: Any) -> Inventory:
    """Three sites of one line each."""
    ward = {"id": "w", "timezone": "Asia/Ho_Chi_Minh", "language": "en"}
    sites = [site(name, link(f"{name}1")) for name in "abc"]
    return Inventory.model_validate({"ward": ward, "sites": sites, "people": PEOPLE, **more})


def incident(name: str = "a1", severity: Severity = Severity.CRITICAL, **more: Any) -> Incident:
    """A line is down."""
    fault = Fault(AlertName.LINK_DOWN, ("link", name), BEGIN, at(3), severity)
    whole = Incident(incident_id(fault), "w", BEGIN, at(3), at(3), (Entry(fault),))
    return replace(whole, **more)


def told(receiver: str, person: str = "") -> dict[str, Told]:
    """Somebody was told."""
    return {receiver: Told(at(3), at(3), 1, person=person)}


def notice(*incidents: Incident, kind: Kind = Kind.OPENED, person: str = "", **more: Any) -> Notice:
    """The notice about them."""
    composer = Composer(Places(inventory(**more)), lambda name, who: f"https://w.example/ack/{name}/{who}")
    return composer.notice(incidents, Due("hook", kind, person), at(10), "{}/{}:{}", {"site": "a"})


def test_a_key_says_what_is_told_of_which_version_to_whom() -> None:
    """So that it is the same for every attempt, and another for anything else."""
    one = incident()
    assert notice(one).key == f"{one.id}/hook/opened/1"
    assert notice(one, person="an").key == f"{one.id}/hook/opened/1/an"
    assert notice(replace(one, version=4), kind=Kind.UPDATED).key == f"{one.id}/hook/updated/4"
    two = incident("b1", version=2)
    assert notice(one, two).key == f"{one.id}+{two.id}/hook/opened/1-2"


def test_a_notice_bears_what_it_was_made_for() -> None:
    """The group, the person, the time."""
    said = notice(incident(), person="an")
    assert (said.receiver, said.person, said.kind) == ("hook", "an", Kind.OPENED)
    assert (said.decided_at, said.group_key, said.group_labels) == (at(10), "{}/{}:{}", {"site": "a"})
    assert said.incidents == (incident().id,)


def test_the_severity_is_that_of_the_gravest() -> None:
    """Whatever comes first."""
    assert notice(incident("a1", Severity.INFO), incident("b1", Severity.WARNING)).severity == "warning"


def test_links_are_there_where_there_is_a_page() -> None:
    """To the incident, and for whoever it is meant for to acknowledge it."""
    one = incident()
    said = notice(one, person="an", alerts={"external_url": "https://w.example/"})
    assert said.incident_url == f"https://w.example/incidents/{one.id}"
    assert said.ack_url == f"https://w.example/ack/{one.id}/an"
    assert notice(one).incident_url == ""
    assert notice(one).ack_url == f"https://w.example/ack/{one.id}/hook"


def test_nobody_is_asked_to_acknowledge_what_is_over_or_taken() -> None:
    """There is nothing to take on."""
    over = replace(incident(), closed_at=at(9), entries=(Entry(incident().cause, at(8)),))
    assert notice(over, kind=Kind.RESOLVED).ack_url == ""
    assert notice(incident(acknowledged=Acknowledgement("an", at(5))), kind=Kind.UPDATED).ack_url == ""


@pytest.mark.parametrize("language", ["en", "vi", "id"])
def test_the_ward_says_the_language_and_the_time(language: str) -> None:
    """Ten o'clock in Hanoi is ten in the message."""
    ward = {"id": "w", "timezone": "Asia/Ho_Chi_Minh", "language": language}
    said = notice(incident(), ward=ward)
    assert said.language == language
    assert "10:00" in said.words.text or "10.00" in said.words.text


def test_without_a_ward_it_is_english_and_utc() -> None:
    """A city's provider or a blind monitor belongs to none."""
    said = notice(replace(incident(), ward=""))
    assert said.language == "en"
    assert "03:00" in said.words.text


def test_an_alert_of_a_closed_incident_has_ended() -> None:
    """Also one that became a part of another incident before it was over."""
    merged = replace(incident(), closed_at=at(9), merged_into="other")
    assert [alert.ends_at for alert in notice(merged, kind=Kind.UPDATED).alerts] == [at(9)]
    ended = replace(incident(), closed_at=at(9), entries=(Entry(incident().cause, at(8)),))
    assert notice(ended, kind=Kind.RESOLVED).is_resolved
    assert [alert.ends_at for alert in notice(ended, kind=Kind.RESOLVED).alerts] == [at(8)]


def test_an_escalation_names_who_was_told_by_name() -> None:
    """By their id where they have no name or are nobody any more; receivers without a person are nobody to call."""
    heard = {**told("team", "an"), **told("night", "binh"), **told("old", "chi"), **told("hook")}
    text = notice(incident(told=heard), kind=Kind.ESCALATED).words.text
    assert "Trần Văn An" in text
    assert "binh" in text
    assert "chi" in text
    assert "Trần Văn An" not in notice(incident(told=heard), kind=Kind.UPDATED).words.text


def test_several_incidents_are_one_message() -> None:
    """The first in full; how many others there are stands in its title and its short form."""
    said = notice(incident("a1"), incident("b1"), incident("c1"))
    alone = notice(incident("a1"))
    assert said.words.title == f"{alone.words.title} (+2)"
    assert said.words.text.startswith(alone.words.text)
    assert said.words.sms.endswith("(+2)")
    assert len(said.alerts) == 3


def test_a_message_about_many_keeps_to_its_limits() -> None:
    """What does not fit is left out whole."""
    many = [incident(name) for name in ("a1", "b1", "c1")] * 40
    said = notice(*many)
    assert len(said.words.text) <= 2_000
    assert len(said.words.sms) <= 160
    assert said.words.sms.endswith("(+119)")


def test_all_alerts_are_told_again_with_their_words() -> None:
    """For Alertmanager, which forgets."""
    composer = Composer(Places(inventory()), lambda *_: "")
    (alert,) = composer.alerts_of(incident(), at(60))
    assert alert.labels["link"] == "a1"
    assert alert.annotations["summary"]
    assert alert.ends_at is None


def test_a_bug_in_the_words_costs_nobody_the_message(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Bare words say what is wrong and since when; the log has the bug."""

    def buggy(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(compose, "words_of", buggy)
    monkeypatch.setattr(compose, "annotations_of", buggy)
    one = incident()
    said = notice(one, alerts={"external_url": "https://w.example"})
    assert said.words.title == said.words.sms == "opened: LinkDown link a1"
    assert said.words.text == (
        f"opened: LinkDown link a1\n2026-11-24 03:00:00 UTC\nhttps://w.example/incidents/{one.id}"
    )
    assert said.alerts[0].annotations == {"summary": "LinkDown link a1"}
    assert "is told of in bare words" in caplog.text


def test_what_was_told_last_is_known_to_the_words() -> None:
    """So that an update says what is new since then, not since ever."""
    second = Fault(AlertName.LINK_BELOW_REQUIREMENT, ("link", "a1"), at(50), at(60), Severity.WARNING, "rtt")
    one = incident()
    grown = replace(one, entries=(*one.entries, Entry(second)), revision=2, changed_at=at(60), told=told("hook"))
    fresh = notice(grown, kind=Kind.UPDATED).words.text
    heard = {"hook": Told(at(3), at(3) + timedelta(seconds=100), 2)}
    stale = notice(replace(grown, told=heard), kind=Kind.UPDATED).words.text
    assert fresh != stale
