"""Who is told nothing, how long, and what the monitor says of it when it is asked."""

from typing import Any

import pytest

from tests.peers.duty import Duty
from tests.peers.stage import link, site

NOON_WORK = {"id": "noon", "from": "2026-11-24T12:00", "to": "2026-11-24T13:00", "reason": "new switch"}
NIGHT_WORK = {"id": "nights", "every": "Wed 02:00-04:00"}
OFFICE_HOURS = ["Mon-Fri 07:30-11:30", "Mon-Fri 13:30-17:00"]


def ward(**more: Any) -> Duty:
    """An office with two lines and a router, a clinic with one line; all is well at ten."""
    office = site(
        "office",
        link("main"),
        link("spare", role="backup"),
        devices=[{"id": "router", "address": "127.0.0.1", "role": "router"}],
    )
    duty = Duty.of(sites=[office, site("clinic", link("clinic-1"))], **more)
    duty.all_up()
    duty.wait(60)
    return duty


def point() -> Duty:
    """A community point that is switched off outside its hours."""
    duty = Duty.of(sites=[site("point", link("point-1"), service_hours=OFFICE_HOURS)])
    duty.all_up()
    duty.wait(60)
    return duty


WINDOWS = [
    pytest.param({"sites": ["office"]}, "spare", "link", id="site"),
    pytest.param({"links": ["spare"]}, "spare", "link", id="link"),
    pytest.param({"devices": ["router"]}, "router", "device", id="device"),
]


@pytest.mark.parametrize(("covers", "name", "noun"), WINDOWS)
def test_what_begins_and_ends_inside_a_window_is_told_by_nothing(covers: Any, name: str, noun: str) -> None:
    """Neither its begin nor its end; the ruling names the window, its end and its reason."""
    duty = ward(maintenance=[NOON_WORK | covers])
    duty.until("Tue 12:10")
    duty.down(name, noun=noun)
    duty.until("Tue 12:59:59")
    duty.up(name, noun=noun)
    duty.until("Wed 12:00")
    assert duty.heard() == []
    window = "maintenance window `noon` until 2026-11-24 13:00 Asia/Ho_Chi_Minh: new switch"
    assert duty.rulings_of(name) == ["opened", f"maintenance: {window}", "over"]


@pytest.mark.parametrize(("covers", "name", "noun"), WINDOWS)
def test_what_lasts_is_told_when_its_window_ends(covers: Any, name: str, noun: str) -> None:
    """At that moment, and with its true begin."""
    duty = ward(maintenance=[NOON_WORK | covers])
    duty.until("Tue 12:10")
    duty.down(name, noun=noun)
    duty.until("Tue 14:00")
    alert = {"link": "LinkDown", "device": "DeviceDown"}[noun]
    assert duty.heard() == [f"Tue 13:00:00 hook: opened {alert} {name}"]
    assert duty.said[0].notice.alerts[0].starts_at.minute == 10
    duty.up(name, noun=noun)
    assert duty.heard()[1:] == [f"Tue 14:00:00 hook: resolved {alert} {name}"]


def test_a_window_covers_nothing_beyond_what_it_names() -> None:
    """Work on one line hides neither the other line nor another site."""
    duty = ward(maintenance=[NOON_WORK | {"links": ["spare"]}])
    duty.until("Tue 12:10")
    duty.down("main")
    duty.wait(60)
    duty.down("clinic-1")
    assert duty.heard() == [
        "Tue 12:10:00 hook: opened LinkDown main",
        "Tue 12:11:00 hook: opened SiteUnreachable clinic",
    ]


def test_work_on_every_line_of_a_site_explains_that_it_is_cut_off() -> None:
    """Nobody named the site; the site is what is lost."""
    duty = ward(maintenance=[NOON_WORK | {"links": ["clinic-1"]}])
    duty.until("Tue 12:10")
    duty.down("clinic-1")
    duty.until("Tue 12:50")
    assert duty.heard() == []
    duty.until("Tue 13:30")
    assert duty.heard() == ["Tue 13:00:00 hook: opened SiteUnreachable clinic"]


def test_one_line_under_work_does_not_hide_that_the_site_is_lost() -> None:
    """The other line is cut: that is told at once, as what it is."""
    duty = ward(maintenance=[NOON_WORK | {"links": ["spare"]}])
    duty.until("Tue 12:10")
    duty.down("spare")
    duty.until("Tue 12:20")
    duty.down("main")
    duty.wait(60)
    assert duty.heard() == ["Tue 12:20:00 hook: opened SiteUnreachable office"]


def test_what_hangs_on_a_line_under_work_is_quiet_with_it() -> None:
    """Its silence is explained by the line, and the line by the work; a child that stays away is told of."""
    far = site("far", link("far-1", depends_on=["main"]))
    duty = Duty.of(sites=[site("office", link("main")), far], maintenance=[NOON_WORK | {"sites": ["office"]}])
    duty.all_up()
    duty.until("Tue 12:10")
    duty.down("main")
    duty.until("Tue 12:40")
    duty.up("main")
    duty.wait(4)
    duty.down("far-1")
    assert duty.heard() == ["Tue 12:40:04 hook: opened SiteUnreachable far"]
    assert "part: explained by SiteUnreachable of site office" in duty.rulings_of("far-1")


def test_a_weekly_window_is_read_from_the_clock_on_the_wall() -> None:
    """Wednesdays from two to four; in the next week again."""
    duty = ward(maintenance=[NIGHT_WORK | {"sites": ["office"]}])
    duty.until("Wed 01:59:59")
    duty.down("spare")
    duty.until("Wed 01:59:59")
    assert duty.read() == ["Wed 01:59:59 hook: opened LinkDown spare"]
    duty.up("spare")
    assert duty.read() == ["Wed 01:59:59 hook: resolved LinkDown spare"]
    for _ in range(2):
        duty.until("Wed 02:00")
        duty.down("main")
        duty.until("Wed 04:30")
        assert duty.read() == ["Wed 04:00:00 hook: opened LinkDown main"]
        duty.up("main")
        duty.read()


def test_the_end_of_what_was_told_is_told_inside_a_window() -> None:
    """Whoever believes that a line is down learns that it is not."""
    duty = ward(maintenance=[NOON_WORK | {"sites": ["office"]}])
    duty.until("Tue 11:50")
    duty.down("spare")
    duty.until("Tue 12:30")
    duty.up("spare")
    assert duty.heard() == ["Tue 11:50:00 hook: opened LinkDown spare", "Tue 12:30:00 hook: resolved LinkDown spare"]


def test_a_window_over_a_told_incident_ends_with_nothing_new() -> None:
    """What was told before and lasts beyond it is no news when it closes."""
    duty = ward(maintenance=[NOON_WORK | {"sites": ["office"]}])
    duty.until("Tue 11:50")
    duty.down("spare")
    duty.until("Tue 15:00")
    assert duty.heard() == ["Tue 11:50:00 hook: opened LinkDown spare"]


def test_a_window_that_is_added_holds_at_once_and_one_that_is_taken_back_no_more() -> None:
    """Somebody announces work while a cut is muted by nothing else."""
    duty = ward(maintenance=[NOON_WORK | {"sites": ["office"]}])
    duty.until("Tue 12:10")
    duty.down("spare")
    duty.until("Tue 12:20")
    duty.take(duty.inventory.model_copy(update={"maintenance": ()}))
    assert duty.heard() == ["Tue 12:20:00 hook: opened LinkDown spare"]


def test_a_silence_that_expires_over_a_firing_alert_lets_it_be_told() -> None:
    """At its end, once."""
    duty = ward()
    duty.silenced('link="spare"', seconds=1_800, comment="a digger is at work")
    duty.down("spare")
    duty.wait(7_200)
    assert duty.heard() == ["Tue 10:31:00 hook: opened LinkDown spare"]
    (silence,) = duty.silences
    words = f"silence `{silence.id}` of lan until 2026-11-24 10:31 Asia/Ho_Chi_Minh: a digger is at work"
    assert duty.rulings_of("spare") == ["opened", f"silence: {words}", "told: opened to hook"]


def test_a_silence_that_somebody_ends_lets_it_be_told_at_once() -> None:
    """No later than the next look."""
    duty = ward()
    silence = duty.silenced('link="spare"', seconds=36_000)
    duty.down("spare")
    duty.until("Tue 10:20")
    duty.unsilence(silence)
    assert duty.heard() == ["Tue 10:20:00 hook: opened LinkDown spare"]


def test_what_ends_under_a_silence_was_never_told() -> None:
    """Neither begin nor end."""
    duty = ward()
    duty.silenced('link="spare"', seconds=1_800)
    duty.down("spare")
    duty.wait(600)
    duty.up("spare")
    duty.wait(7_200)
    assert duty.heard() == []


def test_a_silence_over_a_told_incident_hides_reminders_and_not_the_end() -> None:
    """Whoever was told learns of the end, also before the silence is over."""
    duty = ward(alerts=hourly())
    duty.down("spare")
    duty.wait(60)
    duty.silenced('link="spare"', seconds=4 * 3_600)
    duty.until("Tue 13:00")
    duty.up("spare")
    assert duty.heard() == ["Tue 10:01:00 hook: opened LinkDown spare", "Tue 13:00:00 hook: resolved LinkDown spare"]


def test_a_reminder_that_a_silence_held_back_is_given_once_when_it_ends() -> None:
    """Not one for each that was missed."""
    duty = ward(alerts=hourly())
    duty.down("spare")
    duty.wait(60)
    duty.silenced('link="spare"', seconds=4 * 3_600)
    duty.until("Tue 14:30")
    assert duty.heard()[1:] == ["Tue 14:02:00 hook: reminder LinkDown spare"]


def hourly() -> dict[str, Any]:
    """One hook that is reminded every hour."""
    return {
        "receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}},
        "routes": [{"receiver": "hook", "repeat_interval": "1h"}],
    }


@pytest.mark.parametrize(
    ("matchers", "quiet"),
    [
        (['site=~"off.*"'], {"main", "spare"}),
        (['site=~"off"'], set()),
        (['site=~"office|clinic"', 'link!="spare"'], {"main", "clinic-1"}),
        (['ward="w"', 'site!~"off.*"'], {"clinic-1"}),
    ],
)
def test_a_silence_by_a_pattern_mutes_the_sites_that_match_whole(matchers: list[str], quiet: set[str]) -> None:
    """As in Alertmanager a pattern must match from the first letter to the last."""
    duty = ward()
    duty.silenced(*matchers, seconds=3_600)
    told = set()
    for name in ("main", "spare", "clinic-1"):
        duty.down(name)
        told |= {name} if duty.read() else set()
        duty.up(name)
        duty.read()
        duty.wait(60)
    assert told == {"main", "spare", "clinic-1"} - quiet


def test_a_point_that_is_switched_off_at_night_is_told_of_when_it_opens() -> None:
    """At half past seven it is still away: now somebody has to go there."""
    duty = point()
    duty.until("Tue 22:00")
    duty.down("point-1")
    duty.until("Wed 07:29:59")
    assert duty.heard() == []
    assert duty.rulings_of("point")[-1] == (
        "service_hours: outside the service hours of site point until 2026-11-25 07:30 Asia/Ho_Chi_Minh"
    )
    duty.until("Wed 09:00")
    assert duty.heard() == ["Wed 07:30:00 hook: opened SiteUnreachable point"]


def test_a_point_that_is_back_before_it_opens_is_told_of_by_nothing() -> None:
    """It was switched off, and on again in the morning."""
    duty = point()
    duty.until("Tue 22:00")
    duty.down("point-1")
    duty.until("Wed 07:10")
    duty.up("point-1")
    duty.until("Thu 07:00")
    assert duty.heard() == []


def test_over_the_weekend_a_point_is_closed_until_monday() -> None:
    """A night is not always one night long."""
    duty = point()
    duty.until("Fri 17:00")
    duty.down("point-1")
    duty.until("Mon 12:00")
    assert duty.heard() == ["Mon 07:30:00 hook: opened SiteUnreachable point"]


def test_the_end_of_what_was_told_in_service_hours_is_told_at_night() -> None:
    """The cut was news at four; that it is mended is, too."""
    duty = point()
    duty.until("Tue 16:00")
    duty.down("point-1")
    duty.until("Tue 23:00")
    duty.up("point-1")
    assert duty.heard() == [
        "Tue 16:00:00 hook: opened SiteUnreachable point",
        "Tue 23:00:00 hook: resolved SiteUnreachable point",
    ]


def test_service_hours_that_are_ignored_hide_nothing() -> None:
    """`service_hours: ignore` is for those who want to know at once."""
    everything = {"receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}}, "routes": [{"receiver": "hook"}]}
    night = site("point", link("point-1"), service_hours=OFFICE_HOURS)
    duty = Duty.of(sites=[night], alerts={**everything, "service_hours": "ignore"})
    duty.all_up()
    duty.until("Tue 22:00")
    duty.down("point-1")
    assert duty.heard() == ["Tue 22:00:00 hook: opened SiteUnreachable point"]


def test_an_inventory_that_leaves_alerts_to_prometheus_tells_nothing_and_says_so() -> None:
    """One of the two tells, never both."""
    alerts = {
        "via": "prometheus",
        "receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}},
        "routes": [{"receiver": "hook"}],
    }
    duty = ward(alerts=alerts)
    duty.down("spare")
    duty.wait(3_600)
    assert duty.rulings_of("spare") == [
        "opened",
        "via_prometheus: `alerts.via` is prometheus: its rules and Alertmanager tell",
    ]
    duty.up("spare")
    duty.wait(60)
    assert duty.heard() == []


def test_what_no_route_takes_goes_nowhere_and_says_so() -> None:
    """The other alerts are told."""
    alerts = {
        "receivers": {"hook": {"webhook": "http://127.0.0.1:9/"}},
        "routes": [{"receiver": "hook", "match": {"severity": "critical"}}],
    }
    duty = ward(alerts=alerts)
    duty.down("spare")
    duty.wait(60)
    duty.down("clinic-1")
    assert duty.heard() == ["Tue 10:02:00 hook: opened SiteUnreachable clinic"]
    assert duty.rulings_of("spare") == ["opened", "no_route: no route under `alerts.routes` takes it"]


def test_what_is_muted_by_two_is_told_when_the_last_of_them_ends() -> None:
    """A silence inside a window: each in its turn is named."""
    duty = ward(maintenance=[NOON_WORK | {"sites": ["office"]}])
    duty.until("Tue 12:30")
    duty.down("spare")
    duty.silenced('site="office"', seconds=3_600)
    duty.until("Tue 15:00")
    assert duty.heard() == ["Tue 13:30:00 hook: opened LinkDown spare"]
    outcomes = [ruling.outcome for ruling in duty.rulings if ruling.about == ("link", "spare")]
    assert outcomes == ["opened", "maintenance", "silence", "told"]
