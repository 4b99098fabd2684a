"""What is old leaves, step by step; what still holds stays."""

from datetime import datetime, timedelta

from history.database import Database
from history.facts import (
    AuditEntry,
    Decision,
    Fact,
    Heartbeat,
    IncidentRecord,
    InventoryVersion,
    Notification,
    SilenceRecord,
    SpeedTest,
    Terms,
)
from history.retention import STEP, Keep, expired, remove
from history.rollup import Span
from history.schema import HEARTBEATS
from history.store import Store
from model.measurement import SubjectKey
from model.state import State
from tests.peers.facts import START, block, incident, moment, transition

LINK: SubjectKey = ("link", "office-vnpt")
LONG_AGO = START - timedelta(days=10**4)
FAR = moment(10**9)
KEEP = Keep(timedelta(hours=100), timedelta(hours=50), timedelta(hours=10))


async def spans(store: Store, shortest: Span | None = None) -> list[tuple[Span, bool]]:
    """The blocks that are there, and whether they have sketches."""
    found = [block async for block in store.blocks(LONG_AGO, FAR, shortest=shortest)]
    return [(block.span, block.rollups[0].rtt is not None) for block in found]


async def test_the_state_at_the_limit_stays_known(store: Store) -> None:
    """The last transition before the limit is kept however old it is: the link is in that state since."""
    old = [transition(at, State.DOWN if at % 20 else State.UP) for at in (10, 20, 30)]
    await store.record(*old, transition(10, link="office-fpt"), transition(400_000))
    await store.prune(moment(400_000), KEEP)
    assert await store.transitions(LONG_AGO, FAR) == {
        LINK: [old[2], transition(400_000)],
        ("link", "office-fpt"): [transition(10, link="office-fpt")],
    }


async def test_every_kind_of_old_fact_leaves(store: Store) -> None:
    """Terms and inventories that still hold, or tell by what a kept month was judged, stay."""
    old: tuple[Fact, ...] = (
        Heartbeat(moment(0), moment(5)),
        SpeedTest("office-vnpt", "download", moment(3), 10, 1, 1),
        Notification("key", "duty", moment(4)),
        AuditEntry(moment(5), "An", "acknowledge"),
        InventoryVersion("a", moment(6)),
        Terms(LINK, moment(6), "a", {"n": 1}),
        Terms(LINK, moment(7), "b", {"n": 2}),
    )
    long = Heartbeat(moment(1), moment(400_000))
    await store.record(*old, long)
    await store.prune(moment(400_000), KEEP)
    assert await store.heartbeats(LONG_AGO, FAR) == [long]
    assert await store.speed_tests(LONG_AGO, FAR) == []
    assert await store.notifications(LONG_AGO, FAR) == []
    assert await store.audit(LONG_AGO, FAR) == []
    assert await store.inventories() == [old[4]]
    assert await store.terms(LONG_AGO, FAR) == {LINK: [old[6]]}


async def test_what_was_told_leaves_with_the_transitions_unless_it_still_holds(store: Store) -> None:
    """An incident that is open never leaves, nor does the last decision about each fault before the limit."""
    limit = 40_000  # 100 hours before the pruning
    closed = [incident("old", 0, closed=limit - 1), incident("young", 0, closed=limit)]
    silences = [SilenceRecord("old", moment(limit - 1), 1), SilenceRecord("young", moment(limit), 1)]
    rtt, loss = (
        [Decision(LINK, "LinkBelowRequirement", moment(at), "told", requirement=which) for at in (1, 2)]
        for which in ("rtt", "loss")
    )
    down = Decision(LINK, "LinkDown", moment(limit + 9), "told")
    records = [IncidentRecord(each) for each in (*closed, incident("open", 0))]
    await store.record(*records, *silences, *rtt, loss[0], down)
    await store.prune(moment(400_000), KEEP)
    assert await store.incidents(LONG_AGO, FAR) == [incident("open", 0), closed[1]]
    assert await store.silences(START) == [silences[1]]
    assert await store.decisions(LONG_AGO, FAR) == [loss[0], rtt[1], down]


async def test_rollups_thin_out_with_age(store: Store) -> None:
    """First the sketches of hours leave, then hours and days, last the months."""
    day = START + timedelta(days=1)
    await store.record(*(block(number) for number in range(24)))
    await store.fold("xuan-dinh", Span.DAY, START, day)
    await store.fold("xuan-dinh", Span.MONTH, START, day)

    async def after(hours: int) -> list[list[tuple[Span, bool]]]:
        await store.prune(START + timedelta(hours=hours), KEEP)
        return [await spans(store, shortest) for shortest in (Span.HOUR, Span.DAY, None)]

    day_and_month = [[(Span.DAY, True)], [(Span.MONTH, True)]]
    assert await after(9) == [[(Span.HOUR, True)] * 24, *day_and_month]
    assert await after(20) == [[(Span.HOUR, False)] * 10 + [(Span.HOUR, True)] * 14, *day_and_month]
    assert await after(40) == [[(Span.HOUR, False)] * 24, *day_and_month]
    assert await after(60) == [[(Span.HOUR, False)] * 14, [(Span.HOUR, False)] * 14, [(Span.MONTH, True)]]
    assert await after(99) == [[], [], [(Span.MONTH, True)]]
    assert await after(101) == [[], [], []]


async def test_hours_that_no_day_stands_for_keep_their_sketches(store: Store) -> None:
    """A day that was never folded would otherwise lose its quantiles for good; the age of rollups ends them all."""
    await store.record(block(0), block(1))
    await store.prune(START + timedelta(hours=40), KEEP)
    assert await spans(store) == [(Span.HOUR, True)] * 2
    await store.prune(START + timedelta(hours=60), KEEP)
    assert await spans(store) == []


async def test_a_step_is_small(store: Store, url: str) -> None:
    """Thousands of rows leave in several transactions, so that a fact that comes meanwhile need not wait for all."""
    await store.record(*(Heartbeat(moment(n), moment(n + 1)) for n in range(2 * STEP + 1)))
    (what,) = (what for what in expired(moment(10**6), KEEP) if what.table is HEARTBEATS)
    database = Database(url)
    left = []
    more = True
    while more:
        with database.writing() as connection:
            more = remove(connection, what)
        left.append(len(await store.heartbeats(LONG_AGO, FAR)))
    assert left == [STEP + 1, 1, 0]
    database.forget_connections()


def test_the_defaults_are_those_of_the_inventory() -> None:
    """Five years and two; hours' sketches a quarter."""
    keep = Keep()
    now = datetime(2026, 11, 1)  # noqa: DTZ001  # only the length matters
    assert (now - keep.transitions).year == 2021
    assert (now - keep.rollups).year == 2024
    assert keep.sketches == timedelta(days=92)
