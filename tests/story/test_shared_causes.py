"""What fails together is told of together: a flapping line, a blind monitor, power, a page, a provider."""

from collections.abc import Mapping
from typing import Any

from tests.peers.duty import Duty
from tests.peers.stage import at, link, site

ANCHOR = "icmp://127.0.0.9"
DEVICES = [
    {"id": name, "address": "127.0.0.1", "role": role}
    for name, role in {"router": "router", "switch": "switch", "camera": "camera"}.items()
]


def play(*sites: Mapping[str, Any], **more: Any) -> Duty:
    """All is well at ten."""
    duty = Duty.of(sites=list(sites), **more)
    duty.all_up()
    duty.wait(60)
    return duty


def office() -> Duty:
    """Two lines of one site: the loss of one does not cut it off."""
    return play(site("office", link("main"), link("spare", role="backup")))


def blips(duty: Duty, name: str, times: int) -> None:
    """A line goes down for ten seconds, and again after twenty."""
    for _ in range(times):
        duty.down(name)
        duty.wait(10)
        duty.up(name)
        duty.wait(20)


def starts_to_flap(duty: Duty, name: str) -> None:
    """The third outage within a minute and a half is the one that its detector calls flapping."""
    blips(duty, name, 2)
    duty.flaps(name, is_flapping=True)
    blips(duty, name, 1)


def test_a_line_that_goes_up_and_down_is_told_of_as_that_and_then_no_more() -> None:
    """The first outages as they are; then that it flaps; of the many after that nothing, and its end once."""
    duty = office()
    starts_to_flap(duty, "spare")
    assert duty.heard()[4:] == ["Tue 10:02:00 hook: opened LinkFlapping spare"]
    blips(duty, "spare", 40)
    duty.flaps("spare", is_flapping=False)
    duty.wait(600)
    assert duty.heard()[5:] == ["Tue 10:22:30 hook: resolved LinkFlapping spare"]
    assert duty.open() == []


def test_a_flapping_line_that_stays_down_for_a_minute_is_told_of_at_once() -> None:
    """No detector cries wolf so often that a real cut is missed; that it is back is said, and its calm in the end."""
    duty = office()
    starts_to_flap(duty, "spare")
    duty.read()
    duty.down("spare")
    duty.wait(60)
    assert duty.read() == []
    duty.stays_down("spare")
    duty.wait(540)
    assert duty.read() == ["Tue 10:03:30 hook: updated LinkDown spare"]
    duty.up("spare")
    blips(duty, "spare", 20)
    assert duty.read() == ["Tue 10:12:30 hook: updated LinkFlapping spare"]
    duty.flaps("spare", is_flapping=False)
    assert duty.read() == ["Tue 10:22:30 hook: resolved LinkFlapping spare"]


def test_a_line_that_stops_flapping_because_it_stays_down_is_told_of_as_down() -> None:
    """What was one more short outage is a cut now."""
    duty = office()
    starts_to_flap(duty, "spare")
    duty.read()
    duty.down("spare")
    duty.wait(30)
    duty.flaps("spare", is_flapping=False)
    duty.wait(600)
    duty.up("spare")
    assert duty.read() == [
        "Tue 10:03:00 hook: updated LinkDown spare",
        "Tue 10:13:00 hook: resolved LinkDown spare",
    ]


def test_a_flapping_line_that_is_all_a_site_has_does_not_cry_that_the_site_is_lost() -> None:
    """Not for its short outages; for a long one it does."""
    duty = play(site("point", link("point-1")))
    starts_to_flap(duty, "point-1")
    assert duty.read()[-1] == "Tue 10:02:00 hook: opened LinkFlapping point-1"
    blips(duty, "point-1", 5)
    assert duty.read() == []
    duty.down("point-1")
    duty.wait(60)
    duty.stays_down("point-1")
    duty.wait(1)
    assert duty.read() == ["Tue 10:06:00 hook: updated SiteUnreachable point"]


def blind_ward() -> Duty:
    """Three sites and one anchor, which answered last when everything did."""
    duty = play(*(site(name, link(f"{name}1")) for name in "abc"), anchors=[ANCHOR])
    duty.answers["anchor", ANCHOR] = at(duty.now)
    return duty


def test_a_blind_monitor_is_one_message_and_its_end_another() -> None:
    """Links that were decided a moment before the anchors wait for them, and are part of it."""
    duty = blind_ward()
    duty.wait(3.3)
    duty.down("a1", began=60)
    duty.wait(0.3)
    duty.down("b1", began=60)
    assert duty.heard() == []
    duty.wait(0.2)
    duty.blind(60)
    duty.wait(1_800)
    assert duty.heard() == ["Tue 10:01:03 hook: opened MonitorBlind"]
    duty.sees()
    duty.wait(4)
    duty.up("a1", "b1", "c1")
    duty.wait(600)
    assert duty.heard()[1:] == ["Tue 10:31:03 hook: resolved MonitorBlind"]
    assert duty.open() == []


def test_a_link_that_reaches_the_disk_after_the_blindness_changes_nothing() -> None:
    """It was decided before, and written after: nobody is told that more is silent to one who sees nothing."""
    duty = blind_ward()
    duty.wait(3.8)
    duty.blind(60)
    duty.pipeline.correlator.faults.changed(("link", "a1"), duty.states.observed(("link", "c1")), at(60), at(63))
    duty.wait(0.1)
    fault = duty._outage(("link", "a1"))
    duty.pipeline.correlator.faults.begin(fault)
    duty.step()
    duty.wait(1_800)
    assert duty.heard() == ["Tue 10:01:03 hook: opened MonitorBlind"]


def test_what_is_really_down_behind_a_blindness_is_told_when_it_is_seen() -> None:
    """Found anew by eyes that see; the others say nothing."""
    duty = blind_ward()
    duty.wait(3.3)
    duty.down("a1", "b1", began=60)
    duty.blind(60)
    duty.wait(600)
    duty.sees()
    duty.answers.clear()
    duty.answers["anchor", ANCHOR] = at(duty.now)
    duty.up("b1", "c1")
    duty.wait(3)
    duty.answers["anchor", ANCHOR] = at(duty.now)
    duty.down("a1")
    duty.wait(600)
    assert duty.heard() == [
        "Tue 10:01:03 hook: opened MonitorBlind",
        "Tue 10:11:03 hook: resolved MonitorBlind",
        "Tue 10:11:06 hook: opened SiteUnreachable a",
    ]


def test_what_was_told_before_a_blindness_is_not_resolved_by_it() -> None:
    """A line that was down long before is no part of it, and goes on."""
    duty = blind_ward()
    duty.answers["anchor", ANCHOR] = at(1_000)
    duty.down("a1")
    duty.wait(600)
    duty.blind(duty.now - 3)
    duty.wait(600)
    duty.sees()
    duty.wait(600)
    assert duty.heard() == [
        "Tue 10:01:00 hook: opened SiteUnreachable a",
        "Tue 10:11:00 hook: opened MonitorBlind",
        "Tue 10:21:00 hook: resolved MonitorBlind",
    ]
    duty.up("a1")
    assert duty.heard()[3:] == ["Tue 10:31:00 hook: resolved SiteUnreachable a"]


def test_anchors_that_answer_hold_nothing_back() -> None:
    """The monitor sees: the line is cut."""
    duty = blind_ward()
    duty.wait(3)
    duty.answers["anchor", ANCHOR] = at(63)
    duty.wait(0.2)
    duty.down("a1", began=60)
    assert duty.heard() == ["Tue 10:01:03 hook: opened SiteUnreachable a"]


def test_anchors_that_say_nothing_hold_a_message_no_longer_than_they_are_worth() -> None:
    """A second and a half; then it is told, and the ruling says what was waited for."""
    duty = blind_ward()
    duty.wait(3.2)
    duty.down("a1", began=60)
    duty.wait(10)
    (said,) = duty.said
    assert said.at == 63.2 + 1.5
    assert duty.rulings_of("a1")[0] == "held: the anchors are being asked: the monitor may be cut off"


def test_several_requirements_of_one_line_are_one_incident() -> None:
    """Each is an alert of its own inside it; the end is told when all are met."""
    duty = office()
    duty.judge(("link", "spare"), rtt="breached", loss="breached")
    duty.wait(60)
    duty.judge(("link", "spare"), rtt="met", loss="breached")
    duty.wait(60)
    duty.judge(("link", "spare"), rtt="met", loss="unknown")
    duty.wait(60)
    assert duty.heard() == ["Tue 10:01:00 hook: opened LinkBelowRequirement spare"]
    assert [alert.labels["requirement"] for alert in duty.said[0].notice.alerts] == ["loss", "rtt"]
    duty.judge(("link", "spare"), rtt="met", loss="met")
    assert duty.heard()[1:] == ["Tue 10:04:00 hook: resolved LinkBelowRequirement spare"]


def test_a_line_that_is_cut_while_it_is_too_slow_is_one_incident() -> None:
    """That it is down is told at once; that it is back and still too slow, later; the end once."""
    duty = office()
    duty.judge(("link", "spare"), rtt="breached")
    duty.wait(60)
    duty.down("spare")
    duty.wait(600)
    duty.up("spare")
    duty.wait(600)
    duty.judge(("link", "spare"), rtt="met")
    assert duty.heard() == [
        "Tue 10:01:00 hook: opened LinkBelowRequirement spare",
        "Tue 10:02:00 hook: updated LinkDown spare",
        "Tue 10:12:00 hook: updated LinkBelowRequirement spare",
        "Tue 10:22:00 hook: resolved LinkBelowRequirement spare",
    ]
    assert len(duty.stored) == 1


def test_the_account_of_a_month_does_not_hide_that_a_line_is_back() -> None:
    """What an outage has cost stays lost until the month ends; the outage itself is over, and that is told."""
    duty = office()
    duty.down("spare")
    duty.wait(600)
    duty.judge(("link", "spare"), availability="breached")
    duty.wait(60)
    assert duty.heard() == ["Tue 10:01:00 hook: opened LinkDown spare"]
    duty.up("spare")
    duty.wait(5)
    duty.judge(("link", "spare"), availability="breached")
    duty.wait(3_595)
    assert duty.heard()[1:] == [
        "Tue 10:12:00 hook: resolved LinkDown spare",
        "Tue 10:12:05 hook: opened LinkBelowRequirement spare",
    ]
    duty.down("spare")
    duty.wait(60)
    duty.up("spare")
    assert duty.heard()[3:] == [
        "Tue 11:12:00 hook: opened LinkDown spare",
        "Tue 11:13:00 hook: resolved LinkDown spare",
    ]


def test_devices_of_a_site_that_lose_power_together_are_one_incident() -> None:
    """Found one after the other within a minute: one message, one update, one end."""
    duty = play(site("office", link("main"), devices=DEVICES))
    for name in ("switch", "camera", "router"):
        duty.down(name, noun="device")
        duty.wait(15)
    duty.wait(600)
    assert duty.heard() == [
        "Tue 10:01:00 hook: opened DeviceDown switch",
        "Tue 10:01:30 hook: updated DeviceDown router",  # graver: it is the router
    ]
    assert [alert.labels["device"] for alert in duty.said[-1].notice.alerts] == ["router", "switch", "camera"]
    duty.up("router", "camera", "switch", noun="device")
    assert duty.heard()[2:] == ["Tue 10:11:45 hook: resolved DeviceDown router"]


def test_devices_found_at_once_are_one_message() -> None:
    """All in the same moment."""
    duty = play(site("office", link("main"), devices=DEVICES))
    duty.down("switch", "camera", "router", noun="device")
    duty.wait(600)
    assert duty.heard() == ["Tue 10:01:00 hook: opened DeviceDown router"]


def test_a_site_of_devices_alone_is_lost_with_the_last_of_them() -> None:
    """It stands on nothing else; while some of them are still down it is told of them."""
    duty = play(site("office", devices=DEVICES))
    duty.down("switch", "camera", "router", noun="device")
    duty.wait(600)
    assert duty.heard() == ["Tue 10:01:00 hook: opened SiteUnreachable office"]
    duty.up("camera", noun="device")
    duty.wait(600)
    duty.up("switch", "router", noun="device")
    assert [line.split(": ")[1] for line in duty.heard()[1:]] == [
        "updated DeviceDown router",
        "resolved DeviceDown router",
    ]


def test_a_page_that_fails_at_several_sites_is_one_incident() -> None:
    """The same URL, seen from four sites within minutes; another page stays apart."""
    places = {"a": "/forms", "b": "/forms", "c": "/forms", "d": "/other"}
    duty = play(
        *(
            site(name, link(f"{name}1"), services=[{"id": f"page-{name}", "url": f"https://127.0.0.1{path}"}])
            for name, path in places.items()
        )
    )
    duty.down("page-a", "page-b", "page-c", noun="service")
    duty.wait(400)
    duty.down("page-d", noun="service")
    assert duty.heard() == [
        "Tue 10:01:00 hook: opened ServiceDown page-a",
        "Tue 10:07:40 hook: opened ServiceDown page-d",
    ]
    assert len(duty.said[0].notice.alerts) == 3
    duty.up("page-a", "page-b", noun="service")
    duty.wait(400)
    assert len(duty.said) == 2
    duty.up("page-c", noun="service")
    assert len(duty.said) == 3


def test_lines_below_one_upstream_that_fail_together_are_one_message_though_it_answers() -> None:
    """What they hang on passes probes and no traffic: one cause, whatever it is."""
    duty = play(site("hub", link("up")), *(site(name, link(f"{name}1", depends_on=["up"])) for name in "abcd"))
    duty.down("a1", "b1", "c1", "d1")
    duty.wait(600)
    assert duty.heard() == ["Tue 10:01:00 hook: opened SiteUnreachable a"]
    assert [alert.labels["site"] for alert in duty.said[0].notice.alerts] == ["a", "b", "c", "d"]


def test_lines_below_one_upstream_that_are_found_one_after_the_other_are_one_message() -> None:
    """Whoever is found first waits for those that are overdue, though no provider joins them and all else answers."""
    duty = play(site("hub", link("up")), *(site(name, link(f"{name}1", depends_on=["up"])) for name in "abcde"))
    duty.answers |= {("link", f"{name}1"): at(60) for name in "abcd"}
    duty.wait(3.5)
    for name in "abcd":
        duty.down(f"{name}1", began=60.4)
        duty.wait(0.2)
    duty.wait(600)
    assert duty.heard() == ["Tue 10:01:04 hook: opened SiteUnreachable a"]
    assert [alert.labels["site"] for alert in duty.said[0].notice.alerts] == ["a", "b", "c", "d"]


def test_a_line_below_one_upstream_does_not_wait_for_one_other_that_is_late() -> None:
    """Two would be two anyhow."""
    duty = play(site("hub", link("up")), *(site(name, link(f"{name}1", depends_on=["up"])) for name in "abcde"))
    duty.answers |= {("link", f"{name}1"): at(60) for name in "ab"}
    duty.wait(3.5)
    duty.down("a1", began=60.4)
    assert duty.heard() == ["Tue 10:01:03 hook: opened SiteUnreachable a"]


def test_two_below_one_upstream_are_two() -> None:
    """Two may be chance."""
    duty = play(site("hub", link("up")), *(site(name, link(f"{name}1", depends_on=["up"])) for name in "abcd"))
    duty.down("a1", "b1")
    duty.wait(600)
    assert len(duty.said) == 2


def test_the_outage_of_a_provider_that_shrinks_to_one_line_goes_on_as_that() -> None:
    """Told within a minute and a half of the return of the others, and resolved once."""
    duty = play(*(site(name, link(f"{name}1", "VNPT")) for name in "abcde"))
    duty.down(*(f"{name}1" for name in "abcde"))
    duty.wait(600)
    duty.up(*(f"{name}1" for name in "bcde"))
    duty.wait(59)
    assert duty.heard() == ["Tue 10:01:00 hook: opened ProviderOutage VNPT"]
    duty.wait(600)
    duty.up("a1")
    assert duty.heard()[1:] == [
        "Tue 10:12:00 hook: updated SiteUnreachable a",
        "Tue 10:21:59 hook: resolved SiteUnreachable a",
    ]
    assert len(duty.stored) == 1


def test_a_line_of_the_provider_that_follows_within_minutes_belongs_to_its_outage() -> None:
    """No message of its own."""
    duty = play(*(site(name, link(f"{name}1", "VNPT")) for name in "abcde"))
    duty.down("a1", "b1", "c1")
    duty.wait(120)
    duty.down("d1")
    duty.wait(600)
    assert [line.split(": ")[1] for line in duty.heard()] == [
        "opened ProviderOutage VNPT",
        "updated ProviderOutage VNPT",
    ]
    assert ("link", "d1") in duty.open()[0].hidden


def test_a_provider_that_comes_back_link_by_link_is_over_once() -> None:
    """No message for each of its lines."""
    duty = play(*(site(name, link(f"{name}1", "VNPT")) for name in "abcde"))
    duty.down(*(f"{name}1" for name in "abcde"))
    for name in "abcde":
        duty.wait(20)
        duty.up(f"{name}1")
    duty.wait(600)
    assert duty.heard() == [
        "Tue 10:01:00 hook: opened ProviderOutage VNPT",
        "Tue 10:02:40 hook: resolved ProviderOutage VNPT",
    ]
