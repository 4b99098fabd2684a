"""Two clocks, shared time-outs, paced departures."""

import asyncio
import time

import pytest

from monitor.probes.timing import Deadlines, Instant, Pacer, round_trip_ns

MS = 1_000_000
WALL = 1_790_000_000_000 * MS
STEP = 3_600_000 * MS


def at(ms: float, wall_step: int = 0) -> Instant:
    """So many milliseconds after the start, by both clocks; the wall clock may have been set."""
    return Instant(round(ms * MS), WALL + round(ms * MS) + wall_step)


def test_waiting_for_the_program_is_no_delay() -> None:
    """The kernel had the answer after 5 ms, the program read it after 60."""
    assert round_trip_ns(at(0), at(60), WALL + 5 * MS) == 5 * MS


def test_without_a_kernel_timestamp_the_program_s_own_time_counts() -> None:
    """It is an upper bound."""
    assert round_trip_ns(at(0), at(60), None) == 60 * MS


@pytest.mark.parametrize("step", [STEP, -STEP, 20 * MS, -20 * MS, MS, -MS])
@pytest.mark.parametrize("stamped_after_step", [True, False])
def test_setting_the_wall_clock_makes_no_absurd_round_trip(step: int, *, stamped_after_step: bool) -> None:
    """Whether it was set while the packet travelled or while its answer waited: the result is the monotonic time."""
    stamp = WALL + 5 * MS + (step if stamped_after_step else 0)
    assert round_trip_ns(at(0), at(60, step), stamp) == 60 * MS


@pytest.mark.parametrize("stamp_ms", [-30, 61])
def test_timestamp_from_outside_the_exchange_is_not_believed(stamp_ms: int) -> None:
    """A stamp before departure or after reading cannot be right."""
    assert round_trip_ns(at(0), at(60), WALL + stamp_ms * MS) == 60 * MS


def test_an_answer_sooner_than_the_clocks_are_read_is_no_answer_of_a_busy_program() -> None:
    """It came 10 µs after departure and was read 60 ms later, by clocks that were read 40 µs apart."""
    late = Instant(60 * MS, WALL + 60 * MS + 40_000)
    assert round_trip_ns(at(0), late, WALL + 10_000) == 10_000


def test_a_program_suspended_between_two_clocks_reads_them_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would look as if the wall clock had been set, and an answer that was in time as if it had come late."""
    clock = iter(range(0, 10 * MS, 1_000))
    suspended = iter([0, 30 * MS, 0])
    lost = 0

    def monotonic() -> int:
        return next(clock) + lost

    def wall() -> int:
        nonlocal lost
        lost += next(suspended)
        return WALL + next(clock) + lost

    monkeypatch.setattr(time, "monotonic_ns", monotonic)
    monkeypatch.setattr(time, "time_ns", wall)
    for _ in range(2):
        moment = Instant.now()
        assert moment.wall - moment.monotonic == WALL + 1_000


async def test_deadlines_come_in_order_and_not_early() -> None:
    """Items are handed out when due, the earliest first, whatever the order they were added in."""
    expired: list[tuple[str, int]] = []
    done = asyncio.Event()

    def expire(items: list[str]) -> None:
        expired.extend((item, time.monotonic_ns()) for item in items)
        if len(expired) == 3:
            done.set()

    deadlines, start = Deadlines[str](expire), time.monotonic_ns()
    due = {"last": 30, "first": 5, "second": 15}
    for item, ms in due.items():
        deadlines.add(start + ms * MS, item)
    await asyncio.wait_for(done.wait(), 10)
    assert [item for item, _ in expired] == ["first", "second", "last"]
    assert all(when >= start + due[item] * MS for item, when in expired)


async def test_closed_deadlines_expire_nothing() -> None:
    """After closing nothing is handed out any more."""
    expired: list[str] = []
    deadlines = Deadlines[str](expired.extend)
    deadlines.add(time.monotonic_ns() + 5 * MS, "item")
    deadlines.close()
    await asyncio.sleep(0.02)
    assert not expired


async def test_pacer_lets_no_more_than_a_burst_go_at_once() -> None:
    """Of ten, four may leave now, the others later in order, four in each interval."""
    pacer, order = Pacer(4, 0.02), list[tuple[int, float]]()
    started = time.monotonic()

    async def depart(number: int) -> None:
        await pacer.turn()
        order.append((number, time.monotonic() - started))

    await asyncio.gather(*(depart(number) for number in range(10)))
    assert [number for number, _ in order] == list(range(10))
    assert all(when < 0.02 for _, when in order[:4])
    assert all(when >= 0.019 for _, when in order[4:])
    assert all(when >= 0.038 for _, when in order[8:])


async def test_who_gives_up_waiting_costs_the_others_no_turn() -> None:
    """A cancelled waiter is passed over."""
    pacer = Pacer(1, 0.01)
    await pacer.turn()
    first, second = asyncio.create_task(pacer.turn()), asyncio.create_task(pacer.turn())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait_for(second, 10)
    assert first.cancelled()
