"""Who is on call: turns that pass on by the clock on the wall, also in the middle of an incident."""

from typing import Any

import pytest

from tests.peers.duty import Duty
from tests.peers.stage import link, site

PEOPLE = {name: {"channels": ["json://127.0.0.1:9/"]} for name in ("an", "binh", "chi")}


def duty(zone: str = "Asia/Ho_Chi_Minh", route: Any = None, **team: Any) -> Duty:
    """One line, watched by a team; an's turn is on until Monday the 30th at eight."""
    alerts = {"receivers": {"team": {"team": "net"}}, "routes": [{"receiver": "team", **(route or {})}]}
    rota = {"members": ["an", "binh"], "starts": "2026-11-23", **team}
    stage = Duty.of(
        ward={"id": "w", "timezone": zone, "language": "en"},
        sites=[site("office", link("main"), link("spare", role="backup"))],
        people=PEOPLE,
        teams={"net": rota},
        alerts=alerts,
    )
    stage.all_up()
    stage.wait(60)
    return stage


def test_the_week_belongs_to_whoever_has_it() -> None:
    """The first member's week, then the second's."""
    stage = duty()
    stage.down("spare")
    stage.up("spare")
    stage.until("Mon 09:00")
    stage.down("spare")
    stage.up("spare")
    assert stage.heard() == [
        "Tue 10:01:00 team/an: opened LinkDown spare",
        "Tue 10:01:00 team/an: resolved LinkDown spare",
        "Mon 09:00:00 team/binh: opened LinkDown spare",
        "Mon 09:00:00 team/binh: resolved LinkDown spare",
    ]


def test_who_comes_on_duty_is_told_once_of_what_nobody_has_taken_on() -> None:
    """At the hand-over, as a reminder; who went off duty hears nothing more."""
    stage = duty(route={"repeat_interval": "30d"})
    stage.until("Mon 07:00")
    stage.down("spare")
    stage.until("Mon 12:00")
    assert stage.heard() == [
        "Mon 07:00:00 team/an: opened LinkDown spare",
        "Mon 08:00:00 team/binh: reminder LinkDown spare",
    ]
    stage.up("spare")
    assert stage.heard()[2:] == ["Mon 12:00:00 team/binh: resolved LinkDown spare"]


def test_a_hand_over_of_what_somebody_has_taken_on_is_quiet() -> None:
    """Whoever acknowledged sees it through, and it is they who hear of the end."""
    stage = duty()
    stage.until("Mon 07:00")
    stage.down("spare")
    stage.until("Mon 07:10")
    stage.acknowledge("an")
    stage.until("Mon 12:00")
    stage.up("spare")
    assert stage.heard() == [
        "Mon 07:00:00 team/an: opened LinkDown spare",
        "Mon 12:00:00 team/an: resolved LinkDown spare",
    ]


def test_what_is_given_back_is_told_to_whoever_has_come_on_duty_since() -> None:
    """Nobody has it any more, and the new one knows nothing of it."""
    stage = duty(route={"repeat_interval": "30d"})
    stage.until("Mon 07:00")
    stage.down("spare")
    stage.acknowledge("an")
    stage.until("Mon 09:00")
    stage.give_back()
    assert stage.heard()[1:] == ["Mon 09:00:00 team/binh: reminder LinkDown spare"]


def test_every_hand_over_of_a_long_incident_is_told_once() -> None:
    """Daily turns, three of them; the reminder of four hours starts anew with each."""
    stage = duty(rotation="daily", handover="08:00", route={"repeat_interval": "30d"})
    stage.down("spare")
    stage.until("Fri 12:00")
    assert stage.heard() == [
        "Tue 10:01:00 team/binh: opened LinkDown spare",
        "Wed 08:00:00 team/an: reminder LinkDown spare",
        "Thu 08:00:00 team/binh: reminder LinkDown spare",
        "Fri 08:00:00 team/an: reminder LinkDown spare",
    ]


def test_a_hand_over_under_a_mute_is_told_when_the_mute_is_over() -> None:
    """Nobody is woken for planned work; the one on duty learns of it when the work is over and the line is not."""
    stage = duty(route={"repeat_interval": "30d"})
    stage.until("Mon 07:00")
    stage.down("spare")
    stage.silenced('link="spare"', seconds=7_200)
    stage.until("Mon 12:00")
    assert stage.heard() == [
        "Mon 07:00:00 team/an: opened LinkDown spare",
        "Mon 09:00:00 team/binh: reminder LinkDown spare",
    ]


def test_whoever_stands_in_is_told_and_the_turn_comes_back() -> None:
    """Chi, who is no member, from noon to six; the edges are hand-overs."""
    override = {"from": "2026-11-24T12:00", "to": "2026-11-24T18:00", "member": "chi", "reason": "leave"}
    stage = duty(overrides=[override], route={"repeat_interval": "30d"})
    stage.down("spare")
    stage.until("Tue 20:00")
    assert stage.heard() == [
        "Tue 10:01:00 team/an: opened LinkDown spare",
        "Tue 12:00:00 team/chi: reminder LinkDown spare",
        "Tue 18:00:00 team/an: reminder LinkDown spare",
    ]


def test_an_override_that_a_reload_brings_is_a_hand_over_at_once() -> None:
    """Somebody falls ill in the middle of an incident."""
    stage = duty(route={"repeat_interval": "30d"})
    stage.down("spare")
    stage.until("Tue 11:00")
    override = {"from": "2026-11-24T10:30", "to": "2026-11-24T18:00", "member": "binh"}
    stage.reload(teams={"net": {"members": ["an", "binh"], "starts": "2026-11-23", "overrides": [override]}})
    assert stage.heard()[1:] == ["Tue 11:00:00 team/binh: reminder LinkDown spare"]


def test_updates_go_to_whoever_is_on_duty_by_then() -> None:
    """Not to the one who was told first; of the end the last one is told."""
    stage = duty(route={"repeat_interval": "30d"})
    stage.until("Mon 07:59")
    stage.down("spare")
    stage.acknowledge("an")
    stage.until("Mon 08:30")
    stage.down("main")
    stage.wait(60)
    stage.up("main", "spare")
    assert stage.heard() == [
        "Mon 07:59:00 team/an: opened LinkDown spare",
        "Mon 08:30:00 team/binh: updated SiteUnreachable office",
        "Mon 08:31:00 team/binh: resolved SiteUnreachable office",
    ]


@pytest.mark.parametrize(
    ("day", "before"),
    [
        pytest.param("2027-03-28", "Sun 07:00", id="put forward"),
        pytest.param("2026-10-25", "Sun 07:00", id="put back"),
    ],
)
def test_a_hand_over_in_berlin_keeps_to_the_clock_on_the_wall(day: str, before: str) -> None:
    """At eight local time also on the day on which the clock is changed, however long the turn before it was."""
    stage = duty("Europe/Berlin", rotation="daily", handover="08:00", starts=day, route={"repeat_interval": "30d"})
    if day > "2027":
        stage.wait(123 * 86_400)
    else:
        stage.now -= 31 * 86_400
        stage.step()
    stage.until(before)
    stage.down("spare")
    stage.until("Sun 12:00")
    assert stage.heard() == [
        "Sun 07:00:00 team/binh: opened LinkDown spare",
        "Sun 08:00:00 team/an: reminder LinkDown spare",
    ]
    assert stage.said[1].at - stage.said[0].at == 3_600


def test_a_hand_over_in_the_hour_that_does_not_exist_is_at_its_instant() -> None:
    """Half past two on the night in which two becomes three: the turn passes on as the clock jumps."""
    stage = duty(
        "Europe/Berlin", rotation="daily", handover="02:30", starts="2027-03-28", route={"repeat_interval": "30d"}
    )
    stage.wait(123 * 86_400)
    stage.until("Sun 01:00")
    stage.down("spare")
    stage.until("Sun 12:00")
    assert stage.heard() == [
        "Sun 01:00:00 team/binh: opened LinkDown spare",
        "Sun 03:00:00 team/an: reminder LinkDown spare",
    ]


def test_a_team_without_rotation_has_one_who_is_told() -> None:
    """The first, always."""
    stage = duty(rotation="none", route={"repeat_interval": "30d"})
    stage.down("spare")
    stage.until("Mon 12:00")
    assert stage.heard() == ["Tue 10:01:00 team/an: opened LinkDown spare"]
