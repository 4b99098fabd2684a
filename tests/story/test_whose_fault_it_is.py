"""Who is called the cause, and who is waited for before that: what simulations of random wards have shown."""

from model.state import State
from tests.peers.stage import Stage, at, link, site


def tree() -> Stage:
    """A site on whose line three others hang."""
    children = [site(name, link(f"{name}1", depends_on=["a1"])) for name in "bcd"]
    stage = Stage.of(sites=[site("a", link("a1"), link("a2", role="backup")), *children])
    stage.all_up()
    stage.wait(60)
    return stage


def test_a_child_waits_for_a_parent_of_which_nothing_is_known_since_its_own_parent_is_back() -> None:
    """The silence of the grandchild is confirmed first; it is the child's that explains it, and only that is told."""
    chain = [site("a", link("a1")), site("b", link("b1", depends_on=["a1"])), site("c", link("c1", depends_on=["b1"]))]
    stage = Stage.of(sites=chain)
    stage.all_up()
    stage.wait(60)
    for name in ("b1", "c1"):
        stage.answers["link", name] = at(60)
    stage.wait(4)
    stage.down("a1", began=60)
    stage.wait(120)
    stage.up("a1")
    stage.wait(3)
    stage.down("c1")
    stage.wait(2)
    stage.down("b1")
    stage.wait(30)
    assert stage.told()[2:] == ["opened SiteUnreachable b"]


def test_what_is_silent_since_before_its_parent_was_back_is_asked_anew() -> None:
    """The last of three silences began before the parent answered again: a moment later there is fresh evidence."""
    router, switch = (
        {"id": "rt", "address": "192.0.2.1"},
        {"id": "sw", "address": "192.0.2.2", "depends_on": ["rt"]},
    )
    stage = Stage.of(sites=[site("a", link("a1"), devices=[router, switch])])
    stage.all_up()
    stage.wait(60)
    stage.down("rt", noun="device")
    stage.wait(60)
    stage.up("rt", noun="device")
    stage.down("sw", noun="device")
    stage.wait(1)
    stage.up("sw", noun="device")
    stage.wait(60)
    assert stage.told() == ["opened DeviceDown rt", "resolved DeviceDown rt"]


def test_a_device_is_found_down_sooner_than_the_line_that_explains_it() -> None:
    """Three echoes decide within two seconds: an answer of the line from before them proves nothing."""
    stage = Stage.of(
        sites=[site("a", link("a1"), devices=[{"id": "rt", "address": "192.0.2.1", "depends_on": ["a1"]}])]
    )
    stage.all_up()
    stage.wait(60)
    stage.answers["link", "a1"] = at(60)
    stage.wait(2)
    stage.down("rt", noun="device", began=60)
    stage.wait(4.5)
    stage.down("a1", began=60)
    stage.wait(30)
    assert stage.told() == ["opened SiteUnreachable a"]


def test_a_parent_for_which_another_stands_in_holds_nothing_back() -> None:
    """One of two lines does not answer; over the other one the child is reached, so its silence is its own."""
    stage = Stage.of(sites=[site("a", link("a1"), link("a2")), site("b", link("b1", depends_on=["a1", "a2"]))])
    stage.all_up()
    stage.wait(60)
    stage.answers["link", "a2"] = at(60)
    stage.wait(4)
    stage.down("b1", began=60)
    assert stage.told() == ["opened SiteUnreachable b"]


def test_a_device_that_nobody_asks_is_judged_by_what_it_hangs_on() -> None:
    """It neither answers nor is asked: what stands above it tells whether the child may be cut off."""
    silent = {"id": "rt", "address": "192.0.2.1", "icmp": False, "depends_on": ["a1"]}
    sites = [site("a", link("a1"), devices=[silent]), site("b", link("b1", depends_on=["rt"]))]
    for answered, waits in ((64.0, 0.0), (60.0, 3.0)):
        stage = Stage.of(sites=sites)
        for name in ("a1", "b1"):
            stage.shows(("link", name), State.UP)
        stage.wait(60)
        stage.answers["link", "a1"] = at(answered)
        stage.wait(4)
        stage.down("b1", began=60)
        stage.wait(10)
        assert [said.at for said in stage.said] == [64 + waits]


def test_a_silence_that_is_over_while_it_is_held_is_not_told() -> None:
    """A short cut of the parent, which only the child was asked often enough to notice."""
    stage = tree()
    stage.answers["link", "a1"] = stage.answers["link", "b1"] = at(60)
    stage.wait(3.5)
    stage.down("b1", began=60)
    stage.wait(0.5)
    for moment in range(11):
        stage.answers["link", "a1"] = stage.answers["link", "b1"] = at(64 + moment)
        stage.wait(1)
    stage.up("b1")
    stage.wait(60)
    assert stage.told() == []


def test_a_site_is_not_lost_while_one_of_its_lines_answers_again() -> None:
    """The first line is about to be back when something cuts off the other one."""
    both = [link("b1"), link("b2", depends_on=["a1"])]
    stage = Stage.of(sites=[site("a", link("a1")), site("b", *both)])
    stage.all_up()
    stage.wait(60)
    stage.down("b1", began=57)
    stage.wait(60)
    stage.answers |= {("link", "b1"): at(121), ("link", "b2"): at(118)}
    stage.wait(1.5)
    stage.down("a1", began=118)
    stage.wait(1)
    assert stage.told() == ["opened LinkDown b1", "opened SiteUnreachable a"]
    stage.wait(10)
    assert "updated SiteUnreachable b" in stage.told()


def test_a_site_is_not_lost_while_a_line_of_it_answers_that_was_cut_off_a_moment_ago() -> None:
    """What it hung on is back, but not known to be for good; when the other line is cut, that alone is new."""
    both = [link("b1"), link("b2", depends_on=["a1"])]
    stage = Stage.of(sites=[site("a", link("a1")), site("b", *both)])
    stage.all_up()
    stage.wait(60)
    stage.answers["link", "b2"] = at(57)
    stage.down("a1", began=57)
    stage.wait(60)
    for moment in range(6):
        stage.answers["link", "b2"] = at(120 + moment)
        if moment == 3:
            stage.down("b1", began=119)
        stage.wait(1)
    assert stage.told() == ["opened SiteUnreachable a", "opened LinkDown b1"]


def test_what_hangs_on_a_line_that_was_down_before_a_restart_waits_for_an_answer_of_its_own() -> None:
    """The line is back after it; what was silent until then has been so because of it."""
    stage = tree()
    stage.down("a1", began=60)
    stage.wait(60)
    assert stage.told() == ["opened LinkDown a1"]
    stage.wait(30)
    stage.restart(down=[("link", "a1")])
    stage.wait(3.5)
    stage.up("a1")
    stage.down("b1", began=stage.now - 3)
    stage.wait(0.3)
    stage.up("b1")
    stage.wait(60)
    assert stage.told() == ["opened LinkDown a1", "resolved LinkDown a1"]


def test_two_lines_that_come_back_one_after_the_other_are_over_by_one_message() -> None:
    """Between the first and the second nobody is told that one line is still down; if it stays so, he is."""
    for between, told in ((2.0, []), (90.0, ["updated LinkDown a1"])):
        stage = Stage.of(sites=[site("a", link("a1"), link("a2"))])
        stage.all_up()
        stage.wait(60)
        stage.down("a1", "a2", began=57)
        stage.wait(600)
        stage.up("a2")
        stage.wait(between)
        stage.up("a1")
        stage.wait(60)
        assert [said.kind for said in stage.said] == ["opened", *["updated" for _ in told], "resolved"]
        assert stage.told()[1:-1] == told


def test_what_was_cut_off_meanwhile_is_no_news_before_it_is_known_to_be_down_again() -> None:
    """A told cut disappears behind another one; when that is over, the first is asked before it is called the cause."""
    stage = tree()
    stage.wait(4)
    stage.down("b1", began=60)
    stage.wait(30)
    stage.down("a1", began=88)
    stage.wait(600)
    stage.up("a1")
    stage.wait(400)
    assert stage.told() == ["opened SiteUnreachable b", "updated LinkDown a1"]
    stage.down("b1")
    stage.up("c1", "d1")
    stage.wait(400)
    assert [said.kind for said in stage.said[2:]] == []
    stage.up("b1")
    assert [said.kind for said in stage.said[2:]] == ["resolved"]


def test_children_that_are_silent_before_their_parent_is_are_no_outage_of_their_provider() -> None:
    """Lines of one provider at several sites, all behind one line that is found down last."""
    below = [site(name, link(f"{name}1", "VNPT", depends_on=["a1"])) for name in "bcd"]
    stage = Stage.of(sites=[site("a", link("a1", "FPT")), *below])
    stage.all_up()
    stage.wait(60)
    for name in "abcd":
        stage.answers["link", f"{name}1"] = at(60)
    stage.wait(3.3)
    for name in "bcd":
        stage.down(f"{name}1", began=60)
    stage.wait(0.8)
    stage.down("a1", began=60)
    stage.wait(60)
    assert stage.told() == ["opened SiteUnreachable a"]


def test_a_line_that_is_cut_seconds_after_another_of_its_site_delays_nothing() -> None:
    """They were not cut together: the first is told of by itself, at once."""
    stage = Stage.of(sites=[site("a", link("a1"), link("a2"))])
    stage.all_up()
    stage.wait(60)
    stage.answers["link", "a1"], stage.answers["link", "a2"] = at(60), at(62.2)
    stage.wait(4)
    stage.down("a1", began=60)
    assert stage.told() == ["opened LinkDown a1"]


def test_a_child_does_not_flap_because_its_parent_does() -> None:
    """Its detector counts its silences; those that something above it explains are not its own."""
    stage = tree()
    for _ in range(4):
        stage.wait(100)
        stage.shows(("link", "b1"), State.DOWN)
        stage.down("a1")
        stage.wait(60)
        stage.up("a1")
        for name in ("b1", "c1", "d1"):
            stage.up(name)
    stage.pipeline.correlator.faults.flaps("b1", at(stage.now), is_flapping=True)
    stage.step()
    stage.wait(60)
    assert {said.about for said in stage.said} == {("LinkDown", "a1")}


def test_an_outage_is_over_though_a_certificate_still_runs_out() -> None:
    """The warning of a page at the site is an incident of its own: it neither hides the outage nor outlasts it."""
    page = {"id": "page", "url": "https://192.0.2.9/"}
    stage = Stage.of(sites=[site("a", link("a1"), services=[page])])
    stage.all_up()
    stage.wait(60)
    stage.pipeline.correlator.faults.expires("page", 9.0, at(stage.now))
    stage.step()
    stage.wait(60)
    stage.down("a1", began=stage.now - 4)
    stage.wait(60)
    stage.up("a1")
    stage.wait(60)
    assert stage.told() == ["opened CertificateExpiring page", "opened SiteUnreachable a", "resolved SiteUnreachable a"]


def test_a_child_that_was_held_when_the_monitor_was_killed_is_held_when_it_starts() -> None:
    """Its outage is on the disk, that of its parent is not yet: the parent is asked first, as before."""
    stage = tree()
    stage.answers["link", "a1"] = at(60)
    stage.wait(3.5)
    stage.down("b1", began=60)
    stage.wait(10)
    stage.said.clear()
    stage.restart(down=[("link", "c1")])
    stage.truly["link", "a1"] = State.DOWN
    stage.wait(4)
    stage.down("a1", began=60)
    stage.wait(60)
    assert "SiteUnreachable c" not in " ".join(stage.told())


def test_a_parent_that_answers_again_gives_its_child_a_moment_to_do_so() -> None:
    """The echo of the parent comes first; when that of the child does not come, it is told."""
    for answers, told in ((True, []), (False, ["opened SiteUnreachable b"])):
        stage = tree()
        stage.answers["link", "a1"] = stage.answers["link", "b1"] = at(60)
        stage.wait(3.5)
        stage.down("b1", began=60)
        stage.wait(1)
        stage.answers["link", "a1"] = at(64.5)
        stage.wait(1)
        assert stage.told() == []
        for _ in range(9):
            stage.answers["link", "a1"] = at(stage.now)
            if answers:
                stage.answers["link", "b1"] = at(stage.now)
            stage.wait(1)
        if answers:
            stage.up("b1")
        stage.wait(60)
        assert stage.told() == told


def test_what_was_told_moments_before_a_blindness_is_not_over_because_it_is() -> None:
    """Nobody has seen it since: it is over when it answers, or goes on."""
    stage = Stage.of(sites=[site("a", link("a1"), link("a2")), site("b", link("b1"))], anchors=["icmp://192.0.2.1"])
    stage.truly["anchor", "icmp://192.0.2.1"] = State.UP
    stage.all_up()
    stage.wait(60)
    stage.down("a1", began=57)
    faults = stage.pipeline.correlator.faults
    faults.sees(at(58), at(61), is_blind=True)
    for name in ("a1", "a2", "b1"):
        stage.shows(("link", name), State.UNKNOWN)
    stage.wait(100)
    faults.sees(at(160), at(160), is_blind=False)
    stage.step()
    stage.wait(1)
    stage.up("a2", "b1")
    stage.wait(5)
    assert [str(said.kind) for said in stage.said] == ["opened", "updated"]
    stage.up("a1")
    stage.wait(5)
    assert [str(said.kind) for said in stage.said] == ["opened", "updated", "resolved"]


def test_a_line_does_not_flap_because_the_monitor_is_blind() -> None:
    """Its detector sees one more silence, and cannot know whose it is."""
    stage = tree()
    for _ in range(3):
        stage.down("a2")
        stage.wait(60)
        stage.up("a2")
        stage.wait(60)
    faults = stage.pipeline.correlator.faults
    faults.sees(at(stage.now), at(stage.now), is_blind=True)
    faults.flaps("a2", at(stage.now), is_flapping=True)
    stage.step()
    assert {said.about[0] for said in stage.said} == {"LinkDown", "MonitorBlind"}


def test_a_line_that_went_down_often_is_not_called_flapping_when_its_parent_goes_down() -> None:
    """The silence with which its detector has had enough is not its own."""
    stage = tree()
    for _ in range(3):
        stage.down("b1")
        stage.wait(60)
        stage.up("b1")
        stage.wait(60)
    stage.said.clear()
    stage.answers["link", "a1"] = stage.answers["link", "b1"] = at(stage.now)
    stage.wait(3.5)
    stage.pipeline.correlator.faults.flaps("b1", at(stage.now), is_flapping=True)
    stage.shows(("link", "b1"), State.DOWN, stage.now - 3)
    stage.step()
    stage.wait(0.5)
    stage.down("a1", began=stage.now - 3)
    stage.wait(60)
    assert stage.told() == ["opened LinkDown a1"]


def test_a_device_waits_for_the_anchors_as_long_as_they_need() -> None:
    """Three echoes are sooner lost than an anchor is found silent."""
    anchor = "icmp://192.0.2.1"
    stage = Stage.of(sites=[site("a", link("a1"), devices=[{"id": "rt", "address": "192.0.2.1"}])], anchors=[anchor])
    stage.truly["anchor", anchor] = State.UP
    stage.all_up()
    stage.wait(60)
    stage.answers["anchor", anchor] = at(60)
    stage.wait(2)
    stage.down("rt", noun="device", began=60)
    stage.wait(2)
    stage.pipeline.correlator.faults.sees(at(60), at(64), is_blind=True)
    stage.step()
    stage.wait(60)
    assert [said.about[0] for said in stage.said] == ["MonitorBlind"]


def test_a_device_of_which_three_echoes_were_lost_by_chance_is_asked_once_more() -> None:
    """It answers the fourth, and nobody is told; if it does not, that is told a second later."""
    for answers, told in ((True, []), (False, ["opened DeviceDown rt"])):
        stage = Stage.of(sites=[site("a", link("a1"), devices=[{"id": "rt", "address": "192.0.2.1"}])])
        stage.all_up()
        stage.wait(60)
        stage.down("rt", noun="device", began=stage.now - 13.5)
        stage.wait(0.1)
        if answers:
            stage.up("rt", noun="device")
        stage.wait(1.3)
        assert stage.told() == told


def test_what_was_down_before_a_restart_is_held_as_any_other_once_it_was_back() -> None:
    """Its outage from before is told though it answers by now; one of later that is over in a moment is not."""
    stage = tree()
    stage.restart(down=[("link", "a2")])
    stage.answers["link", "a2"] = at(stage.now)
    stage.up("a1")
    assert stage.told() == ["opened LinkDown a2"]
    stage.wait(2)
    stage.up("a2")
    stage.wait(600)
    before = stage.told()
    stage.answers["link", "a2"] = at(stage.now)
    stage.down("a2", began=stage.now - 3)
    for _ in range(10):
        stage.wait(1)
        stage.answers["link", "a2"] = at(stage.now)
    stage.up("a2")
    stage.wait(60)
    assert stage.told() == before


def test_a_site_that_was_cut_off_before_a_restart_is_told_of_though_its_line_answers_by_now() -> None:
    """What was noticed before the kill was true, and nobody has heard of it."""
    stage = tree()
    stage.restart(down=[("link", "b1")])
    stage.answers["link", "b1"] = at(stage.now)
    stage.up("a1")
    for _ in range(3):
        stage.wait(1)
        stage.answers["link", "b1"] = at(stage.now)
    assert stage.told() == ["opened SiteUnreachable b"]
