"""What a monitor that starts learns from its history."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from history.errors import HistoryError
from history.facts import AuditEntry, Heartbeat
from history.store import Store
from model.inventory import Inventory
from model.state import State
from model.transition import Transition
from monitor.accounts import Accounts
from monitor.past import announcements, news, remember
from tests.peers.facts import moment, opened, transition

HOUR = 3_600.0


def inventory(windows: Sequence[dict[str, Any]] = ()) -> Inventory:
    """One link, and planned work."""
    return Inventory.model_validate({
        "ward": {"id": "xuan-dinh", "timezone": "Asia/Ho_Chi_Minh"},
        "sites": [{"id": "office", "links": [{"id": "office-vnpt", "target": "icmp://192.0.2.1"}]}],
        "maintenance": list(windows),
    })


def window(start: float, end: float, name: str = "work") -> dict[str, Any]:
    """Work on the office."""
    return {"id": name, "sites": ["office"], "from": moment(start).isoformat(), "to": moment(end).isoformat()}


def at(path: Path) -> str:
    """The URL of a history there."""
    return f"sqlite:///{path / 'history.db'}"


async def reload(store: Store, accounts: Accounts, windows: Sequence[dict[str, Any]], seconds: float) -> None:
    """Take over an inventory and write down what that announces, as the daemon does."""
    before = dict(accounts.announcements)
    accounts.load(inventory(windows), moment(seconds))
    facts = news(before, accounts.announcements, moment(seconds))
    if facts:
        await store.record(*facts)


async def test_a_restart_knows_the_month_so_far(tmp_path: Path) -> None:
    """What happened before it, the runs of this monitor, and the end of the last of them."""
    async with opened(at(tmp_path)) as store:
        await store.record(
            Heartbeat(moment(0), moment(500)),
            transition(100),
            transition(160, State.UP),
            Transition(("device", "router"), State.UNKNOWN, State.UP, moment(1), 0.0, moment(1)),
        )
    async with opened(at(tmp_path), "another") as store:
        await store.record(Heartbeat(moment(0), moment(900)))
    accounts = Accounts()
    async with opened(at(tmp_path)) as store:
        assert await remember(store, accounts, moment(1_000)) == moment(500)
    accounts.load(inventory(), moment(500))
    account = accounts.reckon(("link", "office-vnpt"), moment(1_000))
    assert account is not None
    assert (account.month.net.down, account.month.net.unknown) == (60_000, 600_000)
    assert account.outages == {"outage": 1, "micro": 0}


async def test_a_first_start_begins_now(tmp_path: Path) -> None:
    """Without a heartbeat there is nothing to go on from."""
    async with opened(at(tmp_path)) as store:
        assert await remember(store, Accounts(), moment(7)) == moment(7)


async def test_announcements_survive_a_restart(tmp_path: Path) -> None:
    """A window excuses after it as before: since when it was known is written down, not guessed anew."""
    first = Accounts()
    async with opened(at(tmp_path)) as store:
        await reload(store, first, [window(HOUR, 2 * HOUR), window(HOUR, 3 * HOUR, "late")], 0)
        await reload(store, first, [window(HOUR, 2 * HOUR), window(HOUR, 4 * HOUR, "late")], 1.5 * HOUR)
        await reload(store, first, [window(HOUR, 4 * HOUR, "late")], 1.6 * HOUR)
    second = Accounts()
    async with opened(at(tmp_path)) as store:
        await remember(store, second, moment(2 * HOUR))
    assert second.announcements == first.announcements
    assert list(second.all_announcements) == list(first.all_announcements)
    assert len(second.all_announcements) == 3
    assert second.announcements["late"].at == moment(1.5 * HOUR)


async def test_a_past_that_is_learned_late_comes_before_what_was_seen_since(tmp_path: Path) -> None:
    """A history that could not be read at the start: the month, its outage and what was announced are as they were."""
    work = [window(600, 1_200)]
    async with opened(at(tmp_path)) as store:
        await reload(store, Accounts(), work, 0)
        await store.record(Heartbeat(moment(0), moment(500)), transition(100), transition(160, State.UP))
    late = Accounts()
    late.load(inventory(work), moment(700))
    late.beat(Heartbeat(moment(700), moment(900)))
    late.enter(transition(710, State.UP))
    assert late.announcements["work"].at == moment(700)
    async with opened(at(tmp_path)) as store:
        assert await remember(store, late, moment(700)) == moment(500)
    account = late.reckon(("link", "office-vnpt"), moment(900))
    assert account is not None
    assert account.outages == {"outage": 1, "micro": 0}
    assert account.month.gross.down == 60_000
    assert late.announcements["work"].at == moment(0)


async def test_what_changed_while_the_monitor_was_off_is_announced_at_its_start(tmp_path: Path) -> None:
    """Nobody knows when the file was written: a window that was open before the start excuses nothing."""
    async with opened(at(tmp_path)) as store:
        await store.record(Heartbeat(moment(0), moment(100)))
        accounts = Accounts()
        began = await remember(store, accounts, moment(500))
        assert began is not None
        accounts.load(inventory([window(300, 900)]), began, moment(500))
    assert accounts.announcements["work"].at == moment(500)


async def test_a_history_that_cannot_be_read_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The monitor starts all the same, from now on, and says in words what that costs."""

    async def broken(*_: object) -> list[Heartbeat]:
        raise HistoryError("the file is damaged", "restore a backup")

    async with opened(at(tmp_path)) as store:
        monkeypatch.setattr(store, "heartbeats", broken)
        with caplog.at_level(logging.WARNING):
            assert await remember(store, Accounts(), moment(7)) is None
    assert "the month so far counts as unknown" in caplog.text
    assert "restore a backup" in caplog.text


def test_only_changes_are_news() -> None:
    """A window that stays is not written down twice; one that goes is withdrawn by its id."""
    accounts = Accounts()
    accounts.load(inventory([window(0, 1, "stays"), window(0, 1, "goes")]), moment(-9))
    before = dict(accounts.announcements)
    assert news(before, before, moment(0)) == []
    accounts.load(inventory([window(0, 1, "stays")]), moment(5))
    (entry,) = news(before, accounts.announcements, moment(5))
    assert (entry.at, entry.action, entry.content) == (moment(5), "withdraw-maintenance", {"id": "goes"})


def test_what_people_did_is_no_announcement() -> None:
    """Other entries of the audit are left alone."""
    entries = [AuditEntry(moment(0), "an", "acknowledge"), AuditEntry(moment(1), "configuration", "reload")]
    assert announcements(entries).all() == ()
    assert moment(1) - moment(0) == timedelta(seconds=1)
