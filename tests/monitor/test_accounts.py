"""The month's accounts: what counts, over restarts, reloads, pauses and planned work."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.facts import Heartbeat
from model.availability import Tally
from model.intervals import Interval, instant, moment
from model.inventory import Inventory
from model.measurement import SubjectKey
from model.state import State
from model.transition import Transition
from monitor.accounts import Account, Accounts
from monitor.heart import Heart

MONTH = datetime(2026, 10, 31, 17, tzinfo=UTC)
"""Midnight of 1 November in Hanoi."""
NOON = MONTH + timedelta(hours=12)
ONE: SubjectKey = ("link", "one")
PAGE: SubjectKey = ("service", "page")
UP, DEGRADED, DOWN, UNREACHABLE, UNKNOWN = State.UP, State.DEGRADED, State.DOWN, State.UNREACHABLE, State.UNKNOWN
HOUR = 3_600.0


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def inventory(
    requirement: Mapping[str, Any] | None = None,
    windows: Iterable[Mapping[str, Any]] = (),
    links: Iterable[str] = ("one",),
    **site: Any,
) -> Inventory:
    """An office in Hanoi with links and a page."""
    about = {"requirement": requirement} if requirement else {}
    targets = [{"id": link, "target": "icmp://192.0.2.1", **about} for link in links]
    page = {"id": "page", "url": "http://192.0.2.9/", **about}
    return Inventory.model_validate({
        "ward": {"id": "w", "timezone": "Asia/Ho_Chi_Minh"},
        "sites": [{"id": "office", "links": targets, "services": [page], **site}],
        "maintenance": list(windows),
    })


def window(start: float, end: float) -> dict[str, Any]:
    """Work on the office."""
    return {"id": "work", "sites": ["office"], "from": at(start).isoformat(), "to": at(end).isoformat()}


class Monitor:
    """Accounts that live through a story: each step says when it happens, in seconds after noon."""

    def __init__(self, begin: float = 0.0, ward: Inventory | None = None) -> None:
        self.accounts = Accounts()
        self.heart = Heart(at(begin), begin)
        self.log: dict[SubjectKey, list[Transition]] = {}
        self.runs: list[Heartbeat] = []
        self.began = at(begin)
        if ward is not None:
            self.accounts.beat(self.heart.run)
            self.accounts.load(ward, self.began)

    def live(self, until: float) -> None:
        """Beat each five seconds, from the last beat on."""
        last = self.heart.run.until
        while last < at(until):
            last = min(last + timedelta(seconds=5), at(until))
            self.beat((last - NOON).total_seconds())

    def beat(self, seconds: float) -> None:
        """One beat; what it lost is unknown, as the rounds say it."""
        beat = self.heart.beat(at(seconds), seconds)
        if beat.lost_since is not None:
            for subject in list(self.log):
                self.becomes(UNKNOWN, (beat.lost_since - NOON).total_seconds(), seconds, subject)
        for run in beat.runs:
            self.accounts.beat(run)

    def becomes(
        self,
        state: State,
        since: float,
        noticed: float | None = None,
        subject: SubjectKey = ONE,
        *,
        lived: bool = True,
    ) -> None:
        """A subject passes to a state, noticed after a life without pause up to then."""
        noticed = since if noticed is None else noticed
        if lived:
            self.live(noticed)
        log = self.log.setdefault(subject, [])
        before = log[-1].after if log else UNKNOWN
        if before is not state:
            log.append(Transition(subject, before, state, at(since), 0.5, at(noticed)))
            self.accounts.enter(log[-1])

    def account(self, seconds: float, subject: SubjectKey = ONE) -> Account:
        """Reckoned then."""
        account = self.accounts.reckon(subject, at(seconds))
        assert account is not None
        return account

    def restarted(self, begin: float, ward: Inventory) -> "Monitor":
        """A second process that reads what the first has written down."""
        other = Monitor(begin)
        other.log = {subject: [*log] for subject, log in self.log.items()}
        runs = [run for run in self.accounts._runs if run.began < at(begin)]
        other.accounts.announced(self.accounts._announced, at(begin))
        other.accounts.remember(other.log, runs, runs[-1].until)
        other.began = max(run.until for run in runs)
        other.accounts.beat(other.heart.run)
        other.accounts.load(ward, other.began, at(begin))
        return other


def seconds(**spent: float) -> Tally:
    """So many seconds in each state."""
    return Tally(**{state: round(1_000 * time) for state, time in spent.items()})


def test_the_month_so_far() -> None:
    """Unknown before the monitor began, then what was seen; outages are counted by their length."""
    monitor = Monitor(0, inventory())
    monitor.becomes(UP, 1)
    monitor.live(100)
    monitor.becomes(DOWN, 100, 104)
    monitor.becomes(UP, 130, 140)
    monitor.becomes(DOWN, 200, 204)
    monitor.becomes(UP, 205, 215)
    monitor.live(300)
    account = monitor.account(300)
    assert account.month.net == seconds(up=264, down=35, unknown=12 * HOUR + 1)
    assert account.month.net.total == 1_000 * (12 * HOUR + 300)
    assert account.outages == {"outage": 1, "micro": 1}
    assert account.share.ratio == pytest.approx(264 / 299)
    assert monitor.accounts.share(ONE) == account.share


def test_the_counters_lag_behind_until_nothing_can_be_dated_back() -> None:
    """A link's by half a minute, a page's by three silences in a row: what they have counted stays right."""
    monitor = Monitor(0, inventory())
    for subject in (ONE, PAGE):
        monitor.becomes(UP, 0, subject=subject)
    monitor.live(300)
    assert monitor.account(300).tally == Tally(up=273_000)
    assert monitor.account(300, PAGE).tally == Tally(up=90_000)
    monitor.becomes(DOWN, 300 - 2.5 * 33, 310, PAGE)
    monitor.live(600)
    tally = monitor.account(600, PAGE).tally
    assert tally == Tally(up=217_500, down=390_000 - 217_500)


def test_a_restart_makes_the_gap_unknown_and_moves_nothing_else() -> None:
    """Killed in the midst of an outage: both sides of the gap are as they were, to the millisecond."""
    ward = inventory({"availability": "99.9%"})
    monitor = Monitor(0, ward)
    monitor.becomes(UP, 1)
    monitor.live(1_000)
    monitor.becomes(DOWN, 990.123, 994)
    before = monitor.account(1_000)
    other = monitor.restarted(1_060, ward)
    other.becomes(UNKNOWN, 1_060)
    other.becomes(DOWN, 1_061.5, 1_065)
    other.becomes(UP, 1_070, 1_080)
    other.live(1_200)
    after = other.account(1_200)
    assert after.month.net == seconds(up=989.123 + 130, down=18.377, unknown=12 * HOUR + 1 + 61.5)
    assert after.month.net.up - before.month.net.up == 130_000
    assert after.month.net.down - before.month.net.down == 8_500
    assert after.outages == {"outage": 1, "micro": 0}
    assert after.tally.unknown == 61_500


def test_a_pause_is_unknown_in_the_month_and_in_the_counters() -> None:
    """The process stood still for a minute, or the clock was set forward by an hour or a day."""
    for pause in (60.0, HOUR, 24 * HOUR):
        monitor = Monitor(0, inventory())
        monitor.becomes(UP, 0)
        monitor.live(100)
        monitor.beat(100 + pause)
        monitor.becomes(UP, 101 + pause)
        monitor.live(400 + pause)
        account = monitor.account(400 + pause)
        assert account.month.net == seconds(up=399, unknown=12 * HOUR + pause + 1)
        assert account.tally == Tally(up=372_000, unknown=1_000 * int(pause + 1))


def test_what_is_noticed_before_a_pause_is_says_nothing() -> None:
    """A change that comes between the pause and the beat that finds it out counts nowhere."""
    monitor = Monitor(0, inventory())
    monitor.becomes(UP, 0)
    monitor.live(100)
    monitor.becomes(DOWN, 190, 198, lived=False)
    monitor.beat(200)
    monitor.becomes(UP, 201)
    monitor.live(400)
    account = monitor.account(400)
    assert account.month.net == seconds(up=299, unknown=12 * HOUR + 101)
    assert account.tally == Tally(up=272_000, unknown=101_000)


def test_a_reckoning_between_a_pause_and_the_next_beat_counts_nothing_of_it() -> None:
    """The counters go no further than the last beat."""
    monitor = Monitor(0, inventory())
    monitor.becomes(UP, 0)
    monitor.live(100)
    assert monitor.account(300).tally == Tally(up=100_000)


@pytest.mark.parametrize("step", [HOUR, 24 * HOUR])
def test_time_that_is_there_twice_counts_once(step: float) -> None:
    """The clock is set back: the month has no more time than it has, and the counters take nothing back."""
    monitor = Monitor(30 * HOUR, inventory())
    monitor.becomes(UP, 30 * HOUR)
    monitor.live(32 * HOUR)
    back = 32 * HOUR - step
    before = monitor.account(32 * HOUR).tally
    for seconds in range(5, int(step) + 60, 5):
        beat = monitor.heart.beat(at(back + seconds), 32 * HOUR + seconds)
        if beat.lost_since:
            monitor.becomes(UNKNOWN, (beat.lost_since - NOON).total_seconds(), back + seconds, lived=False)
        for run in beat.runs:
            monitor.accounts.beat(run)
        if beat.lost_since:
            monitor.becomes(UP, back + seconds + 1, lived=False)
    end = 32 * HOUR + 55
    account = monitor.account(end)
    assert account.month.net.total == instant(at(end)) - instant(MONTH)
    assert account.month.net.up >= 1_000 * (min(step, 2 * HOUR) + 40)
    assert account.tally.up >= before.up
    assert account.tally.total <= 1_000 * (end - 30 * HOUR)


def test_blind_time_is_unknown() -> None:
    """From when the anchors fell silent until something is measured again."""
    monitor = Monitor(0, inventory())
    monitor.becomes(UP, 0)
    monitor.live(100)
    for run in monitor.heart.turn(at(97), at(101), 101.0, blind=True).runs:
        monitor.accounts.beat(run)
    monitor.becomes(UNKNOWN, 97, 101)
    monitor.live(150)
    for run in monitor.heart.turn(at(150), at(150), 150.0, blind=False).runs:
        monitor.accounts.beat(run)
    monitor.becomes(UP, 152)
    monitor.live(300)
    account = monitor.account(300)
    assert account.month.net == seconds(up=97 + 148, unknown=12 * HOUR + 55)
    assert account.tally == Tally(up=97_000 + 121_000, unknown=55_000)


def test_work_that_was_announced_is_maintenance() -> None:
    """Until the window ends; the overrun counts. Its beginning is the same in the counters."""
    monitor = Monitor(0, inventory(windows=[window(100, 200)]))
    monitor.becomes(UP, 0)
    monitor.becomes(DOWN, 110)
    monitor.becomes(UP, 220)
    monitor.live(400)
    account = monitor.account(400)
    assert account.month.net == seconds(up=100 + 180, down=20, maintenance=100, unknown=12 * HOUR)
    assert account.month.gross.down == 110_000
    assert account.tally == Tally(up=100_000 + 153_000, down=20_000, maintenance=100_000)
    assert monitor.accounts.in_maintenance(at(150)) == {ONE, PAGE}
    assert monitor.accounts.in_maintenance(at(200)) == frozenset()


def test_work_that_was_announced_in_its_midst_excuses_nothing() -> None:
    """It is shown while it is open, and counts all the same."""
    monitor = Monitor(0, inventory())
    monitor.becomes(DOWN, 0)
    monitor.live(110)
    monitor.accounts.load(inventory(windows=[window(100, 200)]), at(110))
    monitor.live(300)
    assert monitor.account(300).month.net == seconds(down=300, unknown=12 * HOUR)
    assert monitor.accounts.in_maintenance(at(150)) == {ONE, PAGE}


def test_a_reload_while_work_goes_on_moves_nothing() -> None:
    """The counters count the open window from its beginning, also what they had not settled yet."""
    ward = inventory(windows=[window(100, 200)])
    monitor = Monitor(0, ward)
    monitor.becomes(UP, 0)
    monitor.live(110)
    monitor.account(110)
    monitor.accounts.load(ward, at(110))
    monitor.live(300)
    assert monitor.account(300).tally == Tally(up=173_000, maintenance=100_000)


def test_windows_are_counted_however_long_ago_the_inventory_was_loaded() -> None:
    """A daemon that runs for seven weeks without a reload still knows of tonight's work."""
    begin = 60 * 24 * HOUR
    monitor = Monitor(0, inventory(windows=[window(begin + 100, begin + 200)]))
    monitor.heart = Heart(at(begin), begin)
    monitor.accounts.beat(monitor.heart.run)
    monitor.becomes(UP, begin)
    monitor.live(begin + 300)
    assert monitor.account(begin + 300).tally.maintenance == 100_000


def test_a_link_that_is_removed_with_an_open_outage_and_comes_back() -> None:
    """While it is gone it has no account; when it is back, the month still knows of what was before."""
    monitor = Monitor(0, inventory())
    monitor.becomes(UP, 0)
    monitor.becomes(DOWN, 100, 104)
    monitor.live(150)
    monitor.accounts.load(inventory(links=()), at(150))
    monitor.becomes(UNKNOWN, 150)
    monitor.live(200)
    assert monitor.accounts.reckon(ONE, at(200)) is None
    assert monitor.accounts.share(ONE) is None
    monitor.accounts.load(inventory(), at(200))
    monitor.becomes(UP, 203)
    monitor.live(300)
    account = monitor.account(300)
    assert account.month.net == seconds(up=100 + 97, down=50, unknown=12 * HOUR + 53)
    assert account.tally == Tally(up=70_000, unknown=3_000)


def test_a_link_that_is_renamed_is_another() -> None:
    """The new name begins to be known when it is first measured."""
    monitor = Monitor(0, inventory())
    monitor.becomes(UP, 0)
    monitor.live(100)
    monitor.accounts.load(inventory(links=["first"]), at(100))
    monitor.becomes(UP, 101, subject=("link", "first"))
    monitor.live(300)
    assert monitor.accounts.subjects() == [("link", "first"), PAGE]
    assert monitor.account(300, ("link", "first")).month.net == seconds(up=199, unknown=12 * HOUR + 101)


def test_the_budget_of_a_month() -> None:
    """0.1 % of 30 days is 2,592 s; a service's counts what was unreachable too."""
    monitor = Monitor(0, inventory({"availability": "99.9%"}))
    for subject in (ONE, PAGE):
        monitor.becomes(UP, 0, subject=subject)
        monitor.becomes(DOWN, 100, subject=subject)
        monitor.becomes(UNREACHABLE, 359.2, subject=subject)
        monitor.becomes(UP, 618.4, subject=subject)
    monitor.live(1_000)
    assert monitor.account(1_000).budget == pytest.approx(0.9)
    assert monitor.account(1_000, PAGE).budget == pytest.approx(0.8)


def test_what_requires_no_availability_has_no_budget() -> None:
    """Neither without a requirement nor with one of other thresholds."""
    for requirement in (None, {"rtt_p95": "30ms"}):
        assert Monitor(0, inventory(requirement)).account(10).budget is None


def test_a_requirement_that_changes_in_mid_month_has_a_budget_of_its_parts() -> None:
    """99.9 % for ten days and 99 % for twenty tolerate 864 s and 17,280 s; the outage is taken from their sum."""
    changing = {"availability": "99.9%", "changes": [{"from": "2026-11-11", "availability": "99%"}]}
    monitor = Monitor(0, inventory(changing))
    monitor.becomes(UP, 0)
    monitor.becomes(DOWN, 100)
    monitor.becomes(UP, 100 + 181.44)
    monitor.live(1_000)
    assert monitor.account(1_000).budget == pytest.approx(1 - 181.44 / (864 + 17_280))


def test_an_outage_before_anything_was_required_spends_no_budget() -> None:
    """Availability is required from the second day on: the first day's outage is nobody's breach."""
    changing = {"rtt_p95": "30ms", "changes": [{"from": "2026-11-02", "availability": "99%"}]}
    monitor = Monitor(0, inventory(changing))
    monitor.becomes(UP, 0)
    monitor.becomes(DOWN, 12 * HOUR - 500)
    monitor.becomes(UP, 12 * HOUR + 100)
    monitor.live(12 * HOUR + 1_000)
    assert monitor.account(1_000).budget == pytest.approx(1.0)
    assert monitor.account(12 * HOUR + 1_000).budget == pytest.approx(1 - 100 / (29 * 864))


def test_service_hours_decide_what_counts() -> None:
    """An outage at night is no breach; it stands outside."""
    monitor = Monitor(0, inventory({"availability": "99%"}, service_hours=["Mon-Sun 07:30-11:30"]))
    monitor.becomes(UP, 0)
    monitor.becomes(DOWN, 100)
    monitor.becomes(UP, 200)
    monitor.live(300)
    account = monitor.account(300)
    assert account.month.outside.down == 100_000
    assert account.share.down == 0
    assert account.budget == 1.0


def test_a_new_month_begins_with_what_is() -> None:
    """The state that the old month ended with holds on, its outages stay behind, and the log is cut."""
    end = 30 * 24 * HOUR - 12 * HOUR
    monitor = Monitor(end - 1_000, inventory({"availability": "99.9%"}))
    monitor.becomes(UP, end - 1_000)
    for start in range(3):
        monitor.becomes(DOWN, end - 900 + 100 * start)
        monitor.becomes(UP, end - 850 + 100 * start)
    monitor.live(end + 100)
    assert monitor.account(end - 1).outages == {"outage": 3, "micro": 0}
    account = monitor.account(end + 100)
    assert account.month.net == seconds(up=100)
    assert (account.outages, account.budget) == ({"outage": 0, "micro": 0}, 1.0)
    # Burn rates look back three days, and the log with them.
    assert len(monitor.accounts._books[ONE].log) == 7
    monitor.live(end + 4 * 24 * HOUR)
    monitor.account(end + 4 * 24 * HOUR)
    assert len(monitor.accounts._books[ONE].log) == 1


def test_any_period_can_be_asked_for_from_what_was_read() -> None:
    """The same reckoning over facts of the history; nothing of what is not watched."""
    monitor = Monitor(0, inventory())
    log = [Transition(ONE, UNKNOWN, UP, at(0), 0.0, at(0)), Transition(ONE, UP, DOWN, at(50), 0.5, at(54))]
    period = Interval(instant(at(0)), instant(at(100)))
    reckoned = monitor.accounts.between(ONE, period, log, [Heartbeat(at(0), at(100))])
    assert reckoned is not None
    assert (reckoned.net.up, reckoned.net.down) == (50_000, 50_000)
    assert monitor.accounts.between(("link", "nobody"), period, log, []) is None


def test_devices_have_no_account() -> None:
    """Their transitions are for the history alone."""
    monitor = Monitor(0, inventory())
    monitor.becomes(UP, 0, subject=("device", "router"))
    assert ("device", "router") not in monitor.accounts._logs
    assert monitor.accounts.reckon(("device", "router"), at(10)) is None


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["live", "pause", "state", "blind"]),
        st.floats(1, 90),
        st.sampled_from([UP, DEGRADED, DOWN, UNREACHABLE]),
        st.floats(0, 15),
    ),
    max_size=30,
)


@given(EVENTS, st.floats(0, 500), st.floats(1, 500))
def test_counters_and_month_agree(
    events: Sequence[tuple[str, float, State, float]], opens: float, lasts: float
) -> None:
    """Through states that are dated back, pauses, blindness and work: the same milliseconds in every state."""
    monitor = Monitor(0, inventory(windows=[window(opens, opens + lasts)]))
    now, blind = 0.0, False
    for kind, seconds, state, back in events:
        if kind == "live":
            now += seconds
            monitor.live(now)
        elif kind == "pause":
            now += 16 + seconds
            monitor.beat(now)
        elif kind == "state" and not blind:
            now += 1
            monitor.becomes(state, dated_back(monitor, now - back), now)
        elif kind == "blind":
            now, blind = now + 1, not blind
            since = dated_back(monitor, now - back) if blind else now
            for run in monitor.heart.turn(at(since), at(now), now, blind=blind).runs:
                monitor.accounts.beat(run)
            monitor.becomes(UNKNOWN, since, now)
        monitor.account(now)
    monitor.live(now + 60)
    account = monitor.account(now + 60)
    settled = account.tally.total
    assert settled >= 1_000 * now
    period = Interval(instant(at(0)), instant(at(0)) + settled)
    reckoned = monitor.accounts.between(ONE, period, monitor.log.get(ONE, ()), monitor.accounts._runs)
    assert reckoned is not None
    assert account.tally == reckoned.net
    assert moment(period.end) <= at(now + 60)


def dated_back(monitor: Monitor, since: float) -> float:
    """A time before now, but after the begin of the present run and the last change: what has been counted stays."""
    last = monitor.log.get(ONE)
    earliest = max(monitor.heart.run.began, last[-1].at + timedelta(seconds=1)) if last else monitor.heart.run.began
    return max(since, (earliest - NOON).total_seconds())
