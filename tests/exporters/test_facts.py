"""What was found out about links and services, as text."""

import time
from collections.abc import Callable
from datetime import datetime
from math import inf

import pytest

from exporters.exposition import Style, exposition
from exporters.facts import (
    BurnRates,
    Carried,
    Judged,
    Outages,
    ProvenSpeed,
    RequiredSpeed,
    StateSeconds,
    minutes,
    windowed,
)
from exporters.latest import Latest
from model.availability import Tally
from model.measurement import SubjectKey
from model.requirement import Requirement
from model.throughput import Flow, Throughput
from model.verdict import Outcome, Quality
from model.window import StableMinutes, WindowFacts
from tests.peers.board import TALLY, VERDICTS, full_board, verdict, ward, window_facts

_OWN = 'link="l",site="s"'
_LINK: SubjectKey = ("link", "office-vnpt")
_NOTHING = Flow(None, None, None, None)


def _text(latest: Latest, now: float = 1.0) -> str:
    return b"".join(exposition(latest.blocks(now), Style.TEXT)).decode()


def _loaded() -> Latest:
    latest = Latest()
    latest.load(ward())
    return latest


def _values(text: str, family: str) -> dict[str, str]:
    """The samples of one family: labels to value."""
    lines = (line for line in text.splitlines() if line.startswith(f"{family}{{"))
    return {labels.partition("{")[2]: value for labels, value in (line.split("} ") for line in lines)}


def test_verdicts_to_the_byte() -> None:
    """Threshold, met and value of each; what is unknown, infinite or not measured has no line."""
    block = Judged(_OWN, VERDICTS)
    assert block.lines(0).decode() == (
        'linkward_requirement_threshold{link="l",site="s",requirement="rtt"} 0.03\n'
        'linkward_requirement_threshold{link="l",site="s",requirement="loss"} 0.001\n'
        'linkward_requirement_threshold{link="l",site="s",requirement="delay_variation"} 0.03\n'
        'linkward_requirement_threshold{link="l",site="s",requirement="download"} 240000000.0\n'
        'linkward_requirement_threshold{link="l",site="s",requirement="availability"} 0.999\n'
    )
    assert block.lines(1).decode() == (
        'linkward_requirement_met{link="l",site="s",requirement="rtt"} 0\n'
        'linkward_requirement_met{link="l",site="s",requirement="delay_variation"} 0\n'
        'linkward_requirement_met{link="l",site="s",requirement="download"} 1\n'
        'linkward_requirement_met{link="l",site="s",requirement="availability"} 1\n'
    )
    assert block.lines(2).decode() == (
        'linkward_requirement_value{link="l",site="s",requirement="rtt"} 0.045\n'
        'linkward_requirement_value{link="l",site="s",requirement="loss"} 0.0\n'
        'linkward_requirement_value{link="l",site="s",requirement="download"} 250000000.0\n'
        'linkward_requirement_value{link="l",site="s",requirement="availability"} 0.9995\n'
    )
    assert RequiredSpeed(_OWN, VERDICTS).lines(0).decode() == (
        'linkward_link_speed_bits_per_second{link="l",site="s",direction="download",kind="required"} 240000000.0\n'
    )


def test_accounts_to_the_byte() -> None:
    """Milliseconds become seconds, each state has its line, and each class of outages."""
    assert StateSeconds("linkward_link_state_seconds_total", _OWN, TALLY).lines(0).decode() == (
        'linkward_link_state_seconds_total{link="l",site="s",state="up"} 86400.0\n'
        'linkward_link_state_seconds_total{link="l",site="s",state="degraded"} 60.0\n'
        'linkward_link_state_seconds_total{link="l",site="s",state="down"} 4.25\n'
        'linkward_link_state_seconds_total{link="l",site="s",state="unreachable"} 0.0\n'
        'linkward_link_state_seconds_total{link="l",site="s",state="unknown"} 1.0\n'
        'linkward_link_state_seconds_total{link="l",site="s",state="maintenance"} 0.0\n'
    )
    assert Outages(_OWN, (("micro", 3), ("outage", 1))).lines(0).decode() == (
        'linkward_link_outages_total{link="l",site="s",class="micro"} 3\n'
        'linkward_link_outages_total{link="l",site="s",class="outage"} 1\n'
    )


def test_throughput_to_the_byte() -> None:
    """Each direction that was measured has its line; a utilization only where the contract states a speed."""
    block = Carried(_OWN, Throughput(60.0, Flow(1e6, None, None, None), Flow(2e6, 0.5, 0.0, 0.0)))
    assert block.lines(0).decode() == (
        'linkward_link_speed_bits_per_second{link="l",site="s",direction="download",kind="used"} 1000000.0\n'
        'linkward_link_speed_bits_per_second{link="l",site="s",direction="upload",kind="used"} 2000000.0\n'
    )
    assert block.lines(1).decode() == 'linkward_link_utilization_ratio{link="l",site="s",direction="upload"} 0.5\n'
    assert Carried(_OWN, Throughput(60.0, _NOTHING, _NOTHING)).lines(0).decode() == ""
    assert ProvenSpeed(_OWN, "upload", 9e7).lines(0).decode() == (
        'linkward_link_speed_bits_per_second{link="l",site="s",direction="upload",kind="tested"} 90000000.0\n'
    )


@pytest.mark.parametrize(
    ("facts", "figures"),
    [
        (window_facts(0.01, 0.03, 0.02), (0.0, pytest.approx(0.02), pytest.approx(0.0018, rel=0.1))),
        (window_facts(0.01, inf), (0.5, None, None)),
        (window_facts(inf, inf), (1.0, None, None)),
        (window_facts(), (None, None, None)),
    ],
)
def test_a_window_tells_what_is_defined(facts: WindowFacts, figures: tuple[float | None, ...]) -> None:
    """Loss needs a probe, delay variation a quantile that is not lost, jitter two answers."""
    assert windowed(_OWN, facts).figures == figures


def test_the_threshold_in_force_is_that_of_the_verdict() -> None:
    """Before the first verdicts the inventory speaks, afterwards only they do; no series is there twice."""
    latest = _loaded()
    inventory = _values(_text(latest), "linkward_requirement_threshold")
    assert inventory['link="office-vnpt",site="office",requirement="rtt"'] == "0.03"
    assert len(inventory) == 6
    latest.judged(_LINK, [verdict(threshold=0.05)])
    text = _text(latest)
    assert _values(text, "linkward_requirement_threshold") == {
        'link="office-vnpt",site="office",requirement="rtt"': "0.05"
    }
    assert 'kind="required"' not in text
    latest.judged(_LINK, [])
    assert _values(_text(latest), "linkward_requirement_threshold") == {}


def test_a_changed_requirement_ends_its_verdicts() -> None:
    """After a reload that changes the requirement its new thresholds stand there, and no verdict on the old ones."""
    latest = full_board()
    whole = ward()
    office, *others = whole.sites
    link = office.links[0].model_copy(
        update={"requirement": whole.requirements["office"].model_copy(update={"rtt_p95": 0.1})}
    )
    latest.load(whole.model_copy(update={"sites": (office.model_copy(update={"links": (link,)}), *others)}))
    text = _text(latest)
    own = 'link="office-vnpt",site="office",requirement="rtt"'
    assert _values(text, "linkward_requirement_threshold")[own] == "0.1"
    assert "linkward_requirement_met" not in text
    assert latest.verdicts(_LINK) == ()
    assert "linkward_link_state_seconds_total" in text


def test_what_is_not_renewed_is_absent_and_what_counts_stays() -> None:
    """A window, a throughput and a test have an end; counters, verdicts and the month do not."""
    text = _text(full_board(), 60.0)
    for family in ("loss_ratio", "delay_variation_seconds", "jitter_seconds", "utilization_ratio"):
        assert f"linkward_link_{family}" not in text
    assert 'kind="used"' not in text
    assert 'kind="tested"' not in text
    assert _values(text, "linkward_link_flapping") == {'link="office-vnpt",site="office"': "0"}
    assert _values(text, "linkward_availability_ratio") == {
        'link="office-vnpt",site="office"': "0.9995",
        'service="resolver",site="office"': "1.0",
    }
    assert list(_values(text, "linkward_error_budget_remaining_ratio").values()) == ["0.5"]
    assert 'linkward_service_state_seconds_total{service="resolver",site="office",state="up"} 1.5\n' in text


def test_nothing_is_found_out_of_strangers() -> None:
    """What the inventory does not hold, or what has no account, is ignored."""
    latest = _loaded()
    before = _text(latest)
    latest.judged(("link", "gone"), VERDICTS)
    latest.accounted(("link", "gone"), TALLY, None, None, {})
    latest.accounted(("device", "office-rt1"), TALLY, 1.0, 1.0, {})
    latest.windowed("gone", window_facts(0.01), inf)
    latest.carried("gone", Throughput(1.0, _NOTHING, _NOTHING), inf)
    latest.tested("gone", "upload", 1.0, inf)
    latest.flapping("gone", True)
    assert _text(latest) == before
    assert latest.verdicts(("link", "gone")) == ()


def test_all_is_forgotten_with_its_subject() -> None:
    """A link that a reload removes and another brings back has neither verdicts nor counters."""
    latest = full_board()
    latest.load(ward().model_copy(update={"sites": ()}))
    latest.load(ward())
    text = _text(latest)
    assert "linkward_requirement_met" not in text
    assert "linkward_link_state_seconds_total" not in text
    assert latest.verdicts(_LINK) == ()


def test_a_later_change_of_the_outages_that_were_handed_over_changes_nothing() -> None:
    """The picture keeps numbers, not the caller's table."""
    latest, outages = _loaded(), {"micro": 1}
    latest.accounted(_LINK, Tally(), None, None, outages)
    outages["micro"] = 2
    assert _values(_text(latest), "linkward_link_outages_total") == {
        'link="office-vnpt",site="office",class="micro"': "1"
    }


def _microseconds(action: Callable[[], None], times: int = 2_000) -> float:
    """CPU of one call, of the best of several rounds, so that other work on this machine does not count."""

    def once() -> float:
        before = time.thread_time()
        for _ in range(times):
            action()
        return (time.thread_time() - before) / times * 1e6

    return min(once() for _ in range(5))


def test_handing_over_costs_next_to_nothing() -> None:
    """A city hands over 15,498 links every ten seconds: at most 15 microseconds each."""
    latest = _loaded()
    verdicts, outages = list(VERDICTS), {"micro": 3, "outage": 1}
    assert _microseconds(lambda: latest.judged(_LINK, verdicts)) < 15
    assert _microseconds(lambda: latest.accounted(_LINK, TALLY, 0.9995, 0.5, outages)) < 15


@pytest.mark.parametrize("quality", Quality)
def test_each_quality_is_its_own_label(quality: Quality) -> None:
    """The label is the name that alerts use too."""
    (line,) = Judged(_OWN, (verdict(quality, Outcome.MET),)).lines(1).decode().splitlines()
    assert line == f'linkward_requirement_met{{{_OWN},requirement="{quality.value}"}} 1'


def test_a_requirement_that_changes_at_a_day_is_told_as_of_the_day() -> None:
    """Until the first verdicts the version in force at the time of loading is shown, by the ward's clock."""
    requirement = {"rtt_p95": "30ms", "contracted_share": "80%", "changes": [{"from": "2026-11-01", "rtt_p95": "50ms"}]}
    whole = ward().model_copy(update={"requirements": {"office": Requirement.model_validate(requirement)}})
    latest = Latest()
    for day, threshold in (("2026-10-31T16:59+00:00", "0.03"), ("2026-10-31T17:00+00:00", "0.05")):
        latest.load(whole, datetime.fromisoformat(day))
        text = _text(latest)
        assert _values(text, "linkward_requirement_threshold") == {
            'link="office-vnpt",site="office",requirement="rtt"': threshold,
            'link="office-vnpt",site="office",requirement="download"': "240000000.0",
            'link="office-vnpt",site="office",requirement="upload"': "240000000.0",
        }
        assert 'direction="download",kind="required"} 240000000.0\n' in text


def test_burn_rates_name_their_window_and_leave_out_what_is_not_known() -> None:
    """A window of which too little is known has no line."""
    rates = BurnRates('link="one"', {300.0: 14.5, 3_600.0: 2.0, 21_600.0: None})
    assert rates.lines(0).decode() == (
        'linkward_error_budget_burn_rate{link="one",window="5m"} 14.5\n'
        'linkward_error_budget_burn_rate{link="one",window="1h"} 2.0\n'
    )


def test_stable_minutes_are_told_beside_the_known_ones() -> None:
    """A ratio can be made of both over any time, and a restart is seen as one."""
    told = minutes('link="one"', StableMinutes(57, 59))
    assert [told.lines(position).decode() for position in range(2)] == [
        'linkward_link_stable_seconds_total{link="one"} 3420\n',
        'linkward_link_judged_seconds_total{link="one"} 3540\n',
    ]
