"""What the person on call is told, and when: a ward on a fake clock."""

from itertools import permutations

import pytest

from model.state import State
from tests.peers.stage import Stage, at, link, site


def tree() -> Stage:
    """A site on whose line three others hang."""
    children = [site(name, link(f"{name}1", depends_on=["a1"])) for name in "bcd"]
    stage = Stage.of(sites=[site("a", link("a1"), link("a2", role="backup")), *children])
    stage.all_up()
    stage.wait(60)
    return stage


def test_a_cut_is_told_once_and_its_end_once() -> None:
    """One message when it is confirmed, one when it is over, none in between."""
    stage = tree()
    stage.down("a2", began=57)
    assert stage.told() == ["opened LinkDown a2"]
    stage.wait(600)
    stage.up("a2")
    stage.wait(3_600)
    assert stage.told() == ["opened LinkDown a2", "resolved LinkDown a2"]
    assert stage.open() == []


@pytest.mark.parametrize("order", list(permutations(["a1", "b1", "c1", "d1"])))
@pytest.mark.parametrize("gap", [0.0, 0.3])
def test_parent_and_children_in_every_order_are_one_message(order: tuple[str, ...], gap: float) -> None:
    """Whoever is found silent first: one message about the parent, in which the children are listed."""
    stage = tree()
    fell_silent = at(stage.now)
    stage.wait(3.3)
    for name in order:
        stage.answers["link", name] = fell_silent
    for name in order:
        stage.down(name, began=60.0)
        stage.wait(gap)
    stage.wait(10)
    assert stage.told() == ["opened LinkDown a1"]
    (incident,) = stage.open()
    assert incident.hidden == (("link", "b1"), ("link", "c1"), ("link", "d1"))
    assert stage.said[0].at <= 60 + 3.3 + 4 * gap


def test_a_child_whose_parent_answers_is_told_at_once() -> None:
    """The parent is alive: nothing explains the silence of the child."""
    stage = tree()
    stage.wait(4)
    stage.down("b1", began=60)
    assert [(said.at, said.about) for said in stage.said] == [(64.0, ("SiteUnreachable", "b"))]


def test_a_child_waits_no_longer_than_its_parent_is_worth_asking() -> None:
    """A parent from which nothing comes, and that nobody finds down, holds a message back for three seconds."""
    stage = tree()
    stage.answers["link", "a1"] = at(stage.now)
    stage.wait(4)
    stage.down("b1", began=60)
    stage.wait(10)
    assert [(said.at, said.about) for said in stage.said] == [(67.0, ("SiteUnreachable", "b"))]


def test_a_child_that_is_really_down_is_told_after_its_parent_is_back() -> None:
    """Its own silence after the return is news, and the others say nothing."""
    stage = tree()
    stage.wait(4)
    stage.down("a1", began=60)
    stage.wait(300)
    stage.up("a1")
    assert stage.told() == ["opened LinkDown a1", "resolved LinkDown a1"]
    stage.wait(4)
    for name in ("c1", "d1"):
        stage.up(name)
    stage.down("b1")
    stage.wait(60)
    assert stage.told()[2:] == ["opened SiteUnreachable b"]


def test_who_was_told_of_a_child_is_told_when_its_parent_turns_out_to_be_the_cause() -> None:
    """The incident goes on under its true cause; it is one, and it is resolved once."""
    stage = tree()
    stage.wait(4)
    stage.down("b1", began=60)
    stage.wait(30)
    stage.down("a1", began=88)
    stage.wait(600)
    assert stage.told() == ["opened SiteUnreachable b", "updated LinkDown a1"]
    stage.up("a1")
    stage.wait(4)
    for name in ("b1", "c1", "d1"):
        stage.up(name)
    stage.wait(60)
    assert [said.kind for said in stage.said[2:]] == ["resolved"]
    assert {alert.labels["alertname"] for alert in stage.said[2].notice.alerts} == {"LinkDown", "SiteUnreachable"}
    assert len(stage.stored) == 1


def test_redundant_parents_explain_a_silence_only_together() -> None:
    """One of two lines is cut: what hangs on both is still reached, and its own cut is its own."""
    both = [link("a1"), link("a2")]
    stage = Stage.of(sites=[site("a", *both), site("b", link("b1", depends_on=["a1", "a2"]))])
    stage.all_up()
    stage.wait(60)
    stage.down("a1", began=57)
    assert stage.told() == ["opened LinkDown a1"]
    stage.answers["link", "b1"] = stage.answers["link", "a2"] = at(60)
    stage.wait(3.5)
    stage.down("b1", began=60)
    stage.down("a2", began=60)
    stage.wait(20)
    assert stage.told() == ["opened LinkDown a1", "updated SiteUnreachable a"]
    assert ("link", "b1") in stage.open()[0].hidden


def test_both_lines_of_a_site_cut_together_are_one_message() -> None:
    """The first waits for the second, which is late already; within five seconds the site is told of as cut off."""
    stage = tree()
    for name in ("a1", "a2", "b1", "c1", "d1"):
        stage.answers["link", name] = at(60)
    stage.wait(3.3)
    stage.down("a1", began=60)
    stage.wait(0.9)
    stage.down("a2", began=60)
    stage.wait(30)
    assert stage.told() == ["opened SiteUnreachable a"]
    assert stage.said[0].at < 65
    assert {subject for _, subject in stage.open()[0].hidden} == {"a1", "a2", "b1", "c1", "d1"}


def test_a_provider_that_fails_at_several_sites_is_one_message() -> None:
    """Links that fall silent together and have nothing else in common but their provider."""
    sites = [site(name, link(f"{name}1", "VNPT")) for name in "abcde"]
    stage = Stage.of(sites=[*sites, site("f", link("f1", "FPT"))])
    stage.all_up()
    stage.wait(60)
    for name in "abcde":
        stage.answers["link", f"{name}1"] = at(60)
    stage.wait(3.4)
    for name in "abcde":
        stage.down(f"{name}1", began=60)
        stage.wait(0.2)
    stage.wait(60)
    assert stage.told() == ["opened ProviderOutage VNPT"]
    assert stage.said[0].at < 65
    stage.wait(600)
    for name in "abcde":
        stage.up(f"{name}1")
    stage.wait(60)
    assert stage.told() == ["opened ProviderOutage VNPT", "resolved ProviderOutage VNPT"]


def test_single_cuts_of_one_provider_stay_single() -> None:
    """Minutes apart they are two causes."""
    stage = Stage.of(sites=[site(name, link(f"{name}1", "VNPT")) for name in "abcde"])
    stage.all_up()
    stage.wait(60)
    stage.down("a1")
    stage.wait(120)
    stage.down("b1")
    stage.wait(60)
    assert stage.told() == ["opened SiteUnreachable a", "opened SiteUnreachable b"]


def test_a_restart_in_the_middle_says_nothing_twice() -> None:
    """The incident goes on; what was up before is not reported, what comes back is resolved once."""
    stage = tree()
    stage.down("a2", began=57)
    stage.wait(30)
    stage.restart(down=[("link", "a2")])
    stage.wait(5)
    for name in ("a1", "b1", "c1", "d1"):
        stage.up(name)
    stage.down("a2")
    stage.wait(60)
    assert stage.told() == ["opened LinkDown a2"]
    stage.up("a2")
    assert stage.told() == ["opened LinkDown a2", "resolved LinkDown a2"]


def test_a_cut_that_was_stored_but_not_told_is_told_after_the_restart() -> None:
    """The monitor was killed between the two."""
    stage = tree()
    stage.restart(down=[("link", "a2")])
    assert stage.told() == ["opened LinkDown a2"]


def test_what_is_unknown_is_not_resolved() -> None:
    """A monitor that sees nothing does not say that all is well."""
    stage = tree()
    stage.down("a2", began=57)
    stage.shows(("link", "a2"), State.UNKNOWN)
    stage.wait(600)
    assert stage.told() == ["opened LinkDown a2"]
