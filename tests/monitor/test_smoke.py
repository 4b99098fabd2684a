"""The round-trip times of the last hours in memory."""

import pytest

from model.intervals import Interval
from model.inventory import Inventory
from model.window import LOST, Window
from monitor.smoke import Smoke

BEGUN = 1_700_000_000_000 // 60_000 * 60_000  # a whole minute, in milliseconds


def inventory(*links: str) -> Inventory:
    """These links at one site."""
    return Inventory.model_validate({
        "ward": {"id": "w"},
        "sites": [{"id": "s", "links": [{"id": link, "target": "icmp://192.0.2.1"} for link in links]}],
    })


class Line:
    """A link that is probed each second; second 0 of the monotonic clock is ``BEGUN``."""

    def __init__(self, *links: str) -> None:
        self.smoke = Smoke()
        self.smoke.load(inventory(*links))
        self.window = Window(300.0, 1.0, 1.0)
        self.second = 0

    def pass_by(self, seconds: int, rtt: float) -> None:
        """So many probes are sent and come back; what is complete is taken out every ten seconds."""
        for _ in range(seconds):
            self.window.add(float(self.second), rtt)
            self.second += 1
            if self.second % 10 == 0:
                self.smoke.look("a", self.window, float(self.second), BEGUN + self.second * 1_000)

    def within(self, seconds: int, back: int) -> list[tuple[int, float | None, float]]:
        """Begin in seconds, median and loss of each column of the last so many seconds."""
        end = BEGUN + seconds * 1_000
        found = self.smoke.columns("a", Interval(end - back * 1_000, end))
        return [((each.span.start - BEGUN) // 1_000, each.median, each.loss) for each in found]


def test_an_hour_is_kept_in_columns_of_ten_seconds() -> None:
    """Each holds just the probes that were sent in it."""
    line = Line("a")
    line.pass_by(10, 0.01)
    line.pass_by(10, 0.02)
    line.pass_by(5, 0.03)
    line.pass_by(5, LOST)
    line.pass_by(20, LOST)
    found = line.within(60, 60)
    assert [start for start, _, _ in found] == [0, 10, 20, 30]
    assert [loss for *_, loss in found] == pytest.approx([0, 0, 0.5, 1.0], abs=1e-4)
    assert [median for _, median, _ in found[:3]] == pytest.approx([0.01, 0.02, 0.03], rel=2e-4)
    assert found[3][1] is None


def test_more_than_an_hour_is_shown_by_the_minute() -> None:
    """Each once, and none before it is over."""
    line = Line("a")
    line.pass_by(60, 0.01)
    line.pass_by(60, 0.03)
    line.pass_by(50, 0.05)
    found = line.within(7_200, 7_200)
    assert [start for start, _, _ in found] == [0, 60]
    assert [median for _, median, _ in found] == pytest.approx([0.01, 0.03], rel=2e-4)


def test_what_was_lost_in_an_outage_stays_lost() -> None:
    """Though the outage is left out of what is judged once it is over."""
    line = Line("a")
    line.pass_by(40, LOST)
    line.window.leave_out(0.0, 40.0)
    line.pass_by(20, 0.01)
    assert [loss for *_, loss in line.within(60, 60)][:3] == pytest.approx([1.0] * 3)


def test_a_link_that_stays_keeps_its_columns() -> None:
    """One that is gone is forgotten."""
    line = Line("a", "b")
    line.pass_by(30, 0.01)
    line.smoke.load(inventory("a", "c"))
    assert line.within(60, 60) != []
    line.smoke.load(inventory("c"))
    assert line.within(60, 60) == []
    line.smoke.look("a", line.window, 40.0, BEGUN + 40_000)
    assert line.within(60, 60) == []


@pytest.mark.parametrize(
    ("links", "lengths"),
    [
        (41, ((10, 360), (60, 1_440))),
        (2_000, ((10, 360), (60, 1_440))),
        (4_444, ((60, 1_440),)),
        (4_445, ((60, 720),)),
        (15_500, ((60, 360),)),
        (100_000, ((60, 180),)),
    ],
)
def test_the_more_links_the_less_is_kept_of_each(links: int, lengths: tuple[tuple[int, int], ...]) -> None:
    """64 MB are the most that minutes take, of 15,500 links six hours."""
    smoke = Smoke()
    smoke.load(inventory(*(f"l{number}" for number in range(links))))
    assert smoke._lengths == lengths
    assert all(links * kept * 10 <= 64_000_000 for _, kept in lengths) or links == 100_000
