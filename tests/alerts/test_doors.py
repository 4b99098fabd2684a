"""The channels of an inventory."""

import pytest

from alerts.doors import Doors
from model.alerting import Alerts, Person
from model.invalid import InvalidValueError

Receivers = dict[str, dict[str, object]]

WEBHOOK: Receivers = {"hook": {"webhook": "http://127.0.0.1:9/secret"}}
DUTY: Receivers = {"duty": {"team": "night"}}
PEOPLE = {
    "lan": Person.model_validate({
        "channels": ["zalo://1:token/42", "mailto://lan:pw@mail.example?to=lan@mail.example"]
    })
}


def alerts(*receivers: Receivers) -> Alerts:
    """What the file says of receivers."""
    return Alerts.model_validate({"receivers": {name: one for some in receivers for name, one in some.items()}})


def test_a_receiver_has_channels_and_a_team_those_of_a_person() -> None:
    """The webhook is the receiver's own; of a team it depends on who is on call, in the order of preference."""
    book = Doors().book(alerts(WEBHOOK, DUTY), PEOPLE)
    assert book.receivers == ("hook", "duty")
    kinds = {
        name: [[channel.kind for channel in chain] for chain in book.chains(*name) or ()]
        for name in (("hook", ""), ("duty", "lan"))
    }
    assert kinds == {("hook", ""): [["webhook"]], ("duty", "lan"): [["zalo", "mail"]]}
    assert book.chains("duty", "nobody") == ()
    assert book.chains("gone", "") is None


def test_all_urls_of_a_receiver_are_chains_of_their_own() -> None:
    """Each gets every message; one that is written twice gets it once."""
    urls: Receivers = {"group": {"urls": ["json://127.0.0.1:8/", "zalo://1:token/42", "json://127.0.0.1:8/"]}}
    chains = Doors().book(alerts(urls), {}).chains("group", "")
    assert [[channel.kind for channel in chain] for chain in chains or ()] == [["apprise"], ["zalo"]]


def test_a_channel_that_is_configured_the_same_stays_itself() -> None:
    """Over a reload, and between two people: so what it remembers is kept, and it has one lane."""
    doors = Doors()
    (before,) = doors.book(alerts(WEBHOOK), PEOPLE).own["hook"]
    book = doors.book(alerts(WEBHOOK, DUTY), {**PEOPLE, "minh": PEOPLE["lan"]})
    assert book.own["hook"][0] is before
    assert book.people["minh"][0] is book.people["lan"][0]
    assert len(book.channels()) == 3


def test_what_is_gone_is_forgotten() -> None:
    """A channel that comes back later is a new one."""
    doors = Doors()
    (before,) = doors.book(alerts(WEBHOOK), {}).own["hook"]
    doors.book(alerts(DUTY), {})
    assert doors.book(alerts(WEBHOOK), {}).own["hook"][0] is not before


def test_a_url_that_cannot_be_used_changes_nothing() -> None:
    """The file is refused, and what was open stays open."""
    doors = Doors()
    (before,) = doors.book(alerts(WEBHOOK), {}).own["hook"]
    broken = {"lan": Person.model_validate({"channels": ["mailto://nobody"]})}
    with pytest.raises(InvalidValueError):
        doors.book(alerts(WEBHOOK), broken)
    assert doors.book(alerts(WEBHOOK), {}).own["hook"][0] is before
