"""The counters of a port are read beside a test: by name, in the agent's own time, and never across a new beginning."""

from typing import Any

import pytest

from model.cross_traffic import Counted
from model.measurement import Reason
from model.throughput import Facing
from monitor.snmp.session import NoAnswerError
from monitor.speed.counting import PortCounting

IN, OUT, MARK = "1.3.6.1.2.1.31.1.1.1.6.7", "1.3.6.1.2.1.31.1.1.1.10.7", "1.3.6.1.2.1.31.1.1.1.19.7"
UPTIME = "1.3.6.1.2.1.1.3.0"


class Row:
    """An interface as the agent's identity holds it."""

    index, name = 7, "ether1"


class Agent:
    """Answers with what it is told, one after the other."""

    def __init__(self, *answers: dict[str, int] | None) -> None:
        self.answers = list(answers)
        self.rows = [Row()]

    async def conversation(self) -> Any:
        """Itself, as session and identity."""
        return self, self

    async def get_many(self, oids: tuple[str, ...]) -> dict[str, int]:
        """The next answer."""
        assert set(oids) == {UPTIME, IN, OUT, MARK}
        answer = self.answers.pop(0)
        if answer is None:
            raise NoAnswerError(Reason.TIMEOUT, "no answer")
        return answer


def said(ticks: int, came: int, went: int, mark: int = 0) -> dict[str, int]:
    """One answer."""
    return {UPTIME: ticks, IN: came, OUT: went, MARK: mark}


async def read(facing: Facing, *answers: dict[str, int] | None) -> PortCounting:
    """All of them, a second apart."""
    agent: Any = Agent(*answers)
    clock = iter(range(100))
    found = PortCounting(agent, "ether1", facing, lambda: float(next(clock)))
    for _ in answers:
        await found.read()
    return found


@pytest.mark.parametrize("facing", Facing)
async def test_which_way_is_download_follows_from_the_end_of_the_link(facing: Facing) -> None:
    """What comes in at the site's own port, and what goes out at the head's."""
    found = await read(facing, said(1_000, 10, 20), None, said(1_150, 110, 220))
    came, went = ([Counted(-5.0, 0.0, first), Counted(-4.0, 1.5, last)] for first, last in ((10, 110), (20, 220)))
    download, upload = (came, went) if facing is Facing.SITE else (went, came)
    assert found.of("download", 5.0) == download
    assert found.of("upload", 5.0) == upload


@pytest.mark.parametrize(
    "second", [said(50, 5, 5), said(1_100, 9, 200), said(1_100, 110, 19), said(1_100, 110, 220, mark=4)]
)
async def test_a_counter_that_began_anew_is_marked(second: dict[str, int]) -> None:
    """After a restart, a counter that went back, another mark of discontinuity: between them nothing can be told."""
    found = await read(Facing.SITE, said(1_000, 10, 20), second)
    assert [one.octets for one in found.of("download", 0.0)] == [10, None, second[IN]]


async def test_a_port_that_is_not_there_and_an_agent_that_is_silent_give_nothing() -> None:
    """And no error."""
    assert (await read(Facing.SITE, None, None)).of("download", 0.0) == []
    agent: Any = Agent(said(1, 1, 1))
    other = PortCounting(agent, "ether9", Facing.SITE, lambda: 0.0)
    await other.read()
    assert other.of("download", 0.0) == []
