"""What goes into the history comes out of it as it was, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from history.facts import (
    AuditEntry,
    Decision,
    Document,
    Fact,
    Heartbeat,
    IncidentRecord,
    InventoryVersion,
    Notification,
    SilenceRecord,
    SpeedTest,
    Step,
    Terms,
)
from history.rollup import RollupBlock, Span, merged
from history.store import Fate, Store
from model.measurement import Reason, SubjectKey
from model.state import State
from model.transition import Transition
from tests.peers.facts import START, block, hour, incident, moment, opened, transition

LINK: SubjectKey = ("link", "office-vnpt")
FAR = moment(10**9)


async def test_a_transition_comes_back_to_the_microsecond(store: Store) -> None:
    """Times, states, uncertainty and evidence are exactly what was recorded, infinity and odd characters included."""
    at = START + timedelta(microseconds=123_457)
    evidence: dict[str, str | float] = {"rtt_p95": float("inf"), "loss": 0.1, "why": 'Trụ sở \0\ud800 "quoted" ;--'}
    written = Transition(LINK, State.UP, State.DOWN, at, 0.25, at + timedelta(microseconds=1), evidence)
    assert await store.record(written) is Fate.DURABLE
    assert await store.transitions(START, FAR) == {LINK: [written]}


async def test_a_period_is_half_open_and_knows_the_state_at_its_start(store: Store) -> None:
    """What begins at the end is outside; of what was known before the start only the last counts."""
    written = [transition(at, State.DOWN if at % 20 else State.UP) for at in (10, 20, 30, 40, 50)]
    await store.record(*reversed(written))
    assert (await store.transitions(moment(33), moment(50)))[LINK] == written[1:4]
    assert (await store.transitions(moment(33.5), moment(50)))[LINK] == written[2:4]
    assert (await store.transitions(moment(34), moment(40)))[LINK] == written[2:3]
    assert (await store.transitions(moment(34), moment(40.001)))[LINK] == written[2:4]
    assert await store.transitions(moment(0), moment(10)) == {}


async def test_what_was_noticed_after_the_start_may_speak_of_the_time_before(store: Store) -> None:
    """A state that was understood late replaces what was believed; the order of noticing is kept."""
    believed = Transition(LINK, State.UP, State.DOWN, moment(10), 0, moment(12))
    understood = Transition(LINK, State.DOWN, State.UP, moment(8), 0, moment(25))
    await store.record(understood, believed)
    assert (await store.transitions(moment(20), moment(24)))[LINK] == [believed, understood]
    assert (await store.transitions(moment(26), moment(30)))[LINK] == [understood]


async def test_one_subject_or_all(store: Store) -> None:
    """A question about one link reads nothing of the others."""
    await store.record(transition(1), transition(2, link="office-fpt"), transition(3, State.UP))
    both = await store.transitions(START, FAR)
    assert {subject: len(found) for subject, found in both.items()} == {LINK: 2, ("link", "office-fpt"): 1}
    assert await store.transitions(moment(5), FAR, LINK) == {LINK: [transition(1), transition(3, State.UP)]}
    assert await store.transitions(START, FAR, ("link", "nowhere")) == {}


async def test_two_transitions_at_one_instant_are_told_apart_by_when_they_were_noticed(store: Store) -> None:
    """The later decision is the state that remains."""
    at = moment(5)
    down = Transition(LINK, State.UP, State.DOWN, at, 0, at)
    up = Transition(LINK, State.DOWN, State.UP, at, 0, at + timedelta(seconds=1))
    await store.record(up, down)
    assert (await store.transitions(START, FAR))[LINK] == [down, up]
    assert (await store.transitions(moment(9), FAR))[LINK] == [up]


FACTS: tuple[Fact, ...] = (
    transition(1),
    Heartbeat(moment(0), moment(5)),
    block(0),
    SpeedTest("office-vnpt", "download", moment(3), 10.5, 10**12, 2.5e8),
    SpeedTest(
        "office-vnpt", "upload", moment(3), 1, 0, None, Reason.REFUSED, "no\0peer", {"streams": 6, "ending": "refused"}
    ),
    Notification("key", "duty", moment(4), {"text": "Đứt"}),
    AuditEntry(moment(5), "An", "acknowledge", {"incident": "x", "none": None, "deep": {"list": [1.5, "a"]}}),
    InventoryVersion("abc", moment(6)),
    Terms(LINK, moment(6), "abc", {"provider": "VNPT"}),
    IncidentRecord(incident("office-vnpt", 7)),
    SilenceRecord("s1", moment(8), 1, {"matchers": ["site=office"], "comment": "Đứt\0"}),
    Decision(("provider", "VNPT"), "ProviderOutage", moment(9), "told", "x-1", {"links": ["a", 2.0]}, "rtt"),
)


async def everything(store: Store) -> list[object]:
    """All that the store says about everything."""
    return [
        await store.transitions(START, FAR),
        await store.heartbeats(START, FAR),
        [found async for found in store.blocks(START, FAR)],
        await store.speed_tests(START, FAR),
        await store.notifications(START, FAR),
        await store.audit(START, FAR),
        await store.inventories(),
        await store.terms(START, FAR),
        await store.incidents(START, FAR),
        await store.silences(START),
        await store.decisions(START, FAR),
    ]


async def test_every_kind_of_fact_comes_back_as_it_was(store: Store) -> None:
    """Each kind has its table, and none loses anything on the way."""
    assert await store.record(*FACTS) is Fate.DURABLE
    assert await everything(store) == [
        {LINK: [FACTS[0]]},
        [FACTS[1]],
        [FACTS[2]],
        [*FACTS[3:5]],
        [FACTS[5]],
        [FACTS[6]],
        [FACTS[7]],
        {LINK: [FACTS[8]]},
        [incident("office-vnpt", 7)],
        [FACTS[10]],
        [FACTS[11]],
    ]
    assert store.health().written == len(FACTS)


async def test_a_fact_that_is_written_twice_is_there_once(store: Store, url: str) -> None:
    """Also when a second process writes it: whoever is not sure whether it was heard may say it again."""
    await store.record(*FACTS)
    before = await everything(store)
    await store.record(*FACTS, *FACTS)
    async with opened(url) as again:
        await again.record(*FACTS)
    assert await everything(store) == before


async def test_two_monitors_share_a_history(store: Store, url: str) -> None:
    """Each fact names its monitor, so neither overwrites what the other saw."""
    await store.record(Heartbeat(moment(0), moment(5)), block(0))
    async with opened(url, "south") as other:
        await other.record(Heartbeat(moment(0), moment(9)), block(0))
        assert await other.monitors() == ["north", "south"]
        assert await other.heartbeats(START, FAR, "north") == [Heartbeat(moment(0), moment(5))]
        assert len(await other.heartbeats(START, FAR)) == 2
        assert len([found async for found in other.blocks(START, FAR)]) == 2


async def test_a_heartbeat_grows_and_never_shrinks(store: Store) -> None:
    """One row for a life, whatever order its beats arrive in; being blind is another one."""
    await store.record(Heartbeat(moment(0), moment(5)))
    await store.record(Heartbeat(moment(0), moment(15)), Heartbeat(moment(0), moment(10)))
    await store.record(Heartbeat(moment(15), moment(20), blind=True))
    alive = [Heartbeat(moment(0), moment(15)), Heartbeat(moment(15), moment(20), blind=True)]
    assert await store.heartbeats(START, FAR) == alive
    assert await store.heartbeats(moment(16), moment(17)) == alive[1:]
    assert await store.heartbeats(moment(14), moment(15)) == alive[:1]


async def test_a_notification_is_stored_then_sent_then_receipted(store: Store) -> None:
    """It leaves the outbox once the receiver has it, and an older step never takes that back."""
    stored = Notification("key", "duty", moment(0), {"n": 1.0})
    sent = Notification("key", "duty", moment(0), {"n": 1.0}, moment(1))
    receipted = Notification("key", "duty", moment(0), {"n": 1.0}, moment(1), moment(2))
    other = Notification("key", "mail", moment(0))
    await store.record(stored, other)
    assert await store.outbox() == [stored, other]
    await store.record(sent)
    assert await store.outbox() == [sent, other]
    await store.record(receipted, stored, sent)
    assert await store.outbox() == [other]
    assert await store.notifications(START, FAR) == [receipted, other]


async def test_a_notification_that_was_given_up_waits_no_longer(store: Store) -> None:
    """Why, and how a receipt was given, is kept; one that is given up is neither sent nor receipted any more."""
    given_up = Notification("key", "duty", moment(0), given_up_at=moment(3), detail={"why": "401"})
    taken = Notification("key", "mail", moment(0), {}, moment(1), moment(2), detail={"channel": "webhook"})
    await store.record(Notification("key", "duty", moment(0)), Notification("key", "mail", moment(0)))
    await store.record(given_up, taken)
    await store.record(Notification("key", "duty", moment(0), {}, moment(1), moment(5)))
    assert await store.outbox() == []
    assert await store.notifications(START, FAR) == [given_up, taken]
    assert (given_up.step, taken.step) == (Step.GIVEN_UP, Step.RECEIPTED)


async def test_a_month_is_judged_by_the_terms_of_its_days(store: Store) -> None:
    """The terms that held at the start come with those that came to hold, and with the end of a link."""
    contents: list[Document | None] = [{"provider": "VNPT"}, {"provider": "FPT"}, None]
    versions = [Terms(LINK, moment(10 * n), str(n), content) for n, content in enumerate(contents)]
    await store.record(*versions)
    assert await store.terms(moment(5), FAR) == {LINK: versions}
    assert await store.terms(moment(15), FAR, LINK) == {LINK: versions[1:]}


async def test_a_fact_that_cannot_be_is_refused_alone(store: Store) -> None:
    """A naive time or an end before its start is no fact; what stands beside it is written."""
    naive = Heartbeat(datetime(2026, 11, 1), datetime(2026, 11, 1))  # noqa: DTZ001  # the mistake under test
    outcomes = await asyncio.gather(
        store.record(naive),
        store.record(Heartbeat(moment(9), moment(1))),
        store.record(SpeedTest("x" * 9, "download", moment(1), 1, 2**70, None)),
        store.record(transition(1)),
    )
    assert list(outcomes) == [Fate.REFUSED] * 3 + [Fate.DURABLE]
    assert store.health().refused == 3
    assert store.health().fault is None
    assert await store.transitions(START, FAR) == {LINK: [transition(1)]}


async def test_a_hundred_writers_at_once_share_transactions(store: Store) -> None:
    """Every one is answered, and the sum is there."""
    outcomes = await asyncio.gather(*(store.record(transition(number)) for number in range(100)))
    assert set(outcomes) == {Fate.DURABLE}
    assert len((await store.transitions(START, FAR))[LINK]) == 100


async def test_days_stand_for_their_hours_once_they_are_folded(store: Store) -> None:
    """The same sums from fewer blocks; hours can still be had."""
    hours = [block(number) for number in range(30)]
    await store.record(*hours)
    assert await store.fold("xuan-dinh", Span.DAY, START, START + timedelta(days=1))
    found = [block async for block in store.blocks(START, moment(30 * 3600))]
    assert [(one.span, one.parts) for one in found] == [(Span.DAY, 24)] + [(Span.HOUR, 0)] * 6
    whole = merged([one.rollups[0] for one in hours])
    assert merged([one.rollups[0] for one in found]) == whole
    assert [one async for one in store.blocks(START, moment(30 * 3600), shortest=Span.HOUR)] == hours
    assert (whole.sent, whole.lost, whole.late) == (300, 60, 30)


async def test_a_month_grows_day_by_day(store: Store) -> None:
    """The month so far is folded from itself and the new day, and equals the sum of its hours."""
    hours = [block(number) for number in range(72)]
    await store.record(*hours)
    for day in range(1, 4):
        end = START + timedelta(days=day)
        await store.fold("xuan-dinh", Span.DAY, end - timedelta(days=1), end)
        await store.fold("xuan-dinh", Span.MONTH, START, end)
    (month,) = [found async for found in store.blocks(START, START + timedelta(days=3))]
    assert (month.span, month.parts) == (Span.MONTH, 72)
    assert month.rollups == (merged([one.rollups[0] for one in hours]),)
    days = [found.span async for found in store.blocks(START, START + timedelta(days=3), shortest=Span.DAY)]
    assert days == [Span.DAY] * 3
    part = [found.span async for found in store.blocks(START, START + timedelta(hours=30))]
    assert part == [Span.DAY] + [Span.HOUR] * 6


async def test_an_hour_that_comes_late_undoes_the_day_that_was_folded_without_it(store: Store) -> None:
    """What waited while the database was away is in the sums all the same."""
    await store.record(*(block(number) for number in range(24) if number != 7))
    await store.fold("xuan-dinh", Span.DAY, START, START + timedelta(days=1))
    await store.record(block(7))
    found = [one async for one in store.blocks(START, START + timedelta(days=1))]
    assert [one.span for one in found] == [Span.HOUR] * 24
    await store.fold("xuan-dinh", Span.DAY, START, START + timedelta(days=1))
    (day,) = [one async for one in store.blocks(START, START + timedelta(days=1))]
    assert day.parts == 24


async def test_a_day_that_was_folded_while_an_hour_came_in_is_not_believed(store: Store) -> None:
    """The day says how many hours it holds; with more of them there, the hours speak."""
    stale = RollupBlock("xuan-dinh", Span.DAY, START, START + timedelta(days=1), (hour(0),), 1)
    await store.record(block(0), block(1))
    await store.record(stale)
    found = [one async for one in store.blocks(START, START + timedelta(days=1))]
    assert [one.span for one in found] == [Span.HOUR] * 2


async def test_an_hour_may_be_written_before_it_is_over(store: Store) -> None:
    """The fuller one replaces the emptier one, so that a crash costs minutes, not an hour."""
    early = RollupBlock("xuan-dinh", Span.HOUR, START, moment(600), (hour(0, answers=1),))
    await store.record(early)
    assert [one async for one in store.blocks(START, FAR)] == [early]
    await store.record(block(0), early)
    assert [one async for one in store.blocks(START, FAR)] == [block(0)]


async def test_an_hour_that_was_cut_by_a_restart_is_two_blocks(store: Store) -> None:
    """Both are read, and their sum is the hour."""
    first = RollupBlock("xuan-dinh", Span.HOUR, START, moment(600), (hour(0, answers=1),))
    second = RollupBlock("xuan-dinh", Span.HOUR, moment(900), moment(3600), (hour(0, answers=5),))
    await store.record(second, first)
    assert [one async for one in store.blocks(START, moment(3600))] == [first, second]
    await store.fold("xuan-dinh", Span.DAY, START, START + timedelta(days=1))
    (day,) = [one async for one in store.blocks(START, START + timedelta(days=1))]
    assert day.rollups[0].sent == 10


async def test_nothing_to_fold_is_no_block(store: Store) -> None:
    """Without hours there is no day of zeros."""
    assert not await store.fold("xuan-dinh", Span.DAY, START, START + timedelta(days=1))
    assert [one async for one in store.blocks(START, FAR)] == []


async def test_a_city_is_read_ward_by_ward(store: Store) -> None:
    """Blocks of one ward follow each other, so that a reader needs to hold one ward only."""
    wards = ["b", "a", "c"]
    await store.record(*(block(number, ward) for number in range(3) for ward in wards))
    found = [one.ward async for one in store.blocks(START, FAR)]
    assert found == ["a"] * 3 + ["b"] * 3 + ["c"] * 3
    assert [one.ward async for one in store.blocks(START, FAR, "b")] == ["b"] * 3


async def test_without_sketches_a_rollup_has_none(store: Store) -> None:
    """A reader of counts need not pay for distributions, and gets none that is empty."""
    await store.record(block(0))
    (bare,) = [one async for one in store.blocks(START, FAR, sketches=False)]
    assert (bare.rollups[0].rtt, bare.rollups[0].delay_variation, bare.rollups[0].sent) == (None, None, 10)


@pytest.mark.parametrize("facts", [(), (transition(1),)], ids=["nothing", "one"])
async def test_health_is_quiet_when_all_is_well(store: Store, facts: tuple[Fact, ...]) -> None:
    """Nothing waits, nothing is wrong."""
    await store.record(*facts)
    health = store.health()
    assert (health.waiting, health.oldest, health.fault, health.refused, health.set_aside) == (0, None, None, 0, None)
    assert health.written == len(facts)


async def test_a_closed_store_refuses(url: str) -> None:
    """After the end nothing is taken that would be lost."""
    async with opened(url) as store:
        await store.record(transition(1))
    assert await store.record(transition(2)) is Fate.REFUSED
    assert store.health().refused == 1


def test_the_start_is_the_month_of_the_ward() -> None:
    """The tests' months begin in Hanoi, seven hours before UTC's."""
    assert datetime(2026, 10, 31, 17, tzinfo=UTC) == START
