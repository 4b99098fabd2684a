"""The shell around the pipeline: it feeds, writes down, hands over, and goes on whatever fails."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.pipeline import Step
from alerts.receivers.alertmanager import Alertmanager
from history.facts import Decision, IncidentRecord, Notification
from history.store import Fate
from model.decision import FlappingBegan, FlappingEnded, StayedDown, WentDown
from model.incident import Acknowledgement, Attachment, Severity
from model.invalid import InvalidValueError
from model.matcher import parse_matcher
from model.measurement import Failure, HttpReading, Measurement, ProbeKind, Reason, Subject, SubjectKey, TlsFacts
from model.silence import Silence, make_silence
from model.state import State
from model.transition import Transition
from model.verdict import Outcome, Quality
from monitor.silences import silence_record
from monitor.states import Change
from monitor.watch import Clocks
from tests.peers.alert_desk import ALERTS, SPARE, Office, inventory
from tests.peers.clock import SteppedLoop
from tests.peers.duty import verdict
from tests.peers.hook import hook, saying
from tests.peers.stage import BEGIN, link, site

Scenario = Callable[[Office], Coroutine[Any, Any, None]]
PAGE = Subject("service", "page", "office", "https://127.0.0.1/")
LINE: SubjectKey = ("link", "spare")


@pytest.fixture
def office() -> Iterator[Office]:
    """An office at ten."""
    loop = SteppedLoop()
    yield Office(loop)
    loop.close()


def play(office: Office, scenario: Scenario) -> None:
    """Begin, do it, stop."""

    async def whole() -> None:
        await office.alerting.begin()
        await scenario(office)
        await office.alerting.stop()

    office.loop.run_until_complete(whole())


def test_a_change_is_told_at_once_and_written_down_first(office: Office) -> None:
    """Within hundredths of a second; the notice, the incident and the decision are on the disk before it is sent."""
    office.drawer.takes = 0.25

    async def scenario(office: Office) -> None:
        await asyncio.sleep(5)
        office.down()
        await asyncio.sleep(1)
        ((heard_at, notice),) = office.ears.heard
        assert 5.25 <= heard_at < 5.3
        assert [fact.key for fact in office.drawer.some(Notification)] == [notice.key]
        (record,) = office.drawer.some(IncidentRecord)
        assert record.incident.told["hook"].at == notice.decided_at
        assert [(fact.outcome, fact.subject) for fact in office.drawer.some(Decision)] == [("told", ("link", "spare"))]

    play(office, scenario)
    assert office.counts.outcomes == ["opened", "told"]


def test_what_happens_together_is_told_together(office: Office) -> None:
    """Both lines in one moment: the site is cut off."""

    async def scenario(office: Office) -> None:
        await asyncio.sleep(5)
        office.down("main")
        office.down("spare")
        await asyncio.sleep(1)

    play(office, scenario)
    assert office.told() == ["opened SiteUnreachable"]


def test_a_change_without_a_fact_is_nothing(office: Office) -> None:
    """Maintenance was laid over something, or a site follows its parts."""

    async def scenario(office: Office) -> None:
        office.alerting.saw(Change(("link", "spare"), State.MAINTENANCE))
        await asyncio.sleep(1)

    play(office, scenario)
    assert office.told() == []


@pytest.mark.parametrize("fate", [Fate.QUEUED, Fate.REFUSED])
def test_a_history_that_cannot_write_stops_no_message(office: Office, fate: Fate) -> None:
    """People are told all the same: open where it fails."""
    office.drawer.fate = fate

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(1)
        office.up()
        await asyncio.sleep(1)

    play(office, scenario)
    assert office.told() == ["opened LinkDown", "resolved LinkDown"]


def test_a_history_that_raises_stops_no_message(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """Not even by a bug of its own; the log has it."""
    office.drawer.error = RuntimeError("a bug")

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(1)
        assert office.alerting.is_working

    play(office, scenario)
    assert office.told() == ["opened LinkDown"]
    assert "told without having been written down" in caplog.text


def test_a_bug_in_one_step_ends_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The step is taken again after a second, and what it was about is told then."""
    step, fails = office.alerting.pipeline.step, [True, True]

    def buggy(now: datetime) -> Step:
        if office.loop.time() > 4 and fails:
            fails.pop()
            raise ZeroDivisionError
        return step(now)

    monkeypatch.setattr(office.alerting.pipeline, "step", buggy)

    async def scenario(office: Office) -> None:
        await asyncio.sleep(5)
        office.down()
        await asyncio.sleep(10)
        ((heard_at, _),) = office.ears.heard
        assert 7 <= heard_at < 7.1
        assert office.alerting.is_working

    play(office, scenario)
    assert caplog.text.count("alerts are held up for a second") == 2


def test_a_storm_takes_several_transactions_and_loses_no_notice(office: Office) -> None:
    """Notices are written before the incidents that say they were told, at most 500 facts at a time."""

    async def scenario(office: Office) -> None:
        office.alerting.load(inventory(sites=[site(f"s{n}", link(f"l{n}")) for n in range(700)]))
        for number in range(700):
            office.down(f"l{number}")
        await asyncio.sleep(10)
        kinds = [type(fact) for fact in office.drawer.facts]
        assert kinds.count(Notification) == 700
        assert kinds.index(IncidentRecord) == 700
        assert max(office.drawer.lately) == 500

    play(office, scenario)
    assert len(office.ears.heard) == 700


def test_what_is_decided_is_carried_out_whole_before_the_end(office: Office) -> None:
    """A stop in the middle of writing waits for it: what is on the disk as told has been handed over."""
    office.drawer.takes = 2.0

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(0.5)
        assert office.told() == []

    play(office, scenario)
    assert office.told() == ["opened LinkDown"]
    assert office.ears.is_stopped


def test_what_happened_in_the_last_moment_is_told(office: Office) -> None:
    """The stop itself looks once more."""

    async def scenario(office: Office) -> None:
        await asyncio.sleep(1)
        office.down()

    play(office, scenario)
    assert office.told() == ["opened LinkDown"]


def test_a_bug_in_the_last_step_does_not_keep_it_from_ending(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are stopped all the same."""

    async def scenario(office: Office) -> None:
        await asyncio.sleep(1)

        def buggy(_: datetime) -> Step:
            raise ZeroDivisionError

        monkeypatch.setattr(office.alerting.pipeline, "step", buggy)

    play(office, scenario)
    assert office.ears.is_stopped
    assert not office.alerting.is_working


def test_before_it_begins_and_after_it_ends_nothing_would_be_told(office: Office) -> None:
    """The heartbeat says so by its silence."""
    assert not office.alerting.is_working

    async def scenario(office: Office) -> None:
        assert office.alerting.is_working

    play(office, scenario)
    assert not office.alerting.is_working


def test_a_restart_goes_on_with_what_was_told(office: Office) -> None:
    """Nothing is told twice; what the outbox holds is sent again with its key, and the end is told."""

    async def first(office: Office) -> None:
        office.down()
        await asyncio.sleep(1)

    play(office, first)
    ((_, before),) = office.ears.heard
    office.started_anew()

    async def second(office: Office) -> None:
        await asyncio.sleep(5)
        assert [notice for _, notice in office.ears.heard] == [before]
        office.up()
        await asyncio.sleep(1)

    play(office, second)
    assert office.told() == ["opened LinkDown", "resolved LinkDown"]


def test_a_cut_whose_transition_is_all_that_is_known_is_told_with_the_start(office: Office) -> None:
    """The monitor was killed between the two."""
    at = office.now() - timedelta(seconds=30)
    office.drawer.last = {
        ("link", "spare"): Transition(("link", "spare"), State.UP, State.DOWN, at, 0.0, at, {"why": "silent"}),
        ("link", "main"): Transition(("link", "main"), State.DOWN, State.UP, at, 0.0, at, {}),
        ("link", "gone"): Transition(("link", "gone"), State.UP, State.DOWN, at, 0.0, at, {}),
    }

    async def scenario(_: Office) -> None:
        await asyncio.sleep(1)

    play(office, scenario)
    ((_, notice),) = office.ears.heard
    assert notice.alerts[0].labels["link"] == "spare"
    assert notice.alerts[0].starts_at == at


def test_a_history_that_cannot_be_read_lets_it_begin_with_nothing(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong from now on is told."""
    office.drawer.is_broken = True

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(1)

    play(office, scenario)
    assert office.told() == ["opened LinkDown"]
    assert "open incidents are told anew" in caplog.text


def test_a_flapping_that_a_restart_made_the_detector_forget_ends_in_time(office: Office) -> None:
    """After 45 minutes any link is calm, if its detector has not said otherwise."""
    flapping_until_the_restart(office)

    async def scenario(office: Office) -> None:
        await asyncio.sleep(2_699)
        assert office.told() == []
        await asyncio.sleep(2)

    play(office, scenario)
    assert office.told() == ["resolved LinkFlapping"]


def test_a_flapping_that_is_found_again_after_a_restart_ends_when_its_detector_says_so(office: Office) -> None:
    """No clock ends it then."""
    flapping_until_the_restart(office)

    async def scenario(office: Office) -> None:
        await office.flap()
        await asyncio.sleep(5_000)
        assert office.told() == []
        office.alerting.decided(SPARE, FlappingEnded(office.loop.time(), 1.0), clocks(office))
        await asyncio.sleep(1)

    play(office, scenario)
    assert office.told() == ["resolved LinkFlapping"]


def flapping_until_the_restart(office: Office) -> None:
    """A link was told of as flapping by a monitor that is gone."""

    async def first(office: Office) -> None:
        await office.flap()

    play(office, first)
    assert office.told()[-1] == "opened LinkFlapping"
    office.drawer.facts = [fact for fact in office.drawer.facts if not isinstance(fact, Notification)]
    office.started_anew()


def clocks(office: Office) -> Clocks:
    """Both of them."""
    return Clocks(office.loop.time(), office.now())


def test_only_what_a_detector_says_of_flapping_and_long_outages_counts(office: Office) -> None:
    """Changes of state come by way of the disk; what an anchor does is told to the eyes."""

    async def scenario(office: Office) -> None:
        office.alerting.decided(Subject("anchor", "icmp://a", "", "a"), FlappingBegan(0.0, 3.0), clocks(office))
        office.alerting.decided(SPARE, WentDown(0.0, 0.0, 0.0), clocks(office))
        await asyncio.sleep(1)
        assert office.told() == []
        await office.flap()
        office.down()
        await asyncio.sleep(60)
        assert office.told()[-1] == "opened LinkFlapping"
        office.alerting.decided(SPARE, StayedDown(1.0, 61.0), clocks(office))
        await asyncio.sleep(1)

    play(office, scenario)
    assert office.told()[-2:] == ["opened LinkFlapping", "updated LinkDown"]


def test_verdicts_budgets_certificates_and_blindness_are_told(office: Office) -> None:
    """Each begins and ends; the same said twice is one."""

    async def scenario(office: Office) -> None:
        alerting = office.alerting
        faults = alerting.pipeline.correlator.faults
        for state in (State.DOWN, State.UP, State.DOWN, State.UP):  # too short for anybody to be told of
            faults.changed(("link", "main"), state, office.now(), office.now())
        for _ in range(2):
            alerting.judged(LINE, [verdict(Quality.RTT, Outcome.BREACHED, office.now())])
            await asyncio.sleep(1)
            alerting.burning(("link", "main"), {3_600.0: 20.0, 300.0: 20.0})
            await asyncio.sleep(1)
            alerting.measured(page(office, days=3.0))
            await asyncio.sleep(1)
            alerting.sees(office.now(), is_blind=True)
            await asyncio.sleep(1)
        assert alerting.open_by_severity() == {Severity.CRITICAL: 2, Severity.WARNING: 2, Severity.INFO: 0}
        alerting.judged(LINE, [verdict(Quality.RTT, Outcome.MET, office.now())])
        await asyncio.sleep(1)
        alerting.burning(("link", "main"), {3_600.0: 20.0, 300.0: 2.0})
        await asyncio.sleep(1)
        alerting.measured(page(office, days=90.0))
        await asyncio.sleep(1)
        alerting.sees(office.now(), is_blind=False)
        await asyncio.sleep(1)

    play(office, scenario)
    names = ["LinkBelowRequirement", "ErrorBudgetBurn", "CertificateExpiring", "MonitorBlind"]
    assert office.told() == [f"{kind} {name}" for kind in ("opened", "resolved") for name in names]


def test_measurements_without_a_certificate_say_nothing_of_it(office: Office) -> None:
    """A page that does not answer has no days left to count."""

    async def scenario(office: Office) -> None:
        failure = Measurement(PAGE, ProbeKind.HTTP, office.now(), 0.1, Failure(Reason.TIMEOUT))
        office.alerting.measured(failure)
        plain = replace(page(office, 3.0), outcome=replace(reading(office, 3.0), tls=None))
        office.alerting.measured(plain)
        await asyncio.sleep(1)

    play(office, scenario)
    assert office.told() == []


def page(office: Office, days: float) -> Measurement:
    """The page answers, with a certificate that has so many days left."""
    return Measurement(PAGE, ProbeKind.HTTP, office.now(), 0.1, reading(office, days))


def test_an_incident_is_looked_at_once_and_keeps_what_was_found(office: Office) -> None:
    """While it is young; nobody is told of that, and what was told meanwhile stays told."""
    found = Attachment("path", ("link", "spare"), BEGIN, {"hops": []})
    office.looks.found, office.looks.takes = (found,), 3.0

    async def scenario(office: Office) -> None:
        office.alerting.judged(LINE, [verdict(Quality.RTT, Outcome.BREACHED, office.now())])
        await asyncio.sleep(1)
        office.down()
        await asyncio.sleep(10)
        (incident,) = office.alerting.pipeline.correlator.open.values()
        assert incident.attachments == (found,)
        assert set(incident.told) == {"hook"}
        assert office.drawer.newest()[incident.id] == incident
        assert office.looks.asked == [incident.id]

    play(office, scenario)
    assert office.told() == ["opened LinkBelowRequirement", "updated LinkDown"]


def test_what_is_found_after_the_end_is_kept_too(office: Office) -> None:
    """A short outage has its path all the same."""
    found = Attachment("path", ("link", "spare"), BEGIN, {"hops": []})
    office.looks.found, office.looks.takes = (found,), 30.0

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(10)
        office.up()
        await asyncio.sleep(60)
        (incident,) = office.drawer.newest().values()
        assert not incident.is_open
        assert incident.attachments == (found,)

    play(office, scenario)


def test_nothing_that_was_found_changes_nothing(office: Office) -> None:
    """No version for nothing."""

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(10)
        assert len(office.drawer.some(IncidentRecord)) == 1

    play(office, scenario)


def test_what_somebody_changes_counts_at_once(office: Office) -> None:
    """An acknowledgement and a silence are looked at without waiting for anything to happen."""

    async def scenario(office: Office) -> None:
        quiet = silence(office.now(), office.now() + timedelta(hours=1))
        office.alerting.mute_by([quiet])
        office.down()
        await asyncio.sleep(60)
        assert office.told() == []
        office.alerting.mute_by([quiet.ended(office.now(), "lan")])
        await asyncio.sleep(1)
        assert office.told() == ["opened LinkDown"]
        assert list(office.alerting.silences) == [quiet.id]
        (incident,) = office.alerting.pipeline.correlator.open.values()
        taken = Acknowledgement("lan", office.now())
        office.alerting.put(replace(incident, acknowledged=taken, version=incident.version + 1))
        await asyncio.sleep(1)
        (incident,) = office.alerting.pipeline.correlator.open.values()
        assert incident.acknowledged == taken

    play(office, scenario)


def test_silences_are_remembered(office: Office) -> None:
    """They hold after a restart as before."""
    quiet = silence(BEGIN, BEGIN + timedelta(hours=1))
    office.drawer.facts.append(silence_record(quiet))

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(3_500)
        assert office.told() == []
        await asyncio.sleep(200)

    play(office, scenario)
    assert office.told() == ["opened LinkDown"]


def test_links_are_signed_where_there_is_a_key_and_a_page(office: Office) -> None:
    """And only then."""
    keyed = {**ALERTS, "link_key": "k" * 32, "external_url": "https://ward.example"}
    assert office.alerting.signer is None
    signer = office.started_anew(alerts=keyed).signer
    assert signer is not None

    async def scenario(office: Office) -> None:
        office.down()
        await asyncio.sleep(1)

    play(office, scenario)
    ((_, notice),) = office.ears.heard
    name, person = signer.opened(notice.ack_url.partition("=")[2], datetime.now(UTC))
    assert (name, person) == (notice.incidents[0], "hook")


def test_receivers_that_cannot_be_used_leave_those_that_were(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log says what is wrong with them; alerting goes on."""
    before = office.alerting._book

    def refuse(*_: object) -> None:
        raise InvalidValueError("the URL is odd", "write another")

    monkeypatch.setattr(office.alerting._doors, "book", refuse)
    office.alerting.load(inventory())
    assert office.alerting._book is before
    assert "the receivers stay as they were: the URL is odd" in caplog.text


def test_alertmanager_is_looked_after_every_few_seconds(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It alone; other receivers are not told again."""
    receivers = {"hook": {"webhook": "http://127.0.0.1:9/"}, "am": {"alertmanager": ["http://127.0.0.1:9"]}}
    office.started_anew(alerts={"receivers": receivers, "routes": [{"receiver": "am"}]})
    asked: list[str] = []

    async def note(name: str, channel: object) -> None:
        assert isinstance(channel, Alertmanager)
        asked.append(name)

    monkeypatch.setattr(office.alerting._resending, "tell", note)

    async def scenario(_: Office) -> None:
        await asyncio.sleep(65)

    play(office, scenario)
    assert asked == ["am"] * 6


async def test_alertmanager_is_told_each_minute_what_fires_and_then_what_is_over() -> None:
    """By a real server: nothing between two minutes; the end again until a quarter of an hour after it."""
    clock = [0.0]
    with hook(saying(200)) as server:
        office = Office(SteppedLoop())
        alerts = {"receivers": {"am": {"alertmanager": [server.url]}}, "routes": [{"receiver": "am"}]}
        office.now = lambda: BEGIN + timedelta(seconds=clock[0])  # type: ignore[method-assign]  # this clock is set by hand
        alerting = office.started_anew(alerts=alerts)
        (channel,) = alerting._book.own["am"]
        assert isinstance(channel, Alertmanager)

        async def round_at(seconds: float) -> list[Any]:
            clock[0] = seconds
            step = alerting.pipeline.step(office.now())
            assert len(step.notices) <= 1
            known = len(server.calls)
            await alerting._resending.tell("am", channel)
            return [alert for call in server.calls[known:] for alert in call.json]

        assert await round_at(0) == []
        clock[0] = 10
        office.down()
        assert await round_at(30) == []
        (firing,) = await round_at(70)
        assert firing["labels"]["link"] == "spare"
        assert await round_at(100) == []
        assert len(await round_at(130)) == 1
        office.up()
        (ended,) = await round_at(200)
        assert datetime.fromisoformat(ended["endsAt"]) == BEGIN + timedelta(seconds=130)
        assert len(await round_at(1_000)) == 1
        assert await round_at(1_100) == []
        office.loop.close()


async def test_an_alertmanager_that_does_not_answer_is_asked_again_in_the_next_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Quietly: that it takes no notices is logged elsewhere."""
    caplog.set_level(logging.DEBUG)
    office = Office(SteppedLoop())
    alerts = {"receivers": {"am": {"alertmanager": ["http://127.0.0.1:9"]}}, "routes": [{"receiver": "am"}]}
    alerting = office.started_anew(alerts=alerts)
    office.down()
    alerting.pipeline.step(office.now())
    (channel,) = alerting._book.own["am"]
    assert isinstance(channel, Alertmanager)
    await alerting._resending.tell("am", channel)
    assert "am was not told again" in caplog.text
    office.loop.close()


def silence(start: datetime, end: datetime) -> Silence:
    """Of the spare line."""
    return make_silence((parse_matcher('link="spare"'),), start, end, "lan", "we know", now=start)


def reading(office: Office, days: float) -> HttpReading:
    """An answer over TLS."""
    expiry = office.now() + timedelta(days=days)
    facts = TlsFacts("TLS 1.3", None, expiry, None, "00", "CN=page", "CN=ca", ("page",), "01")
    return HttpReading({}, 200, 1.1, 0, None, 0, "127.0.0.1", tls=facts)
