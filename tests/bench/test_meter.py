import os
import time

import pytest

from bench.meter import Round, costs, cpu_in_stat, cpu_of, own_cpu, resident_megabytes


def test_cpu_is_read_behind_a_name_with_spaces_and_parentheses() -> None:
    """The name of a process may hold what separates fields."""
    ticks = os.sysconf("SC_CLK_TCK")
    stat = f"42 (a) b ) S 1 42 42 0 -1 4194560 10 0 0 0 {3 * ticks} {2 * ticks} 0 0 20 0 9 0 1 2 3"
    assert cpu_in_stat(stat) == 5.0


def test_the_two_clocks_agree_on_this_process() -> None:
    """What /proc says is what the process says of itself, but for the ticks of the kernel."""
    end = time.process_time() + 0.1
    while time.process_time() < end:
        pass
    assert cpu_of(os.getpid()) == pytest.approx(own_cpu(), abs=0.1)


def test_resident_memory_grows_by_what_is_written() -> None:
    """A process that fills 50 MB has some 50 MB more."""
    before = resident_megabytes(os.getpid())
    filled = bytearray(b"x" * 50_000_000)
    assert 40 < resident_megabytes(os.getpid()) - before < 120
    assert filled


async def test_rounds_take_turns_after_one_to_warm_up() -> None:
    """The first run of each is thrown away, and none runs all its repetitions in one go."""
    told: list[str] = []
    clock = iter(range(100))

    async def first() -> None:
        told.append("first")

    async def second() -> None:
        told.append("second")

    def spent() -> float:
        return next(clock)

    found = await costs([Round(first, spent, 2), Round(second, spent, 1)], 2)
    assert told == ["first", "second"] * 3
    assert found == [0.5, 1.0]
