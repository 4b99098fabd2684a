"""What is remembered across a start and a reload, room by room."""

from datetime import UTC, datetime, timedelta

from model.inventory import Inventory
from model.state import State
from model.transition import Transition
from monitor.memory import Memory

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def inventory(*links: str) -> Inventory:
    """One site, with work planned on it."""
    return Inventory.model_validate({
        "sites": [{"id": "office", "links": [{"id": link, "target": "icmp://192.0.2.1"} for link in links]}],
        "maintenance": [{"id": "work", "sites": ["office"], "every": "Sun 02:00-03:00"}],
    })


def at(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def test_everybody_hears_of_an_inventory() -> None:
    """Windows, accounts and announcements are there for its links, and go with them."""
    memory = Memory.begun(NOON, 100.0)
    memory.load(inventory("one", "two"), NOON)
    assert memory.quality.links() == ["one", "two"]
    assert memory.accounts.subjects() == [("link", "one"), ("link", "two")]
    assert memory.accounts.announcements["work"].at == NOON
    memory.load(inventory("two"), at(60))
    assert memory.quality.links() == ["two"]
    assert memory.accounts.subjects() == [("link", "two")]
    assert memory.accounts.announcements["work"].at == NOON


def test_a_start_counts_from_the_last_life_and_announces_now() -> None:
    """The time between is unknown; nobody could know of a window while the monitor was off."""
    memory = Memory.begun(at(500), 100.0)
    memory.load(inventory("one"), at(200))
    assert memory.accounts.announcements["work"].at == at(500)
    memory.accounts.enter(Transition(("link", "one"), State.UNKNOWN, State.UP, at(501), 0.0, at(501)))
    for seconds in range(505, 605, 5):
        for run in memory.heart.beat(at(seconds), seconds - 400.0).runs:
            memory.accounts.beat(run)
    account = memory.accounts.reckon(("link", "one"), at(600))
    assert account is not None
    assert (account.tally.unknown, account.tally.up) == (301_000, 72_000)


def test_a_change_before_the_first_beat_counts() -> None:
    """The run begins with the process, not with its first beat."""
    memory = Memory.begun(at(0), 100.0)
    memory.load(inventory("one"), at(-1_000))
    memory.accounts.enter(Transition(("link", "one"), State.UNKNOWN, State.UP, at(1), 0.0, at(1)))
    for seconds in range(5, 105, 5):
        for run in memory.heart.beat(at(seconds), seconds + 100.0).runs:
            memory.accounts.beat(run)
    account = memory.accounts.reckon(("link", "one"), at(100))
    assert account is not None
    assert account.tally.up == 72_000
