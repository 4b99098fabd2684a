"""Who else is told while nobody takes an incident on, who is reminded, and who is left in peace."""

from typing import Any

from tests.peers.duty import Duty
from tests.peers.stage import link, site

STEPS = [{"after": "10m", "receiver": "head"}, {"after": "30m", "receiver": "chief"}]
RECEIVERS = {
    name: {"webhook": f"http://127.0.0.1:9/{name}", **more}
    for name, more in {"hook": {}, "head": {}, "chief": {"send_resolved": False}}.items()
}


def ward(*routes: Any, **more: Any) -> Duty:
    """An office with two lines and three sites beyond its main one; two steps of escalation unless routes are given."""
    given = list(routes) or [{"receiver": "hook", "escalate": STEPS, "repeat_interval": "1h"}]
    far = [site(name, link(f"{name}1", depends_on=["main"])) for name in ("x", "y", "z")]
    duty = Duty.of(
        sites=[site("office", link("main"), link("spare", role="backup")), *far],
        alerts={"receivers": RECEIVERS, "routes": given},
        **more,
    )
    duty.all_up()
    duty.until("Tue 11:00")
    return duty


def test_each_step_is_told_once_while_nobody_acknowledges() -> None:
    """After ten and thirty minutes from the first message; the first receiver is reminded each hour."""
    duty = ward()
    duty.down("spare")
    duty.until("Tue 13:30")
    assert duty.heard() == [
        "Tue 11:00:00 hook: opened LinkDown spare",
        "Tue 11:10:00 head: escalated LinkDown spare",
        "Tue 11:30:00 chief: escalated LinkDown spare",
        "Tue 12:00:00 hook: reminder LinkDown spare",
        "Tue 13:00:00 hook: reminder LinkDown spare",
    ]


def test_an_escalation_says_who_was_told_before() -> None:
    """So that the next one knows whom to call first."""
    people = {"an": {"name": "Trần Văn An", "channels": ["json://127.0.0.1:9/"]}}
    duty = ward(people=people, teams={"net": {"members": ["an"], "rotation": "none"}})
    receivers = {**RECEIVERS, "hook": {"team": "net"}}
    duty.reload(
        ward={"id": "w", "timezone": "Asia/Ho_Chi_Minh", "language": "en"},
        alerts={"receivers": receivers, "routes": [{"receiver": "hook", "escalate": STEPS}]},
    )
    duty.down("spare")
    duty.wait(700)
    assert duty.said[1].receiver == "head"
    assert "Trần Văn An" in duty.said[1].notice.words.text


def test_an_acknowledgement_ends_escalation_and_reminders() -> None:
    """Somebody has it: the others sleep."""
    duty = ward()
    duty.down("spare")
    duty.until("Tue 11:20")
    duty.acknowledge()
    duty.until("Wed 11:00")
    assert duty.heard() == [
        "Tue 11:00:00 hook: opened LinkDown spare",
        "Tue 11:10:00 head: escalated LinkDown spare",
    ]


def test_an_acknowledged_incident_is_still_told_of_as_it_grows_and_ends() -> None:
    """Everybody who was told hears of the end; the receiver of the route of more that is lost."""
    duty = ward()
    duty.down("spare")
    duty.until("Tue 11:20")
    duty.acknowledge()
    duty.until("Tue 11:40")
    duty.down("main")
    duty.until("Tue 15:00")
    duty.up("main", "spare")
    duty.wait(5)
    assert duty.heard()[2:] == [
        "Tue 11:40:00 hook: updated SiteUnreachable office",
        "Tue 15:00:00 hook: resolved SiteUnreachable office",
        "Tue 15:00:00 head: resolved SiteUnreachable office",
    ]


def test_what_is_given_back_escalates_where_it_had_stopped() -> None:
    """The steps count from the first message: what is overdue is told at once."""
    duty = ward()
    duty.down("spare")
    duty.until("Tue 11:05")
    duty.acknowledge()
    duty.until("Tue 11:40")
    duty.give_back()
    assert duty.heard()[1:] == [
        "Tue 11:40:00 head: escalated LinkDown spare",
        "Tue 11:40:00 chief: escalated LinkDown spare",
    ]


def test_a_receiver_that_wants_no_ends_is_told_none() -> None:
    """`send_resolved: false` of the chief; the others hear that all is well."""
    duty = ward()
    duty.down("spare")
    duty.until("Tue 11:45")
    duty.up("spare")
    assert duty.heard()[3:] == [
        "Tue 11:45:00 hook: resolved LinkDown spare",
        "Tue 11:45:00 head: resolved LinkDown spare",
    ]


def test_what_is_over_before_a_step_is_told_to_nobody_else() -> None:
    """Nine minutes were enough."""
    duty = ward()
    duty.down("spare")
    duty.until("Tue 11:09")
    duty.up("spare")
    duty.until("Tue 14:00")
    assert duty.heard() == ["Tue 11:00:00 hook: opened LinkDown spare", "Tue 11:09:00 hook: resolved LinkDown spare"]


def test_a_mute_holds_escalation_back() -> None:
    """Once it is over the steps that are due are made up for, each once."""
    duty = ward()
    duty.down("spare")
    duty.until("Tue 11:05")
    duty.silenced('link="spare"', seconds=3_600)
    duty.until("Tue 12:30")
    assert duty.heard()[1:] == [
        "Tue 12:05:00 head: escalated LinkDown spare",
        "Tue 12:05:00 chief: escalated LinkDown spare",
        "Tue 12:05:00 hook: reminder LinkDown spare",
    ]


def test_a_first_message_waits_for_others_of_its_group_and_is_one() -> None:
    """Three sites lose their own lines within the wait: one message about three incidents."""
    duty = ward({"receiver": "hook", "group_by": ["ward"], "group_wait": "45s"})
    duty.down("x1")
    duty.wait(15)
    duty.down("y1")
    duty.wait(15)
    duty.down("z1")
    duty.wait(60)
    assert duty.heard() == ["Tue 11:00:45 hook: opened SiteUnreachable x"]
    notice = duty.said[0].notice
    assert len(notice.incidents) == 3
    assert [alert.labels["site"] for alert in notice.alerts] == ["x", "y", "z"]
    assert notice.group_labels == {"ward": "w"}
    assert "waiting: for others of its group, 45 s" in duty.rulings_of("x")


def test_incidents_that_agree_in_other_labels_are_told_apart() -> None:
    """By site: each has a message of its own."""
    duty = ward({"receiver": "hook", "group_by": ["site"], "group_wait": "30s"})
    duty.down("x1", "y1")
    duty.wait(60)
    assert duty.heard() == [
        "Tue 11:00:30 hook: opened SiteUnreachable x",
        "Tue 11:00:30 hook: opened SiteUnreachable y",
    ]


def test_what_is_over_inside_the_wait_is_told_by_nothing() -> None:
    """A wait of a minute is a wish not to hear of shorter ones."""
    duty = ward({"receiver": "hook", "group_wait": "1m"})
    duty.down("spare")
    duty.wait(50)
    duty.up("spare")
    duty.wait(600)
    assert duty.heard() == []


def test_one_that_joins_a_group_after_its_first_message_is_told_at_once() -> None:
    """It is an incident of its own; nobody waits for the next round."""
    duty = ward({"receiver": "hook", "group_by": ["ward"], "group_wait": "30s"})
    duty.down("x1")
    duty.wait(120)
    duty.down("y1")
    duty.wait(120)
    assert duty.heard() == [
        "Tue 11:00:30 hook: opened SiteUnreachable x",
        "Tue 11:02:30 hook: opened SiteUnreachable y",
    ]


def test_an_incident_that_grows_is_told_of_again_after_the_interval() -> None:
    """A further requirement that is not met is no graver: it waits until five minutes after the last message."""
    duty = ward({"receiver": "hook", "group_interval": "5m"})
    duty.judge(("link", "spare"), rtt="breached")
    duty.wait(60)
    duty.judge(("link", "spare"), rtt="breached", loss="breached")
    duty.wait(60)
    duty.judge(("link", "spare"), rtt="breached", loss="breached", delay_variation="breached")
    duty.until("Tue 12:00")
    assert duty.heard() == [
        "Tue 11:00:00 hook: opened LinkBelowRequirement spare",
        "Tue 11:05:00 hook: updated LinkBelowRequirement spare",
    ]
    assert len(duty.said[1].notice.alerts) == 3


def test_reminders_come_after_the_interval_from_the_last_message_of_any_kind() -> None:
    """Whoever was just told of growth needs no reminder."""
    duty = ward({"receiver": "hook", "repeat_interval": "1h"})
    duty.down("spare")
    duty.until("Tue 11:50")
    duty.down("main")
    duty.until("Tue 13:30")
    assert duty.heard() == [
        "Tue 11:00:00 hook: opened LinkDown spare",
        "Tue 11:50:00 hook: updated SiteUnreachable office",
        "Tue 12:50:00 hook: reminder SiteUnreachable office",
    ]


def test_what_a_month_has_lost_is_told_once_without_reminders() -> None:
    """Availability below its target stays so until the month ends, and nobody can mend it tonight."""
    duty = ward({"receiver": "hook", "repeat_interval": "1h"})
    duty.judge(("link", "spare"), availability="breached")
    duty.until("Wed 11:00")
    assert duty.heard() == ["Tue 11:00:00 hook: opened LinkBelowRequirement spare"]
    assert duty.said[0].notice.severity == "info"


def test_routes_take_what_matches_first_and_an_incident_that_becomes_graver_may_change_its_route() -> None:
    """Warnings go to one, critical ones to another; who was told first is told of the end as well."""
    duty = ward({"receiver": "head", "match": {"severity": "critical"}}, {"receiver": "hook"})
    duty.down("spare")
    duty.wait(600)
    duty.down("main")
    duty.wait(600)
    duty.up("main", "spare")
    assert duty.heard() == [
        "Tue 11:00:00 hook: opened LinkDown spare",
        "Tue 11:10:00 head: opened SiteUnreachable office",
        "Tue 11:20:00 hook: resolved SiteUnreachable office",
        "Tue 11:20:00 head: resolved SiteUnreachable office",
    ]
