"""A simulated line before a throughput peer."""

from concurrent.futures import ThreadPoolExecutor

from model.speed_run import Direction
from monitor.demo.bottleneck import Bottleneck


class Clock:
    """Stands still but where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


def test_a_line_takes_its_time_for_what_passes() -> None:
    """Both ways by themselves, by the room that others leave; what was let through is counted."""
    clock, asked = Clock(), list[Direction]()

    def room(direction: Direction) -> float:
        asked.append(direction)
        return 80e6 if direction == "download" else 8e6

    line = Bottleneck(room, lambda: clock.now, clock.sleep)
    for _ in range(10):
        line.come(1_000_000)
    assert round(clock.now, 6) == 101.0
    line.go(1_000_000)
    assert round(clock.now, 6) == 102.0
    assert (line.octets("download"), line.octets("upload")) == (10_000_000, 1_000_000)
    assert asked == ["download"] * 10 + ["upload"]


def test_streams_share_a_line() -> None:
    """Whatever their number, no more passes; each waits for those that came before it."""
    waited: list[float] = []
    line = Bottleneck(lambda _: 80e6, lambda: 100.0, waited.append)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(line.come, [1_000_000] * 8))
    assert [round(one, 6) for one in sorted(waited)] == [round(0.1 * number, 6) for number in range(1, 9)]


def test_nothing_passes_while_a_line_is_cut() -> None:
    """It waits until there is room again."""
    clock = Clock()
    line = Bottleneck(lambda _: None if clock.now < 105 else 8e6, lambda: clock.now, clock.sleep)
    line.come(1_000_000)
    assert 106 <= clock.now < 106.2
