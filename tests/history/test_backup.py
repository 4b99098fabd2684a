"""Copies of a history that is being written, and the way back."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from history.errors import HistoryError
from history.facts import Heartbeat
from history.rollup import Span
from history.store import Store
from model.measurement import SubjectKey
from tests.peers.facts import START, block, moment, opened, transition

LINK: SubjectKey = ("link", "office-vnpt")
FAR = moment(10**9)


def names(folder: Path) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in folder.iterdir()}


async def known(store: Store) -> int:
    """How many transitions there are."""
    return sum(map(len, (await store.transitions(START, FAR)).values()))


async def test_a_backup_is_whole_while_facts_come_in(sqlite_url: str, tmp_path: Path) -> None:
    """It holds everything from before, opens like any history, is private, and leaves no half file behind."""
    target = tmp_path / "backup.db"
    async with opened(sqlite_url) as store:
        await store.record(*(transition(number) for number in range(500)))
        coming = asyncio.gather(*(store.record(transition(number)) for number in range(500, 600)))
        await store.back_up(target)
        await coming
    assert target.stat().st_mode & 0o777 == 0o600
    assert not {name for name in names(tmp_path) if "part" in name}
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    async with opened(f"sqlite:///{target}") as copy:
        assert await known(copy) >= 500


async def test_a_backup_that_cannot_be_written_says_why(sqlite_url: str, tmp_path: Path) -> None:
    """And the backup of yesterday stays as it was."""
    async with opened(sqlite_url) as store:
        with pytest.raises(HistoryError, match=r"the folder of .*nowhere/at-all/backup.db does not exist: create it"):
            await store.back_up(tmp_path / "nowhere" / "at-all" / "backup.db")
        (tmp_path / "backup.db").mkdir()
        with pytest.raises(HistoryError, match=r"backup.db: Is a directory"):
            await store.back_up(tmp_path / "backup.db")
    assert "backup.db.part" not in names(tmp_path)


async def test_a_restore_adds_and_takes_nothing_away(url: str, sqlite_url: str, tmp_path: Path) -> None:
    """What both know is there once, what only one knows is there too; the longer heartbeat stays.

    Into a new SQLite file after damage, or into PostgreSQL when SQLite was outgrown.
    """
    backup = tmp_path / "backup.db"
    old = f"{sqlite_url}.old"
    async with opened(old) as store:
        await store.record(*(transition(number) for number in range(450)), *(block(number) for number in range(24)))
        await store.record(Heartbeat(moment(0), moment(10)))
        await store.fold("xuan-dinh", Span.DAY, START, moment(86_400))
        await store.back_up(backup)
    async with opened(url) as store:
        await store.record(*(transition(number) for number in range(440, 460)), Heartbeat(moment(0), moment(20)))
        for _ in range(2):
            await store.restore(backup)
            assert await store.transitions(START, FAR) == {LINK: [transition(number) for number in range(460)]}
            assert await store.heartbeats(START, FAR) == [Heartbeat(moment(0), moment(20))]
            (day,) = [found async for found in store.blocks(START, moment(86_400))]
            assert (day.span, day.parts, day.rollups[0].sent) == (Span.DAY, 24, 240)


async def test_a_day_from_a_backup_gives_way_to_the_hours_that_it_lacks(sqlite_url: str, tmp_path: Path) -> None:
    """The day was folded from two hours; three are known by now."""
    backup = tmp_path / "backup.db"
    async with opened(sqlite_url) as store:
        await store.record(block(0), block(1))
        await store.fold("xuan-dinh", Span.DAY, START, moment(86_400))
        await store.back_up(backup)
    async with opened(f"{sqlite_url}.new") as store:
        await store.record(block(2))
        await store.restore(backup)
        found = [found.span async for found in store.blocks(START, moment(86_400))]
    assert found == [Span.HOUR] * 3


async def test_the_facts_of_a_backup_keep_their_monitor(sqlite_url: str, tmp_path: Path) -> None:
    """Whoever restores did not see them."""
    backup = tmp_path / "backup.db"
    async with opened(sqlite_url, "south") as store:
        await store.record(Heartbeat(moment(0), moment(10)))
        await store.back_up(backup)
    async with opened(f"{sqlite_url}.new", "north") as store:
        await store.restore(backup)
        assert await store.monitors() == ["south"]


async def test_what_is_no_backup_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """Another file, a damaged one, none at all: words, and not one fact from it."""
    backup = tmp_path / "backup.db"
    async with opened(sqlite_url) as store:
        await store.record(*(transition(number) for number in range(300)))
        await store.back_up(backup)
    data = backup.read_bytes()
    async with opened(f"{sqlite_url}.new") as store:
        for content, words in [
            (b"ward: xuan-dinh" * 9, r"backup.db is not a database: name another file"),
            (data[: len(data) // 2], r"backup.db is damaged: restore an older backup"),
            (data.replace(b"office-vnpt", b"office-fpt!"), r"backup.db is damaged: restore an older backup"),
            (b"SQLite format 3!" + data[16:], r"backup.db is damaged: restore an older backup"),
        ]:
            backup.write_bytes(content)
            with pytest.raises(HistoryError, match=words):
                await store.restore(backup)
            assert backup.read_bytes() == content
        backup.unlink()
        with pytest.raises(HistoryError, match=r"backup.db"):
            await store.restore(backup)
        assert await known(store) == 0
        assert store.health().fault is None
