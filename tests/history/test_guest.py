"""A history is read beside the daemon that writes it, and left as it is."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from history.errors import HistoryError
from history.facts import AuditEntry
from history.guest import Guest
from history.store import Fate, Store
from tests.peers.facts import START, moment, transition

NOTE = AuditEntry(datetime(2026, 11, 1, tzinfo=UTC), "an", "annotate", {"about": "x"})


async def test_a_guest_reads_what_is_written_meanwhile(store: Store, url: str) -> None:
    """Without a thread of its own; it writes nothing but notes, which the daemon sees."""
    guest = Guest(url, "desk")
    await guest.start()
    await store.record(transition(10))
    assert list(await guest.transitions(START, moment(3600))) == [("link", "office-vnpt")]
    assert await guest.record(transition(20)) is Fate.REFUSED
    await guest.note(NOTE)
    await guest.close()
    assert await store.audit(START, datetime(2027, 1, 1, tzinfo=UTC)) == [NOTE]


async def test_a_history_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """A wrong URL must not look like a month in which nothing happened."""
    file = tmp_path / "none.db"
    with pytest.raises(HistoryError, match="is not there"):
        await Guest(f"sqlite:///{file}", "desk").start()
    assert not file.exists()


async def test_a_file_that_is_no_history_is_told(tmp_path: Path) -> None:
    """It is neither migrated nor set aside."""
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("create table cats (name text)")
    other.close()
    with pytest.raises(HistoryError, match="older version, or no history"):
        await Guest(f"sqlite:///{file}", "desk").start()
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"\xff" * 8192)
    with pytest.raises(HistoryError, match="damaged"):
        await Guest(f"sqlite:///{garbage}", "desk").start()
    assert garbage.read_bytes() == b"\xff" * 8192


async def test_a_note_waits_for_who_writes(store: Store, url: str) -> None:
    """Many notes and facts at once all arrive."""
    guest = Guest(url, "desk")
    await guest.start()
    notes = [AuditEntry(moment(number), "an", "annotate", {"about": str(number)}) for number in range(20)]
    await asyncio.gather(*map(guest.note, notes), *(store.record(transition(number)) for number in range(20)))
    await guest.close()
    assert len(await store.audit(START, moment(3600))) == 20
