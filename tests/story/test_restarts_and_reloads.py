"""A monitor that is killed, or given another configuration, during an incident: nothing twice, nothing lost."""

from typing import Any

import pytest

from model.measurement import SubjectKey
from model.state import State
from tests.peers.duty import Duty
from tests.peers.stage import at, link, site

HOOKS = {name: {"webhook": f"http://127.0.0.1:9/{name}"} for name in ("hook", "head", "other")}
SPARE: SubjectKey = ("link", "spare")


def ward(**route: Any) -> Duty:
    """An office with two lines, and a clinic and a school behind its main one."""
    far = [site(name, link(f"{name}1", depends_on=["main"])) for name in ("clinic", "school")]
    duty = Duty.of(
        sites=[site("office", link("main"), link("spare", role="backup")), *far],
        alerts={"receivers": HOOKS, "routes": [{"receiver": "hook", **route}]},
    )
    duty.all_up()
    duty.wait(60)
    return duty


def killed(duty: Duty, *down: str, seconds: float = 20) -> None:
    """The monitor stands still for a while, then starts; the history says what was down, and probes find it again."""
    duty.now += seconds
    duty.restart(down=[("link", name) for name in down])
    duty.wait(5)
    for subject in duty.subjects():
        duty.shows(subject, State.DOWN if subject[1] in down else State.UP)
    duty.step()


def test_killed_before_anything_was_written() -> None:
    """Nobody knew of the cut: it is found anew, and told once."""
    duty = ward()
    duty.now += 20
    duty.restart()
    duty.wait(5)
    duty.down("spare")
    duty.wait(600)
    assert duty.heard() == ["Tue 10:01:25 hook: opened LinkDown spare"]


def test_killed_when_the_state_was_written_and_the_incident_was_not() -> None:
    """It is told with the start, without waiting for probes."""
    duty = ward()
    killed(duty, "spare")
    duty.wait(600)
    assert duty.heard() == ["Tue 10:01:20 hook: opened LinkDown spare"]


def test_killed_when_it_was_told() -> None:
    """Nothing is told again; the end is."""
    duty = ward()
    duty.down("spare")
    killed(duty, "spare")
    duty.wait(600)
    assert duty.heard() == ["Tue 10:01:00 hook: opened LinkDown spare"]
    duty.up("spare")
    assert duty.heard()[1:] == ["Tue 10:11:25 hook: resolved LinkDown spare"]
    assert len(duty.stored) == 1


def test_killed_and_over_when_it_starts() -> None:
    """What was told is resolved as soon as the line has answered, not before."""
    duty = ward()
    duty.down("spare")
    duty.now += 300
    duty.restart(down=[SPARE])
    duty.wait(4)
    assert len(duty.said) == 1
    duty.up("spare")
    assert duty.heard()[1:] == ["Tue 10:06:04 hook: resolved LinkDown spare"]


def test_killed_when_it_was_acknowledged() -> None:
    """Nobody is reminded, nothing escalates, and the end is told."""
    duty = ward(escalate=[{"after": "10m", "receiver": "head"}], repeat_interval="1h")
    duty.down("spare")
    duty.acknowledge("an")
    killed(duty, "spare")
    duty.wait(3 * 3_600)
    duty.up("spare")
    assert [line.split(": ")[1] for line in duty.heard()] == ["opened LinkDown spare", "resolved LinkDown spare"]
    (incident,) = duty.stored.values()
    assert incident.acknowledged is not None
    assert incident.acknowledged.who == "an"


def test_killed_before_an_escalation() -> None:
    """It comes at its time; where that passed meanwhile, with the start."""
    duty = ward(escalate=[{"after": "10m", "receiver": "head"}])
    duty.down("spare")
    killed(duty, "spare")
    duty.wait(3_600)
    assert duty.heard()[1:] == ["Tue 10:11:00 head: escalated LinkDown spare"]
    other = ward(escalate=[{"after": "10m", "receiver": "head"}])
    other.down("spare")
    killed(other, "spare", seconds=1_800)
    assert other.heard()[1:] == ["Tue 10:31:00 head: escalated LinkDown spare"]


def test_killed_while_it_grows() -> None:
    """What was not told yet of its growth is told after the interval, once."""
    duty = ward()
    duty.judge(SPARE, rtt="breached")
    duty.wait(10)
    duty.judge(SPARE, rtt="breached", loss="breached")
    duty.now += 20
    duty.restart()
    duty.wait(5)
    for subject in duty.subjects():
        duty.shows(subject, State.UP)
    duty.judge(SPARE, rtt="breached", loss="breached")
    duty.wait(3_000)
    assert duty.heard() == [
        "Tue 10:01:00 hook: opened LinkBelowRequirement spare",
        "Tue 10:06:00 hook: updated LinkBelowRequirement spare",
    ]


def test_killed_with_children_that_are_hidden() -> None:
    """They stay hidden after the start, also before their parent is found down again."""
    duty = ward()
    duty.down("main")
    duty.wait(60)
    duty.now += 20
    duty.restart(down=[("link", "main")])
    duty.answers = {("link", name): at(0) for name in ("main", "clinic1", "school1")}
    duty.wait(5)
    duty.down("clinic1")
    duty.wait(0.5)
    duty.down("main")
    duty.down("school1")
    duty.wait(600)
    assert [line.split(": ")[1] for line in duty.heard()] == ["opened LinkDown main"]
    (incident,) = duty.open()
    assert incident.hidden == (("link", "clinic1"), ("link", "school1"))


def test_killed_when_it_was_closed() -> None:
    """What was told as over stays over, and a new cut is a new incident."""
    duty = ward()
    duty.down("spare")
    duty.wait(60)
    duty.up("spare")
    killed(duty)
    duty.wait(60)
    assert len(duty.said) == 2
    duty.down("spare")
    assert len(duty.said) == 3
    assert len(duty.stored) == 2


def test_killed_when_the_end_was_written_and_not_told() -> None:
    """The receiver still believes that the line is down: it is told with the start."""
    duty = ward()
    duty.down("spare")
    before = dict(duty.stored)
    duty.wait(60)
    duty.up("spare")
    (closed,) = duty.stored.values()
    (name,) = duty.stored
    told = before[name].told
    duty.said.pop()
    duty.stored[name] = type(closed)(**{**{key: getattr(closed, key) for key in closed.__slots__}, "told": told})
    killed(duty)
    assert duty.heard()[1:] == ["Tue 10:02:20 hook: resolved LinkDown spare"]


def test_killed_under_a_silence() -> None:
    """It mutes after the start as before; the alert is told when it expires."""
    duty = ward()
    duty.silenced('link="spare"', seconds=600)
    duty.down("spare")
    killed(duty, "spare")
    duty.wait(3_600)
    assert duty.heard() == ["Tue 10:11:00 hook: opened LinkDown spare"]


def test_killed_while_it_was_blind() -> None:
    """Whoever sees something pass is not blind any more: that is told, once."""
    duty = ward()
    duty.blind(duty.now - 3)
    duty.now += 20
    duty.restart()
    duty.wait(5)
    assert [line.split(": ")[1] for line in duty.heard()] == ["opened MonitorBlind"]
    duty.up("main")
    duty.wait(600)
    assert duty.heard()[1:] == ["Tue 10:01:25 hook: resolved MonitorBlind"]


def test_killed_while_a_line_was_flapping() -> None:
    """Its short outages are no news after the start either."""
    duty = ward()
    for number in range(3):
        if number == 2:
            duty.flaps("spare", is_flapping=True)
        duty.down("spare")
        duty.wait(10)
        duty.up("spare")
        duty.wait(20)
    assert duty.read()[-1] == "Tue 10:02:00 hook: opened LinkFlapping spare"
    killed(duty)
    for _ in range(3):
        duty.down("spare")
        duty.wait(10)
        duty.up("spare")
        duty.wait(20)
    assert duty.read() == []
    duty.flaps("spare", is_flapping=False)
    assert [line.split(": ")[1] for line in duty.read()] == ["resolved LinkFlapping spare"]


def test_killed_in_the_outage_of_a_provider() -> None:
    """It goes on, shrinks and ends as if nothing had been."""
    duty = Duty.of(sites=[site(name, link(f"{name}1", "VNPT")) for name in "abcd"])
    duty.all_up()
    duty.wait(60)
    duty.down(*(f"{name}1" for name in "abcd"))
    killed(duty, *(f"{name}1" for name in "abcd"))
    duty.wait(300)
    duty.up("b1", "c1", "d1")
    duty.wait(300)
    duty.up("a1")
    assert [line.split(": ")[1] for line in duty.heard()] == [
        "opened ProviderOutage VNPT",
        "updated SiteUnreachable a",
        "resolved SiteUnreachable a",
    ]


@pytest.mark.parametrize("name", ["spare", "clinic1"])
def test_a_line_that_is_taken_out_of_the_inventory_is_over(name: str) -> None:
    """Nobody watches it any more: whoever was told of it is told that, once."""
    duty = ward()
    duty.down(name)
    duty.wait(60)
    without(duty, name)
    duty.wait(600)
    assert [line.split(": ")[1].split()[0] for line in duty.heard()] == ["opened", "resolved"]
    assert duty.open() == []


def test_a_line_that_is_taken_out_while_something_above_it_explains_its_silence_is_over_too() -> None:
    """It was told of by itself, is hidden by now, and goes: no incident waits for it for ever."""
    duty = ward()
    duty.down("clinic1")
    duty.wait(60)
    duty.down("main")
    duty.wait(60)
    without(duty, "clinic1")
    duty.up("main")
    duty.up("school1")
    duty.wait(600)
    assert duty.heard()[-1].split(": ")[1].startswith("resolved")
    assert duty.open() == []


def test_a_provider_whose_lines_are_given_another_name_is_not_out_any_more() -> None:
    """The lines themselves still are, as lines of the new one."""
    duty = Duty.of(sites=[site(name, link(f"{name}1", "VNTP")) for name in "abcd"])
    duty.all_up()
    duty.wait(60)
    duty.down(*(f"{name}1" for name in "abcd"))
    duty.wait(60)
    duty.reload(sites=[site(name, link(f"{name}1", "VNPT")) for name in "abcd"])
    duty.wait(600)
    duty.up(*(f"{name}1" for name in "abcd"))
    duty.wait(600)
    assert duty.heard()[-1].split(": ")[1].startswith("resolved")
    assert duty.open() == []


def test_another_route_is_told_of_what_goes_on_and_the_first_of_its_end() -> None:
    """The new receiver knows nothing of it yet; nobody is left with a belief."""
    duty = ward()
    duty.down("spare")
    duty.wait(60)
    duty.reload(alerts={"receivers": HOOKS, "routes": [{"receiver": "other"}]})
    duty.wait(60)
    duty.up("spare")
    assert duty.heard() == [
        "Tue 10:01:00 hook: opened LinkDown spare",
        "Tue 10:02:00 other: opened LinkDown spare",
        "Tue 10:03:00 hook: resolved LinkDown spare",
        "Tue 10:03:00 other: resolved LinkDown spare",
    ]


def test_routes_that_no_longer_take_it_leave_the_end_to_whoever_was_told() -> None:
    """No reminders go anywhere; the end does."""
    duty = ward(repeat_interval="1h")
    duty.down("spare")
    duty.wait(60)
    duty.reload(alerts={"receivers": HOOKS, "routes": [{"receiver": "other", "match": {"site": "clinic"}}]})
    duty.wait(7_200)
    duty.up("spare")
    assert duty.heard()[1:] == ["Tue 12:02:00 hook: resolved LinkDown spare"]
    assert "no_route: no route under `alerts.routes` takes it" in duty.rulings_of("spare")


def test_a_reload_that_changes_nothing_says_nothing() -> None:
    """Not even to those who are told as a team."""
    duty = ward()
    duty.down("spare")
    duty.wait(60)
    for _ in range(3):
        duty.reload()
        duty.wait(60)
    assert len(duty.said) == 1


def test_alerts_that_are_left_to_prometheus_by_a_reload_end_with_a_last_word() -> None:
    """Whoever was told hears of the end; nobody of anything new."""
    duty = ward(repeat_interval="1h")
    duty.down("spare")
    duty.wait(60)
    duty.reload(alerts={"via": "prometheus", "receivers": HOOKS, "routes": [{"receiver": "hook"}]})
    duty.wait(7_200)
    duty.down("clinic1")
    duty.wait(60)
    duty.up("spare", "clinic1")
    assert duty.heard()[1:] == ["Tue 12:03:00 hook: resolved LinkDown spare"]


def without(duty: Duty, name: str) -> None:
    """The configuration is read anew, and does not hold this line."""
    sites = [
        place.model_copy(update={"links": tuple(one for one in place.links if one.id != name)})
        for place in duty.inventory.sites
    ]
    duty.take(duty.inventory.model_copy(update={"sites": tuple(sites)}))
